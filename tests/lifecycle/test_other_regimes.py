"""What the machines do where another regime has it otherwise: silence that approves, a plan, a law that has ended."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.law.desk import rules
from tests.lifecycle.stories import D2011, LATE, agreement, concluded, lived, refused, said, sent
from workflow.rules.facts import Fact

EARLY = rules().agreement("nordjylland", *D2011, date(2010, 3, 1), "0851")
SENT = [
    said("sent-for-approval", date(2011, 1, 2), 1),
    *(said("council-approved", date(2011, 1, 5), 1, council=party.code) for party in EARLY.parties),
    said("submitted", date(2011, 1, 10), 1),
]
RECEIVED = said("received", date(2011, 1, 12), 1)
PLAN = rules().agreement(
    "nordjylland", "2026-2029", "2026-2029", date(2026, 3, 1),
    regime_id="sundhedsberedskabsplan-region-bek-150-2025",
)  # fmt: skip
DRAFTED, ADOPTED = said("drafting-opened", date(2026, 1, 5), 1), said("adopted", date(2026, 4, 1), 1)


def test_silence_approves_after_the_last_day_from_the_receipt_and_no_other_answer_follows() -> None:
    """BEK 778/2009 § 6, stk. 3: two months from 12 January end on a Saturday, which one reading moves to Monday."""
    last = "intet svar senest mandag den 14. marts 2011"
    texts = [lived(facts, date(2011, 4, 1), EARLY).current for facts in (SENT, [*SENT, RECEIVED])]
    assert [one and one.listed_state for one in texts] == ["submitted", "tacit"]
    text = texts[1]
    assert text and (text.state, text.tacit) == ("sst_approved", True)
    assert text.state_name == "anses for godkendt, da der ikke kom svar inden fristen"
    assert text.unanswered == f"{last} (BEK 778/2009 § 6, stk. 3)"
    no = refused([*SENT, RECEIVED], said("sst-refused", date(2011, 6, 1), 1), EARLY)
    assert "anses for godkendt, da der ikke kom svar senest mandag den 14. marts 2011" in no
    for on, tacit in ((date(2011, 3, 14), False), (date(2011, 3, 15), True)):
        answered = lived([*SENT, RECEIVED, said("sst-approved", on, 1)], LATE, EARLY).current
        assert answered and (answered.answered_on, answered.tacit) == (date(2011, 3, 14), tacit)
        assert answered.listed_state == ("tacit" if tacit else "sst_approved")


@pytest.mark.parametrize(
    ("met", "needs"),
    [
        ([], ["advice", "statements"]),
        (["advice-received"], ["statements"]),
        (["statements-received"], ["advice"]),
        (["statements-received", "advice-received"], []),
    ],
)
def test_a_plan_is_adopted_with_a_mark_for_whatever_its_regime_asks_for_and_was_not_there(
    met: list[str], needs: list[str]
) -> None:
    """BEK 150/2025 § 11, stk. 3-4: no word of an involvement."""
    course = lived([DRAFTED, *(said(event, date(2026, 2, 1), 1) for event in met), ADOPTED], whose=PLAN)
    assert [mark.need for mark in course.marks] == needs
    assert course.current and course.current.due_public_on == ADOPTED.on
    involved = replace(PLAN.regime, provisions={**PLAN.regime.provisions, "involvement": "§ 1"})
    asked = lived([DRAFTED, ADOPTED], whose=replace(PLAN, regime=involved))
    assert "involvement" in [mark.need for mark in asked.marks]


@pytest.mark.parametrize(
    ("facts", "last", "words"),
    [
        ([], said("submitted", ADOPTED.on, 1), "er ikke begyndt onsdag den 1. april 2026; registrér først drafting-op"),
        ([DRAFTED], said("consultation-opened", ADOPTED.on, 1), "er 'udkast'; det kræver en anden hændelse"),
        ([DRAFTED], said("council-approved", ADOPTED.on, 1, council="1081"), "en tekst, der er sendt til dem"),
    ],
)  # fmt: skip
def test_a_plan_knows_no_step_of_an_agreement_between_councils(
    facts: list[Fact], last: Fact, words: str
) -> None:
    assert words in refused(facts, last, PLAN)
    assert lived([DRAFTED], whose=PLAN).current.due_public_on is None


def test_the_newest_notice_counts() -> None:
    contract = rules().agreement(
        "nordjylland", "2026", "2026-2029", date(2026, 1, 1), "hjørring", "kontrakt-bek-1799-2025"
    )
    facts = [said("sent-for-approval", date(2026, 1, 2), 1)]
    facts += [said("council-approved", date(2026, 1, 5), 1, council=party.code) for party in contract.parties]
    facts += [said("concluded", date(2026, 1, 6), 1), said("effective", date(2026, 1, 10))]
    facts += [said("notice-given", date(2026, 2, day), due=date(2026, 3 + day, 1)) for day in (1, 2)]
    states = [lived(facts, date(2026, *on), contract) for on in ((4, 30), (5, 1))]
    assert [(one.period, one.period_on) for one in states] == [
        ("under_notice", date(2026, 2, 2)), ("ended", date(2026, 5, 1))
    ]  # fmt: skip


def test_a_course_may_conclude_a_text_with_the_last_yes() -> None:
    plain = agreement()
    text, *others = plain.regime.course.machines
    states = tuple(
        replace(one, kinds=(*one.kinds, "concluded")) if one.id == "fully_approved" else one
        for one in text.states
    )
    course = replace(plain.regime.course, machines=(replace(text, states=states), *others))
    whose = replace(plain, regime=replace(plain.regime, course=course))
    days = [lived(facts, whose=whose).concluded_on for facts in (sent()[:-1], sent())]
    assert days == [None, date(2023, 6, 1)]


def test_an_end_that_the_regimes_own_file_confirms_counts_from_the_day_it_was_known() -> None:
    plain = agreement()
    ends = plain.regime.ends
    assert ends
    over = replace(ends, confirmed_on=date(2026, 1, 1))
    whose = replace(plain, regime=replace(plain.regime, ends=over))
    states = [
        lived(concluded(), on, whose).current.state
        for on in (date(2025, 6, 19), date(2025, 12, 31), date(2026, 1, 1))
    ]
    assert states == ["submitted", "submitted", "lapsed"]
    end, last = (
        said("regime-confirmed", date(2023, 4, 1), due=date(2023, 4, 20)),
        said("drafting-opened", LATE),
    )
    assert refused([end], last).endswith("fra 20. april 2023 (Lov 719/2025 § 24)")
    assert refused([end], last, replace(plain, regime=replace(plain.regime, ends=None))).endswith("(brev)")
    begun = lived([last]).current
    assert begun and begun.number == 1, "a text that nobody numbered is the first"
    assert lived(sent(), date(2026, 1, 1), whose).law_ended == Fact(
        0, "regime-confirmed", date(2025, 6, 20), due=date(2026, 1, 1), source="Lov 719/2025 § 24",
        known_on=date(2025, 6, 20),
    )  # fmt: skip
