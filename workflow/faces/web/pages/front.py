"""*Oversigt*: every region, what needs a person today, and the map."""

from __future__ import annotations

from collections.abc import Collection

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.site import Site, Visit
from workflow.faces.web.pages.tilemap import tile_map
from workflow.faces.web.pages.words import worst_first
from workflow.faces.web.view import fresh
from workflow.services.councils.asking import Question, questions
from workflow.services.councils.settling import waiting
from workflow.services.lookahead.planning import slack_of
from workflow.services.planning.answering import count_unanswered
from workflow.services.views import listing
from workflow.services.views.attention import attention
from workflow.services.views.board import board, coming, counted, overdue, shortfalls
from workflow.services.watch.heartbeat import last_tick
from workflow.storage.projection import Standing

MOST_OVERDUE, MOST_REPORTS, MOST_ASKED, MOST_ALARMS, MOST_LETTERS, MOST_WEEK = 12, 20, 4, 6, 8, 10
WEEK = 7  # days ahead that are told one by one


def router(site: Site) -> APIRouter:
    """The route of the front page."""
    routes = APIRouter()

    @routes.get("/")
    def front(visit: Visit = site.visits(Action.READ, back=True)) -> HTMLResponse:
        engine, regions = visit.place.engine, visit.regions(Action.READ)
        places = worst_first(board(engine, visit.rulebook, regions, visit.as_of))
        week = coming(places, visit.as_of, WEEK)
        broken = [one for place in places for one in place.broken]
        ticked = last_tick(engine)
        standings = [standing for place in places for standing in place.standings]
        stale = not fresh(ticked, visit.at)
        return visit.page(
            "front",
            places=places,
            week=week[:MOST_WEEK],
            more_week=max(len(week) - MOST_WEEK, 0),
            broken=broken,
            map=tile_map(visit.rulebook, places),
            doubts=_doubts(standings),
            slack=slack_of(engine, visit.rulebook, standings),
            overdue=overdue(engine, visit.within(Action.READ), MOST_OVERDUE),
            shortfalls=shortfalls(visit.rulebook, places, visit.today),
            reports=waiting(engine, visit.regions(Action.VERIFY), MOST_REPORTS),
            asked=_asked(visit),
            history=count_unanswered(engine, visit.regions(Action.RECORD)),
            **_letters(visit, [f"plan:{one.where}" for one in broken]),
            acts=bool(visit.regions(Action.RECORD)),
            looked=_looked(visit, stale),
            ticked=ticked,
            stale=stale,
        )

    return routes


def _letters(visit: Visit, said: Collection[str]) -> dict[str, object]:
    """Letters and alarms the visitor may see, without the alarms that are ``said`` already (their keys)."""
    engine, regions = visit.place.engine, visit.regions(Action.READ_LETTERS)
    if not regions:
        return {"seen": None, "alarms": [], "more_alarms": 0, "letters": [], "mail": _mail_target(visit)}
    lane, within = visit.lane(Action.READ_LETTERS), visit.within(Action.READ_LETTERS)
    seen = attention(engine, visit.rulebook, within, lane, visit.at, visit.today)
    alarms = [one for one in seen.alarms if one.key not in said]
    return {
        "seen": seen,
        "alarms": alarms[:MOST_ALARMS],
        "more_alarms": max(len(alarms) - MOST_ALARMS, 0),
        "letters": listing.letters(engine, within, lane=lane, on=visit.today, limit=MOST_LETTERS),
        "mail": _mail_target(visit),
    }


def _looked(visit: Visit, stale: bool) -> list[str]:
    """What the page has looked for on this visitor's behalf, each as it may be said where nothing was found."""
    said = [
        "ingen frist var overskredet ved det seneste gennemløb" if stale else "ingen frist er overskredet"
    ]
    if counted(visit.rulebook, visit.today):
        said.append("intet mødeminimum er i fare")
    if visit.lane(Action.REPORT):
        said.append("intet spørgsmål venter på jeres svar")
    if visit.regions(Action.VERIFY):
        said.append("intet svar venter på at blive bekræftet")
    if visit.lane(Action.READ_LETTERS):
        said.append("intet brev til jer er standset")
    elif visit.regions(Action.READ_LETTERS):
        said.append("ingen alarm er åben, intet brev er standset, og intet brev mangler en modtager")
    return said


def _asked(visit: Visit) -> list[Question]:
    """What waits for the answer of the council the visitor is signed in for."""
    if not (lane := visit.lane(Action.REPORT)):
        return []
    regions, who = visit.regions(Action.REPORT), visit.visitor.email
    found = questions(visit.place.engine, visit.rulebook, regions, lane, visit.today, who, MOST_ASKED)
    return [one for one in found if one.waits]


def _mail_target(visit: Visit) -> dict[str, str]:
    settings = visit.place.settings
    if settings.smtp_host:
        return {"where": f"{settings.smtp_host}:{settings.smtp_port}", "folder": ""}
    return {"where": "", "folder": str(settings.inbox)}


def _doubts(found: list[Standing]) -> list[str]:
    """What is said of rules that may have ended (law.md 5), each thing once."""
    deadlines = [d for standing in found for d in standing.deadlines if d.open and d.doubtful]
    texts = (step.text for deadline in deadlines for step in deadline.why if "kan være ophævet" in step.text)
    return list(dict.fromkeys(texts))
