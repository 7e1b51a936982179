"""*Ring til rådene*: who is silent, whom to call, the note of the call; a sign of life stops the reminders."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from workflow.errors import Invalid, NotPossible
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.facts.refusing import beside
from workflow.faces.web.pages.rounds.shown import Shown, showing
from workflow.faces.web.pages.site import Site
from workflow.mail.writing.words import FUNCTIONS
from workflow.services.desk.calling import calls, take_call
from workflow.services.desk.notes import MOST

Typed = Annotated[str, Form(max_length=100_000)]


def router(site: Site) -> APIRouter:
    """The page of the silent councils, and the act that keeps the note of a call."""
    routes = APIRouter(prefix="/aftaler/{region}/{label}")

    @routes.get("/ring")
    def ring(shown: Shown = showing(site, Action.RECORD), gemt: str = "") -> HTMLResponse:
        return _page(shown, saved=gemt)

    @routes.post("/ring")
    def called(
        shown: Shown = showing(site, Action.RECORD), council: Typed = "", text: Typed = "", stop: Typed = ""
    ) -> Response:
        visit, key = shown.visit, shown.standing.agreement.key
        try:
            take_call(
                visit.place.engine,
                visit.rulebook,
                key,
                council,
                text,
                visit.visitor.name,
                visit.at,
                stop == "ja",
            )
        except Invalid as error:
            return _page(shown, council=council, text=text[:MOST], wrong=beside(error), status=422)
        return RedirectResponse(f"/aftaler/{key}/ring?gemt={council}", 303)

    return routes


def _page(
    shown: Shown, *, council: str = "", text: str = "", wrong: str = "", saved: str = "", status: int = 200
) -> HTMLResponse:
    try:
        found = calls(shown.visit.place.engine, shown.standing)
    except NotPossible:
        found = None
    parties = shown.standing.agreement.parties
    return shown.page(
        "rounds/calling.html",
        status=status, found=found, council=council, typed=text, wrong=wrong, functions=FUNCTIONS, most=MOST,
        saved=next((one.name for one in parties if one.code == saved), ""),
    )  # fmt: skip
