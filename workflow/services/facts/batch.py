"""Several facts about one agreement at once: tried together, foretold together, recorded in one transaction or not at
all, and taken back in one act."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Engine
from sqlmodel import Session

from workflow.errors import Conflict, Invalid, NotFound, NotPossible, Refused
from workflow.language import phrase
from workflow.lifecycle.course import COUNCIL_EVENTS
from workflow.lifecycle.following import walk
from workflow.lifecycle.names import called
from workflow.lifecycle.spoken import why_with
from workflow.rules.facts import Fact, voided
from workflow.services.facts.agreements import follow_in
from workflow.services.facts.foretelling import Foretold, following
from workflow.services.facts.grounds import by_its_own_door
from workflow.services.facts.intake import check, complete
from workflow.services.facts.once import Once, do_once
from workflow.storage.database import reading, writing
from workflow.storage.facts import journal, projection
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.tables import AgreementRow, FactRow
from workflow.values import dataclass, replace

Steps = Mapping[str, Sequence[Fact]]
"""Facts by the place they come from (a row of a table): what is refused is told of its place."""


class NotAll(NotPossible):
    """Some of a batch is refused, so none of it is recorded; ``places`` says why, by place."""

    def __init__(self, places: Mapping[str, Refused]) -> None:
        super().__init__("; ".join(str(error) for error in places.values()))
        self.places = dict(places)


@dataclass(frozen=True, slots=True)
class Batch:
    """Council facts that one person recorded in one act; ``standing`` are the numbers nothing has voided since."""

    rows: tuple[FactRow, ...]
    standing: tuple[int, ...]

    @property
    def first(self) -> int:
        """The number of the first, by which the batch is named."""
        return self.rows[0].no


def fit(before: Standing, steps: Steps) -> tuple[Fact, ...]:
    """Every fact of ``steps``, complete and numbered on after those of ``before``; :class:`NotAll` where the facts of a
    place cannot be right, or cannot be beside the others."""
    taken: list[Fact] = []
    wrong: dict[str, Refused] = {}
    for place, facts in steps.items():
        known = [*before.facts, *taken]
        try:
            for fact in facts:
                by_its_own_door(known, fact)
                own_number = fact.corrects is not None and fact.known_on is not None
                one = fact if own_number else complete(before.agreement, known, fact)
                check(before.agreement, before.rules, known, one, before.as_of)
                known.append(replace(one, no=len(known) + 1, entered_on=before.as_of))
            walk(before.agreement, known, before.rules.law)
        except (Invalid, NotPossible, Conflict) as error:
            wrong[place] = _told(before, error)
        else:
            taken = known[len(before.facts) :]
    if wrong:
        raise NotAll(wrong)
    return tuple(taken)


def _told(before: Standing, error: Refused) -> Refused:
    """The refusal; where it is an older line that would no longer be possible, it names that one."""
    number = error.fact_no if isinstance(error, NotPossible) else 0
    older = next((fact for fact in before.facts if number and fact.no == number), None)
    if older is None or not isinstance(error, NotPossible):
        return error
    name = called(before.agreement.regime.words)[older.event]
    return NotPossible(
        phrase(
            "linje %(number)s, »%(event)s« %(day)s, kan da ikke længere passe: %(why)s. Er den forkert, så ret "
            "den først",
            number=older.no,
            event=name,
            day=older.on,
            why=why_with(error),
        )
    )


def foretell_all(engine: Engine, rulebook: Rulebook, key: str, steps: Steps, today: date) -> Foretold:
    """What recording ``steps`` on the agreement today (Danish) would do, told once for all of them; refused exactly as
    :func:`record_all` refuses it, and nothing is written."""
    with reading(engine) as session:
        row = journal.find(session, key)
        before = projection.load(session, rulebook, row, today)
        return following(session, rulebook, row, before, fit(before, steps))


def record_all(
    engine: Engine, rulebook: Rulebook, key: str, steps: Steps, once: Once, *, today: date, at: datetime,
    head: str | None = None,
) -> str:  # fmt: skip
    """Record every fact of ``steps`` in one transaction, or none (:class:`NotAll`); the answer as JSON: the first
    number, how many, how many letters wait for an answer. ``once`` and ``head`` as for ``record_once``."""

    def do(session: Session, row: AgreementRow) -> dict[str, object]:
        return _record_in(session, rulebook, row, steps, today, at)

    return do_once(engine, key, once, do, at=at, head=head)


def _record_in(
    session: Session, rulebook: Rulebook, row: AgreementRow, steps: Steps, today: date, at: datetime
) -> dict[str, object]:
    before = projection.load(session, rulebook, row, today)
    facts = fit(before, steps)
    if not facts:
        raise Invalid(phrase("der er ingen ændringer at registrere"))
    appended = [journal.append(session, row, fact, at) for fact in facts]
    after = projection.suppose(session, rulebook, row, today)
    withdrawn, asked = follow_in(session, row, after, appended, at)
    return {"first": appended[0].no, "count": len(appended), "withdrawn": withdrawn, "unanswered": asked}


def batches(rows: Sequence[FactRow]) -> list[Batch]:
    """The batches of council facts in a journal, the newest first: what was written in one transaction by one person,
    and holds nothing else."""
    void = voided([journal.read(row) for row in rows])
    together: dict[tuple[datetime, str], list[FactRow]] = {}
    for row in rows:
        together.setdefault((row.recorded_at, row.by), []).append(row)
    found = [
        Batch(tuple(group), tuple(row.no for row in group if row.no not in void))
        for group in together.values()
        if all(row.event in (*COUNCIL_EVENTS, "correction") for row in group)
        and any(row.event != "correction" for row in group)
    ]
    return sorted(found, key=lambda batch: -batch.first)


def find_batch(engine: Engine, key: str, first: int) -> Batch:
    """The batch that begins with fact ``first``; :class:`NotFound` otherwise."""
    with reading(engine) as session:
        found = batches(journal.rows(session, journal.find(session, key)))
    batch = next((one for one in found if one.first == first), None)
    if batch is None:
        raise NotFound(phrase("indtastningen findes ikke"))
    return batch


def undoing(batch: Batch, why: str, by: str, today: date) -> Steps:
    """The corrections that take a batch back, the newest line first: its facts no longer hold, and what it had itself
    corrected holds again."""
    facts = [
        Fact(0, "correction", today, source=why, by=by, corrects=no, known_on=today)
        for no in reversed(batch.standing)
    ]
    return {"": facts}


def undo(
    engine: Engine, rulebook: Rulebook, key: str, first: int, why: str, by: str, *, today: date, at: datetime
) -> int:
    """Take the whole batch back in one transaction, a correction for each line that still holds: how many. 0 where it
    was taken back before. :class:`NotPossible` where what came later rests on it."""
    batch = find_batch(engine, key, first)
    with writing(engine) as session:
        row = journal.find(session, key, lock=True)
        batch = next(one for one in batches(journal.rows(session, row)) if one.first == first)
        if batch.standing:
            _record_in(session, rulebook, row, undoing(batch, why, by, today), today, at)
    return len(batch.standing)
