"""Lists in which a year, a heading, a link or what a page hides made another day of what was said."""

from __future__ import annotations

from datetime import date

import pytest

from tests.story.living import rules
from workflow.errors import Invalid
from workflow.rules.days import WEEKDAYS
from workflow.services.meetings.keeping import read_file
from workflow.services.meetings.reading.proposing import Proposed
from workflow.services.meetings.reading.text import read_text


def read(text: str, file: str = "liste.txt", year: int | None = None) -> list[Proposed]:
    return read_file(rules(), file, text.encode(), body="0851", year=year)


def told(found: list[Proposed], *, marked: bool) -> str:
    return " ".join(dict.fromkeys(str(one.on) for one in found if bool(one.doubt) is marked and not one.gone))


def month(head: str, first: str, meets: int) -> str:
    """A calendar's month with a line a day, whose first has the weekday's letter ``first``."""
    at = next(at for at, name in enumerate(WEEKDAYS) if name.startswith(first))
    days = [
        f"{WEEKDAYS[(at + day - 1) % 7][0].upper()} {day}{' Byråd' if day == meets else ''}"
        for day in range(1, 29)
    ]
    return "\n".join([head, *days, ""])


def beside(*heads: str) -> str:
    """Months side by side with a row a day."""
    rows = ["\t".join(f"{day} Byråd" if day == 13 else f"{day}" for _ in heads) for day in range(1, 29)]
    return "\n".join(["\t".join(heads), *rows, ""])


