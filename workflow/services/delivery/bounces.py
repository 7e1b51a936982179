"""A mail that came back: is it about one of our letters, and what follows from it.

A report is believed only when it carries a token that this database made (in the address it came to, or in its
ENVID). Nothing that does is dropped: what no program can read, and what a person wrote, is kept at the letter and
raises one alarm. Where no ``{notice}`` stands in the return address there may be no token, and then the Message-ID
together with the address must fit. Everything else is logged and left alone; nothing is ever answered.

A letter that failed is *bounced* for good, with its bytes as proof. The duty is owed again, by a notice of its own;
what the words mean is judged as at the door (:func:`workflow.mail.answers.judge`):

* that mailbox does not exist: its address is struck off, and the next contact is written to at once;
* anything else about it (full, slow, policy, rate, content, sender, unknown): the address is kept and asked again a
  bounded number of times, then the next contact;
* another address failed, to which the mailbox hands its mail on: nobody knows who got it, so a person decides.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Engine, func, select, update
from sqlmodel import Session, col

from workflow.language import phrase
from workflow.mail.returns.reports import Report, read
from workflow.mail.sending.retry import wait_for_mailbox
from workflow.mail.verp import opened
from workflow.mail.writing.facts import PlannedFacts, told_on
from workflow.rules.days import danish_day
from workflow.services.delivery.bouncealarms import told_of
from workflow.services.delivery.misgivings import CURES, full, given_up, refusal_key
from workflow.services.people.contacts.trials import take_return
from workflow.services.planning.superseding import supersede
from workflow.storage.database import reading, writing
from workflow.storage.facts import projection
from workflow.storage.inserting import insert_once
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.letters import worn
from workflow.storage.letters.alarms import clear_alarms, raise_alarm
from workflow.storage.letters.bundles import companions
from workflow.storage.letters.worn import returned_key
from workflow.storage.people.contacts import PERSONAL, live_contact, refuse_address
from workflow.storage.seals import seal
from workflow.storage.tables import GIVEN_UP, AgreementRow, Bounce, Notice
from workflow.values import dataclass

KEPT = 200_000  # bytes of a report that are kept
_log = logging.getLogger("aftale.bounces")


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a mail that came back. ``kind`` as :class:`workflow.mail.returns.reports.Report` has it, or
    ``duplicate``, ``forged``, ``unmatched`` or ``trial`` (it was about a trial mail)."""

    kind: str
    notice_id: int | None = None
    alarm: str = ""


def take_bounce(
    engine: Engine, rulebook: Rulebook, raw: bytes, at: datetime, *, bounce: str, secrets: Sequence[str]
) -> Taken:
    """Take one mail, arrived ``at``. ``bounce`` is the return address of the settings, ``secrets`` the keys of its
    tokens. Database errors are passed on, so that the mail is kept and tried again; what the mail says never is."""
    report = read(raw, bounce)
    notice_id, why_not = _matched(engine, report, "{notice}" in bounce, secrets)
    if notice_id is None:
        taken = Taken("trial" if take_return(engine, report, secrets, at) else why_not)
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


def set_aside(engine: Engine, name: str, error: Exception, at: datetime) -> str:
    """Tell once of a mail that no program could take in and that lies under ``name``; the text, in Danish."""
    text = phrase(
        "En mail i returpostkassen kan ikke læses (%(name)s) og er lagt til side som %(file)s. Læs den "
        "selv; de øvrige er læst.",
        name=type(error).__name__,
        file=name,
    )
    with writing(engine) as session:
        raise_alarm(session, f"return:{name}", "alarm", text, at)
    _log.error(text, extra={"action": "bounce.set-aside"})
    return text


def _matched(engine: Engine, report: Report, signed: bool, secrets: Sequence[str]) -> tuple[int | None, str]:
    with reading(engine) as session:
        opens = [left for made in report.tokens if (left := opened(made, *secrets))]
        if opens:
            query = select(col(Notice.id)).where(col(Notice.message_id).startswith(f"<{opens[0]}"))
        elif signed or not report.recipient:
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
    values = {
        "notice_id": notice_id, "digest": hashlib.sha256(raw).hexdigest(), "kind": report.kind, "raw": raw[:KEPT],
        "address": report.recipient, "status": report.status, "text": report.text, "arrived_at": at,
    }  # fmt: skip
    new = insert_once(session, Bounce, **values).returning(col(Bounce.id))
    if (kept := session.execute(new).scalar_one_or_none()) is None:
        return Taken("duplicate", notice_id)
    seal(session, "return", [kept], at)
    seal(session, "words", [kept], at)
    notice = session.get_one(Notice, notice_id)
    if report.kind == "failed":
        key, level, text = _failed(session, rulebook, notice, report, kept, at)
    elif alarm := told_of(notice, report):
        key, level, text = alarm
    else:  # an answer by a machine, a receipt, our own letter: kept and shown at the letter, and nothing more
        return Taken(report.kind, notice_id)
    raised = raise_alarm(session, key, level, text, at)
    return Taken(report.kind, notice_id, text if raised else "")


