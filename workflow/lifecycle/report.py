"""A status report, midterm or final (law.md 3d). Sent to SST for information: no approval, no reply clock.

scheduled     Its dates are known or awaited. In: the agreement is opened. Out: SSU adopts or sends it. If nobody
              moves: reminders by the earlier of the two formulas, then overdue under each for itself.
ssu_adopted   SSU stands behind it. In: SSU adopts it. Out: it is sent. If nobody sends it: as scheduled.
sent_to_sst   Done towards SST. In: the sending. Out: every party has published it, or it is shared. If nobody
              publishes: asked three times; no date in law, so never overdue.
published     On the websites of the region and of every municipality. In: the last of them confirms. Out: it is
              shared. If nobody shares it: it stays; sharing is only recommended.
shared        An end: with the other regions' committees. In: SSU shares it. Out: nothing. If nobody moves: it stays.
lapsed        An end. In: the law behind it ended before it was sent. Out: nothing. If nobody moves: it stays; whether
              it was owed by then, its deadline says.
"""

from __future__ import annotations

from typing import Protocol

from workflow.lifecycle.machine import Blocker, Row, Table


class Case(Protocol):
    """What the guards look at."""

    @property
    def concluded(self) -> bool: ...
    @property
    def concluded_cite(self) -> str: ...
    @property
    def midterm_missing(self) -> bool: ...
    @property
    def contains_midterm(self) -> str: ...


def is_concluded(case: Case) -> Blocker | None:
    """A status tells of a concluded agreement."""
    if case.concluded:
        return None
    return Blocker("aftalen er ikke indgået, så der er ingen status at sende", case.concluded_cite)


def contains_midterm(case: Case) -> Blocker | None:
    """The final status contains the midterm one (O-62)."""
    if not case.midterm_missing:
        return None
    return Blocker(
        "slutstatus skal indeholde midtvejsstatus, og den er ikke registreret (midterm-sent)",
        case.contains_midterm,
        "ssu",
        "midterm",
    )


REPORT = Table(
    "statusrapport",
    {
        "scheduled": "planlagt",
        "ssu_adopted": "vedtaget i udvalget",
        "sent_to_sst": "sendt til Sundhedsstyrelsen",
        "published": "offentliggjort",
        "shared": "delt med de øvrige udvalg",
        "lapsed": "ikke sendt, før reglerne blev ophævet",
    },
    "scheduled",
    [
        Row("status-adopted", ("scheduled",), "ssu_adopted"),
        Row("sent", ("scheduled", "ssu_adopted"), "sent_to_sst", is_concluded, contains_midterm),
        Row("published", ("sent_to_sst",), "published"),
        Row("shared", ("sent_to_sst", "published"), "shared"),
        Row("law-ended", ("scheduled", "ssu_adopted"), "lapsed"),
    ],
)
