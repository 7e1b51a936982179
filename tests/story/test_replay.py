"""Two real rounds, lived morning by morning: exactly the letters that were owed, none twice, none lost in sleep."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import Engine
from syrupy.assertion import SnapshotAssertion

from tests.story.living import (
    ROOT,
    Story,
    danish,
    ledger,
    live,
    morning_of,
    notices,
    owed_keys,
    post,
    rules,
    told_keys,
)
from workflow.mail.returns.inbox import LocalInbox
from workflow.mail.sending.smtp import SmtpTarget, Wire
from workflow.mail.writing.letters import Letters
from workflow.rules.days import COPENHAGEN
from workflow.services.delivery.sending import deliver
from workflow.services.people.contacts.contacts import import_contacts
from workflow.services.planning.reminders import plan
from workflow.services.rounds.demo import demo_contacts
from workflow.services.views.overview import count_waiting
from workflow.storage.database import connect

# first and last day lived; the first is assumed, see the files
NORDJYLLAND = Story.read("nordjylland-2024", date(2022, 10, 3), date(2026, 11, 21))
SYDDANMARK = Story.read("syddanmark-2019", date(2018, 9, 3), date(2024, 1, 31))
ROUNDS = pytest.mark.parametrize("story", [NORDJYLLAND, SYDDANMARK], ids=["nordjylland", "syddanmark"])


@ROUNDS
def test_a_round_lived_day_by_day_sends_exactly_these_letters(
    sqlite_url: str, story: Story, snapshot: SnapshotAssertion
) -> None:
    engine = connect(sqlite_url)
    live(engine, story)
    assert ledger(engine) == snapshot
    keys = Counter(notice.key for notice in notices(engine))
    assert [key for key, times in keys.items() if times > 1] == []
    late = [notice for notice in notices(engine) if notice.late and notice.due_on >= story.first]
    assert [notice.key for notice in late] == []  # nobody slept, and nothing is asked from before it could be
    engine.dispose()


def test_postgresql_sends_the_same_letters_as_sqlite(sqlite_url: str, postgres_url: str) -> None:
    told = []
    for url in (sqlite_url, postgres_url):
        engine = connect(url)
        live(engine, NORDJYLLAND)
        told.append(ledger(engine))
        engine.dispose()
    assert told[0] == told[1]


def test_the_countdown_follows_the_date_the_authority_moved(sqlite_url: str) -> None:
    """Counted by hand: 1 July 2023 was a Saturday (aim 30 June), 1 January 2024 a holiday (aim
    29 December 2023). The move was told on 28 June, two days before the last rung; submitted 15 December."""
    engine = connect(sqlite_url)
    live(engine, NORDJYLLAND)
    region = [n for n in notices(engine) if n.recipient == "1081/council"]
    countdown = [(morning_of(n), n.rung) for n in region if n.letter == "submission-countdown"]
    assert countdown == [
        (date(2022, 12, 30), "-180d"),  # 1 January 2023 was a Sunday, and 31 December a closed Saturday
        (date(2023, 3, 2), "-120d"),
        (date(2023, 3, 31), "-90d"),  # 1 April was a Saturday
        (date(2023, 5, 1), "-60d"),
        (date(2023, 5, 31), "-30d"),
        (date(2023, 6, 16), "-14d"),
        (date(2023, 6, 23), "-7d"),
        (date(2023, 6, 27), "-3d"),
        (date(2023, 6, 30), "-180d"),  # 2 July was a Sunday
        (date(2023, 8, 31), "-120d"),
        (date(2023, 9, 29), "-90d"),  # 30 September was a Saturday
        (date(2023, 10, 30), "-60d"),
        (date(2023, 11, 29), "-30d"),
    ]
    moved = [n for n in notices(engine) if n.letter == "deadline-moved"]
    assert {morning_of(n) for n in moved} == {date(2023, 6, 28)}
    assert len(moved) == 12 + 2  # every council of the region, both halves of the secretariat
    assert not [n for n in notices(engine) if n.letter == "submission-overdue"]
    engine.dispose()


def test_the_rules_of_2018_wrote_to_the_region_alone(sqlite_url: str) -> None:
    """Under BEK 679/2018 the secretariat was the region's own."""
    engine = connect(sqlite_url)
    live(engine, SYDDANMARK)
    secretariats = {n.recipient for n in notices(engine) if "secretariat" in n.recipient}
    assert secretariats == {"syddanmark/secretariat-region"}
    finals = [n for n in notices(engine) if n.letter == "final-due" and n.rung.startswith("+")]
    # 31 December 2022 by the old end (VEJ 9504/2018, half a year before 1 July 2023) passed untold to the authority
    # and by the later reading the day itself, moved from Sunday 1 January to Monday 2 January, was still in time
    assert morning_of(finals[0]) == date(2023, 1, 3)
    assert max(morning_of(n) for n in finals) < date(2023, 6, 28)  # until the period was prolonged
    engine.dispose()


