"""The annual review of one calendar year (law.md 3e; O-56).

due               The year is running. In: the year begins with the agreement in force. Out: SSU holds it. If nobody
                  holds it: reminded 90 and 30 days before the year ends.
held              SSU has read the agreement with the clusters. In: the reading is recorded. Out: a revision is
                  opened, or the year ends. If nobody moves: the year's end does.
no_revision       An end: nothing was changed. In: the year ended with no revision after the reading. Out: nothing. If
                  nobody moves: it stays.
revision_needed   An end: a revision follows. In: a new version is opened after the reading. Out: nothing. If nobody
                  moves: it stays; the version has its own course.
missed            An end: the year passed without one. In: the year ended. Out: nothing. If nobody moves: it stays,
                  and the duty is overdue.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from workflow.lifecycle.machine import Row, Table

REVIEW = Table(
    "årlig gennemgang",
    {
        "due": "forestår",
        "held": "holdt",
        "no_revision": "holdt, ingen revision",
        "revision_needed": "holdt, revision besluttet",
        "missed": "ikke holdt",
    },
    "due",
    [
        Row("annual-review-held", ("due",), "held"),
        Row("revision-opened", ("held",), "revision_needed"),
        Row("year-ended", ("due",), "missed"),
        Row("year-ended", ("held",), "no_revision"),
    ],
)


def state_of(year: int, as_of: date, held: Iterable[date], revised: Iterable[date]) -> str:
    """Where one year's review stands on ``as_of``: ``held`` are the days of readings, ``revised`` those on which a
    revision was opened. A second reading in the year changes nothing."""
    state = REVIEW.initial
    if first := min((on for on in held if on.year == year), default=None):
        state = REVIEW.step(state, "annual-review-held")
        if any(first <= on and on.year == year for on in revised):
            state = REVIEW.step(state, "revision-opened")
    if as_of.year > year and REVIEW.target(state, "year-ended"):
        state = REVIEW.step(state, "year-ended")
    return state
