"""Open an agreement and record what happens to it. Each call is one transaction: fact, state and projection together.

Planning is owed from that moment too: the agreement's ``wake_on`` is set to the beginning of time in the same
transaction, and unsent notices that the fact made untrue are replaced at once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from workflow.errors import Conflict, Invalid, NotPossible
from workflow.lifecycle.course import COUNCIL_EVENTS, VERSION_EVENTS, follow
from workflow.rules.agreement import Agreement
from workflow.rules.days import spoken
from workflow.rules.facts import Fact, live
from workflow.services.superseding import supersede
from workflow.storage import journal, projection
from workflow.storage.database import writing
from workflow.storage.projection import Standing
from workflow.storage.rulebook import Rulebook
from workflow.storage.tables import AgreementRow

RECORDABLE = (
    "sent-for-approval", "council-approved", "council-rejected", "submitted", "received", "sst-approved",
    "sst-refused", "deviation", "effective", "midterm-sent", "final-sent", "annual-review-held", "nominal-end",
    "correction",
)  # fmt: skip
SETS_A_DATE = ("effective", "nominal-end")
NEEDS_DUE = ("deviation", "sst-refused")
_LABEL = re.compile(r"[0-9A-Za-zÆØÅæøå][0-9A-Za-zÆØÅæøå._-]{0,39}")
_SOON = date(1, 1, 1)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a fact changed: the fact with its number, and the agreement before and after."""

    fact: Fact
    before: Standing
    after: Standing


def open_agreement(
    engine: Engine, rulebook: Rulebook, opening: Fact, *, region: str, term: str, label: str, at: datetime,
    effective: date | None = None, nominal_end: date | None = None, nominal_end_source: str = "",
    municipality: str | None = None,
) -> Standing:  # fmt: skip
    """Open an agreement; ``opening`` is the ``opened`` fact (its ``on`` is today in Denmark).

    ``nominal_end`` is the first day *after* the agreed end and needs a source, since no law fixes one.
    Raises :class:`Invalid`, :class:`NotFound`, :class:`NotPossible` (the region does not exist then) or
    :class:`Conflict` (opened already).
    """
    with writing(engine) as session:
        return open_in(
            session, rulebook, opening, region=region, term=term, label=label, at=at, effective=effective,
            nominal_end=nominal_end, nominal_end_source=nominal_end_source, municipality=municipality,
        )  # fmt: skip


def open_in(
    session: Session, rulebook: Rulebook, opening: Fact, *, region: str, term: str, label: str, at: datetime,
    effective: date | None = None, nominal_end: date | None = None, nominal_end_source: str = "",
    municipality: str | None = None,
) -> Standing:  # fmt: skip
    """:func:`open_agreement` inside the caller's transaction."""
    if not _LABEL.fullmatch(label):
        raise Invalid(
            f"label {label!r} cannot be used: letters, digits, '.', '_' and '-', at most 40, e.g. 2024-2027"
        )
    if nominal_end and not nominal_end_source.strip():
        raise Invalid(
            "a nominal end needs its source (--nominal-end-source): no law fixes when an agreement ends"
        )
    if nominal_end and effective and nominal_end <= effective:
        raise Invalid(
            f"nominal end {nominal_end} is not after the effective date {effective}; it is the first day after"
        )
    agreement = rulebook.agreement(region, label, term, opening.on, municipality)
    _region_exists(rulebook, agreement)
    same = select(AgreementRow).where(col(AgreementRow.region) == region, col(AgreementRow.label) == label)
    if session.scalars(same).first():
        raise Conflict(f"{agreement.key} is open already; choose another label or record facts on it")
    row = AgreementRow(
        region=region, label=label, term=term, regime=agreement.regime.id, municipality=municipality,
        wake_on=_SOON, projected_on=opening.on,
    )  # fmt: skip
    session.add(row)
    session.flush()
    journal.append(session, row, replace(opening, event="opened", known_on=None), at)
    dated = [("effective", effective, opening.source), ("nominal-end", nominal_end, nominal_end_source)]
    for event, value, source in dated:
        if value:
            _plausible(agreement, event, value)
            journal.append(
                session, row, replace(opening, event=event, due=value, source=source, known_on=None), at
            )
    standing = projection.stand(rulebook, row, journal.facts(session, row), opening.on)
    projection.store(session, row, standing, _SOON)
    return standing


def record(
    engine: Engine, rulebook: Rulebook, key: str, fact: Fact, *, today: date, at: datetime
) -> Recorded:
    """Record one fact. Refused, with nothing changed, when the facts together would break the lifecycle."""
    with writing(engine) as session:
        row = journal.find(session, key, lock=True)
        return record_in(session, rulebook, row, fact, today=today, at=at)


