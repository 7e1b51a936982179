"""*Aftaler* and *Frister*: the long lists, today or as of another day."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from workflow.errors import Invalid
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.site import Site, Visit
from workflow.services.people.contacts.reach import functions_of, mailboxes_of
from workflow.services.views import listing, lookback
from workflow.services.views.listing import ListedDeadline
from workflow.services.views.replydates import open_reply_dates, waited_for
from workflow.storage.facts.projection import Standing
from workflow.values import dataclass

PAGE, FOLDED, MOST_ASKED = 50, 20, 20  # rows; agreements folded for another day; agreements out for an answer
MOST_DAYS = 3650  # a list may be asked to look ahead
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
            return visit.page("rounds/agreements.html", found=then, more=more, region=region)
        after = (efter.partition("/")[0], efter.partition("/")[2])
        found = listing.agreements(visit.place.engine, visit.within(Action.READ, region), after, PAGE + 1)
        more = found[PAGE - 1].key if len(found) > PAGE else ""
        return visit.page("rounds/agreements.html", found=found[:PAGE], more=more, region=region)

    @routes.get("/frister")
    def deadlines(
        visit: Visit = reads,
        status: str = "upcoming",
        region: str = "",
        efter: str = "",
        dage: int | None = None,
    ) -> HTMLResponse:
        if status not in listing.STATUSES:
            raise Invalid(f"status skal være en af {', '.join(listing.STATUSES)}")
        read = _now if visit.as_of == visit.today else _then
        found, more = read(visit, status, region, efter, horizon(visit, dage))
        held = holders(visit, found)
        return visit.page(
            "rounds/deadlines.html", found=found, held=held, more=more, which=status, region=region, days=dage
        )

    return routes


Found = tuple[Sequence[ListedDeadline], str]


def horizon(visit: Visit, days: int | None) -> date | None:
    """The last day of a list that looks ``days`` ahead of the visit's; ``None`` where it looks all the way."""
    if days is None:
        return None
    if not 0 <= days <= MOST_DAYS:
        raise Invalid(f"dage skal være et tal mellem 0 og {MOST_DAYS}, fx 60")
    return visit.as_of + timedelta(days=days)


def _now(visit: Visit, status: str, region: str, efter: str, until: date | None) -> Found:
    """From the projection, by date."""
    engine, regions = visit.place.engine, visit.within(Action.READ, region)
    found = listing.deadlines(engine, regions, status, _after(efter), PAGE + 1, until)
    last = found[PAGE - 1] if len(found) > PAGE else None
    more = f"{last.legal_on or date.min}.{last.id}" if last else ""
    return _own(visit, found[:PAGE], regions), more


def _own(
    visit: Visit, found: Sequence[ListedDeadline], regions: list[str] | None
) -> Sequence[ListedDeadline]:
    """Without the days by which a council that looks for itself has answered already."""
    lane = visit.visitor.body
    if not lane or not any(one.rule == "council-reply" for one in found):
        return found
    waited = open_reply_dates(visit.place.engine, visit.rulebook, regions, visit.today, lane, MOST_ASKED)
    keys = {standing.agreement.key for standing, _ in waited}
    return [one for one in found if one.rule != "council-reply" or one.agreement in keys]


def _then(visit: Visit, status: str, region: str, efter: str, until: date | None) -> Found:
    """Folded, a page of agreements at a time."""
    standings, more = folded(visit, Action.READ, region, efter)
    found = lookback.listed_deadlines(standings, visit.rulebook, status, until)
    keys = {standing.agreement.key for standing, _ in waited_for(standings, visit.visitor.body)}
    own = visit.visitor.body
    return [one for one in found if not own or one.rule != "council-reply" or one.agreement in keys], more


@dataclass(frozen=True, slots=True)
class Holder:
    """Who does what a deadline asks: the person or office behind the mailbox, and whether there is one."""

    name: str
    reached: int
    of: int


def holders(visit: Visit, found: Sequence[ListedDeadline]) -> dict[tuple[str, str], Holder]:
    """By region and bearer, for those whose mailboxes the visitor may see."""
    behind = {}
    for one in found:
        functions = functions_of(visit.rulebook, one.region, one.who, visit.as_of)
        seen = [f for f in functions if visit.may(Action.READ_CONTACTS, one.region, f.partition("/")[0])]
        if functions and seen == functions:
            behind[one.region, one.who] = functions
    boxes = mailboxes_of(visit.place.engine, [f for some in behind.values() for f in some], visit.as_of)
    told = {}
    for key, functions in behind.items():
        alive = [box for f in functions if (box := boxes[f])]
        name = alive[0][0] if alive and len(functions) <= 2 else ""
        told[key] = Holder(name, len(alive), len(functions))
    return told


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
