"""The chance of one agreement, from the decisions of every agreement in the journal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from workflow.ahead.chance import LEAST, Chance, CouncilChance, Record, chance
from workflow.rules.days import spoken
from workflow.rules.facts import Fact, live
from workflow.services.lookahead.planning import backwards, meetings_of
from workflow.services.lookahead.telling import named
from workflow.storage import journal, projection
from workflow.storage.database import reading
from workflow.storage.projection import Standing
from workflow.storage.rulebook import Rulebook
from workflow.storage.tables import AgreementRow

_YES = ("council-approved", "council-remarks")
_TRIES = (*_YES, "council-rejected", "council-conditional", "council-postponed")


def chance_of(engine: Engine, rulebook: Rulebook, key: str, as_of: date) -> tuple[Standing, Chance]:
    """One agreement's chance as of a day, from what was known by then; refused as its plan is."""
    with reading(engine) as session:
        row = journal.find(session, key)
        projection.must_have_begun(session, rulebook, row, as_of)
        standing = projection.load(session, rulebook, row, as_of)
        found = backwards(standing.rules, standing, meetings_of(session, standing))
        everybody, own = _records(session, as_of)
    return standing, chance(found, everybody, own, rulebook.gaps.agenda)


def _records(session: Session, as_of: date) -> tuple[Record, dict[str, Record]]:
    """What councils did by ``as_of``, all together and each by its code."""
    own: dict[str, list[Record]] = defaultdict(list)
    for row in session.scalars(select(AgreementRow).order_by(col(AgreementRow.id))):
        for code, record in _of(live(journal.facts(session, row), as_of)):
            own[code].append(record)
    each = {code: _sum(records) for code, records in own.items()}
    return _sum(list(each.values())), each


def _of(facts: Sequence[Fact]) -> list[tuple[str, Record]]:
    sent = {fact.version: fact.on for fact in facts if fact.event == "sent-for-approval"}
    found = []
    for fact in facts:
        if fact.event in _TRIES and fact.council:
            yes = fact.event in _YES
            begun = sent.get(fact.version)
            days = ((fact.on - begun).days,) if yes and begun else ()
            found.append((fact.council, Record(int(yes), 1, days)))
    return found


def _sum(records: Sequence[Record]) -> Record:
    days = tuple(day for record in records for day in record.days)
    return Record(sum(one.yes for one in records), sum(one.tries for one in records), days)


def said(found: Chance) -> str:
    """The chance in one Danish sentence."""
    if found.missing:
        return f"Der kan intet siges, før mødekalenderen er indlæst for {named(found.missing)}."
    if found.probability is None:
        return f"For få data: {found.decisions} beslutninger, og der skal mindst {LEAST} til."
    if_sent = "" if found.sent else ", hvis teksten sendes i dag"
    return (
        f"Sandsynligheden for, at alle råd har godkendt senest {spoken(found.by, False)}{if_sent}, er "
        f"{percent(found.probability)}, regnet af {found.decisions} tidligere beslutninger."
    )


def percent(share: float) -> str:
    """A share in whole per cent; never 0 or 100, since nothing here is certain."""
    rounded = round(share * 100)
    return f"{'under 1' if rounded < 1 else 'over 99' if rounded > 99 else rounded} %"


def why(one: CouncilChance) -> str:
    """What a council's figure rests on: its meetings by name of day."""
    if one.decided_on:
        return f"har besluttet {spoken(one.decided_on, False)}"
    if not one.meetings:
        return "intet møde tilbage"
    own = f"; rådet har selv behandlet {one.tries} sag{'er' * (one.tries > 1)}" if one.tries else ""
    return "kan bruge mødet " + named([spoken(on, False) for on in one.meetings]) + own


def chance_json(standing: Standing, found: Chance) -> dict[str, Any]:
    """The chance as ``aftale chance --json`` gives it; shares are from 0 to 1, days ISO."""

    def council(one: CouncilChance) -> dict[str, Any]:
        return {
            "code": one.code, "name": one.name, "probability": round(one.probability, 4),
            "raises": round(one.raises, 4), "meetings": [on.isoformat() for on in one.meetings], "why": why(one),
        }  # fmt: skip

    return {
        "agreement": standing.agreement.key,
        "by": found.by.isoformat(),
        "probability": None if found.probability is None else round(found.probability, 4),
        "text": said(found),
        "decisions": found.decisions,
        "calls": [council(one) for one in found.calls],
        "councils": [council(one) for one in found.councils],
        "missing": list(found.missing),
    }
