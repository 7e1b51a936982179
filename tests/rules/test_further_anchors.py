"""Anchors of other laws: a fixed day, half a term, one of several rounds, every n years, the later of two dates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.story.living import rules
from workflow.rules.agreement import Agreement
from workflow.rules.anchors import find
from workflow.rules.anchors.further import picked
from workflow.rules.facts import Fact
from workflow.rules.found import Found
from workflow.rules.obligation import DeadlineRule, Text
from workflow.rules.spans import Due, Span
from workflow.rules.story import tell

LAW = rules().law
TERM = next(term for term in LAW.terms if term.label == "2026-2029")
REGIME = next(one for one in LAW.regimes if one.id == "rammeaftale-bek-1561-2025")


def found(due: Due, *facts: Fact, label: str = "2027-2028") -> list[Found]:
    rule = DeadlineRule(
        "it",
        Text("Det", "It"),
        "shall",
        "councils",
        due,
        ("submitted",),
        ("BEK 1799/2025 § 1",),
        date(2026, 1, 1),
    )
    agreement = Agreement("nordjylland", "Region Nordjylland", label, TERM, REGIME, ())
    return find(agreement, rule, tell(facts, date(2029, 1, 1)), 2030)


def test_a_day_the_law_itself_names() -> None:
    """BEK 1798/2025 § 3, stk. 2: requests run to 31 December 2028, a Sunday."""
    (one,) = found(Due("day", on=date(2028, 12, 31)))
    assert (one.on, one.steps[0].text) == (
        date(2028, 12, 31),
        "Loven nævner dagen: søndag den 31. december 2028",
    )


def test_the_first_half_of_a_term_ends_with_its_second_year() -> None:
    """Planloven § 23 a: the plan strategy within the first half of the municipal term, so 31 December 2027."""
    (one,) = found(Due("half-term", half=1))
    assert one.on == date(2027, 12, 31)
    assert one.steps[-1].text == "Valgperiodens første halvdel slutter fredag den 31. december 2027"


@pytest.mark.parametrize(
    "label, on",
    [
        ("2027-2028", date(2026, 12, 1)),
        ("2029-2030", date(2028, 12, 1)),
        ("uden år", date(2026, 12, 1)),
        ("2028", None),
    ],
)
def test_the_round_of_a_term_is_the_year_before_the_agreements_first(label: str, on: date | None) -> None:
    """BEK 1561/2025 § 8: 1 December of the term's first year and of its third."""
    dates = [one.on for one in found(Due("round", rounds=(1, 3), month=12, day=1), label=label)]
    assert dates == ([on] if on else [])


def test_every_third_year_from_the_first() -> None:
    dates = found(Due("every", years=3, first=2026, month=6, day=1))
    assert [(one.subject, one.on) for one in dates][:2] == [
        ("2026", date(2026, 6, 1)),
        ("2029", date(2029, 6, 1)),
    ]


LATER = Due(
    "latest", parts=(Due("day", on=date(2027, 7, 1)), Due("fact", Span(9, "month"), event="date-agreed"))
)


@pytest.mark.parametrize(
    "concluded, on", [(date(2026, 6, 1), date(2027, 7, 1)), (date(2026, 12, 15), date(2027, 9, 15))]
)
def test_the_later_of_a_day_and_a_span_from_what_was_concluded(concluded: date, on: date) -> None:
    """BEK 1799/2025 § 1: from 1 July 2027 and nine months after the contract was concluded, whichever is later."""
    (one,) = found(LATER, Fact(1, "date-agreed", concluded, source="Kontrakten"))
    assert one.on == on and one.steps[-1].text.startswith("Den seneste af datoerne gælder: ")
    assert any("9 måneder efter er" in step.text for step in one.steps), "both are explained"


def test_the_later_waits_for_what_it_counts_from_and_the_earlier_does_not() -> None:
    assert found(LATER) == []
    (one,) = found(Due("earliest", parts=LATER.parts))
    assert one.on == date(2027, 7, 1)


@pytest.mark.parametrize(("which", "waits"), [("latest", True), ("earliest", False)])
def test_only_the_later_of_two_days_that_nobody_has_said_waits_for_them(which: str, waits: bool) -> None:
    (rule,) = {one.rule for one in found(LATER, Fact(1, "date-agreed", date(2026, 6, 1)))}
    undated = Found(rule, "", None, ())
    (one,) = picked(replace(rule, due=replace(LATER, anchor=which)), [[undated], [undated]])
    assert one.on is None and ["kendes ikke alle" in step.text for step in one.steps] == [True] * waits
