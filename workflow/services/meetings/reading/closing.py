"""How long before its meeting an agenda closes, that one without a year of its own may be of the year before ("Møde 14.
januar, dagsorden lukker 28. december"), and that a day on which it is only sent is no day by which points must be
handed in. Pure; days are Danish civil days."""

from __future__ import annotations

import re
from datetime import date, timedelta

from workflow.services.meetings.reading.tokens import Dated

_SENT = re.compile(
    r"\b(?:(?:ud|frem|om)?send\w*|omdel\w*|offentliggør\w*|publicer\w*|lægges|tilgængelig\w*)\b",
    re.IGNORECASE,
)
_CLOSES = re.compile(
    r"\b(?:\w*frist\w*(?!\s+for\s+(?:ud|frem)send)|deadline\w*|lukke\w*|(?:ind|af)lever\w*|punkter)\b",
    re.IGNORECASE,
)
LONGEST = timedelta(days=60)  # from the last day for an agenda to its meeting


def closes_before(closes: date, meeting: date) -> bool:
    """Whether the agenda of ``meeting`` may close on ``closes``."""
    return timedelta() < meeting - closes <= LONGEST


def year_before(closes: date, meeting: date) -> date | None:
    """The day a year earlier, where an agenda that closes after its meeting was told without its year; else none."""
    if closes.month <= meeting.month:  # so it is no 29 February
        return None
    before = closes.replace(year=closes.year - 1)
    return before if closes_before(before, meeting) else None


def meeting_and_closing(one: Dated, other: Dated) -> tuple[Dated, date] | None:
    """Which of two days is the meeting and on which its agenda closes; none where they are too far apart."""
    first, last = sorted((one, other), key=lambda said: said.on or date.max)
    if not first.on or not last.on:
        return None
    if closes_before(first.on, last.on):
        return last, first.on
    before = None if last.own_year else year_before(last.on, first.on)
    return (first, before) if before else None


def only_sent(text: str) -> bool:
    """Whether words tell the day an agenda is sent or published, and none that it closes."""
    return bool(_SENT.search(text)) and not _CLOSES.search(text)


def says_which(text: str) -> bool:
    """Whether words tell that an agenda closes that day, or is sent: "Dagsorden" alone does not."""
    return bool(_SENT.search(text) or _CLOSES.search(text))
