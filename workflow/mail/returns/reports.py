"""What a mail that came back says: a delivery report (RFC 3464), a mail server's own words, an automatic answer, a
person's, our own letter, or nothing that can be read.

Whoever can write to the return address can write anything, so nothing is believed here: the reading only says what
the mail claims, and every address and token it could be matched by. What the words mean is judged where the answers at
the door are judged too (:func:`workflow.mail.answers.judge`). The old parser is used on purpose; the newer one raises
on some malformed headers.
"""

from __future__ import annotations

import re
from email import message_from_bytes
from email.message import Message
from email.parser import BytesHeaderParser

from workflow.mail.answers import judge
from workflow.mail.returns.autoreplies import challenged, closed
from workflow.mail.returns.shapes import (
    automatic,
    by_a_mail_server,
    field_groups,
    gist,
    line,
    mentioned,
    named,
    returned,
    still_trying,
    turned_away,
    words,
)
from workflow.mail.verp import tokens_in
from workflow.values import dataclass, replace

HOPS = 50  # Received headers; more is a loop
_TO = (
    "Delivered-To",
    "X-Original-To",
    "Envelope-To",
    "X-Envelope-To",
    "To",
    "Cc",
    "Resent-To",
    "X-Failed-Recipients",
)
_STATUS = re.compile(r"(?<![\w.])([245])\.(\d{1,3})\.(\d{1,3})(?!\w|\.\d)")  # not a part of an IP address
_REMARK = re.compile(r"\(([^()]*[^()\d.\s][^()]*)\)")  # some say in brackets behind the number what happened
_ACTIONS = ("delayed", "delivered", "relayed", "expanded")


@dataclass(frozen=True, slots=True)
class Report:
    """``kind``: the action of a delivery report (failed, delayed, delivered, relayed, expanded), or why it is none:
    ``loop`` (our own letter, or too many hops), ``auto-reply`` (out of office and the like), ``closed`` (an automatic
    answer that the mailbox is given up), ``challenge`` (a filter keeps the letter until somebody answers it),
    ``receipt`` (for having read), ``answer`` (a person wrote), ``unread`` (only a
    person can read it). ``recipient`` is the address we wrote to as far as the report knows it, ``final`` the one it
    ended at, ``about`` what the refusal speaks of (:data:`workflow.mail.answers.CLASSES`), ``names`` the addresses in a
    mail server's words where no field tells which one failed."""

    kind: str
    tokens: tuple[str, ...] = ()
    message_ids: tuple[str, ...] = ()
    recipient: str = ""
    status: str = ""
    text: str = ""
    final: str = ""
    about: str = ""
    names: tuple[str, ...] = ()

    def elsewhere(self, address: str) -> str:
        """The address that failed where it is another than ``address``: the mailbox hands its mail on."""
        ours, failed = address.lower(), self.final.lower()
        if not failed:
            others = [one for one in self.names if one.lower() != ours]
            return others[0] if others and len(others) == len(self.names) else ""
        return "" if failed in (ours, ours.partition("@")[0]) else self.final


def read(raw: bytes, bounce: str) -> Report:
    """What ``raw`` claims; ``bounce`` is the return address with its ``{notice}``. Never raises: a mail that breaks the
    reader (nested thousands deep) is *unread*."""
    try:
        mail = message_from_bytes(raw)
        return replace(_read(mail), tokens=_tokens(mail, raw, bounce), message_ids=_returned_ids(mail))
    except (RecursionError, ValueError, LookupError, TypeError, AttributeError, AssertionError):
        # the parser of the standard library and the reader of shapes both trip over mails made to trip them
        head = BytesHeaderParser().parsebytes(raw.partition(b"\n\n")[0] + b"\n\n")
        return Report("unread", _tokens(head, raw, bounce), text="mailen kan ikke skilles ad")


def _tokens(mail: Message, raw: bytes, bounce: str) -> tuple[str, ...]:
    """The tokens the mail was sent to; else those of its envelope id or of the letter that it quotes."""
    found = tokens_in([value for name in _TO for value in _all(mail, name)], bounce)
    return found or tokens_in([raw.decode("latin-1")], bounce, alone=True)


def _read(mail: Message) -> Report:
    if mail["X-Aftalefrist-Notice"] or len(_all(mail, "Received")) > HOPS:
        return Report("loop")
    if mail.get_param("report-type") == "disposition-notification":
        return _by_words(mail) if turned_away(mail) else Report("receipt", text=words(mail))
    if report := _by_fields(mail):
        return report
    if by_a_mail_server(mail):
        return _by_words(mail)
    said = words(mail)
    if automatic(mail):
        whole = f"{line(mail, 'Subject')} {said}"
        kinds = (("closed", closed), ("challenge", challenged), ("unread", returned))
        return Report(next((kind for kind, says in kinds if says(whole)), "auto-reply"), text=said)
    return Report("answer", text=said)


def _by_fields(mail: Message) -> Report | None:
    """The report of a delivery-status part, or ``None`` where there is none that says anything."""
    groups = [
        group
        for group in field_groups(mail)
        if group["Action"] or group["Final-Recipient"] or group["Status"]
    ]
    one = next((group for group in groups if _action(group) == "failed"), None) or next(iter(groups), None)
    if one is None:
        return None
    status = _STATUS.search(line(one, "Status"))
    remark = _REMARK.search(line(one, "Status"))
    said, code = (
        line(one, "Diagnostic-Code") or (remark[1] if remark else ""),
        status.group() if status else "",
    )
    final, asked = _bare(line(one, "Final-Recipient")), _bare(line(one, "Original-Recipient"))
    kind, about = _action(one), ""
    if kind == "failed":
        to = [address for address in (final, asked) if "@" in address]
        about = judge(said, status=code, to=to)
        unclear = not said or judge(said, status=code) == "unknown"  # not: clear, and about somebody else
        prose = words(mail) if unclear else ""
        if prose and (told := judge(prose, status=code, to=to)) != "unknown":
            about, said = told, said or gist(prose)
    return Report(
        kind=kind,
        recipient=asked or final,
        status=code,
        text=said or line(one, "Status"),
        final=final,
        about=about,
    )


def _by_words(mail: Message) -> Report:
    """A mail server that writes no fields: the shapes tell who failed, the words why."""
    said = words(mail)
    passing, failed = named(mail)
    answer = gist(said)  # what the other mail server said, before what this one says around it
    about = judge(answer, to=failed)
    about = judge(said, to=failed) if about == "unknown" else about
    if still_trying(said) or (passing and not failed):
        return Report("delayed", text=said)
    if not failed and about in ("unknown", "policy"):
        return Report("unread", text=said)
    number = _refusing(answer) or _refusing(said)
    names = tuple(failed) or mentioned(said)
    return Report("failed", status=number, text=answer, about=about, names=names)


def _refusing(text: str) -> str:
    """The first number in ``text`` that refuses; one of class 2 among a mail server's words is a program's."""
    return next((one.group() for one in _STATUS.finditer(text) if one[1] != "2"), "")


def _action(fields: Message) -> str:
    word = line(fields, "Action").lower().partition(" ")[0]
    if word.startswith(("fail", "undeliver", "error")) or (
        not word and line(fields, "Status").startswith("5")
    ):
        return "failed"
    return next((one for one in _ACTIONS if word.startswith(one[:5])), "unread")


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


def _bare(recipient: str) -> str:
    """``"rfc822; <a@b.dk>"`` -> ``"a@b.dk"``."""
    return recipient.rpartition(";")[2].strip().strip("<>\"' ")


def _all(message: Message, name: str) -> list[str]:
    return [str(value) for value in message.get_all(name, [])]
