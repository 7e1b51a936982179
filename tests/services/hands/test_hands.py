"""A person's hand on letters to come and on letters sent: each act holds against every later pass."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from sqlmodel import col

from tests.services.lived import EVENING, KEY, hand_over, live, rules
from tests.smtp_server import ScriptedServer
from workflow.errors import Invalid, NotFound, NotPossible
from workflow.rules.days import danish_day
from workflow.services.delivery import handling
from workflow.services.due.handled import handled
from workflow.services.hands import noting, steering
from workflow.services.hands.resending import resend
from workflow.services.hands.upcoming import Upcoming, upcoming
from workflow.services.keeping.verifying import verify
from workflow.services.planning.reminders import plan
from workflow.services.watch import receipts
from workflow.services.watch.reckoning import reckon
from workflow.storage import meta
from workflow.storage.database import connect, reading, writing
from workflow.storage.facts import journal
from workflow.storage.tables import Notice

TODAY = danish_day(EVENING)
MORNING = datetime(2023, 5, 31, 7, tzinfo=UTC)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory, sqlite_template: Path) -> Path:
    path = tmp_path_factory.mktemp("hands") / "aftale.db"
    shutil.copy(sqlite_template, path)
    live(f"sqlite:///{path}")
    return path


@pytest.fixture
def engine(template: Path, tmp_path: Path) -> Iterator[Engine]:
    shutil.copy(template, tmp_path / "aftale.db")
    engine = connect(f"sqlite:///{tmp_path / 'aftale.db'}")
    yield engine
    engine.dispose()


def live_on(engine: Engine, server: ScriptedServer, first: date, last: date) -> None:
    """Every morning at nine in Denmark: plan and hand over."""
    for day in range((last - first).days + 1):
        at = datetime(first.year, first.month, first.day, 7, tzinfo=UTC) + timedelta(days=day)
        plan(engine, rules(), at)
        hand_over(engine, server, at)


def findings(engine: Engine, at: datetime) -> list[str]:
    with writing(engine) as session:
        meta.put(session, "last_tick", at.isoformat())
    return [one.said for one in reckon(engine, rules(), at)]


def of_key(engine: Engine, key: str) -> Notice | None:
    with reading(engine) as session:
        return session.scalars(select(Notice).where(col(Notice.key) == key)).first()


def to_come(engine: Engine, days: int = 28) -> list[Upcoming]:
    return upcoming(engine, rules(), TODAY, days=days)[0]


def kept_of(engine: Engine, key: str) -> Notice:
    found = of_key(engine, key)
    assert found is not None
    return found


def reminders(engine: Engine) -> list[Upcoming]:
    return [one for one in to_come(engine) if not one.owed.letter.statutory]


def acts(engine: Engine) -> list[tuple[str, str]]:
    with reading(engine) as session:
        row = journal.find(session, KEY)
        return [(one.act, one.by) for one in handled(journal.facts(session, row))]


def test_what_is_foretold_is_what_the_planner_writes_each_on_its_day(engine: Engine) -> None:
    foretold = {one.owed.key: one.on for one in to_come(engine, 60)}
    assert len(foretold) > 20
    told: dict[str, date] = {}
    for day in range(1, 61):
        at = MORNING + timedelta(days=day)
        before = {one.key for one in plan(engine, rules(), at).planned}
        told |= dict.fromkeys(before, danish_day(at))
    assert set(told) == set(foretold)
    with reading(engine) as session:
        goes = {n.key: danish_day(n.next_at) for n in session.scalars(select(Notice)) if n.key in told}
    assert goes == foretold


def test_a_skipped_letter_never_comes_and_the_reckoner_knows_why(engine: Engine) -> None:
    one = reminders(engine)[0]
    assert steering.skip(engine, rules(), one.owed.key, "de har ringet", "Kirsten", EVENING) == one.owed.key
    steering.skip(engine, rules(), one.owed.key, "igen", "Kirsten", EVENING)  # the button pressed twice
    assert acts(engine) == [("skip", "Kirsten")]
    [still] = [other for other in to_come(engine) if other.owed.key == one.owed.key]
    assert still.skipped and still.act is not None and still.act.why == "de har ringet"
    with ScriptedServer() as server:
        live_on(engine, server, TODAY + timedelta(days=1), one.on + timedelta(days=3))
    kept = kept_of(engine, one.owed.key)
    assert kept.state == "cancelled" and kept.accepted_at is None
    assert kept.why == "sprunget over: de har ringet (Kirsten)"
    at = datetime(one.on.year, one.on.month, one.on.day, 17, tzinfo=UTC) + timedelta(days=3)
    assert findings(engine, at) == []
    assert verify(engine, KEY, ())[1] == []
    with writing(engine) as session:  # somebody sends it all the same
        session.get_one(Notice, kept.id).state = "accepted"
        session.get_one(Notice, kept.id).accepted_at = at
    assert any("Sprunget over (de har ringet), men overgivet" in said for said in findings(engine, at))


def test_a_letter_that_must_wait_goes_on_its_day_and_not_before(engine: Engine) -> None:
    one = reminders(engine)[0]
    until = one.on + timedelta(days=9)
    steering.wait(engine, rules(), one.owed.key, until, "Kirsten", EVENING)
    steering.wait(engine, rules(), one.owed.key, until, "Kirsten", EVENING)
    assert acts(engine) == [("wait", "Kirsten")]
    [goes] = [other.on for other in to_come(engine) if other.owed.key == one.owed.key]
    assert until <= goes <= until + timedelta(days=3)
    with ScriptedServer() as server:
        live_on(engine, server, TODAY + timedelta(days=1), goes - timedelta(days=1))
        waiting = kept_of(engine, one.owed.key)
        assert waiting.state == "planned" and waiting.why.startswith("venter til ")
        at = datetime(goes.year, goes.month, goes.day, 5, tzinfo=UTC)
        assert findings(engine, at) == []
        live_on(engine, server, goes, goes + timedelta(days=1))
    sent = kept_of(engine, one.owed.key)
    assert sent.accepted_at is not None and danish_day(sent.accepted_at) >= until
    assert findings(engine, at + timedelta(days=1, hours=12)) == []


def test_a_letter_sent_now_goes_alone_at_once_and_only_once(engine: Engine) -> None:
    one = reminders(engine)[0]
    now = MORNING + timedelta(days=1)
    assert one.owed.due_on > danish_day(now)
    for _ in range(2):
        steering.send_now(engine, rules(), one.owed.key, "Kirsten", now)
    assert acts(engine) == [("now", "Kirsten")]
    with ScriptedServer() as server:
        hand_over(engine, server, now)
        sent = kept_of(engine, one.owed.key)
        assert sent.accepted_at == now and sent.state == "accepted"
        live_on(engine, server, danish_day(now), one.on + timedelta(days=2))
        told = [n for n in _notices(engine) if n.key == one.owed.key or n.key.startswith(f"{one.owed.key}~")]
        assert len(told) == 1
    at = datetime(one.on.year, one.on.month, one.on.day, 17, tzinfo=UTC) + timedelta(days=2)
    assert findings(engine, at) == []


def _notices(engine: Engine) -> list[Notice]:
    with reading(engine) as session:
        return list(session.scalars(select(Notice)).all())


def test_a_letter_skipped_by_mistake_goes_after_all_before_its_day_and_after(engine: Engine) -> None:
    first, second = reminders(engine)[:2]
    for one in (first, second):
        steering.skip(engine, rules(), one.owed.key, "fejl", "Kirsten", EVENING)
    steering.revive(engine, rules(), first.owed.key, "Kirsten", EVENING)
    assert [one.act for one in to_come(engine) if one.owed.key == first.owed.key] == [None]
    with ScriptedServer() as server:
        live_on(engine, server, TODAY + timedelta(days=1), first.on)
        assert kept_of(engine, first.owed.key).state in ("accepted", "carried")
        late = datetime(first.on.year, first.on.month, first.on.day, 8, tzinfo=UTC)
        skipped = kept_of(engine, second.owed.key)
        assert skipped.state == "cancelled"
        steering.revive(engine, rules(), str(skipped.id), "Kirsten", late)
        live_on(engine, server, first.on + timedelta(days=1), first.on + timedelta(days=4))
    kept = kept_of(engine, second.owed.key)
    assert (kept.state, kept.why) == ("accepted", "")


def test_letters_of_law_are_neither_skipped_nor_made_to_wait(engine: Engine) -> None:
    law = next(n for n in _notices(engine) if n.statutory)
    for reference in (str(law.id), law.key):
        with pytest.raises(NotPossible, match="lovpligtigt"):
            steering.skip(engine, rules(), reference, "x", "Kirsten", EVENING)
        with pytest.raises(NotPossible, match="lovpligtigt"):
            steering.wait(engine, rules(), reference, TODAY + timedelta(days=3), "Kirsten", EVENING)


def test_what_nobody_owes_a_day_gone_by_or_no_reason_is_refused_and_nothing_is_written(
    engine: Engine,
) -> None:
    key = reminders(engine)[0].owed.key
    with pytest.raises(Invalid, match="hvorfor"):
        steering.skip(engine, rules(), key, "  ", "Kirsten", EVENING)
    for until in (TODAY, TODAY - timedelta(days=1), TODAY + timedelta(days=400)):
        with pytest.raises(Invalid, match="vælg en dag"):
            steering.wait(engine, rules(), key, until, "Kirsten", EVENING)
    with pytest.raises(Invalid, match="går først"):
        steering.wait(engine, rules(), key, TODAY + timedelta(days=1), "Kirsten", EVENING)
    for gone in (key.replace("|-", "|-9"), f"{KEY}||||||", "99999", "x"):
        with pytest.raises(NotFound):
            steering.skip(engine, rules(), gone, "x", "Kirsten", EVENING)
    assert acts(engine) == []


def test_a_letter_sent_again_is_a_copy_that_says_so_once_however_often_it_is_asked_for(
    engine: Engine,
) -> None:
    first = next(n for n in _notices(engine) if n.state == "accepted" and n.statutory)
    now = MORNING + timedelta(hours=3)
    made = [
        resend(engine, rules(), str(first.id), "de fandt den ikke", "Kirsten", now, nth=1) for _ in range(3)
    ]
    assert len(set(made)) == 1
    with ScriptedServer() as server:
        hand_over(engine, server, now)
        hand_over(engine, server, now + timedelta(minutes=1))
        assert len(server.letters) == 1
    copy = next(n for n in _notices(engine) if n.id == made[0])
    assert copy.state == "accepted" and copy.body is not None and copy.message_id != first.message_id
    mail = message_from_bytes(copy.body, policy=policy.default)
    assert mail["Subject"].startswith("Kopi: ")
    for kind in ("plain", "html"):
        part = mail.get_body((kind,))
        assert part is not None and "kopi af den mail, vi sendte" in " ".join(part.get_content().split())
    second = resend(engine, rules(), str(copy.id), "igen", "Kirsten", now + timedelta(hours=1))
    assert any(n.id == second and "~kopi2|" in n.key for n in _notices(engine))
    with pytest.raises(Invalid, match="kopier"):
        resend(engine, rules(), str(first.id), "x", "Kirsten", now, nth=9)
    assert [act for act, _ in acts(engine)] == ["resend", "resend"]
    with ScriptedServer() as server:
        hand_over(engine, server, now + timedelta(hours=1))
    assert findings(engine, EVENING) == []


def test_only_what_was_sent_and_is_still_true_is_sent_again(engine: Engine) -> None:
    one = reminders(engine)[0]
    now = MORNING + timedelta(days=1)
    steering.send_now(engine, rules(), one.owed.key, "Kirsten", now)
    with pytest.raises(NotPossible, match="kun et brev, der er sendt"):
        resend(engine, rules(), one.owed.key, "x", "Kirsten", now)
    with pytest.raises(Invalid, match="hvorfor"):
        resend(engine, rules(), one.owed.key, " ", "Kirsten", now)


def test_hold_release_cancel_confirm_and_a_call_are_in_the_journal_with_who_and_stay_with_the_letter(
    engine: Engine,
) -> None:
    one = reminders(engine)[0]
    now = MORNING + timedelta(days=1)
    steering.send_now(engine, rules(), one.owed.key, "Kirsten", now)
    number = str(kept_of(engine, one.owed.key).id)
    handling.hold(engine, [number], "vent", "Kirsten", now)
    handling.release(engine, [number], now, "Bo")
    handling.cancel(engine, [number], "sendt med post", "Kirsten", now)
    sent = next(n for n in _notices(engine) if n.state == "accepted")
    receipts.confirm(engine, [str(sent.id)], "svar pr. telefon", "Kirsten", now)
    for _ in range(2):
        noting.note(engine, rules(), str(sent.id), "ringet 3/12, byrådet 16/12", "Kirsten", now)
    assert acts(engine) == [
        ("now", "Kirsten"), ("hold", "Kirsten"), ("release", "Bo"), ("cancel", "Kirsten"), ("confirm", "Kirsten"),
    ]  # fmt: skip
    assert [one.act for one in noting.acts_on(engine, sent)] == ["confirm"]
    assert noting.acts_on(engine, sent)[0].spoken == "bekræftet modtaget: svar pr. telefon (Kirsten)"
    assert [(one.text, one.by) for one in noting.notes_on(engine, sent)] == [
        ("ringet 3/12, byrådet 16/12", "Kirsten")
    ]
    assert noting.notes_on(engine, next(n for n in _notices(engine) if n.id != sent.id)) == []
    for wrong in ("", "   ", "x" * 100_000):
        with pytest.raises(Invalid):
            noting.note(engine, rules(), str(sent.id), wrong, "Kirsten", now)


def test_a_waiting_letter_held_and_let_go_waits_still(engine: Engine) -> None:
    one = reminders(engine)[0]
    until = one.on + timedelta(days=9)
    steering.wait(engine, rules(), one.owed.key, until, "Kirsten", EVENING)
    at = datetime(one.on.year, one.on.month, one.on.day, 8, tzinfo=UTC)
    plan(engine, rules(), at)
    number = str(kept_of(engine, one.owed.key).id)
    handling.hold(engine, [number], "vent", "Kirsten", at)
    handling.release(engine, [number], at, "Kirsten")
    kept = kept_of(engine, one.owed.key)
    assert kept.state == "planned" and danish_day(kept.next_at) >= until
