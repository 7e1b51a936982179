"""History is not news: what had its day before it was entered waits for a person's word, and then for nothing else."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, select
from sqlmodel import col

from tests.services.lived import KEY, SECRET, hand_over, rules
from tests.smtp_server import ScriptedServer
from workflow.errors import Conflict, Invalid, NotFound, NotPossible
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import Recorded, open_agreement, record
from workflow.services.facts.foretelling import foretell
from workflow.services.keeping.proving import prove
from workflow.services.keeping.verifying import verify
from workflow.services.people.contacts.contacts import import_contacts
from workflow.services.planning.answering import Answer, answer, count_unanswered, unanswered
from workflow.services.planning.reminders import plan
from workflow.services.rounds.demo import demo_contacts
from workflow.services.watch.reckoning import reckon
from workflow.storage import meta
from workflow.storage.database import connect, reading, writing
from workflow.storage.tables import FactRow, Notice

OPENED_ON = date(2022, 12, 5)  # before the first reminder of the submission
HEARING = {
    "version": 1,
    "due": date(2023, 3, 20),
    "time": "12:00",
    "source": "Brev af 2. marts",
    "by": "Kirsten",
}
TOLD = Answer("told", "Kirsten", "Sag 23/1234", date(2023, 3, 2))
DROP = Answer("drop", "Kirsten", "Alle fik det på mødet")
SEND = Answer("send", "Kirsten")


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    """A database with one agreement and every mailbox, which each test takes a copy of."""
    path = tmp_path_factory.mktemp("history") / "aftale.db"
    shutil.copy(sqlite_template, path)
    engine = connect(f"sqlite:///{path}")
    import_contacts(engine, rules(), demo_contacts(rules()))
    open_agreement(
        engine, rules(), Fact(0, "opened", OPENED_ON, source="test", by="test"), region="nordjylland",
        term="2022-2025", label="2024-2027", at=noon(OPENED_ON), effective=date(2024, 1, 1),
    )  # fmt: skip
    goals = Fact(0, "goals-set", date(2023, 1, 10), source="SSU", by="test")
    record(engine, rules(), KEY, goals, today=goals.on, at=noon(goals.on))
    engine.dispose()
    return path


@pytest.fixture
def engine(begun: Path, tmp_path: Path) -> Iterator[Engine]:
    shutil.copy(begun, tmp_path / "aftale.db")
    engine = connect(f"sqlite:///{tmp_path / 'aftale.db'}")
    yield engine
    engine.dispose()


def noon(day: date, hour: int = 11) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def enter(engine: Engine, event: str, on: date, entered: date, hour: int = 11, **more: Any) -> Recorded:
    fact = Fact(0, event, on, **({"source": "brev", "by": "Kirsten"} | more))
    return record(engine, rules(), KEY, fact, today=entered, at=noon(entered, hour))


def hearing(engine: Engine, on: date, entered: date, hour: int = 11) -> Recorded:
    return enter(engine, "consultation-opened", on, entered, hour, **HEARING)


def missing(engine: Engine, at: datetime) -> list[str]:
    with writing(engine) as session:
        meta.put(session, "last_tick", at.isoformat())
    return [finding.said for finding in reckon(engine, rules(), at)]


def sent(engine: Engine, at: datetime) -> list[str]:
    """One pass of planning and handing over to a real mail server; the letters it took."""
    plan(engine, rules(), at)
    with ScriptedServer() as server:
        hand_over(engine, server, at, secret=SECRET)
    with reading(engine) as session:
        return [n.letter for n in session.scalars(select(Notice).where(col(Notice.accepted_at) == at))]


def states(engine: Engine, letter: str) -> set[str]:
    with reading(engine) as session:
        return set(session.scalars(select(col(Notice.state)).where(col(Notice.letter) == letter)))


def test_a_hearing_that_is_over_when_it_is_entered_writes_to_nobody(engine: Engine) -> None:
    entered = date(2023, 3, 28)
    done = hearing(engine, date(2023, 3, 2), entered)
    assert done.asked == count_unanswered(engine)[KEY] > 15
    assert [letter for letter in sent(engine, noon(entered, 12)) if letter.startswith("consultation")] == []
    assert states(engine, "consultation-opened") == {"unanswered"}
    assert missing(engine, noon(entered, 20)) == []


@pytest.mark.parametrize(
    ("on", "entered", "hour", "news"),
    [
        (date(2023, 3, 2), date(2023, 3, 2), 22, True),  # 23 o'clock that evening in Denmark
        (date(2023, 3, 2), date(2023, 3, 2), 23, False),  # midnight in Denmark: it was yesterday
        (date(2023, 3, 3), date(2023, 3, 6), 7, False),  # Friday's letter on Monday morning
        (date(2023, 3, 8), date(2023, 3, 7), 7, True),  # tomorrow's: told when the day has come
    ],
)
def test_it_is_the_danish_day_of_the_entry_that_makes_it_history(
    engine: Engine, on: date, entered: date, hour: int, news: bool
) -> None:
    hearing(engine, on, entered, hour)
    plan(engine, rules(), noon(max(on, entered) + timedelta(days=1), 9))
    assert states(engine, "consultation-opened") == ({"planned"} if news else {"unanswered"})


def test_the_age_of_what_happened_does_not_matter_to_the_question(engine: Engine) -> None:
    entered = date(2026, 3, 2)  # three years later: the old rule would have kept silent about it
    assert hearing(engine, date(2023, 3, 2), entered).asked > 15
    assert states(engine, "consultation-opened") == {"unanswered"}


@pytest.mark.parametrize(("said", "state"), [(TOLD, "told"), (SEND, "accepted"), (DROP, "cancelled")])
def test_after_each_answer_the_reckoner_misses_nothing(engine: Engine, said: Answer, state: str) -> None:
    entered = date(2023, 3, 6)
    hearing(engine, date(2023, 3, 2), entered)
    sent(engine, noon(entered, 12))
    done = answer(engine, rules(), said, agreement=KEY, at=noon(entered, 13))
    assert (done.letters > 15, done.moot, count_unanswered(engine)) == (True, 0, {})
    sent(engine, noon(entered, 14))
    assert states(engine, "consultation-opened") == {state}
    assert missing(engine, noon(entered, 20)) == []
    assert verify(engine, KEY)[1] == []


@pytest.mark.parametrize("answered", [None, TOLD, SEND, DROP])
def test_a_letter_of_the_batch_that_is_lost_is_missed(engine: Engine, answered: Answer | None) -> None:
    entered = date(2023, 3, 6)
    hearing(engine, date(2023, 3, 2), entered)
    sent(engine, noon(entered, 12))
    if answered:
        answer(engine, rules(), answered, at=noon(entered, 13))
    with writing(engine) as session:
        lost = select(col(Notice.id)).where(col(Notice.letter) == "consultation-opened").limit(1)
        session.execute(delete(Notice).where(col(Notice.id) == session.scalar(lost)))
    found = missing(engine, noon(entered, 20))
    assert len([said for said in found if said.startswith("Findes ikke: consultation-opened")]) == 1


def test_news_that_somebody_let_wait_as_history_is_missed(engine: Engine) -> None:
    on = date(2023, 3, 6)
    hearing(engine, on, on)
    plan(engine, rules(), noon(on))
    with writing(engine) as session:
        for notice in session.scalars(select(Notice).where(col(Notice.letter) == "consultation-opened")):
            notice.state = "unanswered"
    assert any("venter på dit svar" in said for said in missing(engine, noon(on, 20)))


def test_told_by_hand_stands_in_the_proof_of_the_letter_and_in_the_journal(engine: Engine) -> None:
    hearing(engine, date(2023, 3, 2), date(2023, 3, 6))
    number = unanswered(engine)[0][1].id
    assert number
    answer(engine, rules(), TOLD, numbers=[number], at=noon(date(2023, 3, 6), 13))
    files = prove(engine, str(number))
    assert "sendt i hånden torsdag den 2. marts 2023: Sag 23/1234 (Kirsten)" in files["brev.json"].decode()
    assert (
        "Oplyst:        sendt i hånden torsdag den 2. marts 2023: Sag 23/1234 (Kirsten)"
        in files["README.txt"].decode()
    )
    with reading(engine) as session:
        line = session.scalars(select(FactRow).order_by(col(FactRow.no).desc())).first()
    assert line and (line.event, line.due, line.source, line.by) == (
        "history-answered", date(2023, 3, 2), "Sag 23/1234", "Kirsten"
    )  # fmt: skip
    assert line.about == f"sendt i hånden: brev {number}"


@pytest.mark.parametrize(
    ("said", "names"),
    [
        (Answer("told", "K", "Sag 1"), "--on"),
        (Answer("told", "K", "  ", date(2023, 3, 2)), "--source"),
        (Answer("told", "K", "Sag 1", date(2023, 3, 7)), "er ikke kommet endnu"),
        (Answer("drop", "K", ""), "--why"),
    ],
)
def test_an_answer_that_lacks_its_day_its_source_or_its_reason_is_refused_whole(
    engine: Engine, said: Answer, names: str
) -> None:
    hearing(engine, date(2023, 3, 2), date(2023, 3, 6))
    before = count_unanswered(engine)
    with pytest.raises(Invalid, match=names):
        answer(engine, rules(), said, at=noon(date(2023, 3, 6), 13))
    assert count_unanswered(engine) == before


def test_one_letter_that_does_not_wait_refuses_the_whole_answer(engine: Engine) -> None:
    hearing(engine, date(2023, 3, 2), date(2023, 3, 6))
    first, second = (notice.id or 0 for _, notice in unanswered(engine)[:2])
    answer(engine, rules(), DROP, numbers=[first], at=noon(date(2023, 3, 6), 13))
    with pytest.raises(NotPossible, match="annulleret"):
        answer(engine, rules(), SEND, numbers=[second, first], at=noon(date(2023, 3, 6), 14))
    assert second in {notice.id for _, notice in unanswered(engine)}
    with pytest.raises(NotFound):
        answer(engine, rules(), SEND, numbers=[second], regions=["sjaelland"], at=noon(date(2023, 3, 6), 14))


def test_a_letter_that_has_become_moot_asks_no_more_and_is_not_sent(engine: Engine) -> None:
    entered = date(2023, 5, 17)
    enter(engine, "sent-for-approval", date(2023, 5, 2), entered, due=date(2023, 6, 14))
    enter(engine, "council-approved", date(2023, 5, 17), entered, council="0851")
    asked = {notice.recipient for _, notice in unanswered(engine) if notice.letter == "sent-for-approval"}
    assert "0851/council" not in asked and "0849/council" in asked
    first = noon(
        date(2023, 6, 20)
    )  # a reminder of the date that has come since is more urgent than those that waited
    assert answer(engine, rules(), SEND, at=first).moot > 0
    with reading(engine) as session:
        moot = session.scalars(select(Notice).where(col(Notice.why) == "det er ikke længere aktuelt")).all()
        assert {notice.state for notice in moot} == {"superseded"}


def test_an_answer_that_comes_half_a_year_later_is_still_the_answer(engine: Engine) -> None:
    hearing(engine, date(2023, 3, 2), date(2023, 3, 6))
    done = answer(engine, rules(), SEND, at=noon(date(2023, 9, 6)))
    assert (done.letters > 15, done.moot) == (True, 0)
    assert states(engine, "consultation-opened") == {"planned"}


def test_a_corrected_line_of_history_takes_its_letters_with_it_and_the_right_one_asks_anew(
    engine: Engine,
) -> None:
    entered = date(2023, 3, 6)
    wrong = hearing(engine, date(2023, 2, 1), entered)
    enter(engine, "correction", entered, entered, corrects=wrong.fact.no, source="forkert måned")
    assert states(engine, "consultation-opened") == {"superseded"}
    right = hearing(engine, date(2023, 3, 2), entered)
    assert right.asked > 15
    assert {n.rung for _, n in unanswered(engine) if n.letter == "consultation-opened"} == {
        f"fact{right.fact.no}"
    }


def test_a_departure_entered_after_its_day_moves_the_date_and_asks_before_it_tells(engine: Engine) -> None:
    entered = date(2023, 7, 10)
    enter(engine, "deviation", date(2023, 6, 28), entered, due=date(2024, 1, 1))
    sent(engine, noon(entered, 12))
    assert states(engine, "deadline-moved") == {"unanswered"}
    answer(engine, rules(), SEND, at=noon(entered, 13))
    assert "deadline-moved" in sent(engine, noon(entered, 14))


def test_reminders_go_on_as_usual_from_the_day_of_the_entry(engine: Engine) -> None:
    """The duty that history shows as overdue is today's; only the rungs from before the entry wait with the batch."""
    entered = date(2023, 7, 7)  # a Friday; the submission was due on the first and is asked for
    enter(engine, "sent-for-approval", date(2023, 5, 2), entered, due=date(2023, 6, 14))
    plan(engine, rules(), noon(entered))
    assert states(engine, "council-pending") == {"unanswered"}
    assert "submission-overdue" in sent(engine, noon(entered, 12))  # known since the agreement was opened
    assert "council-late" in sent(engine, noon(date(2023, 8, 8)))  # the councils' own ladder has run out


