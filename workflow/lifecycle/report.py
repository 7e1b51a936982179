"""A status report, midterm or final (law.md 3d). Sent to SST for information: no approval, no reply clock.

scheduled     Its dates are known or awaited. If nobody moves: reminders by the earlier of the two formulas.
drafting      Being written.
ssu_adopted   SSU stands behind it.
sent_to_sst   Done towards SST. Publication on every party's website follows; no date in law.
published     On the websites of the region and of every municipality.
shared        With the other regions' committees: recommended only.
lapsed        The law behind it ended before it was sent.
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


def may_be_sent(case: Case) -> Blocker | None:
    """A status tells of a concluded agreement; the final one contains the midterm (O-62)."""
    if not case.concluded:
        return Blocker("aftalen er ikke indgået, så der er ingen status at sende", case.concluded_cite)
    if case.midterm_missing:
        return Blocker(
            "slutstatus skal indeholde midtvejsstatus, og den er ikke registreret; registrér først midterm-sent",
            case.contains_midterm,
            "ssu",
        )
    return None


REPORT = Table(
    "statusrapport",
    {
        "scheduled": "planlagt",
        "drafting": "under udarbejdelse",
        "ssu_adopted": "vedtaget i udvalget",
        "sent_to_sst": "sendt til Sundhedsstyrelsen",
        "published": "offentliggjort",
        "shared": "delt med de øvrige udvalg",
        "lapsed": "bortfaldet",
    },
    "scheduled",
    [
        Row("drafting-started", ("scheduled",), "drafting"),
        Row("status-adopted", ("scheduled", "drafting"), "ssu_adopted"),
        Row("sent", ("scheduled", "drafting", "ssu_adopted"), "sent_to_sst", may_be_sent),
        Row("published", ("sent_to_sst",), "published"),
        Row("shared", ("sent_to_sst", "published"), "shared"),
        Row("law-ended", ("scheduled", "drafting", "ssu_adopted"), "lapsed"),
    ],
)
