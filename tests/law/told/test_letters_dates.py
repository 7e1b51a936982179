"""A letter says of each day what is true of it: whether it is the law's or agreed, and whether it can be read twice."""

from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.law.desk import KEY, LawDesk, day, rules
from tests.law.told.test_told_later import rendered_text
from tests.mail.conftest import write
from tests.post import letters
from tests.story.living import danish
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import record
from workflow.services.planning.answering import Answer, answer
from workflow.services.planning.owing import owed_now
from workflow.services.planning.reminders import plan
from workflow.services.watch.reckoning import reckon
from workflow.storage.database import reading
from workflow.storage.tables import Notice


def told(desk: LawDesk, on: str, name: str, recipient: str = "nordjylland/secretariat-region") -> str:
    """The letter ``name`` to ``recipient``, planned ``on``, as its text part reads in one line."""
    one = next(one for one in desk.letters(on) if (one.letter.name, one.recipient) == (name, recipient))
    return rendered_text(write(letters(), name, one.facts | {"ask": None, "link": ""}).raw)


@pytest.mark.parametrize("due", ["2023-05-31", "2023-07-01"])
@pytest.mark.parametrize("recipient", ["0851/council", "nordjylland/secretariat-region"])
def test_the_day_agreed_for_an_answer_has_one_reading_and_the_law_s_date_behind_it_two(
    desk: LawDesk, recipient: str, due: str
) -> None:
    desk.tell("sent-for-approval", "2023-03-02", due=due)
    asked, background = told(desk, "2023-03-02", "sent-for-approval", recipient).split("BAGGRUND")
    assert "Svar ønskes senest" in asked and "læses som" not in asked
    assert (
        "Datoen for svar er ikke en lovbestemt frist. Fristen for indsendelse til Sundhedsstyrelsen er lørdag den "
        "1. juli 2023. Sidste hverdag før er fredag den 30. juni 2023. Loven er tavs, og datoen kan også læses som "
        "mandag den 3. juli 2023." in background
    )


def test_where_no_day_is_agreed_for_an_answer_the_law_s_date_stands_with_both_its_readings(
    desk: LawDesk,
) -> None:
    desk.tell("sent-for-approval", "2023-03-02")
    asked, _ = told(desk, "2023-03-02", "sent-for-approval", "0851/council").split("BAGGRUND")
    assert (
        "er lørdag den 1. juli 2023. Sidste hverdag før er fredag den 30. juni 2023. Loven er tavs" in asked
    )


def moved_letter(desk: LawDesk, on: str, recipient: str = "0851/council") -> str:
    return told(desk, on, "deadline-moved", recipient)


def test_the_letter_about_a_departure_is_told_from_its_day_however_late_it_is_written(desk: LawDesk) -> None:
    """A departure of 28 June 2023; what came after it stands under its own heading, and no later guidance is cited."""
    desk.tell("deviation", "2023-06-28", due="2024-01-01")
    at_once = desk.at(as_of="2023-06-28")
    desk.concludes("2023-12-15")
    desk.tell("received", "2023-12-22")
    desk.tell("sst-approved", "2024-02-14")
    late = desk.at(as_of="2024-03-01")
    said = [
        rendered_text(write(letters(), "deadline-moved", one.facts | {"ask": None, "link": ""}).raw)
        for standing, on in ((at_once, day("2023-06-28")), (late, day("2024-03-01")))
        for one in owed_now(rules(), standing, on, on, {}, ever=True)
        if one.letter.name == "deadline-moved" and one.recipient == "0851/council"
    ]
    assert len(said) == 2
    assert "Den tidligere frist var lørdag den 1. juli 2023." in said[0]
    assert "har onsdag den 28. juni 2023 flyttet fristen" in said[0] and "SIDEN DA" not in said[0]
    of_the_day, since = said[1].split("SIDEN DA")
    assert of_the_day in said[0]
    assert "Fredag den 15. december 2023: Version 1 blev indsendt til Sundhedsstyrelsen." in since
    assert "I skal ikke gøre noget på grund af denne mail" in since
    for letter in said:
        assert "VEJ 9008/2024" not in letter and "har godkendt version 1" not in letter


def test_a_departure_that_waited_for_an_answer_tells_what_has_happened_meanwhile(empty: LawDesk) -> None:
    """Typed in on 10 July 2023, answered by *send* after the text had been sent out."""
    empty.open()
    empty.today = day("2023-07-10")
    late = danish(day("2023-07-10"), 9)
    moved = Fact(0, "deviation", day("2023-06-28"), due=day("2024-01-01"), source="Brev", by="test")
    record(empty.engine, rules(), KEY, moved, today=empty.today, at=late)
    plan(empty.engine, rules(), late)
    empty.tell("sent-for-approval", "2023-07-11")
    answer(empty.engine, rules(), Answer("send", "Kirsten"), at=danish(day("2023-07-12"), 9))
    empty.today = day("2023-07-13")
    empty.tell("council-approved", "2023-07-13", council="0851", version=1)
    with reading(empty.engine) as session:
        kept = session.scalars(select(Notice).where(col(Notice.letter) == "deadline-moved")).all()
    assert {notice.state for notice in kept} == {"planned"}
    said = [json.loads(notice.facts)["since"] for notice in kept]
    assert all("sendt til godkendelse" in str(one) for one in said)


def asked(text: str) -> str:
    """What the letter asks of its reader."""
    return re.split("DET BEDER VI JER OM|NÆSTE SKRIDT", text.split("BAGGRUND", maxsplit=1)[0])[1]


