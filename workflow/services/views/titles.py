"""What people call a body, a recipient and a letter, where programs have keys."""

from __future__ import annotations

from workflow.mail.words import BEARERS, FUNCTIONS
from workflow.storage.rulebook import Rulebook


def bodies(rulebook: Rulebook) -> dict[str, str]:
    """The name of each council (by code), cluster and region (by id and by code)."""
    names = {member.code: member.full_name for member in rulebook.memberships}
    names |= {cluster.id: cluster.name for cluster in rulebook.clusters}
    for region in rulebook.regions:
        names |= {region.id: region.name, region.code or region.id: region.name}
    return names


def doer(names: dict[str, str], who: str) -> str:
    """Who is to do something: a body of :func:`bodies`, or one of law's own, ``ssu`` or ``regional-council``."""
    return names.get(who) or BEARERS.get(who, who)


def recipient(names: dict[str, str], key: str) -> str:
    """Whom a notice is owed to: the body's name, and the function where it is not the council's own."""
    body, _, function = key.partition("/")
    name = names.get(body, body)
    return name if function in ("council", "") else f"{name}, {FUNCTIONS.get(function, function)}"


def letters(rulebook: Rulebook) -> dict[str, str]:
    """What readers call each kind of letter."""
    return {letter.name: letter.title.da for letter in rulebook.letters}
