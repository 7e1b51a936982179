"""*Alarmer*: what is wrong, what it means for one's letters, what to do, and the button or link that cures it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from workflow.errors import NotFound, NotPossible
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.site import Site, Visit
from workflow.faces.web.pages.words import reason
from workflow.language import phrase, said_by
from workflow.mail.writing.words import stort
from workflow.services.delivery.handling import release_everything, why_stopped
from workflow.services.views.attention import concerning
from workflow.services.watch.minding import end_alarms
from workflow.storage.tables import Alarm

PATH, MOST, MOST_WORDS = "/alarmer", 100, 2000
Word = Annotated[str, Form(max_length=100_000)]


def router(site: Site) -> APIRouter:
    """The list, ending one, and letting all sending go."""
    routes = APIRouter(prefix=PATH)

    @routes.get("")
    def show(visit: Visit = site.visits(Action.READ_LETTERS), gjort: str = "") -> HTMLResponse:
        return _page(visit, done=gjort)

    @routes.post("/slip")
    def release(visit: Visit = site.visits(Action.MANAGE)) -> Response:
        release_everything(visit.place.engine, visit.at, visit.visitor.name)
        return RedirectResponse(f"{PATH}?gjort=sluppet", 303)

    @routes.post("/{number}")
    def end(number: int, visit: Visit = site.visits(Action.HANDLE), why: Word = "") -> Response:
        if number not in {one.id for one in _seen(visit, Action.HANDLE)}:
            raise NotFound(phrase("alarmen findes ikke, eller den er afsluttet"))
        if not why.strip() or len(why) > MOST_WORDS:
            said = phrase("Skriv, hvad der er gjort.")
            if why.strip():
                said = phrase("Skriv, hvad der er gjort, på højst %(most)s tegn.", most=MOST_WORDS)
            return _page(visit, number=number, wrong=said, typed=why[:MOST_WORDS], status=422)
        try:
            end_alarms(visit.place.engine, [number], why, visit.visitor.name, visit.at)
        except NotPossible as error:
            return _page(visit, number=number, wrong=stort(reason(said_by(error))), typed=why, status=409)
        return RedirectResponse(f"{PATH}?gjort=afsluttet", 303)

    return routes


def _seen(visit: Visit, action: Action) -> list[Alarm]:
    return concerning(visit.place.engine, visit.rulebook, visit.within(action), visit.lane(action))


def _page(
    visit: Visit, *, done: str = "", number: int = 0, wrong: str = "", typed: str = "", status: int = 200
) -> HTMLResponse:
    found = _seen(visit, Action.READ_LETTERS)
    return visit.page(
        "letters/alarms.html",
        status=status, alarms=found[:MOST], more=max(len(found) - MOST, 0), done=done, number=number,
        wrong=wrong, typed=typed, stopped=why_stopped(visit.place.engine), handles=bool(visit.regions(Action.HANDLE)),
        manages=visit.visitor.reach(Action.MANAGE) is not None,
    )  # fmt: skip
