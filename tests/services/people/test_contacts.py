"""Contacts are imported whole or not at all, and every mistake says where it is and what would work."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook
from sqlalchemy import Engine

from tests.post import open_alarms
from tests.story.living import danish, rules
from workflow.errors import Invalid, NotFound
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import open_agreement
from workflow.services.people.contacts.contacts import (
    ContactsReport,
    coverage,
    import_contacts,
    list_contacts,
    live_contact,
    watch_contacts,
)
from workflow.services.people.contacts.contactwords import Unreadable
from workflow.services.rounds.demo import demo_contacts
from workflow.storage.database import connect, reading, writing
from workflow.storage.letters.alarms import raise_alarm
from workflow.storage.people.contacts import refuse_address

TODAY = date(2026, 11, 21)
NOW = datetime(2026, 11, 21, 9, tzinfo=UTC)
HEAD = "body,function,name,email,priority,valid_from,valid_to\n"
AALBORG = "0851,council,Sundhed,sundhed@aalborg.example,1,,\n"


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    opened = connect(sqlite_url)
    yield opened
    opened.dispose()


def emails(engine: Engine, region: str | None = None) -> list[str]:
    return [contact.email for contact in list_contacts(engine, rules(), region)]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ((HEAD + AALBORG).encode(), "plain"),
        ((HEAD + AALBORG).encode("utf-8-sig"), "a byte-order mark"),
        ((HEAD + AALBORG).replace(",", ";").encode(), "semicolons"),
        ((HEAD + AALBORG).replace("\n", "\r\n").encode(), "Windows line ends"),
        ((HEAD + AALBORG.replace("0851", "851")).encode(), "the zero Excel eats"),
        (
            b"email,function,body\nsundhed@aalborg.example,council,0851\n",
            "only what is compulsory, in any order",
        ),
    ],
)
def test_a_file_is_read_as_offices_save_it(engine: Engine, tmp_path: Path, content: bytes, why: str) -> None:
    file = tmp_path / "contacts.csv"
    file.write_bytes(content)
    assert import_contacts(engine, rules(), file) == ContactsReport(added=1), why
    (contact,) = list_contacts(engine, rules(), "nordjylland")
    assert (contact.body, contact.function, contact.priority) == ("0851", "council", 1)


@pytest.mark.fault("F43")
@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("9999,council,,a@b.example,1,,", "line 2, column body: '9999' is no council"),
        ("nordjylland,council,,a@b.example,1,,", "1081 (Region Nordjylland)"),
        (
            "0851,secretariat-region,,a@b.example,1,,",
            "line 2, column body: '0851' is no region; one of nordjylland",
        ),
        (
            "0851,mayor,,a@b.example,1,,",
            "one of secretariat-region, secretariat-municipal, piu, chair, vice-chair, council, cluster",
        ),
        ("0851,council,,a@b,1,,", "line 2, column email"),
        ("0851,council,,plan@SST.dk,1,,", "line 2, column email: plan@sst.dk is the authority's"),
        ("0851,council,,plan@post.sst.dk,1,,", "which gets no letters from here; the body's own mailbox"),
        ('0851,council,,"a@b.example, c@d.example",1,,', "one address"),
        ("0851,council,,søren@b.example,1,,", "line 2, column email"),
        ("0851,council,,a@b.example,0,,", "line 2, column priority: '0'"),
        ("0851,council,,a@b.example,1,12/31/2029,", "write it as 2029-12-31"),
        ("0851,council,,a@b.example,1,31-02-2029,", "write it as 2029-12-31"),
        ("0851,council,,a@b.example,1,31-12-29,", "write it as 2029-12-31"),
        ("0851,council,,a@b.example,1,20291231,", "write it as 2029-12-31"),
        ("0851,council,=1+1,a@b.example,1,,", "line 2, column name: '=1+1' begins as a formula"),
        ("Aalbrog,council,,a@b.example,1,,", "mente du Aalborg"),
        ("0851,council,,a@b.example,1,2026-01-01,2025-12-31", "before valid_from"),
        ("0851,council,Sund\u202ehed,a@b.example,1,,", "U+202E"),
        ("0851,council,Sund\x07hed,a@b.example,1,,", "U+0007"),
        ("0851,council,a@b.example", "3 fields where the heading has 7"),
        (AALBORG + AALBORG.replace("sundhed@", "Sundhed@"), "on line 2 too; remove one"),
        ('0851,council,"Sundhed,a@b.example,1,,', "quotes must be closed"),
    ],
)
def test_a_mistake_is_named_with_its_cure_and_nothing_is_imported(
    engine: Engine, line: str, says: str
) -> None:
    with pytest.raises(Invalid) as caught:
        import_contacts(engine, rules(), HEAD + line + "\n")
    assert says in str(caught.value)
    assert emails(engine) == []


def test_every_mistake_is_told_at_once_but_not_more_than_twenty(engine: Engine) -> None:
    wrong = "".join(f"0000,council,,a{n}@b.example,1,,\n" for n in range(25))
    with pytest.raises(Invalid) as caught:
        import_contacts(engine, rules(), HEAD + AALBORG + wrong)
    said = str(caught.value).splitlines()
    assert len([line for line in said if line.startswith("line ")]) == 20
    assert said[-1] == "... and 5 more"
    assert emails(engine) == []


@pytest.mark.parametrize(
    "head", ["body,email\n", "body,function,email,phone\n", "", "body,body,function,email\n"]
)
def test_a_wrong_heading_says_what_it_must_be(engine: Engine, head: str) -> None:
    with pytest.raises(Invalid, match="body,function,name,email,priority,valid_from,valid_to"):
        import_contacts(engine, rules(), head + "0851,council,a@b.example\n")


FILES = Path(__file__).parent / "contacts"
TAKEN = {
    "bom": (), "byname": ("'Aalborg Kommune' read as '0851'",), "caps": (), "cp1252": ("Windows-1252", "2029-12-31"),
    "cr": (), "datetime": ("2029-12-31",), "ddmm": ("'31-12-2029' read as '2029-12-31'",),
    "display": ("read as 'byraad@aalborg.example'",), "idn": ("(Københavns Kommune) stands for Aalborg",),
    "mailto": ("read as 'byraad@aalborg.example'",),
    "multiline": ("read as 'Navn linje 2'",), "nbsp": (), "nfd": (), "tab": ("separated by tabs",),
    "title": ("heading on line 3",), "utf16": ("UTF-16",),
}  # fmt: skip
REFUSED = {
    "casedup": "line 3, column email: byraad@aalborg.example stands for 0851/council on line 2 too",
    "inj": "line 2, column name: \"=cmd|'/c calc'!A1\" begins as a formula",
    "smtputf8": "line 2, column email: 'åse@aalborg.example'",
    "two": "line 2, column email: 'a@aalborg.example, b@aalborg.example'",
}


@pytest.mark.parametrize("name", TAKEN)
def test_a_file_that_has_been_open_in_a_danish_excel_is_read_as_it_is_meant(
    engine: Engine, name: str
) -> None:
    report = import_contacts(engine, rules(), FILES / f"{name}.csv")
    [one] = list_contacts(engine, rules())
    host = "xn--kbenhavn-54a.example" if name == "idn" else "aalborg.example"
    assert (report.added, one.body, one.function, one.email.partition("@")[2]) == (1, "0851", "council", host)
    told = " | ".join(report.read)
    assert all(words in told for words in TAKEN[name])
    assert bool(told) == bool(TAKEN[name])
    if name in ("ddmm", "datetime", "cp1252"):
        assert one.valid_to == date(2029, 12, 31)
    if name in ("ddmm", "bom", "cp1252"):
        assert one.name == "Byrådssekretariatet i Aalborg"


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_meant_is_refused_with_its_place_and_nothing_is_imported(
    engine: Engine, name: str
) -> None:
    with pytest.raises(Invalid) as caught:
        import_contacts(engine, rules(), FILES / f"{name}.csv")
    assert REFUSED[name] in str(caught.value)
    assert emails(engine) == []


def test_the_workbook_itself_is_read_and_a_mistake_names_its_cell(engine: Engine, tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    rows: list[list[object]] = [
        ["Kontakter i Nordjylland"], ["Organ", "Funktion", "Navn", "E-mail", "Prioritet", "Gælder fra", "Gælder til"],
        [851, "council", "Byråd", "byraad@aalborg.example", 1, None, date(2029, 12, 31)],
        ["Region Nordjylland", "secretariat-region", None, "Sekretariatet <sek@rn.example>", None, "1/2-2027", None],
    ]  # fmt: skip
    for row in rows:
        sheet.append(row)
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(Invalid, match=r"line 4, column valid_from, cell F4: '1/2-2027' is no date"):
        import_contacts(engine, rules(), tmp_path / "a.xlsx")
    assert emails(engine) == []
    sheet["F4"] = "1/2/2027"
    book.save(tmp_path / "a.xlsx")
    assert import_contacts(engine, rules(), tmp_path / "a.xlsx").added == 2
    found = {one.body: one for one in list_contacts(engine, rules())}
    assert found["0851"].valid_to == date(2029, 12, 31)
    assert (found["nordjylland"].name, found["nordjylland"].email) == ("Sekretariatet", "sek@rn.example")
    assert found["nordjylland"].valid_from == date(2027, 2, 1)


def test_a_workbook_may_begin_with_another_sheet_and_call_its_columns_otherwise(
    engine: Engine, tmp_path: Path
) -> None:
    book = Workbook()
    assert book.active is not None
    book.active.append(["Sådan udfyldes arket"])
    rows = [["Kommune", "Rolle", "Kontaktperson", "Email", "Prioritet"],
            ["Aalborg", "Byrådssekretariatet", "Anne", "a@aalborg.example", "1,0"],
            ["Thisted", "Kommunaldirektøren", "Bo", "b@thisted.example", "2."],
            [None, "byrådet", "Cy", "c@thisted.example", 1]]  # fmt: skip
    sheet = book.create_sheet("Kontakter")
    for row in rows:
        sheet.append(row)
    sheet.merge_cells("A3:A4")
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(Unreadable) as caught:
        import_contacts(engine, rules(), tmp_path / "a.xlsx")
    [wrong] = caught.value.mistakes
    assert (wrong.cell, wrong.what.danish) == ("A4", "feltet er tomt")
    assert (
        wrong.cure.danish
        == "skriv rådet i hver række; en flettet celle har kun sin tekst i den øverste række"
    )
    sheet.unmerge_cells("A3:A4")
    sheet["A4"] = "Thisted"
    book.save(tmp_path / "a.xlsx")
    report = import_contacts(engine, rules(), tmp_path / "a.xlsx")
    assert report.added == 3 and "the sheet 'Kontakter'" in report.read
    found = {one.email: (one.body, one.function, one.priority) for one in list_contacts(engine, rules())}
    assert found == {
        "a@aalborg.example": ("0851", "council", 1), "b@thisted.example": ("0787", "director", 2),
        "c@thisted.example": ("0787", "council", 1),
    }  # fmt: skip


def test_a_function_and_a_heading_that_are_not_known_are_told_in_the_words_of_the_file(
    engine: Engine,
) -> None:
    with pytest.raises(Unreadable) as caught:
        import_contacts(engine, rules(), "organ;funktion;e-mail\n0851;borgmester;a@b.example\n")
    assert "regionens sekretariat" in caught.value.mistakes[0].cure.danish
    assert "secretariat" not in caught.value.mistakes[0].cure.danish
    with pytest.raises(Unreadable, match="the heading is Kommune, Tlf; it must be"):
        import_contacts(engine, rules(), "Kommune;Tlf\n0851;12345678\n")


def test_a_file_that_is_no_table_says_what_would_work(engine: Engine, tmp_path: Path) -> None:
    for name, content in (("a.xls", b"\xd0\xcf\x11\xe0rest"), ("a.xlsx", b"PK\x03\x04rest")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(Invalid, match=r"\.xlsx"):
            import_contacts(engine, rules(), tmp_path / name)


def test_a_second_import_adds_changes_and_leaves_alone(engine: Engine) -> None:
    import_contacts(engine, rules(), HEAD + AALBORG)
    more = AALBORG.replace("Sundhed", "Sundhed og omsorg") + "0860,council,,sundhed@hjoerring.example,1,,\n"
    assert import_contacts(engine, rules(), HEAD + more) == ContactsReport(added=1, changed=1)
    assert import_contacts(engine, rules(), HEAD + more) == ContactsReport(unchanged=2)
    assert emails(engine) == ["sundhed@aalborg.example", "sundhed@hjoerring.example"]


def test_replacing_removes_the_old_mailboxes_of_the_bodies_named_and_lifts_a_refusal(engine: Engine) -> None:
    hjoerring = "0860,council,,sundhed@hjoerring.example,1,,\n"
    old = AALBORG.replace("sundhed@", "gammel@")
    import_contacts(engine, rules(), HEAD + AALBORG + old + hjoerring)
    with writing(engine) as session:
        for email in ("sundhed@aalborg.example", "gammel@aalborg.example", "sundhed@hjoerring.example"):
            refuse_address(session, email, datetime(2026, 11, 1, tzinfo=UTC))
            raise_alarm(session, f"address:{email}", "alarm", "afvist", datetime(2026, 11, 1, tzinfo=UTC))
    report = import_contacts(engine, rules(), HEAD + AALBORG, replace=True, at=NOW)
    assert (report.removed, report.changed) == (1, 1)
    assert emails(engine) == ["sundhed@aalborg.example", "sundhed@hjoerring.example"]
    refused = [contact.email for contact in list_contacts(engine, rules()) if contact.refused_at]
    assert refused == ["sundhed@hjoerring.example"], "the file does not name it"
    assert list(open_alarms(engine)) == ["address:sundhed@hjoerring.example"]


@pytest.mark.fault("F60")
def test_the_mailbox_used_is_the_first_that_is_valid_that_day_and_not_refused(engine: Engine) -> None:
    """Contacts end with the term."""
    import_contacts(
        engine, rules(), HEAD + "0851,council,Før,foer@aalborg.example,1,,2025-12-31\n"
        "0851,council,Nu,nu@aalborg.example,2,2026-01-01,\n0851,council,Også,ogsaa@aalborg.example,3,,\n",
    )  # fmt: skip
    with reading(engine) as session:
        assert live_contact(session, "0851", "council", date(2025, 12, 31)) == ("Før", "foer@aalborg.example")
        assert live_contact(session, "0851", "council", date(2026, 1, 1)) == ("Nu", "nu@aalborg.example")
    with writing(engine) as session:
        refuse_address(session, "nu@aalborg.example", datetime(2026, 2, 1, tzinfo=UTC))
        assert live_contact(session, "0851", "council", date(2026, 3, 1)) == ("Også", "ogsaa@aalborg.example")
        assert live_contact(session, "0860", "council", date(2026, 3, 1)) is None


def test_coverage_names_each_function_of_an_open_agreement_that_no_letter_would_reach(engine: Engine) -> None:
    assert coverage(engine, rules(), TODAY) == []  # nothing is open
    open_agreement(
        engine, rules(), Fact(0, "opened", TODAY), region="nordjylland", term="2026-2029", label="2027-2031",
        at=danish(TODAY, 9),
    )  # fmt: skip
    assert len(coverage(engine, rules(), TODAY)) == 2 + 1 + 11 + 4
    import_contacts(engine, rules(), demo_contacts(rules()))
    assert coverage(engine, rules(), TODAY) == []
    import_contacts(engine, rules(), HEAD + AALBORG.replace(",,\n", ",,2026-11-20\n"))
    assert coverage(engine, rules(), TODAY) == ["Aalborg Kommune (0851/council)"]
    import_contacts(
        engine,
        rules(),
        HEAD + "nordjylland-nord,cluster,Klynge,nordjylland-nord@klynger.example,1,,2026-11-20\n",
    )
    assert coverage(engine, rules(), TODAY)[1:] == ["Klynge NORD (nordjylland-nord/cluster)"]


def test_the_mailboxes_of_those_appointed_for_a_period_end_with_it_and_a_main_mailbox_stays(
    engine: Engine,
) -> None:
    sheet = HEAD + AALBORG
    for row in (
        "nordjylland,chair,Formand,formand@rn.example,1,,",
        "hovedstaden,piu,PIU,piu@regionh.example,1,,",  # sits to the end of 2026 (OVG § 105)
        "nordjylland,vice-chair,Afløser,afloeser@rn.example,1,,2027-03-31",
        "nordjylland,secretariat-region,Region,region@rn.example,1,,",
        "oestdanmark,chair,Ny,ny@oest.example,1,2027-01-01,",
        "nordjylland,piu,PIU,piu-2026@rn.example,1,,",  # one year, to the end of 2026 (BEK 1615/2025 § 3, stk. 1)
        "midtjylland,piu,PIU,piu-2025@rm.example,1,2025-02-01,",
    ):
        sheet += row + "\n"
    import_contacts(engine, rules(), sheet, at=NOW)
    ends = {contact.email.partition("@")[0]: contact.valid_to for contact in list_contacts(engine, rules())}
    assert ends == {
        "sundhed": None, "formand": date(2029, 12, 31), "piu": date(2026, 12, 31), "afloeser": date(2027, 3, 31),
        "region": None, "ny": date(2029, 12, 31), "piu-2026": date(2026, 12, 31), "piu-2025": date(2025, 12, 31),
    }  # fmt: skip
    with reading(engine) as session:
        lapsed = live_contact(session, "nordjylland", "chair", date(2030, 1, 1))
        assert lapsed == ("Region", "region@rn.example")


def test_who_will_be_without_a_mailbox_is_an_alarm_a_month_before_and_once_a_day(engine: Engine) -> None:
    open_agreement(
        engine, rules(), Fact(0, "opened", TODAY), region="nordjylland", term="2026-2029", label="2027-2031",
        at=danish(TODAY, 9),
    )  # fmt: skip
    import_contacts(engine, rules(), demo_contacts(rules()))
    assert watch_contacts(engine, rules(), danish(TODAY, 9)) == []
    import_contacts(engine, rules(), HEAD + AALBORG.replace(",,\n", ",,2026-12-20\n"), replace=True)
    assert watch_contacts(engine, rules(), danish(TODAY, 10)) == []  # looked already today
    assert watch_contacts(engine, rules(), danish(TODAY + timedelta(days=1), 0)) == [
        "Aalborg Kommune (0851/council)"
    ]
    assert open_alarms(engine) == {"contacts": "alarm"}
    import_contacts(engine, rules(), HEAD + AALBORG, replace=True)
    assert watch_contacts(engine, rules(), danish(TODAY + timedelta(days=2), 8)) == []
    assert open_alarms(engine) == {}


def test_the_list_of_an_unknown_region_says_which_there_are(engine: Engine) -> None:
    with pytest.raises(NotFound, match="oestdanmark"):
        list_contacts(engine, rules(), "jylland")


def test_a_municipalitys_director_is_named_by_its_councils_code_or_name(
    engine: Engine, tmp_path: Path
) -> None:
    file = tmp_path / "direktoerer.csv"
    file.write_text(
        "organ,funktion,mail\n0851,kommunaldirektør,direktoer@aalborg.example\nRebild,director,d@rebild.example\n",
        encoding="utf-8",
    )
    assert import_contacts(engine, rules(), file) == ContactsReport(added=2)
