"""When a letter that can wait goes out: from the send hour of a business day on, and not in July's quiet weeks.

House practice, not law. A statutory letter waits for the end of the night only.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta

from workflow.rules.days import COPENHAGEN, BusinessDays, danish_day
from workflow.rules.ladder import QUIET_WEEKS
from workflow.values import dataclass

QUIET_UNTIL = time(4)


@dataclass(frozen=True, slots=True)
class Hours:
    """The business days letters keep to, and the Danish hour of the day's mail."""

    days: BusinessDays
    send_hour: int = 8

    def not_before(self, at: datetime) -> datetime:
        """``at`` (aware) where a letter that can wait may go then, else the next morning on which it may."""
        local = at.astimezone(COPENHAGEN)
        if local.hour < self.send_hour:
            return self.morning(local.date())
        return at if self._open(local.date()) else self.tomorrow(at)

    def tomorrow(self, at: datetime) -> datetime:
        """The morning of the next day that is open, in UTC."""
        return self.morning(danish_day(at) + timedelta(days=1))

    def morning(self, day: date) -> datetime:
        """The send hour of that Danish day, or of the next that is open, in UTC."""
        while not self._open(day):
            day += timedelta(days=1)
        return datetime.combine(day, time(self.send_hour), COPENHAGEN).astimezone(UTC)

    def _open(self, day: date) -> bool:
        quiet = QUIET_WEEKS[0] <= day.isocalendar().week <= QUIET_WEEKS[1]
        return not quiet and self.days.why_closed(day) is None


def not_at_night(at: datetime) -> datetime:
    """``at``, or four o'clock Danish time that morning: nothing goes out between midnight and four."""
    local = at.astimezone(COPENHAGEN)
    if local.time() >= QUIET_UNTIL:
        return at
    return local.replace(hour=QUIET_UNTIL.hour, minute=0, second=0, microsecond=0).astimezone(at.tzinfo)


def day_began(at: datetime) -> datetime:
    """The midnight with which the Danish day of ``at`` began, in UTC."""
    return datetime.combine(danish_day(at), time(), COPENHAGEN).astimezone(UTC)
