"""Tables to take away: what a Danish spreadsheet opens as it is, and never runs."""

from __future__ import annotations

import csv
import io
import re
from datetime import date, timedelta
from itertools import repeat
from typing import Any

import pytest
from fastapi.testclient import TestClient
from openpyxl import load_workbook

from tests.faces.conftest import MORNING
from workflow.errors import Invalid
from workflow.faces.daemon.workplace import Workplace
from workflow.faces.web.pages.papers.export import as_csv, as_file, as_xlsx
from workflow.rules.days import COPENHAGEN
from workflow.rules.facts import Fact
from workflow.rules.obligation import DUTIES
from workflow.services.facts.agreements import record
from workflow.services.views.exports import DEADLINES
from workflow.services.views.listing import STATUSES, every_deadline, every_letter

SYD_PAGE = "/aftaler/syddanmark/2027-2031"
SYD = f"{SYD_PAGE}/eksport"
SYD_KEY = "syddanmark/2027-2031"


def table(client: TestClient, path: str) -> list[list[str]]:
    answer = client.get(path)
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.headers["Content-Disposition"].startswith("attachment;")
    return list(csv.reader(io.StringIO(answer.content.decode("utf-8-sig")), delimiter=";"))


def workbook(content: bytes) -> list[tuple[Any, ...]]:
    return list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))


def test_the_councils_come_as_csv_and_excel_with_the_same_rows(guest: TestClient) -> None:
    lines = table(guest, f"{SYD}/raad.csv")
    rows = workbook(guest.get(f"{SYD}/raad.xlsx").content)
    assert len(lines) == len(rows) == 24
    assert lines[0][:4] == list(rows[0][:4]) == ["Kode", "Råd", "Version", "Beslutning"]
    assert lines[2][:6] == ["0410", "Middelfart Kommune", "1", "godkendt", "", "2026-11-10"]


def test_deadlines_of_one_agreement_and_of_all_come_as_csv(guest: TestClient) -> None:
    one = table(guest, f"{SYD}/frister.csv")
    assert one[0] == list(DEADLINES) and not {"submission", SYD_KEY, "council-reply"} & {
        c for r in one for c in r
    }
    asked = next(row for row in one if row[1].startswith("Svar fra rådene"))
    law = next(row for row in one if row[1].startswith("Indsendelse"))
    assert asked[:5] == ["Region Syddanmark 2027-2031", "Svar fra rådene ønskes, version 1", "version 1", "Alle råd",
                         "aftalt"]  # fmt: skip
    assert [law[7], law[11], law[4]] == ["2027-07-01", "ja", "lov"]
    everything = table(guest, "/eksport/frister.csv")
    assert len(everything) > 73 and "meeting" not in {line[1] for line in everything}
    assert everything[0] == one[0]
    said = ["Regionsrådet", "lov", "bindende frist", "bortfaldet under begge mulige datoer"]
    assert law[3:7] == said and said in [line[3:7] for line in everything]
    assert not {cell for line in (*one, *everything) for cell in line[3:7]} & {
        *DUTIES,
        *STATUSES,
        "regional-council",
    }


def test_everything_comes_as_excel_too_with_what_is_in_doubt_and_one_region_alone(guest: TestClient) -> None:
    lines, rows = table(guest, "/eksport/frister.csv"), workbook(guest.get("/eksport/frister.xlsx").content)
    assert [line[:4] for line in lines] == [
        ["" if cell is None else cell for cell in row[:4]] for row in rows
    ]
    assert "Region Syddanmark 2027-2031" in {line[0] for line in lines if line[11] == "ja"}
    assert "Region Nordjylland 2015-2018" not in {line[0] for line in lines if line[11] == "ja"}
    assert "reglen kan være ophævet" in guest.get("/frister?region=syddanmark").text
    north = table(guest, "/eksport/frister.csv?region=nordjylland")
    assert {line[0].rpartition(" ")[0] for line in north[1:]} == {"Region Nordjylland"}
    for path in ("/eksport/frister.csv", "/eksport/frister.xlsx", "/eksport/breve.csv"):
        # no file that says there is nothing
        assert guest.get(f"{path}?region=atlantis").status_code == 404


def test_the_deadlines_of_one_status_come_alone_today_and_then_and_a_misspelt_one_not_at_all(
    guest: TestClient, place: Workplace
) -> None:
    everything = table(guest, "/eksport/frister.csv")[1:]
    for status, said in (("overdue", "overskredet"), ("met", "opfyldt")):
        of_status = table(guest, f"/eksport/frister.csv?status={status}")[1:]
        assert of_status and of_status == [line for line in everything if line[6].partition(",")[0] == said]
    then = table(guest, "/eksport/frister.csv?status=met&pr=2024-05-01")[1:]
    assert then and {line[6] for line in then} == {"opfyldt"}
    for asked in ("frister.csv?status=overdeu", "frister.xlsx?status=overdeu", "breve.csv?status=met"):
        assert guest.get(f"/eksport/{asked}").status_code == 422
    assert list(every_deadline(place.engine, None, page=7)) == list(every_deadline(place.engine, None))


