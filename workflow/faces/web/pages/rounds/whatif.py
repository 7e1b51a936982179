"""*Hvad nu hvis*: a named deviation tried on one agreement, beside today. Reads only."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from workflow.errors import Invalid, NotPossible
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.facts.refusing import because
from workflow.faces.web.pages.rounds.shown import Shown, showing
from workflow.faces.web.pages.site import Site
from workflow.language import noted
from workflow.services.lookahead import comparing
from workflow.services.lookahead.branching import branch_off, find_branch
from workflow.services.lookahead.telling import council_word


def router(site: Site) -> APIRouter:
    """The route of the named deviations."""
    routes = APIRouter(prefix="/aftaler/{region}/{label}")

    @routes.get("/hvad-nu-hvis")
    def whatif(shown: Shown = showing(site, Action.READ, back=True), gren: str = "") -> HTMLResponse:
        visit, key = shown.visit, shown.standing.agreement.key
        if not gren:
            return shown.page("whatif", found=None, refused="", branch=None)
        branch = find_branch(visit.rulebook, gren)
        try:
            found = branch_off(visit.place.engine, visit.rulebook, key, branch, visit.as_of)
        except (NotPossible, Invalid) as error:
            return shown.page("whatif", found=None, refused=because(error), branch=branch)
        tight = visit.rulebook.gaps.tight
        return shown.page(
            "whatif", found=found, refused="", branch=branch, word=council_word, dates=comparing.dates(found),
            states=comparing.states(found), councils=comparing.councils(found),
            sides=[(word, comparing.coloured(side, tight)) for word, side in
                   ((noted("I dag"), found.before), (noted("Grenen"), found.after))],
        )  # fmt: skip

    return routes
