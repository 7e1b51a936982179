"""A calendar to subscribe to (RFC 5545, RFC 7986): whole days, names that never change, a count of changes, alarms.

Without METHOD, so DTSTAMP and LAST-MODIFIED are both when the entry was last changed, and the same dates give the
same bytes.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

from icalendar import Alarm, Calendar, Event
from icalendar.prop import vDuration

from workflow.mail.writing.invite import PRODUCT
from workflow.values import dataclass

REFRESH = timedelta(hours=6)
NINE = timedelta(hours=9)


@dataclass(frozen=True, slots=True)
class Entry:
    """One day of the calendar. ``status`` is CONFIRMED, TENTATIVE or CANCELLED; ``alarms_on`` are Danish days on whose
    morning at nine a calendar reminds; ``changed_at`` is aware."""

    uid: str
    on: date
    sequence: int
    changed_at: datetime
    summary: str
    description: str
    status: str
    alarms_on: tuple[date, ...] = ()
    url: str = ""


def calendar_file(name: str, entries: Iterable[Entry]) -> bytes:
    """The calendar ``name`` with its entries, in the order given; icalendar escapes and folds."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    calendar.add("refresh-interval", vDuration(REFRESH), parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(REFRESH))
    for entry in entries:
        calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def _event(entry: Entry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", entry.changed_at.astimezone(UTC))
    event.add("last-modified", entry.changed_at.astimezone(UTC))
    event.add("sequence", entry.sequence)
    event.add("dtstart", entry.on)
    event.add("dtend", entry.on + timedelta(days=1))
    event.add("summary", entry.summary)
    event.add("description", entry.description)
    event.add("status", entry.status)
    event.add("transp", "TRANSPARENT")
    if entry.url:
        event.add("url", entry.url)
    for day in entry.alarms_on:
        alarm = Alarm()
        alarm.add("action", "DISPLAY")
        alarm.add("trigger", day - entry.on + NINE)
        alarm.add("description", entry.summary)
        event.add_component(alarm)
    return event
