"""follow(agreement, facts, law, as_of) -> where every machine of an agreement stands, or which fact cannot be.

Facts are taken in the order they happened (day, version, the natural order of a day, journal number), so the
order they were typed in does not matter. The first fact that the tables refuse raises :class:`NotPossible`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from workflow.errors import NotPossible
from workflow.language import phrase
from workflow.lifecycle.course import COUNCIL_EVENTS, PERIOD_EVENTS, REPORTS, VERSION_EVENTS, Course
from workflow.lifecycle.machine import tables
from workflow.lifecycle.review import state_of
from workflow.lifecycle.steps import begin_text, cite_on, find_text, keep_marks, publish, report
from workflow.lifecycle.text import Version, decide, fall_silent, move, send
from workflow.rules.agreement import Agreement
from workflow.rules.anchors.yearly import by_year, first_year
from workflow.rules.endings import Ending, end_known, settled
from workflow.rules.facts import Fact
from workflow.rules.regime import Law
from workflow.rules.story import SILENCE, tell
from workflow.rules.tacit import heard


def follow(
    agreement: Agreement,
    facts: Iterable[Fact],
    law: Law,
    as_of: date,
    succeeded_on: date | None = None,
) -> Course:
    """Walk every machine through the facts known on ``as_of``; ``succeeded_on`` is the day the next agreement took
    effect."""
    course = walk(agreement, facts, law, as_of, succeeded_on)
    _let_the_clock_run(agreement, law, course, as_of, succeeded_on)
    return course


def walk(
    agreement: Agreement, facts: Iterable[Fact], law: Law, as_of: date = date.max,
    succeeded_on: date | None = None,
) -> Course:  # fmt: skip
    """Walk the machines through the facts alone, by default all of them whenever they become known: whether the whole
    story holds. What the calendar does by itself (a period that begins, a year that ends) is not in it, but for a
    silence that approves: that decides what can follow."""
    regime = agreement.regime
    story = heard(agreement, law, tell(facts, as_of, succeeded_on), as_of)
    course = Course(tables(regime.course), story)
    course.law_ended = story.newest("regime-confirmed") or _ended_in_file(agreement, as_of)
    for fact in story.walked:
        _close_hearings(course, min(fact.on, as_of))  # a date set for later closes nothing today
        try:
            _take(agreement, course, fact)
        except NotPossible as refusal:
            refusal.fact_no = fact.no
            raise
    course.nominal_end, effective = story.newest("nominal-end"), story.newest("effective")
    course.effective_on = effective.value if effective else None
    return course


def _ended_in_file(agreement: Agreement, as_of: date) -> Fact | None:
    """The end that the regime's own file confirms, as the fact it amounts to; it is in no journal and has no number."""
    ends = end_known(agreement.regime.ends, as_of)
    if ends is None or ends.confirmed_on is None:
        return None
    return Fact(
        0, "regime-confirmed", ends.known_on, due=ends.confirmed_on, source=ends.cite, known_on=ends.known_on
    )


def _take(agreement: Agreement, course: Course, fact: Fact) -> None:
    if course.tables.version.beginning(fact.event):
        _law_must_hold(agreement, course, fact)
        begin_text(agreement, course, fact)
    if fact.event == "sent-for-approval":
        send(find_text(course, fact), fact)
    elif fact.event in COUNCIL_EVENTS:
        version = find_text(course, fact)
        yes = [*course.noted["council-approved"], *course.noted["council-remarks"]]
        same = [f.no for f in yes if (f.council, f.version) == (fact.council, fact.version)]
        decide(agreement, version, fact, course.versions[-1].number, max(same, default=None))
        _conclude(course, version, fact)
    elif fact.event in VERSION_EVENTS:
        version = find_text(course, fact)
        version.noted, version.names_date = _noted_of(course, version), fact.due is not None
        if fact.event not in course.tables.version.rule.notes:
            marks = course.tables.version.marks(version.state, fact.event, version, cite_on(agreement, fact))
            keep_marks(course, fact, marks)
            move(agreement, version, fact)
            _conclude(course, version, fact)
    elif fact.event in PERIOD_EVENTS and not course.tables.knows(fact.event):
        raise NotPossible(
            phrase(
                "%(event)s er ikke mulig: %(rules)s kender den ikke",
                event=fact.event, rules=agreement.regime.instrument,
            )
        )  # fmt: skip
    elif fact.event in ("midterm-sent", "final-sent", "status-adopted", "shared"):
        report(agreement, course, fact)
    elif fact.event == "deviation" and not agreement.regime.cite("deviation"):
        authority = agreement.regime.words.authority.definite
        raise NotPossible(
            phrase(
                "%(rules)s giver ikke %(authority)s adgang til at fravige fristen",
                rules=agreement.regime.instrument,
                authority=authority,
            )
        )
    elif fact.event == "published":
        publish(agreement, course, fact)
    elif fact.event == SILENCE:
        fall_silent(find_text(course, fact), fact)
    course.noted[fact.event].append(fact)


