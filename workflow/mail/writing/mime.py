"""From words to the bytes on the wire, parsed back and compared before anybody may send them.

The same input gives the same bytes, always: boundaries come from the Message-ID, dates from the caller. The frame and
the headers are our own (``frame.py``, ``headers.py``), and so is the reader of nearly every letter; the standard
library's parser is the judge where that one hesitates, and of one letter in a thousand.
"""

from __future__ import annotations

import hashlib
import re
from datetime import datetime
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.headerregistry import Address, HeaderRegistry
from email.message import Message
from email.parser import BytesHeaderParser
from email.utils import format_datetime, getaddresses
from functools import lru_cache
from typing import Any

from workflow.language import SOURCE
from workflow.mail.writing.enclosing import Enclosed, filled
from workflow.mail.writing.frame import framed, taken_apart
from workflow.mail.writing.headers import LONGEST, box, line, said
from workflow.mail.writing.words import clean
from workflow.rules.days import COPENHAGEN
from workflow.values import dataclass

SAMPLED = 1000  # one letter in so many is read back by the standard library too, whatever our own reader says
_TO: Any = HeaderRegistry()["To"]
_PLAIN = re.compile(r"[A-Za-z0-9_+-]+(?:\.[A-Za-z0-9_+-]+)*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")


@dataclass(frozen=True, slots=True)
class Letter:
    """What a message is made of; ``date`` is aware, ``invite`` the calendar file or ``""``, ``files`` go with it."""

    sender: Address
    to: Address
    subject: str
    text: str
    html: str
    invite: str
    message_id: str
    date: datetime
    reply_to: Address | None = None
    language: str = SOURCE
    files: tuple[Enclosed, ...] = ()


@lru_cache(4096)  # the same few addresses stand in every letter; what is wrong is not kept
def address(field: str, name: str = "") -> Address:
    """The one address in ``field`` (``"a@b.dk"`` or ``"Navn <a@b.dk>"``); ``name`` replaces its display name.

    ``ValueError`` where there is none, more than one, one with control characters or one that is not ASCII
    (an international domain is stored as ``xn--``).
    """
    if _PLAIN.fullmatch(field):  # nearly all are: the library's parser is slow
        username, _, domain = field.partition("@")
        return Address(clean(name), username, domain)
    if clean(field) != field or not field.rpartition("<")[2].isascii():
        raise ValueError(f"{field!r} is no plain mail address")
    header = _TO("To", field)
    if header.defects or len(header.addresses) != 1:
        raise ValueError(f"{field!r} is not exactly one mail address")
    found = header.addresses[0]
    if not found.username or not found.domain:
        raise ValueError(f"{field!r} is no mail address")
    return Address(display_name=clean(name) or found.display_name, addr_spec=found.addr_spec)


LONGEST_DOMAIN = 25  # characters to the right of the @ in an id


def message_id(instance: str, key: str, sender: str = "") -> str:
    """``"<hash@domain>"``, at most 60 characters: the same notice has the same id on every daemon, for ever. The
    domain is the ``sender``'s, since filters distrust an id from nowhere; without one it is the instance."""
    local = hashlib.sha256(f"{instance}\0{key}".encode()).hexdigest()[:32]
    return f"<{local}@{domain_of(shortened(sender) or instance)}>"


def shortened(domain: str) -> str:
    """``domain`` without its first labels where it is too long for an id: what is left is its owner's too."""
    while len(domain) > LONGEST_DOMAIN and domain.count(".") > 1:
        domain = domain.partition(".")[2]
    return domain if len(domain) <= LONGEST_DOMAIN else ""


def domain_of(instance: str) -> str:
    """``instance`` as the right-hand side of an id; a name that cannot be one becomes ``aftalefrist.invalid``."""
    usable = re.fullmatch(r"[a-z0-9]([a-z0-9.-]{0,23}[a-z0-9])?", instance.lower())
    return usable.group() if usable and ".." not in instance else "aftalefrist.invalid"


def notice_of(message_id: str) -> str:
    """The key hash in a Message-ID: what X-Aftalefrist-Notice carries and a bounce is matched by."""
    return message_id.strip("<>").partition("@")[0]


def built(letter: Letter) -> tuple[bytes, bytes]:
    """The message as it is stored, with its files by their digests, and as it will be sent. ``ValueError`` where it
    could not be read back as what was put in."""
    key = hashlib.sha256(letter.message_id.encode()).hexdigest()[:32]
    fields = "".join(line(name, value) for name, value in _headers(letter).items()).encode("ascii")
    kept = framed(fields, key.encode(), letter.text, letter.html, letter.invite, letter.files)
    raw = filled(kept, {file.digest: file.content for file in letter.files}.__getitem__)
    if not reads_as(raw, letter) or int(key, 16) % SAMPLED == 0:
        compare(raw, letter)
    return kept, raw


