"""*Afsender og hilsen*: a region's own name as sender, its closing lines, and where answers go."""

from __future__ import annotations

from collections.abc import Mapping
from email.headerregistry import Address
from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from workflow.errors import Conflict
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.site import Site, Visit
from workflow.language import noted, said_by, said_each
from workflow.mail.writing.mime import address
from workflow.services.people.contacts.mailboxes import WrongFields
from workflow.services.people.contacts.senders import FIELDS, find_sender, history_of, seen, set_sender

Words = Annotated[str, Form(max_length=2000)]
LABELS = {"name": noted("Afsenderens navn"), "signature": noted("Hilsen"), "reply_to": noted("Svar går til")}


def router(site: Site) -> APIRouter:
    """The routes of the page."""
    routes, sets = APIRouter(prefix="/indstillinger/afsender"), site.visits(Action.SETTINGS)

    @routes.get("")
    def show(visit: Visit = sets, region: str = "", gemt: str = "") -> HTMLResponse:
        return _page(visit, visit.one_region(Action.SETTINGS, region), saved=bool(gemt))

    @routes.post("")
    def save(
        visit: Visit = sets, region: Annotated[str, Form(max_length=40)] = "", name: Words = "", signature: Words = "",
        reply_to: Words = "", was: Words = "",
    ) -> Response:  # fmt: skip
        chosen, typed = (
            visit.one_region(Action.SETTINGS, region),
            {"name": name, "signature": signature, "reply_to": reply_to},
        )
        engine, rules = visit.place.engine, visit.rulebook
        try:
            set_sender(engine, rules, chosen, typed, visit.visitor.signature, visit.at, was)
        except WrongFields as error:
            return _page(visit, chosen, typed, wrong=error.wrong, status=422)
        except Conflict as error:
            return _page(visit, chosen, refused=said_by(error), status=409)
        return RedirectResponse(f"/indstillinger/afsender?region={chosen}&gemt=1", 303)

    return routes


def _page(
    visit: Visit, region: str, typed: dict[str, str] | None = None, *, wrong: Mapping[str, str] | None = None,
    refused: str = "", saved: bool = False, status: int = 200,
) -> HTMLResponse:  # fmt: skip
    line = find_sender(visit.place.engine, visit.rulebook, region)
    sender = address(visit.place.settings.sender)
    own = Address(line.name or sender.display_name, addr_spec=sender.addr_spec)
    return visit.page(
        "letters/sender.html",
        status=status, region=region, regions=visit.regions(Action.SETTINGS), line=line, seen=seen(line),
        typed=typed or {name: getattr(line, name) for name in FIELDS}, wrong=wrong or {}, refused=refused, saved=saved,
        labels=said_each(LABELS), shown=f"{own.display_name} <{own.addr_spec}>" if own.display_name else own.addr_spec,
        reply_to=line.reply_to or visit.place.settings.reply_to, history=history_of(visit.place.engine, region),
    )  # fmt: skip
