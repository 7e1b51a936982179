"""*Aftale*: where one agreement stands, its term as a timeline, its councils, letters, journal and documents."""

from __future__ import annotations

import re
from datetime import date

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from workflow.errors import NotFound
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.papers.download import download
from workflow.faces.web.pages.rounds.log import sees_notes
from workflow.faces.web.pages.rounds.shown import Shown, showing
from workflow.faces.web.pages.rounds.timeline import NARROW, WIDE, draw, entries
from workflow.faces.web.pages.site import Site
from workflow.language import noted, phrase
from workflow.lifecycle.machine import Table
from workflow.rules.days import end_of
from workflow.rules.facts import live
from workflow.services.councils.settling import open_reports
from workflow.services.desk.notes import newest_notes
from workflow.services.due.dates import dated, next_date
from workflow.services.due.minimums import unheld
from workflow.services.due.quotas import quotas
from workflow.services.facts.batch import Batch, batches
from workflow.services.facts.grounds import OWN_DOORS
from workflow.services.lookahead.planning import slack_of
from workflow.services.people.contacts.reach import unreachable
from workflow.services.planning.answering import count_unanswered
from workflow.services.planning.involvement import Missing
from workflow.services.planning.marks import marks
from workflow.services.planning.readiness import next_sending, readiness
from workflow.services.planning.recipients import expand
from workflow.services.views import listing
from workflow.services.views.blocking import blockers
from workflow.services.views.bodies import of_its_region
from workflow.services.views.matrix import matrix, papers
from workflow.storage.database import reading
from workflow.storage.facts import documents, journal
from workflow.storage.facts.projection import Standing
from workflow.storage.facts.reported import ReportedDecision
from workflow.storage.tables import AgreementRow
from workflow.values import dataclass

PAGE = 50
_DIGEST = re.compile(r"[0-9a-f]{64}")


def router(site: Site) -> APIRouter:
    """The routes of one agreement."""
    routes = APIRouter(prefix="/aftaler/{region}/{label}")
    reads = showing(site, Action.READ, back=True)

    @routes.get("")
    def agreement(shown: Shown = reads, aabnet: str = "") -> HTMLResponse:
        visit, standing = shown.visit, shown.standing
        found = entries(standing)
        return shown.page(
            "rounds/agreement.html",
            next=next_date(standing, standing.rules),
            ahead=slack_of([standing]).get(standing.agreement.key),
            machines=_machines(standing),
            missing=missing_of(shown),
            silent=_silent(shown),
            nowhere=_nowhere(shown),
            sending=next_sending(standing),
            dates=dated(standing, standing.rules),
            quotas=quotas(standing, standing.rules, visit.as_of.year),
            missed=list(unheld(standing, standing.rules)),
            entries=found,
            broad=draw(standing, found, WIDE),
            narrow=draw(standing, found, NARROW),
            papers=papers(standing),
            marks=marks(standing, standing.rules),
            coming=of_its_region(standing),
            reports=_reports(shown),
            history=_history(shown),
            opened=bool(aabnet) and _opened_today(shown),
        )

    @routes.get("/raad")
    def councils(shown: Shown = reads, gemt: str = "", fortrudt: str = "") -> HTMLResponse:
        visit, standing = shown.visit, shown.standing
        told = visit.as_of == visit.today and sees_notes(visit, shown.row.region)
        return shown.page(
            "rounds/councils.html", rows=matrix(standing), reports=_reports(shown),
            notes=newest_notes(visit.place.engine, standing.agreement.key) if told else None,
            history=_history(shown), fills=_fills(shown), saved=_batch(shown, gemt), undone=_batch(shown, fortrudt),
        )  # fmt: skip

    @routes.get("/breve")
    def letters(
        shown: Shown = showing(site, Action.READ_LETTERS, back=True), foer: int | None = None
    ) -> HTMLResponse:
        visit, row = shown.visit, shown.row
        until = end_of(visit.as_of) if visit.as_of != visit.today else None
        before = min(foer, 2**62) if foer is not None else None
        found = listing.letters(
            visit.place.engine, [row.region], agreement=row.id, lane=visit.lane(Action.READ_LETTERS), before=before,
            until=until, on=visit.today, limit=PAGE + 1,
        )  # fmt: skip
        more = found[PAGE - 1].id if len(found) > PAGE else None
        return shown.page("rounds/letters.html", letters=found[:PAGE], more=more)

    @routes.get("/journal")
    def read_journal(shown: Shown = reads, gemt: str = "") -> HTMLResponse:
        visit = shown.visit
        with reading(visit.place.engine) as session:
            row = session.get_one(AgreementRow, shown.row.id)  # with the head that belongs to these rows
            rows = [fact for fact in journal.rows(session, row) if _known(fact.known_on, visit.as_of)]
            broken = journal.verify(session, row)
        holding = live(shown.standing.facts, date.max) if visit.may(Action.RECORD, row.region) else []
        correctable = {fact.no for fact in holding if fact.event not in OWN_DOORS}
        return shown.page(
            "rounds/journal.html",
            rows=rows,
            broken=broken,
            head=row.head,
            correctable=correctable,
            saved=bool(gemt and rows),
            marks={mark.fact.no: mark for mark in marks(shown.standing, shown.standing.rules)},
            history=_history(shown),
        )

    @routes.get("/dokumenter/{digest}")
    def document(digest: str, nr: int | None = None, shown: Shown = showing(site, Action.READ)) -> Response:
        with reading(shown.visit.place.engine) as session:
            bringing = [fact for fact in journal.rows(session, shown.row) if fact.document == digest]
            if not _DIGEST.fullmatch(digest) or not bringing:
                raise NotFound("dokumentet findes ikke på aftalen")
            kept = documents.read(session, digest)
            fact = next((one for one in bringing if one.no == nr), bringing[-1])
            name = documents.called(kept, fact.document_name)
        return download(kept.content, name, "application/octet-stream")

    return routes


