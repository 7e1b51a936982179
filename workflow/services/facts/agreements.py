"""Open an agreement and record what happens to it. Each call is one transaction: fact, state and projection together.

Planning is owed from that moment too: the agreement's ``wake_on`` is set to the beginning of time in the same
transaction, and unsent notices that the fact made untrue are replaced at once.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from workflow.errors import Conflict, Invalid, NotPossible
from workflow.language import phrase
from workflow.rules.facts import OF_COMMITTEES, Fact
from workflow.rules.terms import find_term
from workflow.services.due.dates import dated
from workflow.services.facts.grounds import by_its_own_door
from workflow.services.facts.holding import before_it, must_hold
from workflow.services.facts.intake import check, complete
from workflow.services.facts.moving import replaced
from workflow.services.facts.plausible import in_its_term, plausible, region_there
from workflow.services.planning.answering import ask
from workflow.services.planning.marks import CONFIRMED, must_be_confirmed
from workflow.services.planning.superseding import supersede
from workflow.storage import meta
from workflow.storage.database import writing
from workflow.storage.facts import journal, neighbours, past, projecting, projection
from workflow.storage.facts.documents import Attached, keep
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.law.rulesets import keep as keep_rules
from workflow.storage.law.units import labelled
from workflow.storage.tables import AgreementRow
from workflow.values import dataclass, replace

LABEL = re.compile(r"[0-9A-Za-zÆØÅæøå][0-9A-Za-zÆØÅæøå._-]{0,39}")
_SOON = date(1, 1, 1)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What a fact changed: the fact with its number, the agreement before and after, and how many notices that had
    not gone out were withdrawn because of it. ``still`` is why the agreement cannot be worked out even so; ``asked`` is
    how many letters about history wait for an answer because of it. ``corrections`` were written before it, since it
    tells a meeting day anew."""

    fact: Fact
    before: Standing
    after: Standing
    withdrawn: int = 0
    still: str = ""
    asked: int = 0
    corrections: tuple[Fact, ...] = ()
    onwards: Standing | None = None
    """``after``, where the next fact of the same day can begin with it: nothing else was recorded in between."""


def open_agreement(
    engine: Engine, rulebook: Rulebook, opening: Fact, *, region: str, term: str, label: str, at: datetime,
    effective: date | None = None, nominal_end: date | None = None, nominal_end_source: str = "",
    municipality: str | None = None, regime: str = "",
) -> Standing:  # fmt: skip
    """Open an agreement; ``opening`` is the ``opened`` fact (its ``on`` is today in Denmark).

    ``region`` is a region's id or, where the regime has rounds of other bodies, what such a body is called (a
    municipality's code or name, a health council's or a group's id); ``municipality`` may name it as well.
    An end of its regime that is confirmed on another agreement holds for this one too.
    ``nominal_end`` is the first day *after* the agreed end and needs a source, since no law fixes one; ``regime`` (an
    id) is needed only where several govern the term.
    Raises :class:`Invalid`, :class:`NotFound`, :class:`NotPossible` (the region does not exist then) or
    :class:`Conflict` (opened already).
    """
    with writing(engine) as session:
        return open_in(
            session, rulebook, opening, region=region, term=term, label=label, at=at, effective=effective,
            nominal_end=nominal_end, nominal_end_source=nominal_end_source, municipality=municipality,
            regime=regime,
        )  # fmt: skip


