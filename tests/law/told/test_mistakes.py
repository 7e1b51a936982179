"""What was told and turned out a mistake is taken back to those who were told of it, and to nobody else."""

from __future__ import annotations

import pytest

from tests.law.desk import KEY, LawDesk, day, rules
from tests.law.told.test_told_later import rendered_text
from tests.mail.conftest import write
from tests.post import letters
from tests.story.living import danish
from workflow.services.planning.owing import Owed
from workflow.services.watch.reckoning import reckon

LETTER = "mistake-taken-back"


@pytest.fixture
def answered(desk: LawDesk) -> LawDesk:
    """Submitted on 15 December 2023; the Authority is said to have approved on 12 February 2024."""
    desk.concludes("2023-12-15")
    desk.letters("2023-12-18")
    desk.today = day("2024-03-01")
    desk.tell("received", "2023-12-18")
    return desk


def corrected(desk: LawDesk, no: int | None, on: str = "2024-02-20") -> None:
    desk.tell("correction", on, corrects=no)


def back(desk: LawDesk, on: str) -> list[Owed]:
    return [one for one in desk.letters(on) if one.letter.name == LETTER]


def text_of(one: Owed) -> str:
    return rendered_text(write(letters(), LETTER, one.facts | {"ask": None, "link": ""}).raw)


def test_an_approval_that_never_was_is_taken_back_to_all_who_were_told_of_it(answered: LawDesk) -> None:
    no = answered.tell("sst-approved", "2024-02-12").fact.no
    told = [one.recipient for one in answered.letters("2024-02-13") if one.letter.name == "sst-approved"]
    corrected(answered, no)
    found = back(answered, "2024-02-20")
    assert [one.recipient for one in found] == told and "0851/council" in told
    text = text_of(found[-1])
    assert (
        "Vi har skrevet til jer: »Sundhedsaftalen er godkendt«, med dagen mandag den 12. februar 2024."
        in text
    )
    assert "Det var en fejl, og det blev rettet tirsdag den 20. februar 2024. Begrundelse: Brev" in text
    assert "Efter det, der er registreret nu, er det ikke sket." in text
    assert "Overskredet: Sundhedsstyrelsens frist var mandag den 12. februar 2024 (for 8 dage siden)." in text
    assert not back(answered, "2024-02-21")
    assert not [
        f for f in reckon(answered.engine, rules(), danish(day("2024-02-21"), 23)) if f.kind == "missing"
    ]


def test_what_nobody_was_told_is_taken_back_from_nobody(answered: LawDesk) -> None:
    no = answered.tell("sst-approved", "2024-02-12").fact.no
    answered.letters("2024-02-13", handed_over=False)
    corrected(answered, no)
    assert not back(answered, "2024-02-20")
    assert not [
        f for f in reckon(answered.engine, rules(), danish(day("2024-02-20"), 23)) if f.kind == "missing"
    ]


def test_what_happened_on_another_day_is_said_to_have_happened_then(answered: LawDesk) -> None:
    no = answered.tell("sst-approved", "2024-02-12").fact.no
    answered.letters("2024-02-13")
    corrected(answered, no, "2024-02-20")
    answered.tell("sst-approved", "2024-02-14")
    [one, *_] = back(answered, "2024-02-20")
    assert "skete det onsdag den 14. februar 2024. Sådan står version 1 af" in text_of(one)


def test_what_is_recorded_again_word_for_word_is_no_mistake(answered: LawDesk) -> None:
    no = answered.tell("sst-approved", "2024-02-12").fact.no
    answered.letters("2024-02-13")
    corrected(answered, no, "2024-02-20")
    answered.tell("sst-approved", "2024-02-12")
    assert not back(answered, "2024-02-20")


def test_that_every_council_had_approved_is_taken_back_with_the_yes_it_was_counted_from(
    desk: LawDesk,
) -> None:
    desk.tell("annex-added", "2023-09-20")
    desk.tell("goals-set", "2023-05-01", about="1")
    desk.tell("effective", "2023-09-01", due="2024-01-01")
    desk.sends("2023-10-02")
    no = max(fact.no for fact in desk.at().facts if fact.council == "0851")
    told = [one.recipient for one in desk.letters("2023-11-28") if one.letter.name == "ready-to-submit"]
    assert told
    corrected(desk, no, "2023-12-01")
    found = back(desk, "2023-12-01")
    assert {one.recipient for one in found} == set(told)
    assert "11 af 12 råd har godkendt version 1." in text_of(found[0])
    assert KEY in found[0].key


def test_a_reminder_that_an_approval_held_back_is_not_called_late_once_it_is_corrected(
    answered: LawDesk,
) -> None:
    no = answered.tell("sst-approved", "2024-02-12").fact.no
    answered.letters("2024-02-13")
    corrected(answered, no)
    told = [one for one in answered.letters("2024-02-20") if one.letter.name == "sst-clock-passed"]
    assert told and not [one for one in told if one.late or one.facts["late"]]
