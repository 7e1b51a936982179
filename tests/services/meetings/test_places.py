"""Whose a meeting is, told by the place in which a list names it, and not by the words of the name."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.services.meetings.test_blind import workbook
from tests.story.living import rules
from workflow.rules.days import MONTHS, WEEKDAYS
from workflow.services.meetings.keeping import read_file
from workflow.services.meetings.reading.proposing import Proposed

FIRST = {
    "Byrådet": date(2027, 1, 4),
    "Økonomiudvalget": date(2027, 1, 12),
    "Teknik, Plan og Miljø": date(2027, 1, 20),
}
DAYS = {name: [day + timedelta(weeks=4 * n) for n in range(3)] for name, day in FIRST.items()}
RIGHT = sorted(("" if name == "Byrådet" else name, day) for name, days in DAYS.items() for day in days)
IN_TURN = sorted((day, name) for name, days in DAYS.items() for day in days)


def full(on: date) -> str:
    return f"{WEEKDAYS[on.weekday()].title()} den {on.day}. {MONTHS[on.month - 1]} {on.year}"


def said(text: str) -> list[Proposed]:
    return read_file(rules(), "liste.txt", f"Mødeplan 2027\n\n{text}\n".encode(), body="0851")


def plain(found: list[Proposed]) -> list[tuple[str, date]]:
    return sorted((one.organ, one.on) for one in found if not one.doubt)


def listed(head: str) -> str:
    return "\n\n".join(
        "\n".join([head.format(name), *(f"{full(on)} kl. 16.00" for on in days)])
        for name, days in DAYS.items()
    )


@pytest.mark.parametrize(
    "text",
    [
        *(listed(head) for head in ("{}", "{}:", "{} 2027", "{} (kl. 16.00)", "{}\nMøder i 2027")),
        "\n".join(f"{name}: {', '.join(map(full, days))}" for name, days in DAYS.items()),
        *(
            "\n".join(row.format(full(on), name) for on, name in IN_TURN)
            for row in ("{0} kl. 15.30 {1}", "{0} - {1}", "{1}, {0} kl. 16", "{0}\t{1}", "| {1} | {0} |")
        ),
        "Dato\tTid\tUdvalg\n" + "\n".join(f"{on:%d-%m-%Y}\t16.00\t{name}" for on, name in IN_TURN),
        "\n".join(
            [
                "\t".join(["Måned", *(f"{name} kl. 16" for name in DAYS)]),
                *(
                    "\t".join(
                        [
                            MONTHS[month - 1].title(),
                            *(
                                ", ".join(
                                    f"{WEEKDAYS[on.weekday()]} d. {on.day}."
                                    for on in days
                                    if on.month == month
                                )
                                for days in DAYS.values()
                            ),
                        ]
                    )
                    for month in range(1, 6)
                ),
            ]
        ),
    ],
)
def test_what_stands_where_bodies_stand_is_one_whatever_it_is_called(text: str) -> None:
    assert plain(said(text)) == RIGHT


def test_days_below_the_headings_of_councils_of_citizens_are_theirs_and_not_the_councils_own() -> None:
    text = (
        listed("{}").replace("Byrådet", "Seniorrådet").replace("Økonomiudvalget", "Råd for socialt udsatte")
    )
    found = said(text.replace("Teknik, Plan og Miljø", "Handicaprådet"))
    assert {one.organ for one in found} == {"Seniorrådet", "Råd for socialt udsatte", "Handicaprådet"}
    assert len(found) == len(RIGHT)


@pytest.mark.parametrize(
    "thing", ["Temamøder", "Gruppemøder", "Skoleferier", "Fotografering", "Konferencer og kurser"]
)
def test_what_is_no_body_is_taken_in_the_place_of_one_with_a_mark_alone(thing: str) -> None:
    other = [date(2027, 3, 18), date(2027, 5, 20), date(2027, 9, 23)]
    turns = [*IN_TURN, *((on, thing) for on in other)]
    text = "Dato\tTid\tUdvalg\n" + "\n".join(f"{on:%d-%m-%Y}\t16.00\t{name}" for on, name in turns)
    found = [*said(text), *said(f"{listed('{}')}\n\n{thing}\n" + "\n".join(map(full, other)))]
    assert not [one for one in found if one.on in other and not one.doubt]


@pytest.mark.parametrize("form", ["{0:2} {1}", "{1} {0:2}", "{0}. {1}"])
@pytest.mark.parametrize("apart", ["\t", ""])
def test_a_calendar_of_months_side_by_side_has_each_day_below_its_month(form: str, apart: str) -> None:
    names = {on: name for name, days in DAYS.items() for on in days}
    rows = [[month.title() for month in MONTHS[:3]]]
    for number in range(1, 32):
        row = []
        for month in (1, 2, 3):
            on = date(2027, month, number) if number < 29 or month != 2 else None
            week = f"   {on.isocalendar().week}" if on and on.weekday() == 0 else ""
            row.append(
                f"{form.format(number, WEEKDAYS[on.weekday()][:2].title())} {names.get(on, '')}{week}"
                if on
                else ""
            )
        rows.append(row)
    text = "\n".join(apart.join(cell if apart else cell.ljust(40) for cell in row).rstrip() for row in rows)
    assert plain(said(text)) == [(who, on) for who, on in RIGHT if on.month < 4]


@pytest.mark.parametrize("titled", [True, False], ids=["a row above its days", "its name"])
def test_of_a_workbook_with_a_sheet_for_each_body_all_are_read(titled: bool) -> None:
    head: list[object] = ["Dato", "Kl.", "Bemærkning"]
    sheets: list[tuple[str, list[list[object]]]] = []
    for name, days in DAYS.items():
        title: list[list[object]] = [[f"{name} - møder 2027", "", ""]] if titled else []
        rows: list[list[object]] = [[on, "16.00", ""] for on in days]
        if not titled or name != "Teknik, Plan og Miljø":
            sheets.append((f"Ark{len(sheets)}" if titled else name, [*title, head, *rows]))
    sheets.append(("Ferier", [["Vinterferie", date(2027, 2, 15)]]))
    found = read_file(rules(), "moeder.xlsx", workbook(sheets), body="0851")
    assert plain(found) == [one for one in RIGHT if not titled or one[0] in ("", "Økonomiudvalget")]


def test_beside_committees_the_column_of_meetings_holds_the_days() -> None:
    """ "Møde" may head whose a meeting is or when: with "Udvalg" beside it, it is when."""
    rows = [
        f"{name}\t{on - timedelta(days=11):%d-%m-%Y}\t{on - timedelta(days=4):%d-%m-%Y}\t{on:%d-%m-%Y}"
        for on, name in IN_TURN
    ]
    found = said("\n".join(["Udvalg\tSagsfrist\tUdsendelse af dagsorden\tMøde", *rows]))
    assert plain(found) == RIGHT
    assert all(one.agenda_closes == one.on - timedelta(days=11) for one in found)


@pytest.mark.parametrize("numbered", ["{}\n\n1\n\n\n{}\n\n2", "{}\n\n- 1 -\n\n{}\n2", "{}\n1\n{}\n2"])
def test_the_number_of_a_page_is_no_day_of_the_month_above_it(numbered: str) -> None:
    halves = IN_TURN[: len(IN_TURN) // 2], IN_TURN[len(IN_TURN) // 2 :]
    pages = [
        "\n".join(
            f"{MONTHS[on.month - 1].title()} {on.year}\n{WEEKDAYS[on.weekday()].title()} {on.day}/{on.month}  {name}"
            for on, name in half
        )
        for half in halves
    ]
    assert plain(said(numbered.format(*pages))) == RIGHT


def test_numbers_alone_among_days_told_otherwise_are_asked_about() -> None:
    rows = [f"{full(on)}, {name}" for on, name in IN_TURN]
    found = said("\n".join(["Januar 2027", *rows[:3], "7", "Marts 2027", *rows[3:], "8"]))
    assert plain(found) == RIGHT
