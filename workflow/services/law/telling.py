"""What an act about the rules will do, agreement by agreement, told before it is done and in the same words after."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Engine

from workflow.rules.timeline import Deadline
from workflow.services.facts.agreements import Recorded
from workflow.services.facts.ends import telling
from workflow.services.facts.foretelling import Foretold, foretell
from workflow.services.people.contacts.reach import unreachable
from workflow.storage.law.rulebook import Rulebook
from workflow.values import dataclass


@dataclass(frozen=True, slots=True)
class Effect:
    """What the end of its rules changes for one agreement: duties that lapse for certain now and those that stay unmet
    in time, how many unsent letters are taken back, and to whom (functions) letters go from which Danish day.
    ``unreachable`` are those of them without a mailbox then."""

    agreement: str
    no: int
    lapsed: tuple[Deadline, ...]
    breached: tuple[Deadline, ...]
    withdrawn: int
    letters_from: date
    letters_to: tuple[str, ...]
    unreachable: tuple[str, ...] = ()


def effects(engine: Engine, done: Iterable[Recorded], today: date) -> list[Effect]:
    """What each recorded (or tried) end changes, by agreement, told on a Danish day."""
    return [_effect(engine, one, today) for one in done]


def _effect(engine: Engine, one: Recorded, today: date) -> Effect:
    letters = telling(one.after.rules, one.after, today)
    lapsed = [d for d in one.after.deadlines if d.status == "lapsed" and d.legal_on and _was_open(one, d)]
    breached = [d for d in one.after.deadlines if d.status == "breached" and d.legal_on]
    return Effect(
        one.after.agreement.key, one.fact.no, tuple(lapsed), tuple(breached), one.withdrawn, letters.from_on,
        letters.recipients, tuple(unreachable(engine, letters.recipients, letters.from_on)),
    )  # fmt: skip


def _was_open(one: Recorded, deadline: Deadline) -> bool:
    before = one.before.deadline(deadline.id, deadline.subject)
    return before is None or before.status != "lapsed" or before.doubtful  # gone for certain now, by one day


def foretold(engine: Engine, rulebook: Rulebook, tried: Iterable[Recorded], today: date) -> list[Foretold]:
    """Dates, states and letters that follow from facts tried on several agreements, one by one."""
    return [foretell(engine, rulebook, one.after.agreement.key, one.fact, today) for one in tried]


def seal(asked: Sequence[str], told: Iterable[Effect | Foretold]) -> str:
    """A digest (hex) of what was asked and what was told of it, so that a page does what it has shown or nothing."""
    parts = list(asked)
    for one in told:
        if isinstance(one, Foretold):
            parts += [
                one.after.agreement.key,
                one.head,
                str(one.withdrawn),
                *sorted(n.key for n in one.letters),
            ]
        else:
            parts += [one.agreement, str(one.withdrawn), str(one.letters_from), *one.letters_to]
            parts += [f"{d.id}:{d.subject}" for d in (*one.lapsed, *one.breached)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()
