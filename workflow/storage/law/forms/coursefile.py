"""A file of ``calendars/courses/`` as a strict model, and from it a :class:`workflow.rules.courserule.CourseRule`.

What is wrong with a course would show only when somebody is refused a step, so it is all found at load: a state nothing
leads to, one that nothing leaves though it is no end, a step from or to a state that is not there, an event no machine
is told of, a guard that is not in the closed set or has no provision.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field

from workflow.errors import Misconfigured
from workflow.lifecycle.course import COUNCIL_EVENTS, HEARD
from workflow.lifecycle.guards import GUARDS
from workflow.rules.courserule import (
    KINDS,
    MACHINES,
    MOVERS,
    Condition,
    CourseRule,
    MachineRule,
    StateRule,
    StepRule,
)
from workflow.storage.law.forms.entry import Entry, Line
from workflow.storage.law.lawfiles import Id, TextEntry

Name = Annotated[str, Field(pattern=r"^[a-z][a-z_]*$")]
Kinds = Annotated[tuple[Literal[KINDS], ...], Field(strict=False)]  # type: ignore[valid-type]
By = Annotated[tuple[Literal[MOVERS], ...], Field(strict=False, min_length=1)]  # type: ignore[valid-type]


class ConditionEntry(Entry):
    name: Line
    provision: Id  # the key of the regime's [provisions] that holds the law behind it

    def value(self) -> Condition:
        return Condition(self.name, self.provision)


class StateEntry(Entry):
    id: Name
    name: Line
    said: str = ""
    enters: Line = Field(alias="in")
    leaves: Line = Field(alias="out")
    otherwise: Line
    kinds: Kinds = Field(default=(), alias="is")
    final: bool = False

    def value(self) -> StateRule:
        return StateRule(**self.model_dump())


class BeginEntry(Entry):
    event: Line
    by: By
    guard: ConditionEntry | None = None
    mark: Annotated[tuple[ConditionEntry, ...], Field(strict=False)] = ()

    def value(self) -> StepRule:
        guard = self.guard.value() if self.guard else None
        return StepRule(self.event, (), "", self.by, guard, tuple(one.value() for one in self.mark))


class StepEntry(BeginEntry):
    sources: Annotated[tuple[Name, ...], Field(strict=False, min_length=1)] = Field(alias="from")
    to: Name

    def value(self) -> StepRule:
        begun = super().value()
        return StepRule(self.event, self.sources, self.to, self.by, begun.guard, begun.marks)


class MachineEntry(Entry):
    id: Literal[MACHINES]  # type: ignore[valid-type]
    name: Line
    said: Line
    state: Annotated[tuple[StateEntry, ...], Field(strict=False, min_length=1)]
    begin: Annotated[tuple[BeginEntry, ...], Field(strict=False)] = ()
    step: Annotated[tuple[StepEntry, ...], Field(strict=False, min_length=1)]
    notes: Annotated[tuple[Line, ...], Field(strict=False)] = ()

    def value(self) -> MachineRule:
        states, steps, begins = (
            tuple(one.value() for one in many) for many in (self.state, self.step, self.begin)
        )
        return MachineRule(self.id, self.name, self.said, states, steps, begins, self.notes)  # type: ignore[arg-type]


class CourseFile(Entry):
    id: Id
    title: TextEntry
    about: Line
    machine: Annotated[tuple[MachineEntry, ...], Field(strict=False, min_length=1)]

    def value(self) -> CourseRule:
        machines = tuple(one.value() for one in self.machine)
        return CourseRule(self.id, self.title.da, self.about, machines)


def check_course(where: str, course: CourseRule) -> None:
    """:class:`Misconfigured` with the machine, the entry and the key of the first thing in ``course`` that cannot be
    right; ``where`` is its file."""
    if not where.endswith(f"/{course.id}.toml"):
        raise Misconfigured(where, f"key id: {course.id!r} is not the name of the file", "Rename one of them")
    for name in ("version", "period"):
        if course.machine(name) is None:
            raise Misconfigured(where, f"key machine: there is no machine {name!r}", "Add it")
    for machine in course.machines:
        for problem, cure in (*_events(machine), *_conditions(machine), *_graph(machine)):
            raise Misconfigured(where, f'machine "{machine.id}", {problem}', cure)
    version = course.machine("version")
    if version and not version.begins:
        raise Misconfigured(where, 'machine "version", key begin: no event begins a text', "Add one")


def _events(machine: MachineRule) -> Iterator[tuple[str, str]]:
    heard = HEARD[machine.id]
    for event in machine.notes:
        if event not in heard:
            yield f"key notes: {event!r} leads nowhere, this machine is never told of it", "Remove it"
    for kind, steps in (("begin", machine.begins), ("step", machine.steps)):
        for step in steps:
            if step.event not in heard:
                problem = (
                    f'{kind} "{step.event}", key event: it leads nowhere, this machine is never told of it'
                )
                yield problem, f"It is told of: {', '.join(sorted(heard))}"
            if machine.id == "decision" and not step.by_itself and step.event not in COUNCIL_EVENTS:
                yield f'step "{step.event}", key by: no council says that', "Give course"


def _conditions(machine: MachineRule) -> Iterator[tuple[str, str]]:
    for step in (*machine.begins, *machine.steps):
        conditions = [("guard", step.guard)] if step.guard else []
        for key, one in (*conditions, *(("mark", mark) for mark in step.marks)):
            if one.name not in GUARDS:
                problem = f'step "{step.event}", key {key}.name: {one.name!r} is no guard this program knows'
                yield problem, f"Known: {', '.join(GUARDS)}"


def _graph(machine: MachineRule) -> Iterator[tuple[str, str]]:
    states = {state.id: state for state in machine.states}
    known = f"States: {', '.join(states)}"
    if len(states) < len(machine.states):
        names = [state.id for state in machine.states]
        twice = next(name for name in names if names.count(name) > 1)
        yield f'state "{twice}" stands twice', "Give each its own id, or remove one"
    taken: set[tuple[str, str]] = set()
    for step in machine.steps:
        place = f'step "{step.event}"'
        for source in step.sources:
            if source not in states:
                yield f"{place}, key from: there is no state {source!r}", known
            if (step.event, source) in taken:
                yield f"{place}, key from: from {source!r} it is given twice", "An event leads to one state"
            taken.add((step.event, source))
        if step.target not in states:
            yield f"{place}, key to: it leads nowhere, there is no state {step.target!r}", known
    left = {source for step in machine.steps for source in step.sources if source != step.target}
    reached, new = set[str](), {machine.states[0].id}
    while new:
        reached |= new
        new = {step.target for step in machine.steps if reached & {*step.sources}} - reached
    for state in machine.states:
        if state.id not in reached:
            yield f'state "{state.id}": no step leads to it', "Add a step, or remove the state"
        if state.final and state.id in left:
            yield f'state "{state.id}", key final: a step leaves it', "Remove the step, or final"
        if not state.final and state.id not in left:
            yield f'state "{state.id}": no step leaves it', "Add a step, or say final = true"
