"""Checks across the files of ``calendars/``: whether they fit together.

Each check raises :class:`Misconfigured` with the file, the entry's id and the key of the first thing that does not.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise

from workflow.errors import Misconfigured, NotFound
from workflow.lifecycle.course import TOLD
from workflow.lifecycle.machine import tables
from workflow.lifecycle.text import TACIT
from workflow.rules.regime import Law, Regime
from workflow.rules.terms import ElectionRule, Term, find_term
from workflow.rules.words import NEUTRAL
from workflow.storage.law.bodies import Bodies
from workflow.storage.law.datefiles import DeviationsFile, ElectionsFile
from workflow.storage.law.letterfiles import LettersFile

# Agreed or prompted in practice, never dated by law: letters may follow them, regimes may not.
INTERNAL_DEADLINES = (
    "council-reply", "council-agenda", "council-met", "council-calendar", "council-day-gone", "consultation", "receipt",
    "publication", "piu-before-drafting", "meetings",
    "piu-yearly", "watch", "rosters", "constitution", "hold-over", "task", "regime-ended", "regime-unsettled",
    "nominal-end-missing", "region-ends",
)  # fmt: skip

ANSWERED_WITH = ("decision-reported", "decision-confirmed", "decision-returned", "contacts-confirm")


def check_terms(where: str, file: ElectionsFile, bodies: Bodies, terms: Sequence[Term]) -> None:
    """Every election and term as the country's rule has them, none left out; office periods of known councils."""
    rule = file.rule.value() if file.rule else ElectionRule()
    for term in terms:
        voted, (first, last) = rule.day(term.election_on.year), rule.term(term.election_on)
        problem = ""
        if term.election_on != voted:
            problem = f"key election_on: {rule.said} is {voted}"
        elif (term.starts_on, term.ends_on) != (first, last):
            problem = f"key starts_on, ends_on: a term runs from {first} to {last}"
        if problem:
            raise Misconfigured(where, f'term "{term.label}", {problem}', f"Correct the date ({rule.cite})")
    for earlier, later in pairwise(terms):
        if later.starts_on != earlier.ends_on + timedelta(days=1):
            problem = f'term "{later.label}", key starts_on: it does not follow {earlier.label}'
            raise Misconfigured(where, problem, "Terms may neither overlap nor leave a gap")
    regions, labels = [region.id for region in bodies.regions], [term.label for term in terms]
    for period in file.office_period:
        place = f'office_period "{period.region}"'
        if period.region not in regions:
            raise Misconfigured(where, f"{place}, key region: unknown", f"Known: {', '.join(regions)}")
        if period.term not in labels:
            raise Misconfigured(
                where, f"{place}, key term: {period.term!r} unknown", f"Known: {', '.join(labels)}"
            )
        if period.ends_on < period.starts_on:
            raise Misconfigured(where, f"{place}, key ends_on: before starts_on", "Correct the date")
    for number, seats in enumerate(file.seats, start=1):
        if not any(term.starts_on <= seats.starts_on <= seats.ends_on <= term.ends_on for term in terms):
            problem = f'seats "{number}", key starts_on, ends_on: not a time within one term'
            raise Misconfigured(where, problem, "Correct the date")


