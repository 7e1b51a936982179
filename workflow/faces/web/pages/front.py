"""*Oversigt*: every region, what needs a person today, and the map. Then the long lists of agreements and deadlines."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from workflow.errors import Invalid
from workflow.faces.web.gate.policy import Action, Reach
from workflow.faces.web.gate.visitor import Visitor, may
from workflow.faces.web.pages.site import Site, Visit
from workflow.faces.web.pages.tilemap import tile_map
from workflow.faces.web.view import fresh
from workflow.services import listing
from workflow.services.board import board, overdue
from workflow.services.heartbeat import last_tick, open_alarms
from workflow.services.overview import count_stopped, count_waiting
from workflow.services.settling import waiting
from workflow.storage.projection import Standing

MOST_OVERDUE, MOST_REPORTS, MOST_ALARMS, MOST_LETTERS, PAGE = 12, 20, 6, 8, 50


def router(site: Site) -> APIRouter:
    """The routes of the front page and the long lists."""
    routes = APIRouter()

    @routes.get("/")
    def front(request: Request, visitor: Visitor = Depends(may(Action.READ)), pr: str = "") -> HTMLResponse:
        visit = site.visit(request, visitor, pr)
        engine, regions = visit.place.engine, visit.regions(Action.READ)
        places = board(engine, visit.rulebook, regions, visit.as_of)
        ticked = last_tick(engine)
        return visit.page(
            "front",
            places=places,
            map=tile_map(visit.rulebook, places),
            doubts=_doubts([standing for place in places for standing in place.standings]),
            overdue=overdue(engine, visit.within(Action.READ), MOST_OVERDUE),
            reports=waiting(engine, visit.regions(Action.VERIFY), MOST_REPORTS),
            **_letters(visit),
            ticked=ticked,
            stale=not fresh(ticked, visit.at),
        )

    @routes.get("/aftaler")
    def agreements(
        request: Request,
        visitor: Visitor = Depends(may(Action.READ)),
        region: str = "",
        efter: str = "",
    ) -> HTMLResponse:
        visit = site.visit(request, visitor)
        regions = visit.within(Action.READ, region)
        after = (efter.partition("/")[0], efter.partition("/")[2])
        found = listing.agreements(visit.place.engine, regions, after, PAGE + 1)
        more = found[PAGE - 1].key if len(found) > PAGE else ""
        return visit.page("agreements", found=found[:PAGE], more=more, region=region)

    @routes.get("/frister")
    def deadlines(
        request: Request,
        visitor: Visitor = Depends(may(Action.READ)),
        status: str = "upcoming",
        region: str = "",
        efter: str = "",
    ) -> HTMLResponse:
        visit = site.visit(request, visitor)
        if status not in listing.STATUSES:
            raise Invalid(f"status skal være en af {', '.join(listing.STATUSES)}")
        regions = visit.within(Action.READ, region)
        found = listing.deadlines(visit.place.engine, regions, status, _after(efter), PAGE + 1)
        last = found[PAGE - 1] if len(found) > PAGE else None
        more = f"{last.legal_on or date.min}.{last.id}" if last else ""
        return visit.page("deadlines", found=found[:PAGE], more=more, which=status, region=region)

    return routes


def _after(text: str) -> tuple[date, int] | None:
    """The last row of the page before, as its address carries it: ``2027-07-01.42``."""
    if not text:
        return None
    on, _, number = text.partition(".")
    try:
        return date.fromisoformat(on), int(number[:18])
    except ValueError as error:
        raise Invalid("efter er ikke en side i listen; begynd forfra uden den") from error


def _letters(visit: Visit) -> dict[str, object]:
    """Letters and alarms: what the visitor may see of them."""
    engine = visit.place.engine
    regions, lane = visit.regions(Action.READ_LETTERS), visit.lane(Action.READ_LETTERS)
    everything = visit.visitor.reach(Action.READ_LETTERS) is Reach.ALL
    alarms = open_alarms(engine) if everything else []
    return {
        "alarms": alarms[:MOST_ALARMS],
        "more_alarms": max(len(alarms) - MOST_ALARMS, 0),
        "stopped": count_stopped(engine) if everything else 0,
        "waiting": count_waiting(engine, visit.at) if everything else 0,
        "letters": listing.letters(engine, visit.within(Action.READ_LETTERS), lane=lane, limit=MOST_LETTERS),
        "may_letters": bool(regions),
        "mail": _mail_target(visit),
        "titles": {letter.name: letter.title.da for letter in visit.rulebook.letters},
    }


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
