"""*Kontakter*: the mailboxes letters go to, who cannot be reached and which letters that stops, and what was struck off
by mistake."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from workflow.errors import NotFound
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.site import Site, Visit
from workflow.language import noted
from workflow.mail.writing.words import FUNCTIONS
from workflow.rules.agreement import Region
from workflow.rules.days import danish_day
from workflow.services.people.contacts.contacts import bodies_of, list_contacts
from workflow.services.people.contacts.reach import unreachable
from workflow.services.people.contacts.stopped import Coming, letters_to
from workflow.services.people.contacts.strikes import restore
from workflow.storage.tables import Contact
from workflow.values import dataclass

SHOWN = {
    "": noted("Alle"),
    "bruges": noted("Bruges nu"),
    "afvist": noted("Afviste"),
    "udloebet": noted("Udløbne"),
    "kommende": noted("Kommende"),
}


@dataclass(frozen=True, slots=True)
class Sheet:
    """A region's mailboxes as asked for. ``nowhere`` are the functions nobody can be written to about that day, each
    with the letters to come that this stops; ``lent`` those whose letters go to another mailbox of the same body."""

    region: Region
    contacts: list[Contact]
    bodies: list[tuple[str, str]]
    nowhere: list[tuple[str, list[Coming]]]
    lent: list[str]
    struck_on: list[date]  # the Danish days on which a mailbox was struck off, the newest first


def router(site: Site) -> APIRouter:
    """The mailboxes, and the act that takes those of one day into use again."""
    routes = APIRouter()

    @routes.get("/kontakter")
    def contacts(
        visit: Visit = site.visits(Action.READ_CONTACTS, back=True), region: str = "", organ: str = "",
        funktion: str = "", vis: str = "", gemt: str = "",
    ) -> HTMLResponse:  # fmt: skip
        mine = visit.regions(Action.READ_CONTACTS)
        visit.within(Action.READ_CONTACTS, region)  # refuses one that is not there
        shown = region or next(iter(mine), "")
        asked = {"organ": organ, "funktion": funktion, "vis": vis}
        return visit.page(
            "contacts/contacts.html",
            regions=mine, region=shown, sheet=_sheet(visit, shown, asked) if shown else None, asked=asked,
            functions=FUNCTIONS, kinds=SHOWN, state_of=state_of, saved=gemt[:200],
        )  # fmt: skip

    @routes.post("/kontakter/genoptag")
    def restore_day(
        day: Annotated[date, Form()], visit: Visit = site.visits(Action.MANAGE_CONTACTS),
        region: Annotated[str, Form(max_length=40)] = "",
    ) -> Response:  # fmt: skip
        visit.within(Action.MANAGE_CONTACTS, region)
        mine = visit.regions(Action.MANAGE_CONTACTS)
        bodies = [body for one in ([region] if region else mine) for body in bodies_of(visit.rulebook, one)]
        with suppress(NotFound):  # pressed twice: they are in use already
            restore(visit.place.engine, [], day, visit.visitor.signature, visit.at, bodies)
        return RedirectResponse(f"/kontakter?region={region}" if region else "/kontakter", 303)

    return routes


def _sheet(visit: Visit, region: str, asked: dict[str, str]) -> Sheet:
    today = visit.as_of
    found = list_contacts(visit.place.engine, visit.rulebook, region)
    seen = [one for one in found if visit.may(Action.READ_CONTACTS, region, one.body)]
    coming = letters_to(visit.place.engine, visit.rulebook, [region], today) if today == visit.today else {}
    needed = [f"{region}/secretariat-region", f"{region}/secretariat-municipal"]
    needed += [f"{party.code}/council" for party in visit.rulebook.parties(region, today)]
    needed = [
        one for one in dict.fromkeys((*needed, *coming))
        if visit.may(Action.READ_CONTACTS, region, one.partition("/")[0])
    ]  # fmt: skip
    nowhere = unreachable(visit.place.engine, needed, today)
    reached = {f"{one.body}/{one.function}" for one in found if state_of(one, today) == "bruges"}
    struck = {danish_day(one.refused_at) for one in seen if one.refused_at}
    manages = visit.may(Action.MANAGE_CONTACTS, region)
    bodies = {one.body: visit.to(f"{one.body}/council") for one in seen}
    return Sheet(
        visit.rulebook.region(region),
        [one for one in seen if _asked(one, asked, today)],
        sorted(bodies.items(), key=lambda one: one[1]),
        [(one, coming.get(one, [])) for one in nowhere],
        [one for one in needed if one not in reached and one not in nowhere],
        sorted(struck, reverse=True) if manages else [],
    )


def _asked(contact: Contact, asked: dict[str, str], on: date) -> bool:
    if asked["organ"] not in ("", contact.body) or asked["funktion"] not in ("", contact.function):
        return False
    return asked["vis"] not in SHOWN or asked["vis"] in ("", state_of(contact, on))


def state_of(contact: Contact, on: date) -> str:
    """How a mailbox stands that Danish day, by the names of :data:`SHOWN`."""
    if contact.refused_at is not None:
        return "afvist"
    if contact.valid_to and contact.valid_to < on:
        return "udloebet"
    return "kommende" if contact.valid_from and contact.valid_from > on else "bruges"
