"""The text's file goes with the letter, is kept once, and is the same bytes in every copy, proof and check."""

from __future__ import annotations

import hashlib
import json
from email import message_from_bytes, policy
from typing import Any

from sqlalchemy import func, select, text, update
from sqlmodel import col

from tests.mail.samples import sample
from tests.post import notice, owe
from tests.services.conftest import Desk
from tests.smtp_server import DROP, ScriptedServer
from workflow.mail.links import opened_file
from workflow.mail.writing.enclosing import ATTACHED
from workflow.services.delivery.enclosing import as_sent, taken_along
from workflow.services.keeping.proving import WITHOUT_LINKS, prove
from workflow.services.views.letters import read_letter
from workflow.storage.database import reading, writing
from workflow.storage.facts import documents
from workflow.storage.facts.documents import Attached
from workflow.storage.tables import Attempt, Document, Notice

CONTENT = b"PK\x03\x04" + bytes(range(256)) * 2000
SHA = hashlib.sha256(CONTENT).hexdigest()
COUNCILS, SECRET = 5, "a key"


def asked(desk: Desk, **more: Any) -> list[int]:
    """Letters to :data:`COUNCILS` councils that bring the text along."""
    with writing(desk.engine) as session:
        documents.keep(session, Attached("aftale æ.docx", CONTENT), desk.at)
    _, facts = sample("sent-for-approval to a municipal council, with the files and what changed")
    facts["papers"] = {
        "attach": True, "until": "2027-08-28",
        "files": [{"what": "Teksten", "digest": SHA, "name": "aftale æ.docx", "size": len(CONTENT)}],
    } | more  # fmt: skip
    return owe(
        desk.engine, COUNCILS, letter="sent-for-approval", facts=json.dumps(facts), statutory=True, rung=""
    )


def enclosed(raw: bytes) -> list[tuple[str | None, bytes]]:
    mail = message_from_bytes(raw, policy=policy.default)
    found = [(one.get_filename(), one.get_payload(decode=True)) for one in mail.iter_attachments()]
    return [(name, bytes(content)) for name, content in found if name != "frist.ics"]  # type: ignore[arg-type]


def said(raw: bytes) -> str:
    body = message_from_bytes(raw, policy=policy.default).get_body(("plain",))
    assert body
    return " ".join(body.get_content().split())


def test_every_council_gets_the_file_and_the_database_keeps_it_once(desk: Desk) -> None:
    ids = asked(desk)
    with ScriptedServer() as server:
        desk.passes(server, secret=SECRET)
    assert len(server.letters) == COUNCILS
    for letter in server.letters:
        assert enclosed(letter.raw) == [("aftale æ.docx", CONTENT)]
        assert f"(500 kB, SHA-256 {SHA})" in said(letter.raw) and "Vedlagt: aftale æ.docx (500 kB)." in said(
            letter.raw
        )
    with reading(desk.engine) as session:
        stored = session.scalar(select(func.sum(func.length(col(Notice.body)))))
        assert session.scalar(select(func.count()).select_from(Document)) == 1
        rows = [session.get_one(Notice, one) for one in ids]
        assert {as_sent(session, row.body or b"") for row in rows} == {one.raw for one in server.letters}
    assert stored is not None and stored < COUNCILS * 25_000
    assert {hashlib.sha256(one.raw).hexdigest() for one in server.letters} == {row.digest for row in rows}


def test_after_a_line_lost_at_the_dot_the_same_bytes_go_again(desk: Desk) -> None:
    [one, *_] = asked(desk)
    with ScriptedServer({"DOT": [DROP]}) as server:
        desk.passes(server, limit=1)
        desk.later(minutes=2)
        desk.passes(server)
    mine = [letter.raw for letter in server.letters if letter.to == notice(desk.engine, one).address]
    assert len(mine) == 2 and len(set(mine)) == 1 and enclosed(mine[0]) == [("aftale æ.docx", CONTENT)]


def test_above_the_setting_the_link_with_the_hash_stands_instead_and_says_so(desk: Desk) -> None:
    large = {"what": "Teksten", "digest": SHA, "name": "aftale æ.docx", "size": ATTACHED + 1}
    ids = asked(desk, files=[large])
    with ScriptedServer() as server:
        desk.passes(server, secret=SECRET)
    told = said(server.letters[0].raw)
    assert enclosed(server.letters[0].raw) == [] and f"(7,0 MB, SHA-256 {SHA})" in told
    assert "Filerne fylder mere end de 7 MB, der kan følge med en mail." in told
    link = told.partition("https://aftalefrist.example/fil/")[2].split()[0]
    number, place = opened_file(link, SECRET) or (0, 9)
    assert (number in ids, place) == (True, 0)