def open_in(
    session: Session, rulebook: Rulebook, opening: Fact, *, region: str, term: str, label: str, at: datetime,
    effective: date | None = None, nominal_end: date | None = None, nominal_end_source: str = "",
    municipality: str | None = None, regime: str = "", asking: bool = True,
) -> Standing:  # fmt: skip
    """:func:`open_agreement` inside the caller's transaction; not ``asking`` where more facts follow in it."""
    if not LABEL.fullmatch(label):
        raise Invalid(
            phrase(
                "mærkatet %(label)s kan ikke bruges: bogstaver, cifre, '.', '_' og '-', højst 40, fx 2024-2027",
                label=repr(label),
            )
        )
    if nominal_end and not nominal_end_source.strip():
        raise Invalid(
            phrase(
                "et aftalt udløb kræver sin kilde (--nominal-end-source): ingen lov fastsætter, hvornår en "
                "aftale udløber"
            )
        )
    if nominal_end and effective and nominal_end <= effective:
        raise Invalid(
            phrase(
                "udløbet %(end)s ligger ikke efter ikrafttrædelsen %(begins)s; det er den første dag efter",
                end=nominal_end,
                begins=effective,
            )
        )
    governing = [one.id for one in rulebook.law.regimes_of(find_term(rulebook.law.terms, term))]
    if regime and regime not in governing:
        raise Invalid(
            phrase(
                "intet regelsæt %(rules)s gælder for valgperioden %(term)s; dens regelsæt: %(known)s",
                rules=repr(regime),
                term=term,
                known=", ".join(governing) or "ingen",
            )
        )
    region, unit, label = whose(rulebook, region, municipality, label, term, regime, opening.on)
    agreement = rulebook.agreement(region, label, term, opening.on, unit, regime)
    region_there(agreement, rulebook)
    same = select(AgreementRow).where(col(AgreementRow.region) == region, col(AgreementRow.label) == label)
    if session.scalars(same).first():
        raise Conflict(
            phrase(
                "%(agreement)s er åben allerede; vælg et andet mærkat, eller registrér på den",
                agreement=agreement.key,
            )
        )
    row = AgreementRow(
        region=region, label=label, term=term, regime=agreement.regime.id, first_rules=rulebook.digest,
        unit=unit, wake_on=_SOON, projected_on=opening.on,
    )  # fmt: skip
    keep_rules(session, rulebook, at)
    session.add(row)
    session.flush()
    journal.append(session, row, replace(opening, event="opened", known_on=None), at)
    set_by_it = [("effective", effective, opening.source), ("nominal-end", nominal_end, nominal_end_source)]
    for event, value, source in set_by_it:
        if value:
            plausible(agreement, event, value)
            in_its_term(agreement, rulebook, event, value)
            journal.append(
                session, row, replace(opening, event=event, due=value, source=source, known_on=None), at
            )
    if ended := journal.newest_end(session, row.regime):
        on = max(opening.on, ended.on)
        journal.append(session, row, replace(ended, no=0, on=on, known_on=on), at)
    standing = projection.load(session, rulebook, row, opening.on)
    projecting.store(session, row, standing, _SOON, dated(standing, standing.rules))
    if asking:
        ask(session, row, standing, at)
    return standing


def record(
    engine: Engine, rulebook: Rulebook, key: str, fact: Fact, *, today: date, at: datetime,
    attached: Attached | None = None, confirmed: bool = True,
) -> Recorded:  # fmt: skip
    """Record one fact, with the file that proves it where there is one. Refused, with nothing changed, when the facts
    together would break the lifecycle, or where it has a door of its own; where it only broke a rule, unless a person
    has ``confirmed`` that it happened all the same."""
    with writing(engine) as session:
        row = journal.find(session, key, lock=True)
        by_its_own_door(past.facts(session, row), fact)
        return record_in(
            session, rulebook, row, fact, today=today, at=at, attached=attached, confirmed=confirmed
        )


