"""Finding a thing by what people remember of it: a place, a person, a month, a paragraph, a letter's number. Read-only.

Words are folded (:func:`fold`), and of all that is found only what holds them best is shown: "vejle" is the
municipality and not every *vejledning*. What is looked through is bounded: the newest lines of the journals, the newest
letters, the nearest dates.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import fields
from datetime import date
from typing import Any

from sqlalchemy import Engine, or_, select
from sqlalchemy.orm import defer
from sqlmodel import col

from workflow.lifecycle.names import called as events
from workflow.rules.agreement import Membership
from workflow.rules.days import spoken
from workflow.rules.obligation import DeadlineRule, Obligation
from workflow.rules.regime import Regime
from workflow.services.desk.notes import Note, about_regions, notes_in
from workflow.services.people.contacts.contacts import list_contacts
from workflow.services.people.grasp import Grasp
from workflow.services.people.persons import persons_of
from workflow.services.views import listing, titles
from workflow.services.views.listing import ListedDeadline, ListedLetter
from workflow.storage.database import reading
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.people.people import Person
from workflow.storage.tables import AgreementRow, Contact, FactRow, Notice
from workflow.values import dataclass

WHOLE, BEGINS, INSIDE = 0, 1, 2
"""How well a text holds a word: as one of its own, as the beginning of one, or somewhere within one."""

_DANISH = (("å", "aa"), ("æ", "ae"), ("ä", "ae"), ("ø", "o"), ("ö", "o"), ("oe", "o"))
_WORD = re.compile(r"[\w§@.+]+")
MOST = 12
LONGEST = 80
LOOKED_THROUGH = 1000  # lines of journals, the newest
NEAR = 300  # letters, the newest, and dates, the nearest


@dataclass(frozen=True, slots=True)
class Reach:
    """Where the searcher may look: regions (ids) for agreements, for letters and for mailboxes; ``lane`` is the council
    whose letters and mailboxes alone it is, where it is one. ``notes``: regions whose notes; ``people``: whose access
    the searcher gives, ``None`` for nobody's."""

    regions: Collection[str]
    letters: Collection[str]
    contacts: Collection[str]
    lane: str
    notes: Collection[str] = ()
    people: Grasp | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What answers a search, each kind in its own list."""

    agreements: Sequence[AgreementRow] = ()
    councils: Sequence[tuple[Membership, AgreementRow | None]] = ()
    dates: Sequence[ListedDeadline] = ()
    contacts: Sequence[tuple[Contact, str]] = ()
    letters: Sequence[Notice] = ()
    told: Sequence[ListedLetter] = ()
    lines: Sequence[tuple[FactRow, str, str]] = ()
    notes: Sequence[Note] = ()
    people: Sequence[Person] = ()
    rules: Sequence[tuple[Regime, DeadlineRule]] = ()
    duties: Sequence[Obligation] = ()

    def __bool__(self) -> bool:
        return any(getattr(self, field.name) for field in fields(self))


def search(engine: Engine, rulebook: Rulebook, text: str, reach: Reach, on: date) -> Found:
    """Everything within ``reach`` that ``text`` names on that Danish day."""
    words = words_of(text[:LONGEST])
    if not words:
        return Found()
    names, called = titles.bodies(rulebook), titles.letters(rulebook)
    kinds: dict[str, list[tuple[int, Any]]] = {
        "councils": _best(
            (m for m in rulebook.memberships if m.region in reach.regions and m.holds(on)),
            lambda m: f"{m.code} {m.full_name}", words,
        ),
        "dates": _best(_dates(engine, rulebook, reach), lambda d: f"{d.title} {_days(d.legal_on)}", words),
        "contacts": _best(
            _contacts(engine, rulebook, reach),
            lambda one: f"{one[0].name} {one[0].email} {titles.recipient(names, f'{one[0].body}/{one[0].function}')}",
            words,
        ),
        "told": _best(
            _told(engine, reach),
            lambda n: f"{called.get(n.letter, '')} {titles.recipient(names, n.recipient)} {n.address}", words,
        ),
        "lines": _best(
            _lines(engine, rulebook, reach),
            lambda one: f"{one[2]} {names.get(one[0].council or '', '')} {one[0].source} "
                        f"{one[0].by} {_days(one[0].on)} {_days(one[0].due)}", words,
        ),
        "notes": _best(
            _notes(engine, reach), lambda n: f"{names.get(n.body, '')} {n.text} {n.by}", words
        ),
        "people": _best(
            persons_of(engine, rulebook, reach.people, on) if reach.people else (),
            lambda p: f"{p.name} {p.email} {names.get(p.body or p.region, '')}", words,
        ),
        "rules": _best(
            ((regime, rule) for regime in reversed(rulebook.law.regimes) for rule in regime.deadlines),
            lambda pair: " ".join((pair[1].title.da, *pair[1].cite, pair[0].instrument)), words,
        ),
        "duties": _best(
            rulebook.obligations.listed, lambda duty: f"{duty.id} {duty.text.da} {' '.join(duty.cite)}", words
        ),
    }  # fmt: skip
    best = min((how for some in kinds.values() for how, _ in some), default=0)
    kept = {kind: [one for how, one in some if how == best][:MOST] for kind, some in kinds.items()}
    return Found(
        agreements=_agreements(engine, rulebook, words, reach.regions),
        letters=_letters(engine, text.strip()[:200], reach.letters, reach.lane),
        **{**kept, "councils": _newest(engine, kept["councils"])},
    )


def _best(found: Iterable[Any], text: Callable[[Any], str], words: list[str]) -> list[tuple[int, Any]]:
    ranked = ((rank(text(one), words), one) for one in found)
    return [(how, one) for how, one in ranked if how is not None]


def _days(on: date | None) -> str:
    return f"{spoken(on)} {on.isoformat()}" if on else ""


def _dates(engine: Engine, rulebook: Rulebook, reach: Reach) -> list[ListedDeadline]:
    """The nearest dates that are still open."""
    if not reach.regions:
        return []
    within = None if all(one.id in reach.regions for one in rulebook.regions) else reach.regions
    return [
        one
        for status in ("overdue", "upcoming", "passed")
        for one in listing.deadlines(engine, within, status, None, NEAR)
    ]


def _contacts(engine: Engine, rulebook: Rulebook, reach: Reach) -> list[tuple[Contact, str]]:
    return [
        (one, region)
        for region in reach.contacts
        for one in list_contacts(engine, rulebook, region)
        if reach.lane in ("", one.body)
    ]


def _told(engine: Engine, reach: Reach) -> list[ListedLetter]:
    return listing.letters(engine, reach.letters, lane=reach.lane, limit=NEAR) if reach.letters else []


def _notes(engine: Engine, reach: Reach) -> list[Note]:
    """The newest notes of the regions."""
    if not reach.notes:
        return []
    with reading(engine) as session:
        return notes_in(session, about_regions(reach.notes), LOOKED_THROUGH)


def _lines(engine: Engine, rulebook: Rulebook, reach: Reach) -> list[tuple[FactRow, str, str]]:
    """The newest lines of the journals with the key of each one's agreement, and what its rules call the event."""
    query = (
        select(FactRow, AgreementRow)
        .join(AgreementRow, col(AgreementRow.id) == col(FactRow.agreement_id))
        .where(col(AgreementRow.region).in_(reach.regions))
        .order_by(col(FactRow.id).desc())
        .limit(LOOKED_THROUGH)
    )
    with reading(engine) as session:
        return [
            (fact, agreement.key, events(rulebook.words(agreement.regime)).get(fact.event, fact.event))
            for fact, agreement in session.execute(query)
        ]


