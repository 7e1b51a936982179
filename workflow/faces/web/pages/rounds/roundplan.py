"""*Rundeplan*: one agreement's round backwards from its date: steps, councils, and the chain that sets the day."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.rounds.planchart import draw
from workflow.faces.web.pages.rounds.shown import Shown, showing
from workflow.faces.web.pages.site import Site
from workflow.services.lookahead.planning import maybe_plan
from workflow.services.lookahead.telling import council_word, verdict


def router(site: Site) -> APIRouter:
    """The route of a round's plan."""
    routes = APIRouter(prefix="/aftaler/{region}/{label}")

    @routes.get("/rundeplan")
    def plan(shown: Shown = showing(site, Action.READ, back=True)) -> HTMLResponse:
        rulebook = shown.standing.rules
        found = maybe_plan(shown.standing)
        if found is None:
            return shown.page("rounds/roundplan.html", plan=None)
        tight = rulebook.gaps.tight
        return shown.page(
            "rounds/roundplan.html",
            plan=found,
            verdict=verdict(found, tight),
            chart=draw(found, tight),
            word=council_word,
        )

    return routes
