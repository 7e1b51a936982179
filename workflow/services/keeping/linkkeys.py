"""The keys that sign links, return addresses, cookies and forms: derived from a secret that lies outside the database.

In ``meta`` lies, for each key, a salt, how to know the right secret again (``check``) and when the key ended: nothing
that makes a link without the secret. The secret is the setting ``link_secret``, or a line of a file in the data folder
that is made at the first start. A change of the key (:func:`rotate`) is one row: every host that has the secret goes on
with the new key within a minute.

A key that ended opens no link. Reports on letters that were on their way then still come in for :data:`RETURNS`.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import secrets
from datetime import UTC, datetime, timedelta
from pathlib import Path

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session
from sqlmodel import col

from workflow.errors import Invalid, Misconfigured
from workflow.mail.writing.words import clean
from workflow.storage import meta
from workflow.storage.database import reading, writing
from workflow.storage.facts.acts import record_act
from workflow.storage.letters.bundles import write_again
from workflow.storage.tables import Notice
from workflow.values import dataclass

RINGS = "link_keys"  # in meta: JSON, the newest last
ROOM = "link"  # in the journal of acts
OLD = "secret"  # in meta until version 0.1: the key itself
RETURNS = timedelta(days=30)  # no mail server tries a letter longer
MOST_WORDS = 500
_HEADING = "# Signs the links in letters. Keep it secret, and apart from copies of the database.\n"


@dataclass(frozen=True, slots=True)
class Outside:
    """Where the secret lies: ``given`` by the settings, or in ``file``, a line ``NAME SECRET`` for each database."""

    file: Path
    given: str = ""

    @property
    def place(self) -> str:
        """What an operator knows it by."""
        return "AFTALE_LINK_SECRET" if self.given else str(self.file)

    def secret(self, instance: str) -> str:
        """The secret of the database called ``instance``; empty where there is none."""
        if self.given:
            return self.given
        try:
            lines = self.file.read_text(encoding="utf-8").splitlines() if self.file.exists() else []
        except (OSError, UnicodeDecodeError) as error:
            raise Misconfigured(str(self.file), f"it cannot be read: {error}", _cure(self)) from error
        found = [line.split() for line in lines]
        return next((parts[1] for parts in found if len(parts) == 2 and parts[0] == instance), "")

    def keep(self, instance: str, secret: str) -> None:
        """Write a secret into the file, for its owner alone. :class:`Misconfigured` where that cannot be done."""
        begins = "" if self.file.exists() else _HEADING
        try:
            self.file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(f"{begins}{instance} {secret}\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            cure = "Let the data folder be written to, or give the secret as AFTALE_LINK_SECRET_FILE"
            raise Misconfigured(str(self.file), f"it cannot be written: {error.strerror}", cure) from error


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of one database (hex): ``newest`` signs and opens; ``ended`` are those before it, each with its end."""

    newest: str = ""
    ended: tuple[tuple[str, datetime], ...] = ()
    was_inside: bool = False  # the newest once lay in the database, and lies in copies from then

    def returns(self, at: datetime) -> tuple[str, ...]:
        """The keys whose return addresses are ours at ``at``."""
        return (self.newest, *(key for key, ended_at in self.ended if at - ended_at < RETURNS))


def find_keys(engine: Engine, instance: str, outside: Outside) -> Keys | None:
    """The keys of this database, or ``None`` where none was made yet; writes nothing. :class:`Misconfigured` where the
    secret is not the one they were made from."""
    with reading(engine) as session:
        rings = _rings(session)
    if not rings:
        return None
    secret, newest = outside.secret(instance), rings[-1]
    if not secret:
        raise Misconfigured(outside.place, "the secret of this database's links is not here", _cure(outside))
    key = _derived(secret, newest["salt"])
    if _check(key) != newest["check"]:
        raise Misconfigured(
            outside.place, "this is not the secret that the links in letters were signed by", _cure(outside)
        )
    before = [(_derived(secret, ring["salt"]), ring) for ring in rings[:-1]]
    ended = tuple(
        (old, datetime.fromisoformat(ring["ended"])) for old, ring in before if _check(old) == ring["check"]
    )
    return Keys(key, ended, bool(newest.get("inside")))


def keys_of(engine: Engine, instance: str, outside: Outside) -> Keys:
    """The same; the first is made here. A key that lay in the database is moved out into the file and goes on, so that
    no link already sent dies by it; where the settings give the secret, it ends."""
    if found := find_keys(engine, instance, outside):
        return found
    with writing(engine) as session:
        if not _rings(session):
            old = "" if outside.given else meta.get(session, OLD) or ""
            meta.put_first(session, RINGS, json.dumps([_first(instance, outside, old)]))
        meta.drop(session, OLD)
    made = find_keys(engine, instance, outside)
    assert made
    return made


def rotate(engine: Engine, instance: str, outside: Outside, why: str, by: str, at: datetime) -> int:
    """End every link, cookie and form signed so far, and sign by a new key from ``at`` on; how many letters that were
    written and not yet sent are written anew. Journalled. :class:`Invalid` without a reason."""
    if not clean(why):
        raise Invalid("skriv hvorfor; begrundelsen bliver gemt")
    secret = outside.secret(instance)
    if not secret:
        secret = secrets.token_hex(32)
        outside.keep(instance, secret)
    with writing(engine) as session:
        rings = _rings(session)
        if not rings and (old := meta.get(session, OLD)):
            rings = [{"salt": "", "check": _check(old), "ended": ""}]
        for ring in rings:
            ring["ended"] = ring["ended"] or at.astimezone(UTC).isoformat()
        salt = secrets.token_hex(16)
        fresh = {"salt": salt, "check": _check(_derived(secret, salt)), "ended": ""}
        meta.put(session, RINGS, json.dumps([*rings, fresh]))
        meta.drop(session, OLD)
        ready = select(col(Notice.id)).where(col(Notice.state) == "ready")
        waiting = [one for one in session.scalars(ready) if one]
        write_again(session, waiting)
        session.flush()
        left = len([one for one in session.scalars(ready) if one])
        said = {"why": clean(why)[:MOST_WORDS], "written_anew": len(waiting) - left}
        record_act(session, ROOM, "key", "rotated", said, by, at)
    return len(waiting) - left


def _first(instance: str, outside: Outside, old: str) -> dict[str, object]:
    """The first key's row: by the secret that is there, by the key that lay in the database, or by a new secret."""
    secret, salt = outside.secret(instance), secrets.token_hex(16) if outside.given else ""
    if not secret:
        secret = old or secrets.token_hex(32)
        outside.keep(instance, secret)
    return {"salt": salt, "check": _check(_derived(secret, salt)), "ended": "", "inside": bool(old)}


def _rings(session: Session) -> list[dict[str, str]]:
    found: list[dict[str, str]] = json.loads(meta.get(session, RINGS) or "[]")
    return found


def _derived(secret: str, salt: str) -> str:
    """The key (hex) of a salt; without one the secret is the key, as it was while it lay in the database."""
    return (
        hmac.new(secret.encode(), f"aftale-links {salt}".encode(), hashlib.sha256).hexdigest()
        if salt
        else secret
    )


def _check(key: str) -> str:
    """Enough to know a key again, and nothing to make it from."""
    return hashlib.sha256(f"aftale-check {key}".encode()).hexdigest()[:32]


def _cure(outside: Outside) -> str:
    return (
        f"Bring {outside.place} from the machine that has it, or from where you keep it. If it is lost: aftale link "
        "rotate --why ..., which ends every link in letters sent so far"
    )
