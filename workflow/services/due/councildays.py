"""What the councils' own meeting days ask for: the case handed in before an agenda closes, the answer after the
meeting, a calendar that nobody has told yet, and a day that fell away. House practice, never law.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from workflow.ahead.roads import Road, road_to
from workflow.language import full, phrase
from workflow.rules.agreement import Council
from workflow.rules.anchors import Step
from workflow.rules.days import spoken
from workflow.rules.timeline import Deadline
from workflow.rules.words import few
from workflow.services.due.lanes import lane_of, untold
from workflow.services.due.lastchance import closes_on, last_agendas
from workflow.services.due.prompt import asked, asked_from
from workflow.services.due.targets import target
from workflow.storage.facts.meetingdays import Held
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook

ASKED_BEFORE = 240  # days before the date: a year's calendar is then published, and the text not yet sent
FELL_LATELY = timedelta(days=30)
_WITH_COUNCILS = ("in_council_approval", "blocked")


def told_days(standing: Standing) -> dict[str, date]:
    """The meeting that each council has told and not decided at, by its code: it is asked for no day, and nothing until
    that day has passed but to have the case before its agenda closes."""
    current = standing.course.current
    if current is None or current.state not in _WITH_COUNCILS:
        return {}
    return {
        code: on
        for code, on in sorted(current.meets_on.items())
        if current.decisions.get(code) == "scheduled"
    }


def of_calendars(standing: Standing, rulebook: Rulebook) -> Iterator[Deadline]:
    """Everything the meeting days ask for on the standing's day."""
    yield from _agendas(standing, rulebook)
    yield from _council_meetings(standing, rulebook)
    yield from _missing(standing, rulebook)
    yield from _fallen(standing, rulebook)


def uncalendared(standing: Standing) -> list[Council]:
    """The councils that have told of no meeting in the year of the date, and have not decided or told their day."""
    wanted = target(standing)
    if wanted is None or wanted.legal_on is None:
        return []
    done = {*_yes(standing), *told_days(standing)}
    return [party for party in untold(standing, wanted.legal_on) if party.code not in done]


def _council_meetings(standing: Standing, rulebook: Rulebook) -> Iterator[Deadline]:
    """The day after the meeting that a council has told, it is asked what it decided."""
    for code, on in told_days(standing).items():
        title = phrase("Rådets møde %(on)s", on=on)
        step = _told_step(standing, code, on)
        yield asked(
            standing, rulebook.days, "council-met", _subject(standing, code), title, on, step, duty="agreed"
        )


def _agendas(standing: Standing, rulebook: Rulebook) -> Iterator[Deadline]:
    """The last day for the case at a meeting that was told, where the council's calendar says it, or at the last one of
    a council that has told none."""
    for code, on in told_days(standing).items():
        road = told_road(standing, rulebook, code)
        closes = closes_on(road) if road else None
        if road is None or closes is None or closes < standing.as_of:
            continue
        yield asked(
            standing, rulebook.days, "council-agenda", _subject(standing, code), _handed_in(standing, code), closes,
            _told_step(standing, code, on), _closing(road, closes), duty="agreed", since=_told_on(standing, code, on),
        )  # fmt: skip
    current = standing.course.current
    if current is None or current.state not in _WITH_COUNCILS:
        return
    for one in last_agendas(standing, rulebook, told_days(standing)):
        on = one.road.council.on
        text = phrase(
            "%(council)s har ikke oplyst, hvornår version %(number)s behandles; det sidste møde, hvor den kan nås i "
            "tide, er %(on)s",
            council=current.names[one.code],
            number=current.number,
            on=full(on),
        )
        step = Step(text, on, one.road.council.source)
        yield asked(
            standing, rulebook.days, "council-agenda", _subject(standing, one.code), _handed_in(standing, one.code),
            one.closes, step, _closing(one.road, one.closes), duty="agreed" if current.reply_by else "none",
            since=current.sent_on,
        )  # fmt: skip


def _handed_in(standing: Standing, code: str) -> str:
    assert standing.course.current is not None
    return phrase("Sagen skal være hos %(council)s", council=standing.course.current.names[code])


def _closing(road: Road, closes: date) -> Step:
    organ, sitting = road.first
    text = phrase(
        "Dagsordenen til mødet i %(organ)s %(on)s lukker %(closes)s",
        organ=organ or phrase("rådet"),
        on=full(sitting.on),
        closes=full(closes),
    )
    return Step(text, closes, sitting.source, "start")


