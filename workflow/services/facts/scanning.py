"""A file shown to a virus scanner that speaks clamd's protocol (INSTREAM), on this machine: a socket file, or loopback.

Seconds bound each step, so that a scanner that hangs holds up nobody for longer.
"""

from __future__ import annotations

import socket
import struct
from contextlib import closing

CHUNK = 64 * 1024
SECONDS = 20.0
_LONGEST = 4096  # octets of an answer


class Away(Exception):
    """The scanner could not be asked, or gave no answer about the file."""


def scan(content: bytes, where: str, seconds: float = SECONDS) -> str:
    """What the scanner at ``where`` (``/path/of/socket`` or ``host:port``) calls the infection of ``content``, "" for a
    clean file. :class:`Away` with its words otherwise."""
    try:
        with closing(_open(where, seconds)) as line:
            line.sendall(b"zINSTREAM\0")
            for start in range(0, len(content), CHUNK):
                part = content[start : start + CHUNK]
                line.sendall(struct.pack(">I", len(part)) + part)
            line.sendall(struct.pack(">I", 0))
            said = _answer(line)
    except (OSError, ValueError) as error:
        raise Away(f"{where}: {error}") from error
    words = said.removeprefix("stream:").strip()
    if words == "OK":
        return ""
    if words.endswith(" FOUND"):
        return words.removesuffix(" FOUND").strip() or "?"
    raise Away(f"{where}: {words or 'no answer'}")


def _open(where: str, seconds: float) -> socket.socket:
    if where.startswith("/"):
        line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            line.settimeout(seconds)
            line.connect(where)
        except OSError:
            line.close()
            raise
        return line
    host, _, port = where.rpartition(":")
    return socket.create_connection((host.strip("[]"), int(port)), timeout=seconds)


def _answer(line: socket.socket) -> str:
    said = b""
    while len(said) < _LONGEST and not said.endswith((b"\0", b"\n")):
        part = line.recv(_LONGEST)
        if not part:
            break
        said += part
    return said.decode("utf-8", "replace").strip("\0\n\r ")
