"""*Breve*: one list of every letter one may see, by week, state, body and kind."""

from __future__ import annotations

from datetime import date, timedelta

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from workflow.errors import Invalid
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.rounds.lists import BEGIN_AGAIN
from workflow.faces.web.pages.site import Site, Visit
from workflow.language import phrase
from workflow.rules.days import said_day
from workflow.services.hands.every import STATES, Asked, after_of, every_letter, text_of
from workflow.services.people.contacts.contacts import bodies_of
from workflow.services.views import titles

PAGE = 50


def router(site: Site) -> APIRouter:
    """The route of the list."""
    routes = APIRouter()

    @routes.get("/breve")
    def every(
        visit: Visit = site.visits(Action.READ_LETTERS), uge: str = "", tilstand: str = "", organ: str = "",
        slags: str = "", region: str = "", efter: str = "",
    ) -> HTMLResponse:  # fmt: skip
        monday = _monday(uge)
        names = _bodies(visit)
        wrong = (tilstand and tilstand not in STATES) or (organ and organ not in names)
        if wrong or (slags and slags not in visit.titles):
            raise Invalid(phrase("vælg tilstand, organ og slags fra listerne på siden Breve"))
        try:
            after = after_of(efter)
        except ValueError as error:
            raise Invalid(BEGIN_AGAIN) from error
        found = every_letter(
            visit.place.engine, visit.within(Action.READ_LETTERS, region), visit.lane(Action.READ_LETTERS),
            Asked(monday, tilstand, organ, slags), after, PAGE + 1, visit.today,
        )  # fmt: skip
        asked = {"uge": uge, "tilstand": tilstand, "organ": organ, "slags": slags, "region": region}
        return visit.page(
            "letters/every-letter.html",
            letters=found[:PAGE], more=text_of(found[PAGE - 1]) if len(found) > PAGE else "",
            asked=asked, monday=monday, weeks=_beside(monday or visit.today), bodies=names,
            states_named=[(key, name) for key, (name, _) in STATES.items()],
            kinds=sorted(visit.titles.items(), key=lambda one: one[1]), regions=visit.regions(Action.READ_LETTERS),
            region_names=[(one, visit.name_of(one)) for one in visit.regions(Action.READ_LETTERS)],
        )  # fmt: skip

    return routes


def _monday(text: str) -> date | None:
    """The Monday of the week a day lies in; the day as people write it."""
    if not text.strip():
        return None
    try:
        day = said_day(text)
    except ValueError as error:
        raise Invalid(phrase("skriv en dag i ugen, fx 30.11.2026")) from error
    if not 2000 <= day.year <= 2100:
        raise Invalid(phrase("skriv en dag mellem 2000 og 2100"))
    return day - timedelta(days=day.weekday())


def _beside(day: date) -> tuple[date, date]:
    """The Mondays before and after the week of ``day``."""
    monday = day - timedelta(days=day.weekday())
    return monday - timedelta(days=7), monday + timedelta(days=7)


def _bodies(visit: Visit) -> dict[str, str]:
    """The bodies whose letters one may see, by name."""
    if lane := visit.lane(Action.READ_LETTERS):
        return {lane: visit.name_of(lane)}
    codes = {
        code for region in visit.regions(Action.READ_LETTERS) for code in bodies_of(visit.rulebook, region)
    }
    names = titles.bodies(visit.rulebook)
    return dict(sorted(((code, names.get(code, code)) for code in codes), key=lambda one: one[1]))