def _agreements(
    engine: Engine, rulebook: Rulebook, words: list[str], regions: Collection[str]
) -> Sequence[AgreementRow]:
    """Words that name a region choose it; the others begin the label."""
    documents = {regime.words.document.da for regime in rulebook.law.regimes}
    named = [
        word
        for word in words
        if not word[0].isdigit() and word not in ("region", "aftale", "plan", *documents)
    ]
    chosen = [r for r in rulebook.regions if r.id in regions and rank(f"{r.name} {r.id}", named) is not None]
    labels = [word for word in words if word[0].isdigit()]
    if not chosen or not (named or labels):
        return ()
    region, label = col(AgreementRow.region), col(AgreementRow.label)
    query = select(AgreementRow).where(region.in_([r.id for r in chosen]))
    for word in labels:
        query = query.where(label >= word, label < f"{word}\uffff")  # what begins so, by the index
    with reading(engine) as session:
        return session.scalars(query.order_by(label.desc(), region).limit(MOST)).all()


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


def fold(text: str) -> str:
    """Lower case, with one spelling for *aa/å*, *ø/oe/o* and *æ/ae*, however the letters are put together."""
    plain = unicodedata.normalize("NFKC", text.replace("\0", "")).casefold()
    for letter, spelt in _DANISH:
        plain = plain.replace(letter, spelt)
    apart = unicodedata.normalize("NFKD", plain)
    return "".join(sign for sign in apart if not unicodedata.combining(sign))


def words_of(text: str) -> list[str]:
    """The folded words of a text; a full stop at the end is no part of one."""
    return [word for found in _WORD.findall(fold(text)) if (word := found.strip("."))]


def rank(text: str, words: Sequence[str]) -> int | None:
    """How well ``text`` holds every one of ``words`` (:func:`words_of`), the worst of them; ``None`` if one is not
    there."""
    own, inside = set(words_of(text)), fold(text)
    worst = WHOLE
    for word in words:
        if word in own:
            continue
        if word not in inside:
            return None
        worst = max(worst, BEGINS if any(one.startswith(word) for one in own) else INSIDE)
    return worst
