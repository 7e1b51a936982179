"""What ``aftale init --demo`` shows beside its agreements: a hearing in hand, a text that changed, councils' meetings;
and its first morning tells nobody what is past."""

from __future__ import annotations

import asyncio
import shutil
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.faces.conftest import MORNING
from tests.law.told.test_told_later import rendered_text
from tests.mail.conftest import write
from tests.post import letters
from workflow.faces.daemon.passes import tick
from workflow.faces.daemon.workplace import Workplace, open_workplace
from workflow.rules.days import danish_day
from workflow.rules.facts import Fact
from workflow.services.desk.calling import calls
from workflow.services.facts.foretelling import foretell
from workflow.services.hearing.register import find_register
from workflow.services.lookahead.planning import plan_of, slack_of
from workflow.services.lookahead.warning import warnings
from workflow.services.planning.owing import owed_now
from workflow.services.planning.travelling import changed_for, compared
from workflow.services.views.status import find_standing
from workflow.settings import Settings
from workflow.storage.database import reading
from workflow.storage.facts import documents
from workflow.storage.tables import AgreementRow, Document, Notice

TODAY = danish_day(MORNING)
HEARD = "midtjylland/2027-2031"


@pytest.fixture
def shown(tmp_path: Path, new_demo: Path) -> Path:
    shutil.copy(new_demo, tmp_path / "aftale.db")
    return tmp_path


def opened(folder: Path) -> Workplace:
    return open_workplace(Settings(data_dir=folder))


def test_a_hearing_is_in_hand_some_have_answered_and_some_remarks_wait(shown: Path) -> None:
    with opened(shown) as place:
        register = find_register(place.engine, find_standing(place.engine, place.rulebook, HEARD, TODAY))

    assert register.closes_at.date() > TODAY
    assert len(register.answers) == 4 < len(register.parties)
    assert [one.taken for one in register.remarks] == [True, False, None, True, None]
    assert all(one.source.startswith("Demo: ") for one in register.answers)
    assert all(one.text.startswith("Demo: ") for one in register.remarks)
    assert all("(opdigtet)" in one.name for one in register.parties if one.number)


def test_every_text_says_that_it_is_written_for_the_demo_and_what_changed_is_shown(shown: Path) -> None:
    with opened(shown) as place:
        standing = find_standing(place.engine, place.rulebook, "nordjylland/2027-2028", TODAY)
        found = changed_for(standing, "0851")
        assert found
        with reading(place.engine) as session:
            texts = [one.content.decode() for one in session.scalars(select(Document))]
            parts, why = compared(
                found["from"], found["to"], lambda one: documents.read(session, one).content
            )

    assert len(texts) == 4 and all(text.startswith("Opdigtet tekst til demoen. ") for text in texts)
    assert why == "" and [what for what, _ in parts] == ["ud", "ind", "ind", "ud", "ind"]


def test_the_calendars_give_a_plan_one_council_sets_its_day_and_one_has_told_nothing(shown: Path) -> None:
    with opened(shown) as place:
        _, found = plan_of(place.engine, place.rulebook, "syddanmark/2027-2031", TODAY)

    assert found.dispatch_by is not None and found.blocking == ("0492",)
    assert [one.lane.name for one in found.unknown] == ["Fanø Kommune"]
    assert {one.road.council.source for one in found.councils if one.road} == {
        "Demo: eksempeldato, ikke oplyst, læst 23. november 2026"
    }


def test_councils_that_have_the_text_are_held_to_the_date_though_its_rule_has_ended(shown: Path) -> None:
    key = "syddanmark/2027-2031"
    with opened(shown) as place:
        standing = find_standing(place.engine, place.rulebook, key, TODAY)
        waiting = find_standing(place.engine, place.rulebook, "oestdanmark/2027-2031", TODAY)
        fact = Fact(
            0, "council-scheduled", TODAY, 1, "0621", date(2027, 6, 28), source="x", by="x", known_on=TODAY
        )
        told = foretell(place.engine, place.rulebook, key, fact, TODAY)

    assert slack_of([waiting]) == {}, "nobody has its text"
    said = slack_of([standing])[key]
    assert said.colour == "gul" and "dagen" in said.text
    assert said.text.endswith("planen gælder kun, hvis I har aftalt at holde dagen.")
    assert warnings(told.after, told.fact) == [
        "Mødet mandag den 28. juni 2027 ligger efter den aftalte svardag 31. maj 2027.",
        "Mødet mandag den 28. juni 2027 ligger kun 3 dage før den dag, planen regner med, 1. juli 2027.",
        "Rådets mødekalender har intet møde mandag den 28. juni 2027.",
    ]


def test_the_council_that_sets_the_day_is_told_before_its_agenda_closes(shown: Path) -> None:
    day = date(2027, 3, 24)  # a week before 1 and 2 April is Easter
    with opened(shown) as place:
        standing = find_standing(place.engine, place.rulebook, "syddanmark/2027-2031", day)
        found = [
            (one.recipient, one.facts["deadline"]["legal_on"])
            for one in owed_now(place.rulebook, standing, day, day, {})
            if one.letter.name == "council-agenda"
        ]
        today = find_standing(place.engine, place.rulebook, "syddanmark/2027-2031", TODAY)
        first = calls(place.engine, today)[0]
        told = [
            one.facts for one in owed_now(place.rulebook, standing, day, day, {})
            if one.letter.name == "council-agenda"
        ]  # fmt: skip
    assert found == [("0492/council", "2027-04-01"), ("0621/council", "2027-04-02")]
    for facts in told:
        text = rendered_text(
            write(letters(), "council-agenda", facts | {"ask": None, "link": "", "papers": None}).raw
        )
        assert "Lovens egen frist, torsdag den 1. juli 2027" in text and "er bortfaldet" in text
    assert (first.code, first.next_on, first.next_to) == ("0492", day, "council")


def test_the_first_morning_says_nothing_of_the_hearing_the_texts_or_the_meetings(shown: Path) -> None:
    with opened(shown) as place:
        asyncio.run(tick(place, MORNING, clock=lambda: MORNING))
        with reading(place.engine) as session:
            sent = session.execute(
                select(Notice.letter, Notice.late, AgreementRow.region, AgreementRow.label)
                .join(AgreementRow, col(AgreementRow.id) == col(Notice.agreement_id))
                .where(col(Notice.state) != "unanswered")
            ).all()

    assert sent and not any(late for _, late, _, _ in sent)
    ours = {(region, label) for _, _, region, label in sent if label in ("2027-2028", "2027-2031")}
    letters = {letter for letter, _, region, label in sent if (region, label) in ours}
    assert letters <= {"regime-unsettled", "meetings-at-risk", "piu-meeting", "council-pending"}
