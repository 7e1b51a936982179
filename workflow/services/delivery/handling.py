"""A person's hand on the outbox: look, try again, hold back, let go, cancel.

Who did it and why is written on the notice. Each call is one transaction: all the notices named, or none. A notice is
named by its number, its key or its Message-ID. Sending as a whole can be held too: after a restored backup, or by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TypedDict

from sqlalchemy import Engine, select, update
from sqlmodel import Session, col

from workflow.errors import Invalid, NotFound, NotPossible
from workflow.language import phrase
from workflow.rules.days import danish_day
from workflow.services.delivery.flood import ALARM
from workflow.services.due.handled import line, steered
from workflow.services.watch.heartbeat import vouch
from workflow.storage import meta
from workflow.storage.database import reading, writing
from workflow.storage.facts import journal, past
from workflow.storage.letters.alarms import clear_alarms, raise_alarm
from workflow.storage.letters.bundles import put_down, take_apart
from workflow.storage.letters.outbox import WORDS, word
from workflow.storage.tables import UNSENT, AgreementRow, Notice

OPEN = ("planned", "ready", "carried", "claimed", "intent", "refused", "held", "quarantined")


class OpenNotice(TypedDict):
    """A notice that is not finished; ``cure`` is what would let it go."""

    id: int
    key: str
    agreement: str
    unit: str
    letter: str
    rung: str
    recipient: str
    address: str | None
    due_on: str
    next_at: str
    state: str
    state_text: str
    attempts: int
    answer: str
    why: str
    cure: str


def list_open(engine: Engine, *more: str) -> list[OpenNotice]:
    """Every notice that is not finished, and those in the states ``more``, in the order they are due. Instants are ISO
    in UTC."""
    query = (
        select(Notice, AgreementRow)
        .join(AgreementRow, col(AgreementRow.id) == col(Notice.agreement_id))
        .where(col(Notice.state).in_((*OPEN, *more)))
        .order_by(col(Notice.next_at), col(Notice.id))
    )
    with reading(engine) as session:
        return [
            {
                "id": notice.id or 0, "key": notice.key, "agreement": agreement.key,
                "unit": agreement.unit or agreement.region, "letter": notice.letter, "rung": notice.rung,
                "recipient": notice.recipient, "address": notice.address or None,
                "due_on": notice.due_on.isoformat(), "next_at": notice.next_at.isoformat(), "state": notice.state,
                "state_text": word(notice.state, notice.outcome, notice.uncertain), "attempts": notice.attempts,
                "answer": notice.answer, "why": notice.why,
                "cure": _retried(notice) if _refused_by_policy(notice) else "",
            }
            for notice, agreement in session.execute(query)
        ]  # fmt: skip


def find_notice(session: Session, reference: str) -> Notice:
    """The notice with this number, key or Message-ID; :class:`NotFound` says what would work."""
    same = col(Notice.key) == reference
    if reference.isascii() and reference.isdigit() and int(reference) < 2**31:
        same = col(Notice.id) == int(reference)
    elif "@" in reference and "|" not in reference:
        same = col(Notice.message_id) == f"<{reference.strip('<>')}>"
    found = session.scalars(select(Notice).where(same)).first()
    if found is None:
        raise NotFound(
            phrase(
                "intet brev %(reference)s; skriv nummer, nøgle eller Message-ID (aftale notices)",
                reference=repr(reference),
            )
        )
    return found


def retry(engine: Engine, references: Sequence[str], at: datetime, by: str = "") -> int:
    """Try these again now, or everything that waits for its next try; a letter that could not be written is written
    anew, and one that had given every mailbox up asks them again. How many. :class:`NotPossible` for one that is
    finished, on its way or held."""
    with writing(engine) as session:
        chosen = _chosen(session, references, ("ready", "quarantined", "refused"), phrase("prøves igen"))
        noted(session, "retry", chosen, by, at)
        for notice in chosen:
            if notice.state == "refused":
                notice.released_at = at  # what was given up before this is asked once more
            if notice.state == "quarantined":
                clear_alarms(session, f"notice:{notice.id}:quarantined", at)
                notice.state, notice.why = "planned", ""
            notice.next_at = at
        return len(chosen)


def hold(engine: Engine, references: Sequence[str], why: str, by: str, at: datetime) -> int:
    """Hold these back until a person lets them go; how many. ``why`` is required."""
    reason = _reason(why, by)
    with writing(engine) as session:
        chosen = _chosen(session, references, ("planned", "ready", "carried"), "holdes tilbage")
        for notice in chosen:
            part(session, notice, "holdes tilbage")
            notice.state, notice.why = "held", reason
        noted(session, "hold", chosen, by, at, why)
        return len(chosen)


def release(engine: Engine, references: Sequence[str], at: datetime, by: str = "") -> int:
    """Let these go, or everything that is held; how many. One that a person lets wait for a day waits for it still."""
    with writing(engine) as session:
        return _release(session, references, at, by)


def cancel(engine: Engine, references: Sequence[str], why: str, by: str, at: datetime) -> int:
    """Send these never; how many. ``why`` is required, and an alarm tells of each: a notice of law does not go out."""
    reason = _reason(why, by)
    if not references:
        raise Invalid(phrase("annullér breve ét ad gangen eller ved nummer; der er intet --all"))
    with writing(engine) as session:
        states = [
            state for state in (*UNSENT, "carried") if state != "unanswered"
        ]  # that has an answer of its own
        chosen = _chosen(session, references, states, "annulleres")
        for notice in chosen:
            part(session, notice, "annulleres")
            notice.state, notice.why = "cancelled", reason
            session.flush()
            put_down(session, notice.id or 0)
            clear_alarms(session, f"notice:{notice.id}:", at)
            text = phrase(
                "Brev %(id)s (%(letter)s) til %(recipient)s er annulleret: %(reason)s",
                id=notice.id,
                letter=notice.letter,
                recipient=notice.recipient,
                reason=reason,
            )
            raise_alarm(session, f"notice:{notice.id}:cancelled", "alarm", text, at)
        noted(session, "cancel", chosen, by, at, why)
        return len(chosen)


def hold_everything(engine: Engine, why: str, by: str, at: datetime) -> None:
    """Send nothing at all until :func:`release_everything`; planning goes on."""
    reason = _reason(why, by)
    with writing(engine) as session:
        stop_sending(session, reason, at)


def stop_sending(session: Session, reason: str, at: datetime) -> None:
    """Send nothing from this transaction on; ``reason`` is Danish, and an alarm repeats it."""
    meta.put(session, "held", reason)
    text = phrase(
        "Al afsendelse er standset: %(reason)s. Slip den: aftale outbox release --all", reason=reason
    )
    raise_alarm(session, "outbox:stopped", "alarm", text, at)


def release_everything(engine: Engine, at: datetime, by: str = "") -> int:
    """Let everything go: what is held, sending as a whole, and a clock that was not believed. How many notices."""
    vouch(engine, at)
    with writing(engine) as session:
        meta.drop(session, "held")
        clear_alarms(session, "outbox:", at)
        return _release(session, (), at, by)


def why_stopped(engine: Engine) -> str:
    """Why nothing is sent at all, or ``""``."""
    with reading(engine) as session:
        return meta.get(session, "held") or ""


def noted(
    session: Session, act: str, chosen: Sequence[Notice], by: str, at: datetime, why: str = "", also: str = ""
) -> None:
    """Write an act on these letters into the journals of their agreements, a line each, with their numbers and what
    ``also`` it is about. The agreements are locked in one order."""
    session.flush()
    for agreement_id in sorted({notice.agreement_id for notice in chosen}):
        row = session.get_one(AgreementRow, agreement_id, with_for_update=True)
        numbers = " ".join(str(one.id) for one in chosen if one.agreement_id == agreement_id)
        fact = line(act, f"{numbers} {also}".strip(), by, danish_day(at), why=why)
        journal.append(session, row, fact, at)
        journal.store_state(session, row, row.stamp)


def _release(session: Session, references: Sequence[str], at: datetime, by: str) -> int:
    chosen = _chosen(session, references, ("held",), "slippes")
    waits = _waits(session, chosen, at)
    for notice in chosen:
        notice.state = "planned" if notice.body is None else "ready"
        waits_for = notice.next_at if notice.key in waits else at
        notice.why, notice.next_at, notice.released_at = "", max(waits_for, at), at
    noted(session, "release", chosen, by, at)
    if not session.scalars(select(col(Notice.id)).where(col(Notice.state) == "held").limit(1)).first():
        clear_alarms(session, ALARM, at)
    return len(chosen)


def _waits(session: Session, chosen: Sequence[Notice], at: datetime) -> set[str]:
    """The keys of those that a person has said must wait for a day that is still ahead."""
    found: set[str] = set()
    for agreement_id in {notice.agreement_id for notice in chosen if notice.next_at > at}:
        facts = past.facts(session, session.get_one(AgreementRow, agreement_id))
        found |= {key for key, one in steered(facts).items() if one.act == "wait"}
    return found


def part(session: Session, notice: Notice, verb: str) -> None:
    """Take one notice out of the mail that tells it with others; the others are written again without it."""
    assert notice.id is not None
    session.flush()
    session.refresh(notice)  # another of those named may have been in the same mail
    if not take_apart(session, notice.id) and notice.state == "carried":
        raise NotPossible(
            phrase(
                "brev %(id)s er på vej i en samlet mail, som mailserveren har fået eller får nu, og kan "
                "ikke %(verb)s alene; nævn hele mailen: brev %(carried_by)s",
                id=notice.id,
                verb=verb,
                carried_by=notice.carried_by,
            )
        )


def _chosen(session: Session, references: Sequence[str], states: Sequence[str], verb: str) -> list[Notice]:
    """The notices named, locked, or every one in ``states``; :class:`NotPossible` for one that is in none of them."""
    if not references:
        every = col(Notice.state).in_(states)
        _lock(session, session.scalars(select(col(Notice.agreement_id)).where(every).distinct()).all())
        return list(session.scalars(select(Notice).where(every).with_for_update()).all())
    chosen = [find_notice(session, reference) for reference in references]
    _lock(session, [notice.agreement_id for notice in chosen])
    for notice in chosen:
        claim = (
            update(Notice)
            .where(col(Notice.id) == notice.id, col(Notice.state).in_(states))
            .values(state=col(Notice.state))
            .returning(col(Notice.state))
        )
        if session.execute(claim).scalar_one_or_none() is None:
            allowed = ", ".join(dict.fromkeys(WORDS[state] for state in states))
            said = word(notice.state, notice.outcome, notice.uncertain)
            if notice.state == "unanswered":
                allowed += phrase(". Svar i stedet: aftale history told, send eller drop")
            if _refused_by_policy(notice):
                said += phrase(" af mailserverens regler")
                allowed += phrase(". Det prøves selv igen; nu: %(retried)s", retried=_retried(notice))
            raise NotPossible(
                phrase(
                    "brev %(id)s er %(said)s og kan ikke %(verb)s; det kan kun: %(allowed)s",
                    id=notice.id,
                    said=repr(said),
                    verb=verb,
                    allowed=allowed,
                )
            )
        session.refresh(notice)
    return chosen


def _lock(session: Session, agreement_ids: Sequence[int]) -> None:
    """Lock the agreements before their letters, and in one order, as the planner does."""
    for one in sorted(set(agreement_ids)):
        session.get_one(AgreementRow, one, with_for_update=True)


def _refused_by_policy(notice: Notice) -> bool:
    """It waits for a person, but nobody holds it: it is tried again every few hours."""
    return notice.state == "ready" and notice.outcome == "policy_refused"


def _retried(notice: Notice) -> str:
    return f"aftale outbox retry {notice.id}"


def _reason(why: str, by: str) -> str:
    if not why.strip():
        raise Invalid(phrase("skriv hvorfor: --why TEKST; det står på brevet bagefter"))
    return f"{why.strip()} ({by})"