AUTUMN = month("November 2026", "søn", 18) + month("December", "tirs", 16)
WEEKS = (
    "\tMandag\tTirsdag\tOnsdag\tTorsdag\tFredag\n50\t\t\tByråd\n51\t\t\tByråd\n1\t\t\tByråd\n2\t\t\tByråd\n"
)
YEAR_BEGINS = "\tMandag\tTirsdag\tOnsdag\n53\t\t\tByråd\n1\t\t\tByråd\n2\t\t\tByråd\n"
NARROW = "Mødedatoer 2027\n      Deadline   Mødedato\nØU    28. december   6. januar\nØU    3. februar\n"
GROUPS = "Byrådet 2027\nOnsdag den 13. januar: Gruppemøder kl. 16, møde kl. 17\nOnsdag den 10. februar"
PAGE = "<html><body><h1>Byrådets møder 2027</h1><ul>{}<li>Onsdag den 10. marts</li></ul></body></html>"


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        (f"Mødekalender\n{AUTUMN}{month('Januar', 'fre', 20)}", "2026-11-18 2026-12-16 2027-01-20"),
        (f"Byrådets kalender 2027\n{month('Marts', 'søn', 18)}", ""),
        (f"Mødekalender\n{beside('Oktober 2026', 'November', 'December', 'Januar')}", "2026-10-13 2026-11-13"),
        (
            "Byrådets møder efterår 2026\nUge 50\nOnsdag: Byråd\nUge 51\nOnsdag: Byråd\nUge 1\nOnsdag: Byråd\n"
            "Uge 2\nOnsdag: Byråd\n", "2026-12-09 2026-12-16",
        ),
        (f"Mødeplan 2. halvår 2026\nUge{WEEKS}", "2026-12-09 2026-12-16"),
        (f"Mødeplan 2026/27\nUge{WEEKS}", "2026-12-09 2026-12-16"),
        (
            "Mødeplan 2026\nUge 51 (14. - 18. december)\nOnsdag: ØU\nUge 3 (18. - 22. januar)\nOnsdag: ØU\n",
            "2026-12-16 2027-01-20",
        ),
        (
            "Mødeplan 2026\nUge 51 (14. - 18. december)\nOns 16. Byråd\nUge 2 (11. - 15. januar)\nOns 13. Byråd\n",
            "2026-12-16 2027-01-13",
        ),
        ("Mødeplan 2027\nUge\tMandag\tTirsdag\tOnsdag\n51\t\t\tØU\n53\t\t\tØU\n", "2027-12-22"),
        ("Byrådet 2027\n8. januar: Dagsorden\n13. januar: Møde\n20. januar: Referat\n", "2027-01-13"),
        (
            "Byrådet\n8. januar 2027, dagsorden\n13. januar 2027, møde\n20. januar 2027, læs referat\n",
            "2027-01-13 2027-01-20",
        ),
        (GROUPS, "2027-02-10"),
        ("Byrådet 2027\nOnsdag den 13. januar kl. 17 (gruppemøder kl. 16)\nOnsdag den 10. februar", "2027-02-10"),
        (PAGE.format("<li><s>Onsdag den 13. januar<br>Onsdag den 10. februar</s></li>"), "2027-03-10"),
        (PAGE.format("<s><p>Onsdag den 13. januar</p><p>Onsdag den 10. februar</p></s>"), "2027-03-10"),
        (
            PAGE.format('<li><span style="text-decoration: line-through">Onsdag den 13. januar</span></li>'),
            "2027-03-10",
        ),
        (PAGE.format("<li hidden>Onsdag den 13. januar</li>"), "2027-03-10"),
        (PAGE.format('<li style="display:none">Onsdag den 20. januar</li>'), "2027-03-10"),
        ("Byrådet 2027\n13. januar\n10. februar (OBS torsdag)\n10. marts", "2027-01-13 2027-03-10"),
        ("Byrådet 2027\nFebruar: 10. og 24. (OBS: torsdag)\nMarts: 10.", "2027-02-10 2027-03-10"),
        ("Byrådet 2027\n13. januar\n19. maj (tirsdag)", "2027-01-13"),
        ("Byrådet 2027\n13. januar (onsdag)\n19. maj (ons)", "2027-01-13 2027-05-19"),
        (
            "Mødedatoer 2027\n                   Frist        Møde\nByråd              4. januar    13. januar\n"
            "Byråd              1. februar   10. februar\n", "2027-01-13 2027-02-10",
        ),
        (NARROW, "2027-01-06"),
        ("Byrådet efterår 2026\n18. november\n16. december\n20. januar\n17. februar", "2026-11-18 2026-12-16"),
        ("Mødeplan 2026\n\tNov\tDec\tJan\tFeb\nByrådet\t18\t16\t20\t17\n", "2026-11-18 2026-12-16"),
        ("Mødeplan 2026\nByrådet: 18. november, 16. december, 20. januar, 17. februar", ""),
        ("Byrådet 2027\nDagsorden lukker 28. december, møde 13. januar\n10. februar", "2027-01-13 2027-02-10"),
        ("Byrådet 2027\n13. januar kl. 17.00-20.00\n10. februar 16.30-19.30", "2027-01-13 2027-02-10"),
        ("Byrådet 2027\n10. februar\n8. december\nEkstraordinært møde 3. marts", "2027-02-10 2027-03-03 2027-12-08"),
        ("Byrådet 2027\nDato\tUgedag\tMøde\n13. januar\ttirsdag\tByråd\n10. februar\tonsdag\tByråd", "2027-02-10"),
        (f"Mødeplan 2027\nUge{YEAR_BEGINS}", "2026-12-30 2027-01-06 2027-01-13"),
    ],
)  # fmt: skip
def test_only_what_is_plain_is_proposed_without_a_mark(text: str, plain: str) -> None:
    kind = "side.html" if text.startswith("<") else "liste.txt"
    assert told(read(text, kind), marked=False) == plain


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        (f"Byrådets kalender 2027\n{month('Marts', 'søn', 18)}", "2027-03-18"),
        (f"Mødekalender\n{beside('Oktober 2026', 'November', 'December', 'Januar')}", "2026-12-13 2027-01-13"),
        (f"Mødeplan 2026/27\nUge{WEEKS}", "2027-01-06 2027-01-13"),
        ("Mødeplan 2027\nUge\tMandag\tTirsdag\tOnsdag\n51\t\t\tØU\n53\t\t\tØU\n", "2028-01-05"),
        (GROUPS, "2027-01-13"),
        ("Byrådet 2027\nOnsdag den 13. januar 17.00-20.00, gruppemøder 16.00\nOnsdag den 10. februar", "2027-01-13"),
        (PAGE.format('<li style="display:none">Onsdag den 20. januar</li>'), "2027-01-20"),
        (NARROW, "2027-02-03"),
    ],
)  # fmt: skip
def test_what_is_not_plain_is_asked_about_and_not_lost(text: str, marked: str) -> None:
    kind = "side.html" if text.startswith("<") else "liste.txt"
    assert told(read(text, kind), marked=True) == marked


@pytest.mark.parametrize("year", [2027, None])
def test_a_week_whose_heading_has_the_days_of_another_year_carries_a_mark(year: int | None) -> None:
    head = "Møder\n" if year else "Møder 2027\n"
    text = f"{head}Uge 5 (26. januar - 1. februar)\nOnsdag: Byråd\nUge 6 (2. - 8. februar)\nOnsdag: Byråd\n"
    found = read(text, year=year)
    assert len(found) == 2
    assert all(one.doubt for one in found)


@pytest.mark.parametrize(
    ("file", "foot"), [("Sag 2021-0034 mødeplan.txt", ""), ("liste.txt", "© Aalborg Kommune 2021")]
)
def test_the_year_of_a_case_or_of_a_foot_is_not_that_of_the_list(file: str, foot: str) -> None:
    with pytest.raises(Invalid, match="året mangler"):
        read(f"Byrådet\nOnsdag den 13. januar\nOnsdag den 10. februar\n{foot}\n", file)


