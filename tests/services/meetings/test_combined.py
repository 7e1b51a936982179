"""One plan in many shapes: however a day, a body and what is beside them are put together, the days are the same; and
what is no meeting is asked about in each shape."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import product

import pytest

from tests.story.living import rules
from workflow.rules.days import MONTHS, WEEKDAYS
from workflow.services.meetings.keeping import read_file
from workflow.services.meetings.reading.proposing import Proposed

Plan = dict[str, list[date]]
COMMITTEE = "Udvalget for børn, kultur og fritid"
PLAN: Plan = {
    "Byrådet": [date(2027, month, day) for month, day in ((1, 26), (2, 23), (3, 30), (8, 31), (10, 26))],
    COMMITTEE: [date(2027, month, day) for month, day in ((1, 7), (2, 4), (3, 4), (6, 3), (9, 2), (10, 7))],
}
OTHER = [date(2027, 3, 17), date(2027, 9, 22)]


def weekday(on: date) -> str:
    return WEEKDAYS[on.weekday()]


def month(on: date) -> str:
    return MONTHS[on.month - 1]


SAID: dict[str, Callable[[date], str]] = {
    "in full": lambda on: f"{weekday(on).title()} den {on.day}. {month(on)} {on.year}",
    "short": lambda on: f"{weekday(on)[:3]}. {on.day}. {month(on)[:3]}.",
    "two letters": lambda on: f"{weekday(on)[:2]} {on.day}/{on.month}",
    "points": lambda on: f"{on:%d.%m.%Y}",
    "dashes and a weekday behind": lambda on: f"{on:%d-%m-%Y} ({weekday(on)})",
    "capitals": lambda on: f"{weekday(on).upper()} DEN {on.day}. {month(on).upper()}",
    "the month first": lambda on: f"{month(on).title()} {on.day}.",
    "no point": lambda on: f"{weekday(on)} {on.day} {month(on)} {on.year}",
}
ROWS = (
    "{d}: {o}",
    "{o}, {d} kl. 17.00",
    "{o}\t{d}",
    "| {d} | {o} |",
    "{d} kl. 17.00-19.30 {o}",
    "Møde i {o} {d} kl. 17",
    "{d}, {o}, sal 2",
)


def in_rows(plan: Plan, said: Callable[[date], str], row: str) -> str:
    days = sorted((on, whose) for whose, days in plan.items() for on in days)
    return "\n".join(row.format(d=said(on), o=whose) for on, whose in days)


def below_names(plan: Plan, said: Callable[[date], str], between: str) -> str:
    return "\n\n".join(f"{whose}\n{between.join(map(said, days))}" for whose, days in plan.items())


def by_months(plan: Plan, apart: str, *, weekdays: bool = False) -> str:
    def said(on: date) -> str:
        return f"{weekday(on)[:2]} {on.day}." if weekdays else f"{on.day}."

    rows = [
        apart.join(
            [
                name.title(),
                *(", ".join(map(said, (on for on in days if month(on) == name))) for days in plan.values()),
            ]
        )
        for name in MONTHS
    ]
    return "\n".join([apart.join(["Måned", *plan]), *rows])


def read(text: str) -> list[Proposed]:
    return read_file(rules(), "liste.txt", f"Mødeplan 2027\n\n{text}\n".encode(), body="0851")


def held(plan: Plan) -> list[tuple[str, date]]:
    return sorted(("" if whose == "Byrådet" else whose, on) for whose, days in plan.items() for on in days)


@pytest.mark.parametrize("said", SAID.values(), ids=SAID.keys())
def test_a_plan_is_the_same_in_whatever_way_its_days_are_written(said: Callable[[date], str]) -> None:
    texts = [in_rows(PLAN, said, row) for row in ROWS]
    texts += [below_names(PLAN, said, between) for between in ("\n", ", ", " - ")]
    for text in texts:
        found = read(text)
        assert sorted((one.organ, one.on) for one in found if not one.doubt) == held(PLAN), text


@pytest.mark.parametrize("apart", ["\t", " | ", ";"])
def test_a_plan_by_months_is_the_same(apart: str) -> None:
    for text in (by_months(PLAN, apart), by_months(PLAN, apart, weekdays=True)):
        assert sorted((one.organ, one.on) for one in read(text) if not one.doubt) == held(PLAN), text


THINGS = (
    "Temadag", "Budgetseminar for Byrådet", "Ældrerådet", "Møde i Handicaprådet", "Frist for punkter", "Borgermøde",
    "Møde med KL",
    "Beredskabskommissionen", "Evt. møde", "Forberedelse til byrådsmøde", "Byrådets sommerudflugt", "MED-hovedudvalg",
    "Referat udsendes", "Møde mellem byrådet og Ældrerådet", "Byrådsseminar", "Rådhuset lukket",
)  # fmt: skip


@pytest.mark.parametrize("thing", THINGS)
def test_what_is_no_meeting_is_taken_in_no_shape_without_a_mark(thing: str) -> None:
    plan = {**PLAN, thing: OTHER}
    texts = [
        in_rows(plan, said, row)
        for said, row in product(
            (SAID["in full"], SAID["points"]), (*ROWS[:4], "{o}: {d}", "{d}\t{o}\t17.00")
        )
    ]
    texts += [below_names(plan, SAID["in full"], between) for between in ("\n", ", ")]
    texts += [by_months(plan, "\t")]
    for text in texts:
        taken = {one.on for one in read(text) if not one.doubt and not one.gone}
        assert not taken & set(OTHER), text
