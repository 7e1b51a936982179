"""Answered without typer: ``aftale status``, ``deadlines``, ``why``, ``plan``, ``tick`` and ``daemon`` with plain
arguments.

Loading typer takes as long as a whole answer. Whatever is not quite plain (help, ``--watch``, an option of another
form, anything misspelt) is left to typer, which says what would work.
"""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Callable, Sequence

_ASKED = {"--as-of": "as_of", "--db": "db"}
_PLAIN: dict[str, tuple[int, int, dict[str, str], dict[str, str]]] = {
    # command -> the fewest and the most arguments, its options with a value, those without
    "status": (0, 1, _ASKED, {"--json": "json"}),
    "deadlines": (0, 1, _ASKED, {"--json": "json"}),
    "why": (2, 2, _ASKED, {"--json": "json"}),
    "plan": (1, 1, _ASKED, {"--json": "json"}),
    "tick": (0, 0, {"--at": "at", "--db": "db"}, {"--dry-run": "dry_run", "--json": "json"}),
    "daemon": (0, 0, {"--port": "port", "--db": "db"}, {}),
}
_RARELY = 50_000  # new objects: imports make many that stay, and to look through them is a sixth of a start


def answered(arguments: Sequence[str]) -> bool:
    """Whether these arguments were plain, and the command has run. Errors are those of the command."""
    gc.set_threshold(_RARELY, 50, 50)
    if not arguments or arguments[0] not in _PLAIN or "_AFTALE_COMPLETE" in os.environ:
        return False
    fewest, most, valued, flags = _PLAIN[arguments[0]]
    named: dict[str, str] = {}
    said: dict[str, bool] = {}
    places: list[str] = []
    rest = iter(arguments[1:])
    for one in rest:
        if one in valued:
            value = next(rest, "")
            if not value or value.startswith("-"):
                return False
            named[valued[one]] = value
        elif one in flags:
            said[flags[one]] = True
        elif not one or one.startswith("-"):
            return False
        else:
            places.append(one)
    if not fewest <= len(places) <= most or not named.get("port", "0").isdecimal():
        return False
    run = _work if arguments[0] in ("tick", "daemon") else _answer
    run(arguments[0], places, named, said)
    return True


def _answer(command: str, places: list[str], named: dict[str, str], said: dict[str, bool]) -> None:
    gc.disable()  # a process that answers and ends; looking for rings of objects takes a tenth of its time
    from workflow.faces.cli.rounds import answers, planned

    agreement, deadline = (*places, None, None)[:2]
    asked = answers.Asked(
        agreement, deadline or "", named.get("as_of"), named.get("db"), said.get("json", False)
    )
    answer: dict[str, Callable[[answers.Asked], None]] = {
        "status": answers.status, "deadlines": answers.deadlines, "why": answers.why, "plan": planned.plan
    }  # fmt: skip
    answer[command](asked)


def _work(command: str, _places: list[str], named: dict[str, str], said: dict[str, bool]) -> None:
    from workflow.faces.cli.house import working

    if command == "tick":
        working.tick(named.get("at"), said.get("dry_run", False), named.get("db"), said.get("json", False))
        return
    sys.exit(working.daemon(int(named["port"]) if "port" in named else None, named.get("db")))
