"""Every date of an agreement in one list: the law's deadlines, days that were agreed or asked for, the least number of
meetings of the year, and what practice prompts about. Pages, commands, API, tables and calendars all read it here.

Each date has a *basis*: ``law``, ``guidance``, ``agreed`` or ``practice``. Only the first two can be *overdue*; of the
others a day that went by without what was waited for is ``passed``, and what came in time is no longer in the list.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from workflow.language import full, phrase
from workflow.rules.anchors import Step
from workflow.rules.days import spoken
from workflow.rules.endings import coming_on
from workflow.rules.regime import Law
from workflow.rules.timeline import Deadline
from workflow.rules.waiting import waiting
from workflow.rules.words import capital
from workflow.services.due.ending import NO_END, UNSETTLED, rules_gone, standing_alone
from workflow.services.due.minimums import MINIMUMS, inside, minimums, unheld
from workflow.services.due.once import once
from workflow.services.due.prompt import STALE_DAYS
from workflow.services.due.prompts import prompts
from workflow.services.due.quotas import bodies
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.values import replace

BASES = {
    "shall": "law",
    "shall-guidance": "guidance",
    "should": "guidance",
    "agreed": "agreed",
    "fact": "law",
    "none": "practice",
}
BESIDE = ("agreed", "practice")  # no law says when
_SAID_OTHERWISE = (
    "council-met",
    "council-day-gone",
    "council-calendar",
    MINIMUMS,
    "hold-over",
    "regime-ended",
    UNSETTLED,
    NO_END,
)  # counted apart, or of no day
_WHO = {"council-reply": "councils", "consultation": "councils", "publication": "councils"}
_ASKED_BY_SST = {
    "info-requested": ("info_requested", "information", "Oplysninger til {authority}"),
    "refusal-discussed": ("refusal_discussed", "refusal-discussed", "Svar til {authority} om det mulige afslag"),
}  # fmt: skip


def basis(deadline: Deadline) -> str:
    """What the date rests on: one of ``law``, ``guidance``, ``agreed`` and ``practice``."""
    return BASES[deadline.duty]


def dated(standing: Standing, rulebook: Rulebook) -> list[Deadline]:
    """The law's deadlines and everything :func:`beside` them, the earliest first, those without a date last; of one day
    the law's first."""
    return sorted([*standing.deadlines, *beside(standing, rulebook)], key=_order)


@once
def beside(standing: Standing, rulebook: Rulebook) -> list[Deadline]:
    """The days that are in no rule as a deadline, still to come or still waited for on the standing's Danish day. Once
    the rules have ended only what rests on an act of its own is left."""
    ended = standing.course.law_ended
    if ended and standing.as_of >= ended.value:
        return [*standing_alone(standing, rulebook), *unheld(standing, rulebook)]
    found = [*_prompted(standing, rulebook), *_asked_by_sst(standing, rulebook)]
    found += [*_council_meetings(standing, rulebook), *_meetings(standing, rulebook)]
    if standing.carries:
        found += minimums(standing, rulebook)
    found += unheld(standing, rulebook)
    return sorted({(one.id, one.subject): one for one in found}.values(), key=_order)


def next_date(standing: Standing, rulebook: Rulebook) -> Deadline | None:
    """The date to look at first: the earliest still to come (:func:`coming_on`), whatever it rests on."""
    found = [(coming_on(one, standing.as_of), one) for one in dated(standing, rulebook)]
    return min(
        (pair for pair in found if pair[0]), key=lambda pair: pair[0] or date.max, default=(None, None)
    )[1]


def explained(standing: Standing, rulebook: Rulebook, rule: str, subject: str = "") -> Deadline | None:
    """The date with this id and subject; without a subject the open one of several, else the newest. Where the rule
    gives the agreement none yet, what would give it one; ``None`` where no rule has this id."""
    same = [one for one in dated(standing, rulebook) if one.id == rule and subject in ("", one.subject)]
    if not same:  # a day that is not listed, such as the one asked for by nobody, still has its reason
        same = [one for one in prompts(standing, rulebook) if one.id == rule and subject in ("", one.subject)]
    if same:
        exact = [one for one in same if one.subject == subject]
        return next((one for one in exact or same if one.open), (exact or same)[-1])
    law: Law = rulebook.law
    return None if subject else waiting(standing.agreement, law, rule, standing.as_of)


def changes_on(standing: Standing, rulebook: Rulebook, after: date) -> list[date]:
    """Days after ``after`` on which the list beside the law's changes by the calendar alone."""
    ends_on = standing.agreement.term.ends_on
    days = [ends_on - timedelta(days=62), ends_on + timedelta(days=1), ends_on + timedelta(days=183)]
    for one in beside(standing, rulebook):
        if one.legal_on:
            days += [one.legal_on + timedelta(days=1), one.legal_on + timedelta(days=STALE_DAYS + 1)]
    return [day for day in days if day > after]


def _order(one: Deadline) -> tuple[object, ...]:
    return one.legal_on is None, one.legal_on or date.max, basis(one) in BESIDE, one.id, one.subject


