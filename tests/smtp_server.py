"""A mail server on loopback that does as its script says: answers, hangs, drops, dribbles, speaks nonsense.

The script maps a verb (``CONNECT EHLO STARTTLS HANDSHAKE AUTH MAIL RCPT DATA BODY DOT QUIT``) to an action, or to a
list of actions used one an occurrence, after which the verb behaves. An action is a reply line, ``HANG``, ``DROP``,
``DRIP``, or a callable that gets the command line and returns an action or ``None``. ``BODY`` comes when the first
bytes of the letter have arrived.
"""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

HANG, DROP, DRIP = "<hang>", "<drop>", "<drip>"
HASTY = 0.4  # seconds a test waits for a server that it has told to be silent; elsewhere a slow machine is waited for
Action = str | Callable[[str], "str | None"] | None

DEFAULT = {
    "CONNECT": "220 test.invalid ESMTP",
    "STARTTLS": "220 2.0.0 go ahead",
    "AUTH": "235 2.7.0 welcome",
    "MAIL": "250 2.1.0 ok",
    "RCPT": "250 2.1.5 ok",
    "DATA": "354 go ahead",
    "DOT": "250 2.0.0 queued",
    "RSET": "250 2.0.0 ok",
    "QUIT": "221 2.0.0 bye",
}


@dataclass(frozen=True)
class Letter:
    """One letter the server took: the DATA section with dots unstuffed."""

    sender: str
    to: str
    raw: bytes


class Gone(Exception):
    """The conversation is over."""


class ScriptedServer:
    """``with ScriptedServer({"RCPT": "451 later"}) as server:`` listens on ``server.port``."""

    OFFERS: tuple[str, ...] = ("8BITMIME", "PIPELINING")

    def __init__(
        self, script: Mapping[str, Action | list[Action]] | None = None, tls: ssl.SSLContext | None = None,
        offers: tuple[str, ...] | None = None,
    ) -> None:  # fmt: skip
        self.script = dict(script or {})
        self.tls, self.offers = tls, self.OFFERS if offers is None else offers
        self.heard: list[str] = []
        self.letters: list[Letter] = []
        self.connections = 0
        self._over = threading.Event()
        self._lock = threading.Lock()
        self._threads: list[threading.Thread] = []
        self._sockets: list[socket.socket] = []

    def __enter__(self) -> ScriptedServer:
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listener.getsockname()[1]
        self._accepting = threading.Thread(target=self._accept, daemon=True)
        self._accepting.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._over.set()
        with suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._accepting.join(5)
        for one in list(self._sockets):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)

    def verbs(self) -> list[str]:
        """The first word of every command heard."""
        return [line.split(" ", 1)[0].upper() for line in self.heard]

    def _accept(self) -> None:
        while not self._over.is_set():
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self.connections += 1
            self._sockets.append(connection)
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, connection: socket.socket) -> None:
        talk = _Talk(self, connection)
        try:
            talk.all()
        except (Gone, OSError, ValueError):
            pass
        finally:
            talk.close()

    def action(self, verb: str, line: str) -> str | None:
        """What the script says to this occurrence of ``verb``."""
        with self._lock:
            said = self.script.get(verb)
            if isinstance(said, list):
                said = said.pop(0) if said else None
        return said(line) if callable(said) else said

    def wait(self, seconds: float = 30) -> None:
        """Hang until the test is over."""
        self._over.wait(seconds)


class _Talk:
    def __init__(self, server: ScriptedServer, connection: socket.socket) -> None:
        self.server, self.socket = server, connection
        self.file = connection.makefile("rb")
        self.sender = self.to = ""

    def close(self) -> None:
        self.file.close()
        self.socket.close()

    def say(self, verb: str, line: str = "", default: str = "") -> str:
        action = self.server.action(verb, line)
        reply = action if action is not None else (default or DEFAULT.get(verb, "502 5.5.1 unknown"))
        if reply == HANG:
            self.server.wait()
            raise Gone
        if reply == DROP:
            raise Gone
        if reply == DRIP:
            for byte in b"250 " + b"x" * 10_000:
                self.socket.sendall(bytes([byte]))
                if self.server._over.wait(0.05):
                    raise Gone
        self.socket.sendall(reply.encode("latin-1") + b"\r\n")
        return reply

    def all(self) -> None:
        self.say("CONNECT")
        while raw := self.file.readline():
            line = raw.decode("latin-1").strip()
            self.server.heard.append(line)
            verb = line.split(" ", 1)[0].upper()
            if verb == "EHLO":
                self.say(
                    "EHLO",
                    line,
                    "\r\n".join(["250-test.invalid", *(f"250-{o}" for o in self.server.offers), "250 HELP"]),
                )
            elif verb == "DATA":
                if self.say("DATA", line).startswith("354"):
                    self.letter()
            else:
                if verb == "MAIL":
                    self.sender = line
                if verb == "RCPT":
                    self.to = line[line.index("<") + 1 : line.rindex(">")]
                reply = self.say(verb, line)
                if verb == "STARTTLS" and reply.startswith("220"):
                    self.secure()
                if verb == "QUIT":
                    return

    def secure(self) -> None:
        action = self.server.action("HANDSHAKE", "")
        if action == HANG:
            self.server.wait()
        if action in (HANG, DROP) or self.server.tls is None:
            raise Gone
        self.file.close()
        self.server._sockets.remove(self.socket)
        self.socket = self.server.tls.wrap_socket(self.socket, server_side=True)
        self.server._sockets.append(self.socket)
        self.file = self.socket.makefile("rb")

    def letter(self) -> None:
        first = self.file.readline()
        if (action := self.server.action("BODY", "")) is not None:
            if action == HANG:
                self.server.wait()
            raise Gone
        lines = []
        line = first
        while line and line != b".\r\n":
            lines.append(line[1:] if line.startswith(b".") else line)
            line = self.file.readline()
        if not line:
            raise Gone
        self.server.letters.append(Letter(self.sender, self.to, b"".join(lines)))
        self.say("DOT")
