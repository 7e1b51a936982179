"""*Registrér*: what is offered, what is shown before it is saved, and that one fact comes of it or a clear no."""

from __future__ import annotations

import re
from html import unescape

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from httpx2 import Response

from tests.faces.web.conftest import Clock, SignIn, csrf, plain
from workflow.faces.daemon.workplace import Workplace
from workflow.lifecycle.names import EVENTS
from workflow.rules.days import danish_day
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import open_agreement, record
from workflow.services.facts.intake import RECORDABLE
from workflow.services.facts.offering import COURSE
from workflow.storage.database import reading
from workflow.storage.facts import journal
from workflow.storage.facts.documents import MOST_BYTES

KEY = "nordjylland/2028-2031"
PAGE = f"/aftaler/{KEY}/registrer"
SENT = {"on": "2026-11-20", "due": "2027-03-01", "source": "Brev af 20. november 2026"}
NASTY = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"


@pytest.fixture
def client(place: Workplace, clock: Clock, signed_in: SignIn) -> TestClient:
    """The region's secretariat, with a new agreement."""
    today = danish_day(clock())
    open_agreement(
        place.engine, place.rulebook, Fact(0, "opened", today, source="test", by="test"), region="nordjylland",
        term="2026-2029", label="2028-2031", at=clock(),
    )  # fmt: skip
    return signed_in("secretariat")


def post(
    client: TestClient, app: FastAPI, path: str, files: dict[str, object] | None = None, **data: str
) -> Response:
    return client.post(path, data={"csrf": csrf(client, app), **data}, files=files)  # type: ignore[arg-type,return-value]


def proposal(page: Response) -> str:
    assert page.status_code == 200, page.text
    found = re.search(r'name="forslag" value="([^"]+)"', page.text)
    assert found
    return unescape(found[1])


def facts(place: Workplace) -> list[Fact]:
    with reading(place.engine) as session:
        return journal.facts(session, journal.find(session, KEY))


def send(client: TestClient, app: FastAPI) -> Response:
    return post(client, app, PAGE, forslag=proposal(post(client, app, f"{PAGE}/sent-for-approval", **SENT)))


def test_every_event_but_the_opening_and_corrections_stands_in_the_course_once() -> None:
    listed = [event for events in COURSE.values() for event in events]
    assert sorted(listed) == sorted(set(RECORDABLE) - {"correction"})


def test_only_what_is_possible_is_offered_and_the_rest_says_why(client: TestClient, app: FastAPI) -> None:
    page = plain(client.get(PAGE))
    assert f'href="{PAGE}/sent-for-approval"' in page and f'href="{PAGE}/submitted"' not in page
    assert "kun en indgået aftale kan revideres" in page.lower() and "VEJ 9008/2024 afsnit 3.6" in page
    assert not [event for event in EVENTS if "-" in event and f">{event}" in page]
    assert send(client, app).status_code == 303
    page = plain(client.get(PAGE))
    assert f'href="{PAGE}/council-approved"' in page and f'href="{PAGE}/sent-for-approval"' not in page
    assert "er allerede sendt til godkendelse" in page and "SUL § 205, stk. 1" in page


def test_the_preview_tells_dates_states_and_letters_and_saves_nothing(
    client: TestClient, app: FastAPI, place: Workplace
) -> None:
    before = len(facts(place))
    page = post(client, app, f"{PAGE}/sent-for-approval", **SENT).text
    assert "til godkendelse i rådene" in page and "til 14 modtagere" in page and "Aalborg Kommune" in page
    assert len(facts(place)) == before
    deviated = {"on": "2026-11-20", "due": "2027-09-01", "source": "brev"}
    moved = plain(post(client, app, f"{PAGE}/deviation", **deviated))
    assert 'datetime="2027-07-01"' in moved and 'datetime="2027-09-01"' in moved
    assert (
        "Der sendes ingen breve" in moved
    )  # no reminder counts down to a date gone under either day of the end
    moved = plain(post(client, app, "/aftaler/nordjylland/2024-2027/registrer/deviation", **deviated))
    assert 'datetime="2024-01-01"' in moved and 'datetime="2027-09-01"' in moved
    assert "Fristen er flyttet" in moved and "14 breve venter på dit svar" in moved


