"""Meeting lists as files: what one is, and those in the shapes that journal systems and calendars give out.

Each is a file as it is given to the program: its name, its content, and the truth: ``{organ: "27/1 24/2"}`` ("" is the
council itself), a day that is said not to be held with ``-`` before it; all of 2027 where no year stands behind.
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from typing import NamedTuple

from openpyxl import Workbook

ALL = "27/1 24/2 31/3 28/4 26/5 23/6 25/8 29/9 27/10 24/11 15/12"
FINANCE = "18/1 15/2 15/3 19/4 10/5 14/6 16/8 20/9 18/10 15/11 6/12"


class Published(NamedTuple):
    """One list. ``truth``: as the module says."""

    name: str
    file: str
    content: bytes
    truth: Mapping[str, str]


def text(name: str, words: str, truth: Mapping[str, str], file: str = "side.txt") -> Published:
    return Published(name, file, words.encode(), truth)


def sheet(name: str, rows: Sequence[Sequence[object]], truth: Mapping[str, str]) -> Published:
    book = Workbook()
    page = book.active
    assert page is not None
    for row in rows:
        page.append(list(row))
    content = io.BytesIO()
    book.save(content)
    return Published(name, "moeder.xlsx", content.getvalue(), truth)


def at(said: str) -> datetime:
    """A cell of a workbook that holds a day: such cells know no time zone."""
    return datetime.fromisoformat(said)


def ics(name: str, events: Sequence[str], truth: Mapping[str, str]) -> Published:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Kommune//Kalender//DA"]
    for number, event in enumerate(events):
        uid = [] if event.startswith("UID:") else [f"UID:{number}@kommune.example"]
        lines += ["BEGIN:VEVENT", *uid, *event.split("|"), "END:VEVENT"]
    return Published(name, "kalender.ics", "\r\n".join([*lines, "END:VCALENDAR", ""]).encode(), truth)


FILES = (
    text(
        "CSV of a journal system, every cell in quotes",
        '"Dato";"Ugedag";"Tid";"Udvalg";"Sted"\n"27-01-2027";"Onsdag";"17:00";"Byrådet";"Byrådssalen"\n'
        '"18-01-2027";"Mandag";"16:00";"Økonomiudvalget";"Lokale 1"\n'
        '"24-02-2027";"Onsdag";"17:00";"Byrådet";"Byrådssalen"\n',
        {"": "27/1 24/2", "Økonomiudvalget": "18/1"},
        "moeder.csv",
    ),
    text(
        "CSV with commas and ISO days",
        "udvalg,dato,tid\nByrådet,2027-01-27,17:00\nSundhedsudvalget,2027-02-02,15:30\nByrådet,2027-02-24,17:00\n",
        {"": "27/1 24/2", "Sundhedsudvalget": "2/2"},
        "moeder.csv",
    ),
    text(
        "CSV in our own heading, the council spelt out",
        "Kommune;Udvalg;Dato;Dagsorden lukker\nAalborg Kommune;;27-01-2027;15-01-2027\n"
        "Ålborg;Økonomiudvalget;18-01-2027;\n"
        "851;;24. februar 2027;12. februar 2027\n",
        {"": "27/1 24/2", "Økonomiudvalget": "18/1"},
        "moeder.csv",
    ),
    sheet(
        "a workbook with a row a month and real dates",
        [
            ["Måned", "Økonomiudvalget", "Byrådet"],
            ["Januar", at("2027-01-18"), at("2027-01-27")],
            ["Februar", at("2027-02-15"), at("2027-02-24")],
            ["Marts", at("2027-03-15"), at("2027-03-31")],
        ],
        {"Økonomiudvalget": "18/1 15/2 15/3", "": "27/1 24/2 31/3"},
    ),
    sheet(
        "a workbook as a list with a title above",
        [
            ["Mødekalender 2027", None, None],
            [None, None, None],
            ["Dato", "Tid", "Udvalg"],
            [at("2027-01-27"), time(17), "Byrådet"],
            [at("2027-01-18"), time(16), "Økonomiudvalget"],
            [at("2027-02-24"), time(17), "Byrådet"],
        ],
        {"": "27/1 24/2", "Økonomiudvalget": "18/1"},
    ),
    sheet(
        "a workbook of weeks, the body in the cell of its weekday",
        [
            ["Uge", "Mandag", "Tirsdag", "Onsdag", "Torsdag", "Fredag"],
            ["3", "18/1 2027 Økonomiudvalget", None, None, None, None],
            ["4", None, None, "27/1 2027 Byrådet", None, None],
            ["5", None, "2/2 2027 Sundhedsudvalget", None, None, None],
        ],
        {"Økonomiudvalget": "18/1", "": "27/1", "Sundhedsudvalget": "2/2"},
    ),
    sheet(
        "a workbook in our own heading",
        [
            ["Råd", "Udvalg", "Mødedato", "Frist"],
            ["Aalborg", None, date(2027, 1, 27), date(2027, 1, 15)],
            [851, "Økonomiudvalget", at("2027-01-18T16:00"), None],
        ],
        {"": "27/1", "Økonomiudvalget": "18/1"},
    ),
    ics(
        "a calendar with a time zone of its own, one cancelled",
        [
            "DTSTART;TZID=Europe/Copenhagen:20270127T170000|SUMMARY:Byrådsmøde|LOCATION:Byrådssalen",
            "DTSTART;TZID=Europe/Copenhagen:20270118T160000|SUMMARY:Økonomiudvalget",
            "DTSTART;TZID=Europe/Copenhagen:20270224T170000|SUMMARY:Byrådsmøde - AFLYST",
            "DTSTART;TZID=Europe/Copenhagen:20270331T170000|SUMMARY:Byrådsmøde|STATUS:CANCELLED",
        ],
        {"": "27/1 -24/2 -31/3", "Økonomiudvalget": "18/1"},
    ),
    ics(
        "a calendar in UTC and of whole days, late in the evening",
        [
            "DTSTART:20270127T160000Z|SUMMARY:Møde i Byrådet",
            "DTSTART:20270622T223000Z|SUMMARY:Møde i Byrådet",
            "DTSTART;VALUE=DATE:20270202|SUMMARY:Møde i Sundheds- og Omsorgsudvalget",
        ],
        {"": "27/1 23/6", "Sundheds- og Omsorgsudvalget": "2/2"},
    ),
)
