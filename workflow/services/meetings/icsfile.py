"""Meeting days in an iCalendar file: one event a meeting, its summary names the committee, cancelled ones are gone."""

from __future__ import annotations

from datetime import date, datetime

from workflow.errors import Invalid
from workflow.language import phrase
from workflow.rules.days import COPENHAGEN
from workflow.services.meetings.naming import names_organ, organ
from workflow.services.meetings.proposing import Proposed


def read_ics(content: bytes, body: str) -> list[Proposed]:
    """The events as meetings of ``body``; one without the name of a council or committee carries a mark.
    :class:`Invalid` for what is no calendar, and for a rule of repetition, which is not followed."""
    from icalendar import Calendar

    try:
        calendar = Calendar.from_ical(content)
    except (ValueError, IndexError, KeyError) as error:
        raise Invalid(phrase("filen er ikke en kalender (ICS): %(why)s", why=str(error))) from error
    found: dict[tuple[str, date], Proposed] = {}
    for number, event in enumerate(calendar.walk("VEVENT"), start=1):
        summary = str(event.get("SUMMARY", ""))
        if "DTSTART" not in event:
            continue
        if "RRULE" in event:
            raise Invalid(
                phrase(
                    "»%(summary)s«: en gentaget aftale læses ikke; gem kalenderen med hvert møde for sig",
                    summary=summary,
                )
            )
        start = event.decoded("DTSTART")
        local = start.astimezone(COPENHAGEN) if isinstance(start, datetime) and start.tzinfo else start
        on = local.date() if isinstance(local, datetime) else local
        clock = f"{local:%H:%M}" if isinstance(local, datetime) else ""
        gone = str(event.get("STATUS", "")).upper() == "CANCELLED" or "aflyst" in summary.casefold()
        doubt = (
            ""
            if names_organ(summary) or not summary
            else phrase("»%(word)s«: er det et møde, hvor der besluttes?", word=summary)
        )
        name = organ(summary) if names_organ(summary) else ""
        found[name, on] = Proposed(body, name, on, None, clock, number, doubt, gone)
    if not found:
        raise Invalid(phrase("intet er indlæst: kalenderen har ingen møder"))
    return sorted(found.values(), key=lambda one: (one.on, one.organ))
