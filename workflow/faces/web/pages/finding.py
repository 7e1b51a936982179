"""*Søg*: one field for places, people, days, paragraphs and letters."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.people.people import grasp_of
from workflow.faces.web.pages.site import Site, Visit
from workflow.services.views.search import LONGEST, Reach, search


def router(site: Site) -> APIRouter:
    """The route of the search."""
    routes = APIRouter()

    @routes.get("/soeg")
    def find(visit: Visit = site.visits(Action.READ), q: str = "") -> HTMLResponse:
        asked = q.encode("utf-8", "ignore").decode().replace("\0", "")[:200]
        reach = Reach(
            visit.regions(Action.READ),
            visit.regions(Action.READ_LETTERS),
            visit.regions(Action.READ_CONTACTS),
            visit.lane(Action.READ_LETTERS),
            () if visit.lane(Action.READ_LETTERS) else visit.regions(Action.READ_LETTERS),
            grasp_of(visit) if visit.visitor.reach(Action.PEOPLE) else None,
        )
        found = search(visit.place.engine, visit.rulebook, asked, reach, visit.today)
        return visit.page("frame/search.html", q=asked[:LONGEST], found=found)

    return routes
