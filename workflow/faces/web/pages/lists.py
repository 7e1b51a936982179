"""*Aftaler* and *Frister*: the long lists, today or as of another day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from workflow.errors import Invalid
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.site import Site, Visit
from workflow.services.views import listing, lookback
from workflow.services.views.listing import ListedDeadline
from workflow.services.views.replydates import ReplyDate, open_reply_dates, waited_for
from workflow.storage.projection import Standing

PAGE, FOLDED, MOST_ASKED = 50, 20, 20  # rows; agreements folded for another day; agreements out for an answer
_KEY = re.compile(r"[a-z]{1,40}/[^/]{1,40}")
BEGIN_AGAIN = "efter er ikke en side i listen; begynd forfra uden den"


def router(site: Site) -> APIRouter:
    """The routes of the long lists."""
    routes, reads = APIRouter(), site.visits(Action.READ, back=True)

    @routes.get("/aftaler")
    def agreements(visit: Visit = reads, region: str = "", efter: str = "") -> HTMLResponse:
        if visit.as_of != visit.today:
            standings, more = folded(visit, Action.READ, region, efter)
            then = [lookback.listed_agreement(one) for one in standings]
            return visit.page("agreements", found=then, more=more, region=region)
        after = (efter.partition("/")[0], efter.partition("/")[2])
        found = listing.agreements(visit.place.engine, visit.within(Action.READ, region), after, PAGE + 1)
        more = found[PAGE - 1].key if len(found) > PAGE else ""
        return visit.page("agreements", found=found[:PAGE], more=more, region=region)

    @routes.get("/frister")
    def deadlines(
        visit: Visit = reads, status: str = "upcoming", region: str = "", efter: str = ""
    ) -> HTMLResponse:
        if status not in listing.STATUSES:
            raise Invalid(f"status skal være en af {', '.join(listing.STATUSES)}")
        read = _now if visit.as_of == visit.today else _then
        found, asked, more = read(visit, status, region, efter)
        asked = asked if status == "upcoming" else []
        return visit.page("deadlines", found=found, asked=asked, more=more, which=status, region=region)

    return routes


Found = tuple[Sequence[ListedDeadline], Sequence[tuple[Standing, ReplyDate]], str]


def _now(visit: Visit, status: str, region: str, efter: str) -> Found:
    """From the projection, by date; with the first page the days councils were asked to answer by."""
    engine, regions = visit.place.engine, visit.within(Action.READ, region)
    found = listing.deadlines(engine, regions, status, _after(efter), PAGE + 1)
    last = found[PAGE - 1] if len(found) > PAGE else None
    more = f"{last.legal_on or date.min}.{last.id}" if last else ""
    if efter or status != "upcoming":
        return found[:PAGE], [], more
    lane = visit.visitor.body
    return (
        found[:PAGE],
        open_reply_dates(engine, visit.rulebook, regions, visit.today, lane, MOST_ASKED),
        more,
    )


def _then(visit: Visit, status: str, region: str, efter: str) -> Found:
    """Folded, a page of agreements at a time."""
    standings, more = folded(visit, Action.READ, region, efter)
    return lookback.listed_deadlines(standings, status), waited_for(standings, visit.visitor.body), more


def folded(visit: Visit, action: Action, region: str, efter: str) -> tuple[list[Standing], str]:
    """The agreements that ``action`` reaches as of the visit's day, a page from the key ``efter`` on."""
    if efter and not _KEY.fullmatch(efter):
        raise Invalid(BEGIN_AGAIN)
    regions = visit.within(action, region)
    return lookback.page_of(visit.place.engine, visit.rulebook, regions, efter, visit.as_of, FOLDED)


def _after(text: str) -> tuple[date, int] | None:
    """The last row of the page before, as its address carries it: ``2027-07-01.42``."""
    if not text:
        return None
    on, _, number = text.partition(".")
    try:
        return date.fromisoformat(on), int(number[:18])
    except ValueError as error:
        raise Invalid(BEGIN_AGAIN) from error