def check_regime(where: str, regime: Regime, law: Law, bodies: Bodies) -> None:
    """The rules of one regime against the closed days, its own provisions, the terms and the councils."""
    optional = {day.id for day in law.closed if day.optional}
    if regime.words == NEUTRAL:
        problem = "key words: missing, so no letter could name the document, its parties and the authority"
        cure = "Write [words] with document, authority, parties and submit: docs/new-regime.md"
        raise Misconfigured(where, problem, cure)
    if regime.words.committee.definite != regime.committee:
        problem = f"key words.committee: {regime.words.committee.definite!r} is not the committee, {regime.committee!r}"
        raise Misconfigured(where, problem, "Call it the same in both places")
    for rule in regime.deadlines:
        place = f'deadline "{rule.id}"'
        for day in rule.also_closed:
            if day not in optional:
                raise Misconfigured(
                    where, f"{place}, key also_closed: {day!r} is no optional day", "See the closed days"
                )
        if rule.moved_by == "deviation" and not regime.cite("deviation"):
            problem = f"{place}, key moved_by: no provision allows a deviation"
            raise Misconfigured(where, problem, "Add provisions.deviation")
        submission = regime.rule("submission")
        if rule.due.anchor == "submission-deadline" and not (submission and submission.due.anchor == "term"):
            raise Misconfigured(where, f"{place}, key due.from: no dated deadline submission", "Add it")
    if regime.tacit_approval and not regime.cite("tacit-approval"):
        raise Misconfigured(
            where, "key tacit_approval: no provision behind it", "Add provisions.tacit-approval"
        )
    _check_groups(where, regime, bodies)
    _check_events(where, regime)
    labels = [term.label for term in law.terms]
    for term in regime.terms:
        if term not in labels:
            raise Misconfigured(where, f"key terms: {term!r} is unknown", f"Known: {', '.join(labels)}")


def _check_events(where: str, regime: Regime) -> None:
    """A duty is met by, and counted from, what its course can have: else it could never be met."""
    course = tables(regime.course)
    for rule in regime.deadlines:
        for key, events in (("met_by", rule.met_by), ("due.event", filter(None, (rule.due.event,)))):
            named = list(events)
            if named and all(event in TOLD and not course.knows(event) for event in named):
                problem = (
                    f'deadline "{rule.id}", key {key}: the course {regime.course.id} never has {named[0]!r}'
                )
                known = ", ".join(sorted(event for event in TOLD if course.knows(event)))
                raise Misconfigured(where, problem, f"It has: {known}")


def _check_groups(where: str, regime: Regime, bodies: Bodies) -> None:
    """The groups whose rounds these are consist of known councils of a known region."""
    for group in regime.unit.groups:
        place = f'unit.group "{group.id}"'
        if group.region not in [region.id for region in bodies.regions]:
            raise Misconfigured(
                where, f"{place}, key region: {group.region!r} is unknown", "See bodies/regions.csv"
            )
        known = {region.code for region in bodies.regions} | {one.code for one in bodies.memberships}
        if strange := sorted({*group.councils} - known):
            problem = f"{place}, key councils: {', '.join(strange)} is no council"
            raise Misconfigured(where, problem, "See bodies/councils.csv")


def check_succession(where: str, regimes: Sequence[tuple[str, Regime]], law: Law) -> None:
    """Regimes of one kind, in the order they came into force, must take the terms in order, each once, with none left
    out; a kind may begin with any term."""
    kinds: dict[str, dict[str, str]] = {}
    ids: dict[str, str] = {}
    for file, regime in regimes:
        if regime.id in ids:
            raise Misconfigured(
                file, f"key id: {regime.id!r} is also the id of {ids[regime.id]}", "Rename one"
            )
        for reach in regime.reaches_back:
            if reach.regime not in ids:
                problem = f'reaches_back "{reach.regime}", key regime: no earlier regime has this id'
                raise Misconfigured(file, problem, f"Earlier: {', '.join(ids) or 'none'}")
            if unknown := [step for step in reach.steps if not regime.cite(step)]:
                problem = (
                    f'reaches_back "{reach.regime}", key steps: no provision behind {", ".join(unknown)}'
                )
                raise Misconfigured(file, problem, "Name keys of provisions")
        ids[regime.id] = file
        taken = kinds.setdefault(regime.kind, {})
        for term in regime.terms:
            if term in taken and term in regime.shared_terms:
                continue
            if term in taken:
                problem = f"key terms: {term!r} is already governed by {taken[term]}, of the same kind"
                raise Misconfigured(
                    file, problem, "Remove one, or give what stands beside it a kind of its own"
                )
            taken[term] = regime.id
    if not any(kinds.values()):
        raise Misconfigured(where, "there is no regime", "Restore the files")
    for taken in kinds.values():
        _without_gaps(where, taken, [term.label for term in law.terms])


