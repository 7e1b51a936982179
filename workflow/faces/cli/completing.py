"""What a shell may complete: agreements, events, councils, deadlines. Quick, and silent where it cannot know."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from typing import Any

import typer

from workflow.errors import AftaleError

Found = list[tuple[str, str]]


def asked_by_a_shell() -> bool:
    """Whether this process only answers what some shell may complete."""
    return "_AFTALE_COMPLETE" in os.environ


def asked_by_bash() -> bool:
    """Whether this process only answers what bash may complete."""
    return os.environ.get("_AFTALE_COMPLETE") == "complete_bash"


def across_colons(run: Callable[[], None]) -> None:
    """``run`` the command line that answers bash, which parts ``annual-review:2025`` at the colon and replaces only
    what stands behind it: the word is put together for the question and cut again in the answer."""
    words: list[str] = []
    for word in os.environ["COMP_WORDS"].split("\n")[: int(os.environ["COMP_CWORD"]) + 1]:
        if words and (word.startswith(":") or words[-1].endswith(":")):
            words[-1] += word
        else:
            words.append(word)
    os.environ |= {"COMP_WORDS": "\n".join(words), "COMP_CWORD": str(len(words) - 1)}
    there = words[-1][: words[-1].rfind(":") + 1]
    answer = io.StringIO()
    try:
        with redirect_stdout(answer):
            run()
    finally:
        for line in answer.getvalue().splitlines():
            print(line.removeprefix(there))


def agreements(ctx: typer.Context, incomplete: str) -> Found:
    """Keys of the agreements in the database the command would open."""

    def ask() -> Iterable[tuple[str, str]]:
        from workflow.storage.glance import agreement_keys

        return [(key, "") for key in agreement_keys(_settings(ctx).db)]

    return _fitting(ask, incomplete)


def deadlines(ctx: typer.Context, incomplete: str) -> Found:
    """The deadlines of the agreement named before, with their titles."""

    def ask() -> Iterable[tuple[str, str]]:
        from workflow.storage.glance import deadline_ids

        return deadline_ids(_settings(ctx).db, _agreement(ctx))

    return _fitting(ask, incomplete)


def events(incomplete: str) -> Found:
    """The events that can be recorded."""
    from workflow.services.facts.intake import RECORDABLE

    return _fitting(lambda: [(event, "") for event in RECORDABLE], incomplete)


def councils(ctx: typer.Context, incomplete: str) -> Found:
    """Codes of the councils in the region of the agreement named before, with their names."""

    def ask() -> Iterable[tuple[str, str]]:
        from workflow.storage import glance
        from workflow.storage.places import find_folder

        region = _agreement(ctx).partition("/")[0]
        return glance.councils(find_folder("calendars", _settings(ctx).calendars), region)

    return _fitting(ask, incomplete)


def _agreement(ctx: typer.Context) -> str:
    """The agreement named before; behind an option it is not read yet but stands among the words."""
    return str(ctx.params.get("agreement") or next(iter(ctx.args), ""))


def _settings(ctx: typer.Context) -> Any:
    from workflow.settings import load

    return load(db=ctx.params.get("db"))


def _fitting(ask: Callable[[], Iterable[tuple[str, str]]], incomplete: str) -> Found:
    """What begins like the word so far. No database, no file, no server: nothing to offer, and nothing to say."""
    import sqlite3

    try:
        return [(value, said) for value, said in ask() if value.startswith(incomplete)]
    except (AftaleError, OSError, ValueError, KeyError, sqlite3.Error):
        return []
