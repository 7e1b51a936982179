"""Reasons by mail: somebody signed in sends the reasons of one date to an address, through the outbox, by name."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine, func, select
from sqlmodel import col

from workflow.errors import Invalid
from workflow.language import phrase
from workflow.mail.addresses import deliverable
from workflow.mail.writing.facts import LawFacts
from workflow.rules.days import danish_day, end_of
from workflow.services.desk.personal import personal
from workflow.services.due.dates import explained
from workflow.storage.database import writing
from workflow.storage.facts import journal, projection
from workflow.storage.facts.acts import Act, record_act
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.tables import Notice

ROOM, MAILED = "forward", "mailed"
MOST = 20  # mails by one person a Danish day
MOST_WORDS = 1000


def forward(
    engine: Engine, rulebook: Rulebook, key: str, rule: str, subject: str, to: str, note: str, by: str,
    at: datetime, link: str,
) -> tuple[int, str]:  # fmt: skip
    """Owe the address ``to`` the reasons of one date of the agreement ``key``: the notice's number, and the address as
    it is kept. The same date to the same address once a day, however often it is asked. ``by`` is the sender's name,
    ``note`` one's own words (may be empty). :class:`Invalid` for an address that cannot be written to, too many words,
    no such date, or more than :data:`MOST` mails in a day."""
    try:
        address = deliverable(to)
    except ValueError as error:
        raise Invalid("skriv en mailadresse, fx jurist@kommune.dk") from error
    words = " ".join(note.replace("\0", "").split())
    if len(words) > MOST_WORDS:
        raise Invalid(
            phrase(
                "din besked er på %(count)s tegn; der er plads til %(most_words)s",
                count=len(words),
                most_words=MOST_WORDS,
            )
        )
    today = danish_day(at)
    with writing(engine) as session:
        row = journal.find(session, key)
        standing = projection.load(session, rulebook, row, today)
        deadline = explained(standing, standing.rules, rule, subject)
        if deadline is None:
            raise Invalid(phrase("aftalen har ingen sådan frist"))
        about = f"{rule}:{subject}@{today.isoformat()}"
        notice = personal(
            session, row, standing, "reasons", about, ("reader", address, address), at, link, deadline,
            asked_for=True, forwarded={"by": by, "note": words, "law": _law(standing.rules, deadline.cite)},
        )  # fmt: skip
        known = session.scalars(select(col(Notice.id)).where(col(Notice.key) == notice.key)).first()
        if known:
            return known, address
        mine = (col(Act.room) == ROOM, col(Act.by) == by, col(Act.at) >= end_of(today - timedelta(days=1)))
        if (session.scalar(select(func.count()).select_from(Act).where(*mine)) or 0) >= MOST:
            raise Invalid(
                phrase(
                    "du har sendt %(most)s mails i dag; send resten i morgen, eller lav et link", most=MOST
                )
            )
        session.add(notice)
        session.flush()
        said = {"to": address, "rule": rule, "subject": subject, "notice": notice.id}
        record_act(session, ROOM, key, MAILED, said, by, at)
        return notice.id or 0, address


def _law(rulebook: Rulebook, cites: tuple[str, ...]) -> list[LawFacts]:
    return [
        {
            "text": one.text,
            "cite": f"{one.cite} i {one.stands_in.name}" if one.stands_in else one.cite,
            "url": one.url or "",
        }
        for one in rulebook.quotations
        if one.cite in cites
    ]
