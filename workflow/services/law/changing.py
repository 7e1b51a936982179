"""A new rule set is noticed, and waits until a person takes it on or leaves it, agreement by agreement or for all.

Until then nothing moves: dates, letters and projections are those of the rules the agreement lives under. The act is a
fact in the agreement's journal: who, when, on which ground. Only a set that changes nothing for an agreement is taken
on without asking, and that too is written in its journal.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Engine, func, select, update
from sqlmodel import Session, col

from workflow.errors import Conflict, Invalid, Misconfigured, NotPossible
from workflow.language import phrase, worded
from workflow.rules.days import danish_day
from workflow.rules.facts import Fact
from workflow.services.due.dates import dated
from workflow.services.facts.agreements import record_in
from workflow.services.facts.ends import FROM_FILES
from workflow.services.facts.intake import legible
from workflow.services.law.differing import Difference, difference
from workflow.services.planning.superseding import supersede
from workflow.storage import meta
from workflow.storage.database import reading, writing
from workflow.storage.facts import journal, neighbours, past, projecting, projection
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.law.rulesets import keep
from workflow.storage.law.rulesthen import declined, lived_under
from workflow.storage.letters.alarms import clear_alarms, raise_alarm
from workflow.storage.tables import AgreementRow, Alarm

ALARM = "rules"
BY_ITSELF, UNCHANGED = "Aftalefrist", phrase("reglerne ændrer intet for aftalen")
WAITING = phrase(
    "Nye regler venter på svar. Indtil da følger aftalerne de hidtidige, og ingen dato og intet brev flyttes. Se, hvad "
    "de nye regler ændrer, og tag dem i brug eller lad være: siden Regler, Nye regler, eller aftale rules pending."
)
_SOON = date(1, 1, 1)


def source_said(source: str) -> str:
    """A fact's source in the language of the moment where the words are ours; what people typed stays theirs."""
    return worded(UNCHANGED) if source == UNCHANGED else source


def adopt_first(engine: Engine, rulebook: Rulebook, at: datetime) -> int:
    """Let every agreement that was opened before rules were kept begin under ``rulebook``; how many there were."""
    with writing(engine) as session:
        keep(session, rulebook, at)
        without = list(session.scalars(select(AgreementRow).where(col(AgreementRow.first_rules) == "")))
        for row in without:
            row.first_rules = row.rules = rulebook.digest
    return len(without)


def must_have_regimes(engine: Engine, rulebook: Rulebook) -> None:
    """:class:`Misconfigured` where the calendars have lost the regime of an agreement: nothing may run as if another
    law were its own."""
    there = [regime.id for regime in rulebook.law.regimes]
    with reading(engine) as session:
        lost = session.scalars(select(AgreementRow).where(col(AgreementRow.regime).not_in(there))).first()
    if lost:
        raise Misconfigured(
            lost.key, f"regime {lost.regime} is not in the calendars",
            f"Put {lost.regime}.toml back into regimes/ of the folder the rules are read from (AFTALE_CALENDARS)",
        )  # fmt: skip


def take_in(engine: Engine, rulebook: Rulebook, at: datetime, alarms: list[str] | None = None) -> int:
    """Look at the rules in the calendars at ``at`` (aware); how many agreements wait for somebody's answer to them.

    A set seen for the first time is kept, taken on where it changes nothing, and an alarm while it waits anywhere. The
    planner looks at every agreement anew; should we die in between, the whole is done again. The text of an alarm that
    is new is added to ``alarms``."""
    with reading(engine) as session:
        seen = meta.get(session, "rules") == rulebook.digest
        begun = session.scalars(
            select(col(AgreementRow.id)).where(col(AgreementRow.first_rules) == "")
        ).first()
    if begun is not None:
        adopt_first(engine, rulebook, at)
    if not seen:
        with reading(engine) as session:
            keys = [row.key for row in journal.all_agreements(session, _other(rulebook))]
        for key in keys:
            with writing(engine) as session:
                keep(session, rulebook, at)
                _consider(session, rulebook, journal.find(session, key, lock=True), at)
        with writing(engine) as session:
            meta.put(session, "rules", rulebook.digest)
            session.execute(update(AgreementRow).values(wake_on=_SOON))
    _look_again(engine, rulebook, at)
    with reading(engine) as session:
        waiting, told = _count(session, rulebook), _alarmed(session)
    if bool(waiting) != told:
        with writing(engine) as session:
            _tell(session, rulebook, at)
        if waiting and alarms is not None:
            alarms.append(WAITING)
    return waiting


