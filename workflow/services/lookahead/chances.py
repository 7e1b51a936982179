"""The chance of one agreement, from the decisions of every agreement in the journal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import date
from typing import TypedDict

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from workflow.ahead.chance import LEAST, Chance, CouncilChance, Record, chance
from workflow.ahead.published import BackTest, Decision, Round, back_test, decisions, records, summed
from workflow.language import noted, phrase
from workflow.rules.agreement import Named
from workflow.rules.days import spoken
from workflow.rules.facts import Fact, live
from workflow.rules.words import few
from workflow.services.lookahead.planning import backwards
from workflow.storage.database import reading
from workflow.storage.facts import journal, past, projection
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.tables import AgreementRow

_YES = ("council-approved", "council-remarks")
_TRIES = (*_YES, "council-rejected", "council-conditional", "council-postponed")


def chance_of(engine: Engine, rulebook: Rulebook, key: str, as_of: date) -> tuple[Standing, Chance]:
    """One agreement's chance as of a day, from what was known by then; refused as its plan is."""
    with reading(engine) as session:
        row = journal.find(session, key)
        past.must_have_begun(session, rulebook, row, as_of)
        standing = projection.load(session, rulebook, row, as_of)
        found = backwards(standing)
        own = _records(session, rulebook, [party.code for party in standing.agreement.parties], as_of)
    return standing, chance(found, summed(own.values()), own, rulebook.gaps.agenda)


def back_tested(rulebook: Rulebook) -> BackTest:
    """How well the chance would have told the published rounds, each from the others alone."""
    return back_test(_published(rulebook, rulebook.rounds))


def _published(rulebook: Rulebook, rounds: Sequence[Round]) -> list[Decision]:
    parties = {one.id: [party.code for party in rulebook.parties(one.region, one.by)] for one in rounds}
    return decisions(rounds, parties, rulebook.gaps.agenda, rulebook.gaps.dispatch.comfortable)


def _records(
    session: Session, rulebook: Rulebook, councils: Collection[str], as_of: date
) -> dict[str, Record]:
    """What councils did by ``as_of``, each by its code: in the journals, and ``councils`` in published rounds that no
    journal here holds."""
    own: dict[str, list[Record]] = defaultdict(list)
    held = {
        (row.region, row.concluded_on.year)
        for row in session.scalars(select(AgreementRow))
        if row.concluded_on
    }
    known = [one for one in rulebook.rounds if one.known_on <= as_of]
    unheld = [one for one in known if not {(one.region, one.by.year), (one.region, one.by.year - 1)} & held]
    for code, record in records(_published(rulebook, unheld)).items():
        if code in councils:
            own[code].append(record)
    for row in session.scalars(select(AgreementRow).order_by(col(AgreementRow.id))):
        for code, record in _of(live(past.facts(session, row), as_of)):
            own[code].append(record)
    return {code: summed(found) for code, found in own.items()}


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


def tested_said(found: BackTest) -> str:
    """The back-test in Danish: what was foretold, and what the figures are worth."""
    if not found.scores:
        return phrase("For få data: der skal mindst %(least)s offentliggjorte beslutninger til.", least=LEAST)
    chance, everybody, *_ = (f"{one.brier:.4f}".replace(".", ",") for one in found.in_time or found.scores)
    those = phrase("den ene, der kom") if found.late == 1 else phrase("de %(late)s, der kom", late=found.late)
    return (
        phrase(
            "%(decisions)s offentliggjorte beslutninger fra %(rounds)s runder, %(late)s for sent. "
            "Hver runde er forudsagt af de andre alene. Mindst er bedst.",
            decisions=found.decisions,
            rounds=found.rounds,
            late=found.late,
        )
    ) + (
        phrase(
            " Det er tyndt: for de %(in_time)s, der nåede det, er tallene %(chance)s for chancen og "
            "%(everybody)s for »alle når det«; forskellen i tabellen kommer alene fra %(those)s for "
            "sent.",
            in_time=found.decisions - found.late,
            chance=chance,
            everybody=everybody,
            those=those,
        )
    ) * (0 < found.late < LEAST and bool(found.in_time))


