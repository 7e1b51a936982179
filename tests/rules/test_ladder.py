"""The ladders of reminders: they slow down, never two days running, and end; the second reckoner agrees."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from tests.story.living import rules
from workflow.rules.ladder import APART, LetterRule, coming, owed
from workflow.rules.timeline import Deadline
from workflow.services.watch.rungs import Dated, newest_rung

DAYS = rules().days
# A generic letter follows the duties that have none of their own: any will do.
LADDERS = [replace(letter, deadline=letter.deadline or ("any",)) for letter in rules().letters if letter.at]
dates = st.dates(date(2022, 1, 1), date(2031, 12, 31))


def due(letter: LetterRule, on: date) -> Deadline:
    return Deadline(
        letter.deadline[0],
        "",
        "",
        "shall",
        "ssu",
        "upcoming",
        on,
        DAYS.on_or_before(on),
        None,
        None,
        1,
        (),
        (),
    )


def told(letter: LetterRule, on: date) -> list[tuple[int, date]]:
    """Every reminder that goes out about a date nobody meets, day by day, as the planner asks."""
    deadline, states = due(letter, on), frozenset(letter.during or ("draft",))
    found: dict[int, date] = {}
    day = on - timedelta(days=400)
    while day <= on + timedelta(days=200):
        for rung in owed([deadline], [letter], DAYS, states, day):
            found.setdefault(rung.offset, rung.due_on)
        day += timedelta(days=1)
    return list(found.items())


@given(letter=st.sampled_from(LADDERS), on=dates)
def test_nobody_is_reminded_two_days_running_and_every_ladder_ends(letter: LetterRule, on: date) -> None:
    days = [day for _, day in told(letter, on)]
    assert days == sorted(days) and len(days) <= len(letter.at)
    assert all((later - earlier).days >= APART for earlier, later in pairwise(days))
    states = frozenset(letter.during or ("draft",))
    assert not coming([due(letter, on)], [letter], DAYS, states, on + timedelta(days=200))


@given(letter=st.sampled_from(LADDERS), on=dates, late=st.integers(-370, 150))
def test_the_second_reckoner_finds_the_same_rung(letter: LetterRule, on: date, late: int) -> None:
    deadline, by = due(letter, on), on + timedelta(days=late)
    assert deadline.aim_on
    planned = list(owed([deadline], [letter], DAYS, frozenset(letter.during or ("draft",)), by))
    dated = Dated(deadline.id, "", on, deadline.aim_on, 1, None, on)
    assert newest_rung(letter, dated, DAYS, by) == (
        (planned[0].offset, planned[0].due_on) if planned else None
    )


def test_a_ladder_slows_down_after_its_date() -> None:
    for letter in LADDERS:
        after = [offset for offset in letter.at if offset > 0]
        assert all(b - a <= d - c for (a, b), (c, d) in pairwise(pairwise(after))), letter.name
        assert not letter.every, letter.name


def test_what_july_held_back_gives_way_to_the_next_rung() -> None:
    """Desk F4: 2 and 3 August 2027 brought the same letter twice."""
    letter = next(one for one in LADDERS if one.name == "council-pending")
    days = dict(told(letter, date(2027, 7, 19)))
    assert days[1] == date(2027, 8, 2) if 1 in days else True
    assert all((b - a).days >= APART for a, b in pairwise(sorted(days.values())))


def test_a_council_hears_five_times_and_then_the_director_and_the_desk() -> None:
    told_to = {
        letter.name: letter.at
        for letter in LADDERS
        if letter.name in ("council-pending", "council-late", "council-silent")
    }
    assert told_to == {
        "council-pending": (-30, -14, -7, 1, 15),
        "council-late": (29,),
        "council-silent": (29,),
    }


def test_rungs_just_far_enough_apart_both_stay_and_a_ladder_of_another_state_is_silent() -> None:
    friday = date(2026, 3, 6)
    letter = replace(LADDERS[0], at=(-APART, 0), every=0, stale=0, during=("draft",))
    assert told(letter, friday) == [(-APART, friday - timedelta(days=APART)), (0, friday)]
    assert not list(owed([due(letter, friday)], [letter], DAYS, frozenset({"submitted"}), friday))
