"""Plain questions answered at once: ``aftale status``, ``deadlines``, ``why`` and ``plan``, with plain arguments.

Loading typer takes as long as the whole answer. Whatever is not quite plain (help, ``--watch``, an option of another
form, anything misspelt) is left to typer, which says what would work.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Sequence

_PLACES = {
    "status": (0, 1),
    "deadlines": (0, 1),
    "why": (2, 2),
    "plan": (1, 1),
}  # command -> how many arguments
_WITH_A_VALUE = {"--as-of": "as_of", "--db": "db"}


def answered(arguments: Sequence[str]) -> bool:
    """Whether these arguments were a plain question, which then has been answered. Errors are those of the command."""
    if not arguments or arguments[0] not in _PLACES or "_AFTALE_COMPLETE" in os.environ:
        return False
    named: dict[str, str] = {}
    places: list[str] = []
    json = False
    rest = iter(arguments[1:])
    for one in rest:
        if one in _WITH_A_VALUE:
            value = next(rest, "")
            if not value or value.startswith("-"):
                return False
            named[_WITH_A_VALUE[one]] = value
        elif one == "--json":
            json = True
        elif not one or one.startswith("-"):
            return False
        else:
            places.append(one)
    least, most = _PLACES[arguments[0]]
    if not least <= len(places) <= most:
        return False
    gc.disable()  # a process that answers and ends; looking for rings of objects takes a tenth of its time
    from workflow.faces.cli.rounds import answers, planned

    agreement, deadline = (*places, None, None)[:2]
    asked = answers.Asked(agreement, deadline or "", named.get("as_of"), named.get("db"), json)
    {"status": answers.status, "deadlines": answers.deadlines, "why": answers.why, "plan": planned.plan}[
        arguments[0]
    ](asked)
    return True
