"""What watches the daemon, and what it watches: systemd, Prometheus, the maildir of bounces, the second channel."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
import shutil
import signal
import socket
import sqlite3
import subprocess
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, update
from sqlalchemy.event import listen
from sqlmodel import col, select

from tests.conftest import ROOT
from tests.faces.conftest import MORNING, Start, later
from tests.mail.returned import dsn, out_of_office
from tests.services.watch.test_telling import web
from workflow.errors import Unworkable
from workflow.faces.daemon.passes import tick
from workflow.faces.daemon.upkeep import bounce_pass
from workflow.faces.daemon.workplace import Workplace, link_secret, open_workplace
from workflow.mail.verp import verp
from workflow.services.delivery.handling import hold_everything
from workflow.services.keeping.linkkeys import find_keys
from workflow.services.watch.heartbeat import instance_of, open_alarms
from workflow.settings import Settings
from workflow.storage.database import connect, reading, writing
from workflow.storage.letters.worn import returned_key
from workflow.storage.tables import AgreementRow, Notice

RETURN = "retur+{notice}@nord.example"
DEPLOY = sorted((ROOT / "deploy").glob("aftale*.*"))


@pytest.fixture
def place(settings: Settings, maildir: Path) -> Iterator[Workplace]:
    chosen = settings.model_copy(update={"bounce": RETURN, "bounce_maildir": maildir})
    with open_workplace(chosen) as place:
        yield place


def key_of(engine: Engine, settings: Settings) -> str:
    """The key that the running daemon signs with."""
    keys = find_keys(engine, instance_of(engine), link_secret(settings))
    assert keys
    return keys.newest


@pytest.fixture
def maildir(tmp_path: Path) -> Path:
    folder = tmp_path / "Maildir"
    for name in ("new", "cur", "tmp"):
        (folder / name).mkdir(parents=True)
    return folder


def sent(engine: Engine) -> Notice:
    with reading(engine) as session:
        found = session.scalars(
            select(Notice).where(col(Notice.message_id) != "", col(Notice.accepted_at).is_not(None))
        ).first()
    assert found is not None
    return found


def kept(engine: Engine, key: str) -> Sequence[Notice]:
    with reading(engine) as session:
        return session.scalars(select(Notice).where(col(Notice.key) == key)).all()


@pytest.mark.ticked
def test_metrics_tell_letters_by_state_alarms_by_level_and_the_last_tick(
    place: Workplace, client: TestClient
) -> None:
    said = client.get("/metrics")
    assert said.headers["content-type"].startswith("text/plain")
    numbers = dict(re.findall(r"^(aftale_\S+) (\S+)$", said.text, re.MULTILINE))
    assert float(numbers['aftale_notices{state="accepted"}']) > 0
    assert numbers['aftale_notices{state="held"}'] == "0.0"
    assert float(numbers["aftale_last_tick_timestamp_seconds"]) == MORNING.timestamp()
    assert numbers["aftale_sending_held"] == "0.0"
    hold_everything(place.engine, "x", "y", MORNING)
    after = client.get("/metrics").text
    assert "aftale_sending_held 1.0" in after
    assert 'aftale_alarms_open{level="alarm"} 1.0' in after


@pytest.mark.ticked
def test_the_board_and_the_rules_ask_for_numbers_that_are_really_given(client: TestClient) -> None:
    given = set(re.findall(r"^(aftale_\w+?)(?:\{| )", client.get("/metrics").text, re.MULTILINE))
    board = json.loads((ROOT / "deploy" / "grafana.json").read_text(encoding="utf-8"))
    asked = [target["expr"] for panel in board["panels"] for target in panel["targets"]]
    names = {name for expr in asked for name in re.findall(r"\baftale_\w+", expr)}
    assert names == given, "each number is shown, and none is asked for that is not there"
    rules = set(re.findall(r"\baftale_\w+", (ROOT / "deploy" / "alerts.yml").read_text(encoding="utf-8")))
    assert rules <= given
    shown = {panel["description"] for panel in board["panels"]}
    alerts = re.findall(r"- alert: (\w+)", (ROOT / "deploy" / "alerts.yml").read_text(encoding="utf-8"))
    assert [name for name in alerts if not any(name in said for said in shown)] == ["AftaleAlarmOpen"]
    places = [(one["gridPos"]["x"], one["gridPos"]["y"]) for one in board["panels"]]
    assert len(set(places)) == len(places) == len({one["id"] for one in board["panels"]})


def test_a_clock_that_is_not_believed_is_named_as_the_cause(place: Workplace, client: TestClient) -> None:
    """Such a clock leaves no stamp, though the daemon lives."""
    ahead = MORNING + timedelta(days=1)
    asyncio.run(tick(place, ahead, clock=lambda: ahead))
    asyncio.run(tick(place, MORNING, clock=lambda: MORNING))
    said = client.get("/readyz")
    assert (said.status_code, said.json()["ready"]) == (503, False)
    assert said.json()["why"].startswith("Uret går bagud")


def test_it_is_ready_when_it_ticks_and_its_database_answers(place: Workplace, client: TestClient) -> None:
    assert client.get("/readyz").status_code == 503
    asyncio.run(tick(place, MORNING, clock=lambda: MORNING))
    assert client.get("/readyz").json() == {"ready": True, "why": ""}
    path = place.settings.data_dir / "aftale.db"
    place.engine.dispose()
    path.rename(path.with_name("away.db"))
    assert client.get("/readyz").json() == {"ready": False, "why": "databasen svarer ikke"}


@pytest.mark.fault("F37")
@pytest.mark.ticked
def test_a_mail_that_breaks_the_reading_is_set_aside_by_name_and_the_next_one_is_read(
    place: Workplace, maildir: Path
) -> None:
    """What breaks it here is a row longer than the database takes: no mail of ours, and no mail after it, is lost."""
    one = sent(place.engine)
    to = verp(RETURN, one.message_id, place.secret)
    (maildir / "new" / "1.a").write_bytes(dsn(to) + b"x" * 190_000)
    (maildir / "new" / "2.b").write_bytes(dsn(to))

    def short(connection: sqlite3.Connection, *_: object) -> None:
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 150_000)

    listen(place.engine, "checkout", short)
    assert [taken.kind for taken in bounce_pass(place, later(hours=1))] == ["failed"]
    assert sorted(path.name for path in (maildir / "cur").iterdir()) == ["1.a:2,FS", "2.b:2,S"]
    (said,) = [alarm.text for alarm in open_alarms(place.engine) if alarm.key == "return:1.a:2,FS"]
    assert "1.a:2,FS" in said and "de øvrige er læst" in said
    assert bounce_pass(place, later(hours=2)) == [] and not list((maildir / "new").iterdir())


@pytest.mark.fault("F26")
@pytest.mark.fault("F27")
@pytest.mark.ticked
def test_the_maildir_is_read_once_and_every_mail_in_it_is_kept(place: Workplace, maildir: Path) -> None:
    one = sent(place.engine)
    to = verp(RETURN, one.message_id, place.secret)
    for name, raw in (
        ("1.a", dsn(to)),
        ("2.b", out_of_office(to)),
        ("3.c", dsn(RETURN)),
        ("4.d", b"\xff\x00"),
    ):
        (maildir / "new" / name).write_bytes(raw)
    assert [taken.kind for taken in bounce_pass(place, later(hours=1))] == [
        "failed", "auto-reply", "unmatched", "unmatched",
    ]  # fmt: skip
    assert bounce_pass(place, later(hours=2)) == []
    assert sorted(path.name for path in (maildir / "cur").iterdir()) == [
        "1.a:2,S",
        "2.b:2,S",
        "3.c:2,S",
        "4.d:2,S",
    ]
    assert [alarm.key for alarm in open_alarms(place.engine)] == [f"notice:{one.id}:bounced"]


@pytest.mark.fault("F37")
@pytest.mark.ticked
def test_a_report_about_an_agreement_that_cannot_be_worked_out_holds_up_no_other(
    place: Workplace, maildir: Path
) -> None:
    with reading(place.engine) as session:
        mails = session.scalars(
            select(Notice).where(col(Notice.state) == "accepted", col(Notice.message_id) != "")
        ).all()
    one = mails[0]
    other = next(mail for mail in mails if mail.agreement_id != one.agreement_id)
    with writing(place.engine) as session:
        broken = update(AgreementRow).where(col(AgreementRow.id) == one.agreement_id)
        session.execute(broken.values(term="2040-2043"))
    for name, mail in (("1", one), ("2", other)):
        (maildir / "new" / name).write_bytes(dsn(verp(RETURN, mail.message_id, place.secret)))
    with pytest.raises(Unworkable, match="2040-2043"):
        bounce_pass(place, later(hours=1))
    assert [path.name for path in (maildir / "new").iterdir()] == ["1"], "it is kept, and tried again"
    assert f"notice:{other.id}:bounced" in {alarm.key for alarm in open_alarms(place.engine)}


@pytest.mark.fault("F37")
@pytest.mark.timeout(120)
def test_the_daemon_starts_and_tells_the_operator_of_an_agreement_that_cannot_be_worked_out(
    start: Start, settings: Settings
) -> None:
    engine = connect(settings.db)
    with writing(engine) as session:
        broken = update(AgreementRow).where(
            col(AgreementRow.region) == "hovedstaden", col(AgreementRow.label) == "2024-2027"
        )
        session.execute(broken.values(term="2040-2043"))
    engine.dispose()
    with web() as operator:
        daemon = start(AFTALE_ALARM_WEBHOOK=operator.url)
        assert "hovedstaden/2024-2027" in daemon.until("BROKEN")
        daemon.until("step recorded")
        assert operator.hears("Breve om hovedstaden/2024-2027 planlægges ikke")
        assert daemon.stops() == 0


@pytest.mark.timeout(120)
def test_the_daemon_takes_in_bounces_tells_the_operator_and_writes_the_heads(
    start: Start, settings: Settings, maildir: Path
) -> None:
    with web() as operator:
        daemon = start(
            AFTALE_BOUNCE=RETURN, AFTALE_BOUNCE_MAILDIR=str(maildir), AFTALE_ALARM_WEBHOOK=operator.url
        )
        daemon.until("step recorded")
        engine = connect(settings.db)
        one = sent(engine)
        raw = dsn(verp(RETURN, one.message_id, key_of(engine, settings)))
        (maildir / "tmp" / "1").write_bytes(raw)
        (maildir / "tmp" / "1").rename(maildir / "new" / "1")
        daemon.until("a mail came back: failed")
        assert [notice.state for notice in kept(engine, one.key)] == ["bounced"]
        # owed again; when it goes depends on what else its mailbox has had today
        assert kept(engine, returned_key(one.key))
        engine.dispose()
        assert operator.hears("er returneret: 5.1.1")
        assert operator.hears("Aftalefrist kører")
        assert daemon.stops() == 0
    heads = (settings.data_dir / "heads.log").read_text()
    assert "nordjylland/2024-2027" in heads


@pytest.mark.timeout(120)
def test_systemd_is_told_when_it_is_ready_alive_and_stopping(start: Start) -> None:
    name = f"aftale-{secrets.token_hex(6)}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind("\0" + name)
        systemd.settimeout(30)
        daemon = start(NOTIFY_SOCKET="@" + name)
        heard = []
        while {b"READY=1", b"WATCHDOG=1"} - set(heard):
            heard.append(systemd.recv(100))
        daemon.process.send_signal(signal.SIGTERM)
        while heard[-1] != b"STOPPING=1":
            heard.append(systemd.recv(100))
        assert daemon.ends() == 0


@pytest.mark.parametrize("unit", DEPLOY, ids=[path.name for path in DEPLOY])
def test_the_units_are_what_systemd_understands(unit: Path) -> None:
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("systemd-analyze is not installed here")
    done = subprocess.run(
        [tool, "verify", "--man=no", str(unit)], check=False, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    "unit", [path for path in DEPLOY if path.suffix == ".service"], ids=lambda path: path.name
)
def test_the_services_are_exposed_as_little_as_systemd_can_make_them(unit: Path) -> None:
    """``systemd-analyze security`` counts from 0 (closed) to 10; ours must stay below 2."""
    tool = shutil.which("systemd-analyze")
    if tool is None:
        pytest.skip("systemd-analyze is not installed here")
    asked = [tool, "security", "--offline=yes", "--threshold=20", "--no-pager", str(unit)]
    done = subprocess.run(asked, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr
