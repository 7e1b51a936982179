"""What a fact must rest on, by whatever door it comes: a date that the law protects moves only with a source, and a
decision is recorded once it has been made."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from workflow.errors import Conflict, Invalid
from workflow.lifecycle.course import COUNCIL_EVENTS
from workflow.rules.days import spoken
from workflow.rules.facts import Fact, live

MOVES_A_DATE = ("deviation", "sst-refused", "regime-confirmed", "nominal-end", "revised-date-set")
NEEDS_SOURCE = ("correction", *MOVES_A_DATE)
DECISIONS = frozenset({*COUNCIL_EVENTS, "endorsed", "sst-approved"}) - {"council-scheduled"}


def grounded(facts: Sequence[Fact], fact: Fact) -> None:
    """:class:`Invalid` for a date moved without a source; :class:`Conflict` for one moved by the same fact before. The
    first entry into force moves nothing."""
    before = [f for f in live(facts, date.max) if f.event == fact.event]
    moves = fact.event in NEEDS_SOURCE or (fact.event == "effective" and before)
    if moves and not fact.source.strip():
        if fact.event == "correction":
            raise Invalid("correction: skriv, hvorfor linjen er forkert (--source)")
        where = "et brev eller en side, hvor det står"
        raise Invalid(f"{fact.event}: skriv kilden (--source): {where}; uden kilde flyttes ingen dato")
    for f in before if fact.event in MOVES_A_DATE else ():
        if (f.on, f.due, f.version, f.about) == (fact.on, fact.due, fact.version, fact.about):
            raise Conflict(
                f"{fact.event} {fact.value} står allerede i journalen som nr. {f.no}; intet er ændret"
            )


def made(fact: Fact, today: date) -> None:
    """:class:`Invalid` for a decision dated after the Danish day ``today``."""
    if fact.event in DECISIONS and fact.on > today:
        instead = "; et møde, der skal holdes, er council-scheduled" * (fact.event in COUNCIL_EVENTS)
        raise Invalid(
            f"{fact.event}: {spoken(fact.on)} er ikke kommet endnu (--on), og en beslutning registreres først, når den "
            f"er truffet{instead}"
        )
