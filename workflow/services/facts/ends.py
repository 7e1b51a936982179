"""The end of a regime as an act of people: confirmed with the clause quoted, by two administrators where there are two,
told from the next morning on, and taken back."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import date, datetime, timedelta

from sqlalchemy import Engine
from sqlmodel import Session

from workflow.errors import Conflict, Invalid, NotFound
from workflow.language import phrase
from workflow.mail.writing.words import clean
from workflow.rules.facts import Fact
from workflow.services.due.ending import begun
from workflow.services.facts.acts import act
from workflow.services.facts.agreements import Recorded, record_in
from workflow.services.facts.grounds import END
from workflow.services.facts.regimes import find_regime
from workflow.services.planning.recipients import expand
from workflow.storage import meta
from workflow.storage.database import reading, writing
from workflow.storage.facts import journal, projection
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.people import people
from workflow.storage.people.people import Person
from workflow.storage.tables import AgreementRow
from workflow.values import dataclass, replace

FROM_FILES = "calendars/regimes"  # who said it, where the rules' own file did
SHORTEST = 20  # characters of a clause: a provision's number alone is no quotation


@dataclass(frozen=True, slots=True)
class Proposal:
    """An end that one administrator has confirmed and another has not. ``ends`` is ISO text, ``by`` a mail address."""

    regime: str
    ends: str
    source: str
    by: str
    name: str
    on: str


@dataclass(frozen=True, slots=True)
class Telling:
    """The letters an end will send for one agreement: from which Danish day, and to which functions."""

    from_on: date
    recipients: tuple[str, ...]


def settle_end(
    engine: Engine, rulebook: Rulebook, *, regime: str, ends: date, source: str, quote: str, by: str, today: date,
    at: datetime, dry_run: bool = False,
) -> tuple[Proposal | None, list[Recorded]]:  # fmt: skip
    """Confirm the first day without a regime's rules: what was recorded, or the proposal that now waits for another
    administrator. ``quote`` is the clause, word for word; ``by`` an administrator's address or name where there are two
    or more, else whoever says it. ``dry_run`` changes nothing and gives what would be recorded.

    :class:`Invalid` without source or clause, or for one who is no administrator; :class:`Conflict` where the same
    person confirms twice; else as :func:`confirm_end`.
    """
    clause = clean(quote).strip(' »«"')
    if not source.strip() or len(clause) < SHORTEST:
        raise Invalid(
            phrase(
                "skriv, hvor dagen er læst (--source), og bestemmelsen selv, ordret (--quote): sætningen, der ophæver "
                "reglerne eller sætter dagen"
            )
        )
    said = f"{source.strip()}: »{clause}«"
    fact = Fact(0, END, today, due=ends, source=said, by=by)
    tried = confirm_end(engine, rulebook, fact, regime=regime, today=today, at=at, dry_run=True)
    if dry_run:
        return None, tried
    known = administrators(engine, today)
    if len(known) < 2:
        return None, _confirmed(engine, rulebook, fact, regime, today, at)
    person, first = _named(known, by), waiting_end(engine, regime)
    if first and first.ends == ends.isoformat():
        return None, second_end(engine, rulebook, regime=regime, by=by, today=today, at=at)
    proposal = Proposal(regime, ends.isoformat(), said, person.email, person.name, today.isoformat())
    with writing(engine) as session:
        meta.put(session, _key(regime), json.dumps(asdict(proposal), ensure_ascii=False))
    return proposal, []


def second_end(
    engine: Engine, rulebook: Rulebook, *, regime: str, by: str, today: date, at: datetime, dry_run: bool = False
) -> list[Recorded]:  # fmt: skip
    """Confirm, as another administrator, the end that one has proposed; ``dry_run`` changes nothing and asks not who.

    :class:`NotFound` where none waits; :class:`Conflict` for the one who proposed it; else as :func:`settle_end`."""
    first = waiting_end(engine, regime)
    if first is None:
        raise NotFound(phrase("intet ophør af %(regime)s venter på en anden administrator", regime=regime))
    fact = Fact(0, END, today, due=date.fromisoformat(first.ends), source=first.source, by=first.name)
    if dry_run:
        return confirm_end(engine, rulebook, fact, regime=regime, today=today, at=at, dry_run=True)
    known = administrators(engine, today)
    person = _named(known, by)
    if first.by == person.email:
        raise Conflict(
            phrase(
                "%(person)s har allerede bekræftet %(value)s; en anden administrator skal gøre det: ",
                person=person.name,
                value=fact.value,
            )
            + ", ".join(one.email for one in known if one.email != person.email)
        )
    both = replace(fact, by=f"{first.name} og {person.name}")
    return _confirmed(engine, rulebook, both, regime, today, at)


def _confirmed(
    engine: Engine, rulebook: Rulebook, fact: Fact, regime: str, today: date, at: datetime
) -> list[Recorded]:
    done = confirm_end(engine, rulebook, fact, regime=regime, today=today, at=at)
    with writing(engine) as session:
        meta.drop(session, _key(regime))
    return done


def retract_end(
    engine: Engine, rulebook: Rulebook, *, regime: str, reason: str, by: str, today: date, at: datetime,
    dry_run: bool = False,
) -> list[Recorded]:  # fmt: skip
    """Take a confirmed end back on every agreement that holds it, in one transaction, and a proposal with it. Whoever
    was told gets a letter. :class:`Invalid` without a reason; :class:`NotFound` where no end is confirmed or proposed.
    """
    find_regime(rulebook, regime)
    if not reason.strip():
        raise Invalid("skriv, hvorfor dagen var forkert (--reason)")
    done: list[Recorded] = []
    with writing(engine) as session:
        proposed = meta.get(session, _key(regime))
        meta.drop(session, _key(regime))
        for found in _governed(session, rulebook, regime):
            row = journal.find(session, found.key, lock=True)
            ended = projection.load(session, rulebook, row, today).course.law_ended
            if ended and ended.no:
                fact = Fact(0, "correction", today, source=reason.strip(), by=by, corrects=ended.no)
                done.append(record_in(session, rulebook, row, fact, today=today, at=at))
        if not done and not proposed:
            raise NotFound(
                phrase(
                    "intet ophør af %(regime)s er bekræftet i journalen; der er intet at tage tilbage",
                    regime=regime,
                )
            )
        if dry_run:
            session.rollback()
    return done


def waiting_end(engine: Engine, regime: str) -> Proposal | None:
    """The end of a regime that waits for another administrator, if one does."""
    with reading(engine) as session:
        kept = meta.get(session, _key(regime))
    return Proposal(**json.loads(kept)) if kept else None


def administrators(engine: Engine, today: date) -> list[Person]:
    """The administrators who may act on a Danish day, by address."""
    with reading(engine) as session:
        found = [one for one in people.everybody(session) if one.role == "administrator" and not one.region]
    return [one for one in found if one.valid_to is None or one.valid_to >= today]


def telling(rulebook: Rulebook, standing: Standing, today: date) -> Telling:
    """The letters a confirmed end sends for an agreement as it stands with it; none where nothing was ever sent out."""
    ends = standing.rules_end_on
    whom = expand(standing, rulebook, ("secretariat", "all-councils")) if ends and begun(standing) else []
    first = max(ends or today, today + timedelta(days=1))
    return Telling(rulebook.days.on_or_after(first), tuple(whom))


def _named(known: list[Person], by: str) -> Person:
    wanted = by.strip().casefold()
    found = [one for one in known if wanted in (one.email, one.name.casefold())]
    if len(found) != 1:
        raise Invalid(
            phrase(
                "--by %(by)s er ikke administrator; der er flere, og to af dem bekræfter et ophør: ",
                by=repr(by),
            )
            + ", ".join(one.email for one in known)
        )
    return found[0]


def _key(regime: str) -> str:
    return f"end-proposed:{regime}"


def _governed(session: Session, rulebook: Rulebook, regime: str) -> list[AgreementRow]:
    governing = find_regime(rulebook, regime)
    governed = {governing.id, *(reach.regime for reach in governing.reaches_back)}
    return [one for one in journal.all_agreements(session) if one.regime in governed]


def confirm_end(
    engine: Engine,
    rulebook: Rulebook,
    fact: Fact,
    *,
    regime: str,
    today: date,
    at: datetime,
    dry_run: bool = False,
) -> list[Recorded]:
    """Record on every open agreement a regime governs that its rules end on ``fact.due`` (the first day without them).

    ``dry_run`` changes nothing. An agreement that cannot be worked out is :class:`Unworkable`.

    ``fact`` is the ``regime-confirmed``; its ``source`` is where the day was read. Agreements of a regime this one
    reaches back to are governed too; one that has been replaced is not open. Raises :class:`NotFound` for an unknown
    regime or where no agreement is open; :class:`Conflict` where every one holds this day already.
    """
    governing = find_regime(rulebook, regime)

    def concerned(session: Session) -> list[AgreementRow]:
        rows = []
        for row in _governed(session, rulebook, regime):
            standing = projection.load(session, rulebook, row, today)
            rows += [row] if standing.course.period != "ended" else []
        if not rows:
            raise NotFound(
                phrase(
                    "ingen aftale under %(instrument)s er åben; der er intet at bringe til ophør",
                    instrument=governing.instrument,
                )
            )
        return rows

    def holds(standing: Standing) -> bool:
        ended = standing.course.law_ended
        # an end in the file alone is in no journal yet
        return bool(ended and ended.no and ended.value == fact.value)

    return act(engine, rulebook, fact, concerned, holds, today, at, None, dry_run)


def ends_confirmed(engine: Engine, rulebook: Rulebook, today: date) -> dict[str, list[str]]:
    """Regime -> the days its end is confirmed for in the journals of its open agreements, as ISO text, sorted."""
    found: dict[str, set[str]] = {}
    with reading(engine) as session:
        rows = journal.all_agreements(session)
        for standing in projection.load_workable(session, rulebook, rows, today)[0]:
            ended = standing.course.law_ended
            if ended and ended.no:
                found.setdefault(standing.agreement.regime.id, set()).add(ended.value.isoformat())
    return {regime: sorted(days) for regime, days in found.items()}
