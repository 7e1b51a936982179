"""Which dates and events no letter tells of, and which letters nothing can make owed: what ``aftale check`` says."""

from __future__ import annotations

from collections.abc import Iterable

from workflow.rules.facts import EVENTS
from workflow.services.delivery import digest
from workflow.services.views import titles
from workflow.storage.law.rulebook import Rulebook


def untold(rulebook: Rulebook, templates: Iterable[str]) -> str:
    """In English: dated and undated duties without a letter, events without one, and letters nothing triggers, among
    the rules and ``templates`` (the names of the letters there are files for)."""
    followed = {one for letter in rulebook.letters for one in letter.deadline if letter.at}
    rules = [(regime, rule) for regime in rulebook.law.regimes for rule in regime.deadlines]
    silent = [
        f"{regime.id} {rule.id}" for regime, rule in rules if rule.id not in followed and rule.duty != "fact"
    ]
    events = {event for letter in rulebook.letters for event in letter.event}
    met = {id for letter in rulebook.letters if letter.generic == "met" for id in letter.deadline}
    events |= {event for _, rule in rules if rule.id in met for event in rule.met_by}
    untold_events = [event for event in EVENTS if event not in events]
    idle = [
        letter.name for letter in rulebook.letters if not (letter.deadline or letter.event or letter.state)
    ]
    names = {letter.name for letter in rulebook.letters}
    own = {digest.LETTER, *titles.OWN}  # one carries other letters, the rest go to one person, some by hand
    idle += sorted(name for name in templates if name not in names | own)
    return "; ".join(
        f"{what}: {', '.join(found) or 'none'}"
        for what, found in (
            ("dates without a letter", silent),
            ("events without a letter", untold_events),
            ("letters nothing triggers", idle),
        )
    )
