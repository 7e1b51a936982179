"""Whom a letter goes to: from the words in letters.toml to functions of bodies ("0851/council").

A notice is owed to a *function*, not to an address: who reads a council's mailbox is looked up when it is rendered.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from datetime import date
from typing import Protocol, TypeVar

from workflow.rules.agreement import Council
from workflow.rules.timeline import Deadline
from workflow.services.due.councildays import told_days, uncalendared
from workflow.services.due.handled import heard
from workflow.services.due.prompts import unpublished
from workflow.services.due.regionends import REGION_ENDS
from workflow.services.due.tasks import TASK, concerned
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook

_DESK = ("secretariat",)
_RESPONSIBLE = {
    "regional-council": (*_DESK, "regional-council"),
    "councils": (*_DESK, "pending-councils"),
    "municipality": (*_DESK, "municipal-councils"),
}
_OF_A_COUNCIL = ("council", "director")
_TOLD_BEFORE = ("rosters", REGION_ENDS)  # to the successor too
_HEARD = ("council", "cluster", "piu")
TOLD = ("council-met", "council-agenda")  # about the meeting that one council has told
_DATED = dict.fromkeys(("adjusted-agreement", "revised-agreement"), ("secretariat", "regional-council"))


class Keyed(Protocol):
    """A letter that is owed: its key ends in its recipient."""

    @property
    def key(self) -> str: ...
    @property
    def recipient(self) -> str: ...


One = TypeVar("One", bound=Keyed)


def expand(
    standing: Standing, rulebook: Rulebook, to: tuple[str, ...], deadline: Deadline | None = None, council: str = ""
) -> list[str]:  # fmt: skip
    """The functions behind ``to`` for this agreement today, without doubles, in order. ``deadline`` tells which
    publication is meant by *unpublished-councils* and whose meetings by *meeting-body* and *told-council*, ``council``
    whose report by *reporting-council*."""
    agreement, current = standing.agreement, standing.course.current
    body = ""
    if deadline and "concerned" in to:
        to, body = (
            concerned(standing, deadline) if deadline.id == TASK else (_DATED.get(deadline.id, _DESK), "")
        )
    if deadline and "responsible" in to:
        to = _RESPONSIBLE.get(deadline.who, _DESK)
    waiting = [*current.pending, *current.against] if current else []
    about = deadline.id if deadline else ""
    if about == "council-reply":  # who has told its day is not asked for one, nor who gave a sign of life
        stopped = {*told_days(standing), *(heard(standing.facts, current.number) if current else ())}
        waiting = [code for code in waiting if code not in stopped]
    told = deadline.subject.partition(":")[2] if deadline and about in TOLD else ""
    silent = unpublished(standing, deadline.subject) if deadline and deadline.id == "publication" else []
    meets = deadline.subject.split(":")[0].split("@")[0] if deadline and deadline.id == "meetings" else ""
    clusters = rulebook.clusters_of(agreement.region, standing.as_of)
    desk = secretariat(standing, rulebook, deadline)
    groups = {
        "secretariat": desk,
        "secretariat-region": desk
        if agreement.regime.own_round
        else [f"{agreement.region}/secretariat-region"],
        "regional-council": [f"{party.code}/council" for party in agreement.parties if party.regional],
        "heir-council": [
            f"{heir}/council" for heir in (rulebook.region(agreement.region).successor,) if heir
        ],
        "municipal-councils": [f"{party.code}/council" for party in agreement.parties if not party.regional],
        "all-councils": [f"{party.code}/council" for party in agreement.parties],
        "pending-councils": [f"{code}/council" for code in waiting],
        "pending-directors": [f"{code}/director" for code in waiting],
        "told-council": [f"{told}/council"] if told else [],
        "uncalendared-councils": _uncalendared(standing) if about == "council-calendar" else [],
        "reporting-council": [f"{council}/council"] if council else [],
        "unpublished-councils": [f"{code}/council" for code in silent],
        "clusters": [f"{cluster.id}/cluster" for cluster in clusters]
        * ("clusters" in agreement.regime.other_bodies),
        "meeting-body": [f"{cluster.id}/cluster" for cluster in clusters if cluster.id == meets]
        + [f"{agreement.region}/piu"] * (meets == "piu"),
        "concerned-body": [f"{cluster.id}/cluster" for cluster in clusters if cluster.id == body],
        "magistrates": [
            f"{party.code}/council"
            for party in agreement.parties
            if party.code in agreement.regime.magistrates
        ],
        "piu": [f"{agreement.region}/piu"] * ("piu" in agreement.regime.other_bodies),
        "chairs": [f"{agreement.region}/chair", f"{agreement.region}/vice-chair"]
        * ("chairs" in agreement.regime.other_bodies),
    }
    asked = (function for group in to for function in groups[group])
    found = dict.fromkeys(stands_for(standing, rulebook, function) for function in asked)
    return [one for one in found if about != "consultation" or not has_answered(standing, one)]


def has_answered(standing: Standing, recipient: str) -> bool:
    """Whether a recipient is a party that has answered the hearing under way: it is reminded of it no more. A region's
    secretariats and chairs are none, though a regional council may be called what its region is."""
    body, _, function = recipient.partition("/")
    return function in _HEARD and ("piu" if function == "piu" else body) in standing.answered


def _heirs(standing: Standing, rulebook: Rulebook) -> dict[str, str]:
    """The bodies of a region that has ended, by what letters call them, and the region that has taken over."""
    region = rulebook.region(standing.agreement.region)
    if not region.successor or region.valid_to is None or standing.as_of <= region.valid_to:
        return {}
    return {body: region.successor for body in (region.id, region.code) if body}


def stands_for(standing: Standing, rulebook: Rulebook, recipient: str) -> str:
    """Who stands for a recipient today: what a region that has ended was asked, its successor is."""
    body, _, function = recipient.partition("/")
    return f"{_heirs(standing, rulebook).get(body, body)}/{function}"


def party_of(standing: Standing, recipient: str) -> Council | None:
    """The party behind a recipient: the council that is written to, or whose director is; behind a region that takes
    over the regional council of the one that ends, on any day, since what happened before may be told after. ``None``
    for every other recipient."""
    body, _, function = recipient.partition("/")
    if function not in _OF_A_COUNCIL:
        return None
    agreement = standing.agreement
    if body == standing.rules.region(agreement.region).successor:
        return next((party for party in agreement.parties if party.regional), None)
    return agreement.council(body)


def unheard_of(
    standing: Standing, rulebook: Rulebook, owed: Iterable[One], known: Container[str]
) -> Iterator[One]:
    """What is owed but what a region told before it ended: its successor takes over its mailbox, not its old mail.
    ``known`` holds the keys of the letters that were planned."""
    before: dict[str, list[str]] = {}
    for body, heir in _heirs(standing, rulebook).items():
        before.setdefault(heir, []).append(body)
    for one in owed:
        body, _, function = one.recipient.partition("/")
        stem = one.key.removesuffix(one.recipient)
        if not any(f"{stem}{old}/{function}" in known for old in before.get(body, ())):
            yield one


def _uncalendared(standing: Standing) -> list[str]:
    """The councils that have told no meeting of the year, once the secretariat has begun to keep calendars at all."""
    without = uncalendared(standing)
    everybody = len(without) == len(standing.agreement.parties)
    return [] if everybody else [f"{party.code}/council" for party in without]


def there(rulebook: Rulebook, recipient: str, on: date) -> bool:
    """Whether the body a letter goes to was there on a day: nothing could be asked of a cluster before it was formed.
    What took over from another was always there, since it answers for what that one was asked."""
    body = recipient.partition("/")[0]
    begun = [cluster.valid_from for cluster in rulebook.clusters if cluster.id == body]
    return not begun or min(begun) <= on


def secretariat(standing: Standing, rulebook: Rulebook, deadline: Deadline | None = None) -> list[str]:
    """The secretariat's mailboxes: region and municipalities together since 2022, the region alone before; of a
    round that is a municipality's alone its council's. When the region has ended, its successor's; both are told that
    it ends."""
    if standing.agreement.regime.own_round:
        return [f"{standing.agreement.unit}/council"]
    region, sides = rulebook.region(standing.agreement.region), ["region"]
    if standing.agreement.regime.secretariat == "joint":
        sides.append("municipal")
    bodies = [region.id]
    if region.successor and region.valid_to:
        told_before = deadline and deadline.id in _TOLD_BEFORE and deadline.legal_on == region.valid_to
        if standing.as_of > region.valid_to:
            bodies = [region.successor]
        elif told_before:
            bodies.append(region.successor)
    return [f"{body}/secretariat-{side}" for body in bodies for side in sides]