def _look_again(engine: Engine, rulebook: Rulebook, at: datetime) -> None:
    """Ask no longer where the difference has vanished since it was found: what it was about has happened, or its day is
    over. Looked for once a day, and when the journal of one that waits has grown."""
    with reading(engine) as session:
        rows = list(
            session.scalars(select(AgreementRow).where(_waits(rulebook)).order_by(col(AgreementRow.id)))
        )
        seen = " ".join([danish_day(at).isoformat(), *(f"{row.key}:{row.fact_count}" for row in rows)])
        if not rows or meta.get(session, "rules-looked") == seen:
            return
        keys = [row.key for row in rows]
    for key in keys:
        with writing(engine) as session:
            _consider(session, rulebook, journal.find(session, key, lock=True), at)
    with writing(engine) as session:
        meta.put(session, "rules-looked", seen)


def pending(
    engine: Engine, rulebook: Rulebook, today: date, regions: Sequence[str] | None = None
) -> list[Difference]:
    """What the rules in the calendars would change for each agreement that has not been answered for (of ``regions``;
    ``None``: all), by key, on a Danish day. Those they change nothing for are not in it."""
    within = [] if regions is None else [col(AgreementRow.region).in_(regions)]
    with reading(engine) as session:
        rows = journal.all_agreements(session, _other(rulebook), *within)
        found = [
            difference(session, rulebook, row, today)
            for row in rows
            if rulebook.digest not in declined(past.facts(session, row), today)
        ]
    return [one for one in found if not one.nothing]


def accept(
    engine: Engine, rulebook: Rulebook, keys: Sequence[str] | None, by: str, ground: str, at: datetime, *,
    dry_run: bool = False,
) -> list[Difference]:  # fmt: skip
    """Take the rules in the calendars on from today (at ``at``, in Denmark) for the agreements ``keys``, or for all
    that wait (``None``), in one transaction; ``by`` is a person's name, ``ground`` why. ``dry_run`` changes nothing.

    Raises :class:`Invalid` without a name or ground, :class:`Conflict` where nothing waits or an agreement lives under
    these rules already, :class:`NotPossible` where its facts cannot be worked out under them."""

    def taken_on(session: Session, row: AgreementRow, change: Difference) -> None:
        if change.problem:
            raise NotPossible(
                phrase(
                    "%(key)s kan ikke regnes efter de nye regler: %(problem)s",
                    key=row.key,
                    problem=change.problem,
                )
            )
        take_on(session, rulebook, row, by, ground, at)

    return _answer(engine, rulebook, keys, by, ground, at, taken_on, dry_run)


def decline(
    engine: Engine, rulebook: Rulebook, keys: Sequence[str] | None, by: str, ground: str, at: datetime, *,
    dry_run: bool = False,
) -> list[Difference]:  # fmt: skip
    """Leave the rules in the calendars for the agreements ``keys``, or for all that wait (``None``): they go on under
    those they have. ``ground`` is the transitional provision. Raises as :func:`accept`."""

    def left(session: Session, row: AgreementRow, change: Difference) -> None:
        journal.append(session, row, _act("rules-declined", rulebook, by, ground, at), at)
        row.asked_rules = ""
        journal.store_state(session, row, row.stamp)

    return _answer(engine, rulebook, keys, by, ground, at, left, dry_run)


