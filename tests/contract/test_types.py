"""What the services take and give is typed: a reader of a signature knows which keys a value has."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import typing
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from sqlalchemy import Engine

from workflow import services
from workflow.mail.returns.reports import Report
from workflow.mail.writing import facts

IMPORTED_FOR_TYPES_ONLY = {"Engine": Engine, "Report": Report}
ROOM = """
from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TypedDict

Told = dict[str, Any]
most: Told = {}


@dataclass
class Letter:
    facts: Told
    _kept: Any = None

    @property
    def first(self) -> list[Any]: ...

    @classmethod
    def read(cls, text: Any) -> Letter: ...

    def number(self) -> int: ...

    def _row(self) -> Any: ...


class Row(TypedDict):
    cites: dict[str, list[Any]]
    name: str


@contextmanager
def reading(text: str, *more: Any) -> Iterator[int]: ...


def _read() -> Any: ...
"""


def rooms() -> Iterator[ModuleType]:
    """Every module of the services, and the one that says what a letter is written from."""
    yield facts
    for found in pkgutil.walk_packages(services.__path__, f"{services.__name__}."):
        yield importlib.import_module(found.name)


def public(module: ModuleType) -> Iterator[tuple[str, object]]:
    """What carries annotations that others read, by its dotted name: functions, classes with their fields, methods."""
    yield module.__name__, module
    for name, one in vars(module).items():
        if name.startswith("_") or getattr(one, "__module__", "") != module.__name__:
            continue
        yield f"{module.__name__}.{name}", inspect.unwrap(one) if callable(one) else one
        if inspect.isclass(one):
            for method, held in vars(one).items():
                parts = (getattr(held, part, None) for part in ("fget", "func", "__func__"))
                made = next((part for part in parts if part), held)
                ours = inspect.isfunction(made) and made.__module__ == one.__module__
                if ours and (not method.startswith("_") or method == "__call__"):
                    yield f"{module.__name__}.{name}.{method}", made


def anything(hint: object) -> bool:
    """Whether ``Any`` stands anywhere in an annotation, also in what an alias stands for."""
    if isinstance(hint, list | tuple):
        return any(map(anything, hint))
    return hint is Any or any(map(anything, typing.get_args(hint)))


def untyped(module: ModuleType) -> list[str]:
    """The public names of a module with the parameters, fields or results whose type is, or holds, ``Any``."""
    told = []
    for where, one in public(module):
        if isinstance(one, ModuleType) or inspect.isfunction(one) or inspect.isclass(one):
            hints = typing.get_type_hints(one, localns=IMPORTED_FOR_TYPES_ONLY)
            mine = [name for name in hints if not (name.startswith("_") and not inspect.isfunction(one))]
            told += [f"{where}: {name}" for name in mine if anything(hints[name])]
    return told


def test_no_public_signature_of_the_services_says_any() -> None:
    assert [one for module in rooms() for one in untyped(module)] == []


def test_any_is_found_in_functions_methods_fields_and_behind_an_alias(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a_room_to_look_at.py").write_text(ROOM, encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    assert untyped(importlib.import_module("a_room_to_look_at")) == [
        "a_room_to_look_at: most",
        "a_room_to_look_at.Letter: facts",
        "a_room_to_look_at.Letter.first: return",
        "a_room_to_look_at.Letter.read: text",
        "a_room_to_look_at.Row: cites",
        "a_room_to_look_at.reading: more",
    ]
