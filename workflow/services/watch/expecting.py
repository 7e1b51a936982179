"""What ought to have been told by a day, worked out a second time.

On purpose this shares nothing with the planner but the law and the names of the letters: not its ladder, not its
letter facts, not its index of when to look. A mistake there must not be a mistake here.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from workflow.lifecycle.course import COUNCIL_EVENTS
from workflow.rules.days import BusinessDays
from workflow.rules.facts import Fact, live
from workflow.rules.timeline import Deadline
from workflow.services.due.prompts import prompts
from workflow.services.planning.occasions import needing
from workflow.services.planning.readiness import fit_to_send
from workflow.services.planning.recipients import expand, stands_for, there, unheard_of
from workflow.services.watch.rungs import Dated, back_to_work, earliest, newest_rung, not_yet
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.values import dataclass

NEWS = timedelta(days=92)  # after its day, or after the day it was typed in, a letter is no longer planned
WORTH_TELLING = timedelta(days=122)  # that the rules have ended: later everybody knows
WENT_OUT = ("accepted", "confirmed", "bounced", "intent", "claimed", "carried", "told")


@dataclass(frozen=True, slots=True)
class Duty:
    """One letter to one function that ought to be in the outbox under ``key``. ``due_on`` is a Danish day."""

    key: str
    agreement: str
    letter: str
    rung: str
    recipient: str
    due_on: date
    revision: int = 0


def duties(rulebook: Rulebook, standing: Standing, by: date, told: Mapping[str, str]) -> Iterator[Duty]:
    """Everything one agreement owes ``by`` that day. ``told`` maps the keys of its notices to their states: who was
    told an earlier date must be told that it has moved."""
    return unheard_of(standing, rulebook, _duties(rulebook, standing, by, told), told)


def _duties(rulebook: Rulebook, standing: Standing, by: date, told: Mapping[str, str]) -> Iterator[Duty]:
    days = rulebook.days
    dates = list(_dates(standing, rulebook))
    reminders: list[tuple[Duty, bool, Dated]] = []
    current = standing.course.current
    state = standing.course.text_state
    if state == "fully_approved" and not fit_to_send(standing, rulebook):
        state = ""
    for letter in rulebook.letters:
        if letter.at and (not letter.during or state in letter.during):
            for dated in earliest(dates, letter.deadline):
                rung = newest_rung(letter, dated, days, by)
                if rung and not not_yet(standing, rulebook, letter, rung[1]):
                    about = f"{dated.id}|{dated.subject}|r{dated.revision}@{dated.legal_on}"
                    to = expand(standing, rulebook, letter.to, _asked(standing, rulebook, dated))
                    to = [one for one in to if there(rulebook, one, dated.legal_on)]
                    owed = _each(standing, letter, to, about, f"{rung[0]:+d}d", rung[1], dated.revision)
                    reminders += [(duty, letter.statutory, dated) for duty in owed]
        if letter.name in _TO_WHOEVER_WAS_TOLD:
            yield from _TO_WHOEVER_WAS_TOLD[letter.name](standing, rulebook, letter, told)
            continue
        everyone = expand(standing, rulebook, letter.to) if letter.event or letter.state else []
        for fact in live(standing.facts, standing.as_of):
            if fact.event in letter.event and _told_from(fact) >= standing.as_of - NEWS:
                yield from _each(
                    standing, letter, needing(standing, fact, everyone), "||r0@", f"fact{fact.no}", fact.on
                )
        yield from _by_silence(standing, letter, everyone)
        if current and letter.state and letter.state == state and current.decided_on:
            reached = max(current.decided_on.values())
            said = [_told_from(f) for f in standing.facts if f.council and f.version == current.number]
            if max([reached, *said]) >= standing.as_of - NEWS:
                yield from _each(standing, letter, everyone, "||r0@", f"v{current.number}@{reached}", reached)

    for duty, statutory, dated in reminders:
        later = (
            other.due_on > duty.due_on
            for other, _, same in reminders
            if same is dated and other.recipient == duty.recipient
        )
        if statutory or not (any(later) or _silenced(duty, told)):
            yield duty


def _by_silence(standing: Standing, letter: Any, everyone: list[str]) -> Iterator[Duty]:
    """That a text counts as approved, since the authority's last day has passed without an answer."""
    counted = ("submitted", "received", "info-requested", "info-supplied")
    of = {fact.no: fact.version for fact in standing.facts}
    for version in standing.course.versions if letter.state == "tacit" else ():
        last = version.answered_on
        if not version.tacit or last is None:
            continue
        said = [
            _told_from(f)
            for f in standing.facts
            if (of.get(f.corrects or 0) if f.corrects else f.event in counted and f.version) == version.number
        ]
        if max([last + timedelta(days=1), *said]) >= standing.as_of - NEWS:
            rung = f"silence{version.number}@{last}"
            yield from _each(standing, letter, everyone, "||r0@", rung, last)


