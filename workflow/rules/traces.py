"""What became of each dated deadline from fact to fact: how often it changed, when last, and which are gone.

A calendar that somebody subscribes to needs this: an entry keeps its name for ever, counts its changes and is
cancelled rather than forgotten.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from functools import lru_cache

from workflow.rules.agreement import Agreement
from workflow.rules.anchors import Found
from workflow.rules.anchors.revisions import MOST, Under, Whose, dates, whose_of
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
    by_then: Under | None = None,
) -> Mapping[tuple[str, str], Trace]:
    """Rule and subject -> its trace, for every deadline that ever had a date in the order the facts were recorded.

    ``as_of`` is a Danish civil date: facts known later are not seen. With more facts no count of changes shrinks.
    ``by_then`` gives the agreement and its law after the first facts, where a fact among them changed the law.
    """
    known = tuple(sorted((fact for fact in facts if fact.known_by(as_of)), key=lambda fact: fact.no))
    under: Under = by_then or (lambda _: (agreement, law))
    whose = [whose_of(under, (), as_of, None)]
    for moment in range(1, len(known) + 1):
        whose.append(whose_of(under, known[:moment], as_of, whose[-1]))
    return _traces(tuple(whose), known, as_of, succeeded_on)


@lru_cache(maxsize=MOST)  # calendars ask for the same agreements all day long
def _traces(
    whose: Sequence[Whose], known: Sequence[Fact], as_of: date, succeeded_on: date | None
) -> Mapping[tuple[str, str], Trace]:
    """The traces of these facts, the agreement and its law being those of ``whose`` before the first and after each."""
    found: dict[tuple[str, str], Trace] = {}
    for moment, then in enumerate(whose):
        number = known[moment - 1].no if moment else 0
        story = tell(known[:moment], as_of, succeeded_on)
        now = {key: one for key, (one, _) in dates(then.agreement, story, then.law, as_of).items() if one.on}
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
