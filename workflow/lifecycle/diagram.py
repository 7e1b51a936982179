"""The courses drawn: each machine that runs as a Mermaid state diagram, and what its file says of each state.

Made from the tables themselves, so that a drawing cannot disagree with the program.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workflow.lifecycle.guards import GUARDS
from workflow.lifecycle.machine import Table, tables
from workflow.rules.courserule import Condition, CourseRule, StepRule

_HEAD = """# The courses

Drawn by `aftale diagram --out docs/lifecycle.md` from the tables that run (`calendars/courses/`). A course is several
small machines. An arrow carries the event that moves the machine; `[guarded]` means that it also needs what is listed
under *Guards*, `[marked]` that what is listed under *Marks* should be there: without it the step is recorded all the
same, and the breach is kept with its provision. In parentheses stands the key under which a regime gives the provision.
What a text goes through and the period it binds are independent: an agreement can be in force before its authority has
answered.
"""


def document(courses: Iterable[CourseRule]) -> str:
    """All courses as one Markdown page."""
    return "\n".join([_HEAD, *(_course(course) for course in courses)])


def drawn(course: CourseRule) -> list[Table]:
    """The machines a course has, in the order of its file."""
    ready = tables(course)
    return [getattr(ready, machine.id) for machine in course.machines]


def mermaid(table: Table) -> str:
    """One table as ``stateDiagram-v2``, states by their Danish names, in the table's own order."""
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{name}" as {state}' for state, name in table.states.items()]
    lines.append(f"    [*] --> {table.initial}")
    for step in table.steps:
        guarded = (" [guarded]" if step.guard else "") + (" [marked]" if step.marks else "")
        lines += [f"    {source} --> {step.target} : {step.event}{guarded}" for source in step.sources]
    lines += [f"    {state} --> [*]" for state in table.states if not table.possible(state)]
    return "\n".join(lines)


def _course(course: CourseRule) -> str:
    head = [f"## {course.title} (`{course.id}`)", "", course.about, ""]
    return "\n".join([*head, *(_section(table) for table in drawn(course))])


def _section(table: Table) -> str:
    lines = [
        f"### {table.name.capitalize()}",
        "",
        table.rule.said,
        "",
        "```mermaid",
        mermaid(table),
        "```",
        "",
    ]
    lines += [f"* **{state.name}** (`{state.id}`): {state.told}" for state in table.rule.states]
    steps = (*table.rule.begins, *table.steps)
    guards = [(step, step.guard) for step in steps if step.guard]
    marks = [(step, mark) for step in steps for mark in step.marks]
    by = [f"`{step.event}` {', '.join(step.by)}" for step in steps]
    by += [f"`{event}` moves nothing" for event in table.rule.notes]
    moved = [f"Moved by: {'; '.join(dict.fromkeys(by))}.", ""]
    return "\n".join([*lines, "", *moved, *_listed("Guards", guards), *_listed("Marks", marks)])


def _listed(heading: str, rules: Sequence[tuple[StepRule, Condition]]) -> list[str]:
    """What a step needs, or should have had, in the words of the guard's own docstring."""
    said = [
        f"* `{step.event}`: {' '.join((GUARDS[rule.name].__doc__ or '').split())} (`{rule.provision}`)"
        for step, rule in rules
    ]
    return [f"{heading}:", "", *said, ""] if said else []
