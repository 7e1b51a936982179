"""*Møder*: when each council meets. A list that is pasted or sent becomes proposals; a person ticks what is right, and
only that is kept. A council keeps its own calendar, a secretariat those of its region."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from workflow.errors import NotFound
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.councils import calendarform as form
from workflow.faces.web.pages.councils.calendarform import Keeper, Line, Sealed, Sheet, Ticked, Words
from workflow.faces.web.pages.site import Site, Visit
from workflow.language import phrase
from workflow.rules.agreement import Region
from workflow.services.meetings.keeping import calendars
from workflow.services.meetings.naming import Names
from workflow.values import dataclass


@dataclass(frozen=True, slots=True)
class Calendar:
    """One council in the list: how many meetings are known in the year shown and in the next."""

    code: str
    name: str
    this_year: int
    next_year: int


def router(site: Site) -> APIRouter:
    """The routes of the calendars."""
    routes = APIRouter()
    reads, keeps = site.visits(Action.READ), site.visits(Action.KEEP_MEETINGS)

    @routes.get("/moeder")
    def every(visit: Visit = reads, region: str = "") -> HTMLResponse:
        visit.within(Action.READ, region)  # refuses one that is not there
        mine = visit.regions(Action.READ)
        shown = region or next(iter(mine), "")
        return visit.page(
            "councils/meetings.html",
            regions=mine, region=shown, rows=_calendars(visit, shown) if shown else [],
            named=visit.rulebook.region(shown) if shown else None,
        )  # fmt: skip

    @routes.get("/moeder/{body}")
    def one(body: str, visit: Visit = reads, gemt: str = "") -> Response:
        return form.page(_keeper(visit, Action.READ, body), saved=gemt)

    @routes.post("/moeder/{body}", max_body_size=form.MOST_FORM)
    def propose(
        body: str,
        visit: Visit = keeps,
        text: Words = "",
        year: Line = "",
        source: Line = "",
        document: Sheet = None,
    ) -> Response:
        return form.propose(_keeper(visit, Action.KEEP_MEETINGS, body), text, year, source, document)

    @routes.post("/moeder/{body}/gem")
    def save(body: str, visit: Visit = keeps, forslag: Sealed = "", dag: Ticked = []) -> Response:  # noqa: B006  FastAPI copies it
        return form.save(_keeper(visit, Action.KEEP_MEETINGS, body), forslag, dag)

    @routes.post("/moeder/{body}/fjern")
    def remove(body: str, visit: Visit = keeps, on: Line = "", organ: Line = "", why: Line = "") -> Response:
        return form.remove(_keeper(visit, Action.KEEP_MEETINGS, body), on, organ, why)

    return routes


def _keeper(visit: Visit, action: Action, body: str) -> Keeper:
    """Who looks at or keeps this calendar; :class:`NotFound` for a council that is not there or out of reach."""
    regions = Names(visit.rulebook).regions(body)

    def may(action: Action) -> bool:
        return any(visit.visitor.sees(action, region=region, body=body) for region in regions)

    if not may(action):
        raise NotFound(phrase("Siden findes ikke, eller du har ikke adgang til den."))

    def show(**told: object) -> HTMLResponse:
        return visit.page("councils/meetings-one.html", linked=None, **told)

    return Keeper(
        visit.place, body, visit.visitor.name, visit.visitor.account, f"/moeder/{body}", visit.at, show,
        may(Action.KEEP_MEETINGS),
    )  # fmt: skip


def _calendars(visit: Visit, region: str) -> list[Calendar]:
    place: Region = visit.rulebook.region(region)
    parties = visit.rulebook.parties(place.id, visit.today)
    years = (visit.today.year, visit.today.year + 1)
    known = calendars(visit.place.engine, [party.code for party in parties], years)
    return [Calendar(p.code, p.name, known[p.code, years[0]], known[p.code, years[1]]) for p in parties]
