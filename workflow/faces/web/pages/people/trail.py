"""*Spor*: who came in, was turned away or took something away, and what was done to people, mailboxes and settings."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.facts.fields import a_day
from workflow.faces.web.pages.site import Site, Visit
from workflow.language import noted, phrase, worded
from workflow.services.watch.trail import DONE, KINDS, MOST, Asked, Entry, entries

_ACTS = {
    "added": noted("oprettet"), "changed": noted("ændret"), "ended": noted("afsluttet"),
    "invited": noted("inviteret"), "revoked": noted("tilbagekaldt"),
    "erased": noted("slettet"),
    "struck-off": noted("afvist"), "restored": noted("taget i brug igen"), "removed": noted("fjernet"),
}  # fmt: skip
Word = Annotated[str, Query(max_length=300)]


def router(site: Site) -> APIRouter:
    """The page."""
    routes = APIRouter()

    @routes.get("/opsaetning/spor")
    def trail(
        visit: Visit = site.visits(Action.MANAGE), who: Word = "", what: Word = "", since: Word = "", until: Word = "",
    ) -> HTMLResponse:  # fmt: skip
        typed, wrong = {"who": who, "what": what, "since": since, "until": until}, dict[str, str]()
        if what not in ("", "done", *KINDS):
            wrong["what"] = phrase("Vælg fra listen.")
        asked = Asked(
            who.strip(), what, a_day(typed, "since", False, wrong), a_day(typed, "until", False, wrong)
        )
        found = [] if wrong else entries(visit.place.engine, asked, MOST + 1)
        return visit.page(
            "people/trail.html",
            status=422 if wrong else 200, found=found[:MOST], more=len(found) > MOST, typed=typed,
            wrong=wrong, kinds=KINDS, said=said,
        )  # fmt: skip

    return routes


def said(entry: Entry) -> str:
    """What happened, in words."""
    if not entry.act:
        return worded(KINDS.get(entry.what, entry.what))
    room, _, done = entry.what.partition("/")
    return f"{worded(DONE.get(room, room))}: {worded(_ACTS.get(done, done))}"
