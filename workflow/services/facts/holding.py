"""Whether an agreement's facts hold together, with one more; and how those that do not can be mended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlmodel import Session

from workflow.errors import NotPossible, Unworkable
from workflow.language import phrase
from workflow.lifecycle.course import Course
from workflow.lifecycle.following import walk
from workflow.lifecycle.machine import tables
from workflow.lifecycle.spoken import why_with
from workflow.rules.facts import Fact
from workflow.rules.story import in_order
from workflow.storage.facts import past, projection
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.law.rulesthen import rules_of
from workflow.storage.tables import AgreementRow


def before_it(
    session: Session, rulebook: Rulebook, row: AgreementRow, today: date
) -> tuple[Standing, NotPossible | None]:
    """The agreement before a fact; where a fact does not fit the rules, as after a rule was changed, its bare facts and
    what is wrong with them: else nobody could record what mends it."""
    try:
        return projection.load(session, rulebook, row, today), None
    except Unworkable as unworkable:
        unfit = unworkable.__cause__
        if not isinstance(unfit, NotPossible):
            raise
        facts = tuple(past.facts(session, row))
        rules = rules_of(session, rulebook, row, facts, today)
        agreement = projection.subject(rules, row, today)
        return Standing(agreement, facts, (), Course(tables(agreement.regime.course)), today, rules), unfit


def must_hold(before: Standing, newest: Fact, unfit: NotPossible | None, beside: Sequence[Fact] = ()) -> str:
    """The whole story must hold, whatever order it was typed in. Where an older fact would no longer be possible the
    refusal names it, since that one is to be corrected first. ``beside`` was written just before ``newest``.

    A story that did not hold before may be mended a fact at a time: then what is wrong next, later in the story, is
    returned."""
    facts = before.facts
    try:
        walk(before.agreement, (*facts, *beside, newest), before.rules.law)
    except NotPossible as refusal:
        older = next((fact for fact in facts if fact.no == refusal.fact_no), None)
        if older is None:
            raise
        if unfit and _happened(before, refusal) > _happened(before, unfit):
            return phrase(
                "nr. %(number)s, %(event)s %(day)s: %(why)s",
                number=older.no, event=older.event, day=older.on, why=why_with(refusal),
            )  # fmt: skip
        if unfit:
            raise NotPossible(
                phrase(
                    "nr. %(number)s, %(event)s %(day)s, passer ikke til reglerne, og det gør %(newest)s %(on)s "
                    "ikke om: "
                    "%(why)s. Er nr. %(number)s forkert, så ret den med correction --corrects %(number)s",
                    number=older.no, event=older.event, day=older.on, newest=newest.event, on=newest.on,
                    why=why_with(refusal),
                )
            ) from refusal  # fmt: skip
        raise NotPossible(
            phrase(
                "med %(newest)s %(on)s kan nr. %(number)s, %(event)s %(day)s, ikke længere passe: %(why)s. "
                "Er nr. %(number)s forkert, så ret den først med correction --corrects %(number)s",
                number=older.no, event=older.event, day=older.on, newest=newest.event, on=newest.on,
                why=why_with(refusal),
            )
        ) from refusal  # fmt: skip
    return ""


def _happened(before: Standing, refusal: NotPossible) -> int:
    """How far the story holds: the place of the refused fact among all in the order they happened."""
    return [fact.no for fact in in_order(before.facts)].index(refusal.fact_no)
