"""A link that acts is its mailbox's own: nobody else who may read the letter finds it there, in any shape."""

from __future__ import annotations

import io
import zipfile
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.faces.web.conftest import SignIn, csrf
from tests.faces.web.councils import answering
from tests.faces.web.councils.answering import LINK, answer, reports, rows
from workflow.faces.daemon.workplace import Workplace
from workflow.mail.writing.cutting import GONE, cut, cut_mail, nobody

mails, link = answering.mails, answering.link
READERS = [("coordinator", {}), ("coordinator", {"region": "nordjylland"}), ("secretariat", {"region": "nordjylland"}),
           ("administrator", {})]  # fmt: skip


def aalborgs(place: Workplace) -> int:
    query = "SELECT id FROM notice WHERE letter='sent-for-approval' AND recipient='0851/council'"
    return int(str(rows(place, query)[0][0]))


def shapes(client: TestClient, number: int) -> dict[str, str]:
    """The letter in every shape the site gives it in, decoded."""
    eml = client.get(f"/breve/{number}/brev.eml").content
    with zipfile.ZipFile(io.BytesIO(client.get(f"/breve/{number}/bevis.zip").content)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    found = {"page": client.get(f"/breve/{number}").text, "eml": decoded(eml)}
    return found | {
        name: decoded(content) if name.endswith(".eml") else content.decode()
        for name, content in files.items()
    }


def decoded(raw: bytes) -> str:
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    texts = (part for part in mail.walk() if part.get_content_maintype() == "text")
    return "\n".join(str(part.get_content()) for part in texts)


@pytest.mark.parametrize(("role", "where"), READERS, ids=["all", "region", "secretariat", "administrator"])
def test_who_may_not_answer_for_a_council_finds_no_answer_link_in_its_letter(
    place: Workplace, link: str, signed_in: SignIn, role: str, where: dict[str, str]
) -> None:
    client, number = signed_in(role, **where), aalborgs(place)
    for shape, said in shapes(client, number).items():
        assert link not in said and link.rsplit("/", maxsplit=1)[-1] not in said, shape
        if shape in ("page", "eml", "brev-uden-links.eml"):
            assert f"/svar/{GONE}" in said, shape
    assert "brev.eml" not in shapes(client, number)


def test_the_council_itself_finds_its_link_and_the_very_bytes(
    place: Workplace, link: str, signed_in: SignIn
) -> None:
    said = shapes(signed_in("council", body="0851"), aalborgs(place))
    assert link in said["page"] and link in said["brev.eml"]


def test_a_link_cut_out_of_a_letter_answers_for_nobody(
    app: FastAPI, place: Workplace, link: str, signed_in: SignIn, stranger: TestClient
) -> None:
    eml = decoded(signed_in("coordinator").get(f"/breve/{aalborgs(place)}/brev.eml").content)
    (found,) = {one for one in LINK.findall(eml) if one.startswith("/svar/")}
    assert answer(stranger, app, found).status_code == 404 and reports(place) == []
    assert answer(stranger, app, link).status_code == 303 and len(reports(place)) == 1


def test_a_statutory_letter_is_not_acknowledged_by_posting_to_it(
    app: FastAPI, place: Workplace, link: str, signed_in: SignIn
) -> None:
    number = aalborgs(place)
    for role, where in (("council", {"body": "0851"}), ("administrator", {})):
        client = signed_in(role, **where)
        said = client.post(f"/breve/{number}/kvitter", data={"csrf": csrf(client, app)})
        assert said.status_code == 409 and "kan ikke kvitteres væk" in said.text
    assert rows(place, f"SELECT state FROM notice WHERE id = {number}") == [("accepted",)]


def test_what_came_from_ones_own_mailbox_somebody_else_verifies(
    app: FastAPI, place: Workplace, link: str, stranger: TestClient, signed_in: SignIn
) -> None:
    answer(stranger, app, link)
    client = signed_in("secretariat", region="nordjylland")
    with place.engine.begin() as connection:
        connection.exec_driver_sql(
            "UPDATE reported_decision SET by = 'SECRETARIAT-nordjylland@frist.example'"
        )
    data = {"csrf": csrf(client, app), "do": "bekraeft", "source": "Protokol"}
    said = client.post("/indberetninger/1", data=data)
    assert said.status_code == 409 and "en anden skal bekræfte den" in said.text
    assert rows(place, "SELECT state FROM reported_decision") == [("reported",)]


def test_the_inbox_and_its_letters_are_their_owner_s_alone(place: Workplace, link: str) -> None:
    folder = place.settings.inbox
    assert folder.stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in folder.glob("*.eml"))


SPLIT = "https://x.example/svar/WyJub3Jk=\r\namsiXQ.AhLg-frQ_w and https://x.example/kvitter/NDI.PXM2."


@pytest.mark.parametrize("text", [SPLIT, SPLIT.replace("\r\n", "\n")])
def test_a_token_broken_by_quoted_printable_is_cut_whole(text: str) -> None:
    assert cut(text, nobody) == f"https://x.example/svar/{GONE} and https://x.example/kvitter/{GONE}"


def test_a_mail_returned_inside_another_is_cut_too() -> None:
    inner = EmailMessage()
    inner["Subject"] = "Sag"
    inner.set_content(
        "Svar her: https://x.example/svar/WyJub3JkamsiXQ.AhLg-frQ_w\n" + "ø" * 90, cte="quoted-printable"
    )
    outer = EmailMessage()
    outer["Subject"] = "Returned"
    outer.set_content("It came back.")
    outer.add_attachment(inner)
    raw = outer.as_bytes()
    said = cut_mail(raw, nobody)
    assert b"WyJub3JkamsiXQ" not in said and "AhLg-frQ_w" not in decoded(said)
    assert decoded(said).count(GONE) == 1
    assert cut_mail(raw, lambda kind, token: token == "WyJub3JkamsiXQ.AhLg-frQ_w") == raw
