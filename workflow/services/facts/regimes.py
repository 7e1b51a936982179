"""The regimes as plain values, and the confirmation of the day one of them ends."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, datetime
from typing import Any

from sqlalchemy import Engine
from sqlmodel import Session

from workflow.errors import Conflict, NotFound
from workflow.rules.days import spoken
from workflow.rules.endings import Ending
from workflow.rules.facts import Fact
from workflow.rules.regime import DeadlineRule, Due, Regime
from workflow.services.facts.acts import act
from workflow.services.facts.agreements import Recorded
from workflow.storage import journal, projection
from workflow.storage.database import reading
from workflow.storage.projection import Standing
from workflow.storage.rulebook import Rulebook
from workflow.storage.tables import AgreementRow

FROM_FILES = "calendars/regimes"  # who said it, where the rules' own file did
_FROM = {
    "submission-deadline": "fristen for indsendelse",
    "submitted": "indsendelsen",
    "received": "Sundhedsstyrelsens modtagelse",
    "effective": "ikrafttrædelsen",
    "nominal-end": "det aftalte udløb (første dag efter)",
    "named": "Sundhedsstyrelsens afslag",
}


def formula(due: Due) -> str:
    """How a date is found, in Danish words: ``"8 uger efter Sundhedsstyrelsens modtagelse"``."""
    day = f"{due.day}. {spoken(date(2023, due.month, 1), False).split()[1]}" if due.month else ""
    match due.anchor:
        case "undated":
            return "ingen dato i loven"
        case "term":
            return f"{day} i valgperiodens {due.term_year}. år"
        case "calendar-year":
            return f"{day} hvert år i kraft"
        case "named":
            return f"den dag, {_FROM['named']} nævner"
    where = _FROM[due.anchor]
    if due.add:
        where = f"{due.add.spoken} {'før' if due.add.count < 0 else 'efter'} {where}"
    return f"dagen før {where}" if due.strict else where


def regime_json(regime: Regime) -> dict[str, Any]:
    """A regime as ``aftale regimes --json`` gives it; ``checked_on`` is the day its oldest rule was checked."""
    return {
        "id": regime.id,
        "kind": regime.kind,
        "title": regime.title.da,
        "instrument": regime.instrument,
        "in_force_on": regime.in_force_on.isoformat(),
        "terms": list(regime.terms),
        "committee": regime.committee,
        "secretariat": regime.secretariat,
        "parties": regime.parties,
        "tacit_approval": regime.tacit_approval,
        "checked_on": min(rule.checked_on for rule in regime.deadlines).isoformat(),
        "ends": _ends(regime.ends) if regime.ends else None,
        "reaches_back": [
            {"regime": r.regime, "starts_on": r.starts_on.isoformat(), "cite": r.cite}
            for r in regime.reaches_back
        ],
        "deadlines": [_rule(rule) for rule in regime.deadlines],
        "quotas": [{"body": q.body, "minimum": q.minimum, "cite": q.cite} for q in regime.quotas],
    }


def _ends(ends: Ending) -> dict[str, Any]:
    return {
        "candidates": [day.isoformat() for day in ends.candidates],
        "confirmed_on": _iso(ends.confirmed_on),
        "certainty": ends.certainty,
        "cite": ends.cite,
        "note": ends.note,
        "evidence": [
            {"said": one.said, "cite": one.cite, "points_to": _iso(one.points_to), "weight": one.weight}
            for one in ends.evidence
        ],
    }


def _rule(rule: DeadlineRule) -> dict[str, Any]:
    return {
        "id": rule.id,
        "title": rule.title.da,
        "duty": rule.duty,
        "who": rule.who,
        "due": formula(rule.due),
        "moved_by": rule.moved_by or None,
        "cite": list(rule.cite),
        "obligations": list(rule.obligations),
        "certainty": rule.certainty,
        "checked_on": rule.checked_on.isoformat(),
    }


def closed_days_json(rulebook: Rulebook, year: int) -> list[dict[str, Any]]:
    """The closed days of a calendar year, the earliest first, each with the act that closes it."""
    found = ((day.falls_on(year), day) for day in rulebook.law.closed)
    dated = sorted((on, day.id, day) for on, day in found if on)
    return [
        {"on": on.isoformat(), "id": name, "name": day.name, "cite": day.cite, "optional": day.optional}
        for on, name, day in dated
    ]


def confirm_end(
    engine: Engine,
    rulebook: Rulebook,
    fact: Fact,
    *,
    regime: str,
    today: date,
    at: datetime,
    dry_run: bool = False,
    over_people: bool = True,
) -> list[Recorded]:
    """Record on every open agreement a regime governs that its rules end on ``fact.due`` (the first day without them).

    ``dry_run`` changes nothing; without ``over_people`` an agreement for which a person has confirmed a day is left
    alone, and so is one that cannot be worked out, which else is :class:`Unworkable`.

    ``fact`` is the ``regime-confirmed``; its ``source`` is where the day was read. Agreements of a regime this one
    reaches back to are governed too; one that has been replaced is not open. Raises :class:`NotFound` for an unknown
    regime or where no agreement is open; :class:`Conflict` where every one holds this day already.
    """
    governing = find_regime(rulebook, regime)
    governed = {governing.id, *(reach.regime for reach in governing.reaches_back)}

    def concerned(session: Session) -> list[AgreementRow]:
        rows = []
        for row in (one for one in journal.all_agreements(session) if one.regime in governed):
            found, broken = projection.load_workable(session, rulebook, [row], today)
            if broken and over_people:
                raise broken[0]
            rows += [row for standing in found if standing.course.period != "ended"]
        if not rows:
            raise NotFound(f"no agreement under {governing.instrument} is open; there is nothing to end")
        return rows

    def holds(standing: Standing) -> bool:
        ended = standing.course.law_ended
        if ended is None or not ended.no:  # an end in the file alone is in no journal yet
            return False
        return ended.value == fact.value or not (over_people or ended.by == FROM_FILES)

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


def take_over_ends(engine: Engine, rulebook: Rulebook, today: date, at: datetime) -> list[Recorded]:
    """Record each end that a regime's file confirms on the open agreements that do not hold it: a rule that changed
    under them does what ``aftale regime confirm`` does. A person's own confirmation stands; may be repeated."""
    done: list[Recorded] = []
    for regime in rulebook.law.regimes:
        if regime.ends and regime.ends.confirmed_on:
            fact = Fact(
                0,
                "regime-confirmed",
                today,
                due=regime.ends.confirmed_on,
                source=regime.ends.cite,
                by=FROM_FILES,
            )
            with suppress(NotFound, Conflict):  # nothing open, or all of it holds the day
                done += confirm_end(
                    engine, rulebook, fact, regime=regime.id, today=today, at=at, over_people=False
                )
    return done


def find_regime(rulebook: Rulebook, regime_id: str) -> Regime:
    """The regime with this id; :class:`NotFound` lists the known ones."""
    for regime in rulebook.law.regimes:
        if regime.id == regime_id:
            return regime
    known = ", ".join(regime.id for regime in rulebook.law.regimes)
    raise NotFound(f"no regime {regime_id!r}; known: {known}")


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
