"""A council keeps its calendar by the link in its mail: the link is the key, and opens that council's days to come."""

from __future__ import annotations

from collections.abc import Callable

from fastapi import APIRouter, Depends, Request, Response

from workflow.errors import NotPossible
from workflow.faces.daemon.workplace import Workplace
from workflow.faces.web.fromletters import opened_link
from workflow.faces.web.gate.pace import Pace, client_of
from workflow.faces.web.gate.visitor import anyone
from workflow.faces.web.pages.councils import calendarform as form
from workflow.faces.web.pages.councils.calendarform import Keeper, Line, Sealed, Sheet, Ticked, Words
from workflow.faces.web.pages.site import Site
from workflow.faces.web.tongue import speak_to_mailbox
from workflow.language import phrase
from workflow.mail.links import opened_ask, opened_calendar
from workflow.rules.days import danish_day
from workflow.services.meetings.linked import Linked, by_answer_link, by_calendar_link

TRIES, SECONDS = 30, 600  # posts of one client
Opens = Callable[[Workplace, str], Linked]


def router(site: Site) -> APIRouter:
    """The same form behind the link that asks when a council meets, and behind the one that asks what it decided."""
    routes, pace = APIRouter(), Pace(TRIES, SECONDS)

    def asks_when(place: Workplace, token: str) -> Linked:
        calendar = opened_link(place, token, opened_calendar)
        return by_calendar_link(place.engine, place.rulebook, calendar, danish_day(site.clock()))

    def asks_what(place: Workplace, token: str) -> Linked:
        ask = opened_link(place, token, opened_ask)
        return by_answer_link(place.engine, place.rulebook, ask, danish_day(site.clock()))

    _add(routes, site, pace, "/moedeplan/{token}", asks_when)
    _add(routes, site, pace, "/svar/{token}/moeder", asks_what)
    return routes


def _add(routes: APIRouter, site: Site, pace: Pace, path: str, opens: Opens) -> None:
    public = [Depends(anyone)]

    def keeper(request: Request, token: str, changes: bool = True) -> Keeper:
        place, at = site.place(), site.clock()
        if changes:
            pace.take(client_of(request), at)
        linked = opens(place, token)
        speak_to_mailbox(request, linked.language)
        if linked.dead or (changes and linked.closed):
            raise NotPossible(
                phrase("Mødedagene kan ikke ændres her længere: %(why)s. Intet er ændret.", why=linked.closed)
            )

        def show(**told: object) -> Response:
            return site.sheets.page(request, "councils/meetings-one.html", linked=linked, **told)  # type: ignore[arg-type]

        by = f"{linked.by}, gennem linket i mailen"
        own, today = path.replace("{token}", token), danish_day(at)
        return Keeper(place, linked.council, by, f"link:{token}", own, at, show, not linked.closed, today)

    @routes.get(path, dependencies=public)
    def one(request: Request, token: str, gemt: str = "") -> Response:
        return form.page(keeper(request, token, False), saved=gemt)

    @routes.post(path, dependencies=public, max_body_size=form.MOST_FORM)
    def propose(
        request: Request,
        token: str,
        text: Words = "",
        year: Line = "",
        source: Line = "",
        document: Sheet = None,
    ) -> Response:
        return form.propose(keeper(request, token), text, year, source, document)

    @routes.post(f"{path}/gem", dependencies=public)
    def save(request: Request, token: str, forslag: Sealed = "", dag: Ticked = []) -> Response:  # noqa: B006  FastAPI copies it
        return form.save(keeper(request, token), forslag, dag)

    @routes.post(f"{path}/fjern", dependencies=public)
    def remove(request: Request, token: str, on: Line = "", organ: Line = "", why: Line = "") -> Response:
        return form.remove(keeper(request, token), on, organ, why)
