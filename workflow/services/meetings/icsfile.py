"""Meeting days in an iCalendar file: one event a meeting, its summary names the committee, cancelled ones are gone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Any

from workflow.errors import Invalid
from workflow.language import phrase
from workflow.rules.days import COPENHAGEN
from workflow.services.meetings.naming import SHORT_NAMES, any_committee, names_organ, organ, whose_all
from workflow.services.meetings.reading.closing import year_before
from workflow.services.meetings.reading.doubting import too_many
from workflow.services.meetings.reading.proposing import GONE, UNSURE, WHOSE, Proposed
from workflow.services.meetings.reading.residue import residue
from workflow.services.meetings.reading.settling import told_twice
from workflow.services.meetings.reading.tokens import clock_in, dates_in
from workflow.services.meetings.reading.tying import tied
from workflow.values import replace

_CLOSES = re.compile(
    r"\b(?:dagsorden\w*\s+lukke\w*|dagsordensfrist\w*|frist\w*\s+for\s+(?:punkter|sager|dagsorden\w*))[^\n]{0,40}",
    re.IGNORECASE,
)
_AGAINST = re.compile(
    r"\b(?:aflys\w*|annuller\w*|udgår|udskudt|udskydes|udsat|flytte[st]\w*|rykke[srt]\w*|reserve\w*|foreløbig\w*|forbehold|"
    r"eventuelt|temamøde\w*|seminar\w*|ikke\s+(?:et\s+)?(?:beslutning\w*|ordinært|vedtag\w*))\b",
    re.IGNORECASE,
)
_MEETING = re.compile(r"\bmøde(?:t)?\b|\bmeeting\b", re.IGNORECASE)
MOST_REPEATS = 1000  # of one event: once a week for nearly twenty years
OFTEN = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")  # how often meetings can be repeated
WITHIN_A_DAY = {"BYSECOND", "BYMINUTE", "BYHOUR"}
YEARS = 10  # that a repetition is followed at most: one that gives no day would be searched for ever


def read_ics(content: bytes, body: str, year: int | None = None) -> list[Proposed]:
    """The events as meetings of ``body``; one without the name of a council or committee carries a mark. A repeated
    event gives each of its days (RFC 5545: RRULE, RDATE, EXDATE, and days moved by RECURRENCE-ID); one that never ends
    is followed in ``year``. :class:`Invalid` for what is no calendar, and for a repetition without an end or a year."""
    from icalendar import Calendar

    try:
        calendar = Calendar.from_ical(content)
    except (ValueError, IndexError, KeyError) as error:
        raise Invalid(phrase("filen er ikke en kalender (ICS): %(why)s", why=str(error))) from error
    events = _newest([event for event in calendar.walk("VEVENT") if "DTSTART" in event])
    moved = {
        (str(event.get("UID", "")), _local(event.decoded("RECURRENCE-ID")))
        for event in events
        if "RECURRENCE-ID" in event
    }
    called = str(calendar.get("X-WR-CALNAME", ""))
    found: dict[tuple[str, date], Proposed] = {}
    for number, event in enumerate(events, start=1):
        one = _event(event, called)
        several = whose_all(one.said)
        for on in _days(event, year):
            if "RECURRENCE-ID" not in event and (str(event.get("UID", "")), on) in moved:
                continue
            day = on.date() if isinstance(on, datetime) else on
            clock = f"{on:%H:%M}" if isinstance(on, datetime) else clock_in(one.said)
            closes = _closes(str(event.get("DESCRIPTION", "")), day) if "RRULE" not in event else None
            read = replace(one, body=body, on=day, agenda_closes=closes, time=clock, line=number)
            for whose in several if len(several) > 1 else [one.organ]:
                doubt = read.doubt or (WHOSE if len(several) > 1 else "")
                own, key = replace(read, organ=whose, doubt=doubt), (whose, day)
                found[key] = told_twice(found[key], own) if key in found else own
    if not found:
        raise Invalid(phrase("intet er indlæst: kalenderen har ingen møder"))
    return too_many(tied(list(found.values())))


def _newest(events: list[Any]) -> list[Any]:
    """Of what was sent several times under one UID the last (RFC 5545, SEQUENCE)."""
    last: dict[tuple[str, str], Any] = {}
    for event in events:
        key = (str(event.get("UID", "")) or str(id(event)), str(event.get("RECURRENCE-ID", "")))
        if key not in last or int(event.get("SEQUENCE", 0)) > int(last[key].get("SEQUENCE", 0)):
            last[key] = event
        elif "SEQUENCE" not in event:
            last[str(id(event)), ""] = event  # two entries of a program that gives no names
    return list(last.values())


def _event(event: Any, called: str) -> Proposed:
    """What an event tells of each of its days. ``called`` is the calendar's name: of a committee it is whose the events
    are that name none."""
    words = [SHORT_NAMES.get(word, word) for word in str(event.get("SUMMARY", "")).split()]
    summary = " ".join(words)
    gone = str(event.get("STATUS", "")).upper() == "CANCELLED" or bool(GONE.search(summary))
    own = names_organ(summary)
    name = organ(summary) if own else organ(called) if names_organ(called) else ""
    left = residue(summary, gone=gone)
    beside = _AGAINST.search(str(event.get("DESCRIPTION", "")))
    doubt = (
        phrase("»%(word)s«: er det et møde, hvor der besluttes?", word=summary)
        if left or UNSURE.search(summary) or not (own or _MEETING.search(summary))
        else ""
    )
    if not own and not names_organ(called):
        doubt = doubt or WHOSE
    if beside or str(event.get("STATUS", "")).upper() == "TENTATIVE":
        doubt = doubt or phrase("»%(word)s«: er dagen vedtaget?", word=beside[0] if beside else "TENTATIVE")
    if _span(event) > timedelta(days=1):
        doubt = doubt or phrase("mødet strækker sig måske over flere dage")
    return Proposed(
        "", name, date.max, doubt=doubt or (WHOSE if any_committee(name) else ""), gone=gone, said=summary
    )


def _span(event: Any) -> timedelta:
    start, end = event.decoded("DTSTART"), event.decoded("DTEND") if "DTEND" in event else None
    if end is None or isinstance(start, datetime) is not isinstance(end, datetime):
        return timedelta()
    return timedelta(end.toordinal() - start.toordinal())


def _closes(description: str, day: date) -> date | None:
    """The day the agenda closes, where the event's description says it: "Dagsordenen lukkes 24. februar"."""
    for said in _CLOSES.findall(description):
        for one in dates_in(said, day.year):
            if one.on and one.on <= day:
                return one.on
            if one.on and not one.own_year and (before := year_before(one.on, day)):
                return before
    return None


