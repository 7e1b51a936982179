"""The map: one tile a municipality, with its council's answer on the text it was last asked about."""

from __future__ import annotations

from collections.abc import Iterable

from workflow.faces.web.pages.tables import ANSWERS
from workflow.services.views.board import Place
from workflow.storage.law.rulebook import Rulebook
from workflow.values import dataclass, replace

SIDE, GAP = 40, 4


@dataclass(frozen=True, slots=True)
class Tile:
    """A council's answer and its place on the map, in user units."""

    code: str
    name: str
    short: str
    agreement: str
    label: str
    region: str
    version: int | None
    state: str
    said: str
    sign: str
    kind: str
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class Map:
    """The tiles, by region and name, and the size of the whole."""

    tiles: tuple[Tile, ...]
    width: int
    height: int

    def count(self, *kinds: str) -> int:
        """How many councils' answers weigh like this (:data:`~workflow.faces.web.pages.tables.ANSWERS`)."""
        return sum(tile.kind in kinds for tile in self.tiles)


def tile_map(rulebook: Rulebook, places: Iterable[Place]) -> Map:
    """The municipal councils of the agreements in play. Of two agreements with one council the map shows the one
    whose text was sent last: a council that has not been asked has no answer."""
    chosen: dict[str, Tile] = {}
    standings = [standing for place in places for standing in place.standings]
    standings.sort(key=lambda s: (s.course.current is not None, s.agreement.label), reverse=True)
    for standing in standings:
        current, decisions = standing.course.current, standing.course.tables.decision
        for party in standing.agreement.parties if decisions.states else ():
            if party.regional or party.code in chosen or party.code not in rulebook.tiles:
                continue
            row, column = rulebook.tiles[party.code]
            state = current.decisions.get(party.code, decisions.initial) if current else decisions.initial
            sign, kind = ANSWERS[state]
            name = party.name.removesuffix(" Kommune")
            chosen[party.code] = Tile(
                party.code, party.name, name[:3], standing.agreement.key, standing.agreement.label,
                standing.agreement.region_name, current.number if current else None, state, decisions.states[state],
                sign, kind, column * (SIDE + GAP), row * (SIDE + GAP),
            )  # fmt: skip
    found = sorted(chosen.values(), key=lambda tile: (tile.region, tile.name))
    left, top = min((tile.x for tile in found), default=0), min((tile.y for tile in found), default=0)
    tiles = tuple(
        replace(tile, x=tile.x - left, y=tile.y - top) for tile in found
    )  # one region fills its map
    width = max((tile.x for tile in tiles), default=0) + SIDE
    height = max((tile.y for tile in tiles), default=0) + SIDE
    return Map(tiles, width, height)
