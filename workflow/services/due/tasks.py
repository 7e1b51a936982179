"""Duties for which the law sets no date, as prompts: rules of data, one shape for all (the regime's ``[[task]]``)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from workflow.language import full, noted, phrase
from workflow.mail.writing.factparts import DutyFacts
from workflow.rules.anchors import Step
from workflow.rules.facts import NOTICES, OF_COMMITTEES, Fact
from workflow.rules.found import PRACTICE
from workflow.rules.obligation import TaskRule
from workflow.rules.regime import Regime
from workflow.rules.terms import Seats
from workflow.rules.timeline import Deadline
from workflow.services.due.prompt import STALE_DAYS, asked, begun_on, year_ends
from workflow.services.due.quotas import bodies
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook

TASK = "task"
_OF_THE_AGREEMENT = ("submitted", "effective", "piu-meeting-held", "annual-review-held")
"""What belongs to one agreement and not to its committees: what follows it ends with it."""
PIU = "piu"
ELECTED = timedelta(days=62)  # the new councils set up their committees from the election on


def tasks(standing: Standing, rulebook: Rulebook) -> Iterator[Deadline]:
    """What is open on the standing's day: of the year through the agreement that carries the committees, and what
    follows something that was recorded on this agreement."""
    for rule in _law(standing).tasks:
        if rule.when == "year" and standing.carries:
            yield from _of_the_year(standing, rulebook, rule)
        elif rule.when == "after" and not (standing.story.ended_on and rule.after in _OF_THE_AGREEMENT):
            yield from _after(standing, rulebook, rule)


def unset(standing: Standing, rulebook: Rulebook, starts_on: date) -> list[tuple[TaskRule, list[str]]]:
    """What of the new committees of a term is not recorded: each duty, and the names of the bodies that miss it."""
    found = []
    own = seats_apart(standing, rulebook, starts_on)
    for rule in _law(standing).tasks:
        if rule.when == "term" and not (own and rule.per == own.function):
            done = {one.about for one in _done(standing, rule) if one.on > starts_on - ELECTED}
            missing = [name for about, name in _bodies(standing, rulebook, rule) if about not in done]
            found += [(rule, missing)] if missing else []
    return found


def seats_apart(standing: Standing, rulebook: Rulebook, on: date) -> Seats | None:
    """The patient committee's seats where they rest on an order of its own on the day ``on``, once that is in force."""
    found = (seats for term in rulebook.law.terms for seats in term.seats if seats.function == PIU)
    held = (seats for seats in found if seats.starts_on <= min(on, standing.as_of) and on <= seats.ends_on)
    return next(held, None) if PIU in standing.agreement.regime.other_bodies else None


def seats_end(standing: Standing, rulebook: Rulebook) -> Iterator[Deadline]:
    """That the patient committee's seats end apart from those of the term, by an order that no doubt touches."""
    seats = seats_apart(standing, rulebook, standing.as_of)
    if seats and standing.as_of >= seats.ends_on - ELECTED:
        text = phrase(
            "Patientinddragelsesudvalgets funktionsperiode slutter %(ends_on)s", ends_on=full(seats.ends_on)
        )
        step, title = (
            Step(text, seats.ends_on, seats.cite, "start"),
            noted("Patientinddragelsesudvalgets funktionsperiode slutter"),
        )
        yield asked(standing, rulebook.days, "rosters", PIU, title, seats.ends_on, step, sure=True)


def told(standing: Standing, rulebook: Rulebook, prompt: Deadline) -> DutyFacts | None:
    """What a letter says of the duty behind ``prompt``; ``None`` for one that is no task of the regime."""
    rule = _law(standing).task(prompt.subject.partition(":")[0])
    return {"next": rule.next, "force": rule.duty, "time": rule.time} if rule else None


def concerned(standing: Standing, prompt: Deadline) -> tuple[tuple[str, ...], str]:
    """Whom a duty is told to, as groups, and the cluster it falls on ("" for none)."""
    name, _, rest = prompt.subject.partition(":")
    rule = _law(standing).task(name)
    return (rule.to if rule else ("secretariat",)), rest.partition("@")[0].partition(":")[0]


def _reached_from(standing: Standing) -> date:
    """The day from which what happens has the duties of :func:`_law` behind it: a later order asks a running agreement
    for what is still to come, and for nothing that follows from what lay behind it."""
    own = standing.agreement.regime
    later = standing.rules.law.successor_of(own)
    return max(later[0].in_force_on, later[1].starts_on) if later else date.min


