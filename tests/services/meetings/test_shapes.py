"""Shapes in which calendars are found on pages, in mails and in files: each is read as a person reads it."""

from __future__ import annotations

import pytest

from tests.story.living import rules
from workflow.services.meetings.keeping import read_file
from workflow.services.meetings.reading.proposing import Proposed
from workflow.services.meetings.webpage import page_text


def read(text: str, file: str = "liste.txt", year: int | None = None) -> list[Proposed]:
    return read_file(rules(), file, text.encode(), body="0851", year=year)


def told(found: list[Proposed]) -> str:
    """Each meeting that is held: its committee, its day, the day its agenda closes, and a question mark if asked."""
    return "; ".join(
        f"{one.organ or 'Byrådet'} {one.on.day}/{one.on.month}"
        + (f" >{one.agenda_closes.day}/{one.agenda_closes.month}" if one.agenda_closes else "")
        + (" ?" if one.doubt else "")
        for one in found
        if not one.gone
    )


@pytest.mark.parametrize(
    ("text", "days"),
    [
        (
            "Politisk kalender 2027\n"
            "Mandag den 4. januar\tDagsorden til Økonomiudvalget lukker kl. 12\n"
            "Onsdag den 13. januar\tØkonomiudvalget\n"
            "Mandag den 18. januar\tDagsorden til Kommunalbestyrelsen lukker kl. 12\n"
            "Onsdag den 27. januar\tKommunalbestyrelsen\n",
            "Økonomiudvalget 13/1 >4/1; Byrådet 27/1 >18/1",
        ),
        (
            "Mødeplan 2027\n6. januar: Sidste frist for punkter\n19. januar: Byrådsmøde\n"
            "3. februar: Sidste frist for punkter\n16. februar: Byrådsmøde\n",
            "Byrådet 19/1 >6/1; Byrådet 16/2 >3/2",
        ),
        (
            "Mødeplan for Byrådet 2027\n26. januar 2027\nFrist: 12. januar\n23. februar 2027\nFrist: 9. februar\n",
            "Byrådet 26/1 >12/1; Byrådet 23/2 >9/2",
        ),
        (
            "Mødeplan 2027\n\nØkonomiudvalget\n19. januar\nFrist: 5. januar\nDagsorden udsendes 14. januar\n\n"
            "Byrådet\n26. januar\nFrist: 12. januar\nDagsorden udsendes 21. januar\n",
            "Økonomiudvalget 19/1 >5/1; Byrådet 26/1 >12/1",
        ),
    ],
    ids=["rows that name it", "above its meeting", "below its meeting", "with the day it is sent"],
)
def test_the_last_day_for_an_agenda_on_a_line_of_its_own_is_that_of_its_meeting(text: str, days: str) -> None:
    assert told(read(text)) == days


def test_last_days_that_fit_no_meeting_are_asked_about() -> None:
    text = "Byrådets møder 2027\nFrist: 4. januar\nFrist: 12. januar\n26. januar\n23. februar\n"
    assert told(read(text)) == "Byrådet 4/1 ?; Byrådet 12/1 ?; Byrådet 26/1; Byrådet 23/2"


@pytest.mark.parametrize(
    ("file", "line", "doubt"),
    [
        ("moedeplan-2027.txt", "Tirsdag den 26. januar", ""),
        ("moedeplan-2027.txt", "26. januar", "året er taget fra filens navn"),
        ("moedeplan-2028.txt", "Tirsdag den 26. januar", "2028-01-26 er en onsdag, ikke en tirsdag"),
    ],
    ids=["its weekdays agree", "no weekday", "another weekday"],
)
def test_a_year_that_only_the_files_name_tells_is_held_to_the_weekdays(
    file: str, line: str, doubt: str
) -> None:
    found = read(f"Byrådets møder\n{line}\nTirsdag den 23. februar\n", file)
    assert [str(one.on.year) for one in found] == [file[10:14]] * 2
    assert found[0].doubt.replace("26. januar 2028", "2028-01-26") == doubt
    assert bool(found[1].doubt) is bool(doubt)


@pytest.mark.parametrize("file", ["referat-2026-11-24.txt", "moedeplan-2026-2027.txt", "20270112.txt"])
def test_a_day_or_two_years_in_a_files_name_are_no_year(file: str) -> None:
    with pytest.raises(Exception, match="året mangler"):
        read("Byrådets møder\n26. januar\n", file)


