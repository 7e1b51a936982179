"""*Brev*: one letter exactly as sent, every attempt with the server's words, and the proof to take away."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from workflow.errors import NotFound
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.letters.hands import Tried, carry_out, said_done
from workflow.faces.web.pages.papers.download import download
from workflow.faces.web.pages.rounds.log import sees_notes
from workflow.faces.web.pages.site import Site, Visit
from workflow.language import phrase
from workflow.mail.links import opened_ask
from workflow.mail.writing.cutting import MayUse
from workflow.services.hands.noting import acts_on, notes_on
from workflow.services.hands.offered import offered_on
from workflow.services.hands.resending import copies_of
from workflow.services.keeping.proving import packed, prove
from workflow.services.views.letters import Letter, read_letter
from workflow.storage.database import reading
from workflow.values import replace

Word = Annotated[str, Form(max_length=100_000)]
Act = Annotated[str, Form(pattern="^(now|wait|skip|revive|hold|release|cancel|retry|resend|confirm|note)$")]
LARGEST = 2**62  # what both databases can hold


def router(site: Site) -> APIRouter:
    """The routes of one letter, by its number."""
    routes, reads = APIRouter(prefix="/breve/{number}"), site.visits(Action.READ_LETTERS)

    @routes.get("")
    def letter(number: int, visit: Visit = reads, gjort: str = "") -> HTMLResponse:
        return _page(visit, _find(visit, number), done=gjort)

    @routes.post("")
    def act(
        number: int, visit: Visit = site.visits(Action.HANDLE), hvad: Act = "note", why: Word = "", until: Word = "",
        text: Word = "", nth: Annotated[int, Form(ge=1, le=99)] = 1,
    ) -> Response:  # fmt: skip
        found = _find(visit, number, Action.HANDLE)
        typed = {"hvad": hvad, "why": why, "until": until, "text": text, "nth": str(nth)}
        tried = carry_out(visit, str(number), typed)
        if tried.done:
            return RedirectResponse(f"/breve/{number}?gjort={hvad}", 303)
        return _page(visit, found, typed=typed, tried=tried)

    @routes.get("/brev.eml")
    def mail(number: int, visit: Visit = reads) -> Response:
        found = _find(visit, number)
        body = found.mail_bytes
        if found.removed_on:
            raise NotFound(phrase("brevets tekst er fjernet %(day)s efter frist", day=found.removed_on))
        if body is None:
            raise NotFound(phrase("brevet er ikke skrevet endnu"))
        return download(body, f"brev-{number}.eml", "message/rfc822")

    @routes.get("/bevis.zip")
    def proof(number: int, visit: Visit = reads) -> Response:
        found = _find(visit, number)
        files = prove(visit.place.engine, str(found.notice.id), found.may_use)
        return download(packed(files), f"bevis-{number}.zip", "application/zip")

    return routes


def _page(
    visit: Visit,
    found: Letter,
    *,
    done: str = "",
    typed: Mapping[str, str] | None = None,
    tried: Tried | None = None,
) -> HTMLResponse:
    n, region = found.notice, found.agreement.region
    engine, body = visit.place.engine, n.recipient.partition("/")[0]
    stoppable = (
        n.state == "accepted"
        and not n.statutory
        and n.rung.startswith("-")
        and visit.visitor.sees(Action.ACKNOWLEDGE, region=region, body=body)
    )
    with reading(engine) as session:
        made = copies_of(session, n)
    told = said_done(visit, done, made[-1] if done == "resend" and made else n.id or 0)
    return visit.page(
        "letters/letter.html",
        status=tried.status if tried else 200, letter=found, stoppable=stoppable, done=told,
        typed=typed or {}, tried=tried, copies=made, acts=acts_on(engine, n),
        offers=offered_on(n) if visit.visitor.sees(Action.HANDLE, region=region) else (),
        notes=notes_on(engine, n) if sees_notes(visit, region) else [],
    )  # fmt: skip


def _find(visit: Visit, number: int, action: Action = Action.READ_LETTERS) -> Letter:
    if not 0 < number < LARGEST:
        raise NotFound(phrase("brevet findes ikke"))
    found = read_letter(visit.place.engine, number, visit.today)
    body = found.notice.recipient.partition("/")[0]
    visit.visitor.require(action, region=found.agreement.region, body=body)
    return replace(found, may_use=_keys_of(visit, found))


def _keys_of(visit: Visit, found: Letter) -> MayUse:
    """Which of the links in a letter are this visitor's own to use: what the policy lets them do anyway."""
    region, own = found.agreement.region, found.notice.recipient.partition("/")[0]

    def may_use(kind: str, token: str) -> bool:
        if kind == "svar":
            ask = opened_ask(token, visit.place.secret)
            return ask is not None and visit.visitor.sees(Action.REPORT, region=region, body=ask.council)
        if kind == "moedeplan":
            return visit.visitor.sees(Action.KEEP_MEETINGS, region=region, body=own)
        if kind == "fil":
            return visit.visitor.sees(Action.READ, region=region)
        return kind == "kvitter" and visit.visitor.sees(Action.ACKNOWLEDGE, region=region, body=own)

    return may_use
