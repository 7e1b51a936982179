"""The annual review of one calendar year (law.md 3e; O-56).

due               The year is running. In: the year begins with the agreement in force. Out: SSU holds it. If nobody
                  holds it: reminded 90 and 30 days before the year ends.
held              SSU has read the agreement with the clusters. In: the reading is recorded. Out: a revision is
                  opened, or the year ends. If nobody moves: the year's end does.
no_revision       An end: nothing was changed. In: the reading found no need, or the year ended with no revision after
                  it. Out: nothing. If nobody moves: it stays.
revision_needed   An end: a revision follows. In: the reading found it needed, or a new version is opened after it. Out:
                  nothing. If nobody opens one: asked for after 30 days; the version has its own course.
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
        Row("found-needless", ("held",), "no_revision"),
        Row("found-needed", ("held",), "revision_needed"),
        Row("year-ended", ("due",), "missed"),
        Row("year-ended", ("held",), "no_revision"),
    ],
)


OUTCOMES = ("no-revision", "revision-needed")
_FOUND = dict(zip(OUTCOMES, ("found-needless", "found-needed"), strict=True))


def state_of(year: int, as_of: date, held: Iterable[tuple[date, str]], revised: Iterable[date]) -> str:
    """Where one year's review stands on ``as_of``: ``held`` are the days of readings with what they found (one of
    :data:`OUTCOMES`, or "" where it was left open), ``revised`` those on which a revision was opened. The newest
    reading of the year that says what it found decides."""
    state = REVIEW.initial
    readings = sorted((on, found) for on, found in held if on.year == year)
    if readings:
        first = readings[0][0]
        state = REVIEW.step(state, "annual-review-held")
        if said := [found for _, found in readings if found]:
            state = REVIEW.step(state, _FOUND[said[-1]])
        elif any(first <= on and on.year == year for on in revised):
            state = REVIEW.step(state, "revision-opened")
    if as_of.year > year and REVIEW.target(state, "year-ended"):
        state = REVIEW.step(state, "year-ended")
    return state
