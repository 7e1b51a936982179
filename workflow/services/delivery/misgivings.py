"""Which alarms a bad answer calls for, in words an official can act on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from workflow.mail.answers import CHANNEL_VERBS, Answer, fingerprint
from workflow.mail.sending.retry import TRIES, WITHIN, severity
from workflow.services.delivery.judging import Decision
from workflow.storage.letters import attempts
from workflow.storage.letters.outbox import Claim

_LASTED = {"warning": "i 30 minutter", "alarm": "i 4 timer", "person": "i 5 døgn"}


CURES = {
    "sender": "Det er os, der ikke må sende: se efter, at relæet tillader afsenderadressen, og at "
    "domænets SPF, DKIM og DMARC passer (aftale doctor). Ingen adresse er slettet.",
    "relay": "Mailserveren vil ikke sende videre for os: lad den, der driver relæet, give denne maskine lov. Ingen "
    "adresse er slettet.",
    "rate": "Der er kommet for meget post på kort tid. Sæt AFTALE_PER_MINUTE ned, hvis det gentager sig.",
    "content": "Det er selve brevet, der afvises (virus, spam eller størrelse): bed modtagerens "
    "it-afdeling om at lade "
    "breve herfra slippe igennem.",
    "policy": "Modtagerens regler lukker for det: bed modtageren om at tage imod mail udefra fra vores afsender (en "
    "gruppe i Microsoft 365 er lukket for mail udefra, til ejeren åbner den), eller indlæs en anden adresse.",
    "unknown": "Programmet kan ikke se, hvad svaret skyldes. Læs det, og tag stilling; ingen adresse er slettet.",
    "full": "Giv modtageren besked ad anden vej.",
    "gone": "Serveren kender ingen af modtagerne: se efter, at breve sendes gennem den rette mailserver.",
}  # fmt: skip


def refusal_key(about: str, text: str) -> str:
    """The name of a cause: the same for every letter that is refused with the same words."""
    return f"refusal:{about}:{fingerprint(text)}"


def alarms_for(claimed: Claim, answer: Answer, decided: Decision) -> Iterator[tuple[str, str, str]]:
    """(key, level, Danish text) of each alarm, one a cause. ``mail:`` and ``channel:`` concern the road to the mail
    server and end with their cause; ``notice:`` concerns one letter, ``full:`` one mailbox: both end when a letter gets
    through; ``address:`` and ``refusal:`` are ended by a person."""
    said = f"{answer.code} {answer.text}" if answer.code else answer.text
    letter = f"Brev {claimed.id} til {claimed.address} ({claimed.recipient})"
    match decided.kind:
        case "address_refused":
            yield (
                f"address:{claimed.address}",
                "alarm",
                f"Adressen {claimed.address} ({claimed.recipient}) er afvist af mailserveren: {said}. "
                f"Har modtageren en anden postkasse, går brevet dertil; ellers venter det på en ny adresse. Ret "
                f"adressen; var afvisningen en fejl: "
                f"aftale contacts "
                f"restore {claimed.address}",
            )
        case "mailbox_full":
            yield full(claimed.address, claimed.recipient, said)
        case "given_up":
            yield given_up(claimed.address, claimed.recipient, said, answer.about)
        case "policy_refused":
            yield (
                refusal_key(answer.about, answer.text),
                "alarm",
                f"{letter} tages ikke imod af mailserveren: {said}. {CURES[answer.about]} Det prøves "
                f"igen hver 4. time "
                "i højst 3 døgn; derefter går det til en anden postkasse samme sted, hvis der er en. Tag stilling.",
            )
        case "channel_refused":
            same = "giver flere modtagere i træk samme svar" if decided.run else "afviser breve"
            yield (
                f"channel:{answer.about}",
                "alarm",
                f"Mailserveren {same} ved {answer.verb}: {said}. {CURES[answer.about]} Brevene bliver "
                f"liggende, og der "
                "gøres ét forsøg hvert 5. minut; når det er rettet, sendes de alle.",
            )
        case "own_fault":
            yield (
                "mail:fault",
                "alarm",
                f"Afsendelsen fejler ved {answer.verb or 'ukendt trin'}: {said}. Brevene bliver liggende og prøves "
                "igen. Se mailopsætningen efter.",
            )
        case "uncertain" if decided.hold:
            yield (
                f"notice:{claimed.id}:doubt",
                "person",
                f"{letter} prøves ikke igen af sig selv: {decided.hold}. Er det modtaget: aftale outbox confirm "
                f"{claimed.id} --why TEKST eller outbox cancel {claimed.id} --why TEKST; ellers aftale "
                f"outbox release "
                f"{claimed.id}",
            )
        case "uncertain":
            yield (
                f"notice:{claimed.id}:uncertain",
                "warning",
                f"{letter} er måske modtaget: forbindelsen blev afbrudt ({said}). Samme brev sendes igen.",
            )


def full(address: str, recipient: str, said: str) -> tuple[str, str, str]:
    """A mailbox that is full or slow: nobody is struck off."""
    text = (
        f"Postkassen {address} ({recipient}) er fuld eller svarer ikke: {said}. Breve dertil prøves op til {TRIES} "
        f"gange i {WITHIN.days} døgn og går så til en anden postkasse samme sted, hvis der er en. {CURES['full']}"
    )
    return f"full:{address}", "warning", text


def given_up(address: str, recipient: str, said: str, about: str) -> tuple[str, str, str]:
    """The tries at one mailbox are used up."""
    text = (
        f"Postkassen {address} ({recipient}) har ikke villet tage imod i {WITHIN.days} døgn: {said}. "
        f"Brevet går nu til "
        f"den næste kontakt samme sted; er der ingen, venter det på en ny adresse (aftale contacts "
        f"import) eller på, at "
        f"det prøves igen (aftale outbox retry). {CURES.get(about, '')}"
    )
    return f"address:{address}:given-up", "alarm", text.strip()


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
