"""What a reviewer got past the reader: lists in which a day was taken, lost or called off without a mark."""

from __future__ import annotations

import pytest

from tests.services.meetings.publishedfiles import ics
from tests.services.meetings.test_reading import told
from tests.story.living import rules
from workflow.services.meetings.keeping import read_file
from workflow.services.meetings.reading.proposing import Proposed
from workflow.services.meetings.reading.text import read_text

COUNCIL = "Byrådet 2027\nOnsdag den 13. januar 2027\nOnsdag den 10. februar 2027\nOnsdag den 10. marts 2027\n"
WEEKS = "Byrådets og udvalgenes møder 2027\nUge\tMandag\tTirsdag\tOnsdag\tTorsdag\tFredag\n"
CHAIN = "Mødeplan 2027\nFrist\tØkonomiudvalget\tFrist\tByrådet\tBemærkninger\n"
CHAIN += "1. februar\t9. februar\t15. februar\t24. februar\t"


def read(text: str) -> list[Proposed]:
    return read_text(text, "0851", rules().days)


def events(*said: str) -> list[Proposed]:
    return read_file(rules(), "kalender.ics", ics("", said, {}).content, body="0851")


@pytest.mark.parametrize(
    ("line", "marked"),
    [
        ("Martsmødet er aflyst.", "2027-03-10"),
        ("Mødet i marts udgår", "2027-03-10"),
        ("Byrådets møde i februar aflyses", "2027-02-10"),
        ("Der er ikke møde i Byrådet i marts.", "2027-03-10"),
        ("Der holdes ingen møder i marts", "2027-03-10"),
        ("På grund af vinterferien er mødet i februar aflyst", "2027-02-10"),
        ("Mødet i uge 10 er aflyst", "2027-03-10"),
        ("Februarmødet flyttes en uge frem", "2027-02-10"),
        ("Mødet er flyttet.", "2027-01-13 2027-02-10 2027-03-10"),
    ],
)
def test_what_calls_off_or_moves_a_month_marks_the_day_of_that_month(line: str, marked: str) -> None:
    assert told(read(f"{COUNCIL}{line}"), marked=True) == marked
    above, _, below = COUNCIL.partition("\n")
    between = told(read(f"{above}\n{line}\n{below}"), marked=True)
    assert set(marked.split()) <= set(between.split())  # above the list it may be taken for a heading too


@pytest.mark.parametrize(
    ("line", "plain"),
    [
        ("Mødet i februar er flyttet til onsdag den 17. februar 2027", "2027-01-13 2027-02-17 2027-03-10"),
        ("Mødet er flyttet til onsdag den 17. februar 2027", "2027-01-13 2027-02-17"),
        ("Møderne i Byrådet i marts er rykket til 31. marts", "2027-01-13 2027-02-10 2027-03-31"),
    ],
)
def test_a_month_that_moves_to_a_day_leaves_its_old_day_marked(line: str, plain: str) -> None:
    assert told(read(f"{COUNCIL}{line}"), marked=False) == plain


@pytest.mark.parametrize(
    "line",
    [
        "Økonomiudvalgets møde i marts aflyses",
        "Der holdes ingen møder i juli",
        "Sommerferie – ingen politiske møder",
        "Møder kan aflyses med kort varsel.",
        "Mødefri i uge 7",
    ],
)
def test_what_is_called_off_for_another_day_or_body_marks_none(line: str) -> None:
    text = f"{COUNCIL}{line}\nOnsdag den 14. april 2027"
    assert told(read(text), marked=False) == "2027-01-13 2027-02-10 2027-03-10 2027-04-14"


def test_a_row_of_a_week_calendar_is_no_heading_of_a_chain() -> None:
    rows = "3\tØU\tTeknisk Udvalg\tByråd\t\t\n8\tØU\tFrist for Byrådet\tByråd\t\t\n9\tØU\t\tByråd\t\t\n"
    found = {(one.organ, str(one.on)) for one in read(WEEKS + rows)}
    assert found >= {("", "2027-02-24"), ("Økonomiudvalget", "2027-02-22"), ("", "2027-03-03")}
    assert {("Teknisk Udvalg", "2027-01-19"), ("", "2027-01-20")} <= found