def test_what_a_page_offers_behind_each_day_says_nothing_of_it() -> None:
    text = (
        "Byrådet 2027\nTirsdag 26. januar 2027 kl. 18.00 Dagsorden Referat\nTirsdag 23. februar 2027\nÅbn\n"
        "Tirsdag 23. marts 2027 - Se dagsorden (pdf, 1,2 MB)\nDownload\nTirsdag 27. april 2027 Læs mere om mødet\n"
        "[Tirsdag 25. maj 2027](https://kommune.dk/moeder/2027-06-01)\nDagsorden ikke offentliggjort\n"
    )
    assert told(read(text)) == "Byrådet 26/1; Byrådet 23/2; Byrådet 23/3; Byrådet 27/4; Byrådet 25/5"


def test_an_agenda_beside_some_days_alone_is_no_link() -> None:
    found = read(
        "Byrådet 2027\n5. januar - Dagsorden\n12. januar - Møde\n2. februar - Dagsorden\n9. februar - Møde\n"
    )
    assert told(found) == "Byrådet 5/1 ?; Byrådet 12/1; Byrådet 2/2 ?; Byrådet 9/2"


@pytest.mark.parametrize(
    ("text", "days"),
    [
        (
            "Mødekalender 2029\nUge 5 (29. januar - 2. februar)\nOns 31.\tØkonomiudvalget\nTor 1.\tByrådet\n"
            "Uge 6 (5.-9. februar)\nTir 6. Økonomiudvalget\nUge 7 (12.-16. februar)\nVinterferie\n",
            "Økonomiudvalget 31/1; Byrådet 1/2; Økonomiudvalget 6/2",
        ),
        (
            "Mødekalender 2027\nUge 2\nTirsdag: Økonomiudvalget kl. 15\nUge 4\nOnsdag: Byrådet kl. 17\n",
            "Økonomiudvalget 12/1; Byrådet 27/1",
        ),
        (  # a week of another year
            "Mødekalender 2027\nUge 5 (29. januar - 2. februar)\nOns 31.\tØkonomiudvalget\nUge 6 (5.-9. februar)\n"
            "Tir 6. februar Byrådet\n",
            "Økonomiudvalget 31/1 ?; Byrådet 6/2 ?",
        ),
    ],
    ids=["with their days", "weekdays alone", "of another year"],
)
def test_below_the_heading_of_a_week_a_day_is_of_that_week(text: str, days: str) -> None:
    assert told(read(text)) == days


def test_a_line_for_every_day_of_a_month_is_a_calendar() -> None:
    said = {1: "Nytårsdag", 4: "1  ØU kl. 15", 11: "2", 27: "Byråd", 28: "Gruppemøder"}
    days = "\n".join(f"{'FLSMTOT'[(day - 1) % 7]} {day:2}  {said.get(day, '')}" for day in range(1, 32))
    assert told(read(f"JANUAR 2027\n{days}\n")) == "Økonomiudvalget 4/1; Byrådet 27/1"


def test_in_a_table_set_with_spaces_a_cell_belongs_to_the_heading_above_it() -> None:
    text = (
        "Mødeplan 2027\n\n"
        "                              Jan   Feb   Mar   Apr\n"
        "Byrådet       onsdag kl. 18   27          24    28\n"
        "Børneudvalget torsdag kl. 15.30 14              8, 22\n"
    )
    assert told(read(text.replace("15.30 14 ", "15.3 14  "))) == (
        "Børneudvalget 14/1; Byrådet 27/1; Byrådet 24/3; Børneudvalget 8/4; Børneudvalget 22/4; Byrådet 28/4"
    )


def test_a_row_with_fewer_cells_than_headings_is_asked_about_where_they_have_no_places() -> None:
    text = "Mødeplan 2027\nUdvalg  Jan  Feb  Mar\nByrådet  27  24  24\nBørneudvalget  14  8\n"
    assert (
        told(read(text))
        == "Børneudvalget 14/1 ?; Byrådet 27/1; Børneudvalget 8/2 ?; Byrådet 24/2; Byrådet 24/3"
    )


def test_a_table_with_a_cell_a_line_is_read_by_its_rows() -> None:
    text = "Mødekalender 2027\nMåned\nByrådet\nØkonomiudvalget\nJanuar\n26\n12 og 19\nJuli\n-\n-\nAugust\n31\n10\n"
    assert told(read(text)) == (
        "Økonomiudvalget 12/1; Økonomiudvalget 19/1; Byrådet 26/1; Økonomiudvalget 10/8; Byrådet 31/8"
    )
    assert told(read(text.replace("Juli\n-\n-", "Juli\n-"))).endswith("10/8 ?; Byrådet 31/8 ?")


