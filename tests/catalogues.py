"""The catalogues of ``workflow/locale``: what the program says, by room, and what is translated of it.

``make words`` (``python -m tests.catalogues``) reads every file of ``rooms.toml``, writes each language's ``.po`` files
anew with the translations they had, and says what is missing.
"""

from __future__ import annotations

import io
import re
import sys
import tomllib
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_python
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment, nodes
from jinja2.ext import extract_from_ast

from workflow.language import speaking
from workflow.rules.words import NEUTRAL, in_language
from workflow.storage.law.rulebook import load

ROOT = Path(__file__).parent.parent
LOCALE = ROOT / "workflow" / "locale"
KEYWORDS = ("_", "gettext", "ngettext", "phrase", "noted")
TOLD_IN_LAW = (  # keys of the law's files whose text is a message of its own
    "title", "label", "name", "committee", "next", "do", "text", "not_tracked", "partly", "note", "question", "said",
    "weight", "certainty",
)  # fmt: skip
TOLD_IN_COURSES = TOLD_IN_LAW[:6]  # the rest of a course is ours, and in English
Message = str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Room:
    """One catalogue: its name, its files, and whether it is translated."""

    name: str
    files: tuple[Path, ...]
    done: bool


@cache
def rooms() -> tuple[Room, ...]:
    """The rooms in the order of the file; a file belongs to the first that names it."""
    told = tomllib.loads((LOCALE / "rooms.toml").read_text(encoding="utf-8"))
    taken: set[Path] = set()
    found = []
    for name, room in told.items():
        files = sorted({path for glob in room["files"] for path in ROOT.glob(glob) if path.is_file()} - taken)
        taken |= set(files)
        found.append(Room(name, tuple(files), room.get("done", False)))
    return tuple(found)


def environment() -> Environment:
    """Templates as the program parses them."""
    pages = Environment(extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True)
    pages.policies["ext.i18n.trimmed"] = True
    pages.newstyle_gettext = True  # type: ignore[attr-defined]
    return pages


def messages_of(path: Path) -> Iterator[Message]:
    """What one file says through the catalogues."""
    if path.suffix == ".py":
        said = extract_python(io.BytesIO(path.read_bytes()), dict.fromkeys(KEYWORDS), [], {})
        yield from (one for _, name, found, _ in said if (one := message_of(name, found)))
        if path == ROOT / "workflow" / "rules" / "words.py":
            yield from words_of("")
    elif path.suffix == ".toml":
        told = TOLD_IN_LAW if path.parent.name != "courses" else TOLD_IN_COURSES
        said_in_law = law_says(tomllib.loads(path.read_text(encoding="utf-8")), told)
        regime = next((one for one in load(ROOT / "calendars").law.regimes if one.id == path.stem), None)
        yield from map(regime.words.said, said_in_law) if regime else said_in_law
        yield from words_of(path.stem)
    elif path.suffix in (".html", ".txt"):
        yield from template_says(path.read_text(encoding="utf-8"))


def message_of(name: object, found: object) -> Message | None:
    """The message in a call; none where it is not written there."""
    told = found if isinstance(found, tuple) else (found,)
    if name == "ngettext":
        return (told[0], told[1]) if all(isinstance(one, str) for one in told[:2]) else None
    return told[0] if told and isinstance(told[0], str) else None


def template_says(source: str) -> Iterator[Message]:
    """The messages of a template: ``trans``, ``_()``, ``ngettext()``, and the pair of ``| antal``."""
    tree = environment().parse(source)
    said = extract_from_ast(tree, KEYWORDS)
    yield from (one for _, name, found in said if (one := message_of(name, found)))
    for used in tree.find_all(nodes.Filter):
        words = [word.value for word in used.args if isinstance(word, nodes.Const)]
        if used.name == "antal" and len(words) == len(used.args):
            yield tuple(words)


@cache
def inflected() -> dict[str, dict[str, str]]:
    """By regime, each form of its words with its English."""
    law = load(ROOT / "calendars").law
    told = {regime.id: asdict(regime.words) for regime in law.regimes} | {"": asdict(NEUTRAL)}
    with speaking("en"):
        return {
            regime: {
                form: english
                for name, word in words.items()
                for form, english in zip(word.values(), in_language(words)[name].values(), strict=True)
                if form != word["en"]
            }
            for regime, words in told.items()
        }


def words_of(regime: str) -> Iterator[str]:
    """The forms of a regime's words; none for a file that is no regime."""
    yield from inflected().get(regime, {})


def law_says(value: object, told: tuple[str, ...], key: str = "") -> Iterator[str]:
    """The titles in a file of the law; a table with ``da`` is one text."""
    if isinstance(value, dict):
        if key in told and isinstance(value.get("da"), str):
            yield value["da"]
        for name, inner in value.items():
            if name != "name" or (
                "id" in value and "url" not in value
            ):  # a state's, not a source's or a rule's
                yield from law_says(inner, told, "next" if key == "next_to" else name)
    elif isinstance(value, list):
        for inner in value:
            yield from law_says(inner, told, key)
    elif isinstance(value, str) and key in told and value and not value.startswith("§"):
        yield value


def law_in_english() -> dict[Message, Message]:
    """The titles that the law's files themselves say in English: what a new message begins with."""
    found: dict[Message, Message] = {
        form: said for words in inflected().values() for form, said in words.items()
    }
    waiting: list[object] = [
        tomllib.loads(path.read_text(encoding="utf-8")) for path in ROOT.glob("calendars/**/*.toml")
    ]
    while waiting:
        match waiting.pop():
            case {"da": str(danish), "en": str(english)}:
                found[danish] = english
            case dict() as table:
                waiting += table.values()
            case list() as items:
                waiting += items
    return found


