"""A pasted block says of each council what was meant, however its name and day are spelled."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.conftest import ROOT
from tests.services.papers.reading import workbook
from workflow.errors import Invalid
from workflow.rules.days import MONTHS, WEEKDAYS, spoken
from workflow.services.councils.block import read_block, read_sheet
from workflow.services.councils.cells import cell_day
from workflow.services.meetings.naming import Names
from workflow.storage.law.rulebook import load

BOOK = load(ROOT / "calendars")
NAMES = Names(BOOK)
AGREEMENT = BOOK.agreement("syddanmark", "2027-2031", "2026-2029", date(2026, 11, 23))
SHORT = {party.code: party.name.removesuffix(" Kommune") for party in AGREEMENT.parties}

CODES = st.lists(st.sampled_from(sorted(SHORT)), min_size=1, max_size=23, unique=True)
PIECES = st.sampled_from(["Odense", "\t", ";", "16/6-27", "godkendt", "\n", '"', "kl. 17"])
DAYS = st.dates(date(2026, 1, 1), date(2031, 12, 31))


def spelled(code: str, how: int) -> str:
    name = SHORT[code]
    regional = name.startswith("Region")
    return [name, f"{name} Kommune" if not regional else name, code.lstrip("0"), code, name.upper(),
            name.replace("å", "aa").replace("ø", "oe").replace("æ", "ae"), f" {name}  ",
            f"{name} byråd" if not regional else name, name.replace("Aa", "Å")][how]  # fmt: skip


def written(day: date, how: int) -> str:
    month = MONTHS[day.month - 1]
    return [day.isoformat(), f"{day.day}-{day.month:02}-{day.year}", f"{day.day:02}.{day.month:02}.{day.year}",
            f"{day.day}/{day.month}-{day.year % 100:02}", spoken(day), spoken(day, False),
            f"{day.day}. {month[:3]}. {day.year}", f"d. {day.day}/{day.month} {day.year}",
            f"{WEEKDAYS[day.weekday()][:3]}. d. {day.day}. {month} {day.year}",
            f"{day.day:02}-{month[:3]}-{day.year % 100:02}", f"{spoken(day)} kl. 17.00"][how]  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(data=st.data(), codes=CODES, by=st.sampled_from(["\t", ";", " | ", "   "]))
def test_every_spelling_of_a_name_and_a_day_is_read_as_it_was_meant(
    data: st.DataObject, codes: list[str], by: str
) -> None:
    meant = {code: data.draw(DAYS) for code in codes}
    rows = [
        by.join([spelled(code, data.draw(st.integers(0, 8))), written(day, data.draw(st.integers(0, 10)))])
        for code, day in meant.items()
    ]
    found = read_block("\r\n".join(rows), AGREEMENT, NAMES, 1)
    assert found.unread == []
    assert {one.code: one.meets_on for one in found.said} == {
        code: spoken(day, False) for code, day in meant.items()
    }


@settings(max_examples=300, deadline=None)
@given(
    text=st.text(max_size=400)
    | st.lists(st.sampled_from(["Odense", "\t", ";", "16/6-27", "godkendt", "\n", '"', "kl. 17"])).map(
        "".join
    )
)
def test_any_text_is_read_or_told_by_its_line_and_never_raises(text: str) -> None:
    found = read_block(text, AGREEMENT, NAMES, 1)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
    assert all(1 <= number <= lines for number, _, _ in found.unread)
    assert all(one.code in SHORT for one in found.said)
    assert len({one.code for one in found.said}) == len(found.said)


def test_a_heading_says_which_column_is_which() -> None:
    heading = "Kommune\tSvar\tBesluttet\tMøde\tProtokol\n"
    text = f"{heading}Vejle\tGodkendt med bemærkninger\t3/6-2027\t\tpkt. 7\nFanø\t\t\t9/6-27\t"
    vejle, fanoe = read_block(text, AGREEMENT, NAMES, 1).said
    assert (vejle.event, vejle.on) == ("council-remarks", "3. juni 2027")
    assert (vejle.meets_on, vejle.source) == ("", "pkt. 7")
    assert (fanoe.event, fanoe.on, fanoe.meets_on) == ("", "", "9. juni 2027")


def test_without_a_heading_a_decision_takes_the_last_day_and_a_year_above_holds_below() -> None:
    text = "Mødeplan 2027\nVejle: 16. juni\nOdense, onsdag den 16. juni kl. 17\nKolding 17/6"
    found = read_block(text, AGREEMENT, NAMES, 1)
    assert {one.code: one.meets_on for one in found.said} == {
        "0630": "16. juni 2027", "0461": "16. juni 2027", "0621": "17. juni 2027",
    }  # fmt: skip
    text = "Kolding\tgodkendt\t16/6-27\nFanø\t14/6-27\tudsat\t15/6-27"
    told = [(one.meets_on, one.event, one.on) for one in read_block(text, AGREEMENT, NAMES, 1).said]
    assert told == [
        (None, "council-approved", "16. juni 2027"), ("14. juni 2027", "council-postponed", "15. juni 2027"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("Vejle\t16. juni", "året"),
        ("Aarhus\t16/6-27", "ikke part"),
        ("Vejle\t16/6-27\t17/6-27", "flere dage"),
        ("Vejle\tmåske\t16/6-27", "kan ikke læses"),
        ("Vejle", "ingen dag"),
        ("Kode\tVersion\tMøde\n0630\t2\t16/6-27", "version 2"),
        ("Vejle\t16/6-27\nVejle\t17/6-27", "står også i linje 1"),
    ],
)
def test_what_cannot_be_read_says_why(line: str, why: str) -> None:
    found = read_block(line, AGREEMENT, NAMES, 1)
    told = [text for _, _, text in found.unread]
    if why == "året":  # its cell says what is wrong with the day
        assert found.said[0].meets_on == "16. juni" and cell_day("16. juni") is None
    else:
        assert why in told[0]


def test_a_sheet_with_a_note_is_passed_over_and_of_two_with_councils_none_is_read() -> None:
    councils: list[list[object]] = [["Kommune", "Møde"], ["Odense", date(2027, 6, 16)]]
    note: list[list[object]] = [
        ["Forklaring"],
        ["grøn: besluttet, rød: mangler"],
        ["Spørgsmål: tlf. 12 34 56 78"],
    ]
    for sheets in ((councils, note), (note, councils)):
        [odense] = read_sheet("raad.xlsx", workbook(*sheets), AGREEMENT, NAMES, 1).said
        assert (odense.code, odense.meets_on) == ("0461", "16. juni 2027")
    without_days: list[list[object]] = [["Vejle", "godkendt"]]
    with pytest.raises(Invalid, match="»Ark1«, »Ark2«; lad ét stå"):
        read_sheet("raad.xlsx", workbook(councils, without_days), AGREEMENT, NAMES, 1)