def _without_gaps(where: str, taken: dict[str, str], order: Sequence[str]) -> None:
    """Term -> regime of one kind, in the order they came into force, against the order of the terms."""
    positions = [order.index(term) for term in taken]
    for before, after in pairwise(positions):
        if after != before + 1:
            late, early = order[after], order[before]
            problem = (
                f"key in_force_on, terms: {taken[late]} takes {late} right after {taken[early]} took {early}"
            )
            raise Misconfigured(where, problem, "Regimes may neither overlap nor leave a gap")


def check_deviations(where: str, file: DeviationsFile, bodies: Bodies, law: Law) -> None:
    """Known regions and terms, a regime that allows it, and the date it really moved."""
    for entry in file.deviation:
        place = f'deviation "{entry.id}"'
        for region in entry.regions:
            if region not in [known.id for known in bodies.regions]:
                raise Misconfigured(
                    where, f"{place}, key regions: {region!r} is unknown", "See bodies/regions.csv"
                )
        try:
            term = find_term(law.terms, entry.term)
        except NotFound as error:
            raise Misconfigured(where, f"{place}, key term: {error}", "Correct the term") from error
        rules = (regime.rule("submission") for regime in law.regimes_of(term))
        rule = next((found for found in rules if found and found.moved_by == "deviation"), None)
        if rule is None:
            raise Misconfigured(
                where, f"{place}, key term: its regime allows no deviation", "Correct the term"
            )
        usual = date(term.calendar_year(rule.due.term_year), rule.due.month, rule.due.day)
        if entry.old_on not in (usual, *(e.new_on for e in file.deviation if e is not entry)):
            raise Misconfigured(
                where, f"{place}, key old_on: the date in force is {usual}", "Correct the date"
            )


def check_letters(where: str, file: LettersFile, law: Law) -> None:
    """What letters follow exists, and the closed days they keep to are optional ones."""
    for day in file.also_closed:
        if day not in {closed.id for closed in law.closed if closed.optional}:
            raise Misconfigured(where, f"key also_closed: {day!r} is no optional day", "See the closed days")
    names = [letter.name for letter in file.letter]
    if missing := [name for name in ANSWERED_WITH if name not in names]:
        problem = f"letter {missing[0]!r} is missing: it answers what a reader does from the mail or the site"
        raise Misconfigured(where, problem, "Copy it from the letters.toml that came with the program")
    for regime in law.regimes:
        for rule in regime.deadlines:
            if unknown := [name for name in rule.letters or () if name not in names]:
                problem = f'deadline "{rule.id}" of {regime.id}, key letters: {unknown[0]!r} is no letter'
                raise Misconfigured(where, problem, f"Known: {', '.join(names)}")
    _followed(where, file, law)


def _followed(where: str, file: LettersFile, law: Law) -> None:
    """A letter follows a deadline of some regime or of :data:`INTERNAL_DEADLINES`, in states a version can be in."""
    known = {rule.id for regime in law.regimes for rule in regime.deadlines} | set(INTERNAL_DEADLINES)
    courses = (regime.course.machine("version") for regime in law.regimes)
    states = list(dict.fromkeys(state.id for machine in courses if machine for state in machine.states))
    states += [TACIT]
    for letter in file.letter:
        for deadline in letter.deadline:
            if deadline not in known:
                problem = f'letter "{letter.name}", key deadline: {deadline!r} is no deadline of any regime'
                raise Misconfigured(where, problem, f"Known: {', '.join(sorted(known))}")
        for state in (letter.state, *letter.during):
            if state and state not in states:
                problem = f'letter "{letter.name}", key state, during: no version is ever {state!r}'
                raise Misconfigured(where, problem, f"Known: {', '.join(states)}")
