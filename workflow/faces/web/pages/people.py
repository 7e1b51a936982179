"""*Kontakter*: the mailboxes letters go to, and the bodies that have none that day."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.site import Site, Visit
from workflow.services.people.contacts import list_contacts
from workflow.storage.bodies import Region
from workflow.storage.tables import Contact


@dataclass(frozen=True, slots=True)
class Sheet:
    """A region's mailboxes, and the functions nobody can be written to about that day."""

    region: Region
    contacts: list[Contact]
    missing: list[str]


def router(site: Site) -> APIRouter:
    """The route of the mailboxes."""
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

    return routes


def _sheet(visit: Visit, region: str) -> Sheet:
    found = list_contacts(visit.place.engine, visit.rulebook, region)
    seen = [one for one in found if visit.may(Action.READ_CONTACTS, region, one.body)]
    needed = [f"{region}/secretariat-region", f"{region}/secretariat-municipal"]
    needed += [f"{party.code}/council" for party in visit.rulebook.parties(region, visit.as_of)]
    reached = {f"{one.body}/{one.function}" for one in found if alive(one, visit.as_of)}
    return Sheet(visit.rulebook.region(region), seen, [visit.to(one) for one in needed if one not in reached])


def alive(contact: Contact, on: date) -> bool:
    """Whether a letter may go to the mailbox that Danish day."""
    begun = contact.valid_from is None or contact.valid_from <= on
    return begun and (contact.valid_to is None or on <= contact.valid_to) and contact.refused_at is None