@cache
def said_in() -> dict[str, dict[Message, list[str]]]:
    """By room, each message with the files that say it; a message of several rooms stands in the first."""
    found: dict[str, dict[Message, list[str]]] = {}
    known: set[Message] = set()
    for room in rooms():
        own = found[room.name] = {}
        for path in room.files:
            for message in messages_of(path):
                if message in known and message not in own:
                    continue
                known.add(message)
                places = own.setdefault(message, [])
                if (place := str(path.relative_to(ROOT))) not in places:
                    places.append(place)
    return found


def languages() -> list[str]:
    """The languages that are kept here."""
    return sorted(path.name for path in LOCALE.iterdir() if path.is_dir() and path.name != "__pycache__")


def catalogue(language: str, room: str) -> Catalog:
    """One .po file as it lies there; empty where there is none."""
    path = LOCALE / language / f"{room}.po"
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language, abort_invalid=True)


def translations(language: str) -> dict[Message, Message]:
    """Every translation there is, whichever file it stands in."""
    found: dict[Message, Message] = {}
    for path in sorted((LOCALE / language).glob("*.po")):
        for message in catalogue(language, path.stem):
            string = tuple(message.string) if isinstance(message.string, list) else message.string
            if message.id and string and (isinstance(string, str) or all(string)):
                found[tuple(message.id) if isinstance(message.id, list) else message.id] = string
    return found


def missing(language: str, room: str) -> list[Message]:
    """What the room says that the language has no words for."""
    known = translations(language)
    return [message for message in said_in()[room] if message not in known]


def write(language: str) -> None:
    """Write the language's files anew: what is said, with the translations there were."""
    known = (law_in_english() if language == "en" else {}) | translations(language)
    folder = LOCALE / language
    for room, said in said_in().items():
        whole = Catalog(locale=language, fuzzy=False)
        for message, places in said.items():
            whole.add(message, known.get(message, ""), locations=[(place, 0) for place in places],
                      flags=["python-format"] if placeholders(message) else [])  # fmt: skip
        if said:
            with (folder / f"{room}.po").open("wb") as file:
                write_po(file, whole, width=0, omit_header=True, include_lineno=False, sort_by_file=True)
        else:
            (folder / f"{room}.po").unlink(missing_ok=True)


def placeholders(message: Message) -> set[str]:
    """The named values of a message."""
    said = message if isinstance(message, tuple) else (message,)
    return {name for one in said for name in re.findall(r"%\(([\w.]+)\)[a-z]", one)}


_SAID = re.compile(r"""\s(?:aria-label|placeholder|title|alt|data-name)="([^"]*)\"""")
_DANISH = re.compile(r"[æøåÆØÅ]|[a-zæøå]+ [a-zæøå]+|^[A-ZÆØÅ][a-zæøå]{2,}$")
_NAMES = re.compile(r"&#?\w+;|SHA-256|Aftalefrist|^\s*Region |\bkB\b|frist\.ics|^/\S*=$")


def unmarked(path: Path) -> list[str]:
    """The words of a template that no catalogue knows: text and read attributes outside ``trans``, and Danish words in
    tags outside ``_()``. A rough eye: it finds what looks like words."""
    tree = environment().parse(path.read_text(encoding="utf-8"))
    written = "\0".join(node.data for node in tree.find_all(nodes.TemplateData))
    written = re.sub(r"<style.*?</style>|<svg.*?</svg>|<!--.*?-->", " ", written, flags=re.DOTALL)
    cut = r"<[^>]*>|\0" if path.suffix == ".html" else r"\0"
    text = [one.strip() for one in (*_SAID.findall(written), *re.split(cut, written))]
    bare = [one for one in text if re.search(r"[A-Za-zÆØÅæøå]{2,}", _NAMES.sub("", one))]
    return bare + [word for word in _consts(tree) if _DANISH.search(_NAMES.sub("", word))]


def _consts(node: nodes.Node) -> Iterator[str]:
    """The strings in a template's tags, but for those that a catalogue is asked for."""
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in KEYWORDS:
        for word in (*node.kwargs, *node.args[2 if node.node.name == "ngettext" else 1 :]):
            yield from _consts(word)
    elif isinstance(node, nodes.Filter) and node.name in ("antal", "replace"):
        yield from _consts(node.node) if node.node else ()
    elif isinstance(node, nodes.Const):
        yield from [node.value] if isinstance(node.value, str) else []
    else:
        for child in node.iter_child_nodes():
            yield from _consts(child)


def bare_in(room: Room) -> list[tuple[Path, str]]:
    """What :func:`unmarked` finds in the templates of a room."""
    return [
        (path, text) for path in room.files if path.suffix in (".html", ".txt") for text in unmarked(path)
    ]


def main() -> int:
    """Write every language anew, and say what is missing."""
    for language in languages():
        write(language)
    for room in rooms():
        counts = ", ".join(
            f"{language} {len(missing(language, room.name))} missing" for language in languages()
        )
        told = f"{len(said_in()[room.name]):4} messages, {counts}; {len(bare_in(room))} texts not marked"
        print(f"{'done' if room.done else '    '} {room.name:16} {told}")
        if len(sys.argv) > 1 and fnmatch(room.name, sys.argv[1]):
            print(*(f"     {message!r}" for message in missing(languages()[0], room.name)), sep="\n")
            print(*(f"     not marked: {path.name}: {text!r}" for path, text in bare_in(room)), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