def test_the_preview_tells_a_council_that_awaited_to_answer_and_awaits_again_once_its_answer_is_void(
    client: TestClient, app: FastAPI, place: Workplace
) -> None:
    def states(page: Response) -> list[list[str]]:
        """What changes, from what to what."""
        rows = re.findall(
            r'<th scope="row">([^<]+)</th><td data-name="Før">(.*?)</td>.*?<strong>(.*?)</strong>', page.text
        )
        return [[" ".join(cell.split()) for cell in row] for row in rows]

    assert ["Morsø Kommune, version 1", "–", "afventer"] not in states(
        post(client, app, f"{PAGE}/sent-for-approval", **SENT)
    )
    send(client, app)
    said = {"council": "0773", "on": "2026-11-23", "source": "protokol"}
    page = post(client, app, f"{PAGE}/council-approved", **said)
    assert states(page) == [["Morsø Kommune, version 1", "afventer", "godkendt"]]
    post(client, app, PAGE, forslag=proposal(page))
    void = {"corrects": str(facts(place)[-1].no), "on": "2026-11-23", "source": "forkert råd"}
    page = post(client, app, f"{PAGE}/correction", **void)
    assert states(page) == [["Morsø Kommune, version 1", "godkendt", "afventer"]]


@pytest.mark.fault("F63")
def test_a_double_click_and_the_back_button_give_one_fact(
    client: TestClient, app: FastAPI, place: Workplace
) -> None:
    sealed = proposal(post(client, app, f"{PAGE}/sent-for-approval", **SENT))
    before = len(facts(place))
    answers = [post(client, app, PAGE, forslag=sealed) for _ in range(3)]
    assert {(one.status_code, one.headers["Location"]) for one in answers} == {
        (303, f"/aftaler/{KEY}/journal?gemt=1#nyeste")
    }
    assert len(facts(place)) == before + 1
    assert "Registreret." in client.get(answers[0].headers["Location"]).text


@pytest.mark.fault("F61")
def test_a_stale_preview_is_refused_with_who_and_when_and_keeps_what_was_typed(
    client: TestClient, app: FastAPI, place: Workplace, clock: Clock
) -> None:
    sealed = proposal(post(client, app, f"{PAGE}/sent-for-approval", **SENT))
    other = Fact(0, "goals-set", danish_day(clock()), by="Bente Lund")
    record(place.engine, place.rulebook, KEY, other, today=danish_day(clock()), at=clock())
    before = len(facts(place))
    refused = post(client, app, PAGE, forslag=sealed)
    assert refused.status_code == 409 and len(facts(place)) == before
    assert "Bente Lund har registreret »Fælles mål fastsat« 23. november 2026 kl. 9.00" in plain(refused)
    assert SENT["source"] in refused.text and 'value="2027-03-01"' in refused.text


def test_a_proposal_belongs_to_who_made_it_and_to_its_agreement(
    client: TestClient, app: FastAPI, place: Workplace, signed_in: SignIn
) -> None:
    sealed = proposal(post(client, app, f"{PAGE}/sent-for-approval", **SENT))
    other = signed_in("administrator")
    before = len(facts(place))
    assert post(other, app, PAGE, forslag=sealed).status_code == 422
    assert post(client, app, PAGE, forslag=sealed[:-3] + "abc").status_code == 422
    assert post(client, app, "/aftaler/nordjylland/2024-2027/registrer", forslag=sealed).status_code == 422
    assert len(facts(place)) == before


