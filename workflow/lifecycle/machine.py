"""The one import of ``transitions``: a table, a state, an event -> the next state, or why not.

The tables are flat, have no callbacks and no ``to_x`` jumps. Guards are pure and answer with a reason instead of
False, because the library drops a refused guard silently; so they are asked here, over the library's own lookup.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from transitions import Machine

from workflow.errors import NotPossible


@dataclass(frozen=True, slots=True)
class Blocker:
    """What stands in the way, or should have been there: Danish words, the provision, who can clear it, and a word for
    machines."""

    text: str
    cite: str = ""
    who: str = ""
    need: str = ""


Guard = Callable[[Any], Blocker | None]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a table: ``event`` moves any of ``sources`` to ``target`` unless ``guard`` gives a reason.

    ``mark`` refuses nothing: it names the rule that the step broke, where it did. A guard is for what cannot be; what
    only should not be happens all the same, and is kept with its provision.
    """

    event: str
    sources: tuple[str, ...]
    target: str
    guard: Guard | None = None
    mark: Guard | None = None


class Table:
    """One machine: its states with their Danish names, and its rows. ``initial`` is where everything begins."""

    def __init__(self, name: str, states: Mapping[str, str], initial: str, rows: Sequence[Row]) -> None:
        self.name, self.states, self.initial, self.rows = name, dict(states), initial, tuple(rows)
        self._machine = Machine(
            model=None, states=list(states), initial=initial, auto_transitions=False, queued=False
        )
        for row in rows:
            self._machine.add_transition(row.event, list(row.sources), row.target)
        self._guards = {(row.event, source): row.guard for row in rows for source in row.sources}

    def target(self, state: str, event: str) -> str | None:
        """Where ``event`` leads from ``state`` by the table alone, or ``None``."""
        found = self._machine.get_transitions(event, state) if event in self._machine.events else []
        return str(found[0].dest) if found else None

    def step(self, state: str, event: str, case: Any = None, said: str = "", asked: str = "") -> str:
        """The next state; :class:`NotPossible` with the reason and what would make it possible.

        ``case`` is what the guard looks at; ``said`` names the thing in the message, e.g. ``"version 1"``, and
        ``asked`` the event where the reader knows it by another word.
        """
        target = self.target(state, event)
        if target is None:
            before = sorted({self.states[s] for row in self.rows if row.event == event for s in row.sources})
            raise NotPossible(
                f"{asked or event} er ikke mulig: {said or self.name} er {self.states[state]!r}; "
                f"det kræver {' eller '.join(repr(name) for name in before) or 'en anden hændelse'}"
            )
        guard = self._guards[(event, state)]
        if guard and (blocker := guard(case)):
            raise NotPossible(f"{asked or event} er ikke mulig: {blocker.text}", blocker.cite)
        return target

    def mark(self, state: str, event: str, case: Any) -> Blocker | None:
        """The rule that this step breaks, if it breaks one; asked before the step is taken."""
        rows = (row for row in self.rows if row.event == event and state in row.sources)
        return next((found for row in rows if row.mark and (found := row.mark(case))), None)

    def possible(self, state: str) -> list[str]:
        """The events the table knows from ``state``, guards not asked."""
        return [row.event for row in self.rows if state in row.sources]
