"""What a fact would change, worked out by what will do it, and written nowhere: the dates that move, the states that
change, the letters that follow and those that are withdrawn."""

from __future__ import annotations

from datetime import date

from sqlalchemy import Engine
from sqlmodel import Session

from workflow.language import noted, phrase
from workflow.lifecycle.following import walk
from workflow.rules.endings import BREACHED_SAID, state_of
from workflow.rules.facts import Fact
from workflow.rules.timeline import Deadline
from workflow.services.facts.intake import check, complete
from workflow.services.facts.moving import replaced
from workflow.services.planning.owing import Owed, owed_now
from workflow.services.planning.reminders import known_notices
from workflow.services.planning.superseding import untrue
from workflow.storage.database import reading
from workflow.storage.facts import journal, projection
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.tables import AgreementRow
from workflow.values import dataclass, replace

DEADLINE, OPEN, NEW = "Fristen", noted("åben"), "–"


@dataclass(frozen=True, slots=True)
class Change:
    """One state that a fact changes, in Danish: what, from what, to what."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Foretold:
    """What follows from ``facts``, as things stand at the journal's ``head``: ``moved`` are deadlines with the date
    before; ``letters`` go out that else would not, ``withdrawn`` counts the unsent that become untrue."""

    facts: tuple[Fact, ...]
    head: str
    before: Standing
    after: Standing
    moved: list[tuple[Deadline, date | None]]
    changes: list[Change]
    letters: list[Owed]
    withdrawn: int

    @property
    def fact(self) -> Fact:
        """The one that was told; corrections it asks for stand before it."""
        return self.facts[-1]


def foretell(engine: Engine, rulebook: Rulebook, key: str, fact: Fact, today: date) -> Foretold:
    """What recording ``fact`` on the agreement today (Danish) would do. Refused exactly as
    :func:`workflow.services.facts.agreements.record` refuses it; nothing is written."""
    with reading(engine) as session:
        row = journal.find(session, key)
        before = projection.load(session, rulebook, row, today)
        fact = complete(before.agreement, before.facts, fact)
        check(before.agreement, before.rules, before.facts, fact, today)
        moves = (complete(before.agreement, before.facts, one) for one in replaced(before.facts, fact, today))
        facts = tuple(
            replace(one, no=number, entered_on=today)
            for number, one in enumerate((*moves, fact), start=row.fact_count + 1)
        )
        walk(before.agreement, (*before.facts, *facts), before.rules.law)
        return following(session, rulebook, row, before, facts)


def following(
    session: Session, rulebook: Rulebook, row: AgreementRow, before: Standing, facts: tuple[Fact, ...]
) -> Foretold:
    """What follows today from ``facts``, which are complete, numbered and possible together. Reads only."""
    today = before.as_of
    after = projection.suppose(session, rulebook, row, today, facts)
    known = known_notices(session, row)
    withdrawn = len(untrue(session, after.rules, row, after))
    waiting = {notice.key for notice in owed_now(before.rules, before, today, today, known)} | known.keys()
    letters = [n for n in owed_now(after.rules, after, today, today, known) if n.key not in waiting]
    return Foretold(
        facts, row.head, before, after, moved(before, after), changes(before, after), letters, withdrawn
    )


def moved(before: Standing, after: Standing) -> list[tuple[Deadline, date | None]]:
    """Deadlines whose date differs, each with the date it had."""
    had = {(d.id, d.subject): d.legal_on for d in before.deadlines}
    return [
        (d, had.get((d.id, d.subject)))
        for d in after.deadlines
        if d.legal_on != had.get((d.id, d.subject)) and d.legal_on
    ]


def changes(before: Standing, after: Standing) -> list[Change]:
    """Every machine whose state differs, and the deadlines that are met or open again."""
    had, awaited = _states(before), after.course.tables.decision.states.get("pending")
    found = []
    for what, state in _states(after).items():
        was = had.get(what, OPEN if what.startswith(DEADLINE) else NEW)
        if was != state and (was, state) != (NEW, awaited):  # a new text awaits every council
            found.append(Change(what, was, state))
    return found


def _states(standing: Standing) -> dict[str, str]:
    course = standing.course
    states: dict[str, str] = {noted("Perioden"): course.tables.period.states[course.period]}
    for version in course.versions:
        states[phrase("Version %(number)s", number=version.number)] = version.state_name
        states |= {
            phrase(
                "%(council)s, version %(number)s", council=version.names[code], number=version.number
            ): version.decision_name(code)
            for code in version.decisions
        }
    if standing.agreement.regime.rule("midterm-order"):
        states[noted("Midtvejsstatus")] = course.tables.report.states[course.midterm]
        states[noted("Slutstatus")] = course.tables.report.states[course.final]
    met = {
        "met": noted("opfyldt"),
        "met_late": noted("opfyldt for sent"),
        "lapsed": noted("bortfaldet"),
        "breached": BREACHED_SAID,
    }
    for deadline in standing.deadlines:
        what = (
            phrase("Fristen %(title)s (%(subject)s)", title=deadline.title, subject=deadline.subject)
            if deadline.subject
            else phrase("Fristen %(title)s", title=deadline.title)
        )
        done = met.get(deadline.status)
        states[what] = state_of(deadline, done) if done else OPEN
    return states