@dataclass(frozen=True, slots=True)
class Machine:
    """One machine's state, and what would move it: event and next state."""

    title: str
    table: Table
    state: str
    said: str = ""  # the state in Danish, where it is more than what its table calls it

    @property
    def moves(self) -> list[tuple[str, str]]:
        """Each event possible from here, with the state it leads to."""
        return [(row.event, row.target) for row in self.table.steps if self.state in row.sources]


def _machines(standing: Standing) -> list[Machine]:
    course, current, run = standing.course, standing.course.current, standing.course.tables
    title = phrase("Version %(number)s", number=current.number) if current else run.version.name
    found = [
        Machine(title, run.version, course.text_state, current.state_name if current else ""),
        Machine(noted("Perioden"), run.period, course.period),
    ]
    if standing.agreement.regime.rule("midterm-order"):
        found += [
            Machine(noted("Midtvejsstatus"), run.report, course.midterm),
            Machine(noted("Slutstatus"), run.report, course.final),
        ]
    return found


def missing_of(shown: Shown) -> list[Missing]:
    """What stands in the way of the next thing to be sent; councils are told of in the matrix."""
    standing = shown.standing
    if standing.agreement.regime.cite("submit") and standing.course.period not in ("ended", "rules_ended"):
        found = readiness(standing, standing.rules)
    else:
        found = [Missing("", blocker.text, blocker.cite, blocker.who) for blocker in blockers(standing)]
    return [one for one in found if one.need != "approval"]


def _silent(shown: Shown) -> tuple[int, int]:
    """How many of the councils that were asked have not approved the newest text, and how many there are."""
    current = shown.standing.course.current
    return (len(current.missing), len(current.parties)) if current and current.sent_on else (0, 0)


def _nowhere(shown: Shown) -> list[str]:
    """Whom letters about the agreement cannot reach today, for those who may see its mailboxes."""
    visit, standing = shown.visit, shown.standing
    over = standing.course.period in ("ended", "rules_ended")
    if over or visit.as_of != visit.today or not visit.may(Action.READ_CONTACTS, shown.row.region):
        return []
    owed_to = expand(standing, standing.rules, ("secretariat", "all-councils", "clusters", "piu"))
    seen = [
        one for one in owed_to if visit.may(Action.READ_CONTACTS, shown.row.region, one.partition("/")[0])
    ]
    return unreachable(visit.place.engine, seen, visit.today)


def _reports(shown: Shown) -> list[ReportedDecision]:
    """What waits for the secretariat today; a look back shows none."""
    visit = shown.visit
    if visit.as_of != visit.today:
        return []
    return open_reports(visit.place.engine, shown.standing.agreement.key)


def _history(shown: Shown) -> int:
    """How many letters about the past wait for the visitor's answer today."""
    visit, key = shown.visit, shown.standing.agreement.key
    if visit.as_of != visit.today or not visit.may(Action.RECORD, shown.row.region):
        return 0
    return count_unanswered(visit.place.engine, agreement=key).get(key, 0)


def _opened_today(shown: Shown) -> bool:
    """Whether the agreement was opened on the visit's very day; it is said of no other."""
    return shown.standing.facts[0].entered_on == shown.visit.today


def _fills(shown: Shown) -> bool:
    """Whether the visitor can fill in the councils' answers today: the text is with them, and nothing is past."""
    visit, current = shown.visit, shown.standing.course.current
    sent = current is not None and current.sent_on is not None
    return sent and visit.as_of == visit.today and visit.may(Action.RECORD, shown.row.region)


def _batch(shown: Shown, first: str) -> Batch | None:
    """What was just recorded or taken back at once, for whoever can; it is said only of what is there."""
    if not (re.fullmatch(r"\d{1,6}", first, re.ASCII) and _fills(shown)):
        return None
    with reading(shown.visit.place.engine) as session:
        found = batches(journal.rows(session, shown.row))
    return next((one for one in found if one.first == int(first)), None)


def _known(known_on: date | None, as_of: date) -> bool:
    return known_on is None or known_on <= as_of
