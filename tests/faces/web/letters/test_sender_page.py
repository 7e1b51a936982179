"""*Afsender og hilsen*: a region's own name beside the sender's address, where answers go, and the closing lines."""

from __future__ import annotations

import asyncio
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient

from tests.faces.conftest import MORNING
from tests.faces.web.conftest import SignIn, csrf, plain
from workflow.faces.daemon.passes import tick
from workflow.faces.daemon.workplace import Workplace
from workflow.services.people.contacts.senders import find_sender, in_letters
from workflow.storage.database import reading
from workflow.storage.facts.acts import acts_of

PAGE = "/indstillinger/afsender"
OWN = {
    "name": "Region Nordjylland, SSU-sekretariatet", "reply_to": "ssu@rn.example",
    "signature": "Anne Ærø\nSSU-sekretariatet\n\n Region Nordjylland ",
}  # fmt: skip


@pytest.fixture
def anne(signed_in: SignIn) -> TestClient:
    return signed_in("secretariat")


def save(client: TestClient, app: FastAPI, **form: str):
    return client.post(PAGE, data={"csrf": csrf(client, app)} | form)


def mails(place: Workplace) -> list[EmailMessage]:
    files = place.settings.inbox.glob("*.eml")
    return [message_from_bytes(file.read_bytes(), policy=policy.default) for file in files]  # type: ignore[misc]


def test_letters_carry_the_regions_own_name_and_reply_address_and_the_senders_address_stays(
    anne: TestClient, app: FastAPI, place: Workplace
) -> None:
    assert save(anne, app, **OWN).headers["location"] == f"{PAGE}?region=nordjylland&gemt=1"
    page = plain(anne.get(PAGE))
    assert f"Region Nordjylland, SSU-sekretariatet &lt;{place.letters.envelope_from}&gt;" in page
    assert "Venlig hilsen<br>Anne Ærø<br>SSU-sekretariatet<br>Region Nordjylland" in page
    asyncio.run(tick(place, MORNING, clock=lambda: MORNING))
    sent = mails(place)
    own = [one for one in sent if one["From"].addresses[0].display_name == OWN["name"]]
    assert 0 < len(own) < len(sent), "each region's letters, and no other's"
    assert {one["From"].addresses[0].addr_spec for one in sent} == {place.letters.envelope_from}
    assert {one["Reply-To"].addresses[0].addr_spec for one in own} == {"ssu@rn.example"}
    text = own[0].get_body(("plain",)).get_content().replace("\r\n", "\n")  # type: ignore[union-attr]
    assert "Venlig hilsen\nAnne Ærø\nSSU-sekretariatet\nRegion Nordjylland" in text
    with reading(place.engine) as session:
        assert in_letters(session, "nordjylland")["closing"] == [
            "Anne Ærø",
            "SSU-sekretariatet",
            "Region Nordjylland",
        ]
        assert in_letters(session, "midtjylland") == dict.fromkeys(("from_name", "reply_to", "closing"))


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ({"name": "chef@andet.example"}, "navn uden adresse"),
        ({"name": "Region\u202eX"}, "navn uden adresse"),
        ({"name": "x" * 81}, "højst 80 tegn"),
        ({"signature": "a\n" * 7}, "højst 6 linjer"),
        ({"signature": "x" * 81}, "højst 80 tegn hver"),
        ({"reply_to": "a@b.example, c@d.example"}, "Skriv én mailadresse"),
        ({"reply_to": "plan@sst.dk"}, "myndighedens"),
    ],
)
def test_what_cannot_be_used_is_told_beside_its_field_and_nothing_is_saved(
    anne: TestClient, app: FastAPI, place: Workplace, form: dict[str, str], says: str
) -> None:
    answer = save(anne, app, **form)
    assert answer.status_code == 422
    assert says in plain(answer)
    assert find_sender(place.engine, place.rulebook, "nordjylland").name == ""


def test_it_is_journalled_once_not_overwritten_and_each_regions_own(
    anne: TestClient, app: FastAPI, place: Workplace, signed_in: SignIn
) -> None:
    save(anne, app, **OWN)
    save(anne, app, **OWN)  # pressed twice
    with reading(place.engine) as session:
        assert [one.by for one in acts_of(session, "sender")] == [
            "Anne secretariat (sekretariat, nordjylland)"
        ]
    assert "ændret af Anne secretariat" in plain(anne.get(PAGE))
    late = save(anne, app, name="Andet", was="0" * 16)
    assert late.status_code == 409 and "imens" in plain(late)
    assert save(anne, app, name="Vores", region="midtjylland").status_code == 404
    assert signed_in("coordinator").get(PAGE).status_code == 404
    assert save(anne, app).status_code == 303  # emptied again
    assert find_sender(place.engine, place.rulebook, "nordjylland").signature == ""
    hostile = save(anne, app, signature="<script>alert(1)</script>")
    assert hostile.status_code == 303
    assert "<script>" not in anne.get(PAGE).text