@pytest.mark.parametrize(
    ("title", "last", "asked"),
    [
        ("Mødeplan august 2026 til juni 2027", "", ""),
        ("Mødeplan 2026/2027", "", ""),
        ("Mødeplan 2026/2027", "Onsdag den 17. juni", " ?"),  # a Wednesday in 2026, and out of turn
    ],
)
def test_days_over_two_years_are_those_that_their_weekdays_and_their_order_tell(
    title: str, last: str, asked: str
) -> None:
    days = (
        "26. august",
        "30. september",
        "28. oktober",
        "25. november",
        "27. januar",
        "24. februar",
        "28. april",
    )
    found = read("\n".join((title, *(f"Onsdag den {day}" for day in days), last)))
    assert [one.on.year for one in found if one.on.month != 6] == [2026] * 4 + [2027] * 3
    assert {" ?" if one.doubt else "" for one in found} == {asked}


def test_a_heading_is_known_by_what_it_says_beside_whose_and_when_the_meetings_are() -> None:
    text = (
        "Mødeplan 2027\nØKONOMIUDVALGET, mandage kl. 13.00\n18/1, 8/2\n"
        "Udvalget for Børn, Kultur og Sundhed, mandage kl. 14.30\n11/1, 1/2\nBudget: 1. behandling 13/9\n"
    )
    assert told(read(text)) == (
        "Udvalget for Børn, Kultur og Sundhed 11/1; Økonomiudvalget 18/1; Udvalget for Børn, Kultur og Sundhed 1/2; "
        "Økonomiudvalget 8/2; Udvalget for Børn, Kultur og Sundhed 13/9 ?"
    )


@pytest.mark.parametrize(
    ("line", "whose"),
    [
        ("Sundhedsråd Fyn", "Sundhedsråd Fyn"),
        ("Udvalget Teknik og Miljø", "Udvalget Teknik og Miljø"),
        ("Udvalg for regional udvikling", "Udvalget for regional udvikling"),
        ("Udvalget for plan, udvikling og kultur (kl. 15.00)", "Udvalget for plan, udvikling og kultur"),
    ],
)
def test_a_bodys_name_ends_where_it_ends(line: str, whose: str) -> None:
    assert told(read(f"Mødeplan 2027\n{line}\n12. januar\n")) == f"{whose} 12/1"


def test_what_is_known_for_no_meeting_is_not_asked_about() -> None:
    text = "Byrådet 2027\n26. januar\n25. januar Gruppemøder\n17. maj 2. pinsedag\n22.-29. marts Påske – ingen møder\n"
    assert told(read(text)) == "Byrådet 26/1"
    assert told(read("Byrådet 2027\n26. januar\n9. februar Temamøde\n")) == "Byrådet 26/1; Byrådet 9/2 ?"


def test_a_row_that_names_another_thing_than_a_body_is_asked_about() -> None:
    text = "Mødeplan 2027\n\tJan\tFeb\tMar\nBY\t26\t23\t23\nTemamøder for BY\t\t9\t\n\nBY = Byrådet\n"
    assert told(read(text)) == "Byrådet 26/1; Byrådet 9/2 ?; Byrådet 23/2; Byrådet 23/3"


def test_a_saved_web_page_is_read_as_it_is_seen() -> None:
    page = (
        "<!DOCTYPE html><html><head><title>M&oslash;deplan 2027</title><script>var d='2026-11-20'</script></head><body>"
        "<nav><ul><li>Menu 1. maj 2027</li></ul></nav><h2>Byr&aring;det</h2><ul><li>Tirsdag den 26.&nbsp;januar</li>"
        "<li><s>Tirsdag den 23. februar</s></li><li>Tirsdag den 23. marts <strong>AFLYST</strong></li></ul>"
        "<table><tr><th rowspan=2>Økonomiudvalget</th><td>12. januar</td></tr><tr><td>9. februar</td></tr></table>"
        "<div>\n<a href='x'>\n<span>Børneudvalget</span>\n<time>13. januar 2027</time>\n<span>Planlagt</span>\n</a>"
        "\n</div></body></html>"
    )
    assert [line for line in page_text(page).split("\n") if line] == [
        "Mødeplan 2027", "Byrådet", "Tirsdag den 26. januar", "Tirsdag den 23. februar (?)",
        "Tirsdag den 23. marts AFLYST", "Økonomiudvalget\t12. januar", "Økonomiudvalget\t9. februar",
        "Børneudvalget", "13. januar 2027", "Planlagt",
    ]  # fmt: skip
    assert told(read(page, "side.html")) == (
        "Økonomiudvalget 12/1; Børneudvalget 13/1; Byrådet 26/1; Økonomiudvalget 9/2; Byrådet 23/2 ?"
    )