def _missing(standing: Standing, rulebook: Rulebook) -> Iterator[Deadline]:
    """The calendars of the year of the date, asked for before they are needed."""
    wanted = target(standing)
    without = uncalendared(standing)
    if not without or wanted is None or wanted.legal_on is None:
        return
    on = wanted.legal_on - timedelta(days=ASKED_BEFORE)
    year = wanted.legal_on.year
    names = few([party.name for party in without])
    text = phrase(
        "Der mangler mødedage i %(year)s for %(count)s råd (%(names)s); uden dem kan ingen sige, "
        "hvornår teksten senest skal sendes",
        year=year,
        count=len(without),
        names=names,
    )
    yield asked(
        standing, rulebook.days, "council-calendar", str(year), phrase("Rådenes mødedage i %(year)s", year=year), on,
        Step(text, on, rulebook.gaps.dispatch.cite, "start"), duty="none", day=asked_from(on),
    )  # fmt: skip


def _fallen(standing: Standing, rulebook: Rulebook) -> Iterator[Deadline]:
    """Meetings that were counted on and will not be held, those learnt of on one day together."""
    by_day: dict[date, list[Held]] = {}
    for one in gone_days(standing, rulebook):
        if one.gone_on:
            by_day.setdefault(one.gone_on, []).append(one)
    for on, some in by_day.items():
        names = {party.code: party.name for party in standing.agreement.parties}
        told = few([f"{names[one.body]} {spoken(one.on, False)}" for one in some])
        step = Step(
            phrase("Møder, der ikke holdes: %(told)s", told=told),
            on,
            some[0].gone_why or phrase("mødekalenderen"),
            "start",
        )
        day = rulebook.days.on_or_after(
            on
        )  # told on the day it was learnt, or the next on which anybody reads it
        yield asked(
            standing, rulebook.days, "council-day-gone", on.isoformat(), phrase("Et møde holdes ikke"), day, step,
            since=day, day=asked_from(day),
        )  # fmt: skip


def gone_days(standing: Standing, rulebook: Rulebook) -> Sequence[Held]:
    """Meetings to come, before the date, that were learnt lately not to be held, of councils that have not decided."""
    wanted = target(standing)
    if wanted is None or wanted.legal_on is None:
        return []
    open_ones = {party.code for party in standing.agreement.parties} - _yes(standing)
    return [
        one for one in standing.meetings
        if one.gone_on and standing.as_of - FELL_LATELY <= one.gone_on <= standing.as_of
        and one.gone_on <= one.on <= wanted.legal_on and one.body in open_ones
    ]  # fmt: skip


def _yes(standing: Standing) -> set[str]:
    """The councils that have approved the text that is with them."""
    current = standing.course.current
    if current is None or current.state not in _WITH_COUNCILS:
        return set()
    return {code for code in current.parties if current.approved_by(code)}


def told_road(standing: Standing, rulebook: Rulebook, code: str) -> Road | None:
    on = told_days(standing).get(code)
    if on is None:
        return None
    lane = lane_of(standing, code, on, rulebook.gaps)
    sitting = next((one for one in lane.sittings if one.on == on), None)
    if sitting is None:
        return None
    alone = Road(
        sitting, (), sitting.closes(rulebook.gaps.agenda)
    )  # where its committees no longer fit before it
    return road_to(lane, sitting, rulebook.gaps.agenda) or alone


def _subject(standing: Standing, code: str) -> str:
    assert standing.course.current is not None
    return f"v{standing.course.current.number}:{code}"


def _told_step(standing: Standing, code: str, on: date) -> Step:
    current = standing.course.current
    assert current is not None
    text = phrase(
        "%(council)s har oplyst, at version %(number)s behandles på mødet %(on)s",
        council=current.names[code],
        number=current.number,
        on=full(on),
    )
    return Step(text, on, phrase("oplyst af rådet"), "start")


def _told_on(standing: Standing, code: str, on: date) -> date | None:
    told = [
        fact.on for fact in standing.story.steps
        if fact.event in ("council-scheduled", "council-postponed") and fact.council == code and fact.due == on
    ]  # fmt: skip
    return max(told, default=None)
