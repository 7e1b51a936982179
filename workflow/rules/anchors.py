"""From a rule and the facts to one date, with the steps that led there.

A :class:`Step` is made where the arithmetic is made, so an explanation can never disagree with its date.
``kind`` lets a second function recompute the date from the steps alone: ``start`` sets it, ``add`` moves it by
``span``, ``strict`` takes one day off, ``moved`` replaces it, ``aim``, ``judged`` and ``note`` leave it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from workflow.rules.agreement import Agreement
from workflow.rules.days import spoken
from workflow.rules.facts import Fact
from workflow.rules.regime import DeadlineRule


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a "why this date": Danish words, the date it reaches, the provision or source."""

    text: str
    on: date | None
    cite: str
    kind: str = "note"
    span: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """A date (or none yet) for one rule and subject, why, and the day it was fulfilled.

    ``since`` is the day the date became known, ``None`` for the start: reminders that would have fallen before it
    were never owed.
    """

    rule: DeadlineRule
    subject: str
    on: date | None
    steps: tuple[Step, ...]
    met_on: date | None = None
    since: date | None = None


def find(agreement: Agreement, rule: DeadlineRule, facts: Sequence[Fact], until_year: int) -> list[Found]:
    """Every date ``rule`` gives for ``agreement`` under ``facts`` (live, in journal order).

    Most rules give one. ``received`` gives one for each submission, ``named`` one for each refusal (none until
    there is one), ``calendar-year`` one for each year in force up to ``until_year``.
    """
    ordered = sorted(facts, key=lambda fact: (fact.on, fact.version or 0, fact.no))
    match rule.due.anchor:
        case "term":
            return [_in_term(agreement, rule, ordered)]
        case "submitted":
            return [_after(rule, _first(ordered, "submitted"), "Aftalen blev indsendt første gang", ordered)]
        case "effective":
            return [_after(rule, _newest(facts, "effective"), "Aftalen træder i kraft", ordered)]
        case "nominal-end":
            return [
                _after(
                    rule, _newest(facts, "nominal-end"), "Den første dag efter det aftalte udløb er", ordered
                )
            ]
        case "submission-deadline":
            return [_from_deadline(agreement, rule, ordered)]
        case "received":
            return _from_receipt(agreement, rule, ordered)
        case "named":
            return _named(rule, ordered)
        case "undated":
            step = Step("Loven sætter ingen dato for dette skridt, så der regnes ingen ud", None, _cite(rule))
            return [Found(rule, "", None, (step,), _met(rule, ordered))]
        case _:
            return _yearly(rule, facts, ordered, until_year)


def _first(facts: Iterable[Fact], event: str) -> Fact | None:
    return next((fact for fact in facts if fact.event == event), None)


def _newest(facts: Iterable[Fact], event: str) -> Fact | None:
    """The newest *known* fact of a kind: what sets a date is overruled by what was learnt after it.

    A revision inside the period moves no status date, so a later version's own date does not count (law.md 3b).
    """
    submitted = [fact.version or 1 for fact in facts if fact.event == "submitted"]
    first = min(submitted, default=99)
    found = [fact for fact in facts if fact.event == event and (fact.version or 0) <= first]
    return max(found, key=lambda fact: (fact.known_on or date.min, fact.no), default=None)


def _met(rule: DeadlineRule, facts: Iterable[Fact], version: int | None = None) -> date | None:
    return next(
        (f.on for f in facts if f.event in rule.met_by and (version is None or f.version == version)), None
    )


def _cite(rule: DeadlineRule) -> str:
    return rule.cite[0]


def _source(fact: Fact) -> str:
    return fact.source or f"journalen, faktum {fact.no}"


def _in_term(agreement: Agreement, rule: DeadlineRule, facts: Sequence[Fact]) -> Found:
    term, due = agreement.term, rule.due
    year = term.calendar_year(due.term_year)
    on = date(year, due.month, due.day)
    nth = {1: "første", 2: "andet", 3: "tredje", 4: "fjerde"}[due.term_year]
    steps = [
        Step(f"Valget blev holdt {spoken(term.election_on)}", term.election_on, term.cite),
        Step(
            f"Valgperioden løber fra {spoken(term.starts_on, False)} til {spoken(term.ends_on, False)}",
            term.starts_on,
            term.cite,
        ),
        Step(f"Valgperiodens {nth} kalenderår er {year}", date(year, 1, 1), _cite(rule)),
        Step(f"Fristen er {spoken(on)}", on, _cite(rule), "start"),
    ]
    office = term.office_of(agreement.region)
    if office and office.starts_on != term.starts_on:
        other = office.starts_on.year + due.term_year - 1
        steps.append(
            Step(
                f"Regionsrådets funktionsperiode løber {spoken(office.starts_on, False)} - "
                f"{spoken(office.ends_on, False)}; regnet efter den ville året være {other}. Loven siger "
                f"valgperioden, og fristen er den tidligste af de to",
                date(other, due.month, due.day),
                office.cite,
            )
        )
    elif office:
        steps.append(
            Step(
                f"Regionsrådet sidder til {spoken(office.ends_on, False)}; fristen følger valgperioden",
                office.ends_on,
                office.cite,
            )
        )
    since = None
    moves = [fact for fact in facts if fact.event == rule.moved_by and fact.due]
    for fact in sorted(moves, key=lambda fact: (fact.known_on or date.min, fact.no)):
        assert fact.due is not None
        text = f"Sundhedsstyrelsen har den {spoken(fact.on, False)} fraveget fristen: ny frist er {spoken(fact.due)}"
        provision = agreement.regime.cite(rule.moved_by)
        steps.append(
            Step(text, fact.due, f"{provision}; {_source(fact)}" if provision else _source(fact), "moved")
        )
        on, since = fact.due, fact.known_on
    return Found(rule, "", on, tuple(steps), _met(rule, facts), since)


