"""What became of each dated deadline from fact to fact: how often it changed, when last, and which are gone.

A calendar that somebody subscribes to needs this: an entry keeps its name for ever, counts its changes and is
cancelled rather than forgotten.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from workflow.rules.agreement import Agreement
from workflow.rules.anchors import Found
from workflow.rules.anchors.revisions import dates
from workflow.rules.facts import Fact
from workflow.rules.regime import Law
from workflow.rules.story import tell
from workflow.values import dataclass


@dataclass(frozen=True, slots=True)
class Trace:
    """One dated deadline: as it was last ``found``, how many facts changed its date, whether it was met or whether
    it is there at all (``changes``), and the newest of them (``fact_no``; 0: none, it follows from the term)."""

    found: Found
    changes: int
    fact_no: int
    gone: bool = False


def traces(
    agreement: Agreement,
    facts: Sequence[Fact],
    law: Law,
    as_of: date,
    succeeded_on: date | None = None,
    by_then: Callable[[Sequence[Fact]], tuple[Agreement, Law]] | None = None,
) -> dict[tuple[str, str], Trace]:
    """Rule and subject -> its trace, for every deadline that ever had a date in the order the facts were recorded.

    ``as_of`` is a Danish civil date: facts known later are not seen. With more facts no count of changes shrinks.
    ``by_then`` gives the agreement and its law after the first facts, where a fact among them changed the law.
    """
    known = sorted((fact for fact in facts if fact.known_by(as_of)), key=lambda fact: fact.no)
    found: dict[tuple[str, str], Trace] = {}
    for moment in range(len(known) + 1):
        number = known[moment - 1].no if moment else 0
        story = tell(known[:moment], as_of, succeeded_on)
        whose, rules = by_then(known[:moment]) if by_then else (agreement, law)
        now = {key: one for key, (one, _) in dates(whose, story, rules, as_of).items() if one.on}
        for key, one in now.items():
            before = found.get(key)
            if before is None:
                found[key] = Trace(one, 0, number)
            elif before.gone or (before.found.on, before.found.met_on) != (one.on, one.met_on):
                found[key] = Trace(one, before.changes + 1, number)
            else:
                found[key] = Trace(one, before.changes, before.fact_no)
        for key, before in found.items():
            if key not in now and not before.gone:
                found[key] = Trace(before.found, before.changes + 1, number, gone=True)
    return found