def record_in(
    session: Session, rulebook: Rulebook, row: AgreementRow, fact: Fact, *, today: date, at: datetime,
    attached: Attached | None = None, confirmed: bool = True, asking: bool = True, begin: Standing | None = None,
) -> Recorded:  # fmt: skip
    """:func:`record` inside the caller's transaction, on a row the caller has locked; not ``asking`` about history
    where more facts follow in it: such a story is kept word by word, a moved meeting day too. ``begin`` is what the
    fact before it led ``onwards`` to, so that it is not worked out twice."""
    before, unfit = (begin, None) if begin else before_it(session, rulebook, row, today)
    numbered, corrections, still = append_in(
        session, row, before, fact, today=today, at=at, attached=attached, unfit=unfit, asking=asking
    )
    if still:
        row.wake_on = _SOON
        journal.store_state(session, row, row.stamp)
        return Recorded(numbered, before, before, still=still)
    after = projection.suppose(session, rulebook, row, today)
    if numbered.event in CONFIRMED and not confirmed:
        must_be_confirmed(after, after.rules, numbered.no)
    if unfit:  # what the rules changed while it could not be worked out is taken over now
        meta.put(session, "rules", "")
    in_force = row.effective_on  # by it the row's successor is found
    withdrawn, asked = follow_in(session, row, after, [*corrections, numbered], at, asking)
    onwards = after if row.effective_on == in_force and not unfit else None
    return Recorded(numbered, before, after, withdrawn, asked=asked, corrections=corrections, onwards=onwards)


def append_in(
    session: Session, row: AgreementRow, before: Standing, fact: Fact, *, today: date, at: datetime,
    attached: Attached | None = None, unfit: NotPossible | None = None, asking: bool = True,
) -> tuple[Fact, tuple[Fact, ...], str]:  # fmt: skip
    """Write one fact down after those of ``before``, refused as :func:`record` refuses it: as it was numbered, the
    corrections that were written before it, and why the agreement cannot be worked out even so. No date follows yet."""
    fact = complete(before.agreement, before.facts, fact)
    check(before.agreement, before.rules, before.facts, fact, today)
    if attached:
        fact = replace(fact, document=keep(session, attached, at), document_name=attached.name)
    moves = replaced(before.facts, fact, today) if asking and not unfit else ()
    corrections = tuple(
        journal.append(session, row, complete(before.agreement, before.facts, one), at) for one in moves
    )
    numbered = journal.append(session, row, fact, at)
    return numbered, corrections, must_hold(before, numbered, unfit, corrections)


def follow_in(
    session: Session, row: AgreementRow, after: Standing, appended: Sequence[Fact], at: datetime, asking: bool = True
) -> tuple[int, int]:  # fmt: skip
    """Let dates, neighbours and letters follow the facts just ``appended``, which led to ``after``: how many unsent
    letters were withdrawn, and how many about history wait for an answer."""
    in_force_before = (row.effective_on, row.concluded_on)
    projecting.store(session, row, after, _SOON, dated(after, after.rules))
    moved = (after.course.effective_on, after.course.concluded_on) != in_force_before
    if moved or any(fact.event in (*OF_COMMITTEES, "correction") for fact in appended):
        neighbours.wake_neighbours(session, after.rules, row)
    withdrawn = supersede(session, after.rules, row, after)
    late = any(fact.entered_late for fact in appended)
    return withdrawn, ask(session, row, after, at) if asking and late else 0


def whose(
    rulebook: Rulebook, named: str, municipality: str | None, label: str, term: str, regime: str, on: date
) -> tuple[str, str | None, str]:
    """The region of a round, the unit below it and the label. A unit's word stands first in the label, so that those of
    one region are told apart: ``vendsyssel`` and ``2027`` become ``nordjylland/vendsyssel-2027``."""
    rules = rulebook.law.regime_of(find_term(rulebook.law.terms, term), regime)
    if rules.unit.body == "region":
        return named, municipality, label
    unit = rulebook.unit(rules, municipality or named, on)
    whole = labelled(unit.word, label)
    if not LABEL.fullmatch(whole):
        raise Invalid(
            phrase(
                "mærkatet %(label)s er for langt: højst 40 tegn med %(word)s foran; vælg et kortere",
                label=repr(whole),
                word=repr(unit.word),
            )
        )
    return unit.region, unit.id, whole
