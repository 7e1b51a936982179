"""A region's own name as sender, closing lines and reply address: kept in the database, journalled, told in letters.

The address letters come from stays the installation's: it is the one that SPF, DKIM and DMARC vouch for. Only the name
beside it, and where an answer goes, are the region's.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from workflow.errors import Conflict
from workflow.language import phrase
from workflow.mail.addresses import deliverable
from workflow.mail.writing.facts import SenderFacts
from workflow.mail.writing.words import clean
from workflow.rules.words import invisible
from workflow.services.people.contacts.contactrow import AUTHORITY
from workflow.services.people.contacts.mailboxes import WrongFields
from workflow.storage.database import reading, writing
from workflow.storage.facts.acts import Act, acts_of, record_act
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.letters.senders import SenderLine, sender_of

ROOM = "sender"  # of the journal of acts
FIELDS = ("name", "signature", "reply_to")
LONGEST_NAME, MOST_LINES, LONGEST_LINE = 80, 6, 80


def find_sender(engine: Engine, rulebook: Rulebook, region: str) -> SenderLine:
    """The region's own, empty where nothing was set; :class:`workflow.errors.NotFound` for an unknown region."""
    rulebook.region(region)
    with reading(engine) as session:
        return sender_of(session, region)


def history_of(engine: Engine, region: str) -> list[Act]:
    """Who set it and when; the newest first."""
    with reading(engine) as session:
        return acts_of(session, ROOM, [region], 10)


def seen(line: SenderLine) -> str:
    """What a form carries, so that nobody overwrites what another changed meanwhile."""
    return hashlib.sha256("|".join(getattr(line, name) for name in FIELDS).encode()).hexdigest()[:16]


def set_sender(
    engine: Engine, rulebook: Rulebook, region: str, typed: Mapping[str, str], by: str, at: datetime, was: str = ""
) -> SenderLine:  # fmt: skip
    """Set what was typed (:data:`FIELDS`; empty: none). ``was`` is :func:`seen` of what the person looked at.

    :class:`WrongFields` with a Danish sentence for each field that cannot be used; :class:`Conflict` where somebody
    changed it meanwhile."""
    rulebook.region(region)
    values = _read(typed)
    with writing(engine) as session:
        line = sender_of(session, region)
        different = {name: value for name, value in values.items() if getattr(line, name) != value}
        if not different:
            return line
        if was and was != seen(line):
            raise Conflict(
                phrase("afsenderen er ændret af en anden imens; se den igen, og ret det, der mangler")
            )
        before = {name: getattr(line, name) for name in different}
        for name, value in different.items():
            setattr(line, name, value)
        session.add(line)
        record_act(session, ROOM, region, "changed", {"was": before, "becomes": different}, by, at)
        return line


def in_letters(session: Session, region: str) -> SenderFacts:
    """What a letter is told of its region's own: ``from_name``, ``reply_to`` and the ``closing`` lines; ``None`` for
    what is not set."""
    line = sender_of(session, region)
    return {
        "from_name": line.name or None,
        "reply_to": line.reply_to or None,
        "closing": line.signature.splitlines() or None,
    }


def _read(typed: Mapping[str, str]) -> dict[str, str]:
    wrong: dict[str, str] = {}
    name, reply = typed.get("name", "").strip(), typed.get("reply_to", "").strip()
    lines = [clean(one) for one in typed.get("signature", "").splitlines()]
    if invisible(name) or any(sign in name for sign in '@<>"'):
        wrong["name"] = phrase('Skriv et navn uden adresse og uden tegnene @, <, > og ".')
    elif len(name) > LONGEST_NAME:
        wrong["name"] = phrase("Skriv højst %(most)s tegn.", most=LONGEST_NAME)
    lines = [one for one in lines if one]
    if len(lines) > MOST_LINES or any(len(one) > LONGEST_LINE for one in lines):
        wrong["signature"] = phrase(
            "Skriv højst %(most_lines)s linjer med højst %(longest_line)s tegn hver.",
            most_lines=MOST_LINES,
            longest_line=LONGEST_LINE,
        )
    if reply:
        try:
            reply = deliverable(reply)
        except ValueError:
            wrong["reply_to"] = phrase("Skriv én mailadresse, fx sekretariat@region.example.")
        else:
            domain = reply.rpartition("@")[2]
            if domain == AUTHORITY or domain.endswith("." + AUTHORITY):
                wrong["reply_to"] = phrase("Adressen er myndighedens; skriv regionens egen.")
    if wrong:
        raise WrongFields(wrong)
    return {"name": clean(name), "signature": "\n".join(lines), "reply_to": reply}