@pytest.mark.parametrize("received_on", ["2024-02-05", "2024-02-22"])
def test_nobody_is_asked_for_a_receipt_that_is_known_or_to_publish_what_is_published(
    desk: LawDesk, received_on: str
) -> None:
    """Received the same day or later; then published by one council; then answered."""
    desk.concludes("2024-02-05")
    to = ("1081/council", "0851/council", "nordjylland/secretariat-region")

    def letter(on: str) -> dict[str, str]:
        owed = [
            one
            for one in owed_now(rules(), desk.at(as_of=on), day(on), day(on), {}, ever=True)
            if one.letter.name == "submission-recorded" and one.recipient in to
        ]
        write_one = [(one.recipient, one.facts | {"ask": None, "link": ""}) for one in owed]
        return {
            who: asked(rendered_text(write(letters(), "submission-recorded", facts).raw))
            for who, facts in write_one
        }

    before = letter("2024-02-05")
    assert ["kvittering" in before[one] for one in to] == [True, False, True]
    desk.tell("received", received_on)
    desk.tell("published", received_on, about="agreement", council="0851", version=1)
    after = letter(received_on)
    assert not [one for one in to if "kvittering" in after[one]]
    assert ["hjemmeside" in after[one] for one in to] == [True, False, True]
    assert "Ret ikke i teksten. Registrér Sundhedsstyrelsens svar" in after[to[2]]
    desk.tell("sst-approved", "2024-03-12")
    late = letter("2024-03-20")
    assert "I skal ikke gøre noget." in late["0851/council"] and "I får besked" not in str(late)
    assert "hjemmeside" in late["1081/council"]


def test_a_changed_text_is_not_asked_for_its_number_again_nor_for_the_yes_it_has(desk: LawDesk) -> None:
    desk.sends("2023-04-03", yes_on="2023-05-29")
    desk.tell("submitted", "2023-06-14")
    desk.tell("sst-refused", "2023-08-15", due="2023-10-16", about="krav 1")
    secretariat, region = "nordjylland/secretariat-region", "1081/council"
    said = [asked(told(desk, "2023-09-15", "resubmission-countdown", one)) for one in (secretariat,)]
    assert "nyt versionsnummer" in said[0] and "tager stilling til den nye version" in said[0]
    desk.tell("sent-for-approval", "2023-09-18", version=2)
    said = [asked(told(desk, "2023-10-02", "resubmission-countdown", one)) for one in (secretariat,)]
    assert "nyt versionsnummer" not in said[0] and "Følg op hos de råd, der mangler." in said[0]
    for party in desk.at().agreement.parties:
        desk.tell("council-approved", "2023-10-05", council=party.code, version=2)
    planned = {
        one.recipient: one
        for one in desk.letters("2023-10-09")
        if one.letter.name == "resubmission-countdown"
    }
    for one in (secretariat, region):
        facts = planned[one].facts | {"ask": None, "link": ""}
        text = asked(rendered_text(write(letters(), "resubmission-countdown", facts).raw))
        assert "Alle 12 råd har godkendt version 2." in text
        assert "versionsnummer" not in text and "Følg op" not in text and "tager stilling" not in text
        assert "senest fredag den 13. oktober 2023" in text or "senest mandag den 16. oktober 2023" in text


def test_a_refusal_asks_for_no_new_text_once_it_is_submitted(desk: LawDesk) -> None:
    desk.sends("2023-04-03", yes_on="2023-05-29")
    desk.tell("submitted", "2023-06-14")
    desk.tell("sst-refused", "2023-08-15", due="2023-10-16", about="krav 1")
    desk.sends("2023-08-21", yes_on="2023-09-25", version=2)
    overs = []
    for on in ("2023-09-26", "2023-10-02"):
        if on == "2023-10-02":
            desk.tell("submitted", on, version=2)
        owed = owed_now(rules(), desk.at(as_of=on), day(on), day(on), {}, ever=True)
        overs.append({one.facts["over"] for one in owed if one.letter.name == "sst-refused"})
    assert overs == [{False}, {True}]


def test_whoever_was_told_of_a_submission_is_told_that_it_was_withdrawn(desk: LawDesk) -> None:
    desk.sends("2023-03-01", yes_on="2023-05-30")
    desk.tell("submitted", "2023-06-14")
    sent = {one.recipient for one in desk.letters("2023-06-14") if one.letter.name == "submission-recorded"}
    desk.tell("withdrawn", "2023-06-20")
    back = [one for one in desk.letters("2023-06-20") if one.letter.name == "submission-withdrawn"]
    assert {one.recipient for one in back} == sent and len(sent) == 14
    facts = next(one.facts for one in back if one.recipient == "0851/council")
    text = rendered_text(write(letters(), "submission-withdrawn", facts | {"ask": None, "link": ""}).raw)
    assert "blev tirsdag den 20. juni 2023 trukket tilbage. Den regnes ikke som indsendt." in text
    assert "Fristen for indsendelse til Sundhedsstyrelsen er lørdag den 1. juli 2023." in text
    assert "I får besked, når teksten indsendes igen" in text
    found = reckon(desk.engine, rules(), danish(day("2023-06-20"), 23))
    assert not [
        one for one in found if one.kind in ("missing", "waiting") and "submission-withdrawn" in one.key
    ]


def test_nobody_is_told_of_a_draft_that_was_given_up_before_anybody_had_seen_it(desk: LawDesk) -> None:
    desk.tell("drafting-opened", "2023-02-01")
    desk.tell("withdrawn", "2023-02-10", version=1)
    assert not [one for one in desk.letters("2023-02-10") if one.letter.name == "submission-withdrawn"]
