"""*Sager til rådene* on the site: from the councils' page, a council's own link, and the number that can be asked."""

from __future__ import annotations

import hashlib
import io
import re
import zipfile

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.faces.web.conftest import Clock, SignIn, csrf, plain
from tests.faces.web.councils import answering
from tests.faces.web.councils.answering import KEY
from tests.faces.web.papers.test_text_travels import sends, to_aalborg
from tests.services.papers.reading import part, said, under
from workflow.faces.daemon.workplace import Workplace

mails, link = answering.mails, answering.link
TEXT = b"teksten"
SHA = hashlib.sha256(TEXT).hexdigest()
PAGE = f"/aftaler/{KEY}/sager"


def number_of(content: bytes) -> str:
    """The number at the foot of the document."""
    return said(part(content, "word/footer.xml")).removeprefix("Sag nr. ").partition(" ")[0]


def test_one_click_gives_every_council_s_case_and_the_row_gives_its_own(
    signed_in: SignIn, place: Workplace, clock: Clock, link: str
) -> None:
    anne = signed_in("secretariat")
    lacks = anne.get(PAGE).text
    assert "Mangler:" in lacks and anne.get(f"{PAGE}.zip").status_code == 409
    line = re.search(r'href="(/aftaler/[^"]*/journal)#(linje\d+)"', lacks)
    assert line and f'id="{line[2]}"><td data-name="Nr.">' in anne.get(line[1]).text
    sends(place, clock, 2, TEXT)
    with zipfile.ZipFile(io.BytesIO(anne.get(f"{PAGE}.zip").content)) as file:
        found = {name: file.read(name) for name in file.namelist()}
    parties = place.rulebook.parties("nordjylland", clock().date())
    assert len(found) == len(parties)
    assert all(SHA in under(content, "Indstilling") for content in found.values())
    row = plain(anne.get(f"/aftaler/{KEY}/raad"))
    assert f'href="{PAGE}/0851.docx"' in row
    own = anne.get(f"{PAGE}/0851.docx").content
    assert own in found.values() and number_of(own) in plain(anne.get(PAGE))


def test_a_council_takes_its_case_by_its_link_and_signed_in_and_no_other_s(
    signed_in: SignIn, place: Workplace, clock: Clock, stranger: TestClient, link: str
) -> None:
    sends(place, clock, 2, TEXT)
    _, mailed = to_aalborg(place, clock)
    page = plain(stranger.get(mailed))
    own = stranger.get(f"{mailed}/sag").content
    assert f"{mailed}/sag" in page and number_of(own) in page
    assert "Sag til Aalborg Kommune." in [said(one) for one in part(own).iter() if one.tag.endswith("}p")]
    council = signed_in("council")
    assert council.get(f"/svar/{KEY}/2/0851/sag").content == own
    assert council.get(f"/svar/{KEY}/2/0813/sag").status_code == 404
    assert council.get(f"/svar/{KEY}/1/0851/sag").status_code == 404, "an older version has no case"


def test_whoever_has_a_document_can_ask_whether_it_holds(
    signed_in: SignIn, place: Workplace, clock: Clock, stranger: TestClient, link: str
) -> None:
    sends(place, clock, 2, TEXT)
    number = number_of(signed_in("secretariat").get(f"{PAGE}/0851.docx").content)
    assert "Ja, dokumentet gælder" in stranger.get("/dokument", params={"nr": number.lower()}).text
    sends(place, clock, 3, b"en anden tekst")
    answer = plain(stranger.get("/dokument", params={"nr": number}))
    assert "Nej, dokumentet er forældet" in answer and "det er nu version 3, der gælder" in answer
    for wrong in ("x", number[:-1] + ("0" if number[-1] != "0" else "1"), "<b>"):
        answer = stranger.get("/dokument", params={"nr": wrong})
        assert answer.status_code == 422 and "<b>" not in answer.text.partition("<main")[2]
    for _ in range(30):
        last = stranger.get("/dokument", params={"nr": "x"})
    assert last.status_code == 429
    assert stranger.get("/dokument").status_code == 200


def test_a_region_writes_its_own_words_and_takes_ours_again(
    signed_in: SignIn, app: FastAPI, place: Workplace, clock: Clock, link: str
) -> None:
    sends(place, clock, 2, TEXT)
    anne, where = signed_in("secretariat"), "/indstillinger/sager?region=nordjylland"

    def save(**form: str) -> int:
        return anne.post(where, data={"csrf": csrf(anne, app)} | form).status_code

    words = "# Vores sag\n\nTeksten, version {version}: {fingeraftryk}"
    assert save(text=words) == 303
    assert [said(one) for one in part(anne.get(f"{PAGE}/0851.docx").content).iter() if one.tag.endswith("}p")] == [
        "Vores sag", f"Teksten, version 2: {SHA}",
    ]  # fmt: skip
    page = anne.get(where).text
    assert "# Vores sag" in page and "af Anne secretariat" in page
    refused = anne.post(where, data={"csrf": csrf(anne, app), "text": "# Uden"})
    assert (
        refused.status_code == 422
        and "{version}, {fingeraftryk} mangler" in refused.text
        and "# Uden" in refused.text
    )
    assert save(back="1") == 303
    assert under(anne.get(f"{PAGE}/0851.docx").content, "Økonomi")
    assert signed_in("secretariat", region="midtjylland").get(where).status_code == 404
    assert signed_in("council").get(where).status_code == 404


@pytest.mark.parametrize("role", ["authority", "council"])
def test_another_region_s_cases_are_not_there(signed_in: SignIn, role: str) -> None:
    where = {"body": "0751"} if role == "council" else {}
    for path in (PAGE, f"{PAGE}.zip", f"{PAGE}/0851.docx"):
        assert signed_in(role, **where).get(path).status_code == 404
