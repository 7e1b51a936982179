"""Meeting days are imported whole or not at all, keep their source, and may be read again without changing anything."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime

import pytest
from openpyxl import Workbook
from sqlalchemy import Engine

from tests.conftest import Aftale
from tests.services.papers.reading import workbook
from tests.story.living import danish, rules
from workflow.errors import Invalid, NotFound
from workflow.services.meetings.keeping import (
    Imported,
    import_meetings,
    list_meetings,
    read_file,
    remove_meeting,
)
from workflow.services.meetings.naming import Names
from workflow.storage.database import connect

TODAY = date(2026, 11, 28)
HEAD = "body;organ;date;agenda_closes\n"
CALENDAR = (
    HEAD + "0851;;2027-06-16;2027-06-04\nVejle;Økonomiudvalget;2027-06-14;2027-06-03\nVejle;;2027-06-23;\n"
)


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    opened = connect(sqlite_url)
    yield opened
    opened.dispose()


def taken(
    engine: Engine, text: str | bytes, name: str = "moeder.csv", *, on: date = TODAY, **how: bool
) -> Imported:
    content = text.encode() if isinstance(text, str) else text
    proposed = read_file(rules(), name, content)
    return import_meetings(engine, rules(), proposed, source=name, by="prøve", at=danish(on, 9), **how)


def days(engine: Engine, body: str) -> list[str]:
    return [f"{one.organ} {one.on}".strip() for one in list_meetings(engine, rules(), body)[2]]


def test_the_same_file_again_changes_nothing_and_keeps_the_day_it_was_first_read(engine: Engine) -> None:
    assert taken(engine, CALENDAR).count("added") == 3
    again = taken(engine, CALENDAR, on=date(2027, 1, 5))

    assert again.count("unchanged") == 3
    assert days(engine, "vejle") == ["Økonomiudvalget 2027-06-14", "2027-06-23"]
    assert {one.read_on for one in list_meetings(engine, rules(), "0630")[2]} == {TODAY}


def test_a_new_agenda_day_changes_the_meeting_and_its_source(engine: Engine) -> None:
    taken(engine, CALENDAR)
    done = taken(engine, CALENDAR.replace("2027-06-04", "2027-06-07"), "ny.csv", on=date(2027, 2, 1))

    assert (done.count("changed"), done.count("unchanged")) == (1, 2)
    [aalborg] = list_meetings(engine, rules(), "Ålborg")[2]
    assert (aalborg.agenda_closes, aalborg.source, aalborg.read_on) == (
        date(2027, 6, 7), "ny.csv", date(2027, 2, 1),
    )  # fmt: skip


def test_one_wrong_line_keeps_the_whole_file_out_and_every_mistake_is_told(engine: Engine) -> None:
    wrong = CALENDAR + "Nykøping;;2027-06-16;\nVejle;;16. juni;\nVejle;;2027-06-30;2027-07-02\n"
    with pytest.raises(Invalid) as refused:
        taken(engine, wrong)

    for said in ("linje 5: 'Nykøping' er ikke et råd", "linje 6", "året mangler", "linje 7", "efter mødet"):
        assert said in str(refused.value)
    assert days(engine, "0851") == []


def test_a_day_with_a_mark_is_taken_only_when_a_person_says_so(engine: Engine) -> None:
    text = HEAD + "Aalborg;;tirsdag den 16. juni 2027;\n"
    with pytest.raises(Invalid, match="er en onsdag, ikke en tirsdag"):
        taken(engine, text)
    assert days(engine, "0851") == []

    taken(engine, text, marked=True)
    assert days(engine, "0851") == ["2027-06-16"]


def test_a_trial_changes_nothing(engine: Engine) -> None:
    assert taken(engine, CALENDAR, dry_run=True).count("added") == 3
    assert days(engine, "0851") == []


def test_a_workbook_gives_the_same_days_as_its_table(engine: Engine) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    for row in (
        ["Kommune", "Udvalg", "Dato", "Dagsorden lukker"],
        [851, None, datetime.fromisoformat("2027-06-16T17:00"), date(2027, 6, 4)],
        ["Århus", "Byrådet", "onsdag den 23. juni 2027", None],
    ):
        sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    taken(engine, content.getvalue(), "moeder.xlsx")

    [aalborg] = list_meetings(engine, rules(), "0851")[2]
    assert (aalborg.on, aalborg.time, aalborg.agenda_closes) == (date(2027, 6, 16), "17:00", date(2027, 6, 4))
    assert days(engine, "Aarhus") == ["2027-06-23"]


def test_of_a_workbook_with_several_sheets_none_is_read_in_silence(engine: Engine) -> None:
    book = Workbook()
    first = book.active
    assert first is not None
    second = book.create_sheet("2028")
    for sheet, on in ((first, date(2027, 6, 16)), (second, date(2028, 6, 14))):
        sheet.append(["Kommune", "Udvalg", "Dato", "Dagsorden lukker"])
        sheet.append([851, None, on, None])
    first.title = "2027"

    def saved() -> bytes:
        content = io.BytesIO()
        book.save(content)
        return content.getvalue()

    with pytest.raises(Invalid, match="»2027«, »2028«; lad ét stå, og skjul eller slet de andre"):
        taken(engine, saved(), "moeder.xlsx")
    assert days(engine, "0851") == []
    second.sheet_state = "hidden"
    taken(engine, saved(), "moeder.xlsx")
    assert days(engine, "0851") == ["2027-06-16"]


def test_a_meeting_that_falls_away_stays_with_its_reason_and_counts_no_more(engine: Engine) -> None:
    taken(engine, CALENDAR)
    remove_meeting(
        engine, rules(), "aalborg", date(2027, 6, 16), why="Aflyst", by="prøve", at=danish(TODAY, 9)
    )

    assert days(engine, "aalborg") == []
    [gone] = list_meetings(engine, rules(), "aalborg", gone=True)[2]
    assert (gone.gone_on, gone.gone_why) == (TODAY, "Aflyst")
    with pytest.raises(NotFound, match=r"intet møde 16\. juni 2027; dets møder: ingen"):
        remove_meeting(
            engine, rules(), "aalborg", date(2027, 6, 16), why="Aflyst", by="prøve", at=danish(TODAY, 9)
        )


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("851", "0851"), ("Ålborg", "0851"), ("AALBORG KOMMUNE", "0851"), ("Aalborg Byråd", "0851"),
        ("Århus", "0751"), ("København", "0101"), ("Københavns Kommune", "0101"), ("Region Nordjylland", "1081"),
        ("Regionsrådet i Region Nordjylland", "1081"), ("Nordfyn", "0480"), ("Bornholm", "0400"),
        ("Kommunalbestyrelsen i Høje Tåstrup Kommune", "0169"), ("Rodovre", "0175"), ("oestdanmark", "oestdanmark"),
    ],
)  # fmt: skip
def test_a_council_is_known_by_any_name_people_give_it(said: str, code: str) -> None:
    assert Names(rules()).find(said).code == code


def test_every_council_is_known_by_its_own_names() -> None:
    names = Names(rules())
    for council in rules().memberships:
        assert names.find(council.name).code == names.find(council.full_name).code == council.code


def test_the_command_imports_lists_and_removes(aftale: Aftale) -> None:
    aftale("init", code=0)
    (aftale.cwd / "m.csv").write_text(CALENDAR, encoding="utf-8")
    done = aftale("meetings", "import", "m.csv", "--source", "vejle.example", "--json", code=0).json()
    assert (done["added"], done["meetings"][1]["organ"]) == (3, "Økonomiudvalget")
    listed = aftale("meetings", "list", "VEJLE kommune", "--json", code=0).json()
    assert [(one["date"], one["organ"], one["source"]) for one in listed] == [
        ("2027-06-14", "Økonomiudvalget", "vejle.example"), ("2027-06-23", "", "vejle.example"),
    ]  # fmt: skip
    aftale("meetings", "remove", "vejle", "2027-06-14", "--organ", "Økonomiudvalget", code=0)
    assert len(aftale("meetings", "list", "vejle", "--json", code=0).json()) == 1
    text = aftale.cwd / "m.txt"
    text.write_text("onsdag den 16. juni kl. 17", encoding="utf-8")
    aftale("meetings", "import", "m.txt", code=2)
    assert "--year" in aftale("meetings", "import", "m.txt", "--body", "vejle", code=2).err
    aftale("meetings", "import", "m.txt", "--body", "vejle", "--year", "2027", code=0)


def test_a_day_that_is_said_in_full_is_taken_whatever_its_weekday(engine: Engine) -> None:
    taken(engine, HEAD + "Aalborg;;2027-06-19;2027-06-06\n")
    [saturday] = list_meetings(engine, rules(), "0851")[2]
    assert (saturday.on, saturday.agenda_closes) == (date(2027, 6, 19), date(2027, 6, 6))
    with pytest.raises(Invalid, match="'2027-06-31' er ingen dag"):
        taken(engine, HEAD + "Aalborg;;2027-06-31;\n")


HEADED: list[list[object]] = [["Kommune", "Dato"], [851, date(2027, 6, 16)]]
NOTE: list[list[object]] = [
    ["Forklaring"], ["Ø = Økonomiudvalget, B = Byrådet"], ["Møderne begynder kl. 17.00 i lokale 2"],
    ["Spørgsmål: tlf. 12 34 56 78"], [1, 2, 3],
]  # fmt: skip


@pytest.mark.parametrize("sheets", [(HEADED, NOTE), (NOTE, HEADED)], ids=["behind", "before"])
def test_a_sheet_with_a_note_stands_in_nobodys_way(
    engine: Engine, sheets: tuple[list[list[object]], ...]
) -> None:
    taken(engine, workbook(*sheets), "moeder.xlsx")
    assert days(engine, "0851") == ["2027-06-16"]


@pytest.mark.parametrize(
    "other",
    [
        [["Byrådet", datetime.fromisoformat("2028-06-14T17:00")]],
        [["Byrådet den 14. juni 2028"]],
        [["14-06-2028"]],
        [["", "Januar", "Februar"], ["Byrådet", 12, 16]],  # days below their months
        [["Kommune", "Dato"]],
    ],
    ids=["a day", "a day in words", "a day as text", "months", "a heading alone"],
)
def test_of_two_sheets_that_may_hold_meetings_none_is_read(engine: Engine, other: list[list[object]]) -> None:
    with pytest.raises(Invalid, match="»Ark1«, »Ark2«; lad ét stå, og skjul eller slet de andre"):
        taken(engine, workbook(HEADED, other), "moeder.xlsx")
    assert days(engine, "0851") == []


def test_of_two_sheets_without_a_day_none_is_read(engine: Engine) -> None:
    with pytest.raises(Invalid, match="»Ark1«, »Ark2«"):
        taken(engine, workbook(NOTE, NOTE), "moeder.xlsx")
