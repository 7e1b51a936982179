"""What the Authority or the legislator does to many agreements at once: one act, one transaction, all or nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from sqlalchemy import Engine
from sqlmodel import Session

from workflow.errors import Conflict, NotFound
from workflow.language import phrase
from workflow.lifecycle.names import called
from workflow.rules.facts import Fact
from workflow.rules.terms import find_term
from workflow.services.facts.agreements import Recorded, record_in
from workflow.storage.database import writing
from workflow.storage.facts import journal, projection
from workflow.storage.facts.documents import Attached
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.tables import AgreementRow


def deviate(
    engine: Engine, rulebook: Rulebook, fact: Fact, *, term: str, regions: Sequence[str] = (), today: date,
    at: datetime, attached: Attached | None = None, dry_run: bool = False,
) -> list[Recorded]:  # fmt: skip
    """Record the Authority's departure from a submission date on every agreement of ``term`` (of ``regions``, if any
    are named), with the letter that proves it. ``dry_run`` changes nothing.

    ``fact`` is the ``deviation`` (``on``: the day it was decided; ``due``: the new date). Agreements that hold it
    already are left alone. Raises :class:`NotFound` for an unknown term or region, or one without an agreement;
    :class:`NotPossible` where the regime allows no departure (only BEK 1248/2022 § 21, stk. 5 does);
    :class:`Conflict` where every agreement holds it already.
    """
    find_term(rulebook.law.terms, term)
    for region in regions:
        rulebook.region(region)

    def concerned(session: Session) -> list[AgreementRow]:
        rows = [
            r
            for r in journal.all_agreements(session)
            if r.term == term and (not regions or r.region in regions)
        ]
        without = [region for region in regions if region not in [row.region for row in rows]]
        if without or not rows:
            where = f" for {', '.join(without)}" if without else ""
            raise NotFound(f"no agreement of the term {term} is open{where}; open it first: aftale open")
        able = {one.id for one in rulebook.law.regimes if one.cite("deviation")}
        return [
            row for row in rows if row.regime in able
        ] or rows  # one kind of a term's regimes may know none

    def holds(standing: Standing) -> bool:
        said = standing.course.noted["deviation"]
        return bool(said) and (said[-1].on, said[-1].due) == (fact.on, fact.due)

    return act(engine, rulebook, fact, concerned, holds, today, at, attached, dry_run)


def act(
    engine: Engine, rulebook: Rulebook, fact: Fact, concerned: Callable[[Session], list[AgreementRow]],
    holds: Callable[[Standing], bool], today: date, at: datetime, attached: Attached | None,
    dry_run: bool,
) -> list[Recorded]:  # fmt: skip
    """Record ``fact`` on each agreement that is ``concerned`` and does not ``hold`` it yet, in one transaction;
    ``dry_run`` takes it all back."""
    done = []
    with writing(engine) as session:
        agreements = concerned(session)
        for found in agreements:  # by key: two acts at once lock in the same order
            row = journal.find(session, found.key, lock=True)
            if not holds(projection.load(session, rulebook, row, max(today, fact.on))):
                done.append(record_in(session, rulebook, row, fact, today=today, at=at, attached=attached))
        if not done:
            words = rulebook.words(agreements[0].regime if agreements else "")
            raise Conflict(
                phrase(
                    "%(one)s står allerede i journalen for alle aftaler, det gælder; intet er ændret",
                    one=called(words)[fact.event],
                )
            )
        if dry_run:
            session.rollback()
    return done
