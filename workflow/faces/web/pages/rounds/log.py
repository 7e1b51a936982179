"""*Log*: everything that happened about one agreement, filtered, and the notes people write beside it."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from workflow.errors import Invalid
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.facts.refusing import beside
from workflow.faces.web.pages.rounds.shown import Shown, showing
from workflow.faces.web.pages.site import Site, Visit
from workflow.rules.days import end_of, said_day
from workflow.services.desk.happened import INNER, KINDS, Wanted, happened
from workflow.services.desk.notes import MOST, write_note

PAGE, MOST_PAGES = 100, 100
FIELDS = dict.fromkeys(("hvad", "raad", "hvem", "fra", "til"), "")
Typed = Annotated[str, Form(max_length=100_000)]


def router(site: Site) -> APIRouter:
    """The log of one agreement, and the act that adds a note to it."""
    routes = APIRouter(prefix="/aftaler/{region}/{label}")

    @routes.get("/log")
    def log(
        shown: Shown = showing(site, Action.READ), hvad: str = "", raad: str = "", hvem: str = "",
        fra: str = "", til: str = "", side: int = 1,
    ) -> HTMLResponse:  # fmt: skip
        return _page(shown, {"hvad": hvad, "raad": raad, "hvem": hvem[:100], "fra": fra, "til": til}, side)

    @routes.post("/noter")
    def note(shown: Shown = showing(site, Action.RECORD), text: Typed = "", council: Typed = "") -> Response:
        visit, key = shown.visit, shown.standing.agreement.key
        try:
            written = write_note(
                visit.place.engine, visit.rulebook, key, council, text, visit.visitor.name, visit.at
            )
        except Invalid as error:
            wrong = {"text": beside(error)}
            return _page(shown, {"raad": council}, wrong=wrong, text=text[:MOST], status=422)
        return RedirectResponse(f"/aftaler/{key}/log#notat-{written.number}", 303)

    return routes


def sees_notes(visit: Visit, region: str) -> bool:
    """Whether the visitor reads the notes of a region: its secretariat and its coordinators, not the councils they are
    about."""
    return visit.may(Action.READ_LETTERS, region) and not visit.lane(Action.READ_LETTERS)


def _page(
    shown: Shown, asked: dict[str, str], side: int = 1, *, wrong: dict[str, str] | None = None, text: str = "",
    status: int = 200,
) -> HTMLResponse:  # fmt: skip
    visit, region, faults = shown.visit, shown.row.region, dict(wrong or {})
    kinds = {
        kind: name
        for kind, name in KINDS.items()
        if (kind not in INNER or sees_notes(visit, region))
        and (kind != "brev" or visit.regions(Action.READ_LETTERS))
    }
    what = asked.get("hvad", "")
    since, until = (_day(asked.get(name, ""), name, faults) for name in ("fra", "til"))
    side = min(max(side, 1), MOST_PAGES)
    wanted = Wanted(
        (what,) if what in kinds else tuple(kinds), asked.get("raad", "")[:20], asked.get("hvem", ""),
        end_of(since - timedelta(days=1)) if since else None, end_of(until) if until else None,
        visit.lane(Action.READ_LETTERS),
    )  # fmt: skip
    key = shown.standing.agreement.key
    found = happened(visit.place.engine, visit.rulebook, [key], wanted, PAGE + 1, (side - 1) * PAGE)
    return shown.page(
        "rounds/log.html",
        status=422 if faults and status == 200 else status, found=found[:PAGE], more=len(found) > PAGE,
        side=side, asked=FIELDS | asked, chosen=any(asked.values()), kinds=kinds, wrong=faults,
        text=text, most=MOST,
    )  # fmt: skip


def _day(typed: str, name: str, faults: dict[str, str]) -> date | None:
    if not typed.strip():
        return None
    try:
        return said_day(typed)
    except ValueError:
        faults[name] = "Skriv en dag, fx 1. december 2026."
        return None
