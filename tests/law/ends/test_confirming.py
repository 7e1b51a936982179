"""The end of a regime as an act of people: the clause, two administrators, the night between, and the way back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import update
from sqlmodel import col

from tests.law.desk import KEY, LawDesk, day, rules
from tests.story.living import danish
from workflow.ahead.branches import Branch, SupposedFact
from workflow.errors import Conflict, Invalid, NotFound, NotPossible
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import record
from workflow.services.facts.ends import Proposal, retract_end, settle_end, telling, waiting_end
from workflow.services.facts.once import Once, record_once
from workflow.services.lookahead.keeping import keep_branch
from workflow.services.people.persons import add_person
from workflow.services.watch.reckoning import reckon
from workflow.storage.database import writing
from workflow.storage.tables import Notice

REGIME, ENDS = "bek-1248-2022", date(2026, 1, 1)
CLAUSE = "§ 5, nr. 12-15, træder i kraft den 1. januar 2026."
TODAY = day("2026-11-24")


@pytest.fixture
def desk(desk: LawDesk) -> LawDesk:
    """Nordjylland 2024-2027, concluded and in force."""
    desk.today = TODAY
    desk.concludes("2023-12-15")
    desk.tell("effective", "2024-01-01")
    return desk


def settle(
    desk: LawDesk, by: str = "Anna", quote: str = CLAUSE, ends: date = ENDS, **more: bool
) -> Proposal | None:
    said, _ = settle_end(
        desk.engine, desk.rulebook, regime=REGIME, ends=ends, source="Lov 719/2025 § 24, stk. 2", quote=quote, by=by,
        today=TODAY, at=danish(TODAY, 9), **more,
    )  # fmt: skip
    return said


def retract(desk: LawDesk, on: date) -> int:
    done = retract_end(
        desk.engine, desk.rulebook, regime=REGIME, reason="Paragraffen var læst forkert", by="Anna", today=on,
        at=danish(on, 9),
    )  # fmt: skip
    return len(done)


def administrators(desk: LawDesk, *names: str) -> None:
    for name in names:
        email = f"{name.lower()}@rn.dk"
        add_person(
            desk.engine, desk.rulebook, email=email, name=name, role="administrator", at=danish(TODAY, 8)
        )


@pytest.mark.parametrize("quote", ["", "§ 24, stk. 2", "   "])
def test_an_end_is_not_confirmed_without_the_clause_itself(desk: LawDesk, quote: str) -> None:
    before = desk.journal(KEY)
    with pytest.raises(Invalid, match="ordret"):
        settle(desk, quote=quote)
    assert desk.journal(KEY) == before


def test_the_clause_stands_in_the_journal_and_in_the_letters(desk: LawDesk) -> None:
    assert settle(desk) is None
    ended = desk.at(as_of=str(TODAY)).course.law_ended
    assert ended and ended.source == f"Lov 719/2025 § 24, stk. 2: »{CLAUSE}«"
    [one, *_] = [one for one in desk.letters("2026-11-25") if one.letter.name == "regime-ended"]
    assert CLAUSE in one.facts["regime"]["source"]


def test_a_trial_records_nothing_and_names_the_letters(desk: LawDesk) -> None:
    before = desk.journal(KEY)
    _, done = settle_end(
        desk.engine, desk.rulebook, regime=REGIME, ends=ENDS, source="Lov 719/2025", quote=CLAUSE, by="Anna",
        today=TODAY, at=danish(TODAY, 9), dry_run=True,
    )  # fmt: skip
    [letters] = [telling(desk.rulebook, one.after, TODAY) for one in done]
    assert desk.journal(KEY) == before
    assert (letters.from_on, len(letters.recipients)) == (
        day("2026-11-25"),
        2 + len(desk.at().agreement.parties),
    )


def test_of_two_administrators_one_confirms_and_the_other_confirms_again(desk: LawDesk) -> None:
    administrators(desk, "Anna", "Bo")
    with pytest.raises(Invalid, match="er ikke administrator"):
        settle(desk, by="root")
    waiting = settle(desk, by="Anna")
    assert waiting and waiting_end(desk.engine, REGIME) == waiting
    assert desk.at(as_of=str(TODAY)).course.law_ended is None
    with pytest.raises(Conflict, match=r"en anden administrator skal gøre det: bo@rn\.dk"):
        settle(desk, by="anna@rn.dk")
    assert settle(desk, by="Bo") is None
    ended = desk.at(as_of=str(TODAY)).course.law_ended
    assert ended and (ended.value, ended.by) == (ENDS, "Anna og Bo")
    assert waiting_end(desk.engine, REGIME) is None


def test_another_day_is_another_proposal_and_confirms_nothing(desk: LawDesk) -> None:
    administrators(desk, "Anna", "Bo")
    settle(desk, by="Anna")
    assert settle(desk, by="Bo", ends=date(2027, 1, 1))
    assert desk.at(as_of=str(TODAY)).course.law_ended is None


def test_an_end_taken_back_the_same_day_has_told_nobody(desk: LawDesk) -> None:
    settle(desk)
    assert not [one for one in desk.letters("2026-11-24") if one.letter.name == "regime-ended"]
    assert retract(desk, TODAY) == 1
    for ahead in range(5):
        told = {one.letter.name for one in desk.letters(str(TODAY + timedelta(days=ahead)))}
        assert not {"regime-ended", "regime-retracted"} & told
    assert desk.at(as_of="2026-11-30").course.period == "in_force"


def test_whoever_was_told_of_an_end_is_told_that_it_is_taken_back_and_of_the_next_one(desk: LawDesk) -> None:
    settle(desk)
    told = [one.recipient for one in desk.letters("2026-11-25") if one.letter.name == "regime-ended"]
    with writing(desk.engine) as session:
        never = update(Notice).where(col(Notice.letter) == "regime-ended", col(Notice.recipient) == told[-1])
        session.execute(never.values(state="refused"))
    assert retract(desk, day("2026-11-26")) == 1
    back = [one for one in desk.letters("2026-11-26") if one.letter.name == "regime-retracted"]
    assert [one.recipient for one in back] == told[:-1]
    assert {one.facts["event"]["due"] for one in back} == {str(ENDS)}
    assert not [f for f in reckon(desk.engine, rules(), danish(day("2026-11-26"), 23)) if f.kind == "missing"]
    desk.today = day("2026-11-27")
    desk.tell("regime-confirmed", "2026-11-27", due=str(ENDS))
    again = [one.recipient for one in desk.letters("2026-11-30") if one.letter.name == "regime-ended"]
    assert again == told


def test_there_must_be_an_end_to_take_back(desk: LawDesk) -> None:
    with pytest.raises(NotFound, match="intet at tage tilbage"):
        retract(desk, TODAY)


def test_neither_a_line_of_one_agreement_ends_the_rules_nor_a_correction_takes_their_end_back(
    desk: LawDesk,
) -> None:
    """The clause, the night and the second person stand at one door; every other names it."""
    end = Fact(0, "regime-confirmed", TODAY, due=ENDS, source="Lov 719/2025 § 24", by="Anna")
    more = {"today": TODAY, "at": danish(TODAY, 9)}
    with pytest.raises(NotPossible, match="aftale regime confirm"):
        record(desk.engine, desk.rulebook, KEY, end, **more)
    with pytest.raises(NotPossible, match="aftale regime confirm"):
        record_once(desk.engine, desk.rulebook, KEY, end, Once("Anna", "0123456789", "x"), **more)
    branch = Branch("a", "a", "mild", facts=(SupposedFact("regime-confirmed", due="2026-01-01"),))
    with pytest.raises(NotPossible, match="aftale regime confirm"):
        keep_branch(desk.engine, desk.rulebook, KEY, branch, source="Lov", by="Anna", **more)
    settle(desk)
    ended = desk.at(as_of=str(TODAY)).course.law_ended
    assert ended
    back = Fact(0, "correction", TODAY, source="forkert", by="Anna", corrects=ended.no)
    with pytest.raises(NotPossible, match="aftale regime retract"):
        record(desk.engine, desk.rulebook, KEY, back, **more)
    with pytest.raises(NotPossible, match="aftale regime retract"):
        record_once(desk.engine, desk.rulebook, KEY, back, Once("Anna", "0123456789", "y"), **more)


def test_an_agreement_opened_later_knows_the_end(desk: LawDesk) -> None:
    settle(desk)
    new = desk.open("midtjylland", "2026-2029", "2027-2031", opened_on=day("2026-11-25"))
    found = desk.deadline("submission", new, "2026-11-25")
    assert (found.status, found.doubtful) == ("lapsed", False)
    retract(desk, day("2026-11-26"))
    later = desk.open("syddanmark", "2026-2029", "2027-2031", opened_on=day("2026-11-27"))
    assert desk.at(later, "2026-11-27").course.law_ended is None


def test_what_was_settled_on_the_reminders_day_is_not_called_late_once_it_is_open_again(
    desk: LawDesk,
) -> None:
    opened = desk.open(term="2026-2029", label="2027-2031", opened_on=TODAY)
    settle(desk)
    desk.letters("2026-11-25")
    retract(desk, day("2026-11-26"))
    asked = [one for one in desk.letters("2026-11-26") if one.letter.name == "regime-unsettled"]
    told = [one for one in asked if one.key.startswith(f"{opened}|")]
    assert told and not [one for one in told if one.late or one.facts["late"]]
