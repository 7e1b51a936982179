"""Contacts files as clerks make them: nothing is taken from where nobody looks, nothing strange in silence."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from openpyxl import Workbook
from openpyxl.styles import Font
from sqlalchemy import Engine

from tests.story.living import rules
from workflow.errors import Invalid
from workflow.mail.addresses import deliverable
from workflow.services.meetings.keeping import read_file
from workflow.services.people.contacts.contacts import import_contacts, list_contacts
from workflow.storage.database import connect

AT = datetime(2026, 11, 30, 15, tzinfo=UTC)
HEAD = ["Kommune", "Funktion", "Navn", "E-mail"]
AALBORG = ["Aalborg", "Byråd", "Sekretariatet", "byraad@aalborg.example"]


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    opened = connect(sqlite_url)
    yield opened
    opened.dispose()


def saved(book: Workbook) -> bytes:
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def book_of(*sheets: tuple[str, list[list[object]]]) -> Workbook:
    book = Workbook()
    assert book.active is not None
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    return book


def taken(engine: Engine, source: bytes | str) -> tuple[dict[str, tuple[str, str, str]], str]:
    """What a file brought in, by address, and what was told of it."""
    report = import_contacts(engine, rules(), source, at=AT, by="test")
    found = {one.email: (one.body, one.function, one.name) for one in list_contacts(engine, rules())}
    return found, " | ".join(report.read)


def refused(engine: Engine, source: bytes | str) -> str:
    with pytest.raises(Invalid) as caught:
        import_contacts(engine, rules(), source, at=AT, by="test")
    assert list_contacts(engine, rules()) == []
    return str(caught.value)


def test_a_hidden_sheet_is_not_read(engine: Engine) -> None:
    old = [*AALBORG[:3], "gammel@aalborg.example"]
    book = book_of(("Gamle", [HEAD, old]), ("Kontakter", [HEAD, AALBORG]))
    book["Gamle"].sheet_state = "hidden"
    book.active = 1
    assert list(taken(engine, saved(book))[0]) == ["byraad@aalborg.example"]


def test_of_two_sheets_with_contacts_none_is_taken(engine: Engine) -> None:
    other = ["Aarhus", "Byråd", "Sekretariatet", "byraad@aarhus.example"]
    book = book_of(("Vejledning", [["Udfyld"]]), ("Nord", [HEAD, AALBORG]), ("Midt", [HEAD, other]))
    assert "'Nord', 'Midt' all hold contacts" in refused(engine, saved(book))
    book["Midt"].sheet_state = "hidden"
    assert list(taken(engine, saved(book))[0]) == ["byraad@aalborg.example"]


def test_a_row_that_is_crossed_out_is_asked_about(engine: Engine) -> None:
    gone = ["Aalborg", "Byråd", "Fratrådt", "fratraadt@aalborg.example"]
    book = book_of(("Kontakter", [HEAD, AALBORG, gone]))
    for cell in book["Kontakter"][3]:
        cell.font = Font(strike=True)
    assert "line 3: the row is crossed out" in refused(engine, saved(book))


@pytest.mark.parametrize(
    ("page", "told"), [("cp1252", "Windows-1252"), ("cp850", "DOS (850)"), ("mac_roman", "Mac Roman")]
)
def test_names_are_read_in_the_code_page_they_were_saved_in(engine: Engine, page: str, told: str) -> None:
    text = (
        "body;function;name;email\n0851;council;Søren Æbelø;byraad@aalborg.example\n"
        "0840;council;Åse D’Arcy-Kær;byraad@rebild.example\n"
    )
    found, said = taken(engine, text.replace("’", "’" if page == "cp1252" else "'").encode(page))
    assert found["byraad@aalborg.example"][2] == "Søren Æbelø"
    assert found["byraad@rebild.example"][2].startswith("Åse D") and told in said


def test_the_days_of_meetings_are_read_in_a_dos_file_and_not_from_a_hidden_sheet() -> None:
    text = "råd;organ;dato\nAalborg;Økonomiudvalget;14-06-2027\n".encode("cp850")
    [one] = read_file(rules(), "møder.csv", text)
    assert one.organ == "Økonomiudvalget"
    book = book_of(("2025", [["råd", "dato"], ["Aalborg", "2025-06-16"]]),
                   ("2027", [["råd", "dato"], ["Aalborg", "2027-06-14"]]))  # fmt: skip
    book["2025"].sheet_state = "hidden"
    book.active = 1
    [one] = read_file(rules(), "møder.xlsx", saved(book))
    assert one.on.isoformat() == "2027-06-14"


def test_a_domain_with_letters_that_look_like_others_is_refused_everywhere_and_a_danish_one_is_fine(
    engine: Engine,
) -> None:
    file = "organ;funktion;e-mail\n0851;byråd;{}\n"
    for address in ("byraad@аalborg.example", "byraad@xn--alborg-2nf.example"):
        said = refused(engine, file.format(address))
        assert "may look like another (U+0430): byraad@xn--alborg-2nf.example" in said
    for looks in (
        "аalborg",
        "xn--alborg-2nf",
        "ɑalborg",
        "aɑlborg",
        "ạalborg",
        "aalborɡ",
        "аалборг",
        "ααlborg",
    ):
        with pytest.raises(ValueError, match="may look like another"):
            deliverable(f"byraad@{looks}.example")
    for looks in ("aalborg", "ærø", "ÆRØ", "københavn", "a\u030aborg", "malmö", "zürich", "idé"):
        assert deliverable(f"byraad@{looks}.example").isascii()
    assert deliverable("borgmester@københavn.example") == "borgmester@xn--kbenhavn-54a.example"


def test_name_and_code_beside_each_other_must_mean_the_same(engine: Engine) -> None:
    head = "Kommunekode;Kommune;Rolle;Kontaktperson;Mailadresse;Gælder til;Bemærkninger\n"
    right = "851;Aalborg Kommune;Byråd;Bente Åkær;byraad@aalborg.example;31-12-2029;ring først\n"
    assert "'Aalborg Kommune' and the code 860 are two bodies" in refused(
        engine, head + right.replace("851;", "860;")
    )
    found, told = taken(engine, head + right)
    assert found == {"byraad@aalborg.example": ("0851", "council", "Bente Åkær")}
    assert "not kept: the column Bemærkninger" in told


@pytest.mark.parametrize(
    ("body", "function", "meant"),
    [
        ("Aalborg K.", "kommunalbestyrelsen", ("0851", "council")),
        ("Brønderslev Kom.", "Byraadet", ("0810", "council")),
        ("Københavns K.", "Borgerrepræsentationen", ("0101", "council")),
        ("Aabenraa", "KOMMUNALDIREKTOER", ("0580", "director")),
        ("Region Nordjylland", "Regionsraadet", ("1081", "council")),
        ("Nordjylland", "Naestformand", ("nordjylland", "vice-chair")),
    ],
)
def test_bodies_and_functions_are_known_as_offices_spell_them(
    engine: Engine, body: str, function: str, meant: tuple[str, str]
) -> None:
    found, _told = taken(
        engine, f"KOMMUNE NR.;FUNKTION (ROLLE);E-MAILADRESSE:\n{body};{function};a@b.example\n"
    )
    assert found["a@b.example"][:2] == meant


@pytest.mark.parametrize(
    "pasted",
    ["'a@b.example'", "Sekretariatet <a@b.example>;", "a@b.example;", "[a@b.example](mailto:a@b.example)"],
)
def test_an_address_is_read_as_mail_programs_paste_it(engine: Engine, pasted: str) -> None:
    found, told = taken(engine, f'organ,funktion,e-mail\n0851,byråd,"{pasted}"\n')
    assert list(found) == ["a@b.example"] and "an address with more round it" in told


def test_a_mailbox_that_has_ended_is_told(engine: Engine) -> None:
    file = "organ;funktion;e-mail;gælder til\n0851;byråd;a@b.example;{}\n0860;byråd;c@d.example;{}\n"
    assert "ended" not in taken(engine, file.format("30-11-2026", "31-12-2026"))[1]
    over = taken(engine, file.format("29-11-2026", "31-12-2025"))[1]
    assert "they have ended, line 2: a@b.example until 2026-11-29 (2 mailboxes)" in over


def test_an_address_that_looks_like_another_council_s_is_told(engine: Engine) -> None:
    file = "organ;funktion;e-mail\nAalborg;byråd;byraad@{}\nHjørring;byråd;byraad@{}\n"
    for own in (
        ("aalborg.dk", "hjoerring.dk"),
        ("post.aalborgkommune.dk", "99454545.dk"),
        ("rn.dk", "mail.dk"),
    ):
        assert "another council" not in taken(engine, file.format(*own))[1]
    told = taken(engine, file.format("hjørring.dk", "aalborg.dk"))[1]
    assert (
        "line 2: byraad@xn--hjrring-r1a.dk (Hjørring Kommune) stands for Aalborg Kommune (2 mailboxes)"
        in told
    )
