"""Anchors of other laws than the health agreements': a fixed day, the first half of a term, one of its rounds,
every so many years, and the later or earlier of several dates. Each is explained step by step like the others."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from functools import reduce

from workflow.language import enumerated, full, noted, phrase
from workflow.rules.agreement import Agreement
from workflow.rules.anchors.counting import met
from workflow.rules.found import Found, Step
from workflow.rules.obligation import DeadlineRule
from workflow.rules.spans import Due
from workflow.rules.story import Story
from workflow.values import replace

_NTH = {
    1: noted("Det er valgperiodens første kalenderår, %(year)s"),
    2: noted("Det er valgperiodens andet kalenderår, %(year)s"),
    3: noted("Det er valgperiodens tredje kalenderår, %(year)s"),
    4: noted("Det er valgperiodens fjerde kalenderår, %(year)s"),
}
_YEAR = re.compile(r"\b(\d{4})\b")


def alone(rule: DeadlineRule, part: Due) -> DeadlineRule:
    """The rule with one of its dates alone."""
    return replace(rule, due=part)


def picked(rule: DeadlineRule, parts: Sequence[Sequence[Found]]) -> list[Found]:
    """The later or the earlier of the dates of ``parts``. The later waits for all of them; of the earlier one is
    enough. A part with a date for each of several facts gives one for each."""
    latest = rule.due.anchor == "latest"
    there = [part for part in parts if part]
    if not there or (latest and len(there) < len(parts)):
        return []  # the fact that one of them counts from has not come
    found = []
    for index in range(max(map(len, there))):
        some = [part[min(index, len(part) - 1)] for part in there]
        own = next((one for one in some if one.subject), some[0])
        found.append(_of(rule, some, own, latest))
    return found


def _of(rule: DeadlineRule, some: Sequence[Found], own: Found, latest: bool) -> Found:
    steps = [step for one in some for step in one.steps]
    dated = [one for one in some if one.on]
    done = next((one.met for one in some if one.met), None)
    if not dated or (latest and len(dated) < len(some)):
        waits = Step(
            phrase("Den seneste af datoerne gælder, og de kendes ikke alle endnu"), None, rule.cite[0]
        )
        return replace(own, rule=rule, on=None, steps=(*steps, *([waits] if latest else [])), met=done)
    chosen = (max if latest else min)(dated, key=lambda one: one.on or date.max)
    assert chosen.on
    day = full(chosen.on)
    text = (
        phrase("Den seneste af datoerne gælder: %(day)s", day=day)
        if latest
        else phrase("Den tidligste af datoerne gælder: %(day)s", day=day)
    )
    step = Step(text, chosen.on, rule.cite[0], "start")
    since = max((one.since for one in some if one.since), default=None)
    return replace(own, rule=rule, on=chosen.on, steps=(*steps, step), met=done, since=since)


def find(agreement: Agreement, rule: DeadlineRule, story: Story, until_year: int) -> list[Found]:
    """The date, or dates, of a fixed day, half a term, a round in a term, or every so many years."""
    match rule.due.anchor:
        case "day":
            assert rule.due.on
            text = phrase("Loven nævner dagen: %(day)s", day=full(rule.due.on))
            step = Step(text, rule.due.on, rule.cite[0], "start")
            return [Found(rule, "", rule.due.on, (step,), met(rule, story))]
        case "half-term":
            return [_half(agreement, rule, story)]
        case "round":
            return _round(agreement, rule, story)
    return _every(agreement, rule, story, until_year)


def _term_steps(agreement: Agreement) -> list[Step]:
    term = agreement.term
    runs = phrase("Valgperioden løber fra %(first)s til %(last)s", first=term.starts_on, last=term.ends_on)
    return [
        Step(phrase("Valget blev holdt %(day)s", day=full(term.election_on)), term.election_on, term.cite),
        Step(runs, term.starts_on, term.cite),
    ]


def _half(agreement: Agreement, rule: DeadlineRule, story: Story) -> Found:
    """The last day of the first (or second) half of a four-year term."""
    on = date(agreement.term.calendar_year(2 * rule.due.half), 12, 31)
    which = {
        1: noted("Valgperiodens første halvdel slutter %(day)s"),
        2: noted("Valgperiodens anden halvdel slutter %(day)s"),
    }[rule.due.half]
    step = Step(phrase(which, day=full(on)), on, rule.cite[0], "start")
    return Found(rule, "", on, (*_term_steps(agreement), step), met(rule, story))


def _round(agreement: Agreement, rule: DeadlineRule, story: Story) -> list[Found]:
    """The round of the term that the agreement's name says: it is concluded in the year before its first. None where
    the name says a year of the term in which this rule asks for nothing."""
    term, rounds = agreement.term, rule.due.rounds
    first = _YEAR.search(agreement.label)
    years = {term.calendar_year(number): number for number in rounds}
    wanted = int(first[1]) - 1 if first else None
    if wanted not in years and term.starts_on.year <= (wanted or 0) <= term.ends_on.year:
        return []
    if first and wanted not in years and term.label not in agreement.label:
        return [_of_another_term(agreement, rule, story, int(first[1]))]
    number = years.get(wanted or 0, rounds[0])
    year = term.calendar_year(number)
    if wanted in years:
        said = phrase(
            "Aftalen gælder efter sit navn fra %(year)s; den indgås året før", year=first[1] if first else ""
        )
    else:
        turns = reduce(lambda before, one: enumerated((before, one)), [str(one) for one in years])
        said = phrase(
            "Navnet nævner ingen af valgperiodens runder (der indgås i %(years)s), så der regnes med den første",
            years=turns,
        )
    on = date(year, rule.due.month, rule.due.day)
    steps = (
        *_term_steps(agreement),
        Step(said, None, rule.cite[0]),
        Step(phrase(_NTH[number], year=year), date(year, 1, 1), rule.cite[0]),
        Step(phrase("Fristen er %(day)s", day=full(on)), on, rule.cite[0], "start"),
    )
    return [Found(rule, "", on, steps, met(rule, story))]


def _of_another_term(agreement: Agreement, rule: DeadlineRule, story: Story, year: int) -> Found:
    said = phrase(
        "Aftalen gælder efter sit navn fra %(year)s; den indgås i %(before)s, og det er ikke et år i valgperioden "
        "%(term)s, så reglen giver ingen dato her",
        year=year, before=year - 1, term=agreement.term.label,
    )  # fmt: skip
    steps = (*_term_steps(agreement), Step(said, None, rule.cite[0]))
    return Found(rule, "", None, steps, met(rule, story))


def _every(agreement: Agreement, rule: DeadlineRule, story: Story, until_year: int) -> list[Found]:
    """A month and day of every n-th year of the term, from the first year the rule names to the one after
    ``until_year``, which may be near already; what the next term's years ask for is asked of its own round."""
    due, term = rule.due, agreement.term
    found = []
    last = min(max(due.first, until_year + due.years), term.ends_on.year)
    for year in range(due.first, last + 1, due.years):
        if year < term.starts_on.year:
            continue
        on = date(year, due.month, due.day)
        text = phrase(
            noted("Hvert år, første gang i %(first)s: senest %(day)s")
            if due.years == 1
            else noted("Hvert %(years)s. år, første gang i %(first)s: senest %(day)s"),
            years=due.years,
            first=due.first,
            day=full(on),
        )
        begins, ends = date(year - due.years + 1, 1, 1), date(year, 12, 31)
        done = [fact for fact in story.steps if begins <= fact.on <= ends]
        step = Step(text, on, rule.cite[0], "start")
        found.append(Found(rule, str(year), on, (step,), met(rule, story, done)))
        if story.ended_on and on >= story.ended_on:
            break
    return found
