"""*Høring* on the site: the register is filled in, answered, told and published; others read no more than is theirs."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from tests.faces.conftest import MORNING
from tests.faces.web.conftest import SignIn, csrf, plain
from tests.faces.web.shown_demo import Read
from tests.services.papers.reading import rows
from workflow.faces.daemon.passes import tick
from workflow.faces.daemon.workplace import Workplace
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import record
from workflow.services.hearing.register import find_register
from workflow.services.keeping.proving import prove
from workflow.services.views.status import find_standing
from workflow.storage.database import writing
from workflow.storage.facts.documents import forget_unused

KEY = "nordjylland/2027-2031"
PAGE, PART = f"/aftaler/{KEY}/hoering", f"/aftaler/{KEY}/hoering/part/0851"
DAY = MORNING.date() - timedelta(days=10)
CLOSES = DAY + timedelta(days=5)


@pytest.fixture(autouse=True)
def _heard(place: Workplace) -> None:
    fact = Fact(0, "consultation-opened", DAY, due=CLOSES, time="12:00", by="x", source="x")
    record(place.engine, place.rulebook, KEY, fact, today=MORNING.date(), at=MORNING)


def post(client: TestClient, app: FastAPI, path: str, **form: Any) -> Response:
    files = {"document": form.pop("document")} if "document" in form else None
    return client.post(path, data={"csrf": csrf(client, app)} | form, files=files)  # type: ignore[return-value]


def answered(client: TestClient, app: FastAPI, part: str = PART, clock: str = "11:42", **more: Any) -> None:
    assert post(client, app, f"{part}/svar", on=CLOSES.isoformat(), clock=clock, **more).status_code == 303
    assert (
        post(client, app, f"{part}/bemaerkning", text="Kapitel 3 <mangler>", where="Kapitel 3").status_code
        == 303
    )


def test_a_register_is_filled_in_answered_and_published_from_the_site(
    signed_in: SignIn, app: FastAPI, place: Workplace
) -> None:
    anne = signed_in("secretariat")
    added = post(
        anne, app, f"{PAGE}/part", name="Ældre Sagen", asked_on=DAY.isoformat(), email="h@aeldre.example"
    )
    assert added.status_code == 303 and "/part/p" in added.headers["location"]
    answered(anne, app, document=("svar.pdf", b"%PDF hele svaret", "application/pdf"))
    page = plain(anne.get(PART))
    assert "kl. 11.42" in page and "Kapitel 3 &lt;mangler&gt;" in page and "Ikke afgjort" in page
    with writing(place.engine) as session:
        forget_unused(session, MORNING + timedelta(days=900))
    file = page.partition(f"{PAGE}/dokument/")[2].partition('"')[0]
    assert anne.get(f"{PAGE}/dokument/{file}").content == b"%PDF hele svaret"
    done = post(anne, app, f"{PART}/afgoer", item=1, taken="nej", because="den er med i kapitel 4")
    assert done.headers["location"] == f"{PART}#nr-1"
    page = plain(anne.get(PART))
    assert "Ikke taget med, fordi den er med i kapitel 4" in page and 'name="to"' in page
    sent = post(anne, app, f"{PART}/brev", to="b@aalborg.example")
    assert sent.status_code == 303
    number = plain(anne.get(PART)).partition("brev nr. ")[2].partition("<")[0]
    assert "Svar på høringssvar" in plain(anne.get(f"/breve/{number}"))
    assert (
        post(
            anne, app, f"{PAGE}/notat", on=MORNING.date().isoformat(), where="rn.example/hoering"
        ).status_code
        == 303
    )
    register = Read(plain(anne.get(PAGE))).text
    assert "rn.example/hoering" in register and "Registret er ændret" not in register
    assert post(anne, app, f"{PART}/slet", number=999_999, why="x").status_code == 404


def test_the_note_is_a_page_a_file_for_word_and_text_with_the_same_words(
    signed_in: SignIn, app: FastAPI
) -> None:
    anne = signed_in("secretariat")
    answered(anne, app)
    page = Read(plain(anne.get(f"{PAGE}/notat"))).text
    text = anne.get(f"{PAGE}/notat.txt").text
    for row in rows(anne.get(f"{PAGE}/notat.docx").content):
        for cell in row:
            assert cell in page and cell in text, cell
    assert "Udkast." in page


def test_the_note_of_a_hearing_that_nobody_has_answered_is_a_page_too(signed_in: SignIn) -> None:
    page = plain(signed_in("secretariat").get(f"{PAGE}/notat"))
    assert "<ul><li>Region Nordjylland</li>" in page and "0 parter af 17 har svaret" in page


def test_a_late_answer_is_marked_wherever_it_stands(signed_in: SignIn, app: FastAPI) -> None:
    anne = signed_in("secretariat")
    answered(anne, app, clock="12:01")
    for path in (PAGE, PART):
        assert "efter fristen" in plain(anne.get(path)), path
    assert "kom efter høringens udløb" in anne.get(f"{PAGE}/notat.txt").text


def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(signed_in: SignIn, app: FastAPI) -> None:
    anne = signed_in("secretariat")
    for path, form, says in (
        (f"{PART}/svar", {"on": "2026-02-30", "clock": "11:42", "source": "sag 7"}, "Skriv en dato"),
        (f"{PART}/svar", {"on": CLOSES.isoformat(), "clock": "25", "source": "sag 7"}, "fx 11:42"),
        (f"{PAGE}/part", {"name": " ", "asked_on": DAY.isoformat(), "email": "sag 7"}, "Navnet mangler"),
        (f"{PAGE}/notat", {"on": MORNING.date().isoformat(), "where": " "}, "hvor notatet er offentliggjort"),
    ):
        answer = post(anne, app, path, **form)
        assert answer.status_code == 422 and says in answer.text and 'aria-invalid="true"' in answer.text, (
            path
        )
        assert "sag 7" in answer.text or "notat" in path
    answer = post(anne, app, f"{PART}/bemaerkning", text="Uden svar")
    assert answer.status_code == 409 and "har ikke svaret" in answer.text
    answered(anne, app)
    assert "Vælg, om bemærkningen er taget med." in post(anne, app, f"{PART}/afgoer", item=1, taken="").text
    assert post(anne, app, f"{PART}/afgoer", item=1, taken="nej", because=" ").status_code == 422


def test_a_council_sees_who_answered_and_the_published_note_but_no_other_s_remarks(
    signed_in: SignIn, app: FastAPI
) -> None:
    anne, aalborg = signed_in("secretariat"), signed_in("council")
    post(anne, app, f"{PAGE}/part", name="Karen Privat", asked_on=DAY.isoformat(), private="1")
    answered(anne, app)
    seen = plain(aalborg.get(PAGE))
    assert "kl. 11.42" in seen and "Karen" not in seen and "En borger" in seen
    assert "mangler&gt;" not in seen and "/part/" not in seen and "Tilføj en part" not in seen
    for path in (PART, f"{PAGE}/notat", f"{PAGE}/notat.docx", f"{PAGE}/notat.txt", f"{PAGE}/offentliggjort"):
        assert aalborg.get(path).status_code == 404, path
    post(anne, app, f"{PART}/afgoer", item=1, taken="ja")
    post(anne, app, f"{PAGE}/notat", on=MORNING.date().isoformat(), where="rn.example/hoering")
    published = plain(aalborg.get(f"{PAGE}/offentliggjort"))
    assert "Taget med" in published and "Karen" not in published


def test_nobody_of_elsewhere_reads_or_writes_it(signed_in: SignIn, app: FastAPI) -> None:
    answered(signed_in("secretariat"), app)
    others = [
        signed_in("secretariat", region="midtjylland"),
        signed_in("council", body="0751"),
        signed_in("authority"),
    ]
    for one in others:
        for path in (PAGE, PART, f"{PAGE}/notat", f"{PAGE}/notat.txt", f"{PAGE}/offentliggjort"):
            assert one.get(path).status_code == 404, path
        assert post(one, app, f"{PART}/bemaerkning", text="deres").status_code == 404
    assert post(signed_in("council"), app, f"{PART}/bemaerkning", text="mit").status_code == 404
    assert post(signed_in("coordinator"), app, f"{PART}/bemaerkning", text="mit").status_code == 404


def test_the_log_the_month_and_the_proof_tell_of_it_to_those_who_may_read_it(
    signed_in: SignIn, app: FastAPI, place: Workplace, tmp_path: Path
) -> None:
    anne = signed_in("secretariat")
    answered(anne, app)
    answered(anne, app, f"{PAGE}/part/0860")
    post(anne, app, f"{PART}/afgoer", item=1, taken="nej", because="for sent")
    post(anne, app, f"{PART}/brev", to="b@aalborg.example")
    log = f"/aftaler/{KEY}/log?hvad=hoering"
    told = Read(plain(anne.get(log))).text
    for said in (
        "Høringssvar modtaget",
        "Bemærkning afgjort",
        "ikke taget med: for sent",
        "Høringspart fået svar",
    ):
        assert said in told, said
    assert "Høringssvar modtaget" not in plain(signed_in("council").get(log))
    month = Read(plain(anne.get(f"/aftaler/{KEY}/maanedsrapport"))).text
    assert "Høringssvar modtaget" in month and "for sent" not in month
    number = plain(anne.get(PART)).partition("brev nr. ")[2].partition("<")[0]
    files = prove(place.engine, number)
    assert b"for sent" in files["hoering.json"] and b'"0860' not in files["hoering.json"]
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    check = [sys.executable, str(tmp_path / "kontroller.py")]
    assert subprocess.run(check, check=False, capture_output=True, text=True).stdout == "alt passer\n"
    (tmp_path / "hoering.json").write_bytes(files["hoering.json"].replace(b"for sent", b"for tidligt"))
    assert (
        "i hoering.json er ændret"
        in subprocess.run(check, check=False, capture_output=True, text=True).stdout
    )


def test_the_register_tells_when_our_own_letter_to_each_party_was_handed_over(
    guest: TestClient, place: Workplace
) -> None:
    key, today = "midtjylland/2027-2031", MORNING.date()
    fact = Fact(
        0, "consultation-opened", today, due=today + timedelta(days=30), time="12:00", by="x", source="x"
    )
    record(place.engine, place.rulebook, key, fact, today=today, at=MORNING)
    assert "brev overgivet" not in plain(guest.get(f"/aftaler/{key}/hoering"))
    asyncio.run(tick(place, MORNING, clock=lambda: MORNING))
    register = find_register(place.engine, find_standing(place.engine, place.rulebook, key, today))
    assert {one.told_at for one in register.parties} == {MORNING}
    page = Read(plain(guest.get(f"/aftaler/{key}/hoering"))).text
    assert page.count("brev overgivet 23.11.2026 kl. 9.00") == len(register.parties)
