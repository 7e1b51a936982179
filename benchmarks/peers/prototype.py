"""What a sender of one process can reach: a window of letters shares its commits, a frame of MIME stands ready, and the
commands of a letter go out together (RFC 2920). Each letter still has its claim, intent and outcome on the disk, but
nothing else: no alarms, no leases, no return addresses, no hand of a person, no second server."""

import base64
import quopri
import socket
from itertools import islice
from pathlib import Path

from benchmarks.peers import given

WINDOW = 25
prepare, recorded = given.lay_out, given.sent

_FRAME = """\
From: {sender}\r\nTo: {one.address}\r\nSubject: {one.subject}\r\nMessage-ID: {one.message_id}\r\nMIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary="=_0"\r\n\r\n--=_0\r\nContent-Type: multipart/alternative; boundary="=_1"\r\n\r
--=_1\r\nContent-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{text}\r
--=_1\r\nContent-Type: text/html; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{html}\r
--=_1--\r\n--=_0\r\nContent-Type: text/calendar; charset="utf-8"\r\nContent-Transfer-Encoding: base64\r
Content-Disposition: attachment; filename="frist.ics"\r\n\r\n{calendar}\r\n--=_0--\r\n"""


def _raw(folder: Path, one: given.Reminder) -> bytes:
    written = given.write(folder, one)
    text, html = (quopri.encodestring(part.encode()).decode() for part in (written.text, written.html))
    calendar = base64.encodebytes(written.calendar.encode()).decode()
    made = _FRAME.format(sender=given.SENDER, one=one, text=text, html=html, calendar=calendar)
    return made.replace("\r\n", "\n").replace("\n", "\r\n").replace("\r\n.", "\r\n..").encode()


class _Line:
    """One connection; :meth:`hear` reads one answer and wants it to begin with ``code``."""

    def __init__(self, port: int) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.answers = self.socket.makefile("rb")
        self.hear(b"220")
        self.say(b"EHLO bench\r\n", b"250")

    def hear(self, code: bytes) -> bytes:
        while (line := self.answers.readline())[3:4] == b"-":
            pass
        if not line.startswith(code):
            raise ConnectionError(line)
        return line

    def say(self, commands: bytes, *codes: bytes) -> list[bytes]:
        self.socket.sendall(commands)
        return [self.hear(code) for code in codes]


def send(folder: Path, port: int, _letters: int) -> None:
    database, line = given.database(folder), _Line(port)
    rows = iter(given.due(database))
    while window := list(islice(rows, WINDOW)):
        database.execute("BEGIN IMMEDIATE")
        for one in window:
            claimed = "UPDATE due SET state = 'claimed', fence = fence + 1 WHERE id = ? AND state = 'due'"
            database.execute(claimed, (one.id,))
        database.execute("COMMIT")
        letters = [(one, _raw(folder, one)) for one in window]
        database.execute("BEGIN IMMEDIATE")
        database.executemany("UPDATE due SET state = 'intent' WHERE id = ?", [(one.id,) for one in window])
        database.execute("COMMIT")
        answers, before = [], b""
        for one, raw in letters:
            envelope = f"MAIL FROM:<{given.SENDER}>\r\nRCPT TO:<{one.address}>\r\nDATA\r\n".encode()
            answers += line.say(before + envelope, *([b"250"] if before else []), b"250", b"250", b"354")[:-3]
            before = raw + b".\r\n"
        answers += line.say(before, b"250")
        told = [(said.decode(), one.id) for said, one in zip(answers, window, strict=True)]
        database.execute("BEGIN IMMEDIATE")
        database.executemany("UPDATE due SET state = 'sent', answer = ? WHERE id = ?", told)
        database.execute("COMMIT")
    line.say(b"QUIT\r\n", b"221")
