"""The frame that every letter is put into, and the reader of that frame.

A message is always the same: text and HTML side by side, then perhaps a calendar file, then the files that go with it
(:mod:`workflow.mail.writing.enclosing`). Only what differs between letters is encoded; the rest is here, word for word.
:func:`taken_apart` reads exactly this frame and nothing else: whatever it cannot read, the standard library's parser
must judge (:mod:`workflow.mail.writing.mime`).
"""

from __future__ import annotations

from base64 import encodebytes
from binascii import a2b_base64, a2b_qp, b2a_qp
from collections.abc import Sequence

from workflow.mail.writing.enclosing import Enclosed, part_of, read_part

_MIXED = b'MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary="%b"\r\n'
_BOTH = b'\r\nContent-Type: multipart/alternative; boundary="%b"\r\n'
_TEXT = (
    b'\r\nContent-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
)
_HTML = b'\r\nContent-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n'
_DATES = (
    b'\r\nContent-Type: text/calendar; charset="utf-8"; method="PUBLISH"\r\nContent-Transfer-Encoding: base64\r\n'
    b'Content-Disposition: attachment; filename="frist.ics"\r\n\r\n'
)
_END = b"--\r\n"


Read = tuple[list[tuple[str, str]], str, str, str, list[tuple[str, str, bytes]]]


def framed(
    fields: bytes, key: bytes, text: str, html: str, invite: str, files: Sequence[Enclosed] = ()
) -> bytes:
    """The whole message as it is stored: ``fields`` are finished header lines, ``key`` 32 hex digits that boundaries
    are made of; ``files`` stand in it by their digests."""
    outer, inner = b"=_" + key + b"_0", b"=_" + key + b"_1"
    out, within = b"\r\n--" + outer, b"\r\n--" + inner
    parts = [_MIXED % outer, fields, out, _BOTH % inner]
    parts += [within, _TEXT, _printable(text), within, _HTML, _printable(html), within, _END]
    if invite:
        parts += [out, _DATES, encodebytes(_octets(invite)).replace(b"\n", b"\r\n")]
    for file in files:
        parts += [out, part_of(file)]
    return b"".join([*parts, out, _END])


def _octets(text: str) -> bytes:
    return text.replace("\r\n", "\n").replace("\n", "\r\n").encode()


def _printable(text: str) -> bytes:
    return b2a_qp(_octets(text))


def taken_apart(raw: bytes) -> Read:
    """Header lines (name, unfolded body) beside those of the frame itself, text, HTML and calendar file, with plain
    line endings, and name, media type and content of each file. ``ValueError`` where ``raw`` is not this frame, octet
    for octet."""
    start, end = raw.find(b'"') + 1, raw.find(b'"\r\n')
    outer = raw[start:end]
    inner = outer[:-1] + b"1"
    pieces = raw.split(b"\r\n--" + outer)
    head = _after(pieces[0], _MIXED % outer)
    if len(pieces) < 3 or pieces[-1] != _END or not outer.startswith(b"=_") or not head.endswith(b"\r\n"):
        raise ValueError("not our frame")
    both = _after(pieces[1], _BOTH % inner).split(b"\r\n--" + inner)
    if len(both) != 4 or both[0] or both[3] != _END:
        raise ValueError("not text and HTML")
    lines = head[:-2].decode("ascii").replace("\r\n ", " ").split("\r\n")
    fields = [(name, body) for name, _, body in (line.partition(": ") for line in lines)]
    text, html = (_plain(a2b_qp(_after(each, kind))) for each, kind in ((both[1], _TEXT), (both[2], _HTML)))
    beside = pieces[2:-1]
    dates = beside.pop(0) if beside and beside[0].startswith(_DATES) else b""
    invite = _plain(_strictly(_after(dates, _DATES))) if dates else ""
    return fields, text, html, invite, [read_part(one) for one in beside]


def _after(piece: bytes, start: bytes) -> bytes:
    if not piece.startswith(start):
        raise ValueError("not our frame")
    return piece[len(start) :]


def _strictly(in64: bytes) -> bytes:
    return a2b_base64(in64.replace(b"\r\n", b""), strict_mode=True)


def _plain(octets: bytes) -> str:
    return octets.decode().replace("\r\n", "\n")