def _counted(rule: DeadlineRule, start: date) -> tuple[date, list[Step]]:
    """The rule's length counted from ``start``, one step for the sum and one for a strict reading."""
    steps: list[Step] = []
    on = start
    if rule.due.add:
        on = rule.due.add.after(start)
        earlier = rule.due.add.count < 0
        text = f"{rule.due.add.spoken} {'før' if earlier else 'efter'} er {spoken(on)}"
        steps.append(Step(text, on, _cite(rule), "add", f"{rule.due.add.count} {rule.due.add.unit}"))
    if rule.due.strict:
        on -= timedelta(days=1)
        steps.append(Step(f"Sidste dag er dagen før: {spoken(on)}", on, _cite(rule), "strict"))
    return on, steps


def _after(rule: DeadlineRule, fact: Fact | None, said: str, facts: Sequence[Fact]) -> Found:
    met_on = _met(rule, facts)
    if fact is None:
        missing = {
            "submitted": "Aftalen er ikke indsendt; fristen regnes fra indsendelsen",
            "effective": "Ikrafttrædelsesdatoen er ikke registreret; fristen regnes fra den",
            "nominal-end": "Aftalens udløb er ikke registreret. Loven fastsætter intet udløb, så det skal aftales",
        }[rule.due.anchor]
        return Found(rule, "", None, (Step(missing, None, _cite(rule)),), met_on)
    on, steps = _counted(rule, fact.value)
    start = Step(f"{said} {spoken(fact.value)}", fact.value, _source(fact), "start")
    return Found(rule, "", on, (start, *steps), met_on, fact.known_on)


def _from_deadline(agreement: Agreement, rule: DeadlineRule, facts: Sequence[Fact]) -> Found:
    submission = agreement.regime.rule("submission")
    assert submission is not None
    before = _in_term(agreement, submission, facts)
    assert before.on is not None
    on, steps = _counted(rule, before.on)
    note = Step("Der regnes fra fristen for indsendelse, ikke fra modtagelsen", before.on, _cite(rule))
    return Found(rule, "", on, (*before.steps, note, *steps), _met(rule, facts), before.since)


def _from_receipt(agreement: Agreement, rule: DeadlineRule, facts: Sequence[Fact]) -> list[Found]:
    submissions = [fact for fact in facts if fact.event == "submitted"]
    if not submissions:
        step = Step(
            "Aftalen er ikke indsendt; fristen regnes fra Sundhedsstyrelsens modtagelse", None, _cite(rule)
        )
        return [Found(rule, "", None, (step,))]
    found = []
    for sent in submissions:
        received = next((f for f in facts if f.event == "received" and f.version == sent.version), None)
        if received:
            start = Step(
                f"Sundhedsstyrelsen modtog aftalen {spoken(received.value)}; modtagelsesdagen tælles ikke med",
                received.value,
                _source(received),
                "start",
            )
        else:
            start = Step(
                f"Aftalen blev sendt {spoken(sent.on)}. Modtagelsen er ikke bekræftet, så der regnes foreløbigt herfra",
                sent.on,
                _source(sent),
                "start",
            )
        assert start.on is not None
        on, steps = _counted(rule, start.on)
        subject = "" if sent is submissions[0] else f"v{sent.version}"
        since = (received or sent).known_on
        found.append(Found(rule, subject, on, (start, *steps), _met(rule, facts, sent.version), since))
    return found


def _named(rule: DeadlineRule, facts: Sequence[Fact]) -> list[Found]:
    found = []
    refusals = [fact for fact in facts if fact.event == "sst-refused" and fact.due]
    for refusal in refusals:
        step = Step(
            f"Sundhedsstyrelsen afslog den {spoken(refusal.on, False)} at godkende aftalen og satte ny frist til "
            f"{spoken(refusal.value)}",
            refusal.value,
            f"{_cite(rule)}; {_source(refusal)}",
            "start",
        )
        later = [fact for fact in facts if (fact.version or 0) > (refusal.version or 0)]
        subject = "" if refusal is refusals[0] else f"v{refusal.version}"
        found.append(Found(rule, subject, refusal.value, (step,), _met(rule, later), refusal.known_on))
    return found


def _yearly(
    rule: DeadlineRule, facts: Sequence[Fact], ordered: Sequence[Fact], until_year: int
) -> list[Found]:
    effective = _newest(facts, "effective")
    if effective is None:
        step = Step(
            "Ikrafttrædelsesdatoen er ikke registreret; det første år regnes fra den", None, _cite(rule)
        )
        return [Found(rule, "", None, (step,))]
    submitted = _first(ordered, "submitted")
    if submitted is None:
        step = Step("Aftalen er ikke indgået endnu; den gennemgås, når den er i kraft", None, _cite(rule))
        return [Found(rule, "", None, (step,))]
    start = effective.value
    first = start.year if (start.month, start.day) == (1, 1) else start.year + 1
    found = []
    for year in range(first, max(first, until_year) + 1):
        on = date(year, rule.due.month, rule.due.day)
        steps = (
            Step(f"Aftalen træder i kraft {spoken(start)}", start, _source(effective)),
            Step(
                f"Aftalen gennemgås én gang om året; loven siger ikke, hvordan året regnes, så her gælder "
                f"kalenderåret: senest {spoken(on)}",
                on,
                _cite(rule),
                "start",
            ),
        )
        met_on = next((f.on for f in ordered if f.event in rule.met_by and f.on.year == year), None)
        found.append(Found(rule, str(year), on, steps, met_on, effective.known_on))
    return found