def take_on(
    session: Session, rulebook: Rulebook, row: AgreementRow, by: str, ground: str, at: datetime
) -> Standing:
    """Let a locked agreement live under ``rulebook`` from the Danish day of ``at``. An end that its regime's file
    confirms is recorded too, as ``aftale regime confirm`` would; a person's own confirmation stands."""
    today = danish_day(at)
    journal.append(session, row, _act("rules-accepted", rulebook, by, ground, at), at)
    row.asked_rules = ""
    after = projection.suppose(session, rulebook, row, today)
    projecting.store(session, row, after, _SOON, dated(after, after.rules))
    neighbours.wake_neighbours(session, rulebook, row)
    supersede(session, after.rules, row, after)
    ends, said = after.agreement.regime.ends, after.course.law_ended
    if ends is None or ends.confirmed_on is None or after.course.period == "ended":
        return after
    if said and said.no and (said.by != FROM_FILES or said.value == ends.confirmed_on):
        return after
    end = Fact(0, "regime-confirmed", today, due=ends.confirmed_on, source=ends.cite, by=FROM_FILES)
    return record_in(session, rulebook, row, end, today=today, at=at).after


def _act(event: str, rulebook: Rulebook, by: str, ground: str, at: datetime) -> Fact:
    today = danish_day(at)
    return Fact(0, event, today, source=ground.strip(), by=by.strip(), known_on=today, about=rulebook.digest)


def _consider(session: Session, rulebook: Rulebook, row: AgreementRow, at: datetime) -> None:
    """Ask where the new rules differ for the agreement and were not left before; where they change nothing, take them
    on, once: two hosts with files that differ in a comment must not write by turns for ever."""
    today, digest = danish_day(at), rulebook.digest
    facts = past.facts(session, row)
    lived = {row.first_rules, *(fact.about for fact in facts if fact.event == "rules-accepted")}
    row.asked_rules = ""
    if digest == lived_under(row, facts, today) or digest in declined(facts, today):
        return
    if not difference(session, rulebook, row, today).nothing:
        row.asked_rules = digest
    elif digest not in lived:
        take_on(session, rulebook, row, BY_ITSELF, UNCHANGED, at)


def _answer(
    engine: Engine, rulebook: Rulebook, keys: Sequence[str] | None, by: str, ground: str, at: datetime,
    act: Callable[[Session, AgreementRow, Difference], None], dry_run: bool,
) -> list[Difference]:  # fmt: skip
    if not by.strip():
        raise Invalid(phrase("skriv, hvem der tager stilling til reglerne (--by)"))
    if not ground.strip():
        raise Invalid(
            phrase(
                "skriv hvorfor: bestemmelsen om ikrafttræden eller overgang, eller hvem der besluttede det (--ground)"
            )
        )
    legible(_act("rules-accepted", rulebook, by, ground, at))
    today = danish_day(at)
    if keys is None:
        keys = [one.agreement for one in pending(engine, rulebook, today)]
    if not keys:
        raise Conflict(phrase("ingen nye regler venter på svar"))
    done = []
    with writing(engine) as session:
        keep(session, rulebook, at)
        for key in sorted(set(keys)):  # by key: two acts at once lock in the same order
            row = journal.find(session, key, lock=True)
            if lived_under(row, past.facts(session, row), today) in ("", rulebook.digest):
                raise Conflict(phrase("%(key)s følger allerede disse regler", key=key))
            change = difference(session, rulebook, row, today)
            act(session, row, change)
            done.append(change)
        _tell(session, rulebook, at)
        if dry_run:
            session.rollback()
    return done


def _other(rulebook: Rulebook) -> ColumnElement[bool]:
    return col(AgreementRow.rules) != rulebook.digest


def _waits(rulebook: Rulebook) -> ColumnElement[bool]:
    return col(AgreementRow.asked_rules) == rulebook.digest


def _count(session: Session, rulebook: Rulebook) -> int:
    return session.scalar(select(func.count()).select_from(AgreementRow).where(_waits(rulebook))) or 0


def _alarmed(session: Session) -> bool:
    query = select(col(Alarm.id)).where(col(Alarm.key) == ALARM, col(Alarm.cleared_at).is_(None))
    return session.scalars(query).first() is not None


def _tell(session: Session, rulebook: Rulebook, at: datetime) -> None:
    """Keep the alarm while anything waits."""
    session.flush()
    if _count(session, rulebook):
        raise_alarm(session, ALARM, "warning", WAITING, at)
    else:
        clear_alarms(session, ALARM, at)
