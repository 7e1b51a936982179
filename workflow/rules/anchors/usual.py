"""From a rule and the facts to one date, with the steps that led there.

A :class:`Step` is made where the arithmetic is made, so an explanation can never disagree with its date.
``kind`` lets a second function recompute the date from the steps alone: ``start`` sets it, ``add`` moves it by
``span``, ``strict`` takes one day off, ``moved`` replaces it, ``aim``, ``judged`` and ``note`` leave it.
"""

from __future__ import annotations

from datetime import date

from workflow.language import full, noted, phrase
from workflow.rules.agreement import Agreement
from workflow.rules.anchors import yearly
from workflow.rules.anchors.answered import from_facts, from_receipt, named
from workflow.rules.anchors.counting import cite, counted, met, source
from workflow.rules.facts import Fact
from workflow.rules.found import Found, Step
from workflow.rules.obligation import DeadlineRule
from workflow.rules.story import Story

__all__ = ["Found", "Step", "find"]


_NTH_YEAR = {
    1: noted("Valgperiodens første kalenderår er %(year)s"),
    2: noted("Valgperiodens andet kalenderår er %(year)s"),
    3: noted("Valgperiodens tredje kalenderår er %(year)s"),
    4: noted("Valgperiodens fjerde kalenderår er %(year)s"),
}


def find(agreement: Agreement, rule: DeadlineRule, story: Story, until_year: int) -> list[Found]:
    """Every date ``rule`` gives for ``agreement`` by the steps that stand in ``story``.

    Most rules give one. ``received`` gives one for each submission, ``named`` one for each refusal (none until
    there is one), ``calendar-year`` one for each year in force up to ``until_year``.
    """
    match rule.due.anchor:
        case "term":
            return [_in_term(agreement, rule, story)]
        case "submitted":
            return [
                _after(
                    agreement,
                    rule,
                    story.first("submitted"),
                    noted("%(Document.short)s blev %(submit.done)s første gang %(day)s"),
                    story,
                )
            ]
        case "effective":
            return [
                _after(
                    agreement,
                    rule,
                    story.newest("effective"),
                    noted("%(Document.short)s træder i kraft %(day)s"),
                    story,
                )
            ]
        case "nominal-end":
            return [_before_the_end(agreement, rule, story)]
        case "submission-deadline":
            return [_from_deadline(agreement, rule, story)]
        case "received":
            return from_receipt(agreement, rule, story)
        case "named":
            return named(agreement, rule, story)
        case "fact":
            return from_facts(agreement, rule, story)
        case "undated":
            step = Step(
                phrase("Loven sætter ingen dato for dette skridt, så der regnes ingen ud"), None, cite(rule)
            )
            return [Found(rule, "", None, (step,), met(rule, story))]
        case _:
            return yearly.find(rule, story, until_year)


def _in_term(agreement: Agreement, rule: DeadlineRule, story: Story) -> Found:
    term, due = agreement.term, rule.due
    year = term.calendar_year(due.term_year)
    on = date(year, due.month, due.day)
    steps = [
        Step(phrase("Valget blev holdt %(day)s", day=full(term.election_on)), term.election_on, term.cite),
        Step(
            phrase("Valgperioden løber fra %(first)s til %(last)s", first=term.starts_on, last=term.ends_on),
            term.starts_on,
            term.cite,
        ),
        Step(phrase(_NTH_YEAR[due.term_year], year=year), date(year, 1, 1), cite(rule)),
        Step(phrase("Fristen er %(day)s", day=full(on)), on, cite(rule), "start"),
    ]
    office = term.office_of(agreement.region)
    if office and office.starts_on != term.starts_on:
        other = office.starts_on.year + due.term_year - 1
        steps.append(
            Step(
                phrase(
                    "Regionsrådets funktionsperiode løber %(first)s - %(last)s; regnet efter den ville året være "
                    "%(year)s. Loven siger valgperioden, og fristen er den tidligste af de to",
                    first=office.starts_on,
                    last=office.ends_on,
                    year=other,
                ),
                date(other, due.month, due.day),
                office.cite,
            )
        )
    elif office:
        steps.append(
            Step(
                phrase("Regionsrådet sidder til %(day)s; fristen følger valgperioden", day=office.ends_on),
                office.ends_on,
                office.cite,
            )
        )
    since = None
    moves = [fact for fact in story.named(rule.moved_by) if fact.due]
    for fact in sorted(moves, key=lambda fact: (fact.known_on or date.min, fact.no)):
        assert fact.due is not None
        text = agreement.regime.words.phrase(
            "%(Authority)s har den %(day)s fraveget fristen: ny frist er %(due)s",
            day=fact.on,
            due=full(fact.due),
        )
        provision = agreement.regime.cite(rule.moved_by)
        steps.append(
            Step(text, fact.due, f"{provision}; {source(fact)}" if provision else source(fact), "moved")
        )
        on, since = fact.due, fact.known_on
    return Found(rule, "", on, tuple(steps), met(rule, story), since)


def _after(agreement: Agreement, rule: DeadlineRule, fact: Fact | None, said: str, story: Story) -> Found:
    done, words = met(rule, story), agreement.regime.words
    if fact is None:
        missing = {
            "submitted": noted(
                "%(Document.short)s er ikke %(submit.done)s; fristen regnes fra %(submit.act)sn"
            ),
            "effective": noted("Ikrafttrædelsesdatoen er ikke registreret; fristen regnes fra den"),
            "nominal-end": noted(
                "Aftalens udløb er ikke registreret. Loven fastsætter intet udløb, så det skal aftales"
            ),
        }[rule.due.anchor]
        return Found(rule, "", None, (Step(words.phrase(missing), None, cite(rule)),), done)
    on, steps = counted(rule, fact.value)
    start = Step(words.phrase(said, day=full(fact.value)), fact.value, source(fact), "start")
    return Found(rule, "", on, (start, *steps), done, fact.known_on)


def _before_the_end(agreement: Agreement, rule: DeadlineRule, story: Story) -> Found:
    """Counted from the agreed end, or from the day the next agreement took over where that came first or no end was
    agreed: then it is a fact that the agreement has ended."""
    agreed = story.newest("nominal-end")
    if story.ended_on is None or (agreed and agreed.value <= story.ended_on):
        return _after(
            agreement, rule, agreed, noted("Den første dag efter det aftalte udløb er %(day)s"), story
        )
    taken_over = Fact(
        0,
        "nominal-end",
        story.ended_on,
        source=phrase("den næste aftales ikrafttræden"),
        known_on=story.ended_on,
    )
    return _after(agreement, rule, taken_over, noted("Den næste aftale trådte i stedet %(day)s"), story)


def _from_deadline(agreement: Agreement, rule: DeadlineRule, story: Story) -> Found:
    submission = agreement.regime.rule("submission")
    assert submission is not None
    before = _in_term(agreement, submission, story)
    assert before.on is not None
    on, steps = counted(rule, before.on)
    note = Step(phrase("Der regnes fra fristen for indsendelse, ikke fra modtagelsen"), before.on, cite(rule))
    return Found(rule, "", on, (*before.steps, note, *steps), met(rule, story), before.since)