@pytest.mark.parametrize("heading", ["Mødeplan 2027\n", "Mødeplan\n"])
def test_a_day_in_a_cell_of_a_week_calendar_loses_no_meeting(heading: str) -> None:
    rows = (
        "6\tØU\tSocialudvalg\tByråd\t\t\n7\tØU\tFrist 17/2 2027\tByråd\t\t\n"
        "8\tØU\tSocialudvalg\tByråd kl. 17 (frist 15.2.)\t\t\n9\tØU\tSocialudvalg\tByråd 4/3\t\t\n"
        "10 (vinter)\tØU\t9/3 Socialudvalg\tByråd\t\t\n"
    )
    found = read(heading + WEEKS.partition("\n")[2] + rows)
    council = {str(one.on): one for one in found if not one.organ}
    assert council.keys() >= {"2027-02-10", "2027-02-17", "2027-02-24", "2027-03-03", "2027-03-10"}
    assert str(council["2027-02-24"].agenda_closes) == "2027-02-15"
    assert [day for day, one in council.items() if not one.doubt] == [
        "2027-02-10", "2027-02-17", "2027-02-24", "2027-03-10",
    ]  # fmt: skip
    assert [str(one.on) for one in found if one.organ == "Økonomiudvalget"] == [
        "2027-02-08", "2027-02-15", "2027-02-22", "2027-03-01", "2027-03-08",
    ]  # fmt: skip
    social = {str(one.on) for one in found if one.organ == "Socialudvalget" and not one.doubt}
    assert social == {"2027-02-09", "2027-02-23", "2027-03-02", "2027-03-09"}


@pytest.mark.parametrize(
    ("remark", "plain", "marked"),
    [
        ("Byrådet aflyst", "Økonomiudvalget 2027-02-09/2027-02-01 -2027-02-24/2027-02-15", ""),
        ("Aflyst", "", "Økonomiudvalget -2027-02-09/2027-02-01 -2027-02-24/2027-02-15"),
        ("", "Økonomiudvalget 2027-02-09/2027-02-01 2027-02-24/2027-02-15", ""),
    ],
)
def test_a_remark_in_a_chain_is_of_the_body_it_names(remark: str, plain: str, marked: str) -> None:
    found = read(CHAIN + remark)
    assert (told(found, marked=False), told(found, marked=True)) == (plain, marked)


@pytest.mark.parametrize(
    "said",
    [
        "14. juli fri",
        "Onsdag den 16. juni 2027 fri",
        "10. marts 2027 - Direktionen",
        "13. april 2027 Forvaltningen",
        "14. april 2027 direktionen indstiller sagen",
        "Onsdag 17. februar 2027 referatet offentliggjort",
        "9. juni 2027 Byens dag",
        "7. juni 2027 Kommunens dag",
        "29. september Åbent Hus",
        "29. september åbent hus",
        "10. februar 2027 kl. 17 administrationen holder møde",
        "3. marts Ungdommens Byråd",
        "Møde i Børnenes Byråd 3. marts",
    ],
)
def test_a_day_that_is_another_thing_carries_a_mark(said: str) -> None:
    found = read(f"Byrådet 2027\n27. januar\n{said}\n12. maj")
    assert len(found) == 3
    assert told(found, marked=False) == "2027-01-27 2027-05-12"


@pytest.mark.parametrize("said", ["Fri 12 March 2027", "Friday 12 March 2027", "Mon 15 March 2027 fri"])
def test_an_english_weekday_is_understood_where_it_stands_as_one(said: str) -> None:
    found = read(f"Council meetings 2027\n{said}")
    assert [bool("fri«" in one.doubt) for one in found] == ["fri" in said]
    assert "Fri" not in found[0].doubt


@pytest.mark.parametrize(
    "heading", ["Ungdommens Byråd", "Børnenes Byråd", "Møder i Ungdommens Byråd", "Unges byråd", "Unge Byråd"]
)
def test_a_council_of_the_young_is_not_the_council(heading: str) -> None:
    found = read(f"Byrådets møder 2027\n27. januar\n24. februar\n\n{heading}\n3. marts\n7. april\n")
    assert told(found, marked=False) == "2027-01-27 2027-02-24"