@pytest.mark.ticked
def test_a_workbook_reads_as_a_dane_would_write_it(guest: TestClient, place: Workplace) -> None:
    answer = guest.get("/eksport/frister.xlsx?status=upcoming&dage=60&region=syddanmark")
    assert 'filename="syddanmark-frister-kommende.xlsx"' in answer.headers["Content-Disposition"]
    rows = workbook(answer.content)
    assert all(row[7].date() <= MORNING.date() + timedelta(days=60) for row in rows[1:]) and len(rows) > 2
    sheet = load_workbook(io.BytesIO(guest.get("/eksport/breve.xlsx").content)).active
    assert sheet.column_dimensions["C"].width > 20, "titles can be read without dragging the column"
    sent = next(row for row in sheet.iter_rows(min_row=2) if row[12].value)
    assert sent[12].value == MORNING.astimezone(COPENHAGEN).replace(tzinfo=None)
    assert sheet["M1"].value == "Overgivet"
    said = {row[5].value for row in sheet.iter_rows(min_row=2)}
    assert not {one for one in said if one and one.endswith("d")}, "a step is told in words"


@pytest.mark.parametrize("page", [SYD_PAGE, f"{SYD_PAGE}/raad", f"{SYD_PAGE}/breve", "/frister"])
@pytest.mark.ticked
def test_a_page_of_another_day_offers_the_tables_of_that_day(
    guest: TestClient, place: Workplace, page: str
) -> None:
    shown = guest.get(f"{page}?pr=2026-11-24").text
    offered = re.findall(r'href="([^"]*/eksport/[^"]*)"', shown)
    assert len(offered) >= 2 and all("pr=2026-11-24" in link for link in offered)


@pytest.mark.ticked
def test_every_letter_comes_as_csv_and_excel_the_newest_first(guest: TestClient, place: Workplace) -> None:
    lines = table(guest, "/eksport/breve.csv")
    numbers = [int(line[0]) for line in lines[1:]]
    assert len(numbers) > 40 and numbers == sorted(numbers, reverse=True)
    rows = workbook(guest.get("/eksport/breve.xlsx").content)
    assert [str(row[0]) for row in rows] == [line[0] for line in lines]
    book = load_workbook(io.BytesIO(guest.get("/eksport/breve.xlsx").content))
    assert book.active.auto_filter.ref == f"A1:N{len(lines)}" and book.active.freeze_panes == "A2"
    assert [one.id for one in every_letter(place.engine, None, page=7)] == numbers
    asked = next(line for line in lines if line[7] == "sundhed@varde.example")
    assert (asked[2], asked[6]) == ("Aftalen er sendt til godkendelse", "Varde Kommune")
    assert {line[6] for line in lines} >= {"Region Syddanmark", "Region Syddanmark, sekretariatet, regionen"}
    north = table(guest, "/eksport/breve.csv?region=nordjylland")
    assert {line[1].rpartition(" ")[0] for line in north[1:]} == {"Region Nordjylland"}
    assert len(table(guest, "/eksport/breve.csv?pr=2026-11-22")) == 1  # none had been planned


def test_a_workbook_that_would_be_too_large_is_refused_and_csv_named() -> None:
    with pytest.raises(Invalid, match=r"over \d+ rækker.*CSV"):
        as_file(("x",), repeat((1,)), "alt", "xlsx")


@pytest.mark.parametrize(
    "typed", ["=1+1", "+45 12345678", "-2", "@SUM(A1)", " =cmd|'/c calc'!A1", '=HYPERLINK("x")']
)
def test_what_people_typed_is_never_a_formula(guest: TestClient, place: Workplace, typed: str) -> None:
    on = date(2026, 11, 20)
    fact = Fact(0, "council-approved", on, version=1, council="0630", source=typed, known_on=on)
    record(place.engine, place.rulebook, "syddanmark/2027-2031", fact, today=on, at=MORNING)
    told = next(line[6] for line in table(guest, f"{SYD}/raad.csv") if line[0] == "0630")
    assert told.startswith("'")
    book = load_workbook(io.BytesIO(guest.get(f"{SYD}/raad.xlsx").content))
    cell = next(row[6] for row in book.active.iter_rows() if row[0].value == "0630")
    assert cell.data_type == "s"


def test_a_cell_may_hold_semicolons_quotes_lines_and_what_excel_forbids() -> None:
    nasty = 'a;b"c\nd\x00\x0b'
    line = b"".join(as_csv(("x",), [(nasty,)])).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(line, newline=""), delimiter=";")) == [["x"], [nasty]]
    assert workbook(as_xlsx(("x",), [(nasty,)]))[1] == ('a;b"c\nd',)


@pytest.mark.parametrize("path", ["nix.csv", "raad.pdf", "raad", "../raad.csv"])
def test_a_table_that_is_not_there_is_refused(guest: TestClient, path: str) -> None:
    assert guest.get(f"{SYD}/{path}").status_code in (404, 422)
