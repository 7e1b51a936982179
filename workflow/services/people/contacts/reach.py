"""Whether anybody can be written to: whose mailbox a function of a body has on a day. Read-only."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from workflow.storage.database import reading
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.people.contacts import PERSONAL, live_contact
from workflow.storage.tables import Contact

Mailbox = tuple[str, str]  # name and address


def mailboxes_of(engine: Engine, functions: Iterable[str], on: date) -> dict[str, Mailbox | None]:
    """Of each function (``"0851/council"``) the mailbox a letter to it takes ``on`` that Danish day; ``None`` where
    neither the function nor its body has one."""
    with reading(engine) as session:
        return {function: mailbox_in(session, function, on) for function in dict.fromkeys(functions)}


def mailbox_in(session: Session, function: str, on: date) -> Mailbox | None:
    """:func:`mailboxes_of` of one, in the caller's transaction."""
    body, _, name = function.partition("/")
    return live_contact(session, body, name, on)


def unreachable(engine: Engine, functions: Iterable[str], on: date) -> list[str]:
    """Those of ``functions`` nobody can be written to ``on`` that Danish day, each once, in order."""
    wanted = [one for one in dict.fromkeys(functions) if one.partition("/")[0] not in PERSONAL]
    if not wanted:
        return []
    bodies = {function.partition("/")[0] for function in wanted}
    with reading(engine) as session:
        alive = _alive(session, bodies, on)
    return [function for function in wanted if function.partition("/")[0] not in alive]


def functions_of(rulebook: Rulebook, region: str, who: str, on: date) -> list[str]:
    """The functions that do what ``who`` (as a deadline names it) is to do in ``region``; empty for the Health
    Authority, whom nobody reminds."""
    if who == "sst":
        return []
    if who in ("ssu", "secretariat"):
        return [f"{region}/secretariat-region", f"{region}/secretariat-municipal"]
    if who == "piu":
        return [f"{region}/piu"]
    if who == "clusters":
        return [f"{cluster.id}/cluster" for cluster in rulebook.clusters_of(region, on)]
    parties = rulebook.parties(region, on)
    if who == "councils":
        return [f"{party.code}/council" for party in parties]
    if who == "regional-council":
        return [f"{party.code}/council" for party in parties if party.regional]
    if any(cluster.id == who for cluster in rulebook.clusters):
        return [f"{who}/cluster"]
    return [f"{who}/council"]


def falls_to(rulebook: Rulebook, region: str, who: str, on: date, body: str = "") -> bool:
    """Whether what ``who`` is to do falls to the council ``body`` (its code), or to the secretariat where none is
    named."""
    functions = [one.partition("/") for one in functions_of(rulebook, region, who, on)]
    return any(one == body if body else what.startswith("secretariat") for one, _, what in functions)


def _alive(session: Session, bodies: Collection[str], on: date) -> set[str]:
    begun = col(Contact.valid_from).is_(None) | (col(Contact.valid_from) <= on)
    lasts = col(Contact.valid_to).is_(None) | (col(Contact.valid_to) >= on)
    query = select(col(Contact.body)).where(
        col(Contact.body).in_(bodies), col(Contact.refused_at).is_(None), begun, lasts
    )
    return set(session.scalars(query))
