"""A round that goes on under rules that are or may be gone: every letter and row of it says so."""

from __future__ import annotations

import pytest

from tests.law.desk import LawDesk, day, rules
from tests.law.told.test_told_later import rendered_text
from tests.mail.conftest import write
from tests.post import letters
from workflow.services.due.dates import dated
from workflow.services.planning.owing import Owed

MAY_BE = "Reglerne om sundhedsaftaler kan være ophævet pr. 1. januar 2026 eller 1. januar 2027. Det er ikke afklaret."
ARE = "Reglerne om sundhedsaftaler er ophævet pr. 1. januar 2026 eller 1. januar 2027."
CLOSES = "2027-01-15"


@pytest.fixture
def heard(empty: LawDesk) -> tuple[LawDesk, str]:
    """A hearing from December to January: under rules that may be gone, and then are, on either day."""
    empty.today = day("2027-01-20")
    key = empty.open(term="2026-2029", label="2027-2031", opened_on=day("2026-02-02"))
    empty.tell("consultation-opened", "2026-12-01", key, due=CLOSES, time="12:00")
    return empty, key


def text(one: Owed) -> str:
    return rendered_text(write(letters(), one.letter.name, one.facts | {"ask": None, "link": ""}).raw)


def test_while_the_rules_may_be_gone_the_letters_of_a_hearing_say_so(heard: tuple[LawDesk, str]) -> None:
    desk, _ = heard
    opened = [text(one) for one in desk.letters("2026-12-01") if one.letter.name == "consultation-opened"]
    assert len(opened) > 10 and all(MAY_BE in said for said in opened)


def test_once_they_are_gone_on_either_day_letters_and_rows_say_that(heard: tuple[LawDesk, str]) -> None:
    desk, key = heard
    desk.letters("2026-12-01")
    closing = [text(one) for one in desk.letters("2027-01-12") if one.letter.name == "consultation-closing"]
    assert len(closing) > 10 and all(ARE in said for said in closing)
    [row] = [one for one in dated(desk.at(key, "2027-01-12"), rules()) if one.id == "consultation"]
    assert row.title == "Høringen af version 1 slutter kl. 12.00; reglerne bag er ophævet"
    closed = [text(one) for one in desk.letters("2027-01-18") if one.letter.name == "consultation-closed"]
    assert closed and all(ARE in said for said in closed)
    assert all("Afklar, om arbejdet med teksten skal fortsætte" in said for said in closed)


def test_once_somebody_has_confirmed_the_day_no_letter_of_the_round_goes(heard: tuple[LawDesk, str]) -> None:
    desk, key = heard
    desk.letters("2026-12-01")
    desk.tell("regime-confirmed", "2026-12-02", key, due="2027-01-01")
    told = {one.letter.name for one in desk.letters("2027-01-12")}
    assert not {"consultation-closing", "consultation-closed"} & told