def test_what_a_server_refuses_for_its_size_goes_again_at_once_with_links_instead(desk: Desk) -> None:
    [one, *_] = asked(desk)
    refusal = "552 5.3.4 Message size exceeds fixed limit"
    with ScriptedServer({"DOT": [refusal]}) as server:
        desk.passes(server, limit=2, secret=SECRET)
    told = notice(desk.engine, one)
    [first, again] = [letter.raw for letter in server.letters if letter.to == told.address]
    assert enclosed(first) == [("aftale æ.docx", CONTENT)] and enclosed(again) == []
    assert "https://aftalefrist.example/fil/" in said(again) and "Filerne følger ikke med mailen." in said(
        again
    )
    ids = [message_from_bytes(raw, policy=policy.default)["Message-ID"] for raw in (first, again)]
    assert len(set(ids)) == 2 and told.message_id == ids[1] and told.state == "accepted"
    with reading(desk.engine) as session:
        tries = session.scalars(
            select(Attempt).where(col(Attempt.notice_id) == one).order_by(col(Attempt.id))
        )
        assert [(attempt.outcome, attempt.text) for attempt in tries] == [
            ("too_large", refusal.removeprefix("552 ")), ("accepted", "2.0.0 queued"),
        ]  # fmt: skip


def test_a_letter_without_files_that_is_refused_for_its_size_waits_for_a_person(desk: Desk) -> None:
    large = {"what": "Teksten", "digest": SHA, "name": "aftale æ.docx", "size": ATTACHED + 1}
    [one, *_] = asked(desk, files=[large])
    with ScriptedServer({"DOT": ["552 5.3.4 Message size exceeds fixed limit"]}) as server:
        desk.passes(server, limit=1, secret=SECRET)
    assert (notice(desk.engine, one).state, notice(desk.engine, one).outcome) == ("ready", "policy_refused")


def test_a_reminder_and_what_is_past_bring_nothing_along(desk: Desk) -> None:
    asked(desk)
    papers = {"attach": False, "files": [{"digest": SHA, "name": "a", "size": 1}]}
    with reading(desk.engine) as session:
        assert taken_along(session, {"papers": papers, "over": False}, 10)[1] == []
        assert taken_along(session, {"papers": papers | {"attach": True}, "over": True}, 10)[1] == []
        told, files = taken_along(session, {"papers": papers | {"attach": True}, "over": False}, 10)
        assert told and told["along"] and len(files) == 1
        told, files = taken_along(session, {"papers": papers | {"attach": True}, "over": False}, 0)
        assert told and not told["along"] and files == [] and told["most"] == 0


def test_a_proof_holds_the_file_and_a_reader_without_the_right_gets_no_link(desk: Desk) -> None:
    [one, *_] = asked(desk)
    with ScriptedServer() as server:
        desk.passes(server, secret=SECRET)
    sent = next(letter.raw for letter in server.letters if letter.to == notice(desk.engine, one).address)
    assert prove(desk.engine, str(one))["brev.eml"] == sent
    files = prove(desk.engine, str(one), lambda _kind, _token: False)
    shown = files[WITHOUT_LINKS]
    assert enclosed(shown) == [("aftale æ.docx", CONTENT)]
    assert "/fil/linket-er-fjernet" in said(shown) and "/fil/Wz" not in said(shown)
    letter = read_letter(desk.engine, one)
    assert letter.attached == ["frist.ics", "aftale æ.docx"] and "/fil/Wz" not in letter.text
    assert letter.mail_bytes and enclosed(letter.mail_bytes) == [("aftale æ.docx", CONTENT)]


def test_a_file_that_is_no_longer_what_it_was_stops_the_letter_and_shows_in_the_proof(desk: Desk) -> None:
    [one, *_] = asked(desk)
    with ScriptedServer({"RCPT": ["451 4.7.1 greylisted"] * COUNCILS}) as server:
        desk.passes(server)
        with writing(desk.engine) as session:
            session.execute(update(Document).values(content=CONTENT + b"x"))
        desk.later(minutes=2)
        desk.passes(server)
        assert server.letters == []
        row = notice(desk.engine, one)
        assert row.state == "ready" and "not what it was" in row.answer
        files = prove(desk.engine, str(one))
        assert "brev.eml" not in files and "ikke længere, som den var" in files["README.txt"].decode()
        with writing(desk.engine) as session:
            session.execute(text("UPDATE document SET content = :content"), {"content": CONTENT})
        desk.later(hours=1)
        desk.passes(server)
    assert len(server.letters) == COUNCILS