def _law(standing: Standing) -> Regime:
    """The order whose duties an agreement has on its day: its own, or the later one that governs it too since it came
    into force (BEK 1248/2022 § 31, stk. 3)."""
    own = standing.agreement.regime
    later = standing.rules.law.successor_of(own)
    if later and standing.as_of >= max(later[0].in_force_on, later[1].starts_on):
        return later[0].as_known(standing.as_of)
    return own


def _bodies(standing: Standing, rulebook: Rulebook, rule: TaskRule) -> list[tuple[str, str]]:
    """The bodies a duty falls on: what facts call each, and its Danish name."""
    if rule.per == "cluster":
        clusters = rulebook.clusters_of(standing.agreement.region, standing.as_of)
        return [(cluster.id, cluster.name) for cluster in clusters]
    return [(about, name) for about, kind, name in bodies(standing, rulebook) if kind == rule.per] or [
        ("", "")
    ]


def _done(standing: Standing, rule: TaskRule) -> list[Fact]:
    found: list[Fact] = []
    for event in rule.done_by:
        found += standing.of_committees(event) if event in OF_COMMITTEES else standing.course.noted[event]
    return found


def _of_the_year(standing: Standing, rulebook: Rulebook, rule: TaskRule) -> Iterator[Deadline]:
    if _law(standing).cite("annual-review") in rule.cite:
        spans = [_before(review, standing.as_of) for review in _to_come(standing)]
    else:
        year = standing.as_of.year
        spans = [(year, date(year - 1, 12, 31), date(year, 12, 31), year_ends(year))]
    formed = {cluster.id: cluster.valid_from for cluster in rulebook.clusters}
    for year, after, last, day in spans:
        done = {one.about for one in _done(standing, rule) if one.on.year == year or after < one.on <= last}
        for about, name in _bodies(standing, rulebook, rule):
            if about not in done:
                since = max(formed.get(about, date.min), _law(standing).in_force_on)
                yield _prompt(standing, rulebook, rule, f"{about}@{year}", name, last, day, since)


def _to_come(standing: Standing) -> list[Deadline]:
    """The yearly reviews that are still to be held, while the agreement is in force; once one is held, nothing comes
    before it any more (:mod:`workflow.services.planning.marks`)."""
    found = [one for one in standing.deadlines if one.id == "annual-review" and one.open and one.subject]
    running = standing.course.period in ("in_force", "hold_over")
    return [one for one in found if running and one.late_after and standing.as_of <= one.late_after]


def _before(review: Deadline, today: date) -> tuple[int, date, date, Step]:
    """The year of a review, the day after which what belongs to it counts, the last day for it and how that was found:
    the review's own date, between two readings of that the later."""
    assert review.legal_on and review.late_after
    own = review.ruled_on or review.legal_on  # a day more for the review is none for what goes before it
    other = [day for one in review.readings if one.other_duty for day in one.dates]
    last = max(own, *other) if other and today > own else own
    text = phrase(
        "Det hører til årets gennemgang og går forud for den. Den holdes senest %(day)s", day=full(last)
    )
    after = last - timedelta(days=365)
    return int(review.subject), after, last, Step(text, last, PRACTICE)


def _triggers(standing: Standing, rule: TaskRule) -> list[Fact]:
    """What the duty follows and still stands: a text that was taken back or refused is carried out by nobody."""
    found = [one for one in standing.course.noted[rule.after] if one not in standing.story.undone]
    if rule.after != "submitted":
        return found
    refused = {one.version for one in standing.course.noted["sst-refused"]}
    return [one for one in found if one.version not in refused]


def _begun(fact: Fact) -> date:
    """The day something follows from: of a notice or review the day itself, not the one it gives or counts for."""
    return fact.on if fact.event in (*NOTICES, "annual-review-held") else fact.value


