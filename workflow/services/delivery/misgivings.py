"""Which alarms a bad answer calls for, in words an official can act on."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy.orm import Session

from workflow.language import phrase
from workflow.mail.answers import CHANNEL_VERBS, Answer, fingerprint
from workflow.mail.sending.retry import TRIES, WITHIN, severity
from workflow.services.delivery.judging import Decision
from workflow.storage.letters import attempts
from workflow.storage.letters.outbox import Claim

_LASTED = {"warning": "i 30 minutter", "alarm": "i 4 timer", "person": phrase("i 5 døgn")}


CURES = {
    "sender": phrase(
        "Det er os, der ikke må sende: se efter, at relæet tillader afsenderadressen, og at "
        "domænets SPF, DKIM og DMARC passer (aftale doctor). Ingen adresse er slettet."
    ),
    "relay": phrase(
        "Mailserveren vil ikke sende videre for os: lad den, der driver relæet, give denne maskine lov. Ingen "
        "adresse er slettet."
    ),
    "rate": phrase(
        "Der er kommet for meget post på kort tid. Sæt AFTALE_PER_MINUTE ned, hvis det gentager sig."
    ),
    "content": phrase(
        "Det er selve brevet, der afvises (virus, spam eller størrelse): bed modtagerens "
        "it-afdeling om at lade "
        "breve herfra slippe igennem."
    ),
    "policy": phrase(
        "Modtagerens regler lukker for det: bed modtageren om at tage imod mail udefra fra vores afsender (en "
        "gruppe i Microsoft 365 er lukket for mail udefra, til ejeren åbner den), eller indlæs en anden adresse."
    ),
    "unknown": phrase(
        "Programmet kan ikke se, hvad svaret skyldes. Læs det, og tag stilling; ingen adresse er slettet."
    ),
    "full": "Giv modtageren besked ad anden vej.",
    "gone": phrase(
        "Serveren kender ingen af modtagerne: se efter, at breve sendes gennem den rette mailserver."
    ),
}


def refusal_key(about: str, text: str) -> str:
    """The name of a cause: the same for every letter that is refused with the same words."""
    return f"refusal:{about}:{fingerprint(text)}"


def alarms_for(claimed: Claim, answer: Answer, decided: Decision) -> Iterator[tuple[str, str, str]]:
    """(key, level, Danish text) of each alarm, one a cause. ``mail:`` and ``channel:`` concern the road to the mail
    server and end with their cause; ``notice:`` concerns one letter, ``full:`` one mailbox: both end when a letter gets
    through; ``address:`` and ``refusal:`` are ended by a person."""
    said = f"{answer.code} {answer.text}" if answer.code else answer.text
    letter = phrase(
        "Brev %(id)s til %(address)s (%(recipient)s)",
        id=claimed.id,
        address=claimed.address,
        recipient=claimed.recipient,
    )
    match decided.kind:
        case "address_refused":
            yield (
                f"address:{claimed.address}",
                "alarm",
                phrase(
                    "Adressen %(address)s (%(recipient)s) er afvist af mailserveren: %(said)s. Har modtageren "
                    "en anden postkasse, går brevet dertil; ellers venter det på en ny adresse. Ret adressen; "
                    "var afvisningen en fejl: aftale contacts restore %(address)s",
                    address=claimed.address,
                    recipient=claimed.recipient,
                    said=said,
                ),
            )
        case "mailbox_full":
            yield full(claimed.address, claimed.recipient, said)
        case "given_up":
            yield given_up(claimed.address, claimed.recipient, said, answer.about)
        case "policy_refused":
            yield (
                refusal_key(answer.about, answer.text),
                "alarm",
                phrase(
                    "%(letter)s tages ikke imod af mailserveren: %(said)s. %(one)s Det prøves igen hver 4. "
                    "time i højst 3 døgn; derefter går det til en anden postkasse samme sted, hvis der er en. "
                    "Tag stilling.",
                    letter=letter,
                    said=said,
                    one=CURES[answer.about],
                ),
            )
        case "channel_refused":
            same = phrase("giver flere modtagere i træk samme svar") if decided.run else "afviser breve"
            yield (
                f"channel:{answer.about}",
                "alarm",
                phrase(
                    "Mailserveren %(same)s ved %(verb)s: %(said)s. %(one)s Brevene bliver liggende, og der "
                    "gøres ét forsøg hvert 5. minut; når det er rettet, sendes de alle.",
                    same=same,
                    verb=answer.verb,
                    said=said,
                    one=CURES[answer.about],
                ),
            )
        case "own_fault":
            yield (
                "mail:fault",
                "alarm",
                phrase(
                    "Afsendelsen fejler ved %(verb)s: %(said)s. Brevene bliver liggende og prøves igen. Se "
                    "mailopsætningen efter.",
                    verb=answer.verb or "ukendt trin",
                    said=said,
                ),
            )
        case "uncertain" if decided.hold:
            yield (
                f"notice:{claimed.id}:doubt",
                "person",
                phrase(
                    "%(letter)s prøves ikke igen af sig selv: %(hold)s. Er det modtaget: aftale outbox "
                    "confirm %(id)s --why TEKST eller outbox cancel %(id)s --why TEKST; ellers aftale outbox "
                    "release %(id)s",
                    letter=letter,
                    hold=decided.hold,
                    id=claimed.id,
                ),
            )
        case "uncertain":
            yield (
                f"notice:{claimed.id}:uncertain",
                "warning",
                phrase(
                    "%(letter)s er måske modtaget: forbindelsen blev afbrudt (%(said)s). Samme brev sendes "
                    "igen.",
                    letter=letter,
                    said=said,
                ),
            )


def full(address: str, recipient: str, said: str) -> tuple[str, str, str]:
    """A mailbox that is full or slow: nobody is struck off."""
    text = phrase(
        "Postkassen %(address)s (%(recipient)s) er fuld eller svarer ikke: %(said)s. Breve dertil "
        "prøves op til %(tries)s gange i %(days)s døgn og går så til en anden postkasse samme "
        "sted, hvis der er en. %(one)s",
        address=address,
        recipient=recipient,
        said=said,
        tries=TRIES,
        days=WITHIN.days,
        one=CURES["full"],
    )
    return f"full:{address}", "warning", text


def given_up(address: str, recipient: str, said: str, about: str) -> tuple[str, str, str]:
    """The tries at one mailbox are used up."""
    text = phrase(
        "Postkassen %(address)s (%(recipient)s) har ikke villet tage imod i %(days)s døgn: "
        "%(said)s. Brevet går nu til den næste kontakt samme sted; er der ingen, venter det på en "
        "ny adresse (aftale contacts import) eller på, at det prøves igen (aftale outbox retry). "
        "%(reason)s",
        address=address,
        recipient=recipient,
        days=WITHIN.days,
        said=said,
        reason=CURES.get(about, ""),
    )
    return f"address:{address}:given-up", "alarm", text.strip()


def died_sending(notice_id: int) -> tuple[str, str, str]:
    """(key, level, Danish text) for a letter whose worker died after its intent."""
    text = phrase(
        "Brev %(notice_id)s er måske modtaget: programmet stoppede, mens det blev sendt. Samme "
        "brev sendes igen.",
        notice_id=notice_id,
    )
    return f"notice:{notice_id}:uncertain", "warning", text


def lasting(session: Session, at: datetime) -> Iterator[tuple[str, str, str]]:
    """(key, level, Danish text) for what has failed for long, whether or not it is just being tried: people are told
    in time although the waits between tries grow and a dead channel is only probed."""
    if down := attempts.channel_down(session, CHANNEL_VERBS):
        since, said = down
        yield from _told("mail", phrase("Mailserveren har ikke kunnet bruges"), since, at, said)
    for one in attempts.failing(session, CHANNEL_VERBS):
        letter = phrase(
            "Brev %(id)s til %(address)s (%(recipient)s)",
            id=one.id,
            address=one.address,
            recipient=one.recipient,
        )
        yield from _told(
            f"notice:{one.id}",
            phrase("%(letter)s har ikke kunnet overgives", letter=letter),
            one.since,
            at,
            one.answer,
        )


def _told(
    subject: str, what: str, since: datetime, at: datetime, said: str
) -> Iterator[tuple[str, str, str]]:
    if level := severity(since, at):
        then = phrase(" Kræver handling.") if level == "person" else ""
        yield f"{subject}:{level}", level, f"{what} {_LASTED[level]}: {said}.{then}"
