"""Addresses that were struck off by mistake are taken into use again: some, or all of one day, in one act."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Engine

from workflow.errors import Invalid, NotFound
from workflow.language import full, phrase
from workflow.rules.days import end_of
from workflow.storage.database import writing
from workflow.storage.letters.alarms import clear_alarms
from workflow.storage.people import contacts

_log = logging.getLogger("aftale.contacts")


def restore(
    engine: Engine, addresses: Sequence[str], day: date | None, by: str, at: datetime,
    bodies: Collection[str] | None = None,
) -> list[str]:  # fmt: skip
    """Take these addresses into use again, or all that were struck off on ``day`` (a Danish day), in one transaction;
    those that were, of ``bodies`` (ids and codes) or of all. Letters that wait for another mailbox are written to them
    in the next pass.

    :class:`Invalid` where neither or both are given, :class:`NotFound` where nothing was struck off.
    """
    if bool(addresses) == (day is not None):
        raise Invalid(phrase("nævn adresser, eller skriv dagen, da de blev afvist: --on 2026-11-28"))
    with writing(engine) as session:
        chosen = list(addresses)
        if day is not None:
            chosen = contacts.struck_off(session, end_of(day - timedelta(days=1)), end_of(day), bodies)
        lifted = contacts.lift(session, chosen, bodies, by, at)
        missing = sorted({one.lower() for one in addresses} - {one.lower() for one in lifted})
        if missing or not lifted:
            if missing:
                said = phrase("%(names)s er ikke afvist", names=", ".join(missing))
            elif day is None:
                said = phrase("ingen adresse blev afvist")
            else:
                said = phrase("ingen adresse blev afvist %(day)s", day=full(day))
            raise NotFound(phrase("%(said)s; aftale contacts list viser, hvilke der er", said=said))
        for address in lifted:
            clear_alarms(session, f"address:{address}", at)
            clear_alarms(session, f"full:{address}", at)
    _log.info("%d addresses restored by %s", len(lifted), by, extra={"action": "contacts.restored"})
    return lifted
