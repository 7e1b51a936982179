"""Whose round it is: the body a regime's rounds belong to, found by what people call it, and its parties on a day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from workflow.errors import NotFound
from workflow.language import phrase
from workflow.rules.agreement import Council, Group, Membership, Region
from workflow.rules.regime import NamedGroup, Regime
from workflow.values import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """A body below a region. ``id`` is a municipality's code, a health council's id or a group's; ``word`` what stands
    for it in a label (``"aalborg"``); ``councils`` are the codes of those in it."""

    id: str
    name: str
    region: str
    word: str
    councils: tuple[str, ...]


def word_of(name: str) -> str:
    """A name as it can stand in a label: ``"Høje-Taastrup"`` -> ``"høje-taastrup"``."""
    return "-".join(name.casefold().split())


def labelled(word: str, label: str) -> str:
    """The label of a unit's round: its word stands first, so that the rounds of one region are told apart."""
    return label if not word or label.startswith(f"{word}-") else f"{word}-{label}"


def units_of(
    regime: Regime, memberships: Iterable[Membership], health_councils: Iterable[Group], on: date
) -> list[Unit]:
    """Every body below a region that can have a round under ``regime`` on ``on`` (a Danish civil date). One that has
    not begun yet counts, one that has ended does not; a municipality lies in the region it is in last."""
    match regime.unit.body:
        case "municipality":
            there = sorted((m for m in memberships if m.valid_to is None or on <= m.valid_to), key=_begins)
            found = {m.code: Unit(m.code, m.full_name, m.region, word_of(m.name), (m.code,)) for m in there}
            return sorted(found.values(), key=lambda unit: unit.id)
        case "health-council":
            bodies: Iterable[Group | NamedGroup] = health_councils
        case _:
            bodies = regime.unit.groups
    lasting = (one for one in bodies if one.valid_to is None or on <= one.valid_to)
    return [Unit(one.id, one.name, one.region, one.id, one.councils) for one in lasting]


def _begins(membership: Membership) -> date:
    return membership.valid_from


def find_unit(units: Iterable[Unit], named: str, regime: Regime) -> Unit:
    """The unit people call ``named``: a municipality's code or name, a health council's or group's id or name.
    :class:`NotFound`, in Danish, with what there is."""
    known = list(units)
    asked = word_of(named)
    for unit in known:
        if asked in (unit.id, unit.word, word_of(unit.name)):
            return unit
    there = ", ".join(f"{unit.word} ({unit.id})" if unit.word != unit.id else unit.id for unit in known)
    none = {"municipality": phrase("ingen kommune"), "health-council": phrase("intet sundhedsråd")}
    what = none.get(regime.unit.body, phrase("ingen gruppe"))
    raise NotFound(
        phrase(
            "%(what)s hedder %(named)s; %(instrument)s har: %(there)s",
            what=what,
            named=repr(named),
            instrument=regime.instrument,
            there=there or "ingen",
        )
    )


def councils_of(region: Region, memberships: Iterable[Membership], on: date) -> tuple[Council, ...]:
    """The councils of a region on ``on``, the regional one first, then the municipal ones by code. ``on`` is clamped
    into the region's life."""
    day = min(max(on, region.valid_from), region.valid_to or date.max)
    there = sorted((m for m in memberships if m.region == region.id and m.holds(day)), key=lambda m: m.code)
    regional = Council(region.code or region.id, region.name, regional=True)
    return (regional, *(Council(m.code, m.full_name) for m in there))


def narrowed(councils: tuple[Council, ...], regime: Regime, unit: Unit | None = None) -> tuple[Council, ...]:
    """Those of a region's ``councils`` that are parties of a round of ``unit`` under ``regime``
    (:data:`workflow.rules.regime.PARTIES`); of a group, the councils it names."""
    if unit and regime.unit.body == "group":
        return tuple(one for one in councils if one.code in unit.councils)
    inside = tuple(one for one in councils if one.regional or unit is None or one.code in unit.councils)
    if regime.parties == "one-council":
        municipal = regime.unit.body == "municipality"
        return tuple(one for one in inside if one.regional != municipal)
    if regime.parties == "municipal-councils":
        return tuple(one for one in inside if not one.regional)
    return inside
