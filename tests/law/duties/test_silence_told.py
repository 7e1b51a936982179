"""BEK 778/2009 § 6, stk. 3: that the authority's silence has approved an agreement is told to its parties the morning
after the last day, once, and as history where it was typed in afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.law.desk import LawDesk, day
from tests.law.duties import test_silence
from tests.law.told.test_told_later import rendered_text
from tests.mail.conftest import write
from tests.post import letters
from tests.story.living import danish
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import open_agreement, record
from workflow.services.law.differing import _concerns
from workflow.services.planning.answering import Answer, answer, count_unanswered, unanswered
from workflow.services.planning.owing import Owed
from workflow.services.planning.reminders import plan
from workflow.services.watch.expecting import duties
from workflow.services.watch.reckoning import reckon
from workflow.storage.database import reading, writing
from workflow.storage.tables import Notice

silent = test_silence.silent
NAME = "sst-silent"
TO = {"nordjylland/secretariat-region", "1081/council", "0851/council"}


def about_silence(told: list[Owed]) -> list[Owed]:
    return [one for one in told if one.letter.name == NAME]


def text(one: Owed) -> str:
    return rendered_text(write(letters(), NAME, one.facts | {"ask": None, "link": ""}).raw)


def test_the_morning_after_the_last_day_every_party_is_told_once(silent: tuple[LawDesk, str]) -> None:
    desk, _ = silent
    assert not about_silence(desk.letters("2011-04-04"))
    told = about_silence(desk.letters("2011-04-05"))
    assert {one.recipient for one in told} == TO
    for one in told:
        event = one.facts["event"]
        assert event and (event["on"], one.late, one.history) == ("2011-04-04", False, False)
        assert (
            "Sundhedsstyrelsen skulle svare på version 1 af sundhedsaftalen 2011-2014 mellem Region Nordjylland og "
            "Aalborg Kommune senest "
            "mandag den 4. april 2011 og har ikke svaret. Derfor anses den for godkendt, når den dag er gået "
            "(BEK 778/2009 § 6, stk. 3). Loven er tavs, og fristen kan også læses som lørdag den 2. april 2011;"
        ) in text(one)
        assert "(BEK 778/2009 § 6, stk. 2)" in text(one)
        assert "hjemmeside" not in text(one), "the order of 2009 asks nobody to publish it"
    for on in ("2011-04-06", "2011-05-01", "2026-11-21"):
        assert not about_silence(desk.letters(on))


def test_told_after_an_outage_it_is_late_and_after_three_months_no_news(silent: tuple[LawDesk, str]) -> None:
    desk, key = silent
    told = about_silence(desk.letters("2011-06-20"))
    assert {one.recipient for one in told} == TO and all(one.late for one in told)
    standing = desk.at(key, "2011-07-20")
    assert not [one for one in duties(desk.rulebook, standing, day("2011-07-20"), {}) if one.letter == NAME]


def test_a_revision_that_silence_approves_is_told_of_itself(silent: tuple[LawDesk, str]) -> None:
    desk, key = silent
    desk.letters("2011-04-05")
    desk.tell("effective", "2011-04-10", key, due="2011-05-01")
    desk.tell("revision-opened", "2012-03-01", key, version=2)
    desk.sends("2012-03-02", key, yes_on="2012-04-01", version=2)
    desk.tell("submitted", "2012-04-10", key, version=2)
    desk.tell("received", "2012-04-10", key, version=2)
    assert not about_silence(desk.letters("2012-06-11"))
    told = about_silence(desk.letters("2012-06-12"))
    assert {one.recipient for one in told} == TO
    assert (
        "version 2 af sundhedsaftalen 2011-2014 mellem Region Nordjylland og Aalborg Kommune senest "
        "mandag den 11. juni 2012" in text(told[0])
    )


def test_an_answer_that_was_only_typed_in_late_takes_the_letter_back(silent: tuple[LawDesk, str]) -> None:
    desk, key = silent
    desk.letters("2011-04-05", handed_over=False)
    desk.tell("sst-approved", "2011-04-01", key)
    with reading(desk.engine) as session:
        states = session.scalars(select(Notice.state).where(col(Notice.letter) == NAME)).all()
    assert set(states) == {"superseded"}


def test_the_reckoner_misses_the_letter_where_it_was_not_planned(silent: tuple[LawDesk, str]) -> None:
    desk, _ = silent
    at = danish(day("2011-04-05"), 9)
    plan(desk.engine, desk.rulebook, at)
    later = at + timedelta(hours=7)
    missed = [one for one in reckon(desk.engine, desk.rulebook, later) if one.kind == "missing"]
    assert not [one for one in missed if f"|{NAME}|" in one.key]
    with writing(desk.engine) as session:
        for notice in session.scalars(select(Notice).where(col(Notice.letter) == NAME)):
            session.delete(notice)
    missed = [one for one in reckon(desk.engine, desk.rulebook, later) if one.kind == "missing"]
    assert {one.key.rpartition("|")[2] for one in missed if f"|{NAME}|" in one.key} == TO


@pytest.fixture
def typed_in(empty: LawDesk) -> tuple[LawDesk, str]:
    """The same agreement, entered in November 2026."""
    on, at = day("2026-11-20"), danish(day("2026-11-20"), 9)
    opening = Fact(0, "opened", on)
    open_agreement(
        empty.engine, empty.rulebook, opening, region="nordjylland", term="2010-2013", label="2011-2014", at=at,
        municipality="0851",
    )  # fmt: skip
    key = "nordjylland/2011-2014"
    said = [Fact(0, "sent-for-approval", day("2010-11-01"), version=1, source="Brev", by="test")]
    said += [
        Fact(0, "council-approved", day("2011-01-20"), version=1, council=code, source="Brev", by="test")
        for code in ("1081", "0851")
    ]
    said += [
        Fact(0, event, day(day_), source="Brev", by="test")
        for event, day_ in (("submitted", "2011-01-28"), ("received", "2011-02-02"))
    ]
    for fact in said:
        record(empty.engine, empty.rulebook, key, fact, today=on, at=at, confirmed=True)
    return empty, key


def test_of_an_agreement_of_the_past_nobody_is_told_before_somebody_has_answered(
    typed_in: tuple[LawDesk, str],
) -> None:
    desk, key = typed_in
    assert not about_silence([one for one in desk.letters("2026-11-23") if not one.history])
    waiting = [notice for _, notice in unanswered(desk.engine, agreement=key) if notice.letter == NAME]
    assert {notice.recipient for notice in waiting} == TO
    at = danish(day("2026-11-23"), 10)
    said = Answer("send", "test")
    answer(desk.engine, desk.rulebook, said, agreement=key, at=at)
    assert not count_unanswered(desk.engine)
    with reading(desk.engine) as session:
        states = session.scalars(select(Notice.state).where(col(Notice.letter) == NAME)).all()
    assert set(states) == {"planned"}


def test_where_silence_approves_nothing_the_letter_is_no_part_of_new_rules(
    silent: tuple[LawDesk, str],
) -> None:
    desk, key = silent
    letter = next(one for one in desk.rulebook.letters if one.name == NAME)
    later = desk.open()
    assert (_concerns(desk.at(key), letter), _concerns(desk.at(later), letter)) == (True, False)
