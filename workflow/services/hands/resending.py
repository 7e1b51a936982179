"""A letter again: a new copy, marked as one, because a person asked for it. Nothing goes twice by itself.

The copy is a notice of its own with the words of the first, told as of today; its key is the first's with ``~kopi1``,
so that it is made once only however often the button is pressed. It shares no mail and waits for no day's.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from workflow.errors import Invalid, NotPossible
from workflow.language import phrase
from workflow.mail.writing.facts import PlannedFacts, told_on
from workflow.mail.writing.words import clean
from workflow.rules.days import danish_day
from workflow.rules.hours import not_at_night
from workflow.services.delivery.handling import find_notice, noted
from workflow.services.hands.noting import acts_in
from workflow.services.planning.superseding import untrue
from workflow.services.planning.travelling import readable_until
from workflow.storage.database import writing
from workflow.storage.facts import projection
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.letters.outbox import word
from workflow.storage.tables import AgreementRow, Notice

MARK = "~kopi"
MOST, TWICE = 20, timedelta(minutes=10)
_SAME = (
    "agreement_id", "letter", "deadline", "subject_of", "revision", "rung", "recipient", "statutory", "rules",
)  # fmt: skip


def resend(
    engine: Engine,
    rulebook: Rulebook,
    reference: str,
    why: str,
    by: str,
    at: datetime,
    nth: int | None = None,
) -> int:
    """Send a letter that went out once more, as copy number ``nth`` (``None``: the next); the copy's number. Asked for
    the same copy again, or in the same words within ten minutes, that copy.

    :class:`NotPossible` for a letter that has not gone out, or that is no longer true; :class:`Invalid` without
    ``why``, or for a copy that leaves one out."""
    if not why.strip():
        raise Invalid(phrase("skriv hvorfor: --why TEKST; det står på kopien og i journalen"))
    today = danish_day(at)
    with writing(engine) as session:
        first = find_notice(session, reference)
        row = session.get_one(AgreementRow, first.agreement_id, with_for_update=True)
        made = len(numbers := copies_of(session, first))
        if nth is not None and 1 <= nth <= made:
            return find_notice(session, copy_key(first.key, nth)).id or 0
        if numbers and _said_just_now(session, first, session.get_one(Notice, numbers[-1]), why, by, at):
            return numbers[-1]
        if nth not in (None, made + 1) or made >= MOST:
            raise Invalid(
                phrase("der er sendt %(made)s kopier af brev %(id)s; se brevet igen", made=made, id=first.id)
            )
        if first.state not in ("accepted", "confirmed"):
            said = word(first.state, first.outcome, first.uncertain)
            raise NotPossible(
                phrase(
                    "brev %(id)s er %(said)s; kun et brev, der er sendt, kan sendes igen",
                    id=first.id,
                    said=repr(said),
                )
            )
        copy = _copy(first, made + 1, by, at)
        session.add(copy)
        session.flush()
        standing = projection.load(session, rulebook, row, today)
        wrong = {one.id: reason for one, reason in untrue(session, standing.rules, row, standing)}
        if copy.id in wrong:
            raise NotPossible(
                phrase(
                    "brev %(id)s passer ikke længere: %(one)s. Hent mailen på brevets side, og send den selv, "
                    "hvis den skal bruges som dokumentation",
                    id=first.id,
                    one=wrong[copy.id],
                )
            )
        noted(session, "resend", [first], by, at, why, also=str(copy.id))
        return copy.id or 0


def _said_just_now(session: Session, first: Notice, newest: Notice, why: str, by: str, at: datetime) -> bool:
    """Whether the newest copy was asked for in these very words a moment ago: the form was sent twice."""
    said = [(one.why, one.by) for one in acts_in(session, first) if one.act == "resend"]
    return at - newest.planned_at < TWICE and said[-1:] == [(clean(why), clean(by))]


def copies_of(session: Session, first: Notice) -> list[int]:
    """The numbers of the copies of a letter, in order."""
    stem, end = copy_key(first.key, 0).split(f"{MARK}0|")
    theirs = [
        col(Notice.key) >= f"{stem}{MARK}",  # a span of the index: "j" is the letter after "i"
        col(Notice.key) < f"{stem}{MARK[:-1]}j",
        col(Notice.key).endswith(f"|{end}", autoescape=True),
        ~col(Notice.key).contains("~retur"),  # a copy that came back and was written again is no other copy
    ]
    found = session.scalars(select(col(Notice.id)).where(*theirs).order_by(col(Notice.id)))
    return [one for one in found if one is not None]


def copy_key(key: str, nth: int) -> str:
    """The key of the ``nth`` copy of a letter, or of its copies: ``-30d`` and ``-30d~kopi2`` have ``-30d~kopi1``."""
    about, _, recipient = key.rpartition("|")
    return f"{about.partition('~')[0]}{MARK}{nth}|{recipient}"


def _copy(first: Notice, nth: int, by: str, at: datetime) -> Notice:
    today = danish_day(at)
    sent_on = danish_day(first.accepted_at or at)
    kept: PlannedFacts = json.loads(first.facts)
    facts = told_on(kept, today) | {
        "asked_for": True,
        "copy": {"of": first.id, "sent_on": sent_on.isoformat()},
    }
    if papers := facts.get("papers"):
        facts["papers"] = papers | {"until": readable_until(today)}
    return Notice(
        key=copy_key(first.key, nth),
        facts=json.dumps(facts, ensure_ascii=False, sort_keys=True),
        late=first.late,
        due_on=min(first.due_on, today),
        planned_at=at,
        next_at=not_at_night(at),
        released_at=at,
        state="planned",
        alone=True,
        why=phrase("kopi af brev %(id)s (%(by)s)", id=first.id, by=by),
        **{name: getattr(first, name) for name in _SAME},
    )
