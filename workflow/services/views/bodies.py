"""The bodies as plain values: regions, their councils, clusters and health councils on a day. Read-only."""

from __future__ import annotations

from datetime import date
from typing import TypedDict

from workflow.language import noted, phrase
from workflow.rules.agreement import Group, Region
from workflow.rules.days import spoken
from workflow.services.due.regionends import FORETOLD
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook


class MemberJson(TypedDict):
    """A council, the time it is in the region, and the clusters it belongs to."""

    code: str
    name: str
    valid_from: str
    valid_to: str | None
    clusters: list[str]


class GroupJson(TypedDict):
    """A cluster or a health council with the codes of its councils."""

    id: str
    name: str
    valid_from: str
    valid_to: str | None
    councils: list[str]


class RegionJson(TypedDict):
    """A region and what it consists of on a day, as ``aftale bodies --json`` gives it."""

    id: str
    code: str | None
    name: str
    valid_from: str
    valid_to: str | None
    successor: str | None
    exists: bool
    on: str
    councils: list[MemberJson]
    clusters: list[GroupJson]
    health_councils: list[GroupJson]


def bodies_json(rulebook: Rulebook, region: str | None, on: date) -> list[RegionJson]:
    """The regions that exist ``on`` that day (or the one named, whenever it exists) with what they consist of.

    :class:`NotFound` for an unknown region. A council's validity is its time in that region.
    """
    found = [rulebook.region(region)] if region else [r for r in rulebook.regions if r.holds(on)]
    return [_region(rulebook, one, on) for one in found]


MERGER = "OVG §§ 6-7"


def of_its_region(standing: Standing) -> list[str]:
    """What to know of an agreement whose region is not there yet on the standing's day, ends within a year or has
    ended, in Danish sentences without their full stop."""
    region = standing.rules.region(standing.agreement.region)
    if region.valid_from > standing.as_of:
        return _to_come(standing, region)
    if region.valid_to and region.successor and standing.as_of > region.valid_to - FORETOLD:
        said = (
            noted("%(region)s ophørte %(day)s; %(heir)s har overtaget opgaverne (%(cite)s)")
            if standing.as_of > region.valid_to
            else noted("%(region)s ophører %(day)s; %(heir)s overtager opgaverne dagen efter (%(cite)s)")
        )
        heir = standing.rules.region(region.successor).name
        return [phrase(said, region=region.name, day=spoken(region.valid_to), heir=heir, cite=region.ends_by)]
    return []


def _to_come(standing: Standing, region: Region) -> list[str]:
    """From when the region is, what it takes over from, its parties, and each open date that lies before."""
    before = [one.name for one in standing.rules.regions if one.successor == region.id]
    said: list[str] = [
        phrase(
            "%(region)s findes først fra %(day)s og overtager da fra %(before)s (%(cite)s); "
            "parterne er dens %(count)s råd",
            region=region.name, day=spoken(region.valid_from), before=" og ".join(before),
            count=len(standing.agreement.parties), cite=MERGER,
        )
        if before
        else phrase("%(region)s findes først fra %(day)s", region=region.name, day=spoken(region.valid_from))
    ]  # fmt: skip
    early = [
        d
        for d in standing.deadlines
        if d.open and d.duty != "fact" and d.legal_on and d.legal_on < region.valid_from
    ]
    return said + [
        phrase(
            "%(title)s, %(day)s, ligger før den dag: afklar, hvem der skal gøre det",
            title=d.title, day=spoken(d.legal_on),
        )
        for d in early
        if d.legal_on
    ]  # fmt: skip


def _region(rulebook: Rulebook, region: Region, on: date) -> RegionJson:
    members = [m for m in rulebook.memberships if m.region == region.id and m.holds(on)]
    clusters = rulebook.clusters_of(region.id, on)
    health = [group for group in rulebook.health_councils if group.region == region.id and group.holds(on)]
    return {
        "id": region.id,
        "code": region.code or None,
        "name": region.name,
        "valid_from": region.valid_from.isoformat(),
        "valid_to": _iso(region.valid_to),
        "successor": region.successor,
        "exists": region.holds(on),
        "on": on.isoformat(),
        "councils": [
            {
                "code": m.code,
                "name": m.full_name,
                "valid_from": m.valid_from.isoformat(),
                "valid_to": _iso(m.valid_to),
                "clusters": [cluster.id for cluster in clusters if m.code in cluster.councils],
            }
            for m in sorted(members, key=lambda m: m.code)
        ],
        "clusters": [_group(group) for group in clusters],
        "health_councils": [_group(group) for group in health],
    }


def _group(group: Group) -> GroupJson:
    return {
        "id": group.id,
        "name": group.name,
        "valid_from": group.valid_from.isoformat(),
        "valid_to": _iso(group.valid_to),
        "councils": list(group.councils),
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
