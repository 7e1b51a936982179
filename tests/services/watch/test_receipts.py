"""A mail server that says yes and loses the letter: silence is listed, a person's word ends it (F28)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from tests.conftest import Aftale
from tests.post import notice, notices
from tests.services.delivery import returning
from tests.services.lived import EVENING, KEY, happen, live
from workflow.errors import Invalid, NotPossible
from workflow.rules.facts import Fact
from workflow.services.watch.heartbeat import beat
from workflow.services.watch.receipts import FORGOTTEN, WITHIN, confirm, silences
from workflow.storage.database import connect
from workflow.storage.tables import Notice

HEARD_OF_NOTHING = (
    datetime(2023, 5, 2, 7, tzinfo=UTC) + WITHIN
)  # a fortnight after the text went to the councils


engine = returning.engine


def to_aalborg(engine: Engine) -> Notice:
    return next(
        n for n in notices(engine) if n.letter == "sent-for-approval" and n.recipient == "0851/council"
    )


def about(engine: Engine, at: datetime = HEARD_OF_NOTHING) -> list[str]:
    """The recipients of whom nothing was heard of the text that was sent for approval."""
    found = {one.notice_id for one in silences(engine, at)}
    return [n.recipient for n in notices(engine) if n.letter == "sent-for-approval" and n.id in found]


@pytest.mark.fault("F28")
def test_a_letter_of_law_that_the_server_took_and_lost_is_listed_after_a_fortnight(engine: Engine) -> None:
    one = to_aalborg(engine)
    assert one.state == "accepted"
    assert about(engine, HEARD_OF_NOTHING - timedelta(minutes=1)) == []
    assert len(about(engine)) == 14
    said = next(silence for silence in silences(engine, HEARD_OF_NOTHING) if silence.notice_id == one.id)
    assert said.agreement == KEY
    assert f"aftale outbox confirm {one.id} --why" in said.said
    assert "tirsdag den 2. maj 2023" in said.said
    assert about(engine, HEARD_OF_NOTHING + FORGOTTEN) == []


@pytest.mark.fault("F28")
def test_a_persons_word_that_it_arrived_ends_the_silence_and_stays_on_the_letter(engine: Engine) -> None:
    one = to_aalborg(engine)
    assert confirm(engine, [one.message_id], "ringet til Aalborg", "anna", EVENING) == 1
    after = notice(engine, one.id or 0)
    assert (after.state, after.why) == ("confirmed", "bekræftet af anna: ringet til Aalborg")
    assert "0851/council" not in about(engine)
    with pytest.raises(NotPossible, match="ikke overgivet"):
        confirm(engine, [one.key], "igen", "anna", EVENING)


@pytest.mark.fault("F28")
def test_who_has_acted_since_has_had_the_letter(engine: Engine) -> None:
    happen(engine, Fact(0, "council-approved", date(2023, 5, 10), council="0851", by="test"))
    assert "0851/council" not in about(engine)
    assert len(about(engine)) == 13  # twelve councils and the two sides of the secretariat


@pytest.mark.parametrize(("references", "why"), [(["1"], " "), ([], "ringet")])
def test_nothing_is_confirmed_without_saying_what_and_how_it_is_known(
    engine: Engine, references: list[str], why: str
) -> None:
    with pytest.raises(Invalid, match="--why"):
        confirm(engine, references, why, "anna", EVENING)


@pytest.mark.fault("F28")
def test_the_reckoner_mentions_the_silent_ones_and_counts_them_only_when_told(
    sqlite_url: str, aftale: Aftale
) -> None:
    live(sqlite_url)
    engine = connect(sqlite_url)
    beat(engine, datetime(2023, 5, 31, 17, tzinfo=UTC))
    engine.dispose()
    plain = ("reckon", "--at", "2023-05-31T19:00", "--db", sqlite_url)
    found = aftale(*plain, "--receipts", "--json", code=1).json()
    receipts = [one for one in found if one["kind"] == "receipt"]
    assert len(receipts) == 14
    kept = aftale(*plain)
    assert "receipt" not in kept.out
    assert "14 lovpligtige breve er ikke bekræftet modtaget: aftale reckon --receipts" in kept.err
    one = receipts[0]["key"]
    done = aftale("outbox", "confirm", one, "--why", "ringet", "--db", sqlite_url, code=0)
    assert done.err == "bekræftet modtaget: 1\n"
    assert len(aftale(*plain, "--receipts", "--json").json()) == len(found) - 1
