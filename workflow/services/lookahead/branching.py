"""A branch: an agreement with facts and meetings that are only supposed. Nothing is written unless it is kept.

The branch takes the road a record takes (completed, checked, walked, folded), so what is kept later gives what was
shown. It is seen on the day of its last fact, today at the earliest, and so is the agreement beside it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import Engine
from sqlmodel import Session

from workflow.ahead.backwards import BackwardPlan, PlannedCouncil
from workflow.ahead.branches import (
    MANY,
    Branch,
    SupposedFact,
    SupposedMeeting,
    councils,
    day,
    open_day,
    sitting,
)
from workflow.errors import Invalid, NotFound, NotPossible
from workflow.lifecycle.following import walk
from workflow.rules.agreement import Council
from workflow.rules.days import spoken
from workflow.rules.facts import Fact
from workflow.services.due.targets import agreed_target
from workflow.services.facts.intake import check, complete
from workflow.services.lookahead.planning import maybe_plan
from workflow.services.meetings.naming import called_now
from workflow.services.meetings.reading.proposing import Proposed
from workflow.services.planning.owing import Owed, owed_now
from workflow.services.planning.reminders import known_notices
from workflow.services.planning.superseding import untrue
from workflow.storage.database import reading
from workflow.storage.facts import journal, past, projection
from workflow.storage.facts.meetingdays import Held
from workflow.storage.facts.projection import Standing
from workflow.storage.law.branchfile import BranchEntry, BranchesFile
from workflow.storage.law.readtoml import read_toml
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.tables import AgreementRow
from workflow.values import dataclass, replace

_SUPPOSED = "hvad nu hvis"


@dataclass(frozen=True, slots=True)
class Side:
    """The agreement on the day both sides are seen, with its plan where there is one."""

    standing: Standing
    plan: BackwardPlan | None


@dataclass(frozen=True, slots=True)
class Branched:
    """Today beside the branch. ``facts`` and ``meetings`` are what is supposed, in order; ``letters`` go out by the day
    shown in the branch and not without it; ``withdrawn`` counts the unsent that become untrue."""

    branch: Branch
    as_of: date
    facts: tuple[Fact, ...]
    meetings: tuple[Proposed, ...]
    before: Side
    after: Side
    letters: tuple[Owed, ...]
    withdrawn: int


def find_branch(rulebook: Rulebook, name: str) -> Branch:
    """The named deviation; :class:`NotFound` lists them."""
    for branch in rulebook.branches:
        if branch.id == name:
            return branch
    raise NotFound(f"{name!r} er hverken en fil eller en af {', '.join(one.id for one in rulebook.branches)}")


def read_branch(name: str, content: bytes) -> Branch:
    """A user's own branch from TOML: one ``[[branch]]`` with its facts and meetings."""
    read: tuple[BranchEntry, ...] = read_toml(name, content, BranchesFile).branch
    if len(read) != 1:
        raise Invalid(f"{name}: skriv præcis én [[branch]]; her er {len(read)}")
    return read[0].value()


def branch_off(engine: Engine, rulebook: Rulebook, key: str, branch: Branch, today: date) -> Branched:
    """Work the branch out; the database is only read. Refused as recording its facts would be."""
    with reading(engine) as session:
        row = journal.find(session, key)
        found = branched_in(session, rulebook, row, branch, today)
        session.rollback()
        return found