@pytest.mark.parametrize(
    "heading", ["Horsens Byråd", "Møder i Randers Byråd", "Halsnæs Kommunes Kommunalbestyrelse"]
)
def test_a_council_whose_town_ends_like_an_owner_is_the_council(heading: str) -> None:
    assert told(read(f"{heading} 2027\n3. marts\n7. april\n"), marked=False) == "2027-03-03 2027-04-07"


def test_a_cell_with_two_bodies_gives_both_with_a_mark() -> None:
    rows = (
        "10-02-2027\tByråd/ØU\n17-03-2027\tByrådet og Økonomiudvalget\n24-03-2027\tTeknisk Udvalg/Byrådet\n"
    )
    found = read(f"Dato\tUdvalg\n{rows}14-04-2027\tByrådets Økonomiudvalg\n")
    assert told(found, marked=True) == (
        "2027-02-10 Økonomiudvalget 2027-02-10 2027-03-17 Økonomiudvalget 2027-03-17 "
        "2027-03-24 Teknisk Udvalg 2027-03-24"
    )
    assert told(found, marked=False) == "Økonomiudvalget 2027-04-14"


def test_a_column_of_two_bodies_gives_both_with_a_mark() -> None:
    found = read("Måned 2027\tByrådet og Økonomiudvalget\tTeknisk Udvalg\nFebruar\t10.\t9.\nMarts\t17.\t16.")
    assert told(found, marked=True) == (
        "2027-02-10 Økonomiudvalget 2027-02-10 2027-03-17 Økonomiudvalget 2027-03-17"
    )


@pytest.mark.parametrize("heading", ["Aflyste møder", "Følgende møder er aflyst:", "Disse møder udgår"])
def test_days_below_a_heading_that_calls_them_off_are_not_plain(heading: str) -> None:
    found = read(f"Byrådet 2027\n27. januar\n24. februar\n\n{heading}\n3. marts\n7. april\n")
    assert not {"2027-03-03", "2027-04-07"} & set(told(found, marked=False).split())


def test_a_row_of_our_own_table_that_is_told_twice_or_of_two_carries_a_mark() -> None:
    rows = "851;;27-01-2027;\n851;;27-01-2027;aflyst\n851;Byrådet og Økonomiudvalget;24-02-2027;\n851;;10-03-2027;\n"
    content = f"Råd;Udvalg;Mødedato;Bemærkning\n{rows}".encode()
    found = read_file(rules(), "plan.csv", content, body="0851")
    assert told(found, marked=True) == "2027-01-27 Økonomiudvalget 2027-02-24"


def test_an_event_of_two_bodies_gives_both_with_a_mark() -> None:
    found = events("DTSTART;VALUE=DATE:20270210|SUMMARY:Byrådet og Teknisk Udvalg")
    assert told(found, marked=True) == "2027-02-10 Teknisk Udvalg 2027-02-10"


@pytest.mark.parametrize("order", [(0, 1), (1, 0), (0, 1, 0), (1, 0, 0)])
def test_an_event_that_is_held_and_called_off_on_one_day_carries_a_mark(order: tuple[int, ...]) -> None:
    said = ("SUMMARY:Byrådet", "SUMMARY:Byrådet|STATUS:CANCELLED")
    found = events(*(f"DTSTART;VALUE=DATE:20270210|{said[at]}" for at in order))
    assert told(found, marked=True) == "2027-02-10"


def test_an_event_of_the_day_off_carries_a_mark() -> None:
    assert told(events("DTSTART;VALUE=DATE:20270714|SUMMARY:Byrådet fri"), marked=True) == "2027-07-14"


