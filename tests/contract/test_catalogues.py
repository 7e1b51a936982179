"""The catalogues of other languages: whole where a room is said to be done, and never at odds with what is said."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.catalogues import (
    LOCALE,
    Message,
    catalogue,
    languages,
    missing,
    placeholders,
    rooms,
    said_in,
    unmarked,
)
from workflow.storage.law.rulebook import load

ROOT = Path(__file__).parents[2]
EACH = [
    (language, path.stem) for language in languages() for path in sorted((LOCALE / language).glob("*.po"))
]
FIELD = re.compile(r"\{[^{}]*\}")  # a word of the regime, as in the titles of letters
DONE = [room for room in rooms() if room.done]


def forms(text: Message) -> tuple[str, ...]:
    return text if isinstance(text, tuple) else (text,)


@pytest.mark.parametrize(("language", "room"), EACH)
def test_a_translation_keeps_the_values_of_its_message_and_no_tag_is_lost(language: str, room: str) -> None:
    for message in catalogue(language, room):
        for number, said in enumerate(forms(message.string) if message.id else ()):
            if said:
                meant = forms(message.id)[: number + 1][-1]  # "the last one" has no number
                assert placeholders(said) == placeholders(meant), message.id
                assert sorted(set(FIELD.findall(said))) == sorted(set(FIELD.findall(meant))), message.id
                tags = sorted(re.findall(r"<[^>]+>", said))
                assert tags == sorted(re.findall(r"<[^>]+>", forms(message.id)[0])), message.id
                said % dict.fromkeys(placeholders(said), 1)  # type: ignore[operator]  # no stray sign


@pytest.mark.parametrize(("language", "room"), EACH)
def test_a_catalogue_holds_nothing_fuzzy_or_obsolete_and_only_what_is_said(language: str, room: str) -> None:
    whole = catalogue(language, room)
    assert not whole.obsolete and not [one.id for one in whole if one.id and one.fuzzy]
    said = {message for found in said_in().values() for message in found}
    assert {one.id if isinstance(one.id, str) else tuple(one.id) for one in whole if one.id} <= said


@pytest.mark.parametrize("language", languages())
def test_a_message_in_two_catalogues_is_said_alike(language: str) -> None:
    known: dict[Message, Message] = {}
    for _, room in [one for one in EACH if one[0] == language]:
        for message in catalogue(language, room):
            if message.id and any(forms(message.string)):
                assert known.setdefault(message.id, message.string) == message.string, message.id


@pytest.mark.parametrize("room", DONE, ids=lambda room: room.name)
def test_a_room_that_is_done_has_words_for_all_it_says(room: object) -> None:
    assert [(language, missing(language, room.name)) for language in languages()] == [  # type: ignore[attr-defined]
        (language, []) for language in languages()
    ]


@pytest.mark.parametrize("room", DONE, ids=lambda room: room.name)
def test_a_template_of_a_room_that_is_done_says_nothing_past_the_catalogues(room: object) -> None:
    files = [path for path in room.files if path.suffix in (".html", ".txt")]  # type: ignore[attr-defined]
    assert {path.name: unmarked(path) for path in files} == {path.name: [] for path in files}


def test_every_template_belongs_to_a_room() -> None:
    named = {path for room in rooms() for path in room.files}
    there = {
        path
        for folder in ("emails", "pages")
        for path in (LOCALE.parents[1] / "templates" / folder).rglob("*")
        if path.is_file()
    }
    assert {path.name for path in there - named} <= {"style.css", "grid.js"}


def test_the_eye_for_what_is_not_marked_sees_it(tmp_path: object) -> None:
    page = tmp_path / "page.html"  # type: ignore[operator]
    page.write_text(
        '<h1>Fristen</h1><p title="Se her">{{ _("Kendt") }} {{ "Godt nok" if x else _("Ja") }}</p>'
        '{{ x | antal("råd", "råd") }}'
        "{% trans %}Kendt tekst{% endtrans %}",
        encoding="utf-8",
    )
    assert sorted(unmarked(page)) == ["Fristen", "Godt nok", "Se her"]


def test_an_authority_and_a_rule_in_doubt_have_one_english_name() -> None:
    """No English sentence has an authority's Danish name, and a rule in doubt is one that may be gone already."""
    authorities = {regime.words.authority.definite for regime in load(ROOT / "calendars").law.regimes}
    named = {one for one in authorities if one[:1].isupper()}
    assert "Social- og Boligstyrelsen" in named
    for _, room in [one for one in EACH if one[0] == "en"]:
        for message in catalogue("en", room):
            for said in forms(message.string) if message.id else ():
                assert not [one for one in named if one in said], message.id
                assert "may be repealed" not in said and "overnance agreement" not in said, message.id