def _local(said: date | datetime) -> date | datetime:
    """The day, or the Danish instant; one that names no zone is Danish already."""
    if not isinstance(said, datetime):
        return said
    return said.astimezone(COPENHAGEN) if said.tzinfo else said.replace(tzinfo=COPENHAGEN)


def _days(event: Any, year: int | None) -> Iterator[date | datetime]:
    """Every day of an event, in Danish time."""
    start = event.decoded("DTSTART")
    rules = event.get("RRULE", [])
    said = [one.dt for one in _listed(event.get("RDATE"))]
    added = {
        _local(one[0] if isinstance(one, tuple) else one) for one in said
    }  # a period begins on its first
    out = {_local(one.dt) for one in _listed(event.get("EXDATE"))}
    whole_days_out = {one for one in out if not isinstance(one, datetime)}
    repeated: set[date | datetime] = set() if rules else {_local(start)}
    for rule in rules if isinstance(rules, list) else [rules]:
        repeated |= set(_repeated(start, rule, str(event.get("SUMMARY", "")), year))
    for on in sorted(repeated | added, key=str):
        if on not in out and (on.date() if isinstance(on, datetime) else on) not in whole_days_out:
            yield on


def _listed(said: Any) -> list[Any]:
    """The entries of a property that may stand once, several times, or not at all."""
    several = said if isinstance(said, list) else [said] if said is not None else []
    return [one for each in several for one in each.dts]


def _repeated(start: date | datetime, rule: Any, summary: str, year: int | None) -> Iterator[date | datetime]:
    """The days a rule of repetition gives: by the wall clock of its own zone, as the RFC says."""
    from dateutil.rrule import rrulestr

    ends = "UNTIL" in rule or "COUNT" in rule
    if not ends and year is None:
        raise Invalid(
            phrase("»%(summary)s«: en gentaget aftale uden slutning; sig året med --year", summary=summary)
        )
    moment = start if isinstance(start, datetime) else datetime.combine(start, time())
    zone = moment.tzinfo or COPENHAGEN
    last = None if ends or year is None else _clock(datetime.combine(date(year, 12, 31), time.max))
    until = rule.get("UNTIL", [None])[0]
    if isinstance(until, datetime):
        last = _clock(until.astimezone(zone) if until.tzinfo else until)
    elif until is not None:
        last = _clock(datetime.combine(until, time.max))
    most = rule.get("COUNT", [None])[0]
    said = {name: value for name, value in rule.items() if name not in ("UNTIL", "COUNT")}
    text = ";".join(f"{name}={','.join(_said(one) for one in value)}" for name, value in said.items())
    far = _clock(datetime.combine(date(max(moment.year, year or 0) + YEARS, 12, 31), time.max))
    try:
        if (
            str(rule.get("FREQ", [""])[0]) not in OFTEN
            or rule.get("INTERVAL", [1])[0] < 1
            or WITHIN_A_DAY & {*rule}
        ):
            raise ValueError(text)
        days = rrulestr(f"{text};UNTIL={min(last or far, far):%Y%m%dT%H%M%SZ}", dtstart=_clock(moment))
    except ValueError as error:
        raise Invalid(
            phrase(
                "»%(summary)s«: gentagelsen kan ikke læses; gem kalenderen med hvert møde for sig",
                summary=summary,
            )
        ) from error
    wanted = [day for day in islice(days, most) if ends or day.year == year]
    if len(wanted) > MOST_REPEATS:
        raise Invalid(
            phrase(
                "»%(summary)s«: gentages mere end %(count)s gange; gem kalenderen med hvert møde for sig",
                summary=summary,
                count=MOST_REPEATS,
            )
        )
    for day in wanted:
        yield day.date() if moment is not start else day.replace(tzinfo=zone).astimezone(COPENHAGEN)


def _clock(moment: datetime) -> datetime:
    """What the clock on the wall shows, which is what a repetition is counted by; UTC stands for no zone here."""
    return moment.replace(tzinfo=UTC)


def _said(value: Any) -> str:
    return value.to_ical().decode() if hasattr(value, "to_ical") else str(value)
