"""Plans, contracts and requests run by their own course files, without a line of code of theirs (law of 2027)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.law.desk import rules
from workflow.errors import NotPossible
from workflow.lifecycle.course import Course
from workflow.lifecycle.following import follow
from workflow.rules.agreement import Agreement
from workflow.rules.facts import Fact
from workflow.rules.obligation import DeadlineRule
from workflow.rules.spans import Due, Span
from workflow.rules.timeline import fold

PLAN = {"advice": "SUL § 206 d, stk. 3", "involvement": "SUL § 204, stk. 2"}


def under(course: str, provisions: dict[str, str], *deadlines: DeadlineRule) -> Agreement:
    """Nordjylland's round of 2026-2029 under a regime of this course."""
    book = rules()
    plain = book.agreement("nordjylland", "2027", "2026-2029", date(2027, 3, 1))
    rule = next(one for one in book.courses if one.id == course)
    regime = replace(
        plain.regime,
        id="x",
        instrument="BEK 1/2027",
        course=rule,
        provisions=provisions,
        deadlines=deadlines,
        ends=None,
    )
    return replace(plain, regime=regime)


def facts(*said: tuple[str, date] | Fact) -> list[Fact]:
    found = []
    for number, one in enumerate(said, start=1):
        fact = one if isinstance(one, Fact) else Fact(0, one[0], one[1], version=1)
        found.append(replace(fact, no=number, known_on=fact.on))
    return found


def lived(agreement: Agreement, *said: tuple[str, date] | Fact, on: date = date(2028, 1, 1)) -> Course:
    return follow(agreement, facts(*said), rules().law, on)


def at(course: Course) -> str:
    assert course.current
    return course.current.state


def test_a_plan_goes_from_draft_by_advice_to_adopted_and_sent() -> None:
    plan = under("plan-with-advice", PLAN)
    course = lived(
        plan,
        ("drafting-opened", date(2027, 2, 1)), ("involvement-held", date(2027, 3, 1)),
        ("advice-asked", date(2027, 4, 1)), ("advice-received", date(2027, 5, 20)), ("adopted", date(2027, 6, 22)),
        ("submitted", date(2027, 6, 23)),
    )  # fmt: skip
    assert (at(course), course.concluded_on, course.marks) == ("submitted", date(2027, 6, 22), [])
    assert course.current and (course.current.parties, course.current.submitted_on) == ((), date(2027, 6, 23))


def test_a_plan_adopted_without_advice_stands_and_keeps_the_breach_with_its_provision() -> None:
    plan = under("plan-with-advice", PLAN)
    course = lived(plan, ("drafting-opened", date(2027, 2, 1)), ("adopted", date(2027, 6, 22)))
    assert at(course) == "adopted"
    assert [(mark.need, mark.cite) for mark in course.marks] == [
        ("advice", "SUL § 206 d, stk. 3"),
        ("involvement", "SUL § 204, stk. 2"),
    ]
    assert lived(under("plan-with-advice", {}), ("adopted", date(2027, 6, 22))).marks == []


def test_advice_belongs_to_the_text_it_was_given_on() -> None:
    course = lived(
        under("plan-with-advice", {"advice": "SUL § 206 d, stk. 3"}),
        ("drafting-opened", date(2027, 2, 1)), ("advice-received", date(2027, 5, 20)), ("adopted", date(2027, 6, 22)),
        ("submitted", date(2027, 6, 23)), Fact(0, "revision-opened", date(2027, 9, 1), version=2),
        Fact(0, "adopted", date(2027, 10, 26), version=2),
    )  # fmt: skip
    assert [(mark.need, mark.fact.version) for mark in course.marks] == [("advice", 2)]
    assert [version.state for version in course.versions] == ["superseded", "adopted"]


def test_each_material_change_of_a_plan_is_sent() -> None:
    said = (
        ("adopted", date(2027, 6, 22)), ("submitted", date(2027, 6, 23)), ("change-adopted", date(2027, 9, 28)),
    )  # fmt: skip
    assert at(lived(under("plan-with-advice", {}), *said)) == "changed"
    assert at(lived(under("plan-with-advice", {}), *said, ("change-sent", date(2027, 9, 29)))) == "submitted"
    with pytest.raises(NotPossible, match="change-sent er ikke mulig: version 1 er 'sendt til myndigheden'"):
        lived(under("plan-with-advice", {}), *said[:2], ("change-sent", date(2027, 9, 29)))


def test_no_other_council_has_a_say_in_a_plan_and_no_authority_approves_it() -> None:
    plan = under("plan-with-advice", {})
    yes = Fact(0, "council-approved", date(2027, 6, 1), version=1, council="0851")
    for wrong in (yes, Fact(0, "sst-approved", date(2027, 6, 30), version=1)):
        with pytest.raises(NotPossible):
            lived(plan, ("drafting-opened", date(2027, 2, 1)), wrong)


