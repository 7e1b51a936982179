"""*Høring*: the forms that write into the register. Each does one thing, and leads back to where it was done."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, File, Form, Response, UploadFile
from fastapi.responses import RedirectResponse
from sqlalchemy import Engine

from workflow.errors import Conflict, Invalid, NotPossible
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.facts.attaching import attachment
from workflow.faces.web.pages.facts.fields import a_day
from workflow.faces.web.pages.facts.refusing import because, beside
from workflow.faces.web.pages.hearing.hearing import party_page, register_page
from workflow.faces.web.pages.rounds.shown import Shown, showing
from workflow.faces.web.pages.site import Site
from workflow.language import phrase
from workflow.services.hearing.entering import add_party, add_remark, decide, strike, take_answer
from workflow.services.hearing.note import publish
from workflow.services.hearing.replying import reply
from workflow.storage.facts.documents import MOST_BYTES
from workflow.storage.law.rulebook import Rulebook

Line = Annotated[str, Form(max_length=1000)]
Words = Annotated[str, Form(max_length=100_000)]
Number = Annotated[int, Form(ge=1, le=2**31 - 1)]
Version = Annotated[int | None, Form(ge=1, le=99)]
Again = Callable[..., Response]


def router(site: Site) -> APIRouter:
    """The forms' routes."""
    routes = APIRouter(prefix="/aftaler/{region}/{label}/hoering")
    records = showing(site, Action.RECORD)

    @routes.post("/part")
    def party(
        shown: Shown = records, version: Version = None, name: Line = "", asked_on: Line = "", email: Line = "",
        private: Line = "",
    ) -> Response:  # fmt: skip
        typed = {"name": name, "asked_on": asked_on, "email": email, "private": private}
        wrong: dict[str, str] = {}
        on = a_day(typed, "asked_on", True, wrong)

        def do() -> str:
            assert on is not None
            number = add_party(
                *_where(shown), name, on, *_who(shown), email=email, private=bool(private), version=version
            )
            return f"/part/p{number}"

        return _act(
            shown,
            do,
            _back(shown, version, typed),
            "name",
            wrong,
            version,
        )

    @routes.post("/notat")
    def published(
        shown: Shown = records, version: Version = None, on: Line = "", where: Line = ""
    ) -> Response:
        typed, wrong = {"on": on, "where": where}, dict[str, str]()
        day = a_day(typed, "on", True, wrong)

        def do() -> str:
            assert day is not None
            publish(*_where(shown), day, where, *_who(shown), version=version)
            return "#notat"

        return _act(
            shown,
            do,
            _back(shown, version, typed),
            "where",
            wrong,
            version,
        )

    @routes.post("/part/{party}/svar", max_body_size=MOST_BYTES + 100_000)
    def answer(
        party: str, shown: Shown = records, version: Version = None, on: Line = "", clock: Line = "", source: Line = "",
        document: Annotated[UploadFile | None, File()] = None,
    ) -> Response:  # fmt: skip
        typed, wrong = {"on": on, "clock": clock, "source": source}, dict[str, str]()
        day, attached = a_day(typed, "on", True, wrong), attachment(shown.visit.place, document, wrong)

        def do() -> str:
            assert day is not None
            take_answer(
                *_where(shown),
                party,
                day,
                clock,
                *_who(shown),
                source=source,
                attached=attached,
                version=version,
            )
            return f"/part/{party}"

        return _act(shown, do, _again(shown, party, version, typed), "clock", wrong, version)

    @routes.post("/part/{party}/bemaerkning")
    def remark(
        party: str, shown: Shown = records, version: Version = None, text: Words = "", where: Line = ""
    ) -> Response:
        def do() -> str:
            add_remark(*_where(shown), party, text, *_who(shown), where=where, version=version)
            return f"/part/{party}#bemaerkninger"

        typed = {"text": text[:4000], "where": where}
        return _act(shown, do, _again(shown, party, version, typed), "text", {}, version)

    @routes.post("/part/{party}/afgoer")
    def decided(
        party: str, shown: Shown = records, item: Number = 1, version: Version = None, taken: Line = "",
        because: Words = "",
    ) -> Response:  # fmt: skip
        wrong = (
            {} if taken in ("ja", "nej") else {f"taken-{item}": phrase("Vælg, om bemærkningen er taget med.")}
        )

        def do() -> str:
            decide(*_where(shown), item, taken == "ja", because, *_who(shown), version=version)
            return f"/part/{party}#nr-{item}"

        typed = {f"taken-{item}": taken, f"because-{item}": because[:4000]}
        return _act(shown, do, _again(shown, party, version, typed), f"because-{item}", wrong, version)

    @routes.post("/part/{party}/slet")
    def struck(
        party: str, shown: Shown = records, number: Number = 1, version: Version = None, why: Line = ""
    ) -> Response:
        def do() -> str:
            strike(*_where(shown), number, why, *_who(shown), version=version)
            return "" if party == f"p{number}" else f"/part/{party}"

        return _act(shown, do, _again(shown, party, version, {"why": why}), "why", {}, version)

    @routes.post("/part/{party}/brev")
    def send(
        party: str, shown: Shown = records, version: Version = None, to: Line = "", by_hand: Line = ""
    ) -> Response:
        wrong = (
            {} if by_hand or to.strip() else {"to": phrase("Skriv den mailadresse, svaret skal sendes til.")}
        )

        def do() -> str:
            link = shown.visit.place.settings.base_url
            reply(*_where(shown), party, "" if by_hand else to, *_who(shown), link, version=version)
            return f"/part/{party}#svar-til-parten"

        return _act(shown, do, _again(shown, party, version, {"to": to}), "to", wrong, version)

    return routes


def _where(shown: Shown) -> tuple[Engine, Rulebook, str]:
    place = shown.visit.place
    return place.engine, place.rulebook, shown.standing.agreement.key


def _who(shown: Shown) -> tuple[str, datetime]:
    return shown.visit.visitor.name, shown.visit.at


def _again(shown: Shown, party: str, version: int | None, typed: dict[str, str]) -> Again:
    return lambda **more: party_page(shown, party, version, typed=typed, **more)


def _back(shown: Shown, version: int | None, typed: dict[str, str]) -> Again:
    return lambda **more: register_page(shown, version, typed=typed, **more)


def _act(
    shown: Shown,
    do: Callable[[], str],
    again: Again,
    field: str,
    wrong: Mapping[str, str],
    version: int | None,
) -> Response:
    """``do`` and lead to what it says; where it is refused, the page ``again``, with the reason at ``field``."""
    if wrong:
        return again(wrong=wrong, status=422)
    try:
        path, _, place = do().partition("#")
    except Invalid as error:
        return again(wrong={field: beside(error)}, status=422)
    except (Conflict, NotPossible) as error:
        return again(refused=because(error), status=409)
    asked = f"?version={version}" if version else ""
    home = f"/aftaler/{shown.standing.agreement.key}/hoering"
    return RedirectResponse(f"{home}{path}{asked}{'#' * bool(place)}{place}", 303)