def asked_of(standing: Standing, duty: Duty) -> bool:
    """Whether a letter may wait for a person's word: its day lies before something was typed in about days gone by, or
    before the agreement was opened here."""
    for fact in standing.facts:
        entered = fact.entered_on
        late = entered and (fact.event == "opened" or min(fact.on, fact.due or fact.on) < entered)
        if entered and late and duty.due_on < entered:
            return True
    return False


def _told_from(fact: Fact) -> date:
    return max(fact.on, fact.entered_on) if fact.entered_on else fact.on


def _silenced(duty: Duty, told: Mapping[str, str]) -> bool:
    """Whether a reminder before its date was never planned because its reader has acknowledged an earlier one."""
    before, after = duty.key.split(f"|{duty.rung}|")
    return (
        duty.rung.startswith("-")
        and told.get(duty.key, "superseded") == "superseded"
        and any(
            state == "confirmed" and key.startswith(f"{before}|") and key.endswith(f"|{after}")
            for key, state in told.items()
        )
    )


def _asked(standing: Standing, rulebook: Rulebook, dated: Dated) -> Deadline | None:
    """The prompt or deadline behind a date: it tells which publication is meant, and on whom a duty falls."""
    wanted = (dated.id, dated.subject)
    found = (p for p in (*prompts(standing, rulebook), *standing.deadlines) if (p.id, p.subject) == wanted)
    return next(found, None)


def _dates(standing: Standing, rulebook: Rulebook) -> Iterator[Dated]:
    days, over = rulebook.days, standing.course.period in ("ended", "rules_ended")
    for d in () if over else standing.deadlines:
        if d.status in ("upcoming", "overdue") and d.legal_on:
            aim = back_to_work(d.legal_on, days) if d.aim_on is None else d.aim_on
            yield Dated(d.id, d.subject, d.legal_on, aim, d.revision, d.since, d.latest_on or d.legal_on)
    for p in prompts(standing, rulebook):
        if p.legal_on and p.aim_on and p.id != "regime-ended":
            yield Dated(p.id, p.subject, p.legal_on, p.aim_on, p.revision, p.since, p.legal_on)

    yield from _ended(standing, days)


def _ended(standing: Standing, days: BusinessDays) -> Iterator[Dated]:
    """That the rules have ended, from the journal itself or else the rules' own file: everybody is told once, after
    the end and after the day it was recorded, whichever came last."""
    said = [f for f in live(standing.facts, standing.as_of) if f.event == "regime-confirmed" and f.due]
    newest = max(said, key=lambda fact: (fact.known_on or date.min, fact.no), default=None)
    filed, end, known_on = standing.agreement.regime.ends, None, None
    if newest:
        end, known_on = newest.due, newest.known_on
    elif filed and filed.known_on <= standing.as_of:
        end, known_on = filed.confirmed_on, filed.known_on
    sent_out = ("sent-for-approval", "consultation-opened")
    if end is None or end > standing.as_of:
        return
    if not any(fact.event in sent_out for fact in live(standing.facts, standing.as_of)):
        return  # nothing ever left the secretariat: there is nobody to tell
    first = max(end, known_on + timedelta(days=1) if known_on else end)
    while days.why_closed(first):
        first += timedelta(days=1)
    if standing.as_of - first <= WORTH_TELLING:
        times = sum(f.event == "regime-confirmed" and f.known_by(standing.as_of) for f in standing.facts)
        yield Dated("regime-ended", "", end, first, max(times, 1), None, end)


