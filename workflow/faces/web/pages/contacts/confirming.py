"""*Bekræftelser*: the bodies are asked which mailbox is theirs, answer through the link in their letter, and the
secretariat takes each answer up. A link's page shows however often a mail scanner asks; only its form answers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from workflow.errors import Conflict, Invalid, NotFound, NotPossible
from workflow.faces.web.fromletters import opened_link
from workflow.faces.web.gate.pace import Pace, client_of
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.gate.visitor import anyone
from workflow.faces.web.pages.site import Site, Visit
from workflow.faces.web.pages.words import reason
from workflow.language import noted, phrase, said_by, said_each
from workflow.mail.links import opened_confirm
from workflow.mail.writing.words import stort
from workflow.rules.days import danish_day
from workflow.services.people.contacts.confirming import ANSWERS, answer, ask_bodies, find_asked
from workflow.services.people.contacts.contacts import regions_of
from workflow.services.people.contacts.mailboxes import WrongFields
from workflow.services.people.contacts.takingup import find_question, questions_of, take_up, turn_down
from workflow.services.views import titles

Words = Annotated[str, Form(max_length=4000)]
TRIES, SECONDS = 30, 600  # posts of one client
LABELS = {
    "answer": noted("Svar"),
    "email": noted("Adresse"),
    "name": noted("Navn"),
    "valid_from": noted("Gælder fra"),
    "remark": noted("Bemærkning"),
}
STATES = {
    "asked": noted("spurgt"), "reported": noted("har svaret"), "taken": noted("svaret er taget op"),
    "turned-down": noted("svaret er afvist"),
    "replaced": noted("erstattet"),
}  # fmt: skip


def router(site: Site) -> APIRouter:
    """The page behind the link, and the secretariat's page with its acts."""
    routes, pace, public = APIRouter(), Pace(TRIES, SECONDS), [Depends(anyone)]
    keeps = site.visits(Action.MANAGE_CONTACTS)

    @routes.get("/bekraeft/{token}", dependencies=public)
    def show(request: Request, token: str) -> Response:
        return _question(site, request, token)

    @routes.post("/bekraeft/{token}", dependencies=public)
    def take_answer(
        request: Request, token: str, answer_: Annotated[str, Form(alias="answer", max_length=20)] = "",
        email: Words = "", name: Words = "", valid_from: Words = "", remark: Words = "",
    ) -> Response:  # fmt: skip
        place, at = site.place(), site.clock()
        pace.take(client_of(request), at)
        typed = {"answer": answer_, "email": email, "name": name, "valid_from": valid_from, "remark": remark}
        try:
            answer(place.engine, place.rulebook, opened_link(place, token, opened_confirm), typed, at)
        except WrongFields as error:
            return _question(site, request, token, typed, wrong=error.wrong, status=422)
        except NotPossible as error:
            return _question(site, request, token, typed, refused=reason(said_by(error)), status=409)
        return RedirectResponse(f"/bekraeft/{token}", 303)

    @routes.get("/kontakter/bekraeftelser")
    def every(visit: Visit = keeps, region: str = "", gemt: str = "") -> HTMLResponse:
        return _list(visit, visit.one_region(Action.MANAGE_CONTACTS, region), saved=gemt)

    @routes.post("/kontakter/bekraeftelser")
    def ask(visit: Visit = keeps, region: Annotated[str, Form(max_length=40)] = "") -> Response:
        chosen, place = visit.one_region(Action.MANAGE_CONTACTS, region), visit.place
        try:
            asked, _nowhere = ask_bodies(
                place.engine,
                place.rulebook,
                chosen,
                visit.visitor.signature,
                visit.at,
                place.settings.base_url,
            )
        except NotPossible as error:
            return _list(visit, chosen, refused=reason(said_by(error)), status=409)
        return RedirectResponse(f"/kontakter/bekraeftelser?region={chosen}&gemt={len(asked)}", 303)

    @routes.post("/kontakter/bekraeftelser/{number}")
    def settle(
        number: int, do: Annotated[str, Form(pattern="^(tag|afvis)$")], visit: Visit = keeps, why: Words = ""
    ) -> Response:
        region, by, place = _mine(visit, number), visit.visitor.signature, visit.place
        try:
            if do == "tag":
                take_up(place.engine, place.rulebook, number, by, visit.at, visit.visitor.email)
            else:
                turn_down(place.engine, number, why, by, visit.at)
        except Invalid as error:
            return _list(visit, region, wrong={number: f"{stort(said_by(error))}."}, status=422)
        except (Conflict, NotPossible) as error:
            return _list(visit, region, refused=reason(said_by(error)), status=409)
        return RedirectResponse(f"/kontakter/bekraeftelser?region={region}", 303)

    return routes


def _mine(visit: Visit, number: int) -> str:
    """The visitor's region whose body the question was put to; :class:`NotFound` for none, which is not told apart."""
    sorry = NotFound(phrase("Siden findes ikke, eller du har ikke adgang til den."))
    try:
        found = find_question(visit.place.engine, number)
    except NotFound as error:
        raise sorry from error
    own = [
        one
        for one in sorted(regions_of(visit.rulebook, found.body))
        if visit.may(Action.MANAGE_CONTACTS, one)
    ]
    if not own:
        raise sorry
    return own[0]


def _list(
    visit: Visit, region: str, *, wrong: Mapping[int, str] | None = None, refused: str = "", saved: str = "",
    status: int = 200,
) -> HTMLResponse:  # fmt: skip
    found = questions_of(visit.place.engine, visit.rulebook, region)
    return visit.page(
        "contacts/confirmations.html",
        status=status, region=region, regions=visit.regions(Action.MANAGE_CONTACTS), states=STATES,
        waiting=[one for one in found if one.state == "reported"], answers=ANSWERS,
        others=[one for one in found if one.state != "reported"], wrong=wrong or {}, refused=refused,
        saved=saved.isdecimal() and saved,
    )  # fmt: skip


def _question(
    site: Site, request: Request, token: str, typed: Mapping[str, str] | None = None, *,
    wrong: Mapping[str, str] | None = None, refused: str = "", status: int = 200,
) -> Response:  # fmt: skip
    place = site.place()
    asked = find_asked(place.engine, opened_link(place, token, opened_confirm), danish_day(site.clock()))
    one = asked.question
    known = {"answer": one.answer, "email": one.email, "name": one.name, "remark": one.remark}
    whom = titles.recipient(titles.bodies(place.rulebook), f"{one.body}/{one.function}")
    return site.sheets.page(
        request, "contacts/confirm.html", status=status, asked=asked, whom=whom, token=token, refused=refused,
        labels=said_each(LABELS),
        typed=typed or (known | {"valid_from": str(one.valid_from or "")}), wrong=wrong or {}, answers=ANSWERS,
    )  # fmt: skip