def test_an_agreement_of_councils_is_concluded_by_all_of_them_and_only_then() -> None:
    agreement = under("agreement-between-councils", {"unanimity": "Serviceloven § 6, stk. 1"})
    sent = ("sent-for-approval", date(2026, 9, 1))
    yes = [
        Fact(0, "council-approved", date(2026, 10, 20), version=1, council=party.code)
        for party in agreement.parties
    ]
    with pytest.raises(
        NotPossible, match=r"alle råd skal have godkendt samme version; der mangler .*Serviceloven § 6"
    ):
        lived(agreement, sent, *yes[:-1], ("concluded", date(2026, 11, 25)))
    course = lived(agreement, sent, *yes, ("concluded", date(2026, 11, 25)))
    assert (at(course), course.concluded_on) == ("concluded", date(2026, 11, 25))
    course = lived(
        agreement, sent, *yes, ("concluded", date(2026, 11, 25)), ("submitted", date(2026, 11, 26))
    )
    assert (at(course), course.concluded_on) == ("submitted", date(2026, 11, 25))
    with pytest.raises(NotPossible):
        lived(agreement, sent, *yes, ("submitted", date(2026, 11, 26)), ("sst-approved", date(2026, 12, 1)))


def test_the_day_an_agreement_of_councils_is_concluded_meets_its_date() -> None:
    due = Due("term", term_year=1, month=12, day=1)
    rule = DeadlineRule(
        "indgaaet", rules().law.regimes[0].title, "shall", "regional-council", due, ("concluded",),
        ("BEK 1561/2025 § 8",), date(2026, 11, 28),
    )  # fmt: skip
    agreement = under("agreement-between-councils", {}, rule)
    said = facts(("concluded", date(2026, 12, 2)))
    deadline = fold(agreement, said, rules().law, date(2026, 12, 3))[0]
    assert (deadline.legal_on, deadline.met_on, deadline.status) == (
        date(2026, 12, 1),
        date(2026, 12, 2),
        "met_late",
    )


def test_notice_runs_until_its_day_and_ends_the_contract() -> None:
    contract = under("contract-with-notice", {"conclude": "BEK 1799/2025 § 1"})
    yes = [
        Fact(0, "council-approved", date(2027, 1, 20), version=1, council=party.code)
        for party in contract.parties
    ]
    said = [
        ("sent-for-approval", date(2027, 1, 2)), *yes, ("concluded", date(2027, 2, 1)),
        ("authority-told", date(2027, 2, 2)), Fact(0, "effective", date(2027, 2, 1), due=date(2027, 11, 1)),
        Fact(0, "notice-given", date(2028, 1, 15), due=date(2028, 10, 15)),
    ]  # fmt: skip
    states = [
        follow(contract, facts(*said), rules().law, on).period
        for on in (
            date(2027, 10, 31),
            date(2027, 11, 1),
            date(2028, 1, 15),
            date(2028, 10, 14),
            date(2028, 10, 15),
        )
    ]
    assert states == ["planned", "in_force", "under_notice", "under_notice", "ended"]


def test_notice_is_unknown_to_a_course_without_it() -> None:
    with pytest.raises(NotPossible, match="notice-given er ikke mulig: BEK 1/2027 kender den ikke"):
        lived(
            under("plan-with-advice", {}), Fact(0, "notice-given", date(2027, 1, 15), due=date(2027, 10, 15))
        )


def test_a_request_and_its_answer_have_two_months_each_from_what_was_received() -> None:
    """BEK 1798/2025 § 3, stk. 5: two months from the termination's receipt; stk. 7: a copy within a week."""
    title = rules().law.regimes[0].title
    dated = [
        DeadlineRule(
            name, title, "shall", "regional-council", Due("fact", Span.parse(length), event=event), (met,), (cite,),
            date(2026, 11, 28),
        )
        for name, event, length, met, cite in (
            ("anmodning", "notice-received", "2 months", "request-sent", "BEK 1798/2025 § 3, stk. 5"),
            ("kopi", "request-sent", "7 days", "copy-sent", "BEK 1798/2025 § 3, stk. 7"),
        )
    ]  # fmt: skip
    request = under("request-with-answers", {}, *dated)
    said = facts(
        ("notice-received", date(2027, 3, 10)),
        ("request-sent", date(2027, 5, 10)),
        ("copy-sent", date(2027, 5, 18)),
    )
    found = {
        d.id: (d.legal_on, d.met_on, d.status)
        for d in fold(request, said, rules().law, date(2027, 6, 1))
        if d.legal_on
    }
    assert found == {
        "anmodning": (date(2027, 5, 10), date(2027, 5, 10), "met"),
        "kopi": (date(2027, 5, 17), date(2027, 5, 18), "met_late"),
    }
    course = follow(
        request,
        [*said, Fact(4, "answer-received", date(2027, 7, 1), version=1)],
        rules().law,
        date(2027, 7, 2),
    )
    assert at(course) == "answered"