def _moved(standing: Standing, rulebook: Rulebook, letter: Any, told: Mapping[str, str]) -> Iterator[Duty]:
    """ "The deadline has moved", to everybody when SST moved it, else to whoever was told an earlier date. Once it is
    met: only the submission's, to everybody when SST moved it, else to whoever was told that SST had."""
    key = standing.agreement.key
    signed = {
        f.known_on for f in standing.facts if f.event == "reading-signed"
    }  # told by a letter of its own
    for d in standing.deadlines:
        done = d.status in ("met", "met_late")
        if (
            d.revision < 2
            or d.status in ("lapsed", "breached", "undated")
            or not d.changed_on
            or not d.legal_on
        ):
            continue
        if done and d.id != "submission":
            continue
        said = [_told_from(fact) for fact in standing.facts if fact.known_on == d.changed_on]
        if standing.as_of - max([d.changed_on, *said]) > NEWS or d.changed_on in signed:
            continue
        whom = expand(standing, rulebook, letter.to) if any(step.kind == "moved" for step in d.why) else []
        earlier = tuple(f"{key}|{d.id}|{d.subject}|r{revision}@" for revision in range(1, d.revision))
        whom += [
            one.split("|")[-1]
            for one, state in told.items()
            if one.startswith(earlier) and state in WENT_OUT and (not done or f"|{letter.name}|" in one)
        ]
        about = f"{d.id}|{d.subject}|r{d.revision}@{d.legal_on}"
        for recipient in dict.fromkeys(whom):
            yield Duty(
                f"{key}|{about}|{letter.name}|moved|{recipient}", key, letter.name, "moved", recipient, d.changed_on,
                d.revision,
            )  # fmt: skip


def _retracted(
    standing: Standing, _rulebook: Rulebook, letter: Any, told: Mapping[str, str]
) -> Iterator[Duty]:
    """Whoever was told that the rules had ended is told when that is taken back."""
    key, by_no = standing.agreement.key, {fact.no: fact for fact in standing.facts}
    for fact in standing.facts:
        ended = by_no.get(fact.corrects or 0)
        known = fact.known_by(standing.as_of) and _told_from(fact) >= standing.as_of - NEWS
        if fact.event == "correction" and known and ended and ended.event == "regime-confirmed":
            whom = [
                one.split("|")[-1]
                for one, state in told.items()
                if one.startswith(f"{key}|regime-ended||") and f"@{ended.due}|" in one and state in WENT_OUT
            ]
            yield from _each(standing, letter, dict.fromkeys(whom), "||r0@", f"fact{fact.no}", fact.on)


def _mistaken(standing: Standing, rulebook: Rulebook, letter: Any, told: Mapping[str, str]) -> Iterator[Duty]:
    """Whoever was told what was corrected afterwards is told that it was a mistake; no letter where the journal says
    the very same anew."""
    by_no, current = {fact.no: fact for fact in standing.facts}, live(standing.facts, standing.as_of)
    for fact in standing.facts:
        wrong = by_no.get(fact.corrects or 0)
        known = fact.known_by(standing.as_of) and _told_from(fact) >= standing.as_of - NEWS
        if fact.event != "correction" or not known or wrong is None:
            continue
        said = (wrong.event, wrong.on, wrong.due, wrong.version, wrong.council, wrong.about)
        if said in [(one.event, one.on, one.due, one.version, one.council, one.about) for one in current]:
            continue
        text = standing.course.version(wrong.version or 0)
        counted = wrong.event in COUNCIL_EVENTS and text and wrong.council in (*text.pending, *text.against)
        whom = []
        for one, state in told.items():
            *_, rung, recipient = one.split("|")
            about = rung.split("~")[0]
            if about == f"fact{wrong.no}" or (counted and about.split("@")[0] == f"v{wrong.version}"):
                whom += [stands_for(standing, rulebook, recipient)] if state in WENT_OUT else []
        yield from _each(standing, letter, dict.fromkeys(whom), "||r0@", f"fact{fact.no}", fact.on)


def _each(
    standing: Standing,
    letter: Any,
    to: Iterable[str],
    about: str,
    rung: str,
    due_on: date,
    revision: int = 0,
) -> Iterator[Duty]:
    key = standing.agreement.key
    for recipient in to:
        whole = f"{key}|{about}|{letter.name}|{rung}|{recipient}"
        yield Duty(whole, key, letter.name, rung, recipient, due_on, revision)


_TO_WHOEVER_WAS_TOLD = {
    "deadline-moved": _moved,
    "regime-retracted": _retracted,
    "mistake-taken-back": _mistaken,
}