def _failed(
    session: Session, rulebook: Rulebook, notice: Notice, report: Report, bounce_id: int, at: datetime
) -> tuple[str, str, str]:
    """Owe again what the mail told; (key, level, Danish text) of the alarm, one a cause."""
    said = " ".join(filter(None, (report.status, report.text)))
    elsewhere, gone = report.elsewhere(notice.address), report.about == "gone"
    wait: timedelta | None = timedelta(0)
    if gone and not elsewhere:
        refuse_address(session, notice.address, at)
    elif not elsewhere:
        tried = worn.tries(session, notice.id or 0, notice.address)
        wait = wait_for_mailbox(tried.count, tried.since or at, at)
        if wait is None:
            session.get_one(Bounce, bounce_id).kind = GIVEN_UP
            session.flush()
    told = (notice, *(session.get_one(Notice, one) for one in companions(session, notice.id or 0)))
    next_at = at + (wait or timedelta(0))
    reopened = [_reopen(session, rulebook, one, said, elsewhere, at, next_at) for one in told]
    text = " ".join(dict.fromkeys(filter(None, (follows for follows, _held in reopened))))
    letter: str = phrase(
        "Brev %(id)s til %(address)s (%(recipient)s) er returneret: %(said)s.",
        id=notice.id,
        address=notice.address,
        recipient=notice.recipient,
        said=said,
    )
    if elsewhere:
        letter += phrase(
            " Det er %(elsewhere)s, der ikke kan nås; måske sender postkassen videre dertil. Adressen "
            "beholdes.",
            elsewhere=elsewhere,
        )
        if held := " ".join(str(number) for _follows, number in reopened if number):
            text += phrase(
                "Ingen ved, om andre fik det: send det igen, når postkassen er rettet (aftale outbox "
                "release %(held)s), eller annullér det, hvis det er modtaget (aftale outbox cancel "
                "%(held)s --why TEKST).",
                held=held,
            )
        return f"notice:{notice.id}:bounced", "alarm", f"{letter} {text}"
    if gone:
        lifted = phrase(
            "Adressen bruges ikke mere; ret den på siden Kontakter. Var det en fejl, kan den tages i "
            "brug igen samme sted, eller: aftale contacts restore %(address)s.",
            address=notice.address,
        )
        return f"address:{notice.address}", "alarm", f"{letter} {lifted} {text}"
    if wait is None:
        clear_alarms(session, f"full:{notice.address}", at)
        key, level, told_of = given_up(notice.address, notice.recipient, said, report.about)
        return key, level, f"{told_of} {text}"
    if report.about == "full":
        key, level, told_of = full(notice.address, notice.recipient, said)
        return key, level, f"{told_of} {text}"
    return refusal_key(report.about, report.text), "alarm", f"{letter} {CURES[report.about]} {text}"


def _reopen(
    session: Session,
    rulebook: Rulebook,
    notice: Notice,
    said: str,
    elsewhere: str,
    at: datetime,
    next_at: datetime,
) -> tuple[str, int | None]:
    """Turn an accepted notice into *bounced* and owe it again from ``next_at``; what follows, in Danish, or the number
    of the notice that waits for a person."""
    guarded = (
        update(Notice)
        .where(col(Notice.id) == notice.id, col(Notice.state) == "accepted")
        .values(state="bounced", why=said)
        .returning(col(Notice.id))
    )
    if session.execute(guarded).scalar_one_or_none() is None:
        return phrase("Brevet skrives ikke igen, da det ikke stod som overgivet."), None
    if notice.recipient.partition("/")[0] in PERSONAL:
        return phrase("Brevet var til den ene adresse og skrives ikke igen."), None
    today = danish_day(at)
    facts: PlannedFacts = json.loads(notice.facts)
    again = Notice(
        key=returned_key(notice.key),
        facts=json.dumps(told_on(facts, today) | {"late": True}, ensure_ascii=False, sort_keys=True),
        late=notice.late or notice.due_on < today,
        planned_at=at,
        next_at=next_at,
        state="held" if elsewhere else "planned",
        why=phrase(
            "%(elsewhere)s kan ikke nås, måske har andre bag postkassen fået brevet", elsewhere=elsewhere
        )
        if elsewhere
        else "",
        **{name: getattr(notice, name) for name in _SAME},
    )
    session.add(again)
    session.flush()
    row = session.get_one(AgreementRow, notice.agreement_id)
    standing = projection.load(session, rulebook, row, today)
    supersede(session, standing.rules, row, standing)
    session.refresh(again)
    if again.state == "superseded":
        return phrase("Det sendes ikke igen: ") + again.why + ".", None
    if elsewhere:
        return "", again.id
    return _goes_to(session, again, today, soon=next_at <= at), None


def _goes_to(session: Session, again: Notice, today: date, *, soon: bool) -> str:
    """Who is written to instead, or that nobody is."""
    recipient, but = again.recipient, worn.given_up(session, again.id or 0)
    body, _, function = recipient.partition("/")
    when = "nu" if soon else phrase("igen om nogle timer")
    if own := live_contact(session, body, function, today, own=True, but=but):
        return phrase("Det skrives %(when)s til %(one)s.", when=when, one=own[1])
    missing = phrase("%(recipient)s har ingen anden postkasse", recipient=recipient)
    if other := live_contact(session, body, function, today, but=but):
        return phrase(
            "%(missing)s; det skrives %(when)s til organets postkasse %(one)s. Tilføj den rette.",
            missing=missing,
            when=when,
            one=other[1],
        )
    cure = phrase("Tilføj en nu på siden Kontakter, eller: aftale contacts import FIL.csv")
    return phrase("%(missing)s, så brevet er ikke på vej til nogen. %(cure)s", missing=missing, cure=cure)


_SAME = (
    "agreement_id", "letter", "deadline", "subject_of", "revision", "rung", "recipient", "statutory", "due_on",
    "rules",
)  # fmt: skip
