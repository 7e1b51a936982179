"""One TOML file into one strict model, and every fault into a sentence an operator can act on.

A fault is :class:`Misconfigured` with the file, the entry's id and the key. Citations are checked here too, since
they are the same in every file: each begins with the key of a ``[[source]]`` of its own file.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from workflow.errors import Misconfigured
from workflow.storage.filereading import read_toml_text

_SAID = {  # pydantic's words where an operator would not know them
    "extra_forbidden": ("unknown key", "Remove it or correct its spelling"),
    "missing": ("is missing", "Add it"),
    "date_type": ("is no date", "Write it without quotes, e.g. 2023-07-01"),
    "too_short": ("must not be empty", "Add at least one"),
}
_File = TypeVar("_File", bound=BaseModel)


def read_toml(where: str, content: bytes, model: type[_File]) -> _File:
    """Parse and check one file; :class:`Misconfigured` names ``where``, the entry and the key."""
    try:
        raw = read_toml_text(content.decode("utf-8"))
        read = model.model_validate(raw)
    except UnicodeDecodeError as error:
        raise Misconfigured(
            where, f"not UTF-8 text (byte {error.start})", "Save the file as UTF-8"
        ) from error
    except tomllib.TOMLDecodeError as error:
        place = _near(content.decode("utf-8"), str(error))
        raise Misconfigured(
            where, f"{place}not TOML: {error}", "Each key may stand once, dates must exist; see toml.io"
        ) from error
    except ValidationError as error:
        found = error.errors(include_url=False)
        first = min(
            found, key=lambda one: one["type"] != "extra_forbidden"
        )  # a slip in a key leaves another missing
        said, cure = in_words(first)
        if first["type"] == "extra_forbidden" and (meant := _meant(first, found)):
            cure = f"Did you mean {meant!r}?"
        raise Misconfigured(where, f"{_place(raw, first['loc'])}: {said}", cure) from error
    _check_cites(where, raw)
    return read


def in_words(found: Mapping[str, Any]) -> tuple[str, str]:
    """What pydantic found, and what would work, in an operator's words."""
    said, cure = _SAID.get(
        found["type"], (str(found["msg"]).removeprefix("Value error, "), "Correct the value")
    )
    if found["type"] == "literal_error":
        said = f"{found['input']!r} is unknown: {said[:1].lower()}{said[1:]}"
    return said, cure


def _meant(unknown: Mapping[str, Any], found: Iterable[Mapping[str, Any]]) -> str:
    """The key that is missing beside the unknown one and is spelt much like it; "" for none."""
    *place, typed = unknown["loc"]
    lacking = [
        str(one["loc"][-1]) for one in found if one["type"] == "missing" and [*one["loc"][:-1]] == place
    ]
    return next(iter(get_close_matches(str(typed), lacking, 1)), "")


def _near(text: str, said: str) -> str:
    """The entry and key of the line TOML stumbled over (an impossible date has no value to ask), as far as it has."""
    at = re.search(r"at line (\d+)", said)
    if not at:
        return ""
    above = text.splitlines()[: int(at[1])]
    key = re.match(r"\s*([\w-]+)\s*=", above[-1]) if above else None
    entry, name = "", ""
    for line in reversed(above):
        found = re.match(r'\s*(?:id|key|name|label)\s*=\s*"([^"]+)"', line)
        name = found[1] if found else name
        if heading := re.match(r"\s*\[+([\w-]+)\]+", line):
            entry = f'{heading[1]} "{name}", ' if name else f"{heading[1]}, "
            break
    return f"{entry}key {key[1]}: " if key else entry


def _place(raw: Any, loc: Iterable[int | str]) -> str:
    """``("deadline", 3, "due", "add")`` as ``deadline "midterm-order", key due.add``."""
    entry, keys = "", list[str]()
    for part in loc:
        inside = isinstance(raw, list) if isinstance(part, int) else isinstance(raw, dict) and part in raw
        raw = raw[part] if inside else None
        if isinstance(part, int) and isinstance(raw, dict):
            entry, keys = f'{keys[-1]} "{_name(raw, part)}"', []
        else:
            keys.append(str(part))
    key = f"key {'.'.join(keys)}" if keys else ""
    return ", ".join(filter(None, (entry, key))) or "file"


def _name(entry: Mapping[str, Any], index: int) -> object:
    """What a person calls the entry: its id where it has one, else its number in the file."""
    for key in ("id", "key", "name", "election_on", "region", "regime"):
        if key in entry:
            return entry[key]
    return index + 1


def _check_cites(where: str, raw: Mapping[str, Any]) -> None:
    """Every ``cite`` and provision begins with the key of a source in the same file; no key or id stands twice."""
    sources = [source["key"] for source in raw.get("source", ())]
    known = re.compile("|".join(rf"{re.escape(key)}(?!\w)" for key in sources) or r"(?!)")
    places = [
        (f"key provisions.{step}", cite)
        for step, cites in raw.get("provisions", {}).items()
        for cite in ([cites] if isinstance(cites, str) else cites)
    ]
    places += [("key instrument", raw["instrument"])] if "instrument" in raw else []
    places += [("key ends.cite", raw["ends"]["cite"])] if "ends" in raw else []
    for section, entries in raw.items():
        if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
            continue
        names = [_name(entry, index) for index, entry in enumerate(entries)]
        for index, name in enumerate(names):
            if name in names[:index] and section != "office_period":
                raise Misconfigured(
                    where, f'{section} "{name}" stands twice', "Give each its own id, or remove one"
                )
            cites = entries[index].get("cite", [])
            for cite in [cites] if isinstance(cites, str) else cites:
                places.append((f'{section} "{name}", key cite', cite))
    for place, cite in places:
        if not known.match(cite):
            listed = ", ".join(sources) or "none"
            raise Misconfigured(
                where, f"{place}: {cite!r} begins with no source of this file", f"Sources: {listed}"
            )
