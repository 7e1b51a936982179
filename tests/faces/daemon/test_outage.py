"""A database that is away, full, replaced or of another shape: the alarm does not need it, and errors say why."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import create_engine, select, text
from sqlalchemy.exc import DBAPIError
from sqlmodel import col

from tests.conftest import Aftale
from tests.faces.conftest import MORNING, guest, later
from tests.services.watch.test_telling import Web, web
from workflow.faces.cli.exits import MISCONFIGURED, NOT_REACHABLE, exit_code
from workflow.faces.daemon.embedded import Daemon
from workflow.faces.daemon.outage import AGAIN, PATIENCE, Outage
from workflow.faces.daemon.passes import tick
from workflow.faces.daemon.pulse import Pulse
from workflow.faces.daemon.workplace import Workplace, open_workplace
from workflow.faces.web.app import create_app
from workflow.services.delivery.sending import LEASE, nothing
from workflow.services.watch.heartbeat import open_alarms
from workflow.settings import Settings
from workflow.storage.database import reading
from workflow.storage.tables import Alarm
from workflow.storage.troubles import AWAY, BUSY, FULL, READ_ONLY, SHAPE, as_told, said_by, trouble_of


class Time:
    """Seconds that a test lets go by."""

    def __init__(self) -> None:
        self.gone = 0.0

    def __call__(self) -> float:
        return self.gone


@pytest.fixture
def operator() -> Iterator[Web]:
    with web() as server:
        yield server


@pytest.fixture
def place(settings: Settings, operator: Web) -> Iterator[Workplace]:
    with open_workplace(settings.model_copy(update={"alarm_webhook": operator.url})) as place:
        yield place


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def outage(place: Workplace, time: Time) -> Outage:
    return Outage(lambda: place, lambda: later(seconds=time.gone), time)


def file_of(place: Workplace) -> Path:
    return place.settings.data_dir / "aftale.db"


def looks(outage: Outage, time: Time, seconds: float) -> None:
    time.gone += seconds
    asyncio.run(outage.look())


def heard(operator: Web) -> list[str]:
    return [body.decode() for _, body in operator.heard]


@pytest.mark.fault("F82")
def test_a_database_whose_file_is_gone_is_told_from_memory_within_two_minutes_and_told_again_when_it_is_back(
    place: Workplace, outage: Outage, time: Time, operator: Web
) -> None:
    asyncio.run(tick(place, MORNING, clock=lambda: MORNING))
    looks(outage, time, 0)
    assert outage.trouble == "" and not heard(operator)
    away = file_of(place).rename(file_of(place).with_name("away.db"))
    with guest(create_app(lambda: place, lambda: MORNING, None, outage)) as client:
        looks(outage, time, 10)
        said = client.get("/readyz")
        assert said.status_code == 503 and "databasens fil" in said.json()["why"]
        assert "aftale_database_usable 0.0" in client.get("/metrics").text
        assert not heard(operator), "a moment is no outage"
        looks(outage, time, PATIENCE)
        (told,) = heard(operator)
        assert "Databasen har ikke kunnet bruges siden" in told and "databasens fil" in told
        assert time.gone < 120 and outage.told
        looks(outage, time, 3600)
        assert len(heard(operator)) == 1, "once"
        away.rename(file_of(place))
        looks(outage, time, 10)
        assert "Databasen kan bruges igen" in heard(operator)[1] and not outage.trouble
        assert client.get("/readyz").json()["ready"] is True
    assert not [alarm for alarm in open_alarms(place.engine) if alarm.key == "database"]
    with reading(place.engine) as session:
        (trace,) = session.scalars(select(Alarm).where(col(Alarm.key) == "database")).all()
    assert trace.raised_at == later(seconds=10) and trace.cleared_at


@pytest.mark.fault("F82")
@pytest.mark.fault("F83")
def test_another_database_put_in_the_place_of_ours_is_noticed(
    place: Workplace, outage: Outage, time: Time, tmp_path: Path
) -> None:
    copy = tmp_path / "other.db"
    shutil.copy(file_of(place), copy)
    with sqlite3.connect(copy) as other:
        other.execute("UPDATE meta SET value = 'ffffffffffff' WHERE key = 'instance'")
    other.close()
    copy.replace(file_of(place))
    looks(outage, time, 0)
    looks(outage, time, 10)
    assert outage.trouble == "en anden database ligger, hvor vores lå"


@pytest.mark.fault("F82")
@pytest.mark.fault("F88")
def test_no_page_says_that_the_operator_was_told_before_a_channel_took_it(
    place: Workplace, outage: Outage, time: Time, operator: Web
) -> None:
    app = create_app(lambda: place, lambda: MORNING, None, outage)
    file_of(place).rename(file_of(place).with_name("away.db"))
    operator.status = 500
    with guest(app) as client:
        looks(outage, time, 0)
        looks(outage, time, PATIENCE)
        assert heard(operator) and not outage.told
        page = client.get("/")
        assert page.status_code == 503 and "underrettet" not in page.text and "Prøv igen om lidt" in page.text
        operator.status = 200
        looks(outage, time, 10)
        assert len(heard(operator)) == 1, "not at every look"
        looks(outage, time, AGAIN)
        assert outage.told and "Driften er underrettet" in client.get("/").text


@pytest.mark.fault("F82")
@pytest.mark.fault("F88")
def test_an_all_clear_that_no_channel_took_is_tried_again(
    place: Workplace, outage: Outage, time: Time, operator: Web
) -> None:
    away = file_of(place).rename(file_of(place).with_name("away.db"))
    looks(outage, time, 0)
    looks(outage, time, PATIENCE)
    away.rename(file_of(place))
    operator.status = 500
    looks(outage, time, 10)
    operator.status = 200
    looks(outage, time, 10)
    before = len(heard(operator))
    looks(outage, time, AGAIN)
    assert len(heard(operator)) == before + 1 and "kan bruges igen" in heard(operator)[-1]


@pytest.mark.fault("F82")
def test_while_the_database_is_away_no_pass_leaves_a_late_alarm_and_a_wrong_table_leaves_one_at_once(
    place: Workplace,
) -> None:
    daemon = Daemon(place, Pulse(lambda: MORNING), nothing, print, LEASE)
    daemon.pass_failed("plan", _away())
    assert open_alarms(place.engine) == []
    daemon.outage.trouble = AWAY.danish
    daemon.pass_failed("plan", _away())
    assert open_alarms(place.engine) == []
    with pytest.raises(DBAPIError) as wrong, reading(place.engine) as session:
        session.execute(text("SELECT x FROM deadline"))
    daemon.pass_failed("deliver", wrong.value)
    (alarm,) = open_alarms(place.engine)
    assert alarm.key == "pass:deliver" and "no such column: x" in alarm.text


def _away() -> Exception:
    with pytest.raises(DBAPIError) as found:
        create_engine(
            "postgresql+psycopg://nobody@127.0.0.1:1/none", connect_args={"connect_timeout": 2}
        ).connect()
    return found.value


def _sqlite(*statements: str, tmp_path: Path) -> Exception:
    engine = create_engine(f"sqlite:///{tmp_path / 'small.db'}")
    with pytest.raises(DBAPIError) as found, engine.connect() as connection:
        for one in statements:
            connection.execute(text(one))
    engine.dispose()
    return found.value


def test_what_a_driver_says_is_told_as_a_cause_with_the_cure_and_the_code(tmp_path: Path) -> None:
    fill = "INSERT INTO a SELECT randomblob(9000)"
    full = _sqlite("CREATE TABLE a (b)", "PRAGMA max_page_count=2", fill, tmp_path=tmp_path)
    only_read = _sqlite("PRAGMA query_only=1", "CREATE TABLE c (d)", tmp_path=tmp_path)
    shape = _sqlite("SELECT x FROM none", tmp_path=tmp_path)
    for error, trouble, code in (
        (full, FULL, NOT_REACHABLE), (only_read, READ_ONLY, MISCONFIGURED), (shape, SHAPE, MISCONFIGURED),
        (_away(), AWAY, NOT_REACHABLE), (OSError(28, "No space left on device", "/var/x"), FULL, NOT_REACHABLE),
        (PermissionError(13, "Permission denied", "/var/x"), None, MISCONFIGURED),
    ):  # fmt: skip
        told = as_told(error)
        assert told and exit_code(told) == code
        assert trouble is None or (trouble_of(error) == trouble and trouble.cure in str(told))
        assert "autoflush" not in str(told) and said_by(error) in str(told)
    assert "/var/x" in str(as_told(OSError(28, "No space left on device", "/var/x")))
    assert as_told(ValueError("a mistake of ours")) is None and BUSY.passes


def test_an_error_that_autoflush_wraps_is_told_by_what_the_driver_said(place: Workplace) -> None:
    try:
        try:
            with reading(place.engine) as session:
                session.execute(text("SELECT x FROM none"))
        except DBAPIError as error:
            raise RuntimeError("(raised as a result of Query-invoked autoflush; consider ...)") from error
    except RuntimeError as error:
        assert said_by(error) == "OperationalError: no such table: none"


@pytest.mark.fault("F84")
def test_a_table_that_lacks_a_column_ends_a_command_with_78_and_leads_to_doctor(
    aftale: Aftale, tmp_path: Path
) -> None:
    aftale("init", code=0)
    aftale("tick", code=0)
    (file,) = tmp_path.rglob("aftale.db")
    with sqlite3.connect(file) as connection:
        connection.execute("ALTER TABLE alarm RENAME COLUMN tell_tries TO tries")
    connection.close()
    said = aftale("alarm", "list", code=78).err
    assert "no such column" in said and "aftale doctor" in said and "autoflush" not in said


def test_doctor_looks_on_past_a_database_that_is_none(aftale: Aftale, tmp_path: Path) -> None:
    aftale("init", code=0)
    (file,) = tmp_path.rglob("aftale.db")
    file.write_bytes(b"no database" * 1000)
    found = {one["check"]: one for one in aftale("doctor", "--json").json()}
    assert {"disk", "relay", "dns", "bounces", "second channel"} <= set(found)
    assert any(
        one["verdict"] == "misconfigured" and "not a usable database" in one["said"] for one in found.values()
    )


def test_the_daemon_of_a_place_with_other_channels_tells_by_those(
    place: Workplace, time: Time, operator: Web
) -> None:
    with web() as second:
        other = replace(place, settings=place.settings.model_copy(update={"alarm_webhook": second.url}))
        outage = Outage(lambda: other, lambda: MORNING, time)
        file_of(place).rename(file_of(place).with_name("away.db"))
        looks(outage, time, 0)
        looks(outage, time, PATIENCE)
        assert second.heard and not operator.heard
