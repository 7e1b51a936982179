"""The last day for an agenda where it stands as an entry of its own ("Frist for punkter til byrådet 19/1" on the 6th):
no meeting, but of one. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from workflow.language import phrase
from workflow.services.meetings.naming import names_organ
from workflow.services.meetings.reading.closing import closes_before
from workflow.services.meetings.reading.proposing import Proposed
from workflow.services.meetings.reading.tokens import dates_in, year_in
from workflow.values import replace

_CLOSES = re.compile(
    r"\b\w*frist\w*|\bdeadline\w*|\bsidste\s+(?:dag|frist)\b|\b(?:af|ind)lever\w*\b"
    r"|\bdagsorden\w*\b(?:[^.;|]|(?<=\d)\.)*\b(?:lukke\w*|lukning)",
    re.IGNORECASE,
)
_ANSWER = re.compile(r"høring|svar|ansøg|tilmeld|budget|pulje", re.IGNORECASE)  # another thing's deadline
_OF_A_MEETING = re.compile(r"dagsorden|\bpunkter\b|\bsager\b|\bsags?frist|\bmøde", re.IGNORECASE)
_NEXT = timedelta(days=30)  # where the entry names no meeting: to the next one of that committee


def tied(found: Sequence[Proposed]) -> list[Proposed]:
    """The meetings, each with the last day for its agenda that an entry of its own tells; such an entry is left out.
    One that fits no meeting stays, and its day carries a mark."""
    closing = [one for one in found if _of_agenda(one)]
    held = [one for one in found if not _of_agenda(one)]
    by_key = {(one.organ, one.on): place for place, one in enumerate(held) if not one.gone}
    for one in _of_their_year(closing, held):
        place = by_key.get((one.organ, _meant(one, held) or one.on))
        if place is not None and held[place].agenda_closes in (None, one.on) and held[place].on > one.on:
            held[place] = replace(held[place], agenda_closes=one.on)
        else:
            held.append(replace(one, doubt=one.doubt or phrase("linjen nævner en frist: er det en mødedag?")))
    return sorted(held, key=lambda one: (one.on, one.organ))


def _of_their_year(closing: Sequence[Proposed], held: Sequence[Proposed]) -> list[Proposed]:
    """The last days, one that tells no year in the year before where its meeting begins the next: "29. december"."""
    before = {
        one: replace(one, on=one.on.replace(year=one.on.year - 1)) for one in closing if one.on.month == 12
    }
    return [
        before[one]
        if one in before and not year_in(one.said) and not _meant(one, held) and _meant(before[one], held)
        else one
        for one in closing
    ]


def _of_agenda(one: Proposed) -> bool:
    return bool(
        not one.agenda_closes
        and _CLOSES.search(one.said)
        and (_OF_A_MEETING.search(one.said) or names_organ(one.said))
        and not _ANSWER.search(one.said)
    )


def _meant(one: Proposed, held: Sequence[Proposed]) -> date | None:
    """The day of the meeting that an entry's agenda is of: the one it names, else the committee's next."""
    named = {
        other.on
        for year in (one.on.year, one.on.year + 1)
        for other in dates_in(one.said, year)
        if other.on and closes_before(one.on, other.on)
    }
    if named:
        return named.pop() if len(named) == 1 else None
    later = [other.on for other in held if other.organ == one.organ and one.on < other.on <= one.on + _NEXT]
    return min(later, default=None)
