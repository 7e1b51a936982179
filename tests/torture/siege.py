"""Strangers who take all that one site gives: connections that never finish a question, and sign-ins that hang.

They run in a process of their own, so that besieging costs the besieged only what any stranger's packets do.
"""

from __future__ import annotations

import resource
import selectors
import socket
import threading
import time
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from multiprocessing.connection import Connection

from tests.forked import CONTEXT

HALF_OPEN, SIGN_INS = 1015, 45
AGAIN = 1.0  # seconds after which one that was hung up on is there again
ASKS = "GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"


@contextmanager
def besieged(port: int) -> Iterator[Counter[str]]:
    """A siege of the site on ``port`` that lasts as long as the block and has fully begun when the block begins. What
    was counted is filled in when it ends: ``hung up`` on a silent one, ``answered`` and ``refused`` sign-ins."""
    mine, its = CONTEXT.Pipe()
    process = CONTEXT.Process(target=_besiege, args=(port, its))
    process.start()
    its.close()
    counted: Counter[str] = Counter()
    try:
        assert mine.recv() == "all there"
        yield counted
        mine.send("enough")
        counted.update(mine.recv())
    finally:
        process.kill()
        process.join()
        process.close()
        mine.close()


@contextmanager
def silent_provider() -> Iterator[str]:
    """The address of an identity provider that takes every connection and never answers."""
    with socket.create_server(("127.0.0.1", 0), backlog=SIGN_INS) as listens:
        held: list[socket.socket] = []

        def take() -> None:
            with suppress(OSError):
                while True:
                    held.append(listens.accept()[0])

        taking = threading.Thread(target=take)
        taking.start()
        yield f"http://127.0.0.1:{listens.getsockname()[1]}"
        listens.shutdown(socket.SHUT_RDWR)
        taking.join()
        for one in held:
            one.close()


class _Strangers:
    """Each has an address of its own, says its words, waits until it is hung up on, and comes again."""

    def __init__(self, port: int) -> None:
        hangs = ASKS.format(path="/log-ind/oidc", port=port).encode()
        self.port, self.counted = port, Counter[str]()
        self.says = [b"GET / HTTP/1.1\r\nHost: fr"] * HALF_OPEN + [hangs] * SIGN_INS
        self.due = deque((0.0, number) for number in range(len(self.says)))  # when to come (again)
        self.held = selectors.DefaultSelector()

    def stay(self, said: Connection) -> None:
        """Until something is said; a word goes back when all of them have come."""
        self.held.register(said, selectors.EVENT_READ)
        told = False
        while True:
            now = time.monotonic()
            while self.due and self.due[0][0] <= now:
                self.come(self.due.popleft()[1])
            for one, _ in self.held.select(self.due[0][0] - now if self.due else None):
                if one.fileobj is said:
                    return
                self.heard(one)
            if not told and self.counted["came"] >= len(self.says):
                told = True
                said.send("all there")

    def come(self, number: int) -> None:
        line = socket.socket()
        line.setblocking(False)
        line.bind((f"127.1.{number // 250}.{1 + number % 250}", 0))
        line.connect_ex(("127.0.0.1", self.port))
        self.held.register(line, selectors.EVENT_WRITE, number)

    def heard(self, one: selectors.SelectorKey) -> None:
        line, number = one.fileobj, one.data
        assert isinstance(line, socket.socket)
        said = b""
        with suppress(ConnectionError):
            if one.events == selectors.EVENT_WRITE:
                line.send(self.says[number])
                self.counted["came"] += 1
                self.held.modify(line, selectors.EVENT_READ, number)
                return
            said = line.recv(65536)
        self.counted[said[9:12].decode() or "hung up"] += 1
        self.held.unregister(line)
        line.close()
        self.due.append((time.monotonic() + AGAIN, number))


def _besiege(port: int, said: Connection) -> None:
    most = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    strangers = _Strangers(port)
    strangers.stay(said)
    said.send(strangers.counted)


class Looks:
    """How long ``/readyz`` took, each half second, while the block runs; ``inf`` where it was not answered."""

    PATIENCE, PAUSE = 30.0, 0.5

    def __init__(self, port: int) -> None:
        self.port, self.took, self._over = port, list[float](), threading.Event()

    def __enter__(self) -> Looks:
        self._thread = threading.Thread(target=self._look)
        self._thread.start()
        return self

    def __exit__(self, *_exc: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(self.PAUSE):
            self.took.append(self._one())

    def _one(self) -> float:
        begun = time.monotonic()
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), self.PATIENCE) as line:
            line.sendall(ASKS.format(path="/readyz", port=self.port).encode())
            if line.makefile("rb").readline().startswith(b"HTTP/1.1 200"):
                return time.monotonic() - begun
        return float("inf")
