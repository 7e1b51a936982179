"""The one import of ``transitions``: a table, a state, an event -> the next state, or why not.

The tables are flat, have no callbacks and no ``to_x`` jumps. Guards are pure and answer with a reason instead of
False, because the library drops a refused guard silently; so they are asked here, over the library's own lookup.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from transitions import Machine

from workflow.errors import NotPossible
from workflow.language import Phrase, phrase
from workflow.lifecycle.guards import GUARDS, Blocker, Case
from workflow.rules.courserule import KINDS, MACHINES, Condition, CourseRule, MachineRule, StepRule

Cite = Callable[[str], str]
"""The provision a regime gives under a key, "" where it has none."""


class Table:
    """One machine: its states with their Danish names, and its steps. ``initial`` is where everything begins."""

    def __init__(self, rule: MachineRule) -> None:
        self.rule, self.name, self.steps = rule, rule.name, rule.steps
        self.states = {state.id: state.name for state in rule.states}
        self.initial = next(iter(self.states), "")
        self._machine = Machine(
            model=None, states=list(self.states), initial=self.initial, auto_transitions=False
        )
        for step in rule.steps:
            self._machine.add_transition(step.event, list(step.sources), step.target)
        self._steps = {(step.event, source): step for step in rule.steps for source in step.sources}
        self._targets: dict[tuple[str, str], str | None] = {}  # as the library has answered
        self._are = {kind: tuple(state.id for state in rule.states if kind in state.kinds) for kind in KINDS}

    def target(self, state: str, event: str) -> str | None:
        """Where ``event`` leads from ``state`` by the table alone, or ``None``."""
        asked = event, state
        if asked not in self._targets:
            found = self._machine.get_transitions(event, state) if event in self._machine.events else []
            self._targets[asked] = str(found[0].dest) if found else None
        return self._targets[asked]

    def step(self, state: str, event: str, case: Case, cite: Cite, said: str = "", asked: str = "") -> str:
        """The next state; :class:`NotPossible` with the reason and what would make it possible.

        ``case`` is what the guard looks at, ``cite`` gives its provision; ``said`` names the thing in the message, e.g.
        ``"version 1"``, and ``asked`` the event where the reader knows it by another word.
        """
        target = self.moved(state, event, said, asked)
        if blocker := asked_of(self._steps[(event, state)].guard, case, cite):
            raise NotPossible(
                phrase("%(event)s er ikke mulig: %(why)s", event=asked or event, why=blocker.text),
                blocker.cite,
            )
        return target

    def moved(self, state: str, event: str, said: str = "", asked: str = "") -> str:
        """:meth:`step` for a step without a guard."""
        target = self.target(state, event)
        if not self.states:
            raise NotPossible(phrase("%(event)s er ikke mulig: forløbet har den ikke", event=asked or event))
        if target is None:
            before = sorted(
                {self.states[s] for step in self.steps if step.event == event for s in step.sources}
            )
            raise NotPossible(
                phrase(
                    "%(event)s er ikke mulig: %(what)s er '%(state)s'; det kræver %(needed)s",
                    event=asked or event, what=said or self.name, state=self.states[state], needed=_either(before),
                )
            )  # fmt: skip
        return target

    def marks(self, state: str, event: str, case: Case, cite: Cite) -> list[Blocker]:
        """The rules that this step breaks; asked before the step is taken."""
        step = self._steps.get((event, state))
        return broken(step, case, cite) if step else []

    def beginning(self, event: str) -> StepRule | None:
        """How ``event`` opens a new one, or ``None`` where it does not."""
        return next((begin for begin in self.rule.begins if begin.event == event), None)

    def possible(self, state: str) -> list[str]:
        """The events the table knows from ``state``, guards not asked."""
        return [step.event for step in self.steps if state in step.sources]

    def are(self, kind: str) -> tuple[str, ...]:
        """The states of one of :data:`workflow.rules.courserule.KINDS`, in the table's order."""
        return self._are[kind]

    def said_by_people(self) -> frozenset[str]:
        """The events of this table that somebody says have happened."""
        steps = (*self.rule.begins, *self.steps)
        return frozenset({step.event for step in steps if not step.by_itself} | {*self.rule.notes})


def _either(names: list[str]) -> Phrase:
    """``"'sendt' eller 'godkendt'"``, the states a step may be taken from."""
    if not names:
        return phrase("en anden hændelse")
    *before, last = names
    if not before:
        return phrase("'%(state)s'", state=last)
    return phrase("%(states)s eller '%(state)s'", states=_either(before), state=last)


class Tables:
    """The machines of one course, ready to run. A machine the course does not have is a table without states."""

    def __init__(self, rule: CourseRule) -> None:
        self.rule = rule
        self.version, self.decision, self.period, self.report, self.review = (
            Table(rule.machine(name) or MachineRule(name, name, "", (), ())) for name in MACHINES
        )

    def knows(self, event: str) -> bool:
        """Whether somebody can say of this course that ``event`` has happened."""
        return any(event in table.said_by_people() for table in (self.version, self.decision, self.period))


@lru_cache(maxsize=64)
def tables(rule: CourseRule) -> Tables:
    """The tables of a course, built once."""
    return Tables(rule)


def broken(step: StepRule, case: Case, cite: Cite) -> list[Blocker]:
    """What each mark of the step has to say of the case, where it has anything to say."""
    return [found for mark in step.marks if (found := asked_of(mark, case, cite))]


def asked_of(condition: Condition | None, case: Case, cite: Cite) -> Blocker | None:
    """What a condition has to say of the case, ``None`` where nothing stands in the way."""
    return GUARDS[condition.name](case, cite(condition.provision)) if condition else None
