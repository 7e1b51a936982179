"""What every route of the API needs: the workplace of the moment, the day that is asked about, and what a visitor
may see. Whatever lies outside a visitor's reach is not there."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any, NamedTuple

from fastapi import APIRouter, Depends, params

from workflow.errors import NotFound
from workflow.faces.daemon.workplace import Workplace
from workflow.faces.web.api.asked import AsOf, Label, Region, known_only
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.gate.visitor import Visitor, may
from workflow.rules.days import danish_day
from workflow.services.views.status import find_standing
from workflow.storage.facts.projection import Standing
from workflow.values import dataclass

PREFIX = "/api/v1"
NOT_HERE = "aftalen findes ikke"


class Seen(NamedTuple):
    """A visitor and the agreement that was asked for, which is within reach."""

    visitor: Visitor
    standing: Standing


@dataclass(frozen=True, slots=True)
class Desk:
    """``place()`` gives the workplace of the moment, ``clock()`` an aware instant."""

    place: Callable[[], Workplace]
    clock: Callable[[], datetime]

    def routes(self, tag: str = "", *needs: params.Depends) -> APIRouter:
        """An empty router below :data:`PREFIX`; ``needs`` are dependencies of its routes, beside what all have."""
        return APIRouter(
            prefix=PREFIX, tags=[tag] if tag else None, dependencies=[Depends(known_only), *needs]
        )

    def day(self, as_of: date | None) -> date:
        """The day asked about; today in Denmark where none is named."""
        return as_of or danish_day(self.clock())

    def key(self, visitor: Visitor, action: Action, region: str, label: str) -> str:
        """The agreement's key, or :class:`NotFound` where ``action`` does not reach that region's agreements."""
        visitor.require(action, region=region)
        return f"{region}/{label}"

    def standings(self, action: Action) -> Any:
        """The dependency of a route below ``{region}/{label}`` that does ``action``: the agreement as of the day asked.

        :class:`NotFound` alike for one that is not there and one out of reach."""

        def find(
            region: Region, label: Label, as_of: AsOf = None, visitor: Visitor = Depends(may(action))
        ) -> Standing:
            return self._find(visitor, action, region, label, as_of)

        return Depends(find)

    def seen(self, action: Action, *, back: bool = True) -> Any:
        """As :meth:`standings`, with who asks; not ``back``: as of today alone, for what is made or written now."""

        def now(region: Region, label: Label, visitor: Visitor = Depends(may(action))) -> Seen:
            return Seen(visitor, self._find(visitor, action, region, label, None))

        def then(
            region: Region, label: Label, as_of: AsOf = None, visitor: Visitor = Depends(may(action))
        ) -> Seen:
            return Seen(visitor, self._find(visitor, action, region, label, as_of))

        return Depends(then if back else now)

    def _find(
        self, visitor: Visitor, action: Action, region: str, label: str, as_of: date | None
    ) -> Standing:
        key, place = self.key(visitor, action, region, label), self.place()
        try:
            return find_standing(place.engine, place.rulebook, key, self.day(as_of))
        except NotFound as error:
            raise NotFound(NOT_HERE) from error

    def regions(self, visitor: Visitor, action: Action, asked: str | None) -> tuple[str, ...] | None:
        """The regions a list is cut to: the one asked for, else all the visitor reaches; ``None`` for every region.

        :class:`NotFound` alike for a region out of the visitor's reach and one that is not there: an empty list would
        say that the region has nothing."""
        reached = visitor.regions(action)
        if asked is None:
            return reached
        known = {one.id for one in self.place().rulebook.regions}
        if asked not in known or (reached is not None and asked not in reached):
            raise NotFound("regionen findes ikke")
        return (asked,)
