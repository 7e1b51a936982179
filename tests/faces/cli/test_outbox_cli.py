"""Operating one machine by its commands, each in a process of its own: outbox, bounce, proof, backup, doctor."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from tests.conftest import Aftale
from tests.mail.returned import dsn
from tests.post import notices, open_alarms
from tests.services.lived import EVENING, KEY, RETURN, SECRET
from tests.services.watch.test_telling import web
from workflow.mail.verp import verp
from workflow.services.keeping.heads import write_heads
from workflow.storage.database import connect


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory, lived_sqlite: Path) -> Path:
    path = tmp_path_factory.mktemp("lived") / "aftale.db"
    shutil.copy(lived_sqlite, path)
    with closing(sqlite3.connect(path)) as opened, opened:
        opened.execute("INSERT INTO meta VALUES ('secret', ?), ('instance', 'nord.example')", (SECRET,))
    return path


@pytest.fixture
def data(tmp_path: Path, lived: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    shutil.copy(lived, folder / "aftale.db")
    return folder


def change(data: Path, statement: str) -> None:
    with closing(sqlite3.connect(data / "aftale.db")) as opened, opened:
        opened.execute(statement)


def first(data: Path) -> sqlite3.Row:
    with closing(sqlite3.connect(data / "aftale.db")) as opened:
        opened.row_factory = sqlite3.Row
        found: sqlite3.Row = opened.execute(
            "SELECT * FROM notice WHERE state != 'unanswered' ORDER BY id LIMIT 1"
        ).fetchone()
    return found


def test_letters_are_listed_held_released_retried_and_cancelled(aftale: Aftale, data: Path) -> None:
    change(data, "UPDATE notice SET state = 'ready' WHERE id IN (4, 5)")
    assert [n["id"] for n in aftale("outbox", "list", "--json", code=0).json()["notices"]] == [4, 5]
    assert (
        "tilbageholdt: 1" in aftale("outbox", "hold", "4", "--why", "ring først", "--by", "anna", code=0).err
    )
    assert "ring først (anna)" in aftale("outbox", "list", code=0).out
    assert "sluppet: 1" in aftale("outbox", "release", "4", code=0).err
    assert "gennemløb: 2" in aftale("outbox", "retry", "--all", code=0).err
    assert "--why" in aftale("outbox", "cancel", "5", code=2).err
    assert "annulleret: 1" in aftale("outbox", "cancel", "5", "--why", "sendt som brev", code=0).err
    assert "kan ikke slippes" in aftale("outbox", "release", "5", code=4).err
    assert aftale("outbox", "hold", "999", "--why", "x", code=3).out == ""
    assert "--all" in aftale("outbox", "release", code=2).err
    assert "standset" in aftale("outbox", "hold", "--all", "--why", "flytning", code=0).err
    assert "flytning" in aftale("outbox", "list", "--json", code=0).json()["stopped"]
    ticked = aftale("tick", "--at", "2023-05-31T12:00", code=0).out
    assert "held: al afsendelse er standset: flytning" in ticked
    assert "aftale outbox release --all" in ticked
    assert "al afsendelse er sluppet" in aftale("outbox", "release", "--all", code=0).err
    assert aftale("outbox", "list", "--json", code=0).json()["stopped"] == ""
    assert "standset" not in aftale("tick", "--at", "2023-05-31T12:00", code=0).out


def test_an_alarm_is_listed_and_ended_by_whoever_saw_to_it(aftale: Aftale, data: Path) -> None:
    change(data, "UPDATE notice SET state = 'ready' WHERE id = 4")
    aftale("outbox", "cancel", "4", "--why", "ringet", "--by", "anna", code=0)
    [alarm] = aftale("alarm", "list", "--json", code=0).json()
    assert alarm["key"] == "notice:4:cancelled"
    listed = aftale("alarm", "list", code=0).out
    assert "annulleret: ringet (anna)" in listed
    assert re.search(r"\b\d{4}/council\b|/secretariat-", listed) is None, "bodies go by their names"
    assert "--why" in aftale("alarm", "end", str(alarm["id"]), code=2).err
    aftale("alarm", "end", str(alarm["id"]), "--why", "skrevet i sagen", code=0)
    assert aftale("alarm", "list", "--json", code=0).json() == []
    assert "aftale alarm list" in aftale("alarm", "end", str(alarm["id"]), "--why", "igen", code=3).err


def test_a_refused_mailbox_is_seen_in_the_list_and_tried_again_when_it_is_imported_anew(
    aftale: Aftale, data: Path, tmp_path: Path
) -> None:
    sheet = tmp_path / "council.csv"
    sheet.write_text("body,function,email\n0851,council,sundhed@aalborg.example\n", encoding="utf-8")
    aftale("contacts", "import", str(sheet), "--replace", code=0)
    change(data, "UPDATE contact SET refused_at = '2026-11-20 09:00:00.000000' WHERE body = '0851'")
    assert "afvist 2026-11-20" in aftale("contacts", "list", "nordjylland", code=0).out
    aftale("contacts", "import", str(sheet), code=0)
    assert "afvist" in aftale("contacts", "list", "nordjylland", code=0).out, (
        "the same file alone lifts nothing"
    )
    assert "1 changed" in aftale("contacts", "import", str(sheet), "--replace", code=0).err
    assert "afvist" not in aftale("contacts", "list", "nordjylland", code=0).out


def test_a_letter_refused_by_policy_can_be_tried_again_and_the_list_and_the_refusal_say_so(
    aftale: Aftale, data: Path
) -> None:
    """Nobody holds it, so nobody can let it go."""
    answer = "554 5.7.1 refused by policy"
    change(
        data,
        f"UPDATE notice SET state = 'ready', outcome = 'policy_refused', answer = '{answer}' WHERE id = 5",
    )
    listed = aftale("outbox", "list", code=0).out
    assert f"aftale outbox retry 5: {answer}" in listed
    refused = aftale("outbox", "release", "5", code=4).err
    assert "'tilbageholdt af mailserverens regler' og kan ikke slippes" in refused
    assert "nu: aftale outbox retry 5" in refused
    assert "gennemløb: 1" in aftale("outbox", "retry", "5", code=0).err


@pytest.mark.fault("F26")
def test_a_bounce_can_be_piped_in_and_a_database_that_is_away_asks_for_another_try(
    aftale: Aftale, data: Path
) -> None:
    sent = first(data)
    mail = dsn(verp(RETURN, sent["message_id"], SECRET)).decode()
    assert "failed: brev 4" in aftale("bounce", input=mail, code=0, AFTALE_BOUNCE=RETURN).err
    assert first(data)["state"] == "bounced"
    assert "intet gjort" in aftale("bounce", input="hej", code=0, AFTALE_BOUNCE=RETURN).err
    (data / "aftale.db").rename(data / "away.db")
    assert aftale("bounce", input=mail, code=75, AFTALE_BOUNCE=RETURN).out == ""


@pytest.mark.parametrize("by", ["id", "key", "message_id"])
def test_the_proof_of_a_letter_can_be_checked_without_this_program(
    aftale: Aftale, data: Path, tmp_path: Path, by: str
) -> None:
    sent = first(data)
    out = tmp_path / "bevis.zip"
    aftale("proof", str(sent[by]), "--out", str(out), code=0)
    folder = tmp_path / "bevis"
    with zipfile.ZipFile(out) as packed:
        packed.extractall(folder)
    assert (folder / "brev.eml").read_bytes() == sent["body"]
    told = json.loads((folder / "brev.json").read_text())
    assert told["digest"] == hashlib.sha256(sent["body"]).hexdigest()
    assert (told["recipient"], told["address"], told["state_text"]) == (
        sent["recipient"], sent["address"], "overgivet til mailserver",
    )  # fmt: skip
    assert told["template"]
    assert told["rules"]
    [attempt] = json.loads((folder / "forsoeg.json").read_text())
    assert (attempt["code"], attempt["text"]) == (250, "2.0.0 queued")
    readme = (folder / "README.txt").read_text()
    assert sent["digest"] in readme
    assert "Sådan kontrolleres det" in readme
    check = [sys.executable, "-I", str(folder / "kontroller.py")]
    assert subprocess.run(check, check=True, capture_output=True, text=True).stdout == "alt passer\n"
    assert aftale("proof", str(sent[by]), "--out", str(out), code=4).err.endswith("overskrives ikke\n")

    whole = (folder / "journal.json").read_text()
    for wrong in (whole.replace("brev", "løgn"), whole.replace('"count": 3', '"count": 4')):
        (folder / "journal.json").write_text(wrong)
        assert "journalen" in subprocess.run(check, check=False, capture_output=True, text=True).stdout
    (folder / "journal.json").write_text(whole)
    (folder / "brev.eml").write_bytes(b"noget andet")
    assert "brev.eml passer ikke" in subprocess.run(check, check=False, capture_output=True, text=True).stdout


def test_a_proof_holds_the_bounces_and_a_letter_that_is_not_sent_says_so(
    aftale: Aftale, data: Path, tmp_path: Path
) -> None:
    aftale(
        "bounce", input=dsn(verp(RETURN, first(data)["message_id"], SECRET)).decode(), AFTALE_BOUNCE=RETURN
    )
    aftale("proof", "4", "--out", str(tmp_path / "et.zip"), code=0)
    with zipfile.ZipFile(tmp_path / "et.zip") as packed:
        assert b"User unknown" in packed.read("returneret-1.eml")
        assert json.loads(packed.read("returneret-1.json"))["status"] == "5.1.1"
        assert "returneret" in packed.read("README.txt").decode()
    change(data, "UPDATE notice SET state = 'planned', body = NULL, digest = '' WHERE id = 5")
    aftale("proof", "5", "--out", str(tmp_path / "to.zip"), code=0)
    with zipfile.ZipFile(tmp_path / "to.zip") as packed:
        assert "brev.eml" not in packed.namelist()
        assert "ikke sendt" in packed.read("README.txt").decode()
    assert aftale("proof", "<nobody@x>", "--out", str(tmp_path / "x.zip"), code=3).out == ""


@pytest.mark.fault("F36")
def test_a_restored_backup_sends_nothing_before_a_person_has_compared(
    aftale: Aftale, data: Path, tmp_path: Path
) -> None:
    copy = tmp_path / "copy.db"
    change(data, "UPDATE notice SET state = 'ready', next_at = '2023-05-31 07:00:00.000000' WHERE id = 4")
    assert "sikkerhedskopi" in aftale("backup", str(copy), code=0).err
    assert aftale("backup", str(copy), code=4).out == ""
    # the day goes on: a council approves, the head is written down, and the disk dies
    aftale("record", KEY, "council-approved", "--on", "2023-06-01", "--council", "0851", code=0)
    engine = connect(f"sqlite:///{data / 'aftale.db'}")
    write_heads(engine, data / "heads.log", EVENING)
    engine.dispose()
    (data / "aftale.db").write_bytes(b"rubbish")
    assert aftale("status", code=78).out == ""

    ran = aftale("restore", str(copy), "--by", "drift", code=0)
    assert f"TABT  {KEY}, fra nr. 4" in ran.out
    assert "usikker  4  " in ran.out
    assert (data / "aftale.db.before-1").read_bytes() == b"rubbish"
    inbox = data / "inbox"
    ticked = aftale("tick", "--at", "2023-05-31T12:00", code=0).out
    assert "sent 0" in ticked
    assert not list(inbox.glob("*.eml"))
    kinds = [f["kind"] for f in aftale("reckon", "--at", "2023-05-31T18:00", "--json", code=1).json()]
    assert kinds[:2] == ["journal", "daemon"]
    aftale("outbox", "release", "--all", code=0)  # what may have been sent waits all the same
    assert "sent 0" in aftale("tick", "--at", "2023-05-31T12:00", code=0).out
    aftale("history", "send", "4", code=0)
    listed = aftale("notices", "--json", code=0).json()
    assert {one["id"]: one["state"] for one in listed}[4] == "ready" and not list(inbox.glob("*.eml"))


@pytest.mark.fault("F33")
def test_a_backup_that_is_none_changes_nothing(aftale: Aftale, data: Path, tmp_path: Path) -> None:
    before = (data / "aftale.db").read_bytes()
    for rubbish in (b"rubbish", b"", sqlite_header(data)[:5000]):
        (tmp_path / "bad.db").write_bytes(rubbish)
        assert "bad.db" in aftale("restore", str(tmp_path / "bad.db"), code=78).err
    assert aftale("restore", str(tmp_path / "none.db"), code=78).out == ""
    assert (data / "aftale.db").read_bytes() == before
    assert not list(data.glob("*.half")) + list(data.glob("*.before*"))


def sqlite_header(data: Path) -> bytes:
    return (data / "aftale.db").read_bytes()


def test_the_doctor_names_what_is_ill_and_exits_by_the_worst(aftale: Aftale, data: Path) -> None:
    well = {f["check"]: f["verdict"] for f in aftale("doctor", "--json", code=0).json()}
    assert (well["schema"], well["contacts"], well["journal"], well["disk"]) == ("ok", "ok", "ok", "ok")
    assert well["relay"] == "note"
    change(data, "UPDATE contact SET refused_at = '2023-01-01 00:00:00.000000'")
    ill = aftale("doctor", code=1).out
    assert "aftale contacts import" in ill
    away = {"AFTALE_SMTP_HOST": "127.0.0.1", "AFTALE_SMTP_PORT": "1"}
    assert "unreachable" in aftale("doctor", code=5, **away).out
    assert "misconfigured" in aftale("doctor", code=78, AFTALE_DB="sqlite:////nowhere/at/all.db").out


def test_the_doctor_calls_an_edited_journal_ill_and_no_setting_wrong(aftale: Aftale, data: Path) -> None:
    change(data, "DROP TRIGGER fact_no_update")
    change(data, "UPDATE fact SET event = 'submitted' WHERE event = 'sent-for-approval'")
    found = {f["check"]: f for f in aftale("doctor", "--json", code=1).json()}
    assert "row 3" in found["journal"]["said"]
    assert (found["contacts"]["verdict"], found["contacts"]["said"][:15]) == ("ill", "cannot be told:")


def test_the_alarm_of_a_bounce_is_raised_once(data: Path, aftale: Aftale) -> None:
    mail = dsn(verp(RETURN, first(data)["message_id"], SECRET)).decode()
    for _ in range(2):
        aftale("bounce", input=mail, code=0, AFTALE_BOUNCE=RETURN)
    engine = connect(f"sqlite:///{data / 'aftale.db'}")
    assert list(open_alarms(engine)) == ["notice:4:bounced"]
    assert len([n for n in notices(engine) if "~retur" in n.key]) == 1
    engine.dispose()


@pytest.mark.fault("F86")
def test_the_dead_mans_switch_is_called_only_when_nothing_is_missing(aftale: Aftale, tmp_path: Path) -> None:
    aftale("init", code=0)
    with web() as watcher:
        assert "før en dæmon har kørt" in aftale("reckon", code=0, AFTALE_WATCH_URL=watcher.url).err
        assert watcher.heard == []
        aftale("tick", code=0)
        assert aftale("reckon", code=0, AFTALE_WATCH_URL=watcher.url).out == ""
        assert len(watcher.heard) == 1
        aftale("outbox", "hold", "--all", "--why", "x", code=0)
        assert "standset" in aftale("reckon", code=1, AFTALE_WATCH_URL=watcher.url).out
        assert len(watcher.heard) == 1
        aftale("outbox", "release", "--all", code=0)
    refused = aftale("reckon", code=5, AFTALE_WATCH_URL=watcher.url)
    assert "watch_url" in refused.err
    assert "secret" not in refused.err


def test_half_a_second_channel_is_refused_at_the_start(aftale: Aftale) -> None:
    assert "AFTALE_ALARM_SMTP_TO" in aftale("doctor", code=78, AFTALE_ALARM_SMTP_HOST="mx.example").out
    assert "https" in aftale("doctor", code=78, AFTALE_WATCH_URL="http://watch.example/key").out


def test_one_letter_is_shown_in_full_by_number_key_or_message_id(aftale: Aftale, data: Path) -> None:
    row = first(data)
    listed = aftale("notices", KEY, code=0).out.splitlines()
    assert listed[0].split()[:2] == ["nr.", "dag"]
    assert str(row["id"]) in [line.split()[0] for line in listed]
    said = aftale("notices", str(row["id"]), code=0).out
    for wanted in (row["key"], row["rung"], row["message_id"], row["address"], row["subject"], "forsøg:"):
        assert wanted in said
    assert (
        said == aftale("notices", row["key"], code=0).out == aftale("notices", row["message_id"], code=0).out
    )
    told = aftale("notices", str(row["id"]), "--json", code=0).json()
    assert (told["id"], told["message_id"]) == (row["id"], row["message_id"])
    assert [one["outcome"] for one in told["tried"]] == ["accepted"]
    assert "intet brev '999'" in aftale("notices", "999", code=3).err
    assert (
        "REGION/LABEL" in aftale("notices", "nordjylland", code=2).err + aftale("notices", "x/y", code=3).err
    )


def test_letters_about_the_past_are_listed_and_answered(aftale: Aftale, data: Path) -> None:
    """The agreement was opened after the first reminder's day, so those letters wait."""
    [first, second, *rest] = [one["id"] for one in aftale("history", "list", "--json", code=0).json()]
    assert "aftale history told" in aftale("history", "list", "--agreement", KEY, code=0).err
    assert "--agreement" in aftale("history", "send", code=2).err
    assert "(--on)" in aftale("history", "told", str(first), "--source", "Sag 1", code=2).err
    told = ("--on", "2023-01-02", "--source", "Sag 1", "--by", "anna")
    assert "sendt i hånden: 1" in aftale("history", "told", str(first), *told, code=0).err
    assert "venter ikke på svar" in aftale("history", "send", str(first), code=4).err
    assert "(--why)" in aftale("history", "drop", "--all", code=2).err
    assert "aftale history" in aftale("outbox", "cancel", str(second), "--why", "x", code=4).err
    dropped = f"sendes ikke: {1 + len(rest)}"
    assert dropped in aftale("history", "drop", "--agreement", KEY, "--why", "kendt", code=0).err
    assert "ingen breve venter på svar" in aftale("history", "list", code=0).err
    assert aftale("history", "send", "--all", code=3).out == ""
    lines = aftale("journal", KEY, "--json", code=0).json()["facts"][-2:]
    assert [(line["event"], line["due"], line["source"]) for line in lines] == [
        ("history-answered", "2023-01-02", "Sag 1"), ("history-answered", None, "kendt"),
    ]  # fmt: skip
