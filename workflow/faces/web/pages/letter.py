"""*Brev*: one letter exactly as sent, every attempt with the server's words, and the proof to take away."""

from __future__ import annotations

from dataclasses import replace

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from workflow.errors import NotFound
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.download import download
from workflow.faces.web.pages.site import Site, Visit
from workflow.mail.cutting import MayUse
from workflow.mail.links import opened_ask
from workflow.services.keeping.proving import packed, prove
from workflow.services.views.letters import Letter, read_letter

LARGEST = 2**62  # what both databases can hold


def router(site: Site) -> APIRouter:
    """The routes of one letter, by its number."""
    routes, reads = APIRouter(prefix="/breve/{number}"), site.visits(Action.READ_LETTERS)

    @routes.get("")
    def letter(number: int, visit: Visit = reads) -> HTMLResponse:
        found = _find(visit, number)
        n, body = found.notice, found.notice.recipient.partition("/")[0]
        stoppable = (
            n.state == "accepted"
            and not n.statutory
            and n.rung.startswith("-")
            and visit.visitor.sees(Action.ACKNOWLEDGE, region=found.agreement.region, body=body)
        )
        return visit.page("letter", letter=found, stoppable=stoppable)

    @routes.get("/brev.eml")
    def mail(number: int, visit: Visit = reads) -> Response:
        found = _find(visit, number)
        body = found.mail_bytes
        if body is None:
            raise NotFound("brevet er ikke skrevet endnu")
        return download(body, f"brev-{number}.eml", "message/rfc822")

    @routes.get("/bevis.zip")
    def proof(number: int, visit: Visit = reads) -> Response:
        found = _find(visit, number)
        files = prove(visit.place.engine, str(found.notice.id), found.may_use)
        return download(packed(files), f"bevis-{number}.zip", "application/zip")

    return routes


def _find(visit: Visit, number: int) -> Letter:
    if not 0 < number < LARGEST:
        raise NotFound("brevet findes ikke")
    found = read_letter(visit.place.engine, number, visit.today)
    body = found.notice.recipient.partition("/")[0]
    visit.visitor.require(Action.READ_LETTERS, region=found.agreement.region, body=body)
    return replace(found, may_use=_keys_of(visit, found))


def _keys_of(visit: Visit, found: Letter) -> MayUse:
    """Which of the links in a letter are this visitor's own to use: what the policy lets them do anyway."""
    region, own = found.agreement.region, found.notice.recipient.partition("/")[0]

    def may_use(kind: str, token: str) -> bool:
        if kind == "svar":
            ask = opened_ask(token, visit.place.secret)
            return ask is not None and visit.visitor.sees(Action.REPORT, region=region, body=ask.council)
        return visit.visitor.sees(Action.ACKNOWLEDGE, region=region, body=own)

    return may_use
