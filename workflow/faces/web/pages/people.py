"""*Kontakter*: the mailboxes letters go to, the bodies that have none that day, and what was struck off by mistake."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from workflow.errors import NotFound
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.site import Site, Visit
from workflow.rules.days import danish_day
from workflow.services.people.contacts import list_contacts
from workflow.services.people.strikes import restore
from workflow.storage.bodies import Region
from workflow.storage.tables import Contact


@dataclass(frozen=True, slots=True)
class Sheet:
    """A region's mailboxes, and the functions nobody can be written to about that day."""

    region: Region
    contacts: list[Contact]
    missing: list[str]
    struck_on: list[date]  # the Danish days on which a mailbox was struck off, the newest first


def router(site: Site) -> APIRouter:
    """The mailboxes, and the act that takes those of one day into use again."""
    routes = APIRouter()

    @routes.get("/kontakter")
    def contacts(
        visit: Visit = site.visits(Action.READ_CONTACTS, back=True), region: str = ""
    ) -> HTMLResponse:
        mine = visit.regions(Action.READ_CONTACTS)
        visit.within(Action.READ_CONTACTS, region)  # refuses one that is not there
        shown = region or next(iter(mine), "")
        return visit.page(
            "contacts", regions=mine, region=shown, sheet=_sheet(visit, shown) if shown else None
        )

    @routes.post("/kontakter/genoptag")
    def restore_day(
        day: Annotated[date, Form()], visit: Visit = site.visits(Action.MANAGE),
        region: Annotated[str, Form(max_length=40)] = "",
    ) -> Response:  # fmt: skip
        with suppress(NotFound):  # pressed twice: they are in use already
            restore(visit.place.engine, [], day, visit.visitor.name, visit.at)
        back = visit.rulebook.region(region).id if region else ""
        return RedirectResponse(f"/kontakter?region={back}" if back else "/kontakter", 303)

    return routes


def _sheet(visit: Visit, region: str) -> Sheet:
    found = list_contacts(visit.place.engine, visit.rulebook, region)
    seen = [one for one in found if visit.may(Action.READ_CONTACTS, region, one.body)]
    needed = [f"{region}/secretariat-region", f"{region}/secretariat-municipal"]
    needed += [f"{party.code}/council" for party in visit.rulebook.parties(region, visit.as_of)]
    reached = {f"{one.body}/{one.function}" for one in found if alive(one, visit.as_of)}
    missing = [visit.to(one) for one in needed if one not in reached]
    struck = {danish_day(one.refused_at) for one in seen if one.refused_at}
    manages = visit.visitor.reach(Action.MANAGE) is not None
    return Sheet(
        visit.rulebook.region(region), seen, missing, sorted(struck, reverse=True) if manages else []
    )


def alive(contact: Contact, on: date) -> bool:
    """Whether a letter may go to the mailbox that Danish day."""
    begun = contact.valid_from is None or contact.valid_from <= on
    return begun and (contact.valid_to is None or on <= contact.valid_to) and contact.refused_at is None
