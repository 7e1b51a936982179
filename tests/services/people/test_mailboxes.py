"""One mailbox at a time: what was typed is read as a file is, and every act is journalled."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from string import Formatter

import pytest
from sqlalchemy import Engine

from tests.story.living import rules
from workflow.errors import Conflict, NotFound
from workflow.services.people.contacts import contactwords
from workflow.services.people.contacts.contacts import import_contacts
from workflow.services.people.contacts.contactwords import DANISH, Unreadable
from workflow.services.people.contacts.mailboxes import (
    WrongFields,
    add_contact,
    as_typed,
    change_contact,
    end_contact,
    find_contact,
    history_of,
    put_deputy,
    seen,
)
from workflow.services.people.contacts.strikes import restore
from workflow.storage.database import connect, reading, writing
from workflow.storage.facts.acts import broken_act
from workflow.storage.people.contacts import live_contact, refuse_address
from workflow.storage.tables import Contact

AT = datetime(2026, 11, 23, 9, tzinfo=UTC)
AALBORG = {
    "body": "0851",
    "function": "council",
    "email": "byraad@aalborg.example",
    "name": "Byrådssekretariatet",
}


@pytest.fixture
def engine(sqlite_url: str) -> Iterator[Engine]:
    opened = connect(sqlite_url)
    yield opened
    with reading(opened) as session:
        assert broken_act(session) is None
    opened.dispose()


@pytest.fixture
def aalborg(engine: Engine) -> Contact:
    return add_contact(engine, rules(), AALBORG, "Anne", AT)


def acts(engine: Engine, contact: Contact) -> list[tuple[str, str]]:
    return [(one.what, one.by) for one in history_of(engine, contact)]


def first(engine: Engine, on: date) -> str | None:
    with reading(engine) as session:
        found = live_contact(session, "0851", "council", on)
    return found[1] if found else None


def test_a_mailbox_is_added_changed_and_ended_and_the_journal_tells_who(
    engine: Engine, aalborg: Contact
) -> None:
    number = aalborg.id or 0
    change_contact(engine, rules(), number, as_typed(aalborg) | {"email": "ny@aalborg.example"}, "Bo", AT)
    end_contact(engine, number, "31. december 2026", "Carl", AT)
    assert first(engine, date(2026, 12, 31)) == "ny@aalborg.example"
    assert first(engine, date(2027, 1, 1)) is None
    assert acts(engine, aalborg) == [("ended", "Carl"), ("changed", "Bo"), ("added", "Anne")]
    told = history_of(engine, aalborg)[1].told
    assert (told["was"], told["becomes"]) == (
        {"email": "byraad@aalborg.example"}, {"email": "ny@aalborg.example"},
    )  # fmt: skip


def test_the_same_words_again_change_nothing(engine: Engine, aalborg: Contact) -> None:
    assert add_contact(engine, rules(), AALBORG, "Bo", AT).id == aalborg.id
    change_contact(engine, rules(), aalborg.id or 0, as_typed(aalborg), "Bo", AT)
    end_contact(engine, aalborg.id or 0, "2027-01-31", "Bo", AT)
    end_contact(engine, aalborg.id or 0, "31-01-2027", "Bo", AT)
    assert acts(engine, aalborg) == [("ended", "Bo"), ("added", "Anne")]


@pytest.mark.parametrize(
    ("typed", "field", "says"),
    [
        ({"email": "åse@aalborg.example"}, "email", "skriv én adresse uden æ, ø og å"),
        ({"email": ""}, "email", "ikke én gyldig mailadresse"),
        ({"email": "a@sst.dk"}, "email", "myndighedens"),
        ({"body": "9999"}, "body", "»9999« er intet råd"),
        ({"function": "mayor"}, "function", "er ingen funktion"),
        ({"name": "=1+1"}, "name", "begynder som en formel"),
        ({"name": "x" * 100_000}, "name", "100000 tegn: højst 120"),
        ({"valid_to": "31-02-2027"}, "valid_to", "er ingen dato"),
        ({"priority": "-1"}, "priority", "skriv et tal fra 1"),
        (
            {"valid_from": "2027-02-01", "valid_to": "2027-01-01"},
            "valid_to",
            "ligger før den første dag, 1. februar",
        ),
    ],
)
def test_what_cannot_be_used_is_told_beside_its_field_in_danish(
    engine: Engine, typed: dict[str, str], field: str, says: str
) -> None:
    with pytest.raises(WrongFields) as caught:
        add_contact(engine, rules(), AALBORG | typed, "Anne", AT)
    assert says in caught.value.wrong[field]
    with pytest.raises(NotFound):
        find_contact(engine, 1)


def test_nobody_overwrites_what_another_changed_meanwhile(engine: Engine, aalborg: Contact) -> None:
    looked = seen(aalborg)
    mine = as_typed(aalborg) | {"name": "Sundhed"}
    change_contact(engine, rules(), aalborg.id or 0, mine, "Bo", AT, looked)
    change_contact(engine, rules(), aalborg.id or 0, mine, "Bo", AT, looked)  # pressed twice
    with pytest.raises(Conflict, match="imens"):
        change_contact(engine, rules(), aalborg.id or 0, mine | {"name": "X"}, "Carl", AT, looked)
    with pytest.raises(Conflict, match="imens"):
        end_contact(engine, aalborg.id or 0, "2027-01-01", "Carl", AT, looked)


def test_an_address_stands_once_for_a_function(engine: Engine, aalborg: Contact) -> None:
    other = add_contact(engine, rules(), AALBORG | {"email": "to@aalborg.example"}, "Anne", AT)
    with pytest.raises(Conflict, match="ret den i stedet"):
        add_contact(engine, rules(), AALBORG | {"email": "TO@aalborg.example"}, "Anne", AT)
    with pytest.raises(WrongFields, match="står der allerede"):
        change_contact(
            engine, rules(), other.id or 0, as_typed(other) | {"email": aalborg.email.upper()}, "Anne", AT
        )


def test_a_deputy_is_written_to_for_its_span_and_then_the_mailbox_itself(
    engine: Engine, aalborg: Contact
) -> None:
    typed = {"email": "vikar@aalborg.example", "valid_from": "1/7/2027", "valid_to": "31. juli 2027"}
    put_deputy(engine, rules(), aalborg.id or 0, typed, "Anne", AT)
    put_deputy(engine, rules(), aalborg.id or 0, typed, "Anne", AT)  # pressed twice
    days = [first(engine, date(2027, *day)) for day in ((6, 30), (7, 1), (7, 31), (8, 1))]
    assert days == [aalborg.email, "vikar@aalborg.example", "vikar@aalborg.example", aalborg.email]
    assert acts(engine, aalborg) == [("deputy", "Anne"), ("added", "Anne")]
    for wrong in (
        {"valid_to": ""},
        {"valid_to": "2026-01-01", "valid_from": "2025-12-01"},
        {"email": aalborg.email},
    ):
        with pytest.raises(WrongFields):
            put_deputy(
                engine, rules(), aalborg.id or 0, typed | {"email": "x@aalborg.example"} | wrong, "Anne", AT
            )


def test_a_deputy_keeps_its_place_when_its_name_is_changed(engine: Engine, aalborg: Contact) -> None:
    typed = {"email": "vikar@aalborg.example", "valid_from": "2027-07-01", "valid_to": "2027-07-31"}
    deputy = put_deputy(engine, rules(), aalborg.id or 0, typed, "Anne", AT)
    changed = change_contact(
        engine, rules(), deputy.id or 0, as_typed(deputy) | {"name": "Vikar"}, "Anne", AT
    )
    assert (changed.priority, changed.name) == (0, "Vikar")


def test_a_new_address_is_tried_though_the_old_was_struck_off(engine: Engine, aalborg: Contact) -> None:
    with writing(engine) as session:
        refuse_address(session, aalborg.email, AT)
    assert first(engine, AT.date()) is None
    struck = find_contact(engine, aalborg.id or 0)
    change_contact(engine, rules(), struck.id or 0, as_typed(struck) | {"name": "Nyt navn"}, "Anne", AT)
    assert first(engine, AT.date()) is None, "another name is no other mailbox"
    change_contact(
        engine, rules(), struck.id or 0, as_typed(struck) | {"email": "ny@aalborg.example"}, "Anne", AT
    )
    assert first(engine, AT.date()) == "ny@aalborg.example"
    assert ("struck-off", "mailserveren") in acts(engine, aalborg)


def test_addresses_of_a_day_are_restored_only_where_they_serve_the_bodies_named(
    engine: Engine, aalborg: Contact
) -> None:
    far = add_contact(
        engine, rules(), AALBORG | {"body": "0751", "email": "sundhed@aarhus.example"}, "Anne", AT
    )
    with writing(engine) as session:
        for email in (aalborg.email, far.email):
            refuse_address(session, email, AT)
    assert restore(engine, [], AT.date(), "Anne", AT, ["0851"]) == [aalborg.email]
    assert find_contact(engine, far.id or 0).refused_at is not None
    assert acts(engine, aalborg)[0] == ("restored", "Anne")


def test_the_seat_of_one_who_is_appointed_ends_by_itself(engine: Engine) -> None:
    chair = add_contact(
        engine, rules(), {"body": "nordjylland", "function": "chair", "email": "f@rn.example"}, "Anne", AT
    )
    assert chair.valid_to == date(2029, 12, 31)


def test_every_sentence_about_a_file_has_its_danish_with_the_same_parts() -> None:
    folder = Path(contactwords.__file__).parent
    said = {
        node.args[0].value
        for file in folder.glob("contact*.py")
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "say"
        and isinstance(node.args[0], ast.Constant)
    }  # fmt: skip
    assert len(said) > 25
    assert said - set(DANISH) == set()
    for pattern, danish in DANISH.items():
        parts, own = (
            {part for _, part, _, _ in Formatter().parse(text) if part} for text in (danish, pattern)
        )
        assert parts <= own, pattern


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("organ;funktion;e-mail\n0851;byråd;a@b.example;x;\n", "4 felter, hvor overskriften har 3"),
        ("organ;e-mail\n", "kun organ, funktion og e-mail skal være der"),
        ("organ;funktion;e-mail\n", "der står ingen kontakter"),
        ("organ;funktion;e-mail\nAalbrog;byråd;a@b.example\n", "mente du Aalborg"),
    ],
)
def test_a_file_is_refused_in_danish_too(engine: Engine, text: str, says: str) -> None:
    with pytest.raises(Unreadable) as caught:
        import_contacts(engine, rules(), text)
    error = caught.value
    told = (
        error.why.danish
        if error.why
        else " ".join(f"{m.what.danish} {m.cure.danish}" for m in error.mistakes)
    )
    assert says in told
