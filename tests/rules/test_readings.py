"""Where the law is silent: what is signed, what a day more makes of a date, and by which date a duty was judged."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.story.living import rules
from workflow.rules.facts import Fact
from workflow.rules.found import Found
from workflow.rules.readings import judged_by, read
from workflow.rules.silence import CLOSED, STRICT, YEAR, Alternative, signatures, signed
from workflow.rules.story import tell

LAW = rules().law
BY_KIND = {one.kind: one for one in LAW.silences}
AGREEMENT = rules().agreement("nordjylland", "2024-2027", "2022-2025", date(2023, 3, 1))
RULES = {rule.id: rule for rule in AGREEMENT.regime.deadlines}
DAYS = LAW.business_days()
SATURDAY, SUNDAY, MONDAY = date(2023, 7, 1), date(2023, 7, 2), date(2023, 7, 3)


def sign(kind: str, reading: int, no: int, on: date = SATURDAY) -> Fact:
    """Somebody signs the first reading of a silence (0) or its second (1)."""
    silence = BY_KIND[kind]
    about = f"{silence.id}:{silence.readings[reading].id}"
    return Fact(no, "reading-signed", on, by=f"jurist {no}", about=about, known_on=on)


def under(found: Found, kind: str, *facts: Fact) -> Found:
    return read(AGREEMENT, (BY_KIND[kind],), found, tell(facts, date(2030, 1, 1)), DAYS)


def on(day: date, rule: str = "submission") -> Found:
    return Found(RULES[rule], "", day, ())


def test_the_signature_that_was_known_last_holds_and_each_silence_has_its_own() -> None:
    said = [sign(CLOSED, 1, 1, MONDAY), sign(CLOSED, 0, 2), sign(STRICT, 1, 3, MONDAY)]
    story = tell(said, date(2030, 1, 1))
    assert [one.no for one in signatures(story, BY_KIND[CLOSED])] == [2, 1]
    assert signed(story, BY_KIND[CLOSED]) == (BY_KIND[CLOSED].readings[1].id, "jurist 1")
    assert signed(story, BY_KIND[STRICT]) == (BY_KIND[STRICT].readings[1].id, "jurist 3")
    assert signed(story, BY_KIND[YEAR]) == ("", "")


@pytest.mark.parametrize(
    ("facts", "leads", "latest", "said"),
    [
        ([], SATURDAY, MONDAY, "Nej, datoen er sidste dag: lørdag den 1. juli 2023; Ja, "),
        ([sign(CLOSED, 0, 1)], SATURDAY, None, ", efter jurist 1"),
        ([sign(CLOSED, 1, 1)], MONDAY, MONDAY, "mandag den 3. juli 2023"),
    ],
)
def test_a_date_on_a_closed_day_is_read_both_ways_until_one_is_signed(
    facts: list[Fact], leads: date, latest: date | None, said: str
) -> None:
    found = under(on(SATURDAY), CLOSED, *facts)
    assert (found.on, found.latest_on) == (leads, latest)
    assert found.readings == (
        Alternative(BY_KIND[CLOSED], (SATURDAY, MONDAY), *signed(tell(facts, date(2030, 1, 1)), BY_KIND[CLOSED])),
    )  # fmt: skip
    assert any(said in step.text for step in found.steps)
    assert any("Påmindelserne følger" in step.text for step in found.steps) == (not facts)


def test_nothing_is_read_into_an_open_day_a_day_that_comes_by_itself_or_none() -> None:
    fact = replace(RULES["submission"], duty="fact")
    for found in (on(MONDAY), Found(fact, "", SATURDAY, ()), Found(RULES["submission"], "", None, ())):
        assert under(found, CLOSED) == found


def test_of_two_days_only_the_second_may_be_closed() -> None:
    found = under(replace(on(MONDAY), later_on=SUNDAY, latest_on=SATURDAY), CLOSED)
    assert (found.on, found.latest_on, found.readings) == (MONDAY, MONDAY, ())


def test_who_was_in_time_by_both_dates_is_told_nothing_and_who_was_late_by_one_is() -> None:
    moved, then = on(date(2024, 1, 1)), on(SATURDAY)
    assert not list(judged_by(AGREEMENT, moved, then, SATURDAY, SATURDAY))
    (late,) = judged_by(AGREEMENT, moved, then, SUNDAY, SATURDAY)
    (by_one,) = judged_by(AGREEMENT, moved, then, SUNDAY, MONDAY)
    (early,) = judged_by(AGREEMENT, then, moved, SUNDAY, MONDAY)
    assert "så det var for sent" in late.text and "så det var i tide" in early.text
    assert by_one.text != late.text and "efter den" in by_one.text
    assert (late.on, late.kind, late.cite) == (SATURDAY, "judged", AGREEMENT.regime.cite("deviation"))
    (met,) = judged_by(AGREEMENT, then, on(SUNDAY, "final-guidance"), SUNDAY, SUNDAY)
    assert "så det var i tide" in met.text, "on the last day itself"
    (plain,) = judged_by(AGREEMENT, on(SATURDAY, "final-guidance"), then, SUNDAY, SATURDAY)
    assert plain.cite == RULES["final-guidance"].cite[0], "no provision moves an end that was agreed"
    assert not list(judged_by(AGREEMENT, moved, replace(then, on=None), MONDAY, MONDAY))


@pytest.mark.parametrize(("term", "asked"), [("2022-2025", True), ("2018-2021", False)])
def test_a_question_of_one_term_is_not_asked_of_another(term: str, asked: bool) -> None:
    silence = replace(BY_KIND[CLOSED], terms=("2022-2025",))
    whose = rules().agreement("nordjylland", "x", term, date(2023, 3, 1))
    found = read(whose, (silence,), on(SATURDAY), tell([], MONDAY), DAYS)
    assert bool(found.readings) is asked


def test_a_day_that_must_lie_before_another_may_be_that_day_by_the_duty_s_own_provision() -> None:
    rule = next(one for one in RULES.values() if one.due.strict and one.due.add)
    found = under(Found(rule, "", SATURDAY, ()), STRICT)
    assert (found.on, found.latest_on) == (SATURDAY, SUNDAY)
    assert {one.cite for one in found.readings[0].silence.readings} == {rule.cite[0]}