@pytest.mark.fault("F73")
@pytest.mark.parametrize(
    ("event", "typed", "said"),
    [
        ("sent-for-approval", {"on": ""}, "Skriv en dato."),
        ("sent-for-approval", {"on": "2027-02-30"}, "Skriv en dato, som findes"),
        ("sent-for-approval", {"on": "9999-12-31"}, "Er årstallet rigtigt?"),
        ("sent-for-approval", {"on": "2026-11-20", "version": "٣"}, "Skriv versionens nummer"),
        ("sent-for-approval", {"on": "2026-11-20", "version": str(2**63)}, "Skriv versionens nummer"),
        ("sent-for-approval", {"on": "2026-11-20", "due": "2026-11-01"}, "ligge efter den første dato"),
        ("consultation-opened", {"on": "2026-11-20"}, "Skriv en dato."),
        ("consultation-opened", {"on": "2026-11-20", "due": "2026-12-01", "time": "25:00"}, "klokkeslættet"),
        ("meeting-held", {"on": "2026-11-20", "about": "ufo"}, "Vælg, hvad det drejer sig om."),
        ("council-approved", {"on": "2026-11-20", "council": "9999"}, "Vælg et råd."),
        ("nominal-end", {"on": "2026-11-20", "due": "2032-01-01"}, "Skriv, hvor det fremgår."),
    ],
)
def test_what_cannot_be_right_is_said_beside_its_field_and_what_was_typed_is_kept(
    client: TestClient, app: FastAPI, event: str, typed: dict[str, str], said: str
) -> None:
    answer = post(client, app, f"{PAGE}/{event}", **typed)
    assert answer.status_code == 422 and said in answer.text and 'aria-invalid="true"' in answer.text
    assert "--" not in re.sub(r"<!--.*?-->", "", answer.text)
    if typed.get("on"):
        assert f'value="{typed["on"]}"' in answer.text


def test_what_the_law_refuses_is_said_in_danish_with_its_provision(
    client: TestClient, app: FastAPI, place: Workplace
) -> None:
    send(client, app)
    before = len(facts(place))
    refused = post(client, app, f"{PAGE}/submitted", on="2026-11-21")
    assert refused.status_code == 409 and len(facts(place)) == before
    assert "alle råd skal have godkendt samme version" in refused.text.lower() and "SUL § 205" in plain(
        refused
    )
    assert "submitted er ikke mulig" not in refused.text


def test_a_line_of_the_journal_is_corrected_with_a_reason(
    client: TestClient, app: FastAPI, place: Workplace
) -> None:
    send(client, app)
    number = facts(place)[-1].no
    assert f"/registrer/correction?nr={number}" in client.get(f"/aftaler/{KEY}/journal").text
    form = client.get(f"{PAGE}/correction?nr={number}").text
    assert "gælder ikke længere" in form
    without = post(client, app, f"{PAGE}/correction", corrects=str(number), on="2026-11-21")
    assert without.status_code == 422 and "hvorfor linjen er forkert" in without.text
    page = post(
        client, app, f"{PAGE}/correction", corrects=str(number), on="2026-11-21", source="forkert dato"
    )
    assert post(client, app, PAGE, forslag=proposal(page)).status_code == 303
    assert facts(place)[-1].corrects == number
    assert client.get(f"{PAGE}/correction?nr={number}").status_code == 404


@pytest.mark.fault("F72")
def test_a_document_is_kept_with_its_hash_and_never_shown_whatever_it_is_called(
    client: TestClient, app: FastAPI, place: Workplace
) -> None:
    content = b"<html><script>alert(1)</script>"
    name = '../../etc/"passwd\\<img src=x>.txt'
    refused = post(
        client, app, f"{PAGE}/sent-for-approval", {"document": ("x.html", content, "text/html")}, **SENT
    )
    assert refused.status_code == 422 and "»html« tages ikke imod" in refused.text
    page = post(client, app, f"{PAGE}/sent-for-approval", {"document": (name, content, "text/html")}, **SENT)
    assert "<img src=x>" not in page.text
    assert post(client, app, PAGE, forslag=proposal(page)).status_code == 303
    document = facts(place)[-1].document
    assert document in page.text
    got = client.get(f"/aftaler/{KEY}/dokumenter/{document}")
    assert got.content == content and got.headers["Content-Type"] == "application/octet-stream"
    assert (
        got.headers["Content-Disposition"].startswith("attachment")
        and "/" not in (got.headers["Content-Disposition"].partition("filename*=UTF-8''")[2])
    )
    assert got.headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.fault("F72")
