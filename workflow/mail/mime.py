"""From words to the bytes on the wire, parsed back and compared before anybody may send them.

The same input gives the same bytes, always: boundaries come from the Message-ID, dates from the caller. The
header folding is our own, since the standard library's loses spaces in Danish subjects, writes Message-IDs as
encoded words and turns a comma in a display name into a second recipient (delivery.md 7).
"""

from __future__ import annotations

import hashlib
import io
import re
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.generator import BytesGenerator
from email.header import Header, decode_header, make_header
from email.headerregistry import Address, HeaderRegistry
from email.message import EmailMessage, Message
from email.parser import BytesHeaderParser
from email.policy import EmailPolicy
from email.utils import format_datetime, getaddresses
from typing import Any

from workflow.mail.words import clean
from workflow.rules.days import COPENHAGEN

LONGEST = 998  # octets in a line without its CRLF (RFC 5322, 2.1.1)
_TO: Any = HeaderRegistry()["To"]
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=^_`{|}~ -]+")


@dataclass(frozen=True, slots=True)
class Letter:
    """What a message is made of; ``date`` is aware, ``invite`` the calendar file or ``""``."""

    sender: Address
    to: Address
    subject: str
    text: str
    html: str
    invite: str
    message_id: str
    date: datetime
    reply_to: Address | None = None


def address(field: str, name: str = "") -> Address:
    """The one address in ``field`` (``"a@b.dk"`` or ``"Navn <a@b.dk>"``); ``name`` replaces its display name.

    ``ValueError`` where there is none, more than one, one with control characters or one that is not ASCII
    (an international domain is stored as ``xn--``).
    """
    if clean(field) != field or not field.rpartition("<")[2].isascii():
        raise ValueError(f"{field!r} is no plain mail address")
    header = _TO("To", field)
    if header.defects or len(header.addresses) != 1:
        raise ValueError(f"{field!r} is not exactly one mail address")
    found = header.addresses[0]
    if not found.username or not found.domain:
        raise ValueError(f"{field!r} is no mail address")
    return Address(display_name=clean(name) or found.display_name, addr_spec=found.addr_spec)


def message_id(instance: str, key: str) -> str:
    """``"<hash@instance>"``, at most 60 characters: the same notice has the same id on every daemon, for ever."""
    local = hashlib.sha256(f"{instance}\0{key}".encode()).hexdigest()[:32]
    return f"<{local}@{domain_of(instance)}>"


def domain_of(instance: str) -> str:
    """``instance`` as the right-hand side of an id; a name that cannot be one becomes ``aftalefrist.invalid``."""
    usable = re.fullmatch(r"[a-z0-9]([a-z0-9.-]{0,23}[a-z0-9])?", instance.lower())
    return usable.group() if usable and ".." not in instance else "aftalefrist.invalid"


def notice_of(message_id: str) -> str:
    """The key hash in a Message-ID: what X-Aftalefrist-Notice carries and a bounce is matched by."""
    return message_id.strip("<>").partition("@")[0]


class _Wire(EmailPolicy):
    """CRLF, ASCII headers, our own folding. Headers are kept as given: the library would parse each one, at every
    look, and decode what somebody typed. What comes out is read back by :func:`compare`."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        return name, value

    def header_fetch_parse(self, _name: str, value: Any) -> Any:
        return value

    def fold(self, name: str, value: Any) -> str:
        if isinstance(value, Address):
            body = _mailbox(value, name)
        elif value.isascii() and len(value) <= LONGEST - 60 and not (name == "Subject" and _awkward(value)):
            body = str(value)
        else:
            body = _encoded(value, name)
        return f"{name}: {body}\r\n"

    def fold_binary(self, name: str, value: Any) -> bytes:
        return self.fold(name, value).encode("ascii")


WIRE = _Wire(linesep="\r\n", cte_type="7bit", max_line_length=76)  # 76: bodies, RFC 2045 6.7


def _awkward(text: str) -> bool:
    return len(text) > 68 or "=?" in text


def _encoded(text: str, name: str) -> str:
    return Header(text, "utf-8", maxlinelen=75, header_name=name).encode(linesep="\r\n")


def _mailbox(one: Address, header: str) -> str:
    name = one.display_name
    if not name:
        return one.addr_spec
    if not name.isascii() or _awkward(name):
        return f"{_encoded(name, header)}\r\n <{one.addr_spec}>"
    if not _ATOMS.fullmatch(name):
        name = '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
    return f"{name} <{one.addr_spec}>"


def build(letter: Letter) -> bytes:
    """The message as it will be sent. ``ValueError`` where it could not be read back as what was put in."""
    message = EmailMessage(policy=WIRE)
    message.set_content(letter.text, charset="utf-8", cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", charset="utf-8", cte="quoted-printable")
    message.make_mixed()
    if letter.invite:
        message.add_attachment(
            letter.invite, subtype="calendar", charset="utf-8", cte="base64",
            filename="frist.ics", params={"method": "PUBLISH"},
        )  # fmt: skip
    del message["MIME-Version"]
    for name, value in _headers(letter).items():
        message[name] = value
    parts = [part for part in message.walk() if part.is_multipart()]
    for number, part in enumerate(parts):
        part.set_boundary(f"=_{hashlib.sha256(letter.message_id.encode()).hexdigest()[:32]}_{number}")
    out = io.BytesIO()
    BytesGenerator(out, policy=WIRE).flatten(message)
    raw = out.getvalue()
    compare(raw, letter)
    return raw


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
        "Content-Language": "da",
        "X-Aftalefrist-Notice": notice_of(letter.message_id),
        "MIME-Version": "1.0",
    }


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
    wanted = [*meant, "Content-Type"]
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
    said = [(part.get_content_type(), _text(part)) for part in read.walk() if not part.is_multipart()]
    parts = {"text/plain": letter.text, "text/html": letter.html, "text/calendar": letter.invite}
    if said != [(kind, text.replace("\r\n", "\n")) for kind, text in parts.items() if text]:
        raise ValueError("a part does not read back as it was written")
    if any(part.defects for part in read.walk()):
        raise ValueError("the message has defects")


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode(part.get_content_charset("ascii")).replace("\r\n", "\n")
