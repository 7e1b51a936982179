"""The guarded updates, on both databases: one claim wins, the fence holds, nothing in doubt goes unsaid."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, update
from sqlalchemy.exc import IntegrityError

from tests.post import AT, LEASE, add_contact, attempts, notice, open_alarms, ready
from workflow.errors import Conflict, NotPossible
from workflow.mail.answers import KINDS
from workflow.services.keeping.proved import prove_all
from workflow.services.keeping.sealing import seal_new
from workflow.storage.database import connect, reading, writing
from workflow.storage.letters import attempts as pace
from workflow.storage.letters import outbox
from workflow.storage.letters.alarms import clear_alarms, raise_alarm
from workflow.storage.people.contacts import live_contact, refuse_address
from workflow.storage.tables import NOTICE_STATES, Notice

MINUTE = timedelta(minutes=1)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = connect(database_url)
    yield engine
    engine.dispose()


def claim(engine: Engine, at: Any = AT, owner: str = "a") -> outbox.Claim:
    with writing(engine) as session:
        found = outbox.claim(session, at, owner, LEASE)
    assert found is not None
    return found


def intend(engine: Engine, claimed: outbox.Claim, at: Any = AT) -> None:
    with writing(engine) as session:
        outbox.intent(session, claimed, at, LEASE)


def answer(engine: Engine, claimed: outbox.Claim, kind: str, at: Any = AT, code: int = 250) -> bool:
    with writing(engine) as session:
        return outbox.outcome(session, claimed, kind, code, "said", "DOT", at, at + MINUTE)


def test_a_claim_raises_the_fence_and_writes_the_attempt(engine: Engine) -> None:
    [one] = ready(engine)
    claimed = claim(engine)
    row = notice(engine, one)
    assert (claimed.id, claimed.fence, claimed.attempts) == (one, 1, 1)
    assert (row.state, row.owner, row.lease_until) == ("claimed", "a", AT + LEASE)
    [attempt] = attempts(engine, one)
    assert (attempt.fence, attempt.address, attempt.started_at) == (1, "raad@kommune.example", AT)


def test_the_longest_due_goes_first_and_nothing_before_its_hour(engine: Engine) -> None:
    ready(engine, first=1, due_at=AT + MINUTE)
    [second] = ready(engine, first=2, due_at=AT - MINUTE)
    with writing(engine) as session:
        claimed = outbox.claim(session, AT, "a", LEASE)
        assert claimed and claimed.id == second
        assert outbox.claim(session, AT, "a", LEASE) is None


@pytest.mark.parametrize("state", [state for state in NOTICE_STATES if state != "ready"])
def test_only_what_is_ready_can_be_claimed(engine: Engine, state: str) -> None:
    ready(engine, state=state)
    with writing(engine) as session:
        assert outbox.claim(session, AT, "a", LEASE) is None


def test_the_way_to_accepted_is_written_step_by_step(engine: Engine) -> None:
    [one] = ready(engine)
    claimed = claim(engine)
    intend(engine, claimed, AT + MINUTE)
    assert notice(engine, one).state == "intent"
    assert answer(engine, claimed, "accepted", AT + 2 * MINUTE)
    row, [attempt] = notice(engine, one), attempts(engine, one)
    assert (row.state, row.accepted_at, row.answer, row.uncertain) == (
        "accepted",
        AT + 2 * MINUTE,
        "250 said",
        False,
    )
    assert (attempt.intent_at, attempt.ended_at) == (AT + MINUTE, AT + 2 * MINUTE)
    assert (attempt.outcome, attempt.code, attempt.verb) == ("accepted", 250, "DOT")


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind not in ("accepted", "address_refused")])
def test_what_was_not_accepted_is_tried_again_with_the_same_bytes(engine: Engine, kind: str) -> None:
    [one] = ready(engine)
    body = notice(engine, one).body
    assert answer(engine, claim(engine), kind)
    row = notice(engine, one)
    assert (row.state, row.next_at, row.body, row.outcome) == ("ready", AT + MINUTE, body, kind)
    assert row.uncertain is (kind == "uncertain")


def test_a_refused_address_leaves_the_notice_owed_and_without_bytes(engine: Engine) -> None:
    [one] = ready(engine)
    assert answer(engine, claim(engine), "address_refused", code=550)
    assert (notice(engine, one).state, notice(engine, one).body) == ("refused", None)
    with reading(engine) as session:
        [owed] = outbox.reminders(session, AT)
    assert (owed.id, owed.turned_away) == (one, 1)


def test_a_rendering_is_stored_once_and_never_over_another(engine: Engine) -> None:
    [one] = ready(engine, state="planned", body=None)
    made = {"address": "a@x.example", "message_id": "<1@x>", "subject": "s", "digest": "d", "template": "t"}
    with writing(engine) as session:
        assert outbox.store_rendering(session, one, body=b"first", **made)
        assert not outbox.store_rendering(session, one, body=b"second", **made)
    assert notice(engine, one).body == b"first"


def test_the_fence_keeps_out_a_worker_that_was_overtaken(engine: Engine) -> None:
    [one] = ready(engine)
    slow = claim(engine, owner="slow")
    with writing(engine) as session:
        assert outbox.release_expired(session, AT + LEASE) == []
    quick = claim(engine, AT + LEASE, owner="quick")
    with pytest.raises(Conflict, match="nothing was sent"):
        intend(engine, slow, AT + LEASE)
    for kind in KINDS:
        assert not answer(engine, slow, kind, AT + LEASE)
    with writing(engine) as session:
        assert not outbox.give_back(session, slow, AT + LEASE)
    row = notice(engine, one)
    assert (row.state, row.owner, row.fence) == ("claimed", "quick", 2)
    intend(engine, quick, AT + LEASE)
    assert answer(engine, quick, "accepted", AT + LEASE)


def test_a_lease_that_ends_before_the_intent_leaves_no_doubt(engine: Engine) -> None:
    [one] = ready(engine)
    claim(engine)
    with writing(engine) as session:
        assert outbox.release_expired(session, AT + LEASE - MINUTE) == []
    assert notice(engine, one).state == "claimed"
    with writing(engine) as session:
        assert outbox.release_expired(session, AT + LEASE) == []
    row, [attempt] = notice(engine, one), attempts(engine, one)
    assert (row.state, row.uncertain, attempt.outcome) == ("ready", False, "abandoned")


def test_a_lease_that_ends_after_the_intent_is_flagged_and_the_resend_counted(engine: Engine) -> None:
    [one] = ready(engine)
    intend(engine, claim(engine))
    later = AT + LEASE
    with writing(engine) as session:
        assert outbox.release_expired(session, later) == [one]
    assert (notice(engine, one).state, notice(engine, one).uncertain, notice(engine, one).copies) == (
        "ready",
        True,
        0,
    )
    again = claim(engine, later)
    assert notice(engine, one).copies == 0, "no copy until DATA is about to be said"
    intend(engine, again, later)
    assert answer(engine, again, "accepted", later)
    row = notice(engine, one)
    assert (row.state, row.uncertain, row.copies) == ("accepted", True, 1)
    assert outbox.word(row.state, row.outcome, row.uncertain) == "overgivet til mailserver (usikker)"


def test_a_late_yes_counts_while_nobody_has_claimed_again(engine: Engine) -> None:
    [one] = ready(engine)
    paused = claim(engine)
    intend(engine, paused)
    with writing(engine) as session:
        outbox.release_expired(session, AT + LEASE)
    assert answer(engine, paused, "accepted", AT + LEASE + MINUTE)
    row = notice(engine, one)
    assert (row.state, row.uncertain, row.copies) == ("accepted", False, 0)


def test_a_late_yes_seals_no_letter_that_another_worker_has_in_hand(engine: Engine) -> None:
    [one] = ready(engine)
    paused = claim(engine)
    intend(engine, paused)
    with writing(engine) as session:
        outbox.release_expired(session, AT + LEASE)
    again = claim(engine, AT + LEASE, "b")
    intend(engine, again, AT + LEASE)
    assert not answer(engine, paused, "accepted", AT + LEASE + MINUTE)
    assert answer(engine, again, "accepted", AT + LEASE + MINUTE)
    seal_new(engine, AT + 2 * LEASE)
    proved = prove_all(engine)
    assert (proved.sealed["letter"], proved.broken) == (1, []), notice(engine, one)


def test_a_late_no_does_not_clear_the_doubt(engine: Engine) -> None:
    [one] = ready(engine)
    paused = claim(engine)
    intend(engine, paused)
    with writing(engine) as session:
        outbox.release_expired(session, AT + LEASE)
    assert not answer(engine, paused, "deferred", AT + LEASE + MINUTE)
    assert notice(engine, one).uncertain


def test_what_is_given_back_is_ready_at_once(engine: Engine) -> None:
    [one] = ready(engine)
    with writing(engine) as session:
        claimed = outbox.claim(session, AT, "a", LEASE)
        assert claimed is not None
        assert outbox.give_back(session, claimed, AT)
        again = outbox.claim(session, AT, "b", LEASE)
        assert again and again.id == one


def test_a_person_confirms_only_what_was_handed_over(engine: Engine) -> None:
    [one] = ready(engine)
    with pytest.raises(NotPossible), writing(engine) as session:
        outbox.confirm(session, one, "Anna", AT)
    intended = claim(engine)
    answer(engine, intended, "accepted")
    with writing(engine) as session:
        outbox.confirm(session, one, "Anna", AT)
    assert notice(engine, one).state == "confirmed"


def test_an_alarm_is_raised_once_until_it_is_cleared(engine: Engine) -> None:
    with writing(engine) as session:
        assert raise_alarm(session, "notice:1:a", "alarm", "x", AT)
        assert not raise_alarm(session, "notice:1:a", "alarm", "x", AT)
        assert raise_alarm(session, "notice:10:a", "alarm", "x", AT)
        clear_alarms(session, "notice:1:", AT)
    assert open_alarms(engine) == {"notice:10:a": "alarm"}
    with writing(engine) as session:
        assert raise_alarm(session, "notice:1:a", "alarm", "x", AT)


def test_contacts_are_chosen_by_function_priority_and_day(engine: Engine) -> None:
    day = date(2027, 3, 1)
    with writing(engine) as session:
        add_contact(session, "0851", "sekr@x.example", function="secretariat-municipal")
        add_contact(session, "0851", "second@x.example", priority=2)
        add_contact(session, "0851", "old@x.example", valid_to=date(2027, 2, 28))
        add_contact(session, "0851", "first@x.example", valid_from=day, valid_to=day)
        add_contact(session, "0852", "other@x.example")
        seen = []
        while found := live_contact(session, "0851", "council", day):
            seen.append(found[1])
            refuse_address(session, found[1], AT)
        assert seen == ["first@x.example", "second@x.example", "sekr@x.example"]
        assert live_contact(session, "0852", "council", day) == ("Kommune 0852", "other@x.example")


def test_the_minute_is_full_after_as_many_tries_as_are_allowed(engine: Engine) -> None:
    ready(engine, 3)
    for _ in range(2):
        claim(engine)
    with reading(engine) as session:
        assert pace.full_minute(session, AT + timedelta(seconds=59), 2)
        assert not pace.full_minute(session, AT + timedelta(seconds=59), 3)
        assert not pace.full_minute(session, AT + timedelta(seconds=60), 2)


def test_the_words_for_people_are_the_agreed_ones() -> None:
    agreed = {
        "planlagt", "klar", "under afsendelse", "overgivet til mailserver", "forsinket", "returneret", "afvist",
        "usikker", "bekræftet modtaget", "erstattet", "annulleret", "tilbageholdt", "samlet i dagens mail",
        "venter på dit svar", "sendt i hånden",
    }  # fmt: skip
    said = {outbox.word(state, outcome) for state in NOTICE_STATES for outcome in ("", *KINDS)}
    assert said == agreed


def test_a_due_query_uses_the_index_however_many_are_stored(sqlite_url: str) -> None:
    engine = connect(sqlite_url)
    with engine.connect() as connection:
        plan = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN SELECT id FROM notice WHERE state='ready' AND next_at<='x' ORDER BY next_at, id LIMIT 1"
        ).all()
    engine.dispose()
    assert "ix_notice_due" in str(plan)
    assert "TEMP B-TREE" not in str(plan)


def test_a_notice_in_an_unknown_state_cannot_be_stored(engine: Engine) -> None:
    [one] = ready(engine)
    with pytest.raises(IntegrityError), writing(engine) as session:
        session.execute(update(Notice).where(Notice.id == one).values(state="delivered"))  # type: ignore[arg-type]
