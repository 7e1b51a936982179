"""What the lines of a list say of the same meeting, as one. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from workflow.language import phrase
from workflow.services.meetings.naming import organs_in
from workflow.services.meetings.reading.proposing import SHIFTS, WHOSE, Proposed
from workflow.values import replace

_NOT_HELD = phrase("et andet sted står, at mødet ikke holdes")


def settled(found: list[Proposed], lines: Mapping[int, str]) -> list[Proposed]:
    """Each meeting once, in order of days: what is said to be gone or moved later in the text holds."""
    kept: dict[tuple[str, str, date], Proposed] = {}
    for one in _of_whom(found, lines):
        key = (one.body, one.organ, one.on)
        before = kept.get(key)
        if before and before.gone and not one.gone and not one.doubt:
            kept[key] = replace(one, doubt=_NOT_HELD)
        elif (
            before is None
            or one.gone
            or before.gone
            or one.doubt == SHIFTS
            or (before.doubt and not one.doubt)
        ):
            kept[key] = one
    return sorted(kept.values(), key=lambda one: (one.on, one.organ))


def told_twice(same: Proposed, one: Proposed) -> Proposed:
    """One meeting that two places tell: held and marked where only one of them says that it is not held, else as the
    one without a mark tells it."""
    if same.doubt == _NOT_HELD or same.gone is not one.gone:
        return replace(same, gone=False, doubt=_NOT_HELD)
    return one if same.doubt and not one.doubt else same


def _of_whom(found: list[Proposed], lines: Mapping[int, str]) -> list[Proposed]:
    """What a line without a name says of a day that one other body alone holds is of that body, and marked: "Mødet den
    22. februar flyttes" in the decision below the last committee's list."""
    held: dict[date, set[str]] = {}
    for one in found:
        if not one.gone and one.doubt != SHIFTS:
            held.setdefault(one.on, set()).add(one.organ)
    other: dict[int, str] = {}
    of_list = set[
        int
    ]()  # lines that begin with the day their meeting was moved to: "10. juni (flyttet fra 3. juni)"
    for at, one in enumerate(found):
        begins = not at or found[at - 1].line != one.line
        of_list |= {one.line} if begins and not one.gone and one.doubt != SHIFTS else set()
    for one in found:
        whose = held.get(one.on, set())
        alone = len(whose) == 1 and one.organ not in whose and not organs_in(lines.get(one.line, ""))
        if alone and one.line not in of_list and (one.gone or one.doubt == SHIFTS):
            other[one.line] = next(iter(whose))
    return [
        replace(
            one, organ=other.get(one.line, one.organ), doubt=one.doubt or (WHOSE if one.line in other else "")
        )
        for one in found
    ]
