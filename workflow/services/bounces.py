"""A mail that came back: is it about one of our letters, and what follows from it.

A report is believed only when it carries a token that this database made (in the address it came to, or in its
ENVID). Where no ``{notice}`` stands in the return address there is no token, and the Message-ID together with the
address must fit. Everything else is logged and left alone; nothing is ever answered.

A letter that failed is *bounced* for good, with its bytes as proof. The duty is owed again: a notice of its own,
written to the body's next contact.
"""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from workflow.mail.reports import Report, read
from workflow.mail.verp import opened
from workflow.rules.days import danish_day
from workflow.services.letterfacts import told_on
from workflow.services.superseding import supersede
from workflow.storage import projection
from workflow.storage.alarms import raise_alarm
from workflow.storage.bundles import companions
from workflow.storage.contacts import refuse_address
from workflow.storage.database import reading, writing
from workflow.storage.rulebook import Rulebook
from workflow.storage.tables import AgreementRow, Bounce, Notice

KEPT = 200_000  # bytes of a report that are kept
_log = logging.getLogger("aftale.bounces")


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a mail that came back. ``kind``: ``failed`` or ``delayed`` (and other actions of a report),
    ``duplicate``, ``forged``, ``unmatched``, ``auto-reply``, ``loop`` or ``other``."""

    kind: str
    notice_id: int | None = None
    alarm: str = ""


def take_bounce(
    engine: Engine, rulebook: Rulebook, raw: bytes, at: datetime, *, bounce: str, secret: str
) -> Taken:
    """Take one mail, arrived ``at``. ``bounce`` is the return address of the settings, ``secret`` the key of its
    tokens. Database errors are passed on, so that the mail is kept and tried again; what the mail says never is."""
    report = read(raw, bounce)
    notice_id, why_not = _matched(engine, report, "{notice}" in bounce, secret)
    if notice_id is None:
        taken = Taken(why_not)
    else:
        with writing(engine) as session:
            taken = _recorded(session, rulebook, notice_id, report, raw, at)
    ours = f"notice {taken.notice_id}" if taken.notice_id else "ignored"
    _log.info(
        "a mail came back: %s (%s), %s %s",
        taken.kind,
        ours,
        report.status,
        report.text,
        extra={"action": "bounce.taken"},
    )
    if taken.alarm:
        _log.error(taken.alarm, extra={"action": "bounce.alarm"})
    return taken


def _matched(engine: Engine, report: Report, signed: bool, secret: str) -> tuple[int | None, str]:
    if report.kind in ("loop", "auto-reply", "other"):
        return None, report.kind
    with reading(engine) as session:
        if signed:
            beginnings = [left for made in report.tokens if (left := opened(made, secret))]
            if not beginnings:
                return None, "forged" if report.tokens else "unmatched"
            query = select(col(Notice.id)).where(col(Notice.message_id).startswith(f"<{beginnings[0]}"))
        else:
            query = select(col(Notice.id)).where(
                col(Notice.message_id).in_([one for one in report.message_ids if one]),
                col(Notice.address) == report.recipient,
            )
        return session.scalars(query).first(), "unmatched"


def _recorded(
    session: Session, rulebook: Rulebook, notice_id: int, report: Report, raw: bytes, at: datetime
) -> Taken:
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    values = {
        "notice_id": notice_id, "digest": hashlib.sha256(raw).hexdigest(), "kind": report.kind, "raw": raw[:KEPT],
        "address": report.recipient, "status": report.status, "text": report.text, "arrived_at": at,
    }  # fmt: skip
    new = dialect.insert(Bounce).values(values).on_conflict_do_nothing().returning(col(Bounce.id))
    if session.execute(new).scalar_one_or_none() is None:
        return Taken("duplicate", notice_id)
    notice = session.get_one(Notice, notice_id)
    letter = f"Brev {notice_id} til {notice.address} ({notice.recipient})"
    said = " ".join(filter(None, (report.status, report.text)))
    if report.kind == "delayed":
        text = f"{letter} er forsinket hos mailserveren: {said}."
        raised = raise_alarm(session, f"notice:{notice_id}:delayed", "warning", text, at)
    elif report.kind == "failed":
        text = f"{letter} er returneret: {said}. Adressen bruges ikke mere; ret den. "
        text += _reopen(session, rulebook, notice, said, at)
        for carried in companions(session, notice_id):  # told in the same mail
            _reopen(session, rulebook, session.get_one(Notice, carried), said, at)
        raised = raise_alarm(session, f"notice:{notice_id}:bounced", "alarm", text, at)
    else:
        return Taken(report.kind, notice_id)
    return Taken(report.kind, notice_id, text if raised else "")


def _reopen(session: Session, rulebook: Rulebook, notice: Notice, said: str, at: datetime) -> str:
    """Turn an accepted notice into *bounced* and owe it again; what that means, in Danish."""
    guarded = (
        update(Notice)
        .where(col(Notice.id) == notice.id, col(Notice.state) == "accepted")
        .values(state="bounced", why=said)
        .returning(col(Notice.id))
    )
    if notice.address:
        refuse_address(session, notice.address, at)
    if session.execute(guarded).scalar_one_or_none() is None:
        return "Brevet skrives ikke igen, da det ikke stod som overgivet."
    today = danish_day(at)
    again = Notice(
        key=returned_key(notice.key),
        facts=json.dumps(
            told_on(json.loads(notice.facts), today) | {"late": True}, ensure_ascii=False, sort_keys=True
        ),
        late=notice.late or notice.due_on < today,
        planned_at=at,
        next_at=at,
        **{name: getattr(notice, name) for name in _SAME},
    )
    session.add(again)
    session.flush()
    row = session.get_one(AgreementRow, notice.agreement_id)
    supersede(session, rulebook, row, projection.load(session, rulebook, row, today))
    session.refresh(again)
    if again.state == "superseded":
        return "Det sendes ikke igen: " + again.why + "."
    return "Det skrives til den næste kontakt samme sted."


_SAME = (
    "agreement_id", "letter", "deadline", "subject_of", "revision", "rung", "recipient", "statutory", "due_on", "rules",
)  # fmt: skip


def returned_key(key: str) -> str:
    """The key of the notice that takes the place of one that came back: ``-30d`` becomes ``-30d~retur1``."""
    *before, rung, recipient = key.split("|")
    plain, _, times = rung.partition("~retur")
    return "|".join((*before, f"{plain}~retur{int(times or 0) + 1}", recipient))
