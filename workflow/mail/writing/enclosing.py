"""Files that go with a letter, and the one place each of them is kept.

A file that goes to forty councils is kept once, under its digest: a letter's stored bytes name it between two octets of
255, which stand in no letter, and :func:`filled` puts its base64 there. What comes of it is the same octet for octet,
every time, and has the digest that was kept with the letter.
"""

from __future__ import annotations

import hashlib
import re
from base64 import encodebytes
from binascii import a2b_base64
from collections.abc import Callable
from functools import cached_property
from urllib.parse import quote, unquote

from workflow.values import dataclass, field

ATTACHED = 7 * 1024 * 1024  # octets of files in one letter: 10 MB as mail, which every mail server takes
_NAMED = re.compile(rb"\xff([0-9a-f]{64})\xff")
_KINDS = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "odt": "application/vnd.oasis.opendocument.text",
}
_OTHER = "application/octet-stream"
_PLAIN = re.compile(r"[A-Za-z0-9 ._()+,-]+")
_HEAD = re.compile(
    rb"\r\nContent-Type: ([a-z.+/-]+)\r\nContent-Transfer-Encoding: base64\r\n"
    rb"Content-Disposition: attachment; filename(?:=\"([A-Za-z0-9 ._()+,-]+)\"|\*=utf-8''([A-Za-z0-9%._~-]+))\r\n\r\n"
)
LONGEST_NAME = 100  # characters: the whole header stays on one line


@dataclass(frozen=True)
class Enclosed:
    """A file as it goes with a letter; ``called`` is what people named it, and may hold anything."""

    called: str
    content: bytes = field(repr=False)

    @cached_property
    def digest(self) -> str:
        """SHA-256 in hex."""
        return hashlib.sha256(self.content).hexdigest()

    @cached_property
    def name(self) -> str:
        """The name a receiver's program saves it under."""
        return safe_name(self.called)

    @property
    def kind(self) -> str:
        """Its media type, by the end of its name: never one that a mail program shows by itself."""
        return _KINDS.get(self.name.rpartition(".")[2].lower(), _OTHER)


def safe_name(called: str) -> str:
    """``called`` without what no file name may hold, at most :data:`LONGEST_NAME` characters, its ending kept."""
    plain = " ".join(re.sub(r"[^\w ._()+,-]+", "-", called).split()).strip("-. ") or "fil"
    stem, dot, end = plain.rpartition(".")
    if len(plain) > LONGEST_NAME and stem and len(end) < 10:
        return f"{stem[: LONGEST_NAME - len(end) - 1]}{dot}{end}"
    return plain[:LONGEST_NAME].rstrip()


def part_of(file: Enclosed) -> bytes:
    """The file's part of a letter as it is stored: its headers, and its digest in place of its base64."""
    plain = _PLAIN.fullmatch(file.name)
    named = f'="{file.name}"' if plain else f"*=utf-8''{quote(file.name, safe='')}"
    head = (
        f"\r\nContent-Type: {file.kind}\r\nContent-Transfer-Encoding: base64\r\n"
        f"Content-Disposition: attachment; filename{named}\r\n\r\n"
    )
    return head.encode("ascii") + b"\xff" + file.digest.encode() + b"\xff"


def files_named(kept: bytes) -> list[str]:
    """The digests (SHA-256, hex) of the files that the stored bytes of a letter name, in order."""
    return [found.decode() for found in _NAMED.findall(kept)]


def filled(kept: bytes, read: Callable[[str], bytes]) -> bytes:
    """The letter as it is sent: each file that ``kept`` names put in its place, as ``read(digest)`` gives it.
    ``ValueError`` for a file that is not what it was."""

    def one(named: re.Match[bytes]) -> bytes:
        digest = named[1].decode()
        content = read(digest)
        if hashlib.sha256(content).hexdigest() != digest:
            raise ValueError(f"the file {digest} is not what it was when the letter was written")
        return encodebytes(content).replace(b"\n", b"\r\n")

    return _NAMED.sub(one, kept)


def read_part(part: bytes) -> tuple[str, str, bytes]:
    """Name, media type and content of a file's part as it is sent. ``ValueError`` where it is not written as
    :func:`part_of` writes."""
    head = _HEAD.match(part)
    if head is None:
        raise ValueError("not a file of ours")
    kind, plain, other = (one.decode("ascii") if one else "" for one in head.groups())
    return (
        plain or unquote(other),
        kind,
        a2b_base64(part[head.end() :].replace(b"\r\n", b""), strict_mode=True),
    )