def branched_in(
    session: Session, rulebook: Rulebook, row: AgreementRow, branch: Branch, today: date
) -> Branched:
    """:func:`branch_off` in the caller's transaction; nothing is written."""
    parties = _merged(rulebook, row, branch.merge, today) if branch.merge else ()
    now = projection.load(session, rulebook, row, today)
    if parties:
        now = projection.suppose(session, rulebook, row, today, (), parties)
    if agreed_target(now) is None and (branch.meetings or branch.needs):
        raise NotPossible(
            f"{now.agreement.key} har ingen åben frist for indsendelse, så der er intet at afprøve her"
        )
    plan = maybe_plan(now)
    facts = _facts(session, rulebook, row, branch, now, plan)
    proposed = tuple(one for said in branch.meetings for one in _meetings(said, plan, now))
    as_of = max([today, *(fact.on for fact in facts)])
    before = _side(session, rulebook, row, (), as_of, (), ())
    after = _side(session, rulebook, row, facts, as_of, proposed, parties)
    known = known_notices(session, row)
    waiting = {
        one.key for one in owed_now(before.standing.rules, before.standing, as_of, as_of, known)
    } | known.keys()
    letters = [
        one
        for one in owed_now(after.standing.rules, after.standing, as_of, as_of, known)
        if one.key not in waiting
    ]
    gone = {notice.key for notice, _ in untrue(session, after.standing.rules, row, after.standing)}
    gone -= {notice.key for notice, _ in untrue(session, before.standing.rules, row, before.standing)}
    return Branched(branch, as_of, facts, proposed, before, after, tuple(letters), len(gone))


def _side(
    session: Session, rulebook: Rulebook, row: AgreementRow, facts: Sequence[Fact], as_of: date,
    proposed: Sequence[Proposed], parties: tuple[Council, ...],
) -> Side:  # fmt: skip
    standing = projection.suppose(session, rulebook, row, as_of, facts, parties)
    standing = replace(standing, meetings=_with(standing.meetings, proposed, as_of))
    return Side(standing, maybe_plan(standing))


def _merged(rulebook: Rulebook, row: AgreementRow, merge: str, today: date) -> tuple[Council, ...]:
    """The councils of the agreement's region merged with another: all that must approve, the regional one first."""
    own = rulebook.region(row.region)
    if merge == "successor":
        if not own.successor:
            raise NotPossible(
                f'{own.name} lægges ikke sammen med nogen; en egen gren kan sige merge = "midtjylland" eller en anden'
            )
        return rulebook.parties(own.successor, today)
    if merge == own.id:
        raise Invalid(f"{own.name} kan ikke lægges sammen med sig selv")
    regional, *councils = rulebook.parties(own.id, today)
    others = [one for one in rulebook.parties(rulebook.region(merge).id, today) if not one.regional]
    return (
        regional,
        *sorted({one.code: one for one in (*councils, *others)}.values(), key=lambda one: one.code),
    )


def _facts(
    session: Session, rulebook: Rulebook, row: AgreementRow, branch: Branch, now: Standing, plan: BackwardPlan | None
) -> tuple[Fact, ...]:  # fmt: skip
    there = list(past.facts(session, row))
    made: list[Fact] = []

    def take(fact: Fact) -> None:
        whole = complete(
            now.agreement, there, replace(fact, source=f"hvad nu hvis: {branch.title}", by="hvad-nu-hvis")
        )
        check(
            now.agreement, rulebook, there, whole, max(whole.on, now.as_of)
        )  # supposed, so it may lie ahead
        whole = replace(whole, no=len(there) + 1)
        walk(now.agreement, (*there, whole), now.rules.law)
        there.append(whole)
        made.append(whole)

    for needed in _needed(branch, now, plan):
        take(needed)
    for said in branch.facts:
        version = _version(said, now, made)
        for code, council in _codes(said, plan):
            on, due = (
                _when(one, now, plan, council, sits)
                for one, sits in (
                    (said.on, bool(said.council)),
                    (said.due, said.event == "council-scheduled"),
                )
            )
            assert on is not None
            take(Fact(0, said.event, on, version, code, due, about=said.about, time=said.time))
    return tuple(made)


def _needed(branch: Branch, now: Standing, plan: BackwardPlan | None) -> list[Fact]:
    """What must have happened first and has not: the text with the councils, or submitted and received."""
    current = now.course.current
    found: list[Fact] = []
    sent = current is not None and (current.with_councils or current.with_authority)
    number = (
        current.number
        if current and (sent or current.sent_on is None)
        else (current.number + 1 if current else 1)
    )
    if branch.needs and not sent:
        found.append(Fact(0, "sent-for-approval", now.as_of, number))
    if branch.needs == "submitted" and not (current and current.with_authority):
        waiting = (
            current.pending + current.against if current and sent else [p.code for p in now.agreement.parties]
        )
        found += [Fact(0, "council-approved", now.as_of, number, code) for code in waiting]
        found.append(Fact(0, "submitted", now.as_of, number))
    return found


