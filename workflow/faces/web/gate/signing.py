"""The routes that sign in by a mail (a link or its code) and out. GET only ever shows; POST sends, redeems or ends."""

from __future__ import annotations

import hashlib
from typing import Annotated

from fastapi import APIRouter, Depends, Form, HTTPException, Request, Response
from fastapi.responses import RedirectResponse
from pydantic import StringConstraints

from workflow.errors import NotFound
from workflow.faces.web.gate.entrance import Gate, as_visitor
from workflow.faces.web.gate.pace import Pace, client_of
from workflow.faces.web.gate.postman import Postman
from workflow.faces.web.gate.visitor import anyone
from workflow.faces.web.sheets import Sheets
from workflow.language import gettext as _
from workflow.language import phrase, speaking, spoken_now
from workflow.mail.addresses import deliverable, folded
from workflow.mail.sending.channels import Telling
from workflow.services.people import shortcode, signin

MAIL, LINK, CODE = "gate/log-ind.mail.txt", "gate/log-ind-link.html", "gate/log-ind-kode.html"
WRONG = phrase(
    "Koden kan ikke bruges. Den er skrevet forkert, brugt, for gammel eller bestilt i en anden browser, eller de fem "
    "forsøg er brugt."
)
Address = Annotated[str, StringConstraints(min_length=3, max_length=254, strip_whitespace=True), Form()]
Code = Annotated[str, Form(max_length=40)]
Target = Annotated[str, StringConstraints(max_length=500), Form(alias="next")]


def sign_in_routes(gate: Gate, sheets: Sheets, postman: Postman) -> APIRouter:
    """The routes under ``/log-ind`` and ``/log-ud``."""
    settings = gate.place().settings
    provider, by_mail = bool(settings.oidc_issuer), settings.sign_in_by_mail
    routes = APIRouter(dependencies=[Depends(anyone)])
    by_client, by_address, redeemed = Pace(20, seconds=600), Pace(4, seconds=600), Pace(20, seconds=600)

    @routes.get("/log-ind")
    def ask(request: Request, next: str = "/") -> Response:
        return sheets.page(request, "gate/log-ind.html", next=local(next), provider=provider, by_mail=by_mail)

    @routes.post("/log-ind")
    def send(request: Request, email: Address, next: Target = "/") -> Response:
        must_have_mail(by_mail)
        request.state.about = asked_address(email)
        at, browser = gate.clock(), gate.cookies.browser(request)
        by_client.take(client_of(request), at)
        # One client's tries for one address: counted by the address alone, a stranger could lock its owner out.
        by_address.take(hashlib.sha256(f"{client_of(request)}\n{folded(email)}".encode()).hexdigest(), at)

        asked_in = spoken_now()

        def write() -> tuple[str, Telling] | None:
            client = client_of(request)
            offered = signin.offer_link(gate.place().engine, email, browser, local(next), at, client)
            if offered is None:
                return None
            link, address = offered
            with speaking(signin.language_of(gate.place().engine, address, asked_in)):
                code = shortcode.code_beside(gate.place().secret, link, browser)
                text = sheets.text(MAIL, link=f"{gate.place().settings.base_url}/log-ind/{link}", code=code)
            subject, body = text.split("\n", 1)
            return address, Telling("sign-in", "alive", subject, body.strip(), at, f"{browser}/{link}")

        postman.soon(write)
        return sheets.page(request, CODE, sent=True, wrong={})

    @routes.get("/log-ind/kode")  # before /log-ind/{link}
    def ask_code(request: Request) -> Response:
        must_have_mail(by_mail)
        return sheets.page(request, CODE, sent=False, wrong={})

    @routes.post("/log-ind/kode")
    def redeem_code(request: Request, code: Code = "") -> Response:
        must_have_mail(by_mail)
        at, place, browser = gate.clock(), gate.place(), gate.cookies.browser(request)
        redeemed.take(client_of(request), at)
        try:
            done = shortcode.redeem_code(place.engine, place.secret, code, browser, at, device_of(request))
        except NotFound:
            return sheets.page(request, CODE, sent=False, wrong={"code": WRONG}, status=404)
        return enter(gate, request, done.session, done.target)

    @routes.get("/log-ind/{link}")
    def show(request: Request, link: str) -> Response:
        return sheets.page(request, LINK, link=link, refused=False)

    @routes.post("/log-ind/{link}")
    def redeem(request: Request, link: str) -> Response:
        must_have_mail(by_mail)
        at, engine = gate.clock(), gate.place().engine
        redeemed.take(client_of(request), at)
        try:
            done = signin.redeem(engine, link, gate.cookies.browser(request), at, device_of(request))
        except NotFound:
            return sheets.page(request, LINK, link=link, refused=True, status=404)
        return enter(gate, request, done.session, done.target)

    @routes.post("/log-ud")
    def leave(request: Request) -> Response:
        if secret := gate.cookies.session(request, gate.clock()):
            gate.maybe(request)  # for the trail
            signin.sign_out(gate.place().engine, secret)
        gate.cookies.end(request)
        return RedirectResponse("/log-ind", 303, {"Clear-Site-Data": '"cache", "storage"'})

    return routes


def must_have_mail(by_mail: bool) -> None:
    """409 where the settings let nobody sign in by a link in a mail."""
    if not by_mail:
        raise HTTPException(409, _("Her logger man ind med sin arbejdskonto, ikke med et link i en mail."))


def asked_address(email: str) -> str:
    """What the trail keeps of what was typed for an address: the address, and nothing that is none."""
    try:
        return deliverable(email)
    except ValueError:
        return "(ingen mailadresse)"


def device_of(request: Request) -> signin.Device:
    """The browser of this request, as its person will know it again."""
    return signin.Device(request.headers.get("User-Agent", ""), client_of(request))


def enter(gate: Gate, request: Request, secret: str, target: str) -> Response:
    """Begin the session in this browser, end the one it had, and go on."""
    at = gate.clock()
    if earlier := gate.cookies.session(request, at):
        signin.sign_out(gate.place().engine, earlier)
    gate.cookies.begin(request, secret, at)
    if person := signin.who(gate.place().engine, secret, at):
        request.state.visitor = visitor = as_visitor(person, gate.place().rulebook, at)
        target = visitor.home if target == "/" else target
    return RedirectResponse(target, 303)


def local(target: str) -> str:
    """``target`` if it is a path of this site, else the front page: a link must not lead a reader away."""
    fits = target.startswith("/") and not target.startswith(("//", "/\\")) and target.isprintable()
    return target if fits and "\\" not in target else "/"
