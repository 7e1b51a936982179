"""*Oversigt*: every region, what needs a person today, and the map."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.rounds.needs import needs
from workflow.faces.web.pages.rounds.tilemap import tile_map
from workflow.faces.web.pages.site import Site, Visit
from workflow.faces.web.pages.words import worst_first
from workflow.rules.anchors.outcomes import unsettled
from workflow.services.lookahead.planning import slack_of
from workflow.services.views.board import board, coming
from workflow.services.watch.heartbeat import last_tick
from workflow.storage.facts.projection import Standing

WEEK, MOST_WEEK = 7, 10  # days ahead that are told one by one, and how many dates of them


def router(site: Site) -> APIRouter:
    """The route of the front page."""
    routes = APIRouter()

    @routes.get("/")
    def front(visit: Visit = site.visits(Action.READ, back=True)) -> HTMLResponse:
        engine, regions = visit.place.engine, visit.regions(Action.READ)
        places = worst_first(board(engine, visit.rulebook, regions, visit.as_of))
        week = coming(places, visit.as_of, WEEK)
        ticked = last_tick(engine)
        standings = [standing for place in places for standing in place.standings]
        return visit.page(
            "rounds/front.html",
            places=places,
            week=week[:MOST_WEEK],
            more_week=max(len(week) - MOST_WEEK, 0),
            map=tile_map(visit.rulebook, places),
            doubts=_doubts(standings),
            slack=slack_of(standings),
            **needs(visit, places, ticked),
            ticked=ticked,
        )

    return routes


def _doubts(found: list[Standing]) -> list[str]:
    """What is said of rules that may have ended, each thing once."""
    open_ends = (
        (standing.ends, standing.as_of)
        for standing in found
        if standing.ends and any(d.open and d.doubtful for d in standing.deadlines)
    )
    return list(dict.fromkeys(unsettled(ends, as_of) for ends, as_of in open_ends if as_of < ends.gone_on))
