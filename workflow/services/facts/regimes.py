"""The regimes as plain values."""

from __future__ import annotations

from datetime import date
from functools import reduce
from typing import TypedDict

from workflow.errors import NotFound
from workflow.language import noted, phrase
from workflow.rules.endings import Ending
from workflow.rules.obligation import CheckedBy, DeadlineRule
from workflow.rules.regime import Regime
from workflow.rules.spans import Due
from workflow.rules.words import Words
from workflow.storage.law.rulebook import Rulebook

_MONTHS = (
    noted("januar"), noted("februar"), noted("marts"), noted("april"), noted("maj"), noted("juni"), noted("juli"),
    noted("august"), noted("september"), noted("oktober"), noted("november"), noted("december"),
)  # fmt: skip
_FROM = {
    "submission-deadline": phrase("fristen for indsendelse"),
    "submitted": noted("indsendelsen"),
    "received": noted("%(authority.genitive)s modtagelse"),
    "effective": noted("ikrafttrædelsen"),
    "nominal-end": phrase("det aftalte udløb (første dag efter)"),
    "named": noted("%(authority.genitive)s afslag"),
}


def formula(due: Due, words: Words) -> str:
    """How a date is found, in Danish words: ``"8 uger efter myndighedens modtagelse"``."""
    day = phrase("%(number)s. %(month)s", number=due.day, month=_MONTHS[due.month - 1]) if due.month else ""
    match due.anchor:
        case "undated":
            return phrase("ingen dato i loven")
        case "term":
            return phrase("%(day)s i valgperiodens %(term_year)s. år", day=day, term_year=due.term_year)
        case "day":
            return phrase("den %(day)s", day=due.on) if due.on else ""
        case "half-term":
            return phrase(
                noted("udgangen af valgperiodens første halvdel")
                if due.half == 1
                else noted("udgangen af valgperiodens anden halvdel")
            )
        case "round":
            return phrase(
                "%(day)s i valgperiodens %(names)s år",
                day=day,
                names=reduce(
                    lambda said, one: phrase("%(one)s eller %(other)s", one=said, other=one),
                    [f"{one}." for one in due.rounds],
                ),
            )
        case "every":
            often = (
                noted("%(day)s hvert år fra %(first)s")
                if due.years == 1
                else noted("%(day)s hvert %(years)s. år fra %(first)s")
            )
            return phrase(often, day=day, years=due.years, first=due.first)
        case "latest" | "earliest":
            dates = [formula(part, words) for part in due.parts]
            return phrase(
                noted("den seneste af: %(dates)s")
                if due.anchor == "latest"
                else noted("den tidligste af: %(dates)s"),
                dates=reduce(lambda one, other: phrase("%(one)s; %(other)s", one=one, other=other), dates),
            )
        case "calendar-year":
            return phrase("%(day)s hvert år i kraft", day=day)
        case "fact" if not due.add:
            return phrase("den dag, der er givet eller aftalt")
        case "fact":
            return _after_fact(due)
    where = words.phrase(_FROM[due.anchor])
    if due.anchor == "named":
        return phrase("den dag, %(what)s nævner", what=where)
    if due.add:
        side = noted("%(span)s før %(where)s") if due.add.count < 0 else noted("%(span)s efter %(where)s")
        where = phrase(side, span=due.add.spoken, where=where)
    return phrase("dagen før %(where)s", where=where) if due.strict else where


def _after_fact(due: Due) -> str:
    said: str = phrase("%(span)s efter den dag, der er registreret", span=due.add.spoken) if due.add else ""
    if due.since:
        said = phrase("%(said)s, hvis det er %(day)s eller senere", said=said, day=due.since)
    if due.until:
        said = phrase("%(said)s, hvis det er %(day)s eller tidligere", said=said, day=due.until)
    return said


class EvidenceJson(TypedDict):
    """What speaks for one of the days that rules may end on."""

    said: str
    cite: str
    points_to: str | None
    weight: str


class EndingJson(TypedDict):
    """When a regime ends, and what that rests on."""

    candidates: list[str]
    confirmed_on: str | None
    certainty: str
    cite: str
    note: str
    evidence: list[EvidenceJson]


class SignatureJson(TypedDict):
    """Who has signed a rule, when, and which text was read."""

    name: str
    office: str
    on: str
    text: str