@pytest.mark.parametrize(
    "text",
    [
        "Byrådet august 2026 til juni 2027\n12. august\n7. juli\n",
        "Mødeplan 2026 - 2027\nByrådet den 17. marts\n",
    ],
)
def test_a_list_over_two_years_is_told_to_write_the_year_behind_the_day(text: str) -> None:
    with pytest.raises(Invalid, match="skriv året bag dagen"):
        read(text)


def test_a_year_of_the_files_name_that_is_over_is_not_taken() -> None:
    text = b"Onsdag den 13. januar\nOnsdag den 10. februar\n"
    assert len(read_file(rules(), "plan-2027.txt", text, body="0851", today=date(2027, 3, 1))) == 2
    with pytest.raises(Invalid, match="året mangler"):
        read_file(rules(), "plan-2021.txt", text, body="0851", today=date(2026, 12, 1))


@pytest.mark.parametrize(
    "text",
    [
        "body;organ;date;ugedag\n0851;;2027-01-13;tirsdag\n0851;;2027-02-10;onsdag\n",
        "Dato;Tid;Dag;Møde\n13-01-2027;17.00;tirsdag;Byråd\n10-02-2027;17.00;onsdag;Byråd\n",
    ],
)
def test_a_weekday_in_a_cell_of_its_own_is_held_to_the_day_of_its_row(text: str) -> None:
    assert told(read(text, "liste.csv"), marked=False) == "2027-02-10"


def test_the_first_week_of_a_year_begins_in_the_year_before() -> None:
    text = "Byrådets møder\nUge\tMandag\tTirsdag\tOnsdag\n1\tByråd\t\t\n2\t\t\tByråd\n"
    assert told(read(text, year=2026), marked=False) == "2025-12-29 2026-01-07"
    text = "Byrådets møder\nUge 1\nMandag: Byråd\nUge 2\nOnsdag: Byråd\n"
    assert told(read(text, year=2026), marked=False) == "2025-12-29 2026-01-07"


def test_the_months_of_a_calendar_go_on_in_the_year_above() -> None:
    text = f"Mødekalender\n{AUTUMN}{month('Januar', 'fre', 20)}{month('Februar', 'man', 17)}"
    assert told(read(text), marked=False).endswith("2027-01-20 2027-02-17")


STEVNS = """Mødeplan 2026

Kommunalbestyrelsen
Torsdag den 29. januar 2026 kl. 18.00

Økonomiudvalget
Tirsdag den 13. januar 2026 kl. 15.00

Børn og Læring
Mandag den 5. januar 2026 kl. 16.00

Plan, Miljø og Teknik
Onsdag den 7. januar 2026 kl. 16.00
"""
SYDDJURS = """Dagsordener og referater

Byrådet
16-12-2026 kl. 17:00
Kommende møde

Familie og institutioner
01-12-2026 kl. 14:30
Kommende møde

Natur, teknik og miljø
30-11-2026 kl. 14:30
Kommende møde
"""
OF_SUBJECTS = {
    STEVNS: {
        ("", "2026-01-29", False), ("Økonomiudvalget", "2026-01-13", False),
        ("Børn og Læring", "2026-01-05", True), ("Plan, Miljø og Teknik", "2026-01-07", True),
    },
    SYDDJURS: {
        ("", "2026-12-16", False), ("Familie og institutioner", "2026-12-01", True),
        ("Natur, teknik og miljø", "2026-11-30", True),
    },
}  # fmt: skip


@pytest.mark.parametrize("text", OF_SUBJECTS, ids=["above its days", "before its day"])
def test_a_committee_named_by_its_subjects_alone_is_proposed_by_them_and_asked_about(text: str) -> None:
    found = read_text(text, "0851", rules().days)
    assert {(one.organ, str(one.on), bool(one.doubt)) for one in found} == OF_SUBJECTS[text]


@pytest.mark.parametrize(
    "heading", ["Plan og miljø", "Møder og dage", "Dato og tid", "Møde og sted", "Onsdage og torsdage"]
)
def test_words_that_every_list_says_are_no_committee_without_a_mark(heading: str) -> None:
    text = f"Byrådets møder 2027\n\nByrådet\nOnsdag den 13. januar\n\n{heading}\n\nTirsdag den 19. januar\n"
    assert [(str(one.on), bool(one.doubt)) for one in read_text(text, "0851", rules().days)] == [
        ("2027-01-13", False), ("2027-01-19", True),
    ]  # fmt: skip


def test_what_heads_days_where_no_body_does_is_no_committee() -> None:
    text = "Byrådets møder 2027\nForår og sommer\nOnsdag den 13. januar\nOnsdag den 10. februar"
    assert {one.organ for one in read_text(text, "0851", rules().days)} == {""}
