"""What stands around a list, or between its days, is none of them: a mail's head, a letter's date, another year, the
number of a house. And whether days or names come first, the whole list tells."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.services.meetings.test_blind import LISTS, read, right
from tests.story.living import rules
from workflow.services.meetings.keeping import read_file
from workflow.services.meetings.reading.proposing import Proposed

LETTER = "3. november 2026\n\nKære alle\n\nHermed mødeplanen.\n\n"
MAIL = "Fra: Anne Holm <a@b.dk>\nSendt: 3. november 2026 09:12\nTil: Sekretariatet\nEmne: VS: Plan\n\nHej\n\n"
AROUND: dict[str, Callable[[str], str]] = {
    "letter": lambda text: LETTER + text,
    "mail": lambda text: MAIL + text,
    "quoted": lambda text: "\n".join(f"> {line}" for line in text.splitlines()),
    "without empty lines": lambda text: "\n".join(line for line in text.splitlines() if line.strip()),
}
SOME = [
    one
    for one in [*LISTS["eleventh"], *LISTS["twelfth"]]
    if one["name"][:2] in ("08", "18", "20", "22", "23", "24", "25") and "sheets" not in one
]
DAYS = [
    "tirsdag den 12. januar 2027",
    "onsdag den 20. januar 2027",
    "tirsdag den 9. februar 2027",
    "onsdag den 24. februar 2027",
    "tirsdag den 9. marts 2027",
    "onsdag den 17. marts 2027",
]
NAMES = ["Teknik", "Byrådet"] * 3
IN_TURN = [
    ("Teknik", date(2027, 1, 12)),
    ("", date(2027, 1, 20)),
    ("Teknik", date(2027, 2, 9)),
    ("", date(2027, 2, 24)),
    ("Teknik", date(2027, 3, 9)),
    ("", date(2027, 3, 17)),
]


def said(text: str) -> list[Proposed]:
    return read_file(rules(), "liste.txt", text.encode(), body="0851")


def plain(found: list[Proposed]) -> list[tuple[str, date]]:
    return [(one.organ, one.on) for one in found if not (one.doubt or one.gone)]


@pytest.mark.parametrize("around", AROUND)
@pytest.mark.parametrize("one", SOME, ids=lambda one: one["name"])
def test_what_stands_around_a_list_is_never_taken_for_one_of_its_days(
    one: dict[str, Any], around: str
) -> None:
    found, wanted = read({**one, "text": AROUND[around](one["text"])}), right(one)
    assert not [each for each in plain(found) if each not in wanted]
    assert wanted.keys() <= {(each.organ, each.on) for each in found if not each.gone}


@pytest.mark.parametrize(
    "below", [NAMES, [*NAMES[:2], "Temadag", *NAMES[3:]], [*NAMES[:2], "Teknik - aflyst", *NAMES[3:]]]
)
def test_a_day_in_turn_with_names_is_that_of_the_name_below_it(below: list[str]) -> None:
    found = said("Mødeplan 2027\n" + "\n".join(f"{on}\n{name}" for on, name in zip(DAYS, below, strict=True)))
    kept = [each for at, each in enumerate(IN_TURN) if below[at] == NAMES[at]]
    assert sorted(plain(found)) == sorted(kept)


@pytest.mark.parametrize("row", ["{0}\nkl. 17\n{1}", "{0}\n{1}\nRådhuset", "{0}\nkl. 17\n{1}\nRådhuset"])
def test_a_day_in_turn_has_its_name_and_its_time_below_it(row: str) -> None:
    rows = "\n".join(row.format(on, name) for on, name in zip(DAYS, NAMES, strict=True))
    assert sorted(plain(said(f"Mødeplan 2027\n{rows}"))) == sorted(IN_TURN)


def test_days_in_turn_with_names_at_both_ends_are_asked_about() -> None:
    rows = "\n".join(f"{on}\n{name}" for on, name in zip(DAYS, NAMES, strict=True))
    assert plain(said(f"Mødeplan 2027\nByrådet\n{rows}")) == []


@pytest.mark.parametrize("foot", ["", "\nKontakt"])
def test_a_day_in_turn_with_names_is_that_of_the_name_above_it_where_names_come_first(foot: str) -> None:
    rows = "\n".join(f"{name}\n{on}" for on, name in zip(DAYS, NAMES, strict=True))
    assert sorted(plain(said(f"Mødeplan 2027\n{rows}{foot}"))) == sorted(IN_TURN)


@pytest.mark.parametrize(
    "head", ["6. januar 2027", "Dato: 6. januar 2027", "Dato: 6. januar 2027\nEmne: Møder"]
)
def test_the_day_of_a_letter_above_its_list_is_asked_about(head: str) -> None:
    found = said(f"{head}\n\nKære alle\n\nByrådets møder i 2027:\n27. januar\n24. februar\n31. marts\n")
    assert {one.on for one in found if one.doubt} == {date(2027, 1, 6)}


@pytest.mark.parametrize(
    ("line", "meeting", "closes"),
    [
        ("26. januar frist 12. januar udsendes 21. januar", date(2027, 1, 26), date(2027, 1, 12)),
        ("Frist 9. februar, udsendelse 18. februar, møde 23. februar", date(2027, 2, 23), date(2027, 2, 9)),
        ("udsendes 25. marts - møde 30. marts", date(2027, 3, 30), None),
        ("12. januar (sagsfrist 22. december 2026)", date(2027, 1, 12), date(2026, 12, 22)),
        ("26. januar (frist 12. januar), kan blive flyttet", None, None),
        ("26. januar, frist for borgere 12. januar, frist for forvaltningen 5. januar", None, None),
    ],
)
def test_of_several_days_on_a_line_words_before_each_tell_which_is_the_meeting(
    line: str, meeting: date | None, closes: date | None
) -> None:
    found = said(f"Mødeplan 2027\nByrådet: {line}\n")
    assert [(one.on, one.agenda_closes) for one in found if not one.doubt] == (
        [(meeting, closes)] if meeting else []
    )


@pytest.mark.parametrize("beside", ["- Overførsler fra 2025", "Evaluering af 2025", "- Opfølgning på 2026"])
def test_the_year_of_another_thing_is_not_that_of_the_days_below_it(beside: str) -> None:
    found = said(f"Mødeplan 2027\nByrådet\n27. januar\n{beside}\n24. februar\n31. marts\n")
    assert {one.on.year for one in found} == {2027}


@pytest.mark.parametrize("address", ["Torvegade 5-7", "Rådhuspladsen 1-3", "Torvet 5"])
def test_the_number_of_a_house_is_no_day(address: str) -> None:
    found = said(f"Møder i 2027\nByrådet, {address}, 12. januar og 9. februar\n")
    assert {one.on for one in found} == {date(2027, 1, 12), date(2027, 2, 9)}


def test_days_below_a_body_whose_heading_calls_its_meeting_off_carry_a_mark() -> None:
    found = said("Mødeplan 2027\nØkonomiudvalget - AFLYST\n12-01-2027\nByrådet\n19-01-2027\n")
    assert plain(found) == [("", date(2027, 1, 19))]


def test_two_months_side_by_side_whose_days_cannot_be_parted_are_asked_about() -> None:
    found = said(
        "Mødeplan 2027\n\nJanuar 2027        Februar 2027\n 4. Byrådet         1. Byrådet\n"
        "11. Byrådet         9. Økonomiudvalget\n\nMarts 2027         April 2027\n"
        " 2. Byrådet i salen på rådhuset  1. Byrådet\n 3. Økonomiudvalget\n"
    )
    in_time = [date(2027, 1, 4), date(2027, 1, 11), date(2027, 2, 1), date(2027, 2, 9)]
    assert [on for _, on in plain(found)] == in_time
    assert len(found) > len(in_time)