def _version(said: SupposedFact, now: Standing, made: Sequence[Fact]) -> int | None:
    if said.version == "current":
        return None
    current = now.course.current
    numbers = [current.number] if current and (current.sent_on or current.state != "draft") else []
    numbers += [fact.version for fact in made if fact.event == "sent-for-approval" and fact.version]
    return max(numbers, default=0) + 1


def _codes(said: SupposedFact, plan: BackwardPlan | None) -> list[tuple[str | None, PlannedCouncil | None]]:
    if not said.council:
        return [(None, None)]
    if plan is None:
        raise NotPossible("uden en plan kan grenen ikke sige, hvilket råd der menes; skriv rådets kode")
    return [(one.lane.code, one) for one in councils(said.council, plan)]


def _when(
    said: str, now: Standing, plan: BackwardPlan | None, council: PlannedCouncil | None, sits: bool
) -> date | None:
    """The day that is meant; an open one where a council sits on it."""
    if not said:
        return None
    if plan is None:
        return _plain(said, now.as_of)
    return sitting(said, plan, now.rules.days, council) if sits else day(said, plan, council)


def _plain(said: str, today: date) -> date:
    if said.startswith("today"):
        return today + timedelta(days=int(said.removeprefix("today") or 0))
    return date.fromisoformat(said[:10])


def _meetings(said: SupposedMeeting, plan: BackwardPlan | None, now: Standing) -> list[Proposed]:
    assert plan is not None
    found, calendar, days, called = [], now.meetings, now.rules.days, called_now(said.organ)
    for council in councils(said.council, plan):
        if council.road is None and said.on.startswith("last"):
            if said.council in MANY:
                continue
            raise NotPossible(
                f"{council.lane.name} har intet møde, der kan ændres; indlæs mødekalenderen først"
            )
        meant = (
            sitting(said.on, plan, days, council) if said.change == "added" else day(said.on, plan, council)
        )
        on, code = meant, council.lane.code
        held = [
            m
            for m in calendar
            if (m.body, called_now(m.organ), m.on) == (code, called, on) and m.gone_on is None
        ]
        if said.change == "added":
            closes = sitting(said.agenda, plan, days, council) if said.agenda else None
            found.append(Proposed(code, called, on, closes))
            continue
        if not held:
            raise NotPossible(f"{council.lane.name} har intet møde {spoken(on)}")
        closes = held[0].agenda_closes or on - timedelta(days=7)
        moved = timedelta(days=said.days)
        if said.change == "agenda":
            found.append(Proposed(code, called, on, closes - moved, held[0].time))
        else:
            found.append(Proposed(code, called, on, gone=True))
        if said.change == "moved":
            back = said.days < 0
            held_on, closed = (open_day(one + moved, days, back=back) for one in (on, closes))
            found.append(Proposed(code, called, held_on, closed, held[0].time))
    if not found:
        raise NotPossible("ingen af rådene har et møde, der kan ændres; indlæs mødekalenderne først")
    return found


def _with(calendar: Sequence[Held], proposed: Sequence[Proposed], as_of: date) -> tuple[Held, ...]:
    """The calendar with the changes; nothing is written."""
    changed = {(one.body, one.organ, one.on) for one in proposed}
    kept = [one for one in calendar if (one.body, called_now(one.organ), one.on) not in changed]
    return (*kept, *(_supposed(one, as_of) for one in proposed))


def _supposed(one: Proposed, as_of: date) -> Held:
    gone_on, why = (as_of, _SUPPOSED) if one.gone else (None, "")
    return Held(one.body, one.organ, one.on, one.agenda_closes, one.time, _SUPPOSED, as_of, gone_on, why)
