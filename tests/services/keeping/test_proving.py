"""The proof of one letter holds what was sent, to whom, and what the servers said, also when another's mail told it."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

from tests.mail.returned import dsn
from tests.post import AT, add_contact, notice
from tests.services.conftest import Desk
from tests.services.delivery.test_digest import MAILBOX, three
from tests.services.lived import RETURN, SECRET, rules
from tests.smtp_server import ScriptedServer
from workflow.mail.verp import verp
from workflow.services.delivery.bounces import take_bounce
from workflow.services.keeping.proving import prove
from workflow.storage.database import writing
from workflow.storage.people.contacts import refuse_address


def test_the_proof_of_a_collected_reminder_is_that_of_the_mail_that_told_it(
    desk: Desk, tmp_path: Path
) -> None:
    first, carrier, third = three(desk.engine)
    with ScriptedServer({"RCPT": ["451 4.7.1 greylisted"]}) as server:
        desk.passes(server)
        waiting = prove(desk.engine, str(first))
        assert "endnu ikke overgivet" in waiting["README.txt"].decode()
        desk.later(minutes=1)
        desk.passes(server)
    [mail] = server.letters
    raw = dsn(verp(RETURN, notice(desk.engine, carrier).message_id, SECRET), action="delayed")
    take_bounce(desk.engine, rules(), raw, desk.at, bounce=RETURN, secrets=[SECRET])
    files = prove(desk.engine, str(first))
    assert files["brev.eml"] == mail.raw
    about, tries = json.loads(files["brev.json"]), json.loads(files["forsoeg.json"])
    assert [one["outcome"] for one in tries] == ["deferred", "accepted"]
    assert (about["id"], about["carried_by"], about["same_mail"]) == (first, carrier, [carrier, third])
    assert (about["address"], about["digest"]) == (mail.to, hashlib.sha256(mail.raw).hexdigest())
    assert files["returneret-1.eml"] == raw
    told = files["README.txt"].decode()
    for said in (mail.to, "Forsøg:        2   Returmeldinger: 1", "de sendte bytes", f"brev nr. {carrier}"):
        assert said in told
    assert "ikke sendt" not in told
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    checked = subprocess.run(
        [sys.executable, "kontroller.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "brev.eml passer ikke" not in checked.stdout
    (tmp_path / "brev.eml").write_bytes(mail.raw + b"x")
    checked = subprocess.run(
        [sys.executable, "kontroller.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "brev.eml passer ikke" in checked.stdout


def test_the_proof_of_the_mail_names_what_else_it_told(desk: Desk) -> None:
    first, carrier, third = three(desk.engine)
    with ScriptedServer() as server:
        desk.passes(server)
    files = prove(desk.engine, str(carrier))
    assert json.loads(files["brev.json"])["same_mail"] == [first, third]
    assert f"brev nr. {first}, {third}" in files["README.txt"].decode()


def test_the_mailboxes_say_which_of_them_were_there_that_day(desk: Desk) -> None:
    first, *_ = three(desk.engine)
    with ScriptedServer() as server:
        desk.passes(server)
    later = {"valid_from": AT.date() + timedelta(days=1)}
    with writing(desk.engine) as session:
        add_contact(session, "0001", "ny@kommune.example", **later)
        add_contact(session, "0001", "forrige@kommune.example", valid_to=AT.date() - timedelta(days=1))
        refuse_address(session, MAILBOX, AT + timedelta(days=9))
    kept = json.loads(prove(desk.engine, str(first))["kontakter.json"])
    assert {one["email"]: one["valid_that_day"] for one in kept} == {
        MAILBOX: True, "ny@kommune.example": False, "forrige@kommune.example": False,
    }  # fmt: skip
