"""The annual review of one calendar year (O-56): where it stands, by what was found and by the calendar."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from workflow.lifecycle.machine import Table

OUTCOMES = ("no-revision", "revision-needed")
_FOUND = dict(zip(OUTCOMES, ("found-needless", "found-needed"), strict=True))


def state_of(
    review: Table, year: int, as_of: date, held: Iterable[tuple[date, str]], revised: Iterable[date]
) -> str:
    """Where one year's review stands on ``as_of`` by the table ``review``: ``held`` are the days of the readings that
    count for it with what they found (one of :data:`OUTCOMES`, or "" where it was left open), ``revised`` those on
    which a revision was opened. The newest reading that says what it found decides."""
    state = review.initial
    readings = sorted(held)
    if readings:
        first = readings[0][0]
        state = review.moved(state, "annual-review-held")
        if said := [found for _, found in readings if found]:
            state = review.moved(state, _FOUND[said[-1]])
        elif any(first <= on and on.year == first.year for on in revised):
            state = review.moved(state, "revision-opened")
    over = max(year, readings[0][0].year) if readings else year  # one held late may still lead to a revision
    if as_of.year > over and review.target(state, "year-ended"):
        state = review.moved(state, "year-ended")
    return state
