"""Two regions bring the same bytes under two names: each sees only its own, wherever a file is named."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
from datetime import date, timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import select, text

from tests.faces.web.conftest import Clock, SignIn, csrf, plain
from tests.faces.web.councils import answering
from tests.faces.web.councils.answering import KEY, rows
from tests.services.test_paragraphs import word
from workflow.faces.daemon.passes import tick
from workflow.faces.daemon.workplace import Workplace
from workflow.rules.days import danish_day
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import open_agreement, record
from workflow.services.keeping.proved import prove_all
from workflow.services.keeping.proving import prove
from workflow.services.keeping.verifying import verify
from workflow.storage.database import reading, writing
from workflow.storage.facts import documents, journal
from workflow.storage.facts.documents import Attached
from workflow.storage.seals import KINDS, _plain, columns_of, sum_of

mails, link = answering.mails, answering.link
OURS, THEIRS = "aftale til godkendelse.docx", "Midtjyllands fortrolige udkast.docx"
OTHER = "midtjylland/2028-2031"
BYTES = word("Forord", "Ni mål")
SHA = hashlib.sha256(BYTES).hexdigest()


def sends(place: Workplace, clock: Clock, key: str, name: str, version: int = 2) -> None:
    today = danish_day(clock())
    due = today + timedelta(days=90)
    fact = Fact(0, "sent-for-approval", today, version, due=due, by="test", source="test")
    file = Attached(name, BYTES)
    record(place.engine, place.rulebook, key, fact, today=today, at=clock(), attached=file)


@pytest.fixture
def both(mails: list[tuple[str, str]], place: Workplace, clock: Clock) -> None:
    """Midtjylland brought the bytes first, Nordjylland sends the same as its own text."""
    today = danish_day(clock())
    opened = Fact(0, "opened", today, source="test", by="test")
    open_agreement(
        place.engine, place.rulebook, opened, region="midtjylland", term="2026-2029", label="2028-2031",
        at=clock(),
    )  # fmt: skip
    sends(place, clock, OTHER, THEIRS, version=1)
    sends(place, clock, KEY, OURS)
    asyncio.run(tick(place, clock()))


def files_of(place: Workplace, who: str) -> set[str | None]:
    """What the files are called that letters to ``who`` carry."""
    found = set()
    for path in Path(place.settings.inbox).glob("*.eml"):
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        if who in str(mail["To"]):
            found |= {part.get_filename() for part in mail.iter_attachments()}
    return found


@pytest.mark.usefixtures("both")
def test_each_region_sees_its_own_name_on_pages_downloads_letters_proof_and_api(
    app: FastAPI, place: Workplace, clock: Clock, stranger: TestClient, signed_in: SignIn
) -> None:
    for key, region, own, other in ((KEY, "nordjylland", OURS, THEIRS), (OTHER, "midtjylland", THEIRS, OURS)):
        desk = signed_in("secretariat", region=region)
        saved = desk.get(f"/aftaler/{key}/dokumenter/{SHA}")
        assert saved.content == BYTES
        assert own.replace(" ", "-") in saved.headers["Content-Disposition"]
        pages = {path: plain(desk.get(f"/aftaler/{key}{path}")) for path in ("", "/journal")}
        told = json.dumps(desk.get(f"/api/v1/agreements/{key}/facts").json(), ensure_ascii=False)
        for where, page in (pages | {"api": told}).items():
            assert own in page and other not in page, where
        [number] = rows(
            place,
            f"SELECT max(notice.id) FROM notice JOIN agreement ON agreement.id = agreement_id "
            f"WHERE region = '{region}' AND letter = 'sent-for-approval' AND body IS NOT NULL",
        )[0]
        proof = b"".join(prove(place.engine, str(number)).values()).decode("utf-8", "replace")
        assert own in proof and other not in proof
        assert verify(place.engine, key)[1] == []
    assert OURS in files_of(place, "aalborg") and THEIRS not in files_of(place, "aalborg")
    assert THEIRS in files_of(place, "viborg") and OURS not in files_of(place, "viborg")
    asked = [body for to, body in answering.mails_of(place) if "aalborg" in to and "/svar/" in body]
    newest = max(asked, key=lambda body: int(re.search(r"[Vv]ersion\s+(\d)", body)[1]))  # type: ignore[index]
    [link] = {one for one in answering.LINK.findall(newest) if one.startswith("/svar/")}
    assert OURS in plain(stranger.get(link)) and THEIRS not in plain(stranger.get(link))
    for path in (f"{link}/tekst?fil={SHA}", *re.findall(r"http://[^\s/]+(/fil/[\w.-]+)", newest)):
        assert OURS.replace(" ", "-") in stranger.get(path).headers["Content-Disposition"], path


@pytest.mark.usefixtures("both")
def test_the_same_bytes_under_two_names_on_one_agreement_are_told_apart_by_their_line(
    place: Workplace, clock: Clock, signed_in: SignIn
) -> None:
    today = danish_day(clock())
    annex = Fact(0, "annex-added", today, 2, source="Bilag 1", by="test")
    record(
        place.engine,
        place.rulebook,
        KEY,
        annex,
        today=today,
        at=clock(),
        attached=Attached("bilag.docx", BYTES),
    )
    desk = signed_in("secretariat")
    for number, event, name in rows(
        place, "SELECT no, event, document_name FROM fact WHERE document_name <> ''"
    ):
        if name == THEIRS:
            continue
        saved = desk.get(f"/aftaler/{KEY}/dokumenter/{SHA}?nr={number}").headers["Content-Disposition"]
        assert str(name).replace(" ", "-") in saved, event


def test_minutes_keep_the_name_their_council_gave_them_and_the_fact_takes_it_over(
    app: FastAPI, place: Workplace, clock: Clock, stranger: TestClient, link: str, signed_in: SignIn
) -> None:
    minutes = b"%PDF minutes"
    with writing(place.engine) as session:
        documents.keep(session, Attached("en anden regions fil.pdf", minutes), clock())
    data = {"csrf": csrf(stranger, app), "event": "council-approved", "on": answering.MEETING}
    file = {"minutes": ("protokol.pdf", minutes, "application/pdf")}
    assert stranger.post(link, data=data, files=file).status_code == 303
    [(number, name)] = rows(place, "SELECT id, minutes_name FROM reported_decision")
    assert name == "protokol.pdf"
    desk = signed_in("secretariat")
    saved = desk.get(f"/indberetninger/{number}/udskrift")
    assert 'filename="protokol.pdf"' in saved.headers["Content-Disposition"]
    done = {"csrf": csrf(desk, app), "do": "bekraeft", "source": "Protokollen"}
    assert desk.post(f"/indberetninger/{number}", data=done).status_code == 303
    assert rows(place, "SELECT council, document_name FROM fact WHERE document_name <> ''") == [
        ("0851", "protokol.pdf")
    ]
    assert prove_all(place.engine).broken == []
    with writing(place.engine) as session:
        session.execute(text("UPDATE reported_decision SET minutes_name = 'et andet navn.pdf'"))
    assert [one.why for one in prove_all(place.engine).broken if "report" in one.why]
    with writing(place.engine) as session:
        session.execute(text("UPDATE reported_decision SET minutes_name = ''"))
        report = session.execute(select(*columns_of("report"))).one()
    names = [getattr(report, name) for name in KINDS["report"].names]
    plain_sum = hashlib.sha256(json.dumps([_plain(one) for one in names], ensure_ascii=False).encode())
    assert sum_of("report", report) == plain_sum.hexdigest(), (
        "seals from before the name fit as they were made"
    )


def test_a_fact_from_before_names_were_its_own_keeps_its_chain_and_the_name_kept_then(
    place: Workplace, clock: Clock, mails: list[tuple[str, str]], signed_in: SignIn
) -> None:
    with writing(place.engine) as session:
        digest = documents.keep(session, Attached("x", BYTES), clock())
        session.execute(text("UPDATE document SET name = 'gammelt navn.docx'"))
        row = journal.find(session, KEY, lock=True)
        journal.append(session, row, Fact(0, "annex-added", date(2026, 11, 20), 1, document=digest), clock())
        with_name = journal.rows(session, row)[-1]
        assert journal.digest(with_name) == with_name.digest
        with_name.document_name = "et andet navn"
        assert journal.digest(with_name) != with_name.digest, "a name is under the hash where there is one"
        session.expunge(with_name)
    with reading(place.engine) as session:
        assert journal.verify(session, journal.find(session, KEY)) is None
    saved = signed_in("secretariat").get(f"/aftaler/{KEY}/dokumenter/{digest}")
    assert 'filename="gammelt-navn.docx"' in saved.headers["Content-Disposition"]