@pytest.mark.fault("F54")
@pytest.mark.parametrize(
    ("story", "seed"),
    [
        (NORDJYLLAND, 1),
        (NORDJYLLAND, 2),
        (NORDJYLLAND, 3),
        (NORDJYLLAND, 4),
        (SYDDANMARK, 1),
        (SYDDANMARK, 2),
    ],
    ids=lambda value: value.entry.region if isinstance(value, Story) else f"seed {value}",
)
def test_a_daemon_that_sleeps_loses_nothing_and_says_that_it_is_late(
    sqlite_url: str, story: Story, seed: int
) -> None:
    """Days of sleep of 1, 10 or 60 days at random. After each waking: everything owed that morning has been told."""
    engine = connect(sqlite_url)
    asleep = _nights(story, random.Random(f"{story.key} {seed}"))
    story.open(engine)
    events: set[int] = set()
    told = {event for letter in rules().letters if letter.name != "deadline-moved" for event in letter.event}
    orders = (one for one in rules().law.regimes if story.entry.term in one.terms)
    if not any(one.cite("share") for one in orders):  # their order asks nobody to share a report
        told -= {"midterm-sent", "final-sent"}
    for today in story.mornings():
        happened = story.happen(engine, today)
        events |= {fact.no for fact in happened if fact.event in told}
        if today in asleep:
            continue
        if plan(engine, rules(), danish(today, 8)).planned:
            post(engine)
        assert owed_keys(engine, story, today) <= told_keys(engine), f"{today}: owed and not told"
    found = notices(engine)
    for notice in found:
        days = (morning_of(notice) - notice.due_on).days
        news = notice.rung.startswith("fact")  # news may come a fortnight after it happened
        assert notice.late == (days > (14 if news else 0) and notice.rung[0] in "+-f"), notice.key
    assert {int(n.rung.removeprefix("fact")) for n in found if n.rung.startswith("fact")} == events
    if any(fact.event == "deviation" for fact in story.facts()):
        assert len([n for n in found if n.letter == "deadline-moved" and n.rung == "moved"]) == 14
    assert any(notice.late for notice in found)  # sixty days are long enough to miss something
    engine.dispose()


def _nights(story: Story, dice: random.Random) -> frozenset[date]:
    """Sleeps of 1, 10 and 60 days, about a third of the time."""
    asleep: set[date] = set()
    day = story.first
    while day < story.last:
        day += timedelta(days=dice.randint(1, 90))
        length = dice.choice((1, 10, 60))
        asleep |= {day + timedelta(days=n) for n in range(length)}
        day += timedelta(days=length + 1)
    asleep.discard(story.last)
    return frozenset(asleep)


def test_each_letter_of_the_round_arrives_once_in_a_real_mailbox(sqlite_url: str, tmp_path: Path) -> None:
    engine = connect(sqlite_url)
    import_contacts(engine, rules(), demo_contacts(rules()))
    asyncio.run(_live_with_mail(engine, tmp_path / "inbox"))
    told = notices(engine)
    assert {notice.state for notice in told} <= {"accepted", "superseded"}
    arrived = [
        message_from_bytes(path.read_bytes(), policy=policy.default)
        for path in (tmp_path / "inbox").glob("*.eml")
    ]
    handed = [notice for notice in told if notice.state == "accepted" and not notice.carried_by]
    sent = Counter(notice.message_id for notice in handed)
    assert Counter(str(letter["Message-ID"]) for letter in arrived) == sent
    assert set(sent.values()) == {1}
    for notice in told:
        if notice.accepted_at and (notice.statutory or not rules().days.why_closed(morning_of(notice))):
            assert notice.accepted_at.astimezone(COPENHAGEN).date() == morning_of(notice), notice.key
    engine.dispose()


async def _live_with_mail(engine: Engine, folder: Path) -> None:
    letters = Letters(ROOT / "templates" / "emails", "test", "Aftalefrist <frist@aftalefrist.example>")
    now = [datetime(2022, 1, 1, tzinfo=UTC)]
    async with LocalInbox(folder, 0, lambda: now[0]) as inbox:
        wire = Wire(SmtpTarget("127.0.0.1", inbox.port))
        NORDJYLLAND.open(engine)
        for today in NORDJYLLAND.mornings():
            NORDJYLLAND.happen(engine, today)
            now[0] = danish(today, 8)
            if plan(engine, rules(), now[0]).planned or count_waiting(engine, now[0]):
                await deliver(
                    engine,
                    letters,
                    wire,
                    lambda: now[0],
                    "test",
                    instance="test",
                    stop=lambda: False,
                    limit=1000,
                    per_minute=0,
                )
