"""Where the law is silent: the readings that can be argued, and what they make of a date. Pure.

Which questions there are, and what they are called, is data (``calendars/readings.toml``); the arithmetic of each kind
stands here. Until somebody signs one reading, reminders follow the earliest date and *overdue* is said only after the
latest. Three kinds give a duty another date (*agreed-end*, *succession*, *year*); two say only whether a day more is in
time (*strict-day*, *closed-day*); *departure* says by which date a submission before a departure is judged. One is
about no deadline but the least number of meetings of a year (*meeting-year*, :func:`year_of_meetings`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta

from workflow.language import full, noted, phrase
from workflow.rules.agreement import Agreement
from workflow.rules.anchors import Found, Step, counted
from workflow.rules.anchors.yearly import running, served
from workflow.rules.days import BusinessDays
from workflow.rules.facts import Fact
from workflow.rules.silence import (
    AGREED_END,
    CLOSED,
    DEPARTURE,
    MEETING_YEAR,
    STRICT,
    SUCCESSION,
    YEAR,
    Alternative,
    Silence,
    signed,
)
from workflow.rules.story import Story
from workflow.values import replace


def read(
    agreement: Agreement, silences: tuple[Silence, ...], found: Found, story: Story, days: BusinessDays
) -> Found:
    """``found`` under the readings that are open or signed: its date the earliest, ``latest_on`` the latest."""
    if (
        found.on is None or found.rule.duty == "fact"
    ):  # of a day that comes by itself nothing is in time or late
        return found
    mine = [
        one.of(found.rule.cite[0]) for one in silences if not one.terms or agreement.term.label in one.terms
    ]
    for silence in (one for one in mine if one.kind in _OTHER_DATES):
        found = _other_date(silence, found, story, _OTHER_DATES[silence.kind])
    for silence in (one for one in mine if one.kind in _A_DAY_MORE):
        found = _day_more(silence, found, story, days, _A_DAY_MORE[silence.kind])
    return _told(found)


def _other_date(
    silence: Silence, found: Found, story: Story, other: Callable[[Silence, Found, Story], Found | None]
) -> Found:
    """Another date for the same duty: the earlier one leads, with its own steps."""
    second = other(silence, found, story)
    if second is None or found.on is None or second.on is None or second.on == found.on:
        return found
    chosen, by = signed(story, silence)
    told = Alternative(silence, (found.on, second.on), chosen, by)
    if chosen:
        leading = second if chosen == silence.readings[1].id else found
        return replace(leading, readings=(*found.readings, told))
    leading, later = (found, second) if found.on < second.on else (second, found)
    return replace(leading, later_on=later.on, latest_on=later.on, readings=(*found.readings, told))


def _the_other_end(silence: Silence, found: Found, story: Story) -> Found | None:
    """The same formula from the end that the other reading gives, where the recorded one is the one in doubt."""
    agreed = story.newest("nominal-end")
    if found.rule.due.anchor != "nominal-end" or story.ended_on or agreed is None or silence.instead is None:
        return None
    if agreed.value != silence.recorded:
        return None
    on, steps = counted(found.rule, silence.instead)
    reading = silence.readings[1]
    text = phrase(
        "%(reading)s: første dag efter udløbet er %(day)s", reading=reading.said, day=full(silence.instead)
    )
    start = Step(text, silence.instead, reading.cite, "start")
    return replace(found, on=on, steps=(start, *steps))


def _the_succession(silence: Silence, found: Found, story: Story) -> Found | None:
    """The same formula from the day the next agreement took over, where the agreed end came before it: between the two
    the agreement was still binding."""
    agreed = story.newest("nominal-end")
    if found.rule.due.anchor != "nominal-end" or story.ended_on is None or agreed is None:
        return None
    if agreed.value >= story.ended_on:
        return None
    on, steps = counted(found.rule, story.ended_on)
    reading = silence.readings[1]
    text = phrase("%(reading)s: %(day)s", reading=reading.said, day=full(story.ended_on))
    return replace(found, on=on, steps=(Step(text, story.ended_on, reading.cite, "start"), *steps))


def ends_read(end: Fact, told: Sequence[Alternative]) -> list[tuple[date, str]]:
    """The first day after the agreed ``end``, with its source: both, the earliest first, while nobody has signed one of
    its readings."""
    recorded = (end.value, end.source)
    one = next((one for one in told if one.silence.kind == AGREED_END), None)
    if one is None or one.silence.instead is None:
        return [recorded]
    other = (one.silence.instead, one.silence.readings[1].cite)
    if one.open:
        return sorted([recorded, other])
    return [other] if one.signed == one.silence.readings[1].id else [recorded]


def _the_other_year(silence: Silence, found: Found, story: Story) -> Found | None:
    """The year counted from the entry into force: the first ends before the first whole calendar year does. Where it
    was served before the calendar's began, the next one stands beside the calendar's."""
    effective = story.newest("effective")
    if found.rule.due.anchor != "calendar-year" or effective is None:
        return None
    year = int(found.subject)
    if not signed(story, silence)[0] and served(found.rule, story, year):
        year += 1
    on = running(effective.value, year)
    if story.ended_on and on >= story.ended_on:
        return None
    reading = silence.readings[1]
    text = phrase("%(reading)s: senest %(day)s", reading=reading.said, day=full(on))
    step = Step(text, on, reading.cite, "start")
    return replace(found, on=on, steps=(*found.steps[:1], step))


def _day_more(
    silence: Silence, found: Found, story: Story, days: BusinessDays,
    more: Callable[[Found, date, BusinessDays], date],
) -> Found:  # fmt: skip
    """A day more for each date: it leads only where somebody has signed that it is in time."""
    assert found.on is not None
    later = more(found, found.on, days)
    latest = more(found, found.latest_on or found.on, days)
    if later == found.on and latest == (found.latest_on or found.on):
        return found
    chosen, by = signed(story, silence)
    told = (Alternative(silence, (found.on, later), chosen, by),) if later != found.on else ()
    readings = (*found.readings, *told)
    base = found.latest_on or found.on
    if chosen != silence.readings[0].id and found.on != base != latest:
        found = replace(found, later_steps=(*found.later_steps, _from_there(silence, base, latest)))
    of_the_rule = silence.kind == STRICT  # which day the rule itself sets; else a day more than that
    if not chosen:
        ruled = latest if of_the_rule else found.ruled_later_on
        return replace(found, latest_on=latest, readings=readings, ruled_later_on=ruled)
    if chosen != silence.readings[1].id:
        return replace(found, readings=readings)
    reading = silence.readings[1]
    text = phrase("%(reading)s: %(day)s", reading=reading.said, day=full(later))
    step = Step(text, later, reading.cite, "start")
    later_on = more(found, found.later_on, days) if found.later_on else None
    steps = (*found.steps, step) if later != found.on else found.steps
    return replace(
        found, on=later, later_on=later_on, latest_on=latest, steps=steps, readings=readings,
        ruled_on=None if of_the_rule else found.ruled_on or found.on,
        ruled_later_on=later_on if of_the_rule else found.ruled_later_on or found.later_on,
    )  # fmt: skip


def _from_there(silence: Silence, base: date, latest: date) -> Step:
    """What the second reading makes of a date that another question gave."""
    reading = silence.readings[1]
    text = phrase(
        "%(reading)s; regnet fra %(base)s: %(day)s", reading=reading.said, base=full(base), day=full(latest)
    )
    return Step(text, None, reading.cite)


def _same_day(found: Found, on: date, days: BusinessDays) -> date:
    return on + timedelta(days=1) if found.rule.due.strict and found.rule.due.add else on


def _next_business_day(found: Found, on: date, days: BusinessDays) -> date:
    return days.on_or_after(on)


def departed(
    silences: tuple[Silence, ...], story: Story, found: Found, then: Found | None
) -> tuple[Found | None, tuple[Alternative, ...]]:
    """What judges a duty met before its date was moved: ``then``, what was found that day, unless somebody has signed
    that a departure works backwards; and the question, where it decides."""
    silence = next((one for one in silences if one.kind == DEPARTURE), None)
    if then is None or then.on is None or found.on is None or silence is None:
        return then, ()
    later = [f for f in story.named("deviation") if f.known_on and found.met_on and f.known_on > found.met_on]
    if found.rule.moved_by != "deviation" or not later:
        return then, ()
    chosen, by = signed(story, silence)
    told = Alternative(silence, (then.on, found.on), chosen, by)
    return (None if chosen == silence.readings[1].id else then), (told,)


_LATE = noted(
    "Opfyldt %(day)s. Den dag var fristen %(due)s, så det var for sent. Fristen er først flyttet bagefter, og ingen "
    "regel siger, at det virker tilbage"
)
_LATE_BY_ONE = noted(
    "Opfyldt %(day)s. Den dag var fristen %(due)s, så det var for sent efter den ene læsning. Fristen er først flyttet "
    "bagefter, og ingen regel siger, at det virker tilbage"
)
_IN_TIME = noted(
    "Opfyldt %(day)s. Den dag var fristen %(due)s, så det var i tide. Fristen er først flyttet bagefter, og ingen "
    "regel siger, at det virker tilbage"
)


def judged_by(agreement: Agreement, found: Found, then: Found, met_on: date, latest: date) -> Iterator[Step]:
    """The steps that say by which of two dates it was judged and how that one can be read; none where it was in time
    by both. ``latest``: the last day on which it was in time by any reading."""
    if then.on is None or found.on is None or met_on <= min(found.on, then.on):
        return
    rule = found.rule
    late = _LATE_BY_ONE if met_on <= latest else _LATE
    text = phrase(late if met_on > then.on else _IN_TIME, day=full(met_on), due=full(then.on))
    yield Step(text, then.on, agreement.regime.cite(rule.moved_by) or rule.cite[0], "judged")
    yield from _silent(then)


def _told(found: Found) -> Found:
    more = tuple(_steps(found))
    return replace(found, steps=(*found.steps, *more)) if more else found


def _steps(found: Found) -> Iterator[Step]:
    """What is open, and what is signed, said after the date."""
    yield from _silent(found)
    yield from found.later_steps
    if found.on and found.latest_on and found.latest_on > found.on:
        text = phrase(
            "Påmindelserne følger den tidligste dato, %(first)s; overskredet siges først efter den seneste, %(last)s",
            first=found.on,
            last=found.latest_on,
        )
        yield Step(text, None, phrase("Praksis; ingen lovregel"))


def year_of_meetings(
    silences: tuple[Silence, ...], story: Story, calendar: date, running: date, cite: str
) -> Alternative | None:
    """What the question makes of a year's least number of meetings by ``cite``: the last day of the calendar year, and
    the day by which the next one must come if the year is any twelve months. ``None`` where they are one day."""
    silence = next((one.of(cite) for one in silences if one.kind == MEETING_YEAR), None)
    if silence is None or calendar == running:
        return None
    return Alternative(silence, (calendar, running), *signed(story, silence))


def _silent(found: Found) -> Iterator[Step]:
    """Each question behind a date: its readings, or the one that is signed."""
    yield from told(found.readings)


def told(readings: Iterable[Alternative]) -> Iterator[Step]:
    """The steps that tell these questions."""
    for one in readings:
        first, second = one.silence.readings
        if one.open:
            yield Step(
                phrase(
                    "Loven er tavs: %(question)s %(both)s",
                    question=one.silence.question,
                    both=phrase(
                        "%(first)s: %(day)s; %(second)s: %(other)s",
                        first=first.said,
                        day=full(one.dates[0]),
                        second=second.said,
                        other=full(one.dates[1]),
                    ),
                ),
                None,
                second.cite,
            )
        elif chosen := one.silence.reading(one.signed):
            text = phrase(
                "%(question)s %(reading)s, efter %(who)s",
                question=one.silence.question,
                reading=chosen.said,
                who=one.by,
            )
            yield Step(text, None, chosen.cite)


_OTHER_DATES = {AGREED_END: _the_other_end, SUCCESSION: _the_succession, YEAR: _the_other_year}
_A_DAY_MORE = {STRICT: _same_day, CLOSED: _next_business_day}
