"""The one place that reads the clock for the faces."""

from __future__ import annotations

from datetime import UTC, date, datetime

from workflow.errors import Invalid
from workflow.rules.days import COPENHAGEN, danish_day, said_day


def now() -> datetime:
    """This instant, aware UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The civil date in Denmark (never today in UTC)."""
    return danish_day(now())


def day(text: str, flag: str) -> date:
    """Read a date given as ``flag``, ISO or day first; :class:`Invalid` says what would work."""
    try:
        return said_day(text)
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
