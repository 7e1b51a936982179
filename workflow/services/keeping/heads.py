"""The newest digest of each chain, written outside the database too: each that has grown, once an hour.

The chains are the agreements' journals and the three of the installation (:data:`CHAINS`); the seals cover whatever
else proves. Who can write in the database can make its chains whole again; they would also have to change this file,
which ought to be copied elsewhere (the second channel gets the heads as well). After a restore a line says from which
head such a chain went on, since it then knows less than was written before.

    2027-03-01T08:00:00+00:00 nordjylland/2024-2027 17 <sha256>
    2027-03-01T09:12:00+00:00 segl 1500 <sha256> restored
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Engine
from sqlmodel import Session

from workflow.errors import Misconfigured
from workflow.rules.days import danish_day
from workflow.storage import meta, seals
from workflow.storage.database import reading, writing
from workflow.storage.facts import acts, journal, trail
from workflow.values import dataclass

SEALS, ACTS, TRAIL = "segl", "handlinger", "spor"
CHAINS = {
    SEALS: seals.HEAD,
    ACTS: acts.HEAD,
    TRAIL: trail.HEAD,
}  # by the name in the file: where meta keeps the head


@dataclass(frozen=True, slots=True)
class Head:
    """A chain at ``at``: how many rows, and the digest of the last. ``restored``: it went on from here."""

    at: str
    key: str
    count: int
    digest: str
    restored: bool = False

    @property
    def line(self) -> str:
        """As it stands in the file."""
        return (
            f"{self.at} {self.key} {self.count} {self.digest or '-'}{' restored' if self.restored else ''}\n"
        )


def heads(engine: Engine, at: datetime) -> list[Head]:
    """The heads as they stand, of every agreement and every other chain that has a row."""
    with reading(engine) as session:
        return _heads(session, at)


def _heads(session: Session, at: datetime) -> list[Head]:
    stamp = at.astimezone(UTC).isoformat(timespec="seconds")
    found = [Head(stamp, row.key, row.fact_count, row.head) for row in journal.all_agreements(session)]
    for name, key in CHAINS.items():
        number, _, digest = (meta.get(session, key) or "0 ").partition(" ")
        if digest:
            found.append(Head(stamp, name, int(number), digest))
    return found


def write_heads(engine: Engine, file: Path, at: datetime) -> list[Head]:
    """Append to ``file`` once an hour the heads that are not its last, and once a Danish day all of them; which.
    :class:`Misconfigured` when it cannot be written."""
    hour = f"{danish_day(at).isoformat()} {at.astimezone(UTC):%Y-%m-%dT%H}"
    with reading(engine) as session:
        last = meta.get(session, "heads_on") or ""
        if last >= hour:
            return []
        now = _heads(session, at)
    first = last[:10] < hour[:10]
    if not first:
        known = {head.key: (head.count, head.digest) for head in read_heads(file)}
        now = [head for head in now if known.get(head.key) != (head.count, head.digest)]
    if now or first:
        append(file, "".join(head.line for head in now), "the heads")
    with writing(engine) as session:
        meta.put(session, "heads_on", hour)
    return now


def write_restored(engine: Engine, file: Path, at: datetime) -> None:
    """Append from which head each of :data:`CHAINS` goes on after a copy was put back: what it lost of them nobody can
    record again, and their later heads are no tampering. An agreement's later head stays: its facts are to be recorded
    again, and until somebody has looked it is said. :class:`Misconfigured` as above."""
    stamp = at.astimezone(UTC).isoformat(timespec="seconds")
    now = {head.key: head for head in heads(engine, at)}
    kept = [now.get(name, Head(stamp, name, 0, "")) for name in CHAINS]
    append(file, "".join(Head(stamp, h.key, h.count, h.digest, True).line for h in kept), "the heads")


def append(file: Path, lines: str, what: str) -> None:
    """Append ``lines`` durably to a file that only its owner reads, below a line that a full disk cut off;
    :class:`Misconfigured` where it cannot be."""
    try:
        file.parent.mkdir(
            mode=0o700, parents=True, exist_ok=True
        )  # a host on PostgreSQL has had nothing to keep yet
        handle = os.open(file, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
        with os.fdopen(handle, "ab", buffering=0) as end:
            cut_off = end.tell() and os.pread(handle, 1, end.tell() - 1) != b"\n"
            left = memoryview((b"\n" if cut_off else b"") + lines.encode())
            while left:
                left = left[end.write(left) :]
            os.fsync(handle)
    except OSError as error:
        raise Misconfigured(
            str(file), f"{what} cannot be written: {error.strerror}", "Let the daemon write"
        ) from error


def read_heads(file: Path) -> list[Head]:
    """What was written; nothing where the file does not exist. A line that is none is passed over: the last one may
    be cut off by a full disk."""
    try:
        lines: Iterable[str] = file.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(str(file), f"the heads cannot be read: {error}", "Restore the file") from error
    found = [line.split(" ") for line in lines]
    return [
        Head(f[0], f[1], int(f[2]), f[3], len(f) == 5)
        for f in found
        if len(f) >= 4 and f[2].isdigit() and f[4:] in ([], ["restored"])
    ]


def holding(logged: Iterable[Head]) -> list[Head]:
    """Of the heads written down, those that must still be found: where a copy was put back, a later head of a chain
    than the one it went on from was lost with the restore."""
    kept: dict[str, list[Head]] = {}
    for head in logged:
        of = kept.setdefault(head.key, [])
        if head.restored:
            of[:] = [one for one in of if one.count <= head.count]
        if head.count:
            of.append(head)
    return [head for of in kept.values() for head in of]
