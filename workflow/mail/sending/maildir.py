"""Maildirs that another program delivers to: what came back is read once and marked as seen; in the copies of all
that was sent (the journal mailbox) one letter is looked for. What is old enough goes from both."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email.parser import BytesHeaderParser
from pathlib import Path

from workflow.errors import Misconfigured

LARGEST = 1_000_000  # bytes; a delivery report says what it has to say in fewer
ABOVE = 64_000  # bytes that the relays on the way may write above a letter
PARTS = ("new", "cur")  # in this order: a mail reader moves them from new to cur
SLACK = timedelta(hours=1)  # another machine's clock may have dated the file


def unseen(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Each message not yet seen, oldest name first, cut off at :data:`LARGEST`. :class:`Misconfigured` where there is
    no maildir or it cannot be read."""
    try:
        for path in sorted((folder / "new").iterdir()):
            if path.is_file():
                with path.open("rb") as file:
                    yield path, file.read(LARGEST)
    except OSError as error:
        cure = "Create the maildir (new, cur, tmp), readable and writable by the daemon"
        raise Misconfigured(str(folder), f"the maildir cannot be read: {error.strerror}", cure) from error


def seen(folder: Path, path: Path, *, flagged: bool = False) -> Path:
    """Mark it as seen, as a mail reader would, or also as ``flagged``; where it is kept."""
    kept_as = folder / "cur" / f"{path.name.partition(':')[0]}:2,{'FS' if flagged else 'S'}"
    try:
        return path.rename(kept_as)
    except OSError as error:
        raise Misconfigured(
            str(path), f"it cannot be moved to cur: {error.strerror}", "Let the daemon write"
        ) from error


def kept(folder: Path, message_id: str, letter: bytes, since: datetime) -> tuple[Path, datetime] | None:
    """The copy of ``letter`` that was put into ``folder`` after the aware instant ``since``, and when (UTC).

    It is believed only when it has this one Message-ID and is ``letter`` to the byte below what relays wrote above it;
    how lines end does not count. Only files of that age and size are opened. :class:`Misconfigured` where the maildir
    cannot be read.
    """
    same = _lines(letter)
    earliest = (since - SLACK).timestamp()
    with _readable(folder):
        for part in PARTS:
            for path, stored_at, raw in _possible(folder / part, earliest, len(same), len(letter) + ABOVE):
                if _is_copy(_lines(raw), message_id, same):
                    return path, datetime.fromtimestamp(stored_at, UTC)
    return None


def count(folder: Path) -> int:
    """How many messages are in it, seen or not. :class:`Misconfigured` as :func:`kept`."""
    with _readable(folder):
        return sum(1 for part in PARTS for _ in (folder / part).iterdir())


def prune(folder: Path, before: datetime, parts: tuple[str, ...] = PARTS) -> int:
    """Remove what was put into these ``parts`` before the aware instant; how many. A flagged message stays: it waits
    for a person. :class:`Misconfigured` where it cannot be read or removed."""
    gone = 0
    with _readable(folder):
        for part in parts:
            for path in list((folder / part).iterdir()):
                flags = path.name.rpartition(":2,")[2] if ":2," in path.name else ""
                if path.is_file() and "F" not in flags and path.stat().st_mtime < before.timestamp():
                    path.unlink()
                    gone += 1
    return gone


@contextmanager
def _readable(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        cure = "Let the daemon read the maildir (new, cur) and what is in it"
        raise Misconfigured(str(folder), f"the maildir cannot be read: {error.strerror}", cure) from error


def _possible(
    part: Path, earliest: float, smallest: int, largest: int
) -> Iterator[tuple[Path, float, bytes]]:
    with os.scandir(part) as entries:
        for entry in entries:
            try:
                found = entry.stat()
                possible = found.st_mtime >= earliest and smallest <= found.st_size <= largest
                if possible and entry.is_file():
                    path = Path(entry.path)
                    yield path, found.st_mtime, path.read_bytes()
            except FileNotFoundError:  # a mail reader moved it to cur, which is looked through next
                continue


def _is_copy(raw: bytes, message_id: str, letter: bytes) -> bool:
    above = raw[: -len(letter)]
    if not raw.endswith(letter) or b"\n\n" in above or above[-1:] not in (b"", b"\n"):
        return False  # another letter, or one that quotes ours
    ids = BytesHeaderParser().parsebytes(raw).get_all("Message-ID")
    return ids == [message_id]


def _lines(raw: bytes) -> bytes:
    return raw.replace(b"\r\n", b"\n")
