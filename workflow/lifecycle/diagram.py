"""The machines drawn: each table that runs as a Mermaid state diagram, and what its file says of each state.

Made from the tables and docstrings themselves, so that a drawing cannot disagree with the program.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from types import ModuleType

from workflow.lifecycle import decision, period, report, review, version
from workflow.lifecycle.machine import Guard, Table

MACHINES: tuple[tuple[Table, ModuleType], ...] = (
    (version.VERSION, version),
    (decision.DECISION, decision),
    (period.PERIOD, period),
    (report.REPORT, report),
    (review.REVIEW, review),
)
_STATE = re.compile(r"(?P<names>[a-z_]+(?: [a-z_]+)*) {2,}(?P<said>\S.*)|(?P<one>[a-z_]+) (?P<rest>[A-Z].*)")
_HEAD = """# The machines of an agreement

Drawn by `aftale diagram --out docs/lifecycle.md` from the tables that run (`workflow/lifecycle/`). An arrow carries the
event that moves the machine; `[guarded]` means that it also needs what is listed under *Guards*, `[marked]` that what
is listed under *Marks* should be there: without it the step is recorded all the same, and the breach is kept with its
provision. The version and the period are independent: an agreement can be in force before the Health Authority has
answered.
"""


def document() -> str:
    """All machines as one Markdown page."""
    return "\n".join([_HEAD, *(_section(table, module) for table, module in MACHINES)])


def mermaid(table: Table) -> str:
    """One table as ``stateDiagram-v2``, states by their Danish names, in the table's own order."""
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{name}" as {state}' for state, name in table.states.items()]
    lines.append(f"    [*] --> {table.initial}")
    for row in table.rows:
        guarded = (" [guarded]" if row.guard else "") + (" [marked]" if row.mark else "")
        lines += [f"    {source} --> {row.target} : {row.event}{guarded}" for source in row.sources]
    lines += [f"    {state} --> [*]" for state in table.states if not table.possible(state)]
    return "\n".join(lines)


def told(module: ModuleType) -> dict[str, str]:
    """What the docstring of a machine's file says of each state: who moves it in and out, and what if nobody does."""
    found: dict[str, str] = {}
    names: list[str] = []
    for line in (module.__doc__ or "").splitlines()[1:]:
        if match := _STATE.fullmatch(line):
            names = (match["names"] or match["one"]).split()
            found |= dict.fromkeys(names, match["said"] or match["rest"])
        elif line.startswith(" ") and names:
            found |= {name: f"{found[name]} {line.strip()}" for name in names}
        else:
            names = []
    return found


def _section(table: Table, module: ModuleType) -> str:
    title = (module.__doc__ or "").splitlines()[0]
    said = told(module)
    lines = [f"## {table.name.capitalize()}", "", title, "", "```mermaid", mermaid(table), "```", ""]
    lines += [f"* **{name}** (`{state}`): {said[state]}" for state, name in table.states.items()]
    guards = [(row.event, row.guard) for row in table.rows if row.guard]
    marks = [(row.event, row.mark) for row in table.rows if row.mark]
    return "\n".join([*lines, "", *_listed("Guards", guards), *_listed("Marks", marks)])


def _listed(heading: str, rules: Sequence[tuple[str, Guard]]) -> list[str]:
    """What a step needs, or should have had, in the words of its own docstring."""
    said = [f"* `{event}`: {' '.join((rule.__doc__ or '').split())}" for event, rule in rules]
    return [f"{heading}:", "", *said, ""] if said else []