def _noted_of(course: Course, version: Version) -> set[str]:
    """The events recorded of this text, or of none in particular."""
    return {
        event
        for event, facts in course.noted.items()
        if any(fact.version in (None, version.number) for fact in facts)
    }


def _law_must_hold(agreement: Agreement, course: Course, fact: Fact) -> None:
    """No text is begun or sent to the councils once somebody has confirmed that the law has ended. What was done before
    anybody knew stands, and lapses."""
    ended, ends = course.law_ended, agreement.regime.ends
    if ended and ended.no and fact.on >= ended.value and fact.on > (ended.known_on or ended.value):
        raise NotPossible(
            phrase(
                "%(event)s er ikke mulig: reglerne er ophævet fra %(day)s", event=fact.event, day=ended.value
            ),
            ends.cite if ends else ended.source,
        )


def _conclude(course: Course, version: Version, fact: Fact) -> None:
    """Keep the day on which a text was concluded, and let it take the place of the one before."""
    texts = course.tables.version
    if version.state in texts.are("concluded") and version.concluded_on is None:
        version.concluded_on = fact.on
        for older in course.versions[:-1]:
            if older.state in texts.are("concluded") and texts.target(older.state, "superseded"):
                older.state = texts.moved(older.state, "superseded")
    course.concluded_on = min((one.concluded_on for one in course.versions if one.concluded_on), default=None)


def _close_hearings(course: Course, on: date) -> None:
    """The closing day ends a hearing by itself; a reply that comes later can still be recorded."""
    for version in course.versions:
        closed = course.tables.version.target(version.state, "consultation-closed")
        if closed and version.closes_on and on > version.closes_on:
            version.state = closed


def _let_the_clock_run(
    agreement: Agreement, law: Law, course: Course, as_of: date, succeeded_on: date | None
) -> None:
    _close_hearings(course, as_of)
    current, texts, reports = course.current, course.tables.version, course.tables.report
    for which in REPORTS:
        parties = {party.code for party in agreement.parties}
        out = reports.target(course.reports[which], "published")
        if out and parties <= course.published(which).keys():
            course.reports[which] = out
    _let_the_period_run(agreement, course, as_of, succeeded_on)
    if rule := agreement.regime.rule("annual-review"):
        ends = end_known(agreement.regime.ends, as_of)
        ends = settled(ends, course.law_ended) if course.law_ended else ends
        held = by_year(rule, course.story, law.silences, law.business_days(rule.also_closed))
        _let_the_years_run(course, min(as_of, succeeded_on or as_of), ends, held)
    ended = course.law_ended
    if ended and as_of >= ended.value:
        if over := course.tables.period.target(course.period, "law-ended"):
            course.period, course.period_on = over, ended.value
        if current and (over := texts.target(current.state, "law-ended")):
            current.state = over
        for which, state in course.reports.items():
            course.reports[which] = reports.target(state, "law-ended") or state


def _let_the_period_run(agreement: Agreement, course: Course, as_of: date, succeeded_on: date | None) -> None:
    if not (
        course.effective_on and course.concluded_on and as_of >= max(course.effective_on, course.concluded_on)
    ):
        return
    days = [("effective", max(course.effective_on, course.concluded_on))]
    notices = course.noted["notice-given"][-1:]
    days += [("notice-given", fact.on) for fact in notices]
    days += [("notice-ended", fact.value) for fact in notices]
    days += [("nominal-end-passed", course.nominal_end.value)] if course.nominal_end else []
    days += [("succeeded", succeeded_on)] if succeeded_on else []
    for event, on in days:
        if as_of >= on and course.tables.period.target(course.period, event):
            course.period = course.tables.period.step(course.period, event, course, agreement.regime.cite)
            course.period_on = on


def _let_the_years_run(
    course: Course, as_of: date, ends: Ending | None, held: Mapping[int, Sequence[Fact]]
) -> None:
    """One review for each calendar year from the first whole one in force; none for a year the law did not last out.
    ``held``: what counts for each year. A course may follow none: there a reading meets its date, and that is all."""
    start = course.effective_on
    if start is None or course.period == "planned" or not course.tables.review.initial:
        return
    revised = [fact.on for fact in course.noted["revision-opened"]]
    for year in range(first_year(start), as_of.year + 1):
        if not (ends and ends.lapsed(date(year, 12, 31))):
            mine = [(fact.on, fact.about) for fact in held.get(year, ())]
            course.reviews[year] = state_of(course.tables.review, year, as_of, mine, revised)
