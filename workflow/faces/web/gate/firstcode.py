"""The way in while nobody can sign in: the code the daemon said at its start makes the first administrator, once."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response

from workflow.errors import Invalid, NotFound
from workflow.faces.web.gate.entrance import Gate
from workflow.faces.web.gate.pace import Pace, client_of
from workflow.faces.web.gate.signing import device_of, enter
from workflow.faces.web.gate.visitor import anyone
from workflow.faces.web.sheets import Sheets
from workflow.mail.addresses import deliverable
from workflow.mail.writing.words import clean
from workflow.services.people import signin
from workflow.services.people.firstcode import first_person, nobody

HERE, NEXT = "/opsaetning/kode", "/opsaetning"
Word = Annotated[str, Form(max_length=300)]


def first_code_routes(gate: Gate, sheets: Sheets) -> APIRouter:
    """The form for the code; it is not there once anybody can sign in."""
    routes = APIRouter(dependencies=[Depends(anyone)])
    tried = Pace(10, seconds=600)

    @routes.get(HERE)
    def ask(request: Request) -> Response:
        _must_be_open(gate)
        return sheets.page(request, "gate/setup-code.html", typed={}, wrong={})

    @routes.post(HERE)
    def begin(request: Request, code: Word = "", name: Word = "", email: Word = "") -> Response:
        _must_be_open(gate)
        at, place = gate.clock(), gate.place()
        tried.take(client_of(request), at)
        wrong = _wrong(name, email)
        if not wrong:
            try:
                person = first_person(place.engine, place.rulebook, code=code, email=email, name=name, at=at)
                secret = signin.begin_for(place.engine, person.email, at, device_of(request))
                assert secret
                return enter(gate, request, secret, NEXT)
            except NotFound:
                wrong = {
                    "code": "Koden er forkert, brugt eller for gammel. En genstart af dæmonen giver en ny."
                }
            except Invalid:
                wrong = {"name": "Skriv dit navn, højst 120 tegn."}
        typed = {"code": code, "name": name, "email": email}
        return sheets.page(request, "gate/setup-code.html", status=422, typed=typed, wrong=wrong)

    return routes


def _must_be_open(gate: Gate) -> None:
    if not nobody(gate.place().engine):
        raise HTTPException(404)


def _wrong(name: str, email: str) -> dict[str, str]:
    wrong = {}
    if not clean(name):
        wrong["name"] = "Skriv dit navn."
    try:
        deliverable(email)
    except ValueError:
        wrong["email"] = "Skriv din mailadresse som anne@region.dk. Der må ikke stå æ, ø eller å før @."
    return wrong