def record_in(
    session: Session, rulebook: Rulebook, row: AgreementRow, fact: Fact, *, today: date, at: datetime
) -> Recorded:
    """:func:`record` inside the caller's transaction, on a row the caller has locked."""
    facts = journal.facts(session, row)
    before = projection.stand(rulebook, row, facts, today)
    fact = _complete(before.agreement, facts, fact)
    _check(before.agreement, fact)
    numbered = journal.append(session, row, fact, at)
    everything = (*facts, numbered)
    follow(
        before.agreement, everything, date.max
    )  # the whole story must hold, whatever order it was typed in
    after = projection.stand(rulebook, row, everything, today)
    projection.store(session, row, after, _SOON)
    supersede(session, row, after)
    return Recorded(numbered, before, after)


def _complete(agreement: Agreement, facts: Sequence[Fact], fact: Fact) -> Fact:
    """Fill in what the words leave open: the version meant, when a date became known, which fact is corrected."""
    if fact.event == "correction":
        return replace(fact, corrects=_corrected(facts, fact), known_on=fact.on)
    known_on = None if fact.event in SETS_A_DATE and fact.due is None else fact.on
    needs_version = fact.event in COUNCIL_EVENTS | VERSION_EVENTS
    if needs_version and fact.version is None:
        sent = [f.version or 1 for f in live(facts, date.max) if f.event == "sent-for-approval"]
        fact = replace(fact, version=max(sent, default=1) if fact.event != "sent-for-approval" else 1)
    if fact.event in COUNCIL_EVENTS and fact.council is None:
        raise Invalid(f"{fact.event} needs --council CODE: one of {_codes(agreement)}")
    if fact.event not in COUNCIL_EVENTS and fact.council is not None:
        raise Invalid(f"{fact.event} does not concern one council; leave --council out")
    return replace(fact, known_on=known_on)


def _codes(agreement: Agreement) -> str:
    return ", ".join(f"{party.code} {party.name}" for party in agreement.parties)


def _corrected(facts: Sequence[Fact], fact: Fact) -> int:
    """The number of the fact a correction voids: as given, or the newest that fits the words."""
    holding = [f for f in live(facts, date.max) if f.event != "opened"]
    wanted = [
        f
        for f in holding
        if (fact.corrects is None or f.no == fact.corrects)
        and (fact.council is None or f.council == fact.council)
        and (fact.version is None or f.version == fact.version)
    ]
    if not wanted:
        known = "; ".join(
            f"{f.no} {f.event} {f.on}{' ' + f.council if f.council else ''}" for f in holding[-8:]
        )
        raise Invalid(f"no fact to correct fits; give --corrects NUMBER. The newest are: {known or 'none'}")
    if not fact.source.strip():
        raise Invalid("a correction needs its reason (--source TEXT); the old fact stays in the journal")
    same_day = [f for f in wanted if f.on == fact.on]
    return max(same_day or wanted, key=lambda f: f.no).no


def _check(agreement: Agreement, fact: Fact) -> None:
    if fact.event not in RECORDABLE:
        raise Invalid(f"event {fact.event!r} is unknown; one of {', '.join(RECORDABLE)}")
    if fact.version is not None and not 1 <= fact.version <= 99:
        raise Invalid(f"version {fact.version} cannot be right; versions are numbered 1 to 99")
    if fact.event in NEEDS_DUE and fact.due is None:
        raise Invalid(
            f"{fact.event} needs the new date: --due YYYY-MM-DD",
        )
    _plausible(agreement, fact.event, fact.on)
    if fact.due:
        _plausible(agreement, f"{fact.event} --due", fact.due)
    if fact.event in ("sst-refused", "sent-for-approval") and fact.due and fact.due < fact.on:
        raise Invalid(f"--due {fact.due} is before --on {fact.on}; the date to come must be the later one")


def _plausible(agreement: Agreement, what: str, day: date) -> None:
    first, last = (
        date(agreement.term.election_on.year - 3, 1, 1),
        date(agreement.term.ends_on.year + 8, 12, 31),
    )
    if not first <= day <= last:
        raise Invalid(
            f"{what} {day}: outside anything an agreement of the term {agreement.term.label} can meet "
            f"({first} to {last}); is the year right?"
        )


def _region_exists(rulebook: Rulebook, agreement: Agreement) -> None:
    region = rulebook.region(agreement.region)
    second_year = date(agreement.term.calendar_year(2), 1, 1)
    if region.valid_to and region.valid_to < second_year:
        heir = f"; åbn aftalen for {region.successor}" if region.successor else ""
        raise NotPossible(
            f"{region.name} ophører {spoken(region.valid_to, False)}, før aftalen for {agreement.term.label} skal "
            f"indsendes{heir}",
            "OVG §§ 6-7",
        )
    if region.valid_from and region.valid_from > agreement.term.ends_on:
        raise NotPossible(f"{region.name} findes først fra {spoken(region.valid_from, False)}", "OVG §§ 6-7")
