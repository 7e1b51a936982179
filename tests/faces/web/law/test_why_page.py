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
        # the order and the guidance
        ("nordjylland/2024-2027/frister/midterm-order", ["Bekendtgørelsen og vejledningen regner hver sin dato"]),
        # no weekend rule; the deviated date was New Year's Day
        (
            "nordjylland/2024-2027/frister/submission",
            ["Flyttes en frist, der falder på en lukkedag?", "tirsdag den 2. januar 2024 Ja, til første hverdag efter"],
        ),
        # "half a year before": the day itself can be argued
        (
            "nordjylland/2024-2027/frister/final-guidance",
            ["Er selve dagen rettidig?", "fredag den 1. januar 2027 Ja, selve dagen er rettidig"],
        ),
        # when the agreements 2024-2027 end
        (
            "nordjylland/2024-2027/frister/final-guidance",
            ["Hvornår udløber aftalerne 2024-2027?", "onsdag den 30. juni 2027 Med udgangen af 2027"],
        ),
        # the year's last day is closed; the years of an agreement from 1 January are one whichever way they are counted
        (
            "nordjylland/2024-2027/frister/annual-review/2026",
            ["Flyttes en frist, der falder på en lukkedag?", "mandag den 4. januar 2027 Ja", "Gælder reglen stadig?"],
        ),
        # Act 719/2025 § 24: the day the rules lapse could not be read
        (
            "syddanmark/2027-2031/frister/submission",
            ["Gælder reglen stadig?", "Lov 719/2025 § 24", "Ingen påmindelser og intet overskredet"],
        ),
    ],
)  # fmt: skip
def test_where_the_law_is_silent_both_readings_stand(
    reader: TestClient, deadline: str, readings: list[str]
) -> None:
    silent = read(reader, f"/aftaler/{deadline}").text.partition("Hvor loven er tavs")[2]
    assert "Denne læsning følges her." in silent
    assert [each for each in readings if each not in silent] == []


def test_a_date_shows_the_reminders_sent_and_those_to_come(shown: tuple[TestClient, Workplace]) -> None:
    page = read(shown[0], f"{NORD}/frister/final-guidance").text.partition(
        "Sendt eller planlagt om denne frist"
    )[2]
    sent, _, coming = page.partition("Kommende påmindelser")
    secretariat = "Region Nordjylland, sekretariatet, regionen"
    assert f"23.11.2026 kl. 9.00 Slutstatus 90 dage før {secretariat} overgivet til mailserver" in sent
    assert "90 dage før" not in coming
    assert f"mandag den 30. november 2026 30 dage før Slutstatus {secretariat}" in coming


def test_a_date_gone_under_either_day_of_the_end_has_no_reminders(reader: TestClient) -> None:
    page = read(reader, f"{SYD}/frister/submission").text
    assert "bortfaldet under begge mulige datoer" in page
    assert "Der kommer ikke flere påmindelser om denne frist" in page


def test_of_two_formulas_the_later_leads_to_the_one_the_reminders_follow(reader: TestClient) -> None:
    page = read(reader, f"{NORD}/frister/final-order")
    assert (
        "følger den tidligste af de to datoer: Slutstatus sendt til Sundhedsstyrelsen (vejledningen)"
        in page.text
    )
    assert f"{NORD}/frister/final-guidance" in [each["href"] for each in page.all("a")]


def test_a_date_goes_into_ones_own_calendar_and_a_past_or_lapsed_one_does_not(reader: TestClient) -> None:
    calendar = reader.get(f"{NORD}/frister/final-guidance/frist.ics")
    assert calendar.headers["Content-Type"].startswith("text/calendar")
    assert "DTSTART;VALUE=DATE:20261231" in calendar.text
    assert reader.get(f"{NORD}/frister/annual-review/2026/frist.ics").status_code == 200
    for gone in (f"{NORD}/frister/submission", f"{SYD}/frister/submission"):
        assert reader.get(f"{gone}/frist.ics").status_code == 404
        assert "frist.ics" not in reader.get(gone).text


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
    "day", ["2024-02-30", "31.4.2024", "5/2024", "9999-12-31", "0001-01-01", "２０２４-02-30", "x" * 999]
)
def test_a_day_that_is_none_is_refused_in_danish(reader: TestClient, day: str) -> None:
    assert "skrevet som 2024-05-01" in read(reader, f"/?pr={day}", 422).text


@pytest.mark.parametrize("day", ["1.5.2024", "01-05-2024", "1. maj 2024", "２０２４-05-01"])
def test_a_day_is_taken_as_people_here_write_it(reader: TestClient, day: str) -> None:
    assert "Siden viser, hvad der var kendt onsdag den 1. maj 2024." in read(reader, f"/?pr={day}").text
