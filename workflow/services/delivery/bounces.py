"""A mail that came back: is it about one of our letters, and what follows from it.

A report is believed only when it carries a token that this database made (in the address it came to, or in its
ENVID). Where no ``{notice}`` stands in the return address there may be no token, and then the Message-ID together with
the address must fit. Everything else is logged and left alone; nothing is ever answered.

A letter that failed is *bounced* for good, with its bytes as proof. The duty is owed again, by a notice of its own:

* the mailbox does not exist: its address is struck off, and the next contact is written to at once;
* it is full, or too slow, or refuses by policy: the address is kept, and tried again after :data:`POLICY_WAIT`;
* another address failed, to which the mailbox hands its mail on: nobody knows who got it, so a person decides.
"""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from workflow.mail.reports import Report, read
from workflow.mail.retry import POLICY_WAIT
from workflow.mail.verp import opened
from workflow.rules.days import danish_day
from workflow.services.planning.letterfacts import told_on
from workflow.services.planning.superseding import supersede
from workflow.storage import projection
from workflow.storage.alarms import raise_alarm
from workflow.storage.bundles import companions
from workflow.storage.contacts import live_contact, refuse_address
from workflow.storage.database import reading, writing
from workflow.storage.outbox import word
from workflow.storage.rulebook import Rulebook
from workflow.storage.tables import AgreementRow, Bounce, Notice

KEPT = 200_000  # bytes of a report that are kept
_log = logging.getLogger("aftale.bounces")


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a mail that came back. ``kind``: ``failed`` or ``delayed`` (and other actions of a report),
    ``unread``, ``duplicate``, ``forged``, ``unmatched``, ``auto-reply``, ``loop`` or ``other``."""

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
    # without the server's words, which name the address
    _log.info(
        "a mail came back: %s (%s) %s", taken.kind, ours, report.status, extra={"action": "bounce.taken"}
    )
    if taken.alarm:
        _log.error(taken.alarm, extra={"action": "bounce.alarm"})
    return taken


def _matched(engine: Engine, report: Report, signed: bool, secret: str) -> tuple[int | None, str]:
    if report.kind in ("loop", "auto-reply", "other"):
        return None, report.kind
    with reading(engine) as session:
        opens = [left for made in report.tokens if (left := opened(made, secret))]
        if opens:
            query = select(col(Notice.id)).where(col(Notice.message_id).startswith(f"<{opens[0]}"))
        elif signed or report.kind == "unread":
            return None, "forged" if report.tokens else "unmatched"
        else:
            query = select(col(Notice.id)).where(
                col(Notice.message_id).in_([one for one in report.message_ids if one]),
                func.lower(col(Notice.address)) == report.recipient.lower(),
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
    elif report.kind == "unread":
        text = f"{letter} kom retur fra en mailserver med ord, som programmet ikke kan læse. Læs den: "
        text += f"aftale proof {notice_id} --out FIL.zip. Brevet står fortsat som {word(notice.state)}."
        raised = raise_alarm(session, f"notice:{notice_id}:unread", "alarm", text, at)
    elif report.kind == "failed":
        text = f"{letter} er returneret: {said}. " + _failed(session, rulebook, notice, report, said, at)
        raised = raise_alarm(session, f"notice:{notice_id}:bounced", "alarm", text, at)
    else:
        return Taken(report.kind, notice_id)
    return Taken(report.kind, notice_id, text if raised else "")


def _failed(
    session: Session, rulebook: Rulebook, notice: Notice, report: Report, said: str, at: datetime
) -> str:
    """Owe again what the mail told; what follows, in Danish."""
    elsewhere = report.final if report.final.lower() != notice.address.lower() else ""
    text = ""
    if elsewhere:
        text = f"Det er {elsewhere}, der ikke kan nås; måske sender postkassen videre dertil. Adressen beholdes. "
    elif report.no_such_mailbox:
        refuse_address(session, notice.address, at)
        text = "Adressen bruges ikke mere; ret den. "
    told = (notice, *(session.get_one(Notice, one) for one in companions(session, notice.id or 0)))
    reopened = [_reopen(session, rulebook, one, report, said, elsewhere, at) for one in told]
    text += " ".join(dict.fromkeys(filter(None, (follows for follows, _held in reopened))))
    if held := " ".join(str(number) for _follows, number in reopened if number):
        text += (
            f"Ingen ved, om andre fik det: send det igen, når postkassen er rettet (aftale outbox release {held}), "
            f"eller annullér det, hvis det er modtaget (aftale outbox cancel {held} --why TEKST)."
        )
    return text


def _reopen(
    session: Session,
    rulebook: Rulebook,
    notice: Notice,
    report: Report,
    said: str,
    elsewhere: str,
    at: datetime,
) -> tuple[str, int | None]:
    """Turn an accepted notice into *bounced* and owe it again; what follows, in Danish, or the number of the notice
    that waits for a person."""
    guarded = (
        update(Notice)
        .where(col(Notice.id) == notice.id, col(Notice.state) == "accepted")
        .values(state="bounced", why=said)
        .returning(col(Notice.id))
    )
    if session.execute(guarded).scalar_one_or_none() is None:
        return "Brevet skrives ikke igen, da det ikke stod som overgivet.", None
    today = danish_day(at)
    soon = elsewhere or report.no_such_mailbox
    again = Notice(
        key=returned_key(notice.key),
        facts=json.dumps(
            told_on(json.loads(notice.facts), today) | {"late": True}, ensure_ascii=False, sort_keys=True
        ),
        late=notice.late or notice.due_on < today,
        planned_at=at,
        next_at=at if soon else at + POLICY_WAIT,
        state="held" if elsewhere else "planned",
        why=f"{elsewhere} kan ikke nås, måske har andre bag postkassen fået brevet" if elsewhere else "",
        **{name: getattr(notice, name) for name in _SAME},
    )
    session.add(again)
    session.flush()
    row = session.get_one(AgreementRow, notice.agreement_id)
    supersede(session, rulebook, row, projection.load(session, rulebook, row, today))
    session.refresh(again)
    if again.state == "superseded":
        return "Det sendes ikke igen: " + again.why + ".", None
    if elsewhere:
        return "", again.id
    return _goes_to(session, again.recipient, today, soon=bool(soon)), None


def _goes_to(session: Session, recipient: str, today: date, *, soon: bool) -> str:
    """Who is written to instead, or that nobody is."""
    body, _, function = recipient.partition("/")
    when = "nu" if soon else "igen om nogle timer"
    if own := live_contact(session, body, function, today, own=True):
        return f"Det skrives {when} til {own[1]}."
    missing = f"{recipient} har ingen anden postkasse"
    if other := live_contact(session, body, function, today):
        return f"{missing}; det skrives {when} til organets postkasse {other[1]}. Tilføj den rette."
    return f"{missing}, så brevet er ikke på vej til nogen. Tilføj en nu: aftale contacts import FIL.csv"


_SAME = (
    "agreement_id", "letter", "deadline", "subject_of", "revision", "rung", "recipient", "statutory", "due_on", "rules",
)  # fmt: skip


def returned_key(key: str) -> str:
    """The key of the notice that takes the place of one that came back: ``-30d`` becomes ``-30d~retur1``."""
    *before, rung, recipient = key.split("|")
    plain, _, times = rung.partition("~retur")
    return "|".join((*before, f"{plain}~retur{int(times or 0) + 1}", recipient))


def first_key(key: str) -> str:
    """The key of the notice that came back first: ``-30d~retur2`` becomes ``-30d``."""
    *before, rung, recipient = key.split("|")
    return "|".join((*before, rung.partition("~retur")[0], recipient))
