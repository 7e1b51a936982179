"""When a letter that a person let go will go is said as it will be done, and the letter says that a person sent it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import Engine, delete, select, update
from sqlmodel import col

from tests.services.lived import EVENING, KEY, hand_over, live, rules
from tests.smtp_server import ScriptedServer
from workflow.rules.facts import Fact
from workflow.services.delivery import handling
from workflow.services.desk.forwarding import forward
from workflow.services.facts.agreements import open_agreement
from workflow.services.hands import steering
from workflow.services.hands.promised import let_go, number_of, promised
from workflow.services.hands.resending import resend
from workflow.services.hands.upcoming import upcoming
from workflow.services.people.contacts.contacts import import_contacts
from workflow.services.planning.answering import Answer, answer
from workflow.services.rounds.demo import demo_contacts
from workflow.storage.database import connect, reading, writing
from workflow.storage.facts import journal
from workflow.storage.tables import Contact, Notice

SUNDAY = datetime(2023, 1, 8, 8, tzinfo=UTC)
MONDAY = datetime(2023, 1, 9, 7, tzinfo=UTC)  # eight in Denmark
AUTOMATIC = "Denne mail er skrevet og sendt automatisk."
BY_HAND = "Mailens tekst er sat sammen automatisk; {} har sendt den."


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    path = tmp_path_factory.mktemp("promised") / "aftale.db"
    shutil.copy(sqlite_template, path)
    live(f"sqlite:///{path}")
    return path


@pytest.fixture
def engine(lived: Path, tmp_path: Path) -> Iterator[Engine]:
    shutil.copy(lived, tmp_path / "aftale.db")
    engine = connect(f"sqlite:///{tmp_path / 'aftale.db'}")
    yield engine
    engine.dispose()


@pytest.fixture
def opened(sqlite_url: str) -> Iterator[Engine]:
    """An agreement just opened, whose first reminder is history."""
    engine = connect(sqlite_url)
    import_contacts(engine, rules(), demo_contacts(rules()))
    fact = Fact(0, "opened", date(2023, 1, 2), source="test", by="test")
    at = datetime(2023, 1, 2, 8, tzinfo=UTC)
    open_agreement(engine, rules(), fact, region="nordjylland", term="2022-2025", label="2024-2027", at=at)
    yield engine
    engine.dispose()


def history(engine: Engine, at: datetime) -> tuple[int, ...]:
    return answer(engine, rules(), Answer("send", "Kirsten"), agreement=KEY, at=at).numbers


def took(engine: Engine, at: datetime) -> dict[int, str]:
    """One pass with a real mail server: the text, in one line, of each letter that it took then."""
    with ScriptedServer() as server:
        hand_over(engine, server, at)
    with reading(engine) as session:
        found = session.scalars(select(Notice).where(col(Notice.accepted_at) == at)).all()
        return {notice.id or 0: text(notice.body or b"") for notice in found if notice.body}


def text(raw: bytes) -> str:
    part = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
    assert part is not None
    return " ".join(part.get_content().split())


def test_a_reminder_answered_on_a_closed_day_is_promised_for_the_morning_on_which_it_goes(
    opened: Engine,
) -> None:
    numbers = history(opened, SUNDAY)
    said = promised(opened, numbers, SUNDAY)
    assert said == f"{len(numbers)} sendes tidligst mandag den 9. januar 2023 kl. 8"
    assert took(opened, SUNDAY) == took(opened, MONDAY - timedelta(seconds=1)) == {}
    letters = took(opened, MONDAY)
    assert letters and all(BY_HAND.format("en medarbejder") in one for one in letters.values())
    assert promised(opened, numbers, MONDAY) == ""
    with reading(opened) as session:
        why = session.get_one(Notice, numbers[0]).why
    assert "sendes nu" not in why


def test_what_a_person_let_go_is_told_apart_from_the_rest_and_counted_by_its_way(opened: Engine) -> None:
    numbers = history(opened, SUNDAY)
    with reading(opened) as session:
        row = journal.find(session, KEY)
    assert sorted(numbers) == sorted(let_go(opened, row.id or 0))
    with writing(opened) as session:
        session.execute(update(Notice).where(col(Notice.id) == numbers[0]).values(next_at=SUNDAY))
    assert promised(opened, numbers[:2], SUNDAY) == (
        "1 sendes ved næste gennemløb, eller næste hverdag, hvis postkassen har fået dagens mail; "
        "1 sendes tidligst mandag den 9. januar 2023 kl. 8"
    )


def test_nothing_is_promised_for_the_night_or_while_sending_is_held(engine: Engine) -> None:
    one = upcoming(engine, rules(), date(2023, 5, 31), days=28)[0][0]
    night = datetime(2023, 5, 31, 23, tzinfo=UTC)  # one o'clock in Denmark
    steering.send_now(engine, rules(), one.owed.key, "Kirsten", night)
    number = number_of(engine, one.owed.key)
    assert promised(engine, [number], night) == "sendes tidligst torsdag den 1. juni 2023 kl. 4"
    assert promised(engine, [one.owed.key], night + timedelta(hours=4)) == "sendes ved næste gennemløb"
    handling.hold_everything(engine, "flytning", "Anna", night)
    held = "sendes ved næste gennemløb; al afsendelse er standset: flytning (Anna)"
    assert promised(engine, [number], night + timedelta(hours=4)) == held
    assert took(engine, night) == {}
    handling.release_everything(engine, night)
    assert took(engine, night) == {}
    assert number_of(engine, "ingen") == 0


def test_what_has_no_mailbox_is_not_promised(opened: Engine) -> None:
    numbers = history(opened, SUNDAY)
    with writing(opened) as session:
        session.execute(delete(Contact))
    assert promised(opened, numbers[:1], SUNDAY) == "kan ikke nås"


def test_a_letter_says_whether_a_person_sent_it(engine: Engine) -> None:
    with reading(engine) as session:
        first = session.scalars(select(Notice).where(col(Notice.state) == "accepted")).first()
    assert first and first.body and AUTOMATIC in text(first.body)
    copy = resend(engine, rules(), str(first.id), "bortkommet", "Kirsten", EVENING)
    one = upcoming(engine, rules(), date(2023, 5, 31), days=28)[0][0]
    steering.send_now(engine, rules(), one.owed.key, "Kirsten", EVENING)
    reasons, _ = forward(
        engine, rules(), KEY, "submission", "", "jurist@kommune.example", "Se her", "Anna Jensen", EVENING, ""
    )
    letters = took(engine, EVENING)
    for number, who in (
        (copy, "en medarbejder"), (number_of(engine, one.owed.key), "en medarbejder"), (reasons, "Anna Jensen"),
    ):  # fmt: skip
        assert BY_HAND.format(who) in letters[number] and AUTOMATIC not in letters[number]
