"""Why a database or a file cannot be used, found in what a driver or the system says: in words, and who must act.

The first line of such an error often says nothing of it ("raised as a result of Query-invoked autoflush"); what the
driver itself said does.
"""

from __future__ import annotations

import errno
import secrets

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from workflow.errors import AftaleError, Misconfigured, Unreachable
from workflow.language import phrase
from workflow.storage import meta
from workflow.storage.database import writing
from workflow.values import dataclass

PROBE = "probe"  # in meta


@dataclass(frozen=True, slots=True)
class Trouble:
    """One cause: in Danish for alarms and machines, in English for the command line, with its cure. ``passes``: the
    same may work later without anybody changing a setting. ``outage``: nothing at all can be done meanwhile."""

    danish: str
    english: str
    cure: str
    passes: bool = True
    outage: bool = True


FULL = Trouble(phrase("disken er fuld"), "the disk is full", "Make room; nothing was changed")
READ_ONLY = Trouble(
    phrase("databasens fil kan ikke skrives, eller den er flyttet eller erstattet"),
    "the database's file cannot be written to, or it was moved or replaced while it was open",
    "See that the file is in its place and belongs to the account that runs this; then start the daemon anew",
    passes=False,
)
NO_FILE = Trouble(
    phrase("databasens fil kan ikke åbnes"), "the database's file cannot be opened",
    "See that it is in its place, and that this account may open it and write in its folder", passes=False,
)  # fmt: skip
SPOILT = Trouble(
    phrase("databasens fil er beskadiget"),
    "the database's file is damaged",
    "Stop the daemon and restore a copy",
    passes=False,
)
DISK = Trouble(phrase("disken svarer med fejl"), "the disk answers with errors", "Look at the machine's log")
BUSY = Trouble("en anden holder databasen", "another program holds the database", "Try again")
SHAPE = Trouble(
    phrase("databasens tabeller passer ikke til programmet"), "the tables are not those this program knows",
    "Run: aftale doctor", passes=False, outage=False,
)  # fmt: skip
AWAY = Trouble(
    phrase("databaseserveren svarer ikke"), "the database server does not answer", "Is it running?"
)
NOT_OURS = Trouble(
    phrase("en anden database ligger, hvor vores lå"), "another database lies where ours was",
    "Put the right one back, or start the daemon anew if this is the one", passes=False,
)  # fmt: skip
MAY_NOT = Trouble(
    phrase("programmet har ikke adgang dér"),
    "this account may not read or write there",
    "Give it the right to",
    passes=False,
    outage=False,
)

_SAID = (  # what SQLite, PostgreSQL or psycopg say, in small letters -> what it means
    ("disk is full", FULL), ("no space left", FULL), ("disk full", FULL),
    ("readonly database", READ_ONLY), ("read-only transaction", READ_ONLY),
    ("unable to open database", NO_FILE),
    ("malformed", SPOILT), ("not a database", SPOILT),
    ("disk i/o error", DISK),
    ("database is locked", BUSY), ("deadlock detected", BUSY),
    ("no such table", SHAPE), ("no such column", SHAPE), ("has no column", SHAPE), ("undefinedtable", SHAPE),
    ("undefinedcolumn", SHAPE),
)  # fmt: skip
_ERRNO = {
    errno.ENOSPC: FULL, errno.EDQUOT: FULL, errno.EROFS: MAY_NOT, errno.EACCES: MAY_NOT, errno.EPERM: MAY_NOT,
    errno.EIO: DISK,
}  # fmt: skip


def trouble_of(error: BaseException) -> Trouble | None:
    """What an error of a driver or the system means; ``None`` for one that means none of these."""
    for one in _chain(error):
        if isinstance(one, OSError) and one.errno in _ERRNO:
            return _ERRNO[one.errno]
        if isinstance(one, DBAPIError):
            said = f"{type(one.orig).__name__} {one.orig}".lower()
            found = next((trouble for words, trouble in _SAID if words in said), None)
            if found:
                return found
            if isinstance(one, OperationalError) and "sqlite3" not in type(one.orig).__module__:
                return AWAY
        if (
            type(one).__module__.startswith(("procrastinate", "psycopg"))
            and "Connector" in type(one).__name__
        ):
            return AWAY
    return None


def said_by(error: BaseException) -> str:
    """The kind of an error and the first line that says something: the driver's own words, or those of what lies
    behind it."""
    for one in _chain(error):
        said = str(one.orig if isinstance(one, DBAPIError) else one).strip().strip(".").strip()
        if said and not said.startswith("(raised as a result"):
            return f"{type(one).__name__}: {said.splitlines()[0]}"
    return type(error).__name__


def as_told(error: Exception) -> AftaleError | None:
    """The same as an error of the house, for the command line; ``None`` for one that is none of these."""
    trouble = trouble_of(error)
    if trouble is None:
        return None
    named = getattr(error, "filename", None)
    where = str(named) if named else "a file" if isinstance(error, OSError) else "database"
    if trouble.passes:
        return Unreachable(f"{where}: {trouble.english} ({said_by(error)}). {trouble.cure}")
    return Misconfigured(where, f"{trouble.english} ({said_by(error)})", trouble.cure)


def probe(engine: Engine, instance: str) -> None:
    """Write a word in the database, and see that it is still ours. What the driver says is passed on;
    :class:`Misconfigured` where it is another. The word differs each time: SQLite writes no page that stays the same,
    and so would not notice that its file is gone."""
    with writing(engine) as session:
        meta.put(session, PROBE, secrets.token_hex(4))
        if (found := meta.get(session, "instance")) != instance:
            raise Misconfigured("database", f"{NOT_OURS.english} ({found} for {instance})", NOT_OURS.cure)


def _chain(error: BaseException) -> list[BaseException]:
    """The error, and what lies behind it."""
    found: list[BaseException] = []
    one: BaseException | None = error
    while one is not None and one not in found:
        found.append(one)
        one = one.__cause__ or one.__context__
    return found
