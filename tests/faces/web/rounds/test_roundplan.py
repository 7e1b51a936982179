"""*Rundeplan*: the page says by when the text must be sent, who sets the day, and why, in words and as a drawing."""

from __future__ import annotations

from datetime import date, timedelta

from fastapi.testclient import TestClient

from tests.faces.web.papers.test_exports import table
from tests.faces.web.shown_demo import Read
from tests.story.living import danish
from workflow.faces.daemon.workplace import Workplace
from workflow.services.meetings.keeping import import_meetings, read_file

SYD = "/aftaler/syddanmark/2024-2027"
THEN = "?pr=2023-05-02"


def told(place: Workplace) -> None:
    lines = ["body;organ;date;agenda_closes"]
    for number, party in enumerate(place.rulebook.parties("syddanmark", date(2023, 5, 2))):
        for month in (5, 6):
            on = date(2023, month, 5 + number)
            lines.append(f"{party.code};;{on};{on - timedelta(days=10)}")
    proposed = read_file(place.rulebook, "m.csv", "\n".join(lines).encode())
    import_meetings(
        place.engine,
        place.rulebook,
        proposed,
        source="mødeplaner",
        by="prøve",
        at=danish(date(2023, 1, 2), 9),
    )


def test_the_plan_stands_in_words_as_a_drawing_and_as_a_table(guest: TestClient, place: Workplace) -> None:
    told(place)
    page = Read(guest.get(f"{SYD}/rundeplan{THEN}").text)

    assert "Gul" not in page.text.split("Trin")[0]
    assert (
        "Teksten skal sendes senest fredag den 26. maj 2023, om 24 dage; dagen sættes af Region Syddanmark."
        in page.text
    )
    assert "Det sidste møde, hvor Region Syddanmark kan beslutte, er mandag den 5. juni 2023" in page.text
    assert page.all("polyline")
    assert [one["aria-labelledby"] for one in page.all("svg") if one.get("role") == "img"] == [
        "plan-titel plan-tekst"
    ]
    rows = table(guest, f"{SYD}/eksport/rundeplan.csv{THEN}")
    assert len(rows) == 1 + 23
    assert rows[1][:7] == ["1083", "Region Syddanmark", "ja", "2023-06-05", "2023-05-26", "2023-05-26", "24"]


def test_the_front_page_and_the_agreement_say_the_colour_with_its_reason(
    guest: TestClient, place: Workplace
) -> None:
    before = Read(guest.get(f"/{THEN}").text).text
    assert "Mødekalenderen mangler for 23 af 23 råd" in before
    told(place)
    for path in (f"/{THEN}", f"{SYD}{THEN}"):
        text = Read(guest.get(path).text).text
        assert "Teksten skal sendes senest fredag den 26. maj 2023, om 24 dage" in text, path
    late = Read(guest.get("/?pr=2023-05-30").text).text
    assert "har intet møde tilbage, hvor sagen kan nås inden 1. juli 2023" in late


def test_the_api_gives_the_plan_with_its_colour_and_refuses_where_there_is_none(
    guest: TestClient, place: Workplace
) -> None:
    told(place)
    path = "/api/v1/agreements/syddanmark/2024-2027/plan"
    answer = guest.get(f"{path}?as_of=2023-05-02").json()
    assert (answer["dispatch_by"], answer["blocking"], answer["colour"]) == ("2023-05-26", ["1083"], "grøn")
    assert answer["text"].startswith("Teksten skal sendes senest fredag den 26. maj 2023")
    assert len(answer["councils"]) == 23 and answer["left"] is True
    late = guest.get(path)
    assert late.status_code == 409, "it was submitted long ago"
    assert "intet at planlægge" in late.json()["detail"]


def test_an_agreement_that_is_submitted_has_no_plan(guest: TestClient) -> None:
    page = Read(guest.get(f"{SYD}/rundeplan").text)
    assert "Der er ingen åben frist for indsendelse" in page.text
    assert not page.all("polyline")
