"""What stands on the page of a date: why it is what it is, and what was known on an earlier day."""

from __future__ import annotations

import pytest
from fastapi.testclient import TestClient

from tests.faces.web import shown_demo
from tests.faces.web.shown_demo import NORD, SYD, read
from workflow.faces.daemon.workplace import Workplace

shown, reader = shown_demo.shown, shown_demo.reader


def test_a_date_is_explained_step_by_step_with_the_laws_own_words(reader: TestClient) -> None:
    page = read(reader, f"{NORD}/frister/submission")
    assert "Lovens frist mandag den 1. januar 2024" in page.text
    assert "Oprindelig frist lørdag den 1. juli 2023" in page.text
    assert "Valgperiodens andet kalenderår er 2023. BEK 1248/2022 § 21, stk. 1" in page.text
    assert "Indsendelsen af sundhedsaftalen skal ske senest den 1. juli" in page.text
    quoted = [each["cite"] for each in page.all("blockquote")]
    assert "https://www.retsinformation.dk/eli/lta/2022/1248" in quoted


@pytest.mark.parametrize(
    ("deadline", "readings"),
    [
        # law.md 6, trap 1: the order and the guidance
        ("nordjylland/2024-2027/frister/midterm-order", ["Bekendtgørelsen og vejledningen regner hver sin dato"]),
        # trap 6: no weekend rule; trap 7: the deviated date was New Year's Day
        ("nordjylland/2024-2027/frister/submission", ["Fristen falder på nytårsdag", "tirsdag den 2. januar 2024"]),
        # "half a year before": the day itself can be argued
        ("nordjylland/2024-2027/frister/final-guidance", ["Er selve dagen rettidig?", "torsdag den 1. juli 2027"]),
        # trap 20: "once a year"
        ("nordjylland/2024-2027/frister/annual-review/2026", ["Hvad er et år?", "Kalenderåret"]),
        # law.md 5: the day the rules lapse could not be read
        ("syddanmark/2027-2031/frister/submission", ["Gælder reglen stadig?", "Lov 719/2025 § 24"]),
    ],
)  # fmt: skip
def test_where_the_law_is_silent_both_readings_stand(
    reader: TestClient, deadline: str, readings: list[str]
) -> None:
    silent = read(reader, f"/aftaler/{deadline}").text.partition("Hvor loven er tavs")[2]
    assert "Denne læsning følges her." in silent
    assert [each for each in readings if each not in silent] == []


def test_a_date_shows_the_reminders_sent_and_those_to_come(shown: tuple[TestClient, Workplace]) -> None:
    page = read(shown[0], f"{SYD}/frister/submission").text.partition("Påmindelser")[2]
    coming = page.partition("Kommende påmindelser")[2]
    assert "fredag den 18. december 2026 194 dage før" not in coming
    assert "30 dage før" in coming
    assert "Region Syddanmark, sekretariatet, regionen" in coming


def test_of_two_formulas_the_later_leads_to_the_one_the_reminders_follow(reader: TestClient) -> None:
    page = read(reader, f"{NORD}/frister/final-order")
    assert (
        "følger den tidligste af de to datoer: Slutstatus sendt til Sundhedsstyrelsen (vejledningen)"
        in page.text
    )
    assert f"{NORD}/frister/final-guidance" in [each["href"] for each in page.all("a")]


def test_a_date_goes_into_ones_own_calendar_and_a_past_one_does_not(reader: TestClient) -> None:
    calendar = reader.get(f"{SYD}/frister/submission/frist.ics")
    assert calendar.headers["Content-Type"].startswith("text/calendar")
    assert "DTSTART;VALUE=DATE:20270701" in calendar.text
    assert reader.get(f"{NORD}/frister/annual-review/2026/frist.ics").status_code == 200
    assert reader.get(f"{NORD}/frister/submission/frist.ics").status_code == 404
    assert "frist.ics" not in reader.get(f"{NORD}/frister/submission").text


def test_an_earlier_day_shows_what_was_known_that_day(reader: TestClient) -> None:
    before = read(reader, f"{NORD}/frister/submission?pr=2023-06-27")
    assert "Lovens frist lørdag den 1. juli 2023" in before.text
    assert "Tilbageblik. Siden viser, hvad der var kendt tirsdag den 27. juni 2023." in before.text
    after = read(reader, f"{NORD}/frister/submission?pr=2023-06-28")
    assert "Lovens frist mandag den 1. januar 2024" in after.text
    autumn = read(reader, f"{NORD}/raad?pr=2023-11-21")
    assert "6 af 12 råd har godkendt version 1" in autumn.text
    assert "?pr=2023-11-21" in " ".join(str(each["href"]) for each in autumn.all("a"))
    assert "2027-2031" not in read(reader, "/?pr=2024-05-01").text  # nobody had been elected to it


@pytest.mark.parametrize(
    "day", ["2024-02-30", "1.5.2024", "9999-12-31", "0001-01-01", "２０２４-05-01", "x" * 999]
)
def test_a_day_that_is_none_is_refused_in_danish(reader: TestClient, day: str) -> None:
    assert "skrevet som 2024-05-01" in read(reader, f"/?pr={day}", 422).text
