"""*Kommende breve*: what goes the next 14 days, by day and mailbox, with *send nu*, *vent til* and *spring over*."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from workflow.errors import NotFound
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.letters.hands import Tried, carry_out, said_done
from workflow.faces.web.pages.site import Site, Visit
from workflow.language import phrase
from workflow.services.hands.agenda import agenda
from workflow.services.hands.promised import number_of
from workflow.services.hands.upcoming import DAYS
from workflow.services.people.contacts.reach import mailboxes_of

PATH = "/breve/kommende"
Word = Annotated[str, Form(max_length=100_000)]
Act = Annotated[str, Form(pattern="^(now|wait|skip|revive|release|retry|cancel)$")]


def router(site: Site) -> APIRouter:
    """The list and the act on one of its letters."""
    routes = APIRouter()

    @routes.get(PATH)
    def show(
        visit: Visit = site.visits(Action.READ_LETTERS), region: str = "", gjort: str = "", brev: int = 0
    ) -> HTMLResponse:
        return _page(visit, region, done=(gjort, brev))

    @routes.post(PATH)
    def act(
        visit: Visit = site.visits(Action.HANDLE), hvad: Act = "now", noegle: Word = "", why: Word = "",
        until: Word = "", region: Word = "",
    ) -> Response:  # fmt: skip
        key = noegle[:500]
        if key.partition("/")[0] not in visit.regions(Action.HANDLE):
            raise NotFound(phrase("brevet findes ikke"))
        typed = {"hvad": hvad, "why": why, "until": until, "text": "", "nth": "1"}
        try:
            tried = carry_out(visit, key, typed)
        except NotFound:
            tried = Tried(
                hvad, {}, phrase("Brevet er ikke længere blandt dem, der skal sendes; her er listen nu."), 409
            )
        if tried.done:
            narrowed = f"&region={region}" if region in visit.regions(Action.READ_LETTERS) else ""
            number = number_of(visit.place.engine, key)
            return RedirectResponse(f"{PATH}?gjort={hvad}&brev={number}{narrowed}", 303)
        known = region if region in visit.regions(Action.READ_LETTERS) else ""
        return _page(visit, known, key=key, typed=typed, tried=tried)

    return routes


def _page(
    visit: Visit, region: str = "", *, done: tuple[str, int] = ("", 0), key: str = "",
    typed: Mapping[str, str] | None = None, tried: Tried | None = None,
) -> HTMLResponse:  # fmt: skip
    engine, within = visit.place.engine, visit.within(Action.READ_LETTERS, region)
    found = agenda(
        engine, visit.rulebook, within, visit.lane(Action.READ_LETTERS), visit.today, days=DAYS,
        send_hour=visit.place.settings.send_hour,
    )  # fmt: skip
    everybody = [one.recipient for _, lines in found.days for one in lines]
    listed = {one.number for lines in (found.stuck, *dict(found.days).values()) for one in lines}
    return visit.page(
        "letters/upcoming.html", status=tried.status if tried else 200, found=found, days=DAYS, key=key,
        done=said_done(visit, done[0], done[1] if done[1] in listed else 0), typed=typed or {}, tried=tried,
        boxes=mailboxes_of(engine, everybody, visit.today), region=region,
        regions=visit.regions(Action.READ_LETTERS),
    )  # fmt: skip
