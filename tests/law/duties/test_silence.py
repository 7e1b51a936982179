"""BEK 778/2009 § 6, stk. 3: two months without an objection, and the agreement counts as approved. The silence is an
event on a day of its own: what comes after follows it, and no place calls it the authority's yes."""

from __future__ import annotations

from datetime import date

import pytest

from tests.law.desk import LawDesk, day, rules
from tests.story.living import danish
from workflow.errors import NotPossible
from workflow.services.planning.reminders import plan
from workflow.services.rounds.ledger import look
from workflow.services.views.lookback import listed_agreement
from workflow.services.views.received import sendings
from workflow.services.views.status import status_json

SILENT = "anses for godkendt, da der ikke kom svar inden fristen"


@pytest.fixture
def silent(empty: LawDesk) -> tuple[LawDesk, str]:
    """Received on 2 February 2011: two months end on Saturday 2 April; by analogy Monday the 4th is in time."""
    key = empty.open("nordjylland", "2010-2013", "2011-2014", municipality="0851")
    empty.sends("2010-11-01", key, yes_on="2011-01-20")
    empty.tell("submitted", "2011-01-28", key)
    empty.tell("received", "2011-02-02", key)
    return empty, key


def stands(desk: LawDesk, key: str, on: str) -> tuple[str, bool, date | None, str, date | None]:
    standing = desk.at(key, on)
    current, clock = standing.course.version(1), standing.deadline("sst-decision")
    assert current and clock
    return current.state, current.tacit, current.answered_on, clock.status, clock.met_on


def test_a_silent_approval_has_one_day_everywhere(silent: tuple[LawDesk, str]) -> None:
    desk, key = silent
    assert stands(desk, key, "2011-04-04") == ("received", False, None, "upcoming", None)
    the_day = date(2011, 4, 4)
    assert stands(desk, key, "2011-04-05") == ("sst_approved", True, the_day, "met", the_day)
    assert stands(desk, key, "2026-11-21") == ("sst_approved", True, the_day, "met", the_day)
    told = status_json(desk.at(key, "2011-04-05"), rules())["version"]
    assert (told["tacit"], told["answered_on"]) == (True, "2011-04-04")


def test_a_revision_follows_the_silence_and_is_approved_for_itself(silent: tuple[LawDesk, str]) -> None:
    desk, key = silent
    desk.tell("effective", "2011-04-10", key, due="2011-05-01")
    desk.tell("revision-opened", "2012-03-01", key, version=2)
    desk.sends("2012-03-02", key, yes_on="2012-04-01", version=2)
    desk.tell("submitted", "2012-04-10", key, version=2)
    desk.tell("received", "2012-04-10", key, version=2)
    course = desk.at(key, "2012-04-11").course
    assert [(one.state, one.tacit) for one in course.versions] == [("superseded", True), ("received", False)]
    assert course.versions[0].state_name == "erstattet af en senere version"
    course = desk.at(key, "2012-06-20").course
    assert [(one.tacit, one.answered_on) for one in course.versions] == [
        (True, date(2011, 4, 4)), (True, date(2012, 6, 11)),
    ]  # fmt: skip


@pytest.mark.parametrize("event", ["received", "info-requested", "refusal-discussed", "sst-approved"])
def test_what_the_authority_says_after_its_silence_is_kept_and_changes_nothing(
    silent: tuple[LawDesk, str], event: str
) -> None:
    desk, key = silent
    due = "2011-02-02" if event == "received" else None
    desk.tell(event, "2011-04-20", key, **({"due": due} if due else {}))
    the_day = date(2011, 4, 4)
    assert stands(desk, key, "2011-04-21") == ("sst_approved", True, the_day, "met", the_day)
    assert event in {fact.event for fact in desk.at(key, "2011-04-21").story.steps}


@pytest.mark.parametrize("event", ["sst-refused", "withdrawn"])
def test_what_cannot_be_any_more_is_refused_with_the_day_and_the_provision(
    silent: tuple[LawDesk, str], event: str
) -> None:
    desk, key = silent
    more = {"due": day("2011-06-01")} if event == "sst-refused" else {}
    said = desk.refuses(NotPossible, event, "2011-04-05", key, **more)
    assert "version 1 anses for godkendt, da der ikke kom svar senest mandag den 4. april 2011" in said
    assert "BEK 778/2009 § 6, stk. 3" in said
    desk.tell(event, "2011-04-04", key, **more)


def test_no_place_calls_it_approved_by_the_authority(silent: tuple[LawDesk, str]) -> None:
    desk, key = silent
    plan(desk.engine, desk.rulebook, danish(day("2011-04-06"), 9))
    standing = desk.at(key, "2011-04-06")
    with_provision = f"{SILENT} (BEK 778/2009 § 6, stk. 3)"
    row = listed_agreement(standing)
    assert rules().text_said(row.regime, row.version_state) == with_provision
    assert look(desk.engine, rules())[key].version == f"version 1: {with_provision}"
    [sending] = sendings(standing)
    assert sending.state == SILENT
    assert sending.unanswered == "intet svar senest mandag den 4. april 2011 (BEK 778/2009 § 6, stk. 3)"


@pytest.fixture
def unreceived(empty: LawDesk) -> tuple[LawDesk, str]:
    """Sent on 28 January 2011, and no receipt."""
    key = empty.open("nordjylland", "2010-2013", "2011-2014", municipality="0851")
    empty.sends("2010-11-01", key, yes_on="2011-01-20")
    empty.tell("submitted", "2011-01-28", key)
    return empty, key


def test_without_a_receipt_nothing_is_approved_by_silence(unreceived: tuple[LawDesk, str]) -> None:
    """The two months run from the receipt: who does not know it cannot say that they are over."""
    desk, key = unreceived
    for on in ("2011-02-01", "2011-03-29", "2026-11-21"):
        assert stands(desk, key, on) == ("submitted", False, None, "undated", None)
    clock = desk.deadline("sst-decision", key, "2011-03-29")
    assert [step.text for step in clock.why][:1] == [
        "Aftalen blev sendt fredag den 28. januar 2011. Fristen regnes fra modtagelsen, og den er ikke bekræftet, så "
        "tavshed godkender endnu intet"
    ]
    missing = [one["text"] for one in status_json(desk.at(key, "2011-03-29"), rules())["blocked_by"]]
    assert "Sundhedsstyrelsens svar afventes; modtagelsen er ikke bekræftet" in missing


def test_a_receipt_that_is_told_late_sets_the_clock_from_its_own_day(unreceived: tuple[LawDesk, str]) -> None:
    desk, key = unreceived
    desk.tell("received", "2011-04-06", key, due="2011-02-02")
    the_day = date(2011, 4, 4)
    assert stands(desk, key, "2011-04-06") == ("sst_approved", True, the_day, "met", the_day)


def test_a_refusal_of_a_text_without_a_receipt_is_an_answer_until_the_receipt_says_otherwise(
    unreceived: tuple[LawDesk, str],
) -> None:
    desk, key = unreceived
    desk.tell("sst-refused", "2011-04-06", key, due=day("2011-05-01"))
    assert stands(desk, key, "2011-04-06") == (
        "sst_refused", False, date(2011, 4, 6), "met", date(2011, 4, 6),
    )  # fmt: skip
    said = desk.refuses(NotPossible, "received", "2011-02-02", key)
    assert "sst-refused 6. april 2011, ikke længere passe" in said and "BEK 778/2009 § 6, stk. 3" in said
    desk.tell("received", "2011-02-10", key)
    assert desk.deadline("sst-decision", key, "2011-04-07").status == "met"
