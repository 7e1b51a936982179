"""A chain of hashes: each row's digest covers its content and the digest before it, and ``meta`` keeps the last number
and digest, so that a row changed, taken out or cut off the end is found. Journal of acts, trail and seals are each one.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session
from sqlmodel import col

from workflow.storage import meta
from workflow.storage.tables import Meta

EMPTY = "0 "


def end(session: Session, head: str) -> tuple[int, str]:
    """Number and digest of the last row of the chain whose end the meta key ``head`` keeps. It is locked until the
    transaction ends: one writer at a time."""
    meta.put_first(session, head, EMPTY)
    kept = session.execute(select(col(Meta.value)).where(col(Meta.key) == head).with_for_update())
    number, _, digest = kept.scalar_one().partition(" ")
    return int(number), digest


def linked(previous: str, content: Mapping[str, Any], at: datetime) -> str:
    """SHA-256 (hex) over ``content``, each value as text, the aware instant ``at`` and the digest before."""
    told = {name: str(value) for name, value in content.items()} | {"at": at.astimezone(UTC).isoformat()}
    canonical = json.dumps(told, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256((previous + "\n" + canonical).encode()).hexdigest()


def broken(
    session: Session, head: str, links: Iterable[tuple[Any, str]], noun: str, begins: str = EMPTY
) -> tuple[int, str] | None:
    """The number of the first bad row and what is wrong with it; ``None`` while the chain is whole. ``links``: each row
    in order (``no``, ``previous``, ``digest``) with the digest it should have; ``begins``: the last row that is gone
    by right."""
    first, _, before = begins.partition(" ")
    number = int(first)
    for row, digest in links:
        number += 1
        if row.no != number or row.previous != before:
            return number, f"{noun} {number} is missing or out of place"
        if row.digest != digest:
            return number, f"{noun} {number} was changed"
        before = row.digest
    kept = meta.get(session, head) or EMPTY
    if kept != f"{number} {before}":
        return number + 1, f"the {noun}s end at {number} but {kept.partition(' ')[0]} were written"
    return None
