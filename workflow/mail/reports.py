"""What a mail that came back says: a delivery report (RFC 3464), a mail server's own words, an automatic answer, our
own letter, or nothing.

Whoever can write to the return address can write anything, so nothing is believed here: the reading only says what
the mail claims, and every address and token it could be matched by. The old parser is used on purpose; the newer one
raises on some malformed headers.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.message import Message

from workflow.mail.verp import tokens_in

HOPS = 50  # Received headers; more is a loop
_DELIVERED_TO = ("Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "To")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_STATUS = re.compile(r"\b([245])\.(\d{1,3})\.(\d{1,3})\b")
_BASIC = re.compile(r"\b(55[013])\b")  # no such mailbox, as the basic codes of SMTP say it
_MAIL_SYSTEM = re.compile(r"\b(mailer-daemon|postmaster)@", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Report:
    """``kind``: the action of a delivery report (failed, delayed, delivered, relayed, expanded), or why it is none:
    ``loop`` (our own letter, or too many hops), ``auto-reply`` (out of office and the like), ``unread`` (a mail server
    returned something in words that only a person can read), ``other``. ``recipient`` is the address we wrote to as far
    as the report knows it, ``final`` the one it ended at."""

    kind: str
    tokens: tuple[str, ...] = ()
    message_ids: tuple[str, ...] = ()
    recipient: str = ""
    status: str = ""
    text: str = ""
    final: str = ""

    @property
    def no_such_mailbox(self) -> bool:
        """Whether the address itself was refused for good: 5.1.x or 5.2.1, or without those 550, 551 or 553. A full
        mailbox, a letter that grew too old or a policy says nothing against the address."""
        said = [found.groups() for found in map(_STATUS.search, (self.status, self.text)) if found]
        exact = next((one for one in said if one[1] != "0"), None)
        if exact is None:
            return not self.status.startswith("4") and bool(_BASIC.search(self.text))
        kind, subject, detail = exact
        of_the_sender = detail in ("7", "8")
        return kind == "5" and ((subject == "1" and not of_the_sender) or (subject, detail) == ("2", "1"))


def read(raw: bytes, bounce: str) -> Report:
    """What ``raw`` claims; ``bounce`` is the return address with its ``{notice}``."""
    mail = message_from_bytes(raw)
    to = [value for name in _DELIVERED_TO for value in _all(mail, name)]
    tokens = tokens_in(to, bounce)
    if mail["X-Aftalefrist-Notice"] or len(_all(mail, "Received")) > HOPS:
        return Report("loop", tokens)
    said = next((part for part in mail.walk() if part.get_content_type() == "message/delivery-status"), None)
    if said is None:
        automatic = "auto-reply" if _automatic(mail) else "other"
        return Report("unread" if _by_a_mail_server(mail, automatic) else automatic, tokens)
    whole, *recipients = _fields(said)
    one = next((fields for fields in recipients if _action(fields) == "failed"), None)
    one = one or next(iter(recipients), None)
    if one is None:
        return Report("other", tokens)
    status = _STATUS.search(_line(one, "Status"))
    return Report(
        kind=_action(one),
        tokens=(*tokens, *filter(None, [_line(whole, "Original-Envelope-Id")])),
        message_ids=_returned_ids(mail),
        recipient=_bare(_line(one, "Original-Recipient") or _line(one, "Final-Recipient")),
        status=status.group() if status else "",
        text=_line(one, "Diagnostic-Code") or _line(one, "Status"),
        final=_bare(_line(one, "Final-Recipient")),
    )


def _fields(part: Message) -> list[Message]:
    """The field groups of a delivery-status part: the whole message first, then each recipient."""
    payload = part.get_payload()
    groups = [group for group in payload if isinstance(group, Message)] if isinstance(payload, list) else []
    return groups or [Message()]


def _action(fields: Message) -> str:
    word = _line(fields, "Action").lower()
    return word if word in ("failed", "delayed", "delivered", "relayed", "expanded") else "other"


def _returned_ids(mail: Message) -> tuple[str, ...]:
    found = []
    for part in mail.walk():
        if part.get_content_type() == "text/rfc822-headers":
            payload = part.get_payload(decode=True)
            returned = message_from_bytes(payload if isinstance(payload, bytes) else b"")
            found += _all(returned, "Message-ID")
        elif part is not mail and part["Message-ID"]:  # the letter itself, inside message/rfc822
            found += _all(part, "Message-ID")
    return tuple(dict.fromkeys(one.strip() for one in found))


def _automatic(mail: Message) -> bool:
    submitted = _line(mail, "Auto-Submitted").lower()
    return (
        (bool(submitted) and not submitted.startswith("no"))
        or any(mail[name] for name in ("X-Autoreply", "X-Autorespond", "X-Auto-Response-Suppress", "List-Id"))
        or _line(mail, "Precedence").lower() in ("auto_reply", "bulk", "junk", "list")
        or mail.get_content_type() == "multipart/report"
    )


def _by_a_mail_server(mail: Message, automatic: str) -> bool:
    """From the mail system and without a sender, as a bounce must be (RFC 5321, 4.5.5). People's programs answer
    without a sender too, but call themselves automatic; a receipt for having read (RFC 8098) is no bounce."""
    if mail.get_param("report-type") == "disposition-notification":
        return False
    nobody = _line(mail, "Return-Path") == "<>"
    by_system = bool(_MAIL_SYSTEM.search(_line(mail, "From")))
    return (nobody and (by_system or automatic == "other")) or (by_system and not mail["Return-Path"])


def _bare(recipient: str) -> str:
    """``"rfc822; a@b.dk"`` -> ``"a@b.dk"``."""
    return recipient.rpartition(";")[2].strip().strip("<>")


def _all(message: Message, name: str) -> list[str]:
    return [str(value) for value in message.get_all(name, [])]


def _line(message: Message, name: str) -> str:
    """One header as one line that every database takes."""
    told = str(message.get(name, "")).encode("utf-8", "replace").decode("utf-8")
    return _CONTROL.sub(" ", told).strip()[:1000]
