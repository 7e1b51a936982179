"""*From the mail*: a council says what it decided, and a reader acknowledges a reminder. The link is the key.

GET and HEAD only show, however often a mail scanner asks. The forms post.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import RedirectResponse

from workflow.errors import Conflict, Invalid, NotFound, NotPossible
from workflow.faces.web.gate.pace import Pace
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.gate.visitor import Visitor, anyone, may
from workflow.faces.web.pages.fields import a_day
from workflow.faces.web.pages.letter import LARGEST
from workflow.faces.web.pages.site import Site
from workflow.faces.web.pages.words import reason
from workflow.mail.links import opened_ask
from workflow.rules.days import danish_day
from workflow.services import acknowledging, reporting
from workflow.services.reporting import DECISIONS, Question

Words = Annotated[str, Form(max_length=4000)]
TRIES, SECONDS = 30, 600  # posts of one client


def router(site: Site) -> APIRouter:
    """The routes behind the links of letters, and the button on a letter's own page."""
    routes, pace = APIRouter(), Pace(TRIES, SECONDS)
    public = [Depends(anyone)]

    def asked(token: str) -> Question:
        place = site.place()
        ask = opened_ask(token, place.secret)
        return reporting.question(place.engine, place.rulebook, ask, danish_day(site.clock()))

    def page(
        request: Request, token: str, typed: dict[str, str], wrong: dict[str, str], refused: str, status: int
    ) -> Response:
        return site.sheets.page(
            request, "answer.html", status=status, q=asked(token), token=token, typed=typed, wrong=wrong,
            refused=refused, decisions=DECISIONS, today=danish_day(site.clock()),
        )  # fmt: skip

    @routes.get("/svar/{token}", dependencies=public)
    def show(request: Request, token: str) -> Response:
        return page(request, token, {}, {}, "", 200)

    @routes.post("/svar/{token}", dependencies=public)
    def answer(
        request: Request, token: str, event: Words = "", on: Words = "", remark: Words = ""
    ) -> Response:
        at, place = site.clock(), site.place()
        pace.take(request.client.host if request.client else "", at)
        typed, wrong = {"event": event, "on": on, "remark": remark}, dict[str, str]()
        day = a_day(typed, "on", True, wrong)
        if event not in DECISIONS:
            wrong["event"] = "Vælg, hvad rådet besluttede."
        if len(remark) > reporting.MOST_WORDS:
            wrong["remark"] = f"Skriv højst {reporting.MOST_WORDS} tegn."
        if wrong or day is None:
            return page(request, token, typed, wrong, "", 422)
        try:
            reporting.report(
                place.engine, place.rulebook, opened_ask(token, place.secret), event, day, remark, at=at,
                link=place.settings.base_url,
            )  # fmt: skip
        except Invalid as error:
            return page(request, token, typed, {"on": f"{str(error)[:1].upper()}{str(error)[1:]}."}, "", 422)
        except (Conflict, NotPossible) as error:
            return page(request, token, typed, {}, reason(str(error)), 409)
        return RedirectResponse(f"/svar/{token}", 303)

    @routes.get("/kvitter/{token}", dependencies=public)
    def look(request: Request, token: str) -> Response:
        place = site.place()
        found = acknowledging.reminder_of(place.engine, token, place.secret)
        return site.sheets.page(request, "acknowledge.html", reminder=found, token=token)

    @routes.post("/kvitter/{token}", dependencies=public)
    def acknowledge(request: Request, token: str) -> Response:
        at, place = site.clock(), site.place()
        pace.take(request.client.host if request.client else "", at)
        found = acknowledging.reminder_of(place.engine, token, place.secret)
        acknowledging.acknowledge(place.engine, found.id, "modtageren gennem linket i mailen", at)
        return RedirectResponse(f"/kvitter/{token}", 303)

    @routes.post("/breve/{number}/kvitter")
    def acknowledge_letter(
        request: Request, number: int, visitor: Visitor = Depends(may(Action.ACKNOWLEDGE))
    ) -> Response:
        at, place = site.clock(), site.place()
        if not 0 < number < LARGEST:
            raise NotFound("brevet findes ikke")
        found = acknowledging.reminder(place.engine, number)
        body = found.recipient.partition("/")[0]
        visitor.require(Action.ACKNOWLEDGE, region=found.region, body=body)
        acknowledging.acknowledge(place.engine, number, visitor.name, at)
        return RedirectResponse(f"/breve/{number}", 303)

    return routes
