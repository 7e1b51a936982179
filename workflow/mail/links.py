"""The links in letters that a reader can act on: signed with the database's own key, each for one purpose.

A link is good for what it names and nothing else, and nobody without the key can make one. It holds no address and no
secret. A mailbox has one answer link for a council and a version, the same in every letter; whether it still holds is
asked when it is used.
"""

from __future__ import annotations

import hashlib
from dataclasses import astuple

from itsdangerous import BadData, URLSafeSerializer

from workflow.mail.addresses import folded
from workflow.mail.writing.facts import LinkFacts, PlannedFacts
from workflow.values import dataclass

# The letters that ask a council for its decision.
ANSWERS = ("sent-for-approval", "council-pending", "council-agenda", "council-meeting")
CONFIRMS = "contacts-confirm"  # the letter that asks a body which mailbox is its own
CALENDARS = "council-calendar"  # the letter that asks a council when it meets


@dataclass(frozen=True, slots=True)
class Ask:
    """What an answer link asks: one council, through one mailbox (``reader``: :func:`reader_of` its address), for its
    decision on one version. ``edition`` is how often the council's links for it had been withdrawn when this one was
    written. It holds no day: what becomes of the version ends it. Without the last two it is what a person is asked who
    is signed in for the council.
    """

    agreement: str
    version: int
    council: str
    reader: str = ""
    edition: int = 0


@dataclass(frozen=True, slots=True)
class Confirm:
    """What a confirming link asks: the question with this ``number``, through one mailbox (``reader``)."""

    number: int
    reader: str


@dataclass(frozen=True, slots=True)
class Calendar:
    """What a calendar link opens: the meeting days of one ``council`` (its code), asked for through one mailbox
    (``reader``), until ``year`` is over."""

    council: str
    year: int
    reader: str


def reader_of(address: str) -> str:
    """A mailbox as a link names it: too short a hash to find the address from, long enough to tell two apart."""
    return hashlib.sha256(folded(address).encode()).hexdigest()[:12]


def links_in(
    facts: PlannedFacts, secret: str, letter: str, notice_id: int, address: str, edition: int,
    statutory: bool = False,
) -> LinkFacts:  # fmt: skip
    """The links of one letter to one mailbox, by the name the templates know them by; none without the site's address
    or a key. A reminder before its date can be acknowledged; one after it, and a statutory one, cannot be stopped.
    ``edition``: see :class:`Ask`."""
    base, found = facts.get("link"), LinkFacts()
    if not base or not secret:
        return {}
    version, recipient, deadline = facts["version"], facts["recipient"], facts["deadline"]
    agreement = facts["agreement"]
    over = (
        facts["today"][:4] > agreement["term"][-4:]
    )  # a term ends with its last year, and its links with it
    if letter in ANSWERS and version and recipient["function"] == "council" and not over:
        ask = Ask(agreement["key"], version["number"], recipient["body"], reader_of(address), edition)
        found["answer"] = f"{base}/svar/{_sealed(secret, 'svar').dumps(list(astuple(ask)))}"
    if letter == CONFIRMS and facts["event"]:
        confirm = Confirm(facts["event"]["number"], reader_of(address))
        found["confirm"] = f"{base}/bekraeft/{_sealed(secret, 'bekraeft').dumps(list(astuple(confirm)))}"
    if letter == CALENDARS and facts["meeting_year"]:
        calendar = Calendar(recipient["body"], facts["meeting_year"]["year"], reader_of(address))
        found["calendar_page"] = f"{base}/moedeplan/{sealed_calendar(calendar, secret)}"
    if facts["rung"].startswith("-") and not statutory and deadline and deadline["days_left"] >= 0:
        found["acknowledge"] = f"{base}/kvitter/{_sealed(secret, 'kvitter').dumps(notice_id)}"
    return found


def file_link(base: str, secret: str, notice_id: int, place: int) -> str:
    """The link that opens one file of a letter, for whoever holds it: it can do nothing else, so that a clerk may hand
    it on. Empty without the site's address (``base``) or a key."""
    return f"{base}/fil/{_sealed(secret, 'fil').dumps([notice_id, place])}" if base and secret else ""


def opened_ask(token: str, secret: str) -> Ask | None:
    """What an answer link asks, or ``None`` for one we did not make."""
    try:
        agreement, version, council, reader, edition = _sealed(secret, "svar").loads(token)
    except (BadData, TypeError, ValueError):
        return None
    return Ask(agreement, version, council, reader, edition)


def opened_confirm(token: str, secret: str) -> Confirm | None:
    """What a confirming link asks, or ``None`` for one we did not make."""
    try:
        number, reader = _sealed(secret, "bekraeft").loads(token)
    except (BadData, TypeError, ValueError):
        return None
    return Confirm(number, reader)


def sealed_calendar(calendar: Calendar, secret: str) -> str:
    """The token of a calendar link."""
    return str(_sealed(secret, "moedeplan").dumps(list(astuple(calendar))))


def opened_calendar(token: str, secret: str) -> Calendar | None:
    """What a calendar link opens, or ``None`` for one we did not make."""
    try:
        council, year, reader = _sealed(secret, "moedeplan").loads(token)
    except (BadData, TypeError, ValueError):
        return None
    return Calendar(council, year, reader)


def opened_notice(token: str, secret: str) -> int | None:
    """The number of the notice an acknowledging link names, or ``None`` for one we did not make."""
    try:
        number: int = _sealed(secret, "kvitter").loads(token)
    except BadData:
        return None
    return number


def opened_file(token: str, secret: str) -> tuple[int, int] | None:
    """The number of the notice whose file a reading link names and which of its files, or ``None`` for one we did not
    make."""
    try:
        number, place = _sealed(secret, "fil").loads(token)
    except (BadData, TypeError, ValueError):
        return None
    return number, place


def _sealed(secret: str, purpose: str) -> URLSafeSerializer:
    return URLSafeSerializer(
        secret, salt=f"aftale-{purpose}", signer_kwargs={"digest_method": hashlib.sha256}
    )
