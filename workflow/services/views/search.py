"""Finding a thing by what people remember of it: a place, a year, a paragraph, a letter's number. Read-only.

Every question to the database is one an index answers, cut off at :data:`MOST`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Engine, or_, select
from sqlalchemy.orm import defer
from sqlmodel import col

from workflow.rules.obligation import Obligation
from workflow.rules.regime import DeadlineRule, Regime
from workflow.storage.bodies import Membership
from workflow.storage.database import reading
from workflow.storage.rulebook import Rulebook
from workflow.storage.tables import AgreementRow, Notice

MOST = 12
LONGEST = 80


@dataclass(frozen=True, slots=True)
class Found:
    """What answers a search, each kind in its own list."""

    agreements: Sequence[AgreementRow]
    councils: Sequence[tuple[Membership, AgreementRow | None]]
    rules: Sequence[tuple[Regime, DeadlineRule]]
    duties: Sequence[Obligation]
    letters: Sequence[Notice]

    def __bool__(self) -> bool:
        return any((self.agreements, self.councils, self.rules, self.duties, self.letters))


def search(
    engine: Engine,
    rulebook: Rulebook,
    text: str,
    regions: Collection[str],
    lettered: Collection[str],
    lane: str,
    on: date,
) -> Found:
    """Everything in ``regions`` that ``text`` names on that Danish day; letters in ``lettered``, to one council alone
    where ``lane`` is its code."""
    words = _plain(text)[:LONGEST].split()
    if not words:
        return Found((), (), (), (), ())
    members = [
        m
        for m in rulebook.memberships
        if m.region in regions and m.holds(on) and _has(f"{m.code} {m.full_name}", words)
    ]
    rules = [
        (regime, rule)
        for regime in reversed(rulebook.law.regimes)
        for rule in regime.deadlines
        if _has(" ".join((rule.title.da, *rule.cite, regime.instrument)), words)
    ]
    listed = rulebook.obligations.listed
    duties = [duty for duty in listed if _has(f"{duty.id} {duty.text.da} {' '.join(duty.cite)}", words)]
    return Found(
        _agreements(engine, rulebook, words, regions),
        _newest(engine, members[:MOST]),
        rules[:MOST],
        duties[:MOST],
        _letters(engine, text.strip()[:200], lettered, lane),
    )


def _agreements(
    engine: Engine, rulebook: Rulebook, words: list[str], regions: Collection[str]
) -> Sequence[AgreementRow]:
    """Words that name a region choose it; the others begin the label."""
    chosen = [r for r in rulebook.regions if r.id in regions and _has(r.name + r.id, _named(words))]
    labels = [word for word in words if word[0].isdigit()]
    if not chosen or not (_named(words) or labels):
        return ()
    region, label = col(AgreementRow.region), col(AgreementRow.label)
    query = select(AgreementRow).where(region.in_([r.id for r in chosen]))
    for word in labels:
        query = query.where(label >= word, label < f"{word}\uffff")  # what begins so, by the index
    with reading(engine) as session:
        return session.scalars(query.order_by(label.desc(), region).limit(MOST)).all()


def _named(words: list[str]) -> list[str]:
    return [
        word for word in words if not word[0].isdigit() and word not in ("region", "aftale", "sundhedsaftale")
    ]


def _newest(engine: Engine, members: Sequence[Membership]) -> list[tuple[Membership, AgreementRow | None]]:
    """Each council with its region's newest agreement."""
    newest: dict[str, AgreementRow | None] = {}
    with reading(engine) as session:
        for region in {member.region for member in members}:
            query = select(AgreementRow).where(col(AgreementRow.region) == region)
            newest[region] = session.scalars(query.order_by(col(AgreementRow.label).desc()).limit(1)).first()
    return [(member, newest[member.region]) for member in members]


def _letters(engine: Engine, text: str, regions: Collection[str], lane: str) -> Sequence[Notice]:
    """By number, Message-ID or address, whole and exact."""
    same = [
        col(Notice.message_id) == text,
        col(Notice.message_id) == f"<{text}>",
        col(Notice.address) == text,
    ]
    if text.isascii() and text.isdigit() and len(text) < 18:
        same.append(col(Notice.id) == int(text))
    query = select(Notice).where(or_(*same)).options(defer(Notice.body), defer(Notice.facts))  # type: ignore[arg-type]
    if lane:
        query = query.where(col(Notice.recipient).startswith(f"{lane}/", autoescape=True))
    with reading(engine) as session:
        found = session.scalars(query.limit(MOST)).all()
        of = {notice.agreement_id for notice in found}
        near = select(col(AgreementRow.id)).where(
            col(AgreementRow.id).in_(of), col(AgreementRow.region).in_(regions)
        )
        seen = set(session.scalars(near))
    return [notice for notice in found if notice.agreement_id in seen]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFC", text.replace("\0", "")).casefold()


def _has(text: str, words: list[str]) -> bool:
    inside = _plain(text)
    return all(word in inside for word in words)