@pytest.mark.parametrize("whose", ["Møde", "Økonomiudvalget"])
def test_a_move_on_a_line_of_its_own_in_a_block_leaves_no_old_day_plain(whose: str) -> None:
    blocks = [f"Onsdag {day} 2027\n{whose}\n{more}" for day, more in (
        ("13. januar", "Kl. 17"), ("10. februar", "Flyttet til 17. februar"), ("10. marts", "Kl. 17"),
        ("14. april", "Kl. 17"), ("12. maj", "Kl. 17"),
    )]  # fmt: skip
    found = read("Byrådet 2027\n\n" + "\n\n".join(blocks))
    assert not [one for one in found if str(one.on) == "2027-02-10" and not one.doubt and not one.gone]
    assert "2027-02-17" in {str(one.on) for one in found}


@pytest.mark.parametrize(
    "said",
    [
        "Møde 17. marts, udsendes 12. marts",
        "17. marts (dagsorden udsendes 12. marts)",
        "17. marts (dagsorden udsendes senest 12. marts)",
        "17. marts, dagsordenen offentliggøres 12. marts",
        "17. marts, materialet sendes ud 12. marts",
        "17. marts (12. marts)\nI parentes står dagen, hvor dagsordenen udsendes",
    ],
)
def test_the_day_an_agenda_is_sent_is_not_the_day_it_closes(said: str) -> None:
    found = read(f"Byrådet 2027\n{said}")
    assert "2027-03-17" in {str(one.on) for one in found}
    assert {one.agenda_closes for one in found} == {None}


def test_the_day_an_agenda_closes_is_read_beside_words_of_sending() -> None:
    found = read(
        "Byrådet 2027\n17. marts (frist for punkter 12. marts)\n14. april, dagsorden lukker 6. april"
    )
    assert told(found, marked=False) == "2027-03-17/2027-03-12 2027-04-14/2027-04-06"


TABLE = "| Dato | Møde | Dagsorden lukker |\n|---|---|---|\n"


def test_an_agenda_that_closes_in_december_is_of_the_year_before_its_january_meeting() -> None:
    found = read(
        f"Mødeoversigt 2027\n\n{TABLE}| 14. jan | Byrådet | 28. dec |\n| 25. feb | Byrådet | 16. feb |\n"
    )
    assert told(found, marked=False) == "2027-01-14/2026-12-28 2027-02-25/2027-02-16"


def test_an_agenda_that_closes_after_its_meeting_is_asked_about_and_not_kept() -> None:
    found = read(
        f"Mødeoversigt 2027\n\n{TABLE}| 14. jan | Byrådet | 28. jan |\n| 25. feb | Byrådet | 16. feb |\n"
    )
    [asked] = [one for one in found if one.doubt]
    assert (asked.on.isoformat(), asked.agenda_closes) == (
        "2027-01-14",
        None,
    ) and "lukker efter mødet" in asked.doubt


@pytest.mark.parametrize(
    "line",
    [
        "Møde 14. januar, dagsorden lukker 28. december",
        "Møde 14. januar (frist for dagsorden 28. december)",
        "Dagsorden lukker 28. december til mødet 14. januar",
        "14. januar 2027, frist for punkter 28. december 2026",
    ],
)
def test_an_agenda_that_closes_in_december_is_of_the_january_after(line: str) -> None:
    found = read(f"Byrådets møder 2027\n{line}\nMøde 11. februar, dagsorden lukker 28. januar")
    assert [str(one.on) for one in found] == ["2027-01-14", "2027-02-11"]
    assert [str(one.agenda_closes) for one in found] == ["2026-12-28", "2027-01-28"]
    assert not any(one.doubt for one in found)


@pytest.mark.parametrize(
    "line",
    ["Møde 14. januar, dagsorden lukker 28. juni", "Møde 14. januar, dagsorden lukker 28. december 2027"],
)
def test_two_days_too_far_apart_for_a_meeting_and_its_agenda_are_both_marked(line: str) -> None:
    assert all(one.doubt for one in read(f"Byrådets møder 2027\n{line}\n") if one.on.month != 2)


def test_an_event_in_january_tells_of_an_agenda_that_closes_in_december() -> None:
    found = events(
        "DTSTART;VALUE=DATE:20270114|SUMMARY:Byrådsmøde|DESCRIPTION:Dagsordenen lukker 28. december"
    )
    assert [(str(one.on), str(one.agenda_closes)) for one in found] == [("2027-01-14", "2026-12-28")]
