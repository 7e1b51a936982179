"""From a rule and the facts to one date, with the steps that led there.

A :class:`Step` is made where the arithmetic is made, so an explanation can never disagree with its date.
``kind`` lets a second function recompute the date from the steps alone: ``start`` sets it, ``add`` moves it by
``span``, ``strict`` takes one day off, ``moved`` replaces it, ``aim``, ``judged`` and ``note`` leave it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from workflow.rules.agreement import Agreement
from workflow.rules.days import spoken
from workflow.rules.facts import DONE, NOTICES, Fact
from workflow.rules.found import Found, Step
from workflow.rules.regime import DeadlineRule
from workflow.rules.story import Story
from workflow.rules.words import capital

__all__ = ["Found", "Step", "find"]


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
                    "{document.short} blev {submit.done} første gang",
                    story,
                )
            ]
        case "effective":
            return [
                _after(agreement, rule, story.newest("effective"), "{document.short} træder i kraft", story)
            ]
        case "nominal-end":
            return [_before_the_end(agreement, rule, story)]
        case "submission-deadline":
            return [_from_deadline(agreement, rule, story)]
        case "received":
            return _from_receipt(agreement, rule, story)
        case "named":
            return _named(agreement, rule, story)
        case "fact":
            return _from_facts(rule, story)
        case "undated":
            step = Step("Loven sætter ingen dato for dette skridt, så der regnes ingen ud", None, _cite(rule))
            return [Found(rule, "", None, (step,), met(rule, story))]
        case _:
            return _yearly(rule, story, until_year)


def met(rule: DeadlineRule, story: Story, among: Iterable[Fact] | None = None) -> Fact | None:
    """The step that fulfilled the rule: the first that stands, among some of them where ``among`` says which. A
    :data:`DONE` says which duty it is about."""
    found = (fact for fact in story.named(*rule.met_by) if fact.event != DONE or fact.about == rule.id)
    return next((fact for fact in found if among is None or fact in among), None)


def _cite(rule: DeadlineRule) -> str:
    return rule.cite[0]


def _source(fact: Fact) -> str:
    return fact.source or f"journalen, faktum {fact.no}"


def _in_term(agreement: Agreement, rule: DeadlineRule, story: Story) -> Found:
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
    moves = [fact for fact in story.named(rule.moved_by) if fact.due]
    for fact in sorted(moves, key=lambda fact: (fact.known_on or date.min, fact.no)):
        assert fact.due is not None
        authority = capital(agreement.regime.words.authority.definite)
        text = (
            f"{authority} har den {spoken(fact.on, False)} fraveget fristen: ny frist er {spoken(fact.due)}"
        )
        provision = agreement.regime.cite(rule.moved_by)
        steps.append(
            Step(text, fact.due, f"{provision}; {_source(fact)}" if provision else _source(fact), "moved")
        )
        on, since = fact.due, fact.known_on
    return Found(rule, "", on, tuple(steps), met(rule, story), since)


def counted(rule: DeadlineRule, start: date) -> tuple[date, list[Step]]:
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


def _after(agreement: Agreement, rule: DeadlineRule, fact: Fact | None, said: str, story: Story) -> Found:
    done, words = met(rule, story), agreement.regime.words
    if fact is None:
        missing = {
            "submitted": "{document.short} er ikke {submit.done}; fristen regnes fra {submit.act}n",
            "effective": "Ikrafttrædelsesdatoen er ikke registreret; fristen regnes fra den",
            "nominal-end": "Aftalens udløb er ikke registreret. Loven fastsætter intet udløb, så det skal aftales",
        }[rule.due.anchor]
        return Found(rule, "", None, (Step(words.said(missing), None, _cite(rule)),), done)
    on, steps = counted(rule, fact.value)
    start = Step(f"{words.said(said)} {spoken(fact.value)}", fact.value, _source(fact), "start")
    return Found(rule, "", on, (start, *steps), done, fact.known_on)


def _before_the_end(agreement: Agreement, rule: DeadlineRule, story: Story) -> Found:
    """Counted from the agreed end, or from the day the next agreement took over where that came first or no end was
    agreed: then it is a fact that the agreement has ended (law.md 3b)."""
    agreed = story.newest("nominal-end")
    if story.ended_on is None or (agreed and agreed.value <= story.ended_on):
        return _after(agreement, rule, agreed, "Den første dag efter det aftalte udløb er", story)
    taken_over = Fact(
        0, "nominal-end", story.ended_on, source="den næste aftales ikrafttræden", known_on=story.ended_on
    )
    return _after(agreement, rule, taken_over, "Den næste aftale trådte i stedet", story)


def _from_deadline(agreement: Agreement, rule: DeadlineRule, story: Story) -> Found:
    submission = agreement.regime.rule("submission")
    assert submission is not None
    before = _in_term(agreement, submission, story)
    assert before.on is not None
    on, steps = counted(rule, before.on)
    note = Step("Der regnes fra fristen for indsendelse, ikke fra modtagelsen", before.on, _cite(rule))
    return Found(rule, "", on, (*before.steps, note, *steps), met(rule, story), before.since)


def _from_receipt(agreement: Agreement, rule: DeadlineRule, story: Story) -> list[Found]:
    submissions, words = story.named("submitted"), agreement.regime.words
    authority, document = capital(words.authority.definite), words.document.short
    if not submissions:
        step = Step(
            words.said(
                "{document.short} er ikke {submit.done}; fristen regnes fra {authority.genitive} modtagelse"
            ),
            None,
            _cite(rule),
        )
        return [Found(rule, "", None, (step,))]
    found = []
    for sent in submissions:
        received = next((f for f in story.named("received") if f.version == sent.version), None)
        if received:
            start = Step(
                f"{authority} modtog {document} {spoken(received.value)}; modtagelsesdagen tælles ikke med",
                received.value,
                _source(received),
                "start",
            )
        else:
            start = Step(
                f"{capital(document)} blev sendt {spoken(sent.on)}. Modtagelsen er ikke bekræftet, så der regnes "
                f"foreløbigt herfra",
                sent.on,
                _source(sent),
                "start",
            )
        assert start.on is not None
        on, steps = counted(rule, start.on)
        subject = "" if sent is submissions[0] else f"v{sent.version}"
        since = (received or sent).known_on
        answers = [fact for fact in story.steps if fact.version == sent.version]
        found.append(Found(rule, subject, on, (start, *steps), met(rule, story, answers), since))
    return found


def _named(agreement: Agreement, rule: DeadlineRule, story: Story) -> list[Found]:
    found, words = [], agreement.regime.words
    authority = capital(words.authority.definite)
    refusals = [fact for fact in story.named("sst-refused") if fact.due]
    for refusal in refusals:
        step = Step(
            f"{authority} afslog den {spoken(refusal.on, False)} at godkende {words.document.short} og satte ny "
            f"frist til {spoken(refusal.value)}",
            refusal.value,
            f"{_cite(rule)}; {_source(refusal)}",
            "start",
        )
        later = [fact for fact in story.steps if (fact.version or 0) > (refusal.version or 0)]
        subject = "" if refusal is refusals[0] else f"v{refusal.version}"
        found.append(Found(rule, subject, refusal.value, (step,), met(rule, story, later), refusal.known_on))
    return found


def _from_facts(rule: DeadlineRule, story: Story) -> list[Found]:
    """One date for each fact of the rule's event: the day it sets, or a length from the day it happened. Only a later
    step about the same thing fulfils it."""
    found: list[Found] = []
    for fact in story.named(rule.due.event):
        if not (fact.due or rule.due.add):
            continue  # somebody was told of it, and no day was given
        start = fact.on if rule.due.add and fact.event in NOTICES else fact.value
        of = f" for »{fact.about}«" if fact.about else ""
        text = (
            f"Der regnes fra {spoken(start)}" if rule.due.add else f"Der er sat en dato{of}: {spoken(start)}"
        )
        on, steps = counted(rule, start)
        later = [
            one
            for one in story.after(fact)
            if (one.about == fact.about or one.event == DONE) and (one.version or 99) >= (fact.version or 0)
        ]
        first = Step(text, start, f"{_cite(rule)}; {_source(fact)}", "start")
        subject = "" if not found else f"nr{fact.no}"
        done = met(rule, story, later)
        found.append(Found(rule, subject, on, (first, *steps), done, fact.known_on, words=fact.about))
    return found


def _yearly(rule: DeadlineRule, story: Story, until_year: int) -> list[Found]:
    effective = story.newest("effective")
    if effective is None:
        step = Step(
            "Ikrafttrædelsesdatoen er ikke registreret; det første år regnes fra den", None, _cite(rule)
        )
        return [Found(rule, "", None, (step,))]
    submitted = story.first("submitted")
    if submitted is None:
        step = Step("Aftalen er ikke indgået endnu; den gennemgås, når den er i kraft", None, _cite(rule))
        return [Found(rule, "", None, (step,))]
    start = effective.value
    first = start.year if (start.month, start.day) == (1, 1) else start.year + 1
    found = []
    for year in range(first, max(first, until_year) + 1):
        on = date(year, rule.due.month, rule.due.day)
        if story.ended_on and on >= story.ended_on:
            break  # the year was not over when the next agreement took over: nothing of it is owed
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
        that_year = [fact for fact in story.steps if fact.on.year == year]
        found.append(Found(rule, str(year), on, steps, met(rule, story, that_year), effective.known_on))
    return found
