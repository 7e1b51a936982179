"""The answer to each sender of a hearing: its words, sent as a letter of the outbox, or told by hand."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import Engine, select
from sqlmodel import col

from workflow.errors import NotFound, NotPossible
from workflow.language import phrase
from workflow.mail.writing.facts import HeardFacts
from workflow.rules.days import danish_day
from workflow.services.desk.personal import personal
from workflow.services.hearing.note import LATE, became, minute
from workflow.services.hearing.register import REPLIED, ROOM, Party, Register, mail_address, register_in
from workflow.storage.database import Writable, reading, writing
from workflow.storage.facts import journal, projection
from workflow.storage.facts.acts import record_act
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.people.contacts import live_contact
from workflow.storage.tables import Notice

LETTER = "hearing-reply"


def reply_lines(standing: Standing, register: Register, party: Party) -> list[str]:
    """The words of the answer to one sender, by paragraphs. :class:`NotPossible` where it has not answered, or where
    nobody has said what becomes of one of its remarks."""
    answers, remarks = register.answers_of(party.id), register.remarks_of(party.id)
    if not answers:
        raise NotPossible(phrase("%(party)s har ikke svaret, så der er intet at svare på", party=party.name))
    if left := [one.item for one in remarks if one.taken is None]:
        numbers = ", ".join(map(str, left))
        raise NotPossible(
            phrase(
                "afgør først, hvad der bliver af bemærkningerne; det mangler for nr. %(numbers)s",
                numbers=numbers,
            )
        )
    agreement, first = standing.agreement, answers[0]
    document = agreement.regime.words.document.definite
    lines = [
        f"Tak for svaret i høringen om {document} {agreement.label} for {agreement.name}, version "
        f"{register.version}. Vi fik det {minute(first.at)}."
    ]
    if first.late:
        lines.append(f"Svaret {LATE}, {minute(register.closes_at)}.")
    if not remarks:
        lines.append("Der var ingen bemærkninger til udkastet i svaret.")
    for one in remarks:
        place = f" ({one.where})" if one.where else ""
        lines.append(f"Bemærkning nr. {one.item}{place}: »{one.text}« {became(one)}{_stop(became(one))}")
    if register.published:
        lines.append(f"Høringsnotatet er offentliggjort: {register.published.to}")
    return lines


def reply_digest(lines: list[str]) -> str:
    """SHA-256 (hex) of an answer's words."""
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def address_of(engine: Engine, standing: Standing, party: Party) -> str:
    """Where the answer would go: the address it was added with, or the body's mailbox today; "" where there is none."""
    if party.email or not party.recipient:
        return party.email
    body, _, function = party.recipient.partition("/")
    with reading(engine) as session:
        found = live_contact(session, body, function, standing.as_of, own=body == standing.agreement.region)
    return found[1] if found else ""


def reply(
    engine: Writable, rulebook: Rulebook, key: str, party: str, to: str, by: str, at: datetime, link: str, *,
    version: int | None = None,
) -> int:  # fmt: skip
    """Owe the sender its answer as a letter to the address ``to``, or with ``to`` empty keep that it was told by hand:
    the notice's number (0: by hand). The same words to the same address are one letter. Raises as :func:`reply_lines`,
    :class:`Invalid` for an address that is none, :class:`NotFound` for a party that is not there."""
    address = mail_address(to)
    with writing(engine) as session:
        row = journal.find(session, key, lock=True)
        standing = projection.load(session, rulebook, row, danish_day(at))
        register = register_in(session, standing, version)
        sender = register.party(party)
        if sender is None:
            raise NotFound(phrase("den part er ikke i høringen"))
        lines = reply_lines(standing, register, sender)
        words, number = reply_digest(lines), 0
        newest = register.reply_to(party)
        if newest and (newest.digest, newest.to) == (words, address):
            return newest.notice
        if address:
            about = f"{register.version}:{party}:{words[:16]}"
            told: HeardFacts = {"by": by, "lines": lines, "version": register.version, "party": party}
            notice = personal(
                session, row, standing, LETTER, about, ("reader", sender.name, address), at, link,
                asked_for=True, heard=told,
            )  # fmt: skip
            number = session.scalars(select(col(Notice.id)).where(col(Notice.key) == notice.key)).first() or 0
            if not number:
                session.add(notice)
                session.flush()
                number = notice.id or 0
        said = {"party": party, "to": address, "notice": number, "digest": words}
        record_act(session, ROOM, register.about, REPLIED, said, by, at)
        return number


def _stop(text: str) -> str:
    return "" if text.endswith((".", "!", "?")) else "."
