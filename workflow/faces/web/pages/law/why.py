"""*Frist*: why this date. Step by step with the law's own words, the readings where it is silent, the reminders sent
and to come, and the date for one's own calendar."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from workflow.errors import NotFound
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.law.given import found_date, given
from workflow.faces.web.pages.papers.download import download
from workflow.faces.web.pages.papers.sheet import printer
from workflow.faces.web.pages.rounds.shown import Shown, showing
from workflow.faces.web.pages.site import Site, Visit
from workflow.language import phrase
from workflow.mail.writing.facts import LetterFacts
from workflow.mail.writing.invite import invite, tells_a_date
from workflow.rules.days import end_of
from workflow.rules.ladder import Rung
from workflow.rules.timeline import Deadline
from workflow.services.desk.leaving import reminders_ahead
from workflow.services.desk.sharing import DAYS, shared_of
from workflow.services.planning.letterfacts import PAIRS, letter_facts
from workflow.services.planning.recipients import expand
from workflow.services.views import listing
from workflow.storage.facts.projection import Standing

MOST_LETTERS = 60


def router(site: Site) -> APIRouter:
    """The routes of one deadline; a subject (a year, a version) is the last part of its address."""
    routes = APIRouter(prefix="/aftaler/{region}/{label}/frister/{rule}")
    today, any_day = showing(site, Action.READ), showing(site, Action.READ, back=True)

    @routes.get("/frist.ics")
    def calendar(rule: str, shown: Shown = today) -> Response:
        return _calendar(shown, rule, "")

    @routes.get("/{subject}/frist.ics")
    def calendar_of_subject(rule: str, subject: str, shown: Shown = today) -> Response:
        return _calendar(shown, rule, subject)

    @routes.get("")
    def why(rule: str, shown: Shown = any_day) -> HTMLResponse:
        return _why(shown, rule, "")

    @routes.get("/{subject}")
    def why_of_subject(rule: str, subject: str, shown: Shown = any_day) -> HTMLResponse:
        return _why(shown, rule, subject)

    return routes


def _why(shown: Shown, rule: str, subject: str) -> HTMLResponse:
    visit, row, standing = shown.visit, shown.row, shown.standing
    told = given(standing, standing.rules, rule, subject)
    deadline = told["deadline"]
    shares = visit.as_of == visit.today and visit.may(Action.SHARE, row.region)
    letters = []
    if visit.may(Action.READ_LETTERS, row.region):
        until = end_of(visit.as_of) if visit.as_of != visit.today else None
        letters = listing.letters(
            visit.place.engine, [row.region], agreement=row.id, rule=(rule, subject), until=until, limit=MOST_LETTERS,
            lane=visit.lane(Action.READ_LETTERS),
        )  # fmt: skip
    return shown.page(
        "law/why.html",
        **told,
        pdf=printer() is not None,
        shared=shared_of(visit.place.engine, standing.agreement.key, rule, subject, visit.today)
        if shares
        else None,
        share_days=DAYS,
        letters=letters,
        coming=_coming(shown, deadline),
        followed=_followed(standing, deadline),
        calendar=tells_a_date(_facts(visit, standing, deadline)),
    )


def _coming(shown: Shown, deadline: Deadline) -> list[tuple[Rung, list[str]]]:
    """The reminders still ahead while nothing changes, and whom each goes to. Of two formulas for one duty the letters
    follow the earlier."""
    standing = shown.standing
    mine = [rung for rung in reminders_ahead(standing) if rung.deadline is deadline]
    return [
        (rung, [shown.to(to) for to in expand(standing, standing.rules, rung.letter.to, deadline)])
        for rung in mine
    ]


def _followed(standing: Standing, deadline: Deadline) -> Deadline | None:
    """The other formula's deadline, where it is the earlier of the two and the reminders follow it."""
    other = standing.deadline(PAIRS[deadline.id]) if deadline.id in PAIRS else None
    if other and other.open and other.legal_on and deadline.legal_on:
        return other if other.legal_on < deadline.legal_on else None
    return None


def _facts(visit: Visit, standing: Standing, deadline: Deadline) -> LetterFacts:
    return letter_facts(
        standing,
        standing.rules,
        f"{standing.agreement.region}/secretariat-region",
        visit.as_of,
        tell=deadline,
    )


def _calendar(shown: Shown, rule: str, subject: str) -> Response:
    visit, row, standing = shown.visit, shown.row, shown.standing
    facts = _facts(visit, standing, found_date(standing, standing.rules, rule, subject))
    if not tells_a_date(facts):
        raise NotFound(phrase("fristen har ingen kommende dato at sætte i kalenderen"))
    text = invite(facts, visit.place.instance, visit.at)
    return download(text.encode(), f"{row.region}-{row.label}-{rule}.ics", "text/calendar; charset=utf-8")