class ReachJson(TypedDict):
    """Another regime whose agreements this one also governs from a day on."""

    regime: str
    starts_on: str
    cite: str


class RuleJson(TypedDict):
    """A rule that sets a date; ``due`` says its formula in Danish."""

    id: str
    title: str
    duty: str
    who: str
    due: str
    moved_by: str | None
    cite: list[str]
    obligations: list[str]
    certainty: str
    checked_on: str
    checked_by: SignatureJson | None


class QuotaJson(TypedDict):
    """The least number of meetings of a body in a year."""

    body: str
    minimum: int
    cite: str
    checked_by: SignatureJson | None


class RegimeJson(TypedDict):
    """A regime as ``aftale regimes --json`` gives it; ``checked_on`` is the day its oldest rule was checked."""

    id: str
    kind: str
    title: str
    document: str
    authority: str
    instrument: str
    in_force_on: str
    terms: list[str]
    committee: str
    secretariat: str
    parties: str
    course: str
    unit: str
    tacit_approval: bool
    checked_on: str
    ends: EndingJson | None
    reaches_back: list[ReachJson]
    deadlines: list[RuleJson]
    quotas: list[QuotaJson]


class ClosedDayJson(TypedDict):
    """A closed day and the act that closes it."""

    on: str
    id: str
    name: str
    cite: str
    optional: bool


def regime_json(regime: Regime) -> RegimeJson:
    """The regime as plain values."""
    return {
        "id": regime.id,
        "kind": regime.kind,
        "title": regime.title.da,
        "document": regime.words.document.da,
        "authority": regime.words.authority.definite,
        "instrument": regime.instrument,
        "in_force_on": regime.in_force_on.isoformat(),
        "terms": list(regime.terms),
        "committee": regime.committee,
        "secretariat": regime.secretariat,
        "parties": regime.parties,
        "course": regime.course.id,
        "unit": regime.unit.body,
        "tacit_approval": regime.tacit_approval,
        "checked_on": min(rule.checked_on for rule in regime.deadlines).isoformat(),
        "ends": _ends(regime.ends) if regime.ends else None,
        "reaches_back": [
            {"regime": r.regime, "starts_on": r.starts_on.isoformat(), "cite": r.cite}
            for r in regime.reaches_back
        ],
        "deadlines": [_rule(rule, regime.words) for rule in regime.deadlines],
        "quotas": [
            {"body": q.body, "minimum": q.minimum, "cite": q.cite, "checked_by": _signature(q.checked_by)}
            for q in regime.quotas
        ],
    }


def _ends(ends: Ending) -> EndingJson:
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


def _rule(rule: DeadlineRule, words: Words) -> RuleJson:
    return {
        "id": rule.id,
        "title": rule.title.da,
        "duty": rule.duty,
        "who": rule.who,
        "due": formula(rule.due, words),
        "moved_by": rule.moved_by or None,
        "cite": list(rule.cite),
        "obligations": list(rule.obligations),
        "certainty": rule.certainty,
        "checked_on": rule.checked_on.isoformat(),
        "checked_by": _signature(rule.checked_by),
    }


def _signature(by: CheckedBy | None) -> SignatureJson | None:
    """Who has signed a rule; ``None``: nobody."""
    return {"name": by.name, "office": by.office, "on": by.on.isoformat(), "text": by.text} if by else None


def closed_days_json(rulebook: Rulebook, year: int) -> list[ClosedDayJson]:
    """The closed days of a calendar year, the earliest first, each with the act that closes it."""
    found = ((day.falls_on(year), day) for day in rulebook.law.closed)
    dated = sorted((on, day.id, day) for on, day in found if on)
    return [
        {"on": on.isoformat(), "id": name, "name": day.name, "cite": day.cite, "optional": day.optional}
        for on, name, day in dated
    ]


def find_regime(rulebook: Rulebook, regime_id: str) -> Regime:
    """The regime with this id; :class:`NotFound` lists the known ones."""
    for regime in rulebook.law.regimes:
        if regime.id == regime_id:
            return regime
    known = ", ".join(regime.id for regime in rulebook.law.regimes)
    raise NotFound(f"no regime {regime_id!r}; known: {known}")


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