def _date(
    standing: Standing, rulebook: Rulebook, rule: str, subject: str, title: str, on: date, *steps: Step, who: str,
    duty: str = "agreed", doubtful: bool = False,
) -> Deadline:  # fmt: skip
    """One such day. An agreed day has no rule that could have ended."""
    return Deadline(
        id=rule, subject=subject, title=title, duty=duty, who=who,
        status="upcoming" if standing.as_of <= on else "passed",
        legal_on=on, aim_on=rulebook.days.on_or_before(on), original_on=None, met_on=None, revision=1,
        cite=(steps[-1].cite,), why=steps, doubtful=doubtful,
    )  # fmt: skip


def _prompted(standing: Standing, rulebook: Rulebook) -> Iterator[Deadline]:
    current = standing.course.current
    for one in prompts(standing, rulebook):
        on = one.legal_on
        if one.id in _SAID_OTHERWISE or on is None:
            continue
        title, late = one.title, standing.as_of > on
        if one.id == "council-reply":
            if one.duty != "agreed":
                continue  # nobody agreed a day: the law's own stands in the list
            title = phrase("Svar fra rådene ønskes, version %(number)s", number=one.subject[1:])
        if one.id == "consultation":
            if late:
                continue  # it has closed, and nothing more is waited for on that day
            number, closes_at = one.subject[1:], current.closes_at if current else None
            title = phrase("Høringen af version %(number)s slutter", number=number)
            if closes_at:
                title = phrase(
                    "Høringen af version %(number)s slutter kl. %(time)s",
                    number=number,
                    time=closes_at.replace(":", "."),
                )
        if one.duty == "agreed" and rules_gone(standing):  # what goes on rests on the parties' word alone
            title = phrase("%(title)s; reglerne bag er ophævet", title=title)
        status = "passed" if late else "upcoming"
        doubtful = one.doubtful and one.duty != "agreed"
        who = one.subject.partition(":")[2] if one.id == "council-agenda" else _WHO.get(one.id, one.who)
        yield replace(one, title=title, status=status, who=who, doubtful=doubtful)


def _asked_by_sst(standing: Standing, rulebook: Rulebook) -> Iterator[Deadline]:
    """A day the authority named for an answer, while it waits for it and no rule makes a deadline of it."""
    current = standing.course.current
    ruled = {rule.due.event for rule in standing.agreement.regime.deadlines}
    for event, (state, provision, title) in _ASKED_BY_SST.items():
        if current is None or current.state != state or event in ruled:
            continue
        asked = [f for f in standing.course.noted[event] if f.version in (None, current.number)]
        if asked and (due := max(asked, key=lambda f: f.no).due):
            cite = standing.agreement.regime.cite(provision) or "journalen"
            newest = max(asked, key=lambda f: f.no)
            words = standing.agreement.regime.words
            asker, said = capital(words.authority.definite), words.said(title)
            first = Step(f"{asker} spurgte {spoken(newest.on)}", newest.on, newest.source or "journalen")
            step = Step(
                phrase("%(asker)s har bedt om svar senest %(due)s", asker=asker, due=full(due)),
                due,
                cite,
                "start",
            )
            subject = f"v{current.number}"
            yield _date(standing, rulebook, event, subject, said, due, first, step, who="secretariat")


def _council_meetings(standing: Standing, rulebook: Rulebook) -> Iterator[Deadline]:
    """The meetings at which councils are to decide on the newest text, until each has decided."""
    current = standing.course.current
    if current is None or not current.with_councils:
        return
    for code, on in current.meets_on.items():
        if code in current.pending:
            said = phrase(
                "%(one)s behandler version %(number)s på sit møde %(on)s",
                one=current.names[code],
                number=current.number,
                on=full(on),
            )
            facts = [
                f for f in standing.course.noted["council-scheduled"] if f.council == code and f.due == on
            ]
            source = next((f.source for f in reversed(facts) if f.source), "journalen")
            title = phrase(
                "Møde om %(document)s i %(council)s",
                document=standing.agreement.regime.words.document.definite, council=current.names[code],
            )  # fmt: skip
            subject = f"v{current.number}:{code}"
            step = Step(said, on, source, "start")
            yield _date(standing, rulebook, "council-meeting", subject, title, on, step, who=code)


def _meetings(standing: Standing, rulebook: Rulebook) -> Iterator[Deadline]:
    """Planned meetings of the committees; of those that went by this year the ones not recorded as held."""
    names = {about: name for about, _, name in bodies(standing, rulebook)}
    noted, today = standing.course.noted, standing.as_of
    held = [
        *standing.of_committees("meeting-held"),
        *(replace(f, about="piu") for f in noted["piu-meeting-held"]),
    ]
    for fact in noted["meeting-planned"]:
        on = fact.value
        done = any(f.about == fact.about and f.on >= on for f in held)
        if done or (on < today and on.year < today.year):
            continue
        name = names.get(fact.about, fact.about)
        step = Step(
            phrase("Mødet er planlagt til %(on)s", on=full(on)), on, fact.source or "journalen", "start"
        )
        title = phrase("Møde %(place)s", place=inside(name))
        who = fact.about.partition(":")[0]
        subject = f"{fact.about}@{on.isoformat()}"
        yield _date(standing, rulebook, "meeting", subject, title, on, step, who=who)
