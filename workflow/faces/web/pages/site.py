"""What every page shares: its templates, who looks, and as of which day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from functools import cached_property, partial
from typing import Any
from urllib.parse import quote, urlencode

from fastapi import Depends, Request
from fastapi.responses import HTMLResponse

from workflow.errors import Invalid, NotFound
from workflow.faces.daemon.workplace import Workplace
from workflow.faces.web.gate.policy import Action, Reach
from workflow.faces.web.gate.visitor import Visitor, may
from workflow.faces.web.sheets import Sheets
from workflow.language import phrase
from workflow.rules.days import danish_day, said_day
from workflow.services.views import titles
from workflow.services.watch.curing import cure_of
from workflow.storage.law.rulebook import Rulebook
from workflow.values import dataclass

_PAGED = ("pr", "efter", "foer", "gemt")  # what another day begins without
_FIRST, _LAST = date(2005, 1, 1), date(2100, 12, 31)


class Site:
    """The pages' templates, and the workplace of the moment."""

    def __init__(self, place: Callable[[], Workplace], clock: Callable[[], datetime], sheets: Sheets) -> None:
        self.place, self.clock, self.sheets = place, clock, sheets

    def visit(self, request: Request, visitor: Visitor, pr: str = "", travels: bool = False) -> Visit:
        """Begin answering one request; ``pr`` is the day to show (ISO, Danish), empty for today. ``travels``: the page
        can show another."""
        at = self.clock()
        today = danish_day(at)
        return Visit(self, request, visitor, at, today, _day(pr) if pr else today, travels)

    def visits(self, action: Action, *, back: bool = False) -> Any:
        """The dependency of a route that does ``action``: its visit. With ``back`` a reader may ask for an earlier day
        (``?pr=``); without, the route is about today."""
        by = Depends(may(action))

        def today(request: Request, visitor: Visitor = by) -> Visit:
            return self.visit(request, visitor)

        def any_day(request: Request, visitor: Visitor = by, pr: str = "") -> Visit:
            return self.visit(request, visitor, pr, travels=True)

        return Depends(any_day if back else today)


def _day(text: str) -> date:
    try:
        if _FIRST <= (found := said_day(text)) <= _LAST:
            return found
    except ValueError:
        pass
    raise Invalid(phrase("pr skal være en dag mellem 2005 og 2100, skrevet som 2024-05-01"))


@dataclass(frozen=True)
class Visit:
    """One request: who asks, when, and as of which Danish day."""

    site: Site
    request: Request
    visitor: Visitor
    at: datetime
    today: date
    as_of: date
    travels: bool = False

    @cached_property
    def place(self) -> Workplace:
        """The database and the rules of the moment."""
        return self.site.place()

    @property
    def rulebook(self) -> Rulebook:
        """The rules of the moment."""
        return self.place.rulebook

    def may(self, action: Action, region: str, body: str = "") -> bool:
        """Whether the visitor may do ``action`` to the things of ``region`` (of its own lane, where it has one)."""
        return self.visitor.sees(action, region=region, body=body or self.lane(action))

    def regions(self, action: Action) -> list[str]:
        """The ids of the regions that ``action`` reaches."""
        reached = self.visitor.regions(action)
        return [region.id for region in self.rulebook.regions if reached is None or region.id in reached]

    def within(self, action: Action, region: str = "") -> list[str] | None:
        """The same for a list: ``None`` where it is every region, so that nothing need be asked.

        ``region`` narrows; :class:`NotFound` where the action does not reach it, since an empty list would say that
        there is nothing."""
        if region:
            if region not in self.regions(action):
                raise NotFound("ingen region af det navn her")
            return [region]
        reached = self.visitor.regions(action)
        return None if reached is None else list(reached)

    def one_region(self, action: Action, region: str) -> str:
        """``region``, or the first that the action reaches; :class:`NotFound` where it does not reach it, or none."""
        self.within(action, region)
        mine = self.regions(action)
        if not mine:
            raise NotFound("Siden findes ikke, eller du har ikke adgang til den.")
        return region or mine[0]

    def lane(self, action: Action) -> str:
        """The council whose things alone ``action`` reaches; empty where it reaches a whole region."""
        return self.visitor.body if self.visitor.reach(action) is Reach.OWN else ""

    def link(self, path: str, **query: object) -> str:
        """An address on this site that keeps the day asked for."""
        asked = {name: value for name, value in query.items() if value not in (None, "")}
        if self.as_of != self.today:
            asked.setdefault("pr", self.as_of.isoformat())
        return quote(path) + (f"?{urlencode(asked)}" if asked else "")

    def to(self, recipient: str) -> str:
        """Whom a notice is owed to, in words: the body's name, and the function where it is not the council's own."""
        return titles.recipient(self._names, recipient)

    def name_of(self, who: str, regime: str = "") -> str:
        """Who is to do something: a body's name, or one of law's own bodies as the regime with that id calls it."""
        return titles.doer(self._names, who, self.rulebook.words(regime))

    def named(self, text: str) -> str:
        """A sentence written for the log, with the names of recipients where it has their keys."""
        return titles.named(self._names, text)

    def handling(self, about: str) -> str:
        """What a person did to which letter, as the journal's line says it."""
        return titles.handling(self._names, self.titles, about)

    @property
    def titles(self) -> dict[str, str]:
        """What readers call each kind of letter."""
        return titles.letters(self.rulebook)

    @cached_property
    def _names(self) -> dict[str, str]:
        return titles.bodies(self.rulebook)

    def page(self, name: str, /, **values: Any) -> HTMLResponse:
        """The template ``name`` with what every page is given; ``status`` is its HTTP status."""
        shared: dict[str, Any] = {
            "at": self.at,
            "today": self.today,
            "as_of": self.as_of,
            "past": self.as_of != self.today,
            "link": self.link,
            "path": self.request.url.path,
            "travels": self.travels,
            "asked_for": [pair for pair in self.request.query_params.multi_items() if pair[0] not in _PAGED],
            "named": self.named,
            "may": self.may,
            "Action": Action,
            "rulebook": self.rulebook,
            "to": self.to,
            "name_of": self.name_of,
            "titles": self.titles,
            "duty": partial(titles.duty, self.rulebook),
            "handling": self.handling,
            "cure_of": cure_of,
        }
        return self.site.sheets.page(self.request, name, self.visitor, **(shared | values))