def _headers(letter: Letter) -> dict[str, str | Address]:
    headers: dict[str, str | Address] = {"From": letter.sender, "To": letter.to}
    if letter.reply_to:
        headers["Reply-To"] = letter.reply_to
    return headers | {
        "Subject": letter.subject,
        "Date": format_datetime(letter.date.astimezone(COPENHAGEN)),
        "Message-ID": letter.message_id,
        "Auto-Submitted": "auto-generated",
        "X-Auto-Response-Suppress": "All",
        "Content-Language": letter.language,
        "X-Aftalefrist-Notice": notice_of(letter.message_id),
    }


def reads_as(raw: bytes, letter: Letter) -> bool:
    """Whether ``raw`` is our own frame around exactly this letter. Quick and narrow: what it does not recognise may
    still be right, and :func:`compare` says so or says what is wrong; what it accepts, :func:`compare` accepts."""
    lines = raw.split(b"\r\n")
    if (
        not raw.isascii()
        or max(map(len, lines)) > LONGEST
        or raw.count(b"\n") + raw.count(b"\r") != 2 * len(lines) - 2
    ):
        return False
    meant = _headers(letter)
    try:
        fields, *parts, files = taken_apart(raw)
        said_there: list[str | tuple[str, str]] = [
            box(body)
            if isinstance(meant.get(name), Address)
            else body
            if name == "Message-ID"
            else said(body)
            for name, body in fields
        ]
    except ValueError:
        return False
    wanted: list[str | tuple[str, str]] = [
        (value.display_name, value.addr_spec) if isinstance(value, Address) else value
        for value in meant.values()
    ]
    same = [name for name, _ in fields] == list(meant) and said_there == wanted
    same = same and files == [(file.name, file.kind, file.content) for file in letter.files]
    return same and parts == [
        part.replace("\r\n", "\n") for part in (letter.text, letter.html, letter.invite)
    ]


def mailboxes(read: Message, header: str) -> list[tuple[str, str]]:
    """Names and addresses as the older parser ``read`` them: the newer one puts a space between two encoded words of
    a name."""
    fields = [str(field) for field in read.get_all(header, [])]
    return [(str(make_header(decode_header(name))), spec) for name, spec in getaddresses(fields)]


def compare(raw: bytes, letter: Letter) -> None:
    """Read ``raw`` as a receiver would and raise ``ValueError`` at the first thing that is not what was meant."""
    lines = raw.split(b"\r\n")
    if any(len(line) > LONGEST for line in lines):
        raise ValueError(f"a line is longer than {LONGEST} octets")
    if b"\n" in raw.replace(b"\r\n", b"") or b"\r" in raw.replace(b"\r\n", b"") or not raw.isascii():
        raise ValueError("a bare line ending or an octet above 127")
    # the newer parser is exact about headers and slow about parts; the older one reads the whole
    head = BytesHeaderParser(policy=policy.default).parsebytes(raw.partition(b"\r\n\r\n")[0])
    read = message_from_bytes(raw, policy=policy.compat32)
    meant = _headers(letter)
    wanted = [*meant, "MIME-Version", "Content-Type"]
    if sorted(head.keys()) != sorted(wanted):
        raise ValueError(f"headers {sorted(head.keys())} instead of {sorted(wanted)}")
    for name, one in (("From", letter.sender), ("To", letter.to), ("Reply-To", letter.reply_to)):
        field = head[name]
        found = [a.addr_spec for a in field.addresses] if field else []
        if found != ([one.addr_spec] if one else []):
            raise ValueError(f"{name} reads as {found}")
        if one and (boxes := mailboxes(read, name)) != [(one.display_name, one.addr_spec)]:
            raise ValueError(f"{name} reads as {boxes}")
    for name in ("Subject", "Message-ID", "Date"):
        if (reads := str(head[name])) != str(meant[name]):
            raise ValueError(f"{name} reads as {reads!r}")
    if b"=?" in next(line for line in lines if line.startswith(b"Message-ID:")):
        raise ValueError("the Message-ID became an encoded word")
    leaves = [part for part in read.walk() if not part.is_multipart()]
    enclosed = leaves[len(leaves) - len(letter.files) :]
    said = [(part.get_content_type(), _text(part)) for part in leaves[: len(leaves) - len(letter.files)]]
    parts = {"text/plain": letter.text, "text/html": letter.html, "text/calendar": letter.invite}
    if said != [(kind, text.replace("\r\n", "\n")) for kind, text in parts.items() if text]:
        raise ValueError("a part does not read back as it was written")
    files = [(file.name, file.kind, file.content) for file in letter.files]
    if [
        (one.get_filename(), one.get_content_type(), one.get_payload(decode=True)) for one in enclosed
    ] != files:
        raise ValueError("a file does not read back as it was written")
    if any(part.defects for part in read.walk()):
        raise ValueError("the message has defects")


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode(part.get_content_charset("ascii")).replace("\r\n", "\n")
