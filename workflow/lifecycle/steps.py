"""The steps of a course that begin a text or find it, report on it and publish it; each with why it cannot be taken."""

from __future__ import annotations

from collections.abc import Iterable

from workflow.errors import NotPossible
from workflow.language import noted, phrase
from workflow.lifecycle.course import REPORTS, Course, Mark
from workflow.lifecycle.guards import Blocker
from workflow.lifecycle.machine import Cite, asked_of, broken
from workflow.lifecycle.names import REPORT_NAMES
from workflow.lifecycle.spoken import the_day
from workflow.lifecycle.text import Version, begin, replace_by
from workflow.rules.agreement import Agreement
from workflow.rules.facts import Fact

_NOT_BEGUN = {  # what is true of a version that is not there yet, and what would begin it; else: it was never sent
    "consultation-closed": (noted("ikke i høring"), "consultation-opened"),
    "withdrawn": (noted("ikke begyndt"), "drafting-opened"),
}


def keep_marks(course: Course, fact: Fact, rules: Iterable[Blocker]) -> None:
    """Keep the rules that a step broke."""
    course.marks += [Mark(fact, rule.need, rule.text, rule.cite, rule.who) for rule in rules]


def cite_on(agreement: Agreement, fact: Fact) -> Cite:
    """The provision behind a step on the day of ``fact``: what was done broke no rule that came later."""
    return lambda step: agreement.regime.cite_on(step, fact.on)


def begin_text(agreement: Agreement, course: Course, fact: Fact) -> None:
    """Start a new text where the fact names a number that is not there yet."""
    number, before = fact.version or 1, course.current
    if course.version(number):
        if fact.event in ("drafting-opened", "revision-opened"):
            raise NotPossible(
                phrase(
                    "version %(number)s er allerede begyndt; en ny tekst får nummer %(next)s",
                    number=number, next=number + 1,
                )
            )  # fmt: skip
        if fact.event == "sent-for-approval" and (version := course.version(number)) and version.sent_on:
            raise NotPossible(
                phrase(
                    "version %(number)s er allerede sendt til godkendelse; en ændret tekst får nummer %(next)s",
                    number=number,
                    next=number + 1,
                )
            )
        return
    if before and before.number > number:
        raise NotPossible(
            phrase(
                "version %(number)s er ældre end version %(newest)s; en ny tekst får nummer %(next)s",
                number=number,
                newest=before.number,
                next=before.number + 1,
            )
        )
    if before and number > before.number + 1:
        raise NotPossible(
            phrase(
                "den næste version efter %(newest)s er %(next)s, ikke %(number)s",
                newest=before.number, next=before.number + 1, number=number,
            )
        )  # fmt: skip
    if before and before.with_authority:
        whose = agreement.regime.words.authority.genitive
        raise NotPossible(
            phrase(
                "version %(number)s er '%(state)s'; afvent %(whose)s svar",
                number=before.number, state=before.state_name, whose=whose,
            )
        )  # fmt: skip
    begins = course.tables.version.beginning(fact.event)
    assert begins is not None
    keep_marks(course, fact, broken(begins, course, cite_on(agreement, fact)))
    if blocker := asked_of(begins.guard, course, agreement.regime.cite):
        raise NotPossible(blocker.text, blocker.cite)
    if before:
        replace_by(before, number)
    version = begin(agreement, number)
    version.answers = None if fact.event == "revision-opened" else _refusal_behind(course)
    version.revision = (
        course.concluded and version.answers is None
    )  # the text that was asked for revises nothing
    course.versions.append(version)


def _refusal_behind(course: Course) -> int | None:
    """The refused version that the next text changes: the newest, or the one the newest answers while that stands
    submitted nowhere, as when a council has turned it down."""
    before = course.current
    if before is None:
        return None
    if before.number in {one.version for one in course.noted["sst-refused"]}:
        return before.number
    return before.answers if before.submitted_on is None else None


def find_text(course: Course, fact: Fact) -> Version:
    """The text a fact is about; :class:`NotPossible` where it was never begun."""
    version = course.version(fact.version or 0)
    if version is None:
        texts, unsent = course.tables.version, (noted("ikke sendt til godkendelse"), "sent-for-approval")
        begun = unsent if texts.beginning(unsent[1]) else (noted("ikke begyndt"), texts.rule.begins[0].event)
        missing, first = _NOT_BEGUN.get(fact.event, begun)
        raise NotPossible(
            phrase(
                "%(event)s er ikke mulig: version %(number)s er %(missing)s %(day)s; registrér først %(first)s",
                event=fact.event, number=fact.version, missing=missing, day=the_day(fact.on), first=first,
            )
        )  # fmt: skip
    return version


def report(agreement: Agreement, course: Course, fact: Fact) -> None:
    """A status report goes one step further."""
    which = fact.about if fact.event in ("status-adopted", "shared") else fact.event.removesuffix("-sent")
    if which not in REPORTS:
        raise NotPossible(
            phrase(
                "%(event)s skal sige hvilken rapport: --about midterm eller --about final", event=fact.event
            )
        )
    if agreement.regime.rule(f"{which}-order") is None:
        raise NotPossible(
            phrase(
                "%(event)s er ikke mulig: %(rules)s kræver ingen statusrapporter",
                event=fact.event,
                rules=agreement.regime.instrument,
            )
        )
    course.midterm_missing = which == "final" and course.midterm == course.tables.report.initial
    event = "sent" if fact.event.endswith("-sent") else fact.event
    before = course.reports[which]
    course.reports[which] = course.tables.report.step(
        before, event, course, agreement.regime.cite, REPORT_NAMES[which], fact.event
    )
    keep_marks(course, fact, course.tables.report.marks(before, event, course, cite_on(agreement, fact)))


def publish(agreement: Agreement, course: Course, fact: Fact) -> None:
    """A council confirms that the agreement or a report was published."""
    cite = agreement.regime.cite("publish")
    what = fact.about
    council = agreement.council(fact.council or "")
    if council is None:
        raise NotPossible(
            phrase(
                "rådet %(council)s er ikke part i %(agreement)s",
                council=fact.council,
                agreement=agreement.key,
            ),
            cite,
        )
    if what == "agreement":
        version = find_text(course, fact)
        if version.concluded_on is None:
            raise NotPossible(
                phrase(
                    "version %(number)s er ikke indgået endnu, så der er intet at offentliggøre",
                    number=version.number,
                ),
                cite,
            )
    elif course.reports.get(what) not in ("sent_to_sst", "published", "shared"):
        authority = agreement.regime.words.authority.definite
        raise NotPossible(
            phrase(
                "%(report)s er ikke sendt til %(authority)s endnu",
                report=REPORT_NAMES[what],
                authority=authority,
            ),
            cite,
        )
    if council.code in course.published(what, fact.version):
        raise NotPossible(
            phrase("%(council)s har allerede bekræftet offentliggørelsen", council=council.name), cite
        )
