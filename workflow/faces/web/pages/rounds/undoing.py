"""*Fortryd indtastningen*: what one person recorded of the councils in one act, taken back in one act."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from workflow.errors import Conflict, Invalid, NotFound, NotPossible
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.facts.refusing import because
from workflow.faces.web.pages.rounds.shown import Shown, showing
from workflow.faces.web.pages.site import Site
from workflow.mail.writing.words import clean
from workflow.services.facts.batch import find_batch, foretell_all, undo, undoing

_LARGEST = 2**31


def router(site: Site) -> APIRouter:
    """The routes of one batch, by the number of its first line."""
    routes = APIRouter(prefix="/aftaler/{region}/{label}/raad/fortryd/{first}")
    records = showing(site, Action.RECORD)

    @routes.get("")
    def look(first: int, shown: Shown = records) -> HTMLResponse:
        return _page(shown, first)

    @routes.post("")
    def take_back(
        first: int, shown: Shown = records, hvorfor: Annotated[str, Form(max_length=2000)] = ""
    ) -> Response:
        visit, key, why = shown.visit, shown.standing.agreement.key, clean(hvorfor)
        if not why:
            return _page(shown, first, "Skriv, hvorfor indtastningen skal fortrydes.", status=422)
        try:
            undo(
                visit.place.engine, visit.rulebook, key, _number(first), why, visit.visitor.name, today=visit.today,
                at=visit.at,
            )  # fmt: skip
        except (Conflict, NotPossible, Invalid) as error:
            return _page(shown, first, refused=because(error), status=409)
        return RedirectResponse(f"/aftaler/{key}/raad?fortrudt={first}#gemt", 303)

    return routes


def _number(first: int) -> int:
    if not 0 < first < _LARGEST:
        raise NotFound("indtastningen findes ikke")
    return first


def _page(shown: Shown, first: int, wrong: str = "", *, refused: str = "", status: int = 200) -> HTMLResponse:
    visit, key = shown.visit, shown.standing.agreement.key
    found, told = find_batch(visit.place.engine, key, _number(first)), None
    if found.standing and not refused:
        try:
            steps = undoing(found, "-", visit.visitor.name, visit.today)
            told = foretell_all(visit.place.engine, visit.rulebook, key, steps, visit.today)
        except (Conflict, NotPossible, Invalid) as error:
            refused = because(error)
    faults = {"hvorfor": wrong} if wrong else {}
    return shown.page(
        "rounds/grid-undo.html", status=status, batch=found, told=told, wrong=faults, refused=refused
    )
