"""Where a rehearsal's letters go: a mail server inside the process that takes every letter and tells nobody."""

from __future__ import annotations

from collections.abc import Callable

from workflow.mail.answers import AFTER_DOT, Answer


class Sink:
    """Speaks like ``smtp.Wire``; ``taken``: (recipient, bytes) of every letter, in order."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, bytes]] = []

    async def send(
        self, envelope_from: str, to: str, raw: bytes, before_data: Callable[[], None], envid: str = "",
        *, at_once: bool = False,
    ) -> Answer:  # fmt: skip
        """Take ``raw`` for ``to``; always accepted."""
        before_data()
        self.taken.append((to, raw))
        return Answer("accepted", 250, "2.0.0 taget imod på prøve", AFTER_DOT)

    def another(self) -> Sink:
        """The same: it never keeps anybody waiting."""
        return self

    async def close(self) -> None:
        """Nothing is open."""
