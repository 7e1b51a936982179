"""A duty of every calendar year: its date, and which step counts for which year (O-56)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from workflow.language import full, phrase
from workflow.rules.anchors.counting import cite, source
from workflow.rules.days import BusinessDays
from workflow.rules.facts import DONE, Fact
from workflow.rules.found import Found, Step
from workflow.rules.obligation import DeadlineRule
from workflow.rules.silence import CLOSED, YEAR, Silence, signed
from workflow.rules.spans import Span
from workflow.rules.story import Story
from workflow.values import replace

YEARLY = "calendar-year"


def first_year(start: date) -> int:
    """The first year of which something is owed: the first that is whole in force."""
    return start.year if (start.month, start.day) == (1, 1) else start.year + 1


def running(start: date, year: int) -> date:
    """The last day of ``year`` where years are counted from the entry into force, ``start``."""
    return Span(year - first_year(start) + 1, "year").after(start) - timedelta(days=1)


def find(rule: DeadlineRule, story: Story, until_year: int) -> list[Found]:
    """A date for each year in force up to ``until_year``, and for the first in any case; none is met yet: see
    :func:`of_years`."""
    effective = story.newest("effective")
    if effective is None:
        step = Step(
            phrase("Ikrafttrædelsesdatoen er ikke registreret; det første år regnes fra den"),
            None,
            cite(rule),
        )
        return [Found(rule, "", None, (step,))]
    submitted = story.first("submitted")
    if submitted is None:
        step = Step(
            phrase("Aftalen er ikke indgået endnu; den gennemgås, når den er i kraft"), None, cite(rule)
        )
        return [Found(rule, "", None, (step,))]
    start = effective.value
    first = first_year(start)
    found = []
    for year in range(first, max(first, until_year) + 1):
        on = date(year, rule.due.month, rule.due.day)
        if story.ended_on and on >= story.ended_on:
            break  # the year was not over when the next agreement took over: nothing of it is owed
        steps = (
            Step(phrase("Aftalen træder i kraft %(day)s", day=full(start)), start, source(effective)),
            Step(
                phrase(
                    "Aftalen gennemgås én gang om året; loven siger ikke, hvordan året regnes, så her gælder "
                    "kalenderåret: senest %(day)s",
                    day=full(on),
                ),
                on,
                cite(rule),
                "start",
            ),
        )
        found.append(Found(rule, str(year), on, steps, None, effective.known_on))
    return found


def of_years(
    rule: DeadlineRule, found: Sequence[Found], story: Story, silences: Sequence[Silence], days: BusinessDays
) -> list[Found]:
    """``found``, each with the step that fulfilled its year: the first that counts for it; of a year whose own count
    from the entry into force was served before, while that count is open, else the first of the next."""
    held = by_year(rule, story, silences, days)
    asked = any(one.kind == YEAR and not signed(story, one)[0] for one in silences)

    def met(year: int) -> Fact | None:
        next_held = of_running(rule, story, year + 1) if asked and served(rule, story, year) else []
        return next(iter((*held.get(year, ()), *next_held)), None)

    return [replace(one, met=met(int(one.subject))) if one.subject else one for one in found]


def of_running(rule: DeadlineRule, story: Story, year: int) -> list[Fact]:
    """The steps told with no year that fall in the year counted from the entry into force which ends in ``year``."""
    effective = story.newest("effective")
    if effective is None:
        return []
    after, last = running(effective.value, year - 1), running(effective.value, year)
    return [fact for fact in story.named(*rule.met_by) if not fact.due and after < fact.on <= last]


def served(rule: DeadlineRule, story: Story, year: int) -> bool:
    """Whether the year counted from the entry into force which ends in ``year`` had its step before ``year`` began:
    by that count the next is due in the year after."""
    return any(fact.on.year != year for fact in of_running(rule, story, year))


def by_year(
    rule: DeadlineRule, story: Story, silences: Sequence[Silence], days: BusinessDays
) -> dict[int, list[Fact]]:
    """The steps that meet the yearly ``rule`` by the year each counts for: the one that was told with it (the year of
    its ``due``), else that of its day. Where somebody has signed that a date on a closed day moves, what is held by the
    day it moves to counts for the year that is over, unless that one had its own; where years are signed to be counted
    from the entry into force, they are."""
    second = {one.kind for one in silences if signed(story, one)[0] == one.readings[1].id}
    effective = story.newest("effective")
    first = first_year(effective.value) if effective else date.max.year
    start = effective.value if effective and YEAR in second else None

    def last(year: int) -> date:
        return running(start, year) if start else date(year, rule.due.month, rule.due.day)

    def year_of(on: date) -> int:
        year = on.year
        return year + 1 if start and year + 1 >= first and running(start, year) < on else year

    found: dict[int, list[Fact]] = {}
    after: list[Fact] = []
    for fact in story.named(*rule.met_by):
        if fact.event == DONE and fact.about != rule.id:
            continue
        year = fact.due.year if fact.due else year_of(fact.on)
        moves = CLOSED in second and year > first and not fact.due
        if moves and last(year - 1) < fact.on <= days.on_or_after(last(year - 1)):
            after.append(fact)
        else:
            found.setdefault(year, []).append(fact)
    for fact in after:
        year = year_of(fact.on)
        found.setdefault(year if year - 1 in found else year - 1, []).insert(0, fact)
    return found


def too_early(subject: str, on: date | None, as_of: date) -> bool:
    """Whether the date ``on`` of a year to come (``subject``) is still a whole year off: it is listed once that of the
    year before it has passed, so that reminders of a day in January go out in time."""
    return int(subject or 0) > as_of.year and on is not None and on >= Span(1, "year").after(as_of)