def test_what_is_shown_before_it_is_saved_says_which_letters_will_wait(engine: Engine) -> None:
    fact = Fact(0, "consultation-opened", date(2023, 3, 2), **HEARING)
    told = foretell(engine, rules(), KEY, fact, date(2023, 3, 6))
    assert {one.history for one in told.letters if one.letter.name == "consultation-opened"} == {True}
    told = foretell(engine, rules(), KEY, fact, date(2023, 3, 2))
    assert {one.history for one in told.letters if one.letter.name == "consultation-opened"} == {False}


DOORS = [
    ("deviation", date(2023, 2, 1), {"due": date(2024, 1, 1)}),
    ("sst-refused", date(2023, 2, 1), {"due": date(2024, 1, 1)}),
    ("nominal-end", date(2023, 2, 1), {"due": date(2028, 1, 1)}),
    ("effective", date(2023, 2, 1), {"due": date(2024, 7, 1)}),  # it has been fixed once
    ("correction", date(2023, 2, 1), {"corrects": 3}),
]


@pytest.mark.parametrize(("event", "on", "more"), DOORS, ids=[event for event, *_ in DOORS])
def test_no_date_that_the_law_protects_moves_without_a_source(
    engine: Engine, event: str, on: date, more: dict[str, Any]
) -> None:
    with pytest.raises(Invalid, match=rf"{event}: skriv.*\(--source\)"):
        enter(engine, event, on, on, **more | {"source": "  "})


def test_one_departure_is_not_counted_twice(engine: Engine) -> None:
    on = date(2023, 2, 1)
    first = enter(engine, "deviation", on, on, due=date(2024, 1, 1))
    with pytest.raises(Conflict, match=f"nr. {first.fact.no}"):
        enter(engine, "deviation", on, on, due=date(2024, 1, 1), source="samme brev igen")


@pytest.mark.parametrize(
    "event", ["council-approved", "council-rejected", "council-postponed", "endorsed", "evidence"]
)
def test_a_decision_is_not_recorded_before_it_is_made(engine: Engine, event: str) -> None:
    today = date(2023, 5, 8)
    enter(engine, "sent-for-approval", date(2023, 5, 8), today, due=date(2023, 6, 14))
    council = {} if event == "endorsed" else {"council": "0851"}
    with pytest.raises(Invalid, match="er ikke kommet endnu"):
        enter(engine, event, date(2024, 5, 8), today, **council)
    fact = Fact(0, event, date(2023, 5, 9), source="brev", by="K", **council)
    with pytest.raises(Invalid, match="er ikke kommet endnu"):
        foretell(engine, rules(), KEY, fact, today)
