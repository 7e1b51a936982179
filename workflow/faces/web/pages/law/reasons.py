"""*Hvorfor*, for others: the reasons of one date as text, as PDF, and at a link for whoever cannot sign in."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Path, Request, Response
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse

from workflow.errors import Invalid, NotFound
from workflow.faces.web.gate.pace import Pace, client_of
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.law.given import given
from workflow.faces.web.pages.papers.download import download
from workflow.faces.web.pages.papers.sheet import NO_PDF, printer
from workflow.faces.web.pages.rounds.shown import Shown, showing
from workflow.faces.web.pages.site import Site
from workflow.language import noted, phrase, said_by, worded
from workflow.mail.writing.words import stort
from workflow.rules.days import danish_day
from workflow.services.desk.forwarding import MOST_WORDS, forward
from workflow.services.desk.sharing import end_shared, opened, share
from workflow.services.hands.promised import promised
from workflow.services.views.status import find_standing

PREFIX = "/aftaler/{region}/{label}/frister/{rule}"
Text = Annotated[str, Form(max_length=200)]
Number = Annotated[int, Form(ge=1, le=2**31 - 1)]


def router(site: Site) -> APIRouter:
    """The routes that hand the reasons on; a subject is the part of the address after the rule, as on the page."""
    routes = APIRouter()
    reads, shares = showing(site, Action.READ), showing(site, Action.SHARE)
    wrong_addresses = Pace(30, seconds=60)

    @routes.get(f"{PREFIX}/grund.txt")
    def text(rule: str, shown: Shown = reads) -> Response:
        return _text(site, shown, rule, "")

    @routes.get(f"{PREFIX}/{{subject}}/grund.txt")
    def text_of_subject(rule: str, subject: str, shown: Shown = reads) -> Response:
        return _text(site, shown, rule, subject)

    @routes.get(f"{PREFIX}/grund.pdf")
    def pdf(request: Request, rule: str, shown: Shown = reads) -> Response:
        return _pdf(site, request, shown, rule, "")

    @routes.get(f"{PREFIX}/{{subject}}/grund.pdf")
    def pdf_of_subject(request: Request, rule: str, subject: str, shown: Shown = reads) -> Response:
        return _pdf(site, request, shown, rule, subject)

    @routes.post(f"{PREFIX}/del")
    def make(rule: str, subject: Text = "", dage: Text = "", shown: Shown = shares) -> Response:
        visit = shown.visit
        deadline = given(shown.standing, shown.standing.rules, rule, subject)["deadline"]
        if not dage.isdecimal():
            raise Invalid(phrase("vælg, hvor længe linket skal gælde"))
        made, secret = share(
            visit.place.engine, shown.standing, rule, subject, int(dage[:4]), visit.visitor.name, visit.at
        )
        address = f"{visit.place.settings.base_url.rstrip('/')}/delt/{secret}"
        return shown.page("law/share-made.html", status=201, deadline=deadline, made=made, address=address)

    @routes.post(f"{PREFIX}/del/ophaev")
    def end(rule: str, number: Number, shown: Shown = shares) -> Response:
        visit, key = shown.visit, shown.standing.agreement.key
        ended = end_shared(visit.place.engine, key, number, visit.visitor.name, visit.at)
        subject = f"/{ended.subject}" if ended.subject else ""
        return RedirectResponse(f"/aftaler/{key}/frister/{ended.rule}{subject}#del", 303)

    @routes.post(f"{PREFIX}/mail")
    def send(
        rule: str, subject: Text = "", til: Text = "", besked: Annotated[str, Form(max_length=100_000)] = "",
        shown: Shown = shares,
    ) -> Response:  # fmt: skip
        visit, key = shown.visit, shown.standing.agreement.key
        deadline = _told(shown, rule, subject)["deadline"]
        try:
            number, address = forward(
                visit.place.engine, visit.rulebook, key, rule, subject, til, besked, visit.visitor.name, visit.at,
                visit.place.settings.base_url,
            )  # fmt: skip
        except Invalid as error:
            wrong = {"besked" if "besked" in str(error) else "til": f"{stort(said_by(error))}."}
            typed = {"til": til, "besked": besked[:MOST_WORDS]}
            return shown.page(
                "law/share-mail.html",
                status=422,
                deadline=deadline,
                typed=typed,
                wrong=wrong,
                most=MOST_WORDS,
            )
        goes = promised(visit.place.engine, [number], visit.at)
        return shown.page(
            "law/share-sent.html", status=201, deadline=deadline, address=address, number=number, goes=goes
        )

    @routes.get(f"{PREFIX}/mail")
    def write(rule: str, emne: str = "", shown: Shown = shares) -> HTMLResponse:
        deadline = _told(shown, rule, emne)["deadline"]
        typed = {"til": "", "besked": ""}
        return shown.page("law/share-mail.html", deadline=deadline, typed=typed, wrong={}, most=MOST_WORDS)

    @routes.get("/delt/{secret}")
    def read(request: Request, secret: Annotated[str, Path(max_length=200)]) -> Response:
        """The reasons as they stand today, and no other page; 404 for an address that is unknown, over or ended."""
        at, place, client = site.clock(), site.place(), client_of(request)
        wrong_addresses.refuse_if_spent(client, at)
        today = danish_day(at)
        try:
            found = opened(place.engine, secret, today)
            standing = find_standing(place.engine, place.rulebook, found.agreement, today)
            told = given(standing, standing.rules, found.rule, found.subject)
        except NotFound:
            wrong_addresses.take(client, at)
            raise
        return site.sheets.page(request, "law/shared.html", shared=found, today=today, as_of=today, **told)

    return routes


def _told(shown: Shown, rule: str, subject: str) -> dict[str, Any]:
    return given(shown.standing, shown.standing.rules, rule, subject)


def _text(site: Site, shown: Shown, rule: str, subject: str) -> Response:
    visit = shown.visit
    told = _told(shown, rule, subject)
    return PlainTextResponse(site.sheets.text("law/why.txt", as_of=visit.as_of, **told))


def _pdf(site: Site, request: Request, shown: Shown, rule: str, subject: str) -> Response:
    visit, to_pdf, told = shown.visit, printer(), _told(shown, rule, subject)
    if to_pdf is None:
        said = {"heading": worded(noted("Begrundelsen kan ikke hentes som PDF")), "sentence": worded(NO_PDF)}
        return site.sheets.page(request, "frame/fejl.html", visit.visitor, status=404, **said)
    page = bytes(visit.page("law/shared.html", shared=None, **told).body).decode()
    name = f"hvorfor-{shown.row.region}-{shown.row.label}-{rule}{'-' * bool(subject)}{subject}.pdf"
    return download(to_pdf(page, site.sheets.style), name, "application/pdf")