@pytest.mark.parametrize(
    ("content", "status"), [(b"", 422), (b"x" * (MOST_BYTES + 1), 422), (b"x" * (MOST_BYTES + 200_000), 413)]
)
def test_an_empty_or_far_too_large_file_is_refused(
    client: TestClient, app: FastAPI, place: Workplace, content: bytes, status: int
) -> None:
    token = client.get(f"{PAGE}/sent-for-approval")
    assert token.status_code == 200
    answer = client.post(
        f"{PAGE}/sent-for-approval", data={"csrf": csrf(client, app), **SENT},
        files={"document": ("a.pdf", content, "application/pdf")},
    )  # fmt: skip
    assert answer.status_code == status
    assert [fact.event for fact in facts(place)] == ["opened"]


@pytest.mark.fault("F71")
def test_markup_in_a_source_is_shown_as_text_wherever_it_comes(
    client: TestClient, app: FastAPI, place: Workplace
) -> None:
    page = post(client, app, f"{PAGE}/goals-set", on="2026-11-20", source=NASTY)
    saved = post(client, app, PAGE, forslag=proposal(page))
    for text in (page.text, client.get(saved.headers["Location"]).text, client.get(f"/aftaler/{KEY}").text):
        assert "<script>" not in text and "<img" not in text
    assert facts(place)[-1].source == NASTY


def test_a_fact_that_lies_ahead_is_remarked_on_before_it_is_saved(client: TestClient, app: FastAPI) -> None:
    held = {"about": "ssu", "on": "2027-02-10"}
    page = plain(post(client, app, f"{PAGE}/meeting-held", **held))
    assert "10. februar 2027 er ikke kommet endnu" in page and "er »Møde planlagt«" in page
    assert "er ikke kommet endnu" not in post(client, app, f"{PAGE}/meeting-planned", **held).text


def test_a_remark_is_one_sentence_with_one_full_stop(client: TestClient, app: FastAPI) -> None:
    assert send(client, app).status_code == 303
    late = {"council": "0851", "on": "2026-11-23", "due": "2027-06-28"}
    page = plain(post(client, app, f"{PAGE}/council-scheduled", **late))
    assert "Bemærk:" in page and "28. juni 2027" in page and ".." not in page


def test_what_the_authority_found_lacking_is_typed_a_line_each_and_asked_for_where_it_is_not(
    client: TestClient, app: FastAPI, place: Workplace, clock: Clock
) -> None:
    def told(event: str, on: str, **more: object) -> None:
        fact = Fact(0, event, danish_day(clock()).fromisoformat(on), by="test", source="test", **more)  # type: ignore[arg-type]
        record(place.engine, place.rulebook, KEY, fact, today=danish_day(clock()), at=clock())

    told("sent-for-approval", "2026-10-01")
    for party in place.rulebook.parties("nordjylland", danish_day(clock())):
        told("council-approved", "2026-10-20", council=party.code)
    told("submitted", "2026-10-25")
    refusal = {"on": "2026-11-20", "due": "2027-03-01", "source": "Brev"}
    page = post(client, app, f"{PAGE}/sst-refused", **refusal).text
    assert "hvilke krav der ikke er opfyldt, er ikke registreret" in page and "--about" not in page
    page = post(client, app, f"{PAGE}/sst-refused", about=f"Målene: {NASTY}\r\n\r\nIngen plan", **refusal)
    assert NASTY not in page.text and "er ikke registreret" not in page.text
    assert post(client, app, PAGE, forslag=proposal(page)).status_code == 303
    assert facts(place)[-1].about == f"Målene: {NASTY}; Ingen plan"


def test_goals_name_their_national_goals_by_number(
    client: TestClient, app: FastAPI, place: Workplace
) -> None:
    """O-22: BEK 1248/2022 § 19, stk. 2."""
    assert "Nationale mål" in client.get(f"{PAGE}/goals-set").text
    for typed in ("x", "9", "1 og 3"):
        page = post(client, app, f"{PAGE}/goals-set", on="2026-11-20", about=typed)
        assert (page.status_code, "Skriv numrene på de nationale mål" in page.text) == (422, True)
    page = post(client, app, f"{PAGE}/goals-set", on="2026-11-20", about="1, 3")
    post(client, app, PAGE, forslag=proposal(page))
    assert facts(place)[-1].about == "1, 3"
