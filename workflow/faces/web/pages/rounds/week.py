"""*Min uge*: what I must do, who owes us what, what goes out next, and what happened since I was last here."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.rounds.needs import needs
from workflow.faces.web.pages.site import Site, Visit
from workflow.services.desk.happened import INNER, KINDS, Happening, Wanted, gathered, happened, keys_within
from workflow.services.desk.leaving import leaving
from workflow.services.desk.monday import choose, wants
from workflow.services.desk.owed import owes, own_dates
from workflow.services.desk.seen import come
from workflow.services.views.board import board
from workflow.services.watch.heartbeat import last_tick

AHEAD, LEAVING = 14, 7  # days
FIRST = timedelta(days=7)  # what is told to whoever was never here
MOST_OWED, MOST_LEAVING, MOST_NEWS, MOST_READ = 40, 30, 40, 500


def router(site: Site) -> APIRouter:
    """The route of one's own week."""
    routes = APIRouter()

    @routes.get("/min-uge")
    def mine(visit: Visit = site.visits(Action.READ)) -> HTMLResponse:
        engine = visit.place.engine
        before = come(engine, visit.visitor.email, visit.at)
        places = board(engine, visit.rulebook, visit.regions(Action.READ), visit.today)
        standings = [standing for place in places for standing in place.standings]
        council = visit.visitor.body
        owed = [] if council else owes(standings)
        out, left = leaving(
            engine, visit.rulebook, visit.within(Action.READ_LETTERS), visit.lane(Action.READ_LETTERS), visit.at,
            LEAVING, visit.place.settings.send_hour,
        )  # fmt: skip
        news = _news(visit, before or visit.at - FIRST)
        ticked = last_tick(engine)
        return visit.page(
            "rounds/week.html", dates=own_dates(standings, council, AHEAD), owed=owed[:MOST_OWED],
            more_owed=max(len(owed) - MOST_OWED, 0), out=out[:MOST_LEAVING],
            more_out=max(len(out) - MOST_LEAVING, 0), left=left,
            before=before, news=news[:MOST_NEWS], more_news=len(news) > MOST_NEWS, council=council,
            person=bool(visit.visitor.email), monday=_mail(visit), ticked=ticked, **needs(visit, places, ticked),
        )  # fmt: skip

    @routes.post("/min-uge/mandagsmail")
    def mail(
        visit: Visit = site.visits(Action.SUBSCRIBE), vil: Annotated[str, Form(pattern="^(ja|nej)$")] = "nej"
    ) -> Response:
        choose(visit.place.engine, visit.visitor.email, vil == "ja", visit.at)
        return RedirectResponse("/min-uge#mandagsmail", 303)

    return routes


def _mail(visit: Visit) -> bool | None:
    """Whether the visitor has chosen the Monday mail; ``None`` for whoever cannot have it."""
    visitor = visit.visitor
    if not visitor.email or not visitor.reach(Action.READ):
        return None
    return wants(visit.place.engine, visitor.email)


def _news(visit: Visit, since: datetime) -> list[Happening]:
    """What the visitor may see of what happened since then, in the agreements that are not over."""
    engine, inner = visit.place.engine, not visit.lane(Action.READ_LETTERS)
    kinds = [kind for kind in KINDS if inner or kind not in INNER]
    wanted = Wanted(kinds, since=since, lane=visit.lane(Action.READ_LETTERS))
    keys = keys_within(engine, visit.within(Action.READ))
    return gathered(happened(engine, visit.rulebook, keys, wanted, MOST_READ))
