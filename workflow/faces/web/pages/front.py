"""*Oversigt*: every region, what needs a person today, and the map."""

from __future__ import annotations

from collections.abc import Collection

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from workflow.faces.web.gate.policy import Action, Reach
from workflow.faces.web.pages.site import Site, Visit
from workflow.faces.web.pages.tilemap import tile_map
from workflow.faces.web.view import fresh
from workflow.services.councils.asking import Question, questions
from workflow.services.councils.settling import waiting
from workflow.services.lookahead.planning import slack_of
from workflow.services.views import listing
from workflow.services.views.board import board, overdue, shortfalls
from workflow.services.views.overview import count_stopped, count_waiting
from workflow.services.watch.heartbeat import last_tick, open_alarms
from workflow.storage.projection import Standing

MOST_OVERDUE, MOST_REPORTS, MOST_ASKED, MOST_ALARMS, MOST_LETTERS = 12, 20, 4, 6, 8


def router(site: Site) -> APIRouter:
    """The route of the front page."""
    routes = APIRouter()

    @routes.get("/")
    def front(visit: Visit = site.visits(Action.READ, back=True)) -> HTMLResponse:
        engine, regions = visit.place.engine, visit.regions(Action.READ)
        places = board(engine, visit.rulebook, regions, visit.as_of)
        broken = [one for place in places for one in place.broken]
        ticked = last_tick(engine)
        standings = [standing for place in places for standing in place.standings]
        return visit.page(
            "front",
            places=places,
            broken=broken,
            map=tile_map(visit.rulebook, places),
            doubts=_doubts(standings),
            slack=slack_of(engine, visit.rulebook, standings),
            overdue=overdue(engine, visit.within(Action.READ), MOST_OVERDUE),
            shortfalls=shortfalls(visit.rulebook, places, visit.today),
            reports=waiting(engine, visit.regions(Action.VERIFY), MOST_REPORTS),
            asked=_asked(visit),
            **_letters(visit, [f"plan:{one.where}" for one in broken]),
            ticked=ticked,
            stale=not fresh(ticked, visit.at),
        )

    return routes


def _letters(visit: Visit, said: Collection[str]) -> dict[str, object]:
    """Letters and alarms: what the visitor may see of them, without the alarms that are ``said`` already (their
    keys)."""
    engine = visit.place.engine
    regions, lane = visit.regions(Action.READ_LETTERS), visit.lane(Action.READ_LETTERS)
    everything = visit.visitor.reach(Action.READ_LETTERS) is Reach.ALL
    alarms = [one for one in open_alarms(engine) if one.key not in said] if everything else []
    return {
        "alarms": alarms[:MOST_ALARMS],
        "more_alarms": max(len(alarms) - MOST_ALARMS, 0),
        "stopped": count_stopped(engine) if everything else 0,
        "waiting": count_waiting(engine, visit.at) if everything else 0,
        "letters": listing.letters(engine, visit.within(Action.READ_LETTERS), lane=lane, limit=MOST_LETTERS),
        "may_letters": bool(regions),
        "mail": _mail_target(visit),
    }


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