def _after(standing: Standing, rulebook: Rulebook, rule: TaskRule) -> Iterator[Deadline]:
    names = {cluster.id: cluster.name for cluster in rulebook.clusters_of(standing.agreement.region)}
    since = _reached_from(standing)
    triggers = [
        one for one in _triggers(standing, rule) if rule.about in ("", one.about) and _begun(one) >= since
    ]
    begins = _law(standing).bound_from(rule.cite)
    for fact in triggers[-1:] if rule.about or rule.after in ("submitted", "effective") else triggers:
        begun = max(_begun(fact), begins)  # nobody was asked by guidance not there yet
        on = begun + timedelta(days=rule.days)
        later = [one for one in _done(standing, rule) if one.on >= fact.on]
        if rule.after == "piu-meeting-requested":
            later = [one for one in later if one.about == "piu"]
        elif fact.about and not rule.about:
            later = [one for one in later if one.about == fact.about]
        if not later and (rule.time or standing.as_of <= on + timedelta(days=STALE_DAYS)):
            about = fact.about if fact.about in names else ""
            words = names.get(fact.about, "" if rule.about else fact.about)
            yield _prompt(
                standing, rulebook, rule, f"{about}@nr{fact.no}", words, on, _found(begun, on), fact.on
            )


def _prompt(
    standing: Standing, rulebook: Rulebook, rule: TaskRule, subject: str, words: str, on: date, day: Step,
    since: date | None = None,
) -> Deadline:  # fmt: skip
    when = (
        phrase("%(next)s Reglerne siger »%(time)s«", next=rule.next, time=rule.time)
        if rule.time
        else phrase("%(next)s Loven sætter ingen dato for det", next=rule.next)
    )
    step = Step(when, on, "; ".join(rule.cite), "start")
    title = f"{rule.title.da}: {words}" if words else rule.title.da
    name = f"{rule.id}:{subject}"
    return asked(standing, rulebook.days, TASK, name, title, on, step, since=since, day=day)


def _found(begun: date, on: date) -> Step:
    """How the day ``on`` was found of a duty that began on the day ``begun``."""
    if on == begun:
        return begun_on(on)
    values = {"days": (on - begun).days, "begun": full(begun), "day": full(on)}
    return Step(phrase("Der spørges %(days)s dage efter %(begun)s: %(day)s", **values), on, PRACTICE)


def new_term(standing: Standing, rulebook: Rulebook) -> Iterator[Deadline]:
    """Rosters lapse with the election term; the new committees constitute themselves (O-01 to O-09)."""
    yield from seats_end(standing, rulebook)
    office = standing.agreement.term.office_of(standing.agreement.region)  # OVG § 105: some sit a year longer
    ends_on = (office or standing.agreement.term).ends_on
    cite = standing.agreement.regime.cite("committee-term")
    if cite and office:
        cite = office.cite
    if not cite or not ends_on - timedelta(days=62) <= standing.as_of <= ends_on + timedelta(days=182):
        return
    text = phrase(
        noted(
            "Regionsrådets funktionsperiode er forlænget til og med %(ends_on)s, og det er perioden for de udvalg, "
            "hvori regionen skal være repræsenteret; da bortfalder pladser og kontakter"
        )
        if office and office.ends_on > standing.agreement.term.ends_on
        else noted("Valgperioden slutter %(ends_on)s; alle pladser og kontakter bortfalder"),
        ends_on=full(ends_on),
    )
    step = Step(text, ends_on, cite, "start")
    if standing.as_of <= ends_on:
        yield asked(
            standing,
            rulebook.days,
            "rosters",
            "",
            phrase("Udvalg og kontaktlister udløber"),
            ends_on,
            step,
            sure=office is not None,
        )
    starts_on = ends_on + timedelta(days=1)
    new_term = next((term.label for term in rulebook.law.terms if term.starts_on == starts_on), "")
    open_ones = unset(standing, rulebook, starts_on)
    if new_term and open_ones:
        steps = [
            Step(
                phrase("Ikke registreret endnu – %(title)s (%(names)s)", title=rule.title.da, names=", ".join(names))
                if len(names) > 1
                else phrase("Ikke registreret endnu – %(title)s", title=rule.title.da),
                starts_on, "; ".join(rule.cite),
            )
            for rule, names in open_ones
        ]  # fmt: skip
        text = phrase(
            "Den nye valgperiode begynder %(starts_on)s; loven sætter ingen dato for de nye udvalg",
            starts_on=full(starts_on),
        )
        new = Step(text, starts_on, standing.agreement.regime.cite("committee") or cite, "start")
        yield asked(
            standing,
            rulebook.days,
            "constitution",
            new_term,
            phrase("Nye udvalg nedsættes"),
            starts_on,
            *steps,
            new,
        )