class SourceJson(TypedDict):
    """A round that decisions were read from."""

    id: str
    source: str
    inferred: str


class BackTestJson(TypedDict):
    """A back-test; Brier scores by the name of who foretold."""

    decisions: int
    rounds: int
    late: int
    text: str
    brier: dict[str, float]
    brier_in_time: dict[str, float]
    sources: list[SourceJson]


class CouncilChanceJson(TypedDict):
    """The chance of one council, and what it rests on."""

    code: str
    name: str
    probability: float
    raises: float
    meetings: list[str]
    why: str


class ChanceJson(Named):
    """The chance that all approve by the day; shares are from 0 to 1, days ISO."""

    by: str
    probability: float | None
    text: str
    decisions: int
    calls: list[CouncilChanceJson]
    councils: list[CouncilChanceJson]
    missing: list[str]


def tested_json(found: BackTest, rulebook: Rulebook) -> BackTestJson:
    """The back-test as ``aftale chance --backtest --json`` gives it."""
    return {
        "decisions": found.decisions, "rounds": found.rounds, "late": found.late, "text": tested_said(found),
        "brier": {one.name: round(one.brier, 6) for one in found.scores},
        "brier_in_time": {one.name: round(one.brier, 6) for one in found.in_time},
        "sources": [{"id": one.id, "source": one.source, "inferred": one.inferred} for one in rulebook.rounds],
    }  # fmt: skip


def said(found: Chance) -> str:
    """The chance in one Danish sentence."""
    if found.missing:
        return phrase(
            "Der kan intet siges, før mødekalenderen er indlæst for %(named)s.", named=few(found.missing)
        )
    if found.probability is None:
        return phrase(
            "For få data: %(decisions)s beslutninger, og der skal mindst %(least)s til.",
            decisions=found.decisions,
            least=LEAST,
        )
    return phrase(
        noted(
            "Sandsynligheden for, at alle råd har godkendt senest %(by)s, er %(percent)s, regnet af %(decisions)s "
            "tidligere beslutninger."
        )
        if found.sent
        else noted(
            "Sandsynligheden for, at alle råd har godkendt senest %(by)s, hvis teksten sendes i dag, er %(percent)s, "
            "regnet af %(decisions)s tidligere beslutninger."
        ),
        by=found.by,
        percent=percent(found.probability),
        decisions=found.decisions,
    )


def percent(share: float) -> str:
    """A share in whole per cent; never 0 or 100, since nothing here is certain."""
    rounded = round(share * 100)
    if rounded < 1:
        return phrase("%(share)s %%", share=phrase("under 1"))
    return phrase("%(share)s %%", share=phrase("over 99") if rounded > 99 else rounded)


def why(one: CouncilChance) -> str:
    """What a council's figure rests on: its meetings by name of day."""
    if one.decided_on:
        return phrase("har besluttet %(decided_on)s", decided_on=one.decided_on)
    if not one.meetings:
        return phrase("intet møde tilbage")
    days = phrase("kan bruge mødet %(days)s", days=few([spoken(on, False) for on in one.meetings]))
    if not one.tries:
        return days
    own = (
        noted("%(days)s; rådet har selv behandlet %(tries)s sag")
        if one.tries == 1
        else noted("%(days)s; rådet har selv behandlet %(tries)s sager")
    )
    return phrase(own, days=days, tries=one.tries)


def chance_json(standing: Standing, found: Chance) -> ChanceJson:
    """The chance as ``aftale chance --json`` gives it; shares are from 0 to 1, days ISO."""

    def council(one: CouncilChance) -> CouncilChanceJson:
        return {
            "code": one.code, "name": one.name, "probability": round(one.probability, 4),
            "raises": round(one.raises, 4), "meetings": [on.isoformat() for on in one.meetings], "why": why(one),
        }  # fmt: skip

    return {
        **standing.agreement.named,
        "by": found.by.isoformat(),
        "probability": None if found.probability is None else round(found.probability, 4),
        "text": said(found),
        "decisions": found.decisions,
        "calls": [council(one) for one in found.calls],
        "councils": [council(one) for one in found.councils],
        "missing": list(found.missing),
    }
