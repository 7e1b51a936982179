"""What follows from one answer, now that it is known what the others were answered.

A refusal condemns its mailbox only while the mail server takes other letters. The same refusal to three bodies in a
row is the channel's: nobody is struck off for it, and who was, is taken back. One who is refused again after others
got through is refused for his own sake.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from workflow.language import phrase
from workflow.mail.answers import Answer, fingerprint, too_large
from workflow.mail.sending.retry import DOUBTS, backoff, wait_for_mailbox
from workflow.mail.writing.enclosing import files_named
from workflow.storage.letters import attempts, bundles, waiting, worn
from workflow.storage.letters.attempts import Refused
from workflow.storage.letters.outbox import Claim
from workflow.storage.people import contacts
from workflow.storage.tables import GIVEN_UP, TOO_LARGE
from workflow.values import dataclass

IN_A_ROW = 3  # bodies that are told the same before it is nobody's own fault
REMEMBERED = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Decision:
    """``kind`` is what is recorded (``answers.KINDS``, :data:`GIVEN_UP` or :data:`TOO_LARGE`), ``wait`` until the next
    try, ``hold`` why a person is asked instead, in Danish. ``run`` holds the refusals that turned out to be the
    channel's, ``lifted`` the addresses that had been struck off for them."""

    kind: str
    wait: timedelta
    hold: str = ""
    run: tuple[Refused, ...] = ()
    lifted: tuple[str, ...] = ()


def decide(session: Session, claimed: Claim, answer: Answer, at: datetime, spread: float) -> Decision:
    """What follows from ``answer`` to ``claimed``, come ``at`` this aware instant; before it is recorded. Takes back
    what earlier answers of the same run did. ``spread`` in [0, 1) is a random number."""
    kind, usual = answer.kind, backoff(claimed.attempts, spread)
    if kind == "uncertain" and answer.verb:
        times = attempts.doubts(session, claimed.id) + 1
        if times >= DOUBTS:
            why = phrase(
                "forbindelsen brød %(times)s gange efter brevet, så det kan være modtaget; spørg modtageren",
                times=times,
            )
            return Decision(kind, usual, hold=why)
    if not answer.about or (kind == "own_fault"):
        return Decision(kind, usual)
    if too_large(answer) and files_named(claimed.body):  # once: written anew it has no files
        return Decision(TOO_LARGE, timedelta(0))
    if answer.verb != "MAIL" and attempts.others_got_through(session, claimed.address):
        kind = "policy_refused" if kind == "channel_refused" else kind
    elif kind != "channel_refused" and answer.code >= 500:
        run = _same(session, claimed, answer, at)
        if len({_body(one.recipient) for one in run} | {_body(claimed.recipient)}) >= IN_A_ROW:
            return Decision(
                "channel_refused", usual, run=run, lifted=_take_back(session, run, at + usual, at)
            )
    if kind not in worn.REFUSALS:
        return Decision(kind, usual)
    before = worn.tries(session, claimed.id, claimed.address)
    wait = wait_for_mailbox(
        before.count + 1,
        before.since or at,
        at,
        person_decides=kind == "policy_refused" and answer.about != "full",
    )
    return Decision(GIVEN_UP, timedelta(0)) if wait is None else Decision(kind, wait)


def _same(session: Session, claimed: Claim, answer: Answer, at: datetime) -> tuple[Refused, ...]:
    """The refusals in a row before this one that say the same to others."""
    said = answer.code, fingerprint(answer.text)
    row = attempts.refused_in_a_row(session, at - REMEMBERED)
    return tuple(
        one for one in row if one.notice_id != claimed.id and (one.code, fingerprint(one.text)) == said
    )


def _take_back(
    session: Session, run: tuple[Refused, ...], next_at: datetime, at: datetime
) -> tuple[str, ...]:
    """Lift those who were struck off in ``run``; their letters are written to them again, and the others wait for the
    channel too."""
    waiting.wait_for_channel(session, [one.notice_id for one in run], next_at)
    struck = [one for one in run if one.outcome == "address_refused"]
    lifted = contacts.lift(
        session, {one.address for one in struck}, None, phrase("mailserveren svarer ens om alle"), at
    )
    bundles.write_again(session, [one.notice_id for one in struck if one.address in lifted])
    return tuple(lifted)


def _body(recipient: str) -> str:
    return recipient.partition("/")[0]
