"""Which alarms a bad answer calls for, in words an official can act on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from workflow.mail.answers import CHANNEL_VERBS, Answer
from workflow.mail.retry import severity
from workflow.storage import attempts
from workflow.storage.outbox import Claim

_LASTED = {"warning": "i 30 minutter", "alarm": "i 4 timer", "person": "i 5 døgn"}


def alarms_for(claimed: Claim, answer: Answer) -> Iterator[tuple[str, str, str]]:
    """(key, level, Danish text) of each alarm. Keys ``mail:`` concern the road to the mail server, ``notice:`` one
    letter, ``address:`` one mailbox; the first two are cleared by the next *accepted*, the last by a person."""
    said = f"{answer.code} {answer.text}" if answer.code else answer.text
    letter = f"Brev {claimed.id} til {claimed.address} ({claimed.recipient})"
    match answer.kind:
        case "accepted":
            return
        case "address_refused":
            yield (
                f"address:{claimed.address}",
                "alarm",
                f"Adressen {claimed.address} ({claimed.recipient}) er afvist af mailserveren: {said}. "
                f"Brevet går til den næste kontakt samme sted. Ret adressen.",
            )
            return
        case "policy_refused":
            yield (
                f"notice:{claimed.id}:policy",
                "alarm",
                f"{letter} tages ikke imod af mailserveren: {said}. Det prøves igen hver 4. time. Tag stilling.",
            )
        case "own_fault":
            yield (
                "mail:fault",
                "alarm",
                f"Afsendelsen fejler ved {answer.verb or 'ukendt trin'}: {said}. Brevene bliver liggende og prøves "
                "igen. Se mailopsætningen efter.",
            )
        case "uncertain":
            yield (
                f"notice:{claimed.id}:uncertain",
                "warning",
                f"{letter} er måske modtaget: forbindelsen blev afbrudt ({said}). Samme brev sendes igen.",
            )


def died_sending(notice_id: int) -> tuple[str, str, str]:
    """(key, level, Danish text) for a letter whose worker died after its intent."""
    text = f"Brev {notice_id} er måske modtaget: programmet stoppede, mens det blev sendt. Samme brev sendes igen."
    return f"notice:{notice_id}:uncertain", "warning", text


def lasting(session: Session, at: datetime) -> Iterator[tuple[str, str, str]]:
    """(key, level, Danish text) for what has failed for long, whether or not it is just being tried: people are told
    in time although the waits between tries grow and a dead channel is only probed."""
    if down := attempts.channel_down(session, CHANNEL_VERBS):
        since, said = down
        yield from _told("mail", "Mailserveren har ikke kunnet bruges", since, at, said)
    for one in attempts.failing(session, CHANNEL_VERBS):
        letter = f"Brev {one.id} til {one.address} ({one.recipient})"
        yield from _told(f"notice:{one.id}", f"{letter} har ikke kunnet overgives", one.since, at, one.answer)


def _told(
    subject: str, what: str, since: datetime, at: datetime, said: str
) -> Iterator[tuple[str, str, str]]:
    if level := severity(since, at):
        then = " Kræver handling." if level == "person" else ""
        yield f"{subject}:{level}", level, f"{what} {_LASTED[level]}: {said}.{then}"
