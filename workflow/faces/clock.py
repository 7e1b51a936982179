"""The one place that reads the clock for the faces."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from workflow.errors import Invalid
from workflow.rules.days import COPENHAGEN, danish_day

_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


def now() -> datetime:
    """This instant, aware UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The civil date in Denmark (trap 31: never today in UTC)."""
    return danish_day(now())


def day(text: str, flag: str) -> date:
    """Read an ISO date given as ``flag``; :class:`Invalid` says what would work."""
    try:
        if not _ISO_DAY.fullmatch(text):
            raise ValueError("not in that form")
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid(f"{flag} {text!r} is no date; write YYYY-MM-DD, e.g. 2023-07-01 ({error})") from error


def instant(text: str, flag: str, send_hour: int) -> datetime:
    """Read an ISO instant. Without a zone it is Danish time; a bare date means its send hour."""
    try:
        if len(text) <= 10:
            found = datetime.combine(date.fromisoformat(text), datetime.min.time()).replace(hour=send_hour)
        else:
            found = datetime.fromisoformat(text)
        if not 2000 <= found.year <= 2200:
            raise ValueError("outside the years 2000 to 2200")
        return (found if found.tzinfo else found.replace(tzinfo=COPENHAGEN)).astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise Invalid(
            f"{flag} {text!r} is no instant; write YYYY-MM-DD or YYYY-MM-DDTHH:MM[:SS][+01:00] ({error})"
        ) from error
