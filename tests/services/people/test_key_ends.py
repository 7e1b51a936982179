"""Keys of programs end, are told of before, and are renewed; those of before the upgrade get a year."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, text

from tests.conftest import ROOT, Aftale
from tests.post import AT
from workflow.errors import Invalid, NotFound
from workflow.rules.days import danish_day
from workflow.services.people.programs import add_token, renew_token, revoke_token, watch_tokens
from workflow.services.people.signin import which
from workflow.services.views.calendars.feeds import add_feed, renew_feed
from workflow.services.watch.heartbeat import open_alarms
from workflow.storage.database import open_database, reading
from workflow.storage.facts.acts import acts_of
from workflow.storage.law.rulebook import load
from workflow.storage.migrations import configured

TODAY = danish_day(AT)


@pytest.fixture(params=["sqlite", "postgres"])
def empty_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A database with nothing in it."""
    if request.param == "sqlite":
        (tmp_path / "old.db").touch()
        return f"sqlite:///{tmp_path / 'old.db'}"
    url: str = request.getfixturevalue("empty_postgres_url")
    return url


def alarms(engine: Engine) -> list[str]:
    return [one.text for one in open_alarms(engine) if one.key == "tokens"]


def test_a_key_that_ends_is_told_of_thirty_days_before_and_renewed_by_one_command(engine: Engine) -> None:
    rulebook = load(ROOT / "calendars")
    secret = add_token(engine, rulebook, "BI", "", TODAY + timedelta(days=31), AT)
    assert watch_tokens(engine, AT) == [] and alarms(engine) == []
    soon = AT + timedelta(days=1)
    for _ in range(2):
        assert watch_tokens(engine, soon) == ["BI"]
    (said,) = alarms(engine)
    assert "BI (" in said and "aftale token renew" in said
    over = AT + timedelta(days=32)
    assert which(engine, secret, over) is None and watch_tokens(engine, over) == ["BI"]
    assert renew_token(engine, "BI", TODAY + timedelta(days=397), over, "Anne") == TODAY + timedelta(days=397)
    assert which(engine, secret, over) is not None, "the same key"
    assert watch_tokens(engine, over) == [] and alarms(engine) == []
    assert renew_token(engine, "BI", TODAY + timedelta(days=40), over) == TODAY + timedelta(days=397), (
        "never sooner"
    )
    with reading(engine) as session:
        assert [act.what for act in acts_of(session, "token")] == ["renewed", "added"]
    revoke_token(engine, "BI", over)
    with pytest.raises(Invalid, match="was revoked"):
        renew_token(engine, "BI", TODAY + timedelta(days=900), over)
    with pytest.raises(NotFound):
        renew_token(engine, "nobody", TODAY, over)


def test_a_last_day_that_is_over_is_refused_before_a_key_or_an_address_is_shown(engine: Engine) -> None:
    rulebook, gone = load(ROOT / "calendars"), TODAY - timedelta(days=1)
    with pytest.raises(Invalid, match="er forbi"):
        add_token(engine, rulebook, "BI", "", gone, AT)
    with pytest.raises(Invalid, match="er forbi"):
        add_feed(engine, rulebook, region="", body="", name="", by="Anne", at=AT, valid_to=gone)
    add_token(engine, rulebook, "BI", "", TODAY, AT)
    feed, _ = add_feed(engine, rulebook, region="", body="", name="", by="Anne", at=AT, valid_to=TODAY)
    with pytest.raises(Invalid, match="er forbi"):
        renew_token(engine, "BI", gone, AT)
    with pytest.raises(Invalid, match="er forbi"):
        renew_feed(engine, feed["id"], gone, AT)


def test_without_a_day_a_key_and_a_calendar_get_one_and_are_renewed_on_the_command_line(
    aftale: Aftale,
) -> None:
    aftale("init", code=0)
    assert "den gælder til og med 20" in aftale("token", "add", "BI", code=0).err
    (one,) = aftale("token", "list", "--json", code=0).json()
    assert one["valid_to"]
    assert (
        "gælder til og med 2099-01-31" in aftale("token", "renew", "BI", "--until", "2099-01-31", code=0).err
    )
    made = aftale("feed", "add", "--json", code=0).json()
    assert made["valid_to"] == one["valid_to"]
    said = aftale("feed", "renew", str(made["id"]), "--until", "2099-01-31", code=0).err
    assert "gælder til og med 2099-01-31" in said
    assert "2099-01-31" in aftale("feed", "list", code=0).out


def test_what_had_no_end_before_the_upgrade_gets_a_year_and_what_was_ended_stays_so(empty_url: str) -> None:
    old = open_database(empty_url)
    with old.begin() as connection:
        command.upgrade(configured(connection), "0035")
        for number, revoked in ((1, "NULL"), (2, ":at")):
            connection.execute(
                text(
                    f"INSERT INTO feed (id, digest, name, region, body, made_by, made_at, revoked_at)"
                    f" VALUES ({number}, 'd{number}', 'x', '', '', 'x', :at, {revoked})"
                ),
                {"at": AT},
            )
            connection.execute(
                text(
                    f"INSERT INTO token (id, name, region, digest, added_at, revoked_at)"
                    f" VALUES ({number}, 'n{number}', '', 'd{number}', :at, {revoked})"
                ),
                {"at": AT},
            )
        command.upgrade(configured(connection), "head")
        for table in ("feed", "token"):
            ends = connection.execute(text(f"SELECT valid_to FROM {table} ORDER BY id")).scalars().all()
            assert ends[0] and ends[1] is None
    old.dispose()
