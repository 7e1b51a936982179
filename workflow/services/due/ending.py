"""What the end of the rules asks for: that somebody looks the day up, that everybody is told once it is settled, and
what goes on without them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from workflow.language import full, noted, phrase
from workflow.mail.writing.factparts import LeftFacts, RegimeFacts
from workflow.rules.anchors import Step
from workflow.rules.facts import Fact, live
from workflow.rules.timeline import Deadline
from workflow.services.due.minimums import unheld
from workflow.services.due.once import once
from workflow.services.due.prompt import STALE_DAYS, asked, asked_from, year_ends
from workflow.services.due.quotas import Quota, quotas, read
from workflow.services.due.regionends import region_ends
from workflow.services.due.tasks import seats_end
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.values import replace

UNSETTLED, NO_END = "regime-unsettled", "nominal-end-missing"


def taken_back(standing: Standing, today: date) -> Iterator[tuple[Fact, Fact]]:
    """Each correction known on ``today``, with the fact it takes back."""
    numbered = {fact.no: fact for fact in standing.facts}
    for fact in (f for f in standing.facts if f.event == "correction" and f.known_by(today)):
        if undone := numbered.get(fact.corrects or 0):
            yield fact, undone


def begun(standing: Standing) -> bool:
    """Whether anything of the agreement has left the secretariat: a text for a hearing or for the councils."""
    versions = standing.course.versions
    return bool(versions) and any(version.sent_on or version.closes_on for version in versions)


def unsettled(standing: Standing, rulebook: Rulebook) -> Iterator[Deadline]:
    """What a person must look up: the day the rules end, where the act does not say, and the agreed end, where nobody
    has recorded one. Asked once, from the day it could be asked."""
    ends, course = standing.ends, standing.course
    if course.period == "ended":
        return
    opened = next((fact.on for fact in live(standing.facts, standing.as_of) if fact.event == "opened"), None)
    if ends and not ends.confirmed_on and standing.as_of >= ends.known_on:
        on = max(ends.known_on, opened or ends.known_on)
        text = (
            phrase("Reglerne er ophævet pr. %(days)s; dagen skal slås op", days=ends.days_said)
            if ends.lapsed(standing.as_of)
            else phrase(
                "Reglerne kan være ophævet pr. %(days)s (%(certainty)s); dagen skal slås op",
                days=ends.days_said, certainty=ends.certainty,
            )
        )  # fmt: skip
        step = Step(text, on, ends.cite, "start")
        title = phrase("Slå op, hvornår reglerne ophører")
        day = asked_from(on)
        prompt = asked(standing, rulebook.days, UNSETTLED, "", title, on, step, sure=True, day=day)
        yield replace(prompt, aim_on=rulebook.days.on_or_after(on))  # not on a day before it could be asked
    effective, regime = course.effective_on, standing.agreement.regime
    rules = [rule for name in ("final-guidance", "final-order") if (rule := regime.rule(name))]
    cites = [cite for rule in rules for cite in regime.citable(rule.cite, standing.as_of)]
    if cites and course.period == "in_force" and effective and course.nominal_end is None:
        on = max(effective, opened or effective)
        if not (ends and ends.lapsed(standing.as_of)):
            text = phrase(
                "Aftalens udløb er ikke registreret. Loven fastsætter intet udløb, så slutstatus har ingen dato"
            )
            step = Step(text, on, cites[0], "start")
            title, day = phrase("Registrér aftalens udløb"), asked_from(on)
            yield asked(standing, rulebook.days, NO_END, "", title, on, step, day=day)


def wind_down(standing: Standing, rulebook: Rulebook) -> Iterator[Deadline]:
    """That the rules have ended: told once both have come, the end and the morning after it was confirmed, since an end
    is mostly looked up after it has passed. The date stays the law's. An agreement of which nothing was ever sent out
    has nobody to tell."""
    ended = standing.course.law_ended
    if ended is None or not begun(standing):
        return
    known_on = (
        ended.known_on + timedelta(days=1) if ended.known_on else ended.value
    )  # a night to take it back
    tellable_on = rulebook.days.on_or_after(max(ended.value, known_on))
    if standing.as_of <= tellable_on + timedelta(days=STALE_DAYS):
        cite = standing.ends.cite if standing.ends else phrase("journalen")
        text = phrase("Reglerne er ophævet fra %(value)s", value=full(ended.value))
        step = Step(text, ended.value, cite, "start")
        prompt = asked(
            standing, rulebook.days, "regime-ended", "", phrase("Reglerne er ophævet"), ended.value, step
        )
        said = [f for f in standing.facts if f.event == "regime-confirmed" and f.known_by(standing.as_of)]
        yield replace(prompt, aim_on=tellable_on, revision=max(len(said), 1))


def rules_gone(standing: Standing) -> bool:
    """Whether the agreement's rules are gone on its day, whichever of the days they may end on is true."""
    return standing.ends is not None and standing.ends.lapsed(standing.as_of)


def doubted_from(standing: Standing) -> date | None:
    """The day from which the agreement's rules may be gone, where that has come and nobody has settled it."""
    ends = standing.ends
    return min(ends.candidates) if ends and ends.doubtful(standing.as_of) else None


def regime_facts(standing: Standing) -> RegimeFacts:
    """What a letter says of the rules and their end, as plain JSON values. ``concluded``: there is an agreement, not
    only a text on its way; ``over``: the rules are gone, whichever day it was; ``doubted``: they may be."""
    return _regime_facts(standing, standing.rules)[0].copy()


@once
def _regime_facts(standing: Standing, rulebook: Rulebook) -> list[RegimeFacts]:
    ends, ended, over = standing.ends, standing.course.law_ended, rules_gone(standing)
    told: RegimeFacts = {
        "instrument": standing.agreement.regime.ending_order,
        "ends_on": ended.value.isoformat() if ended else None,
        "candidates": [day.isoformat() for day in sorted(ends.candidates)] if ends else [],
        "certainty": ends.certainty if ends else "",
        "source": ended.source if ended else ends.cite if ends else "",
        "gone": [_left(d) for d in standing.deadlines if d.status == "lapsed" and d.doubtful],
        "breached": [
            *(_left(d) for d in standing.deadlines if d.status == "breached" or (over and d.open)),
            *(_left(d) for d in unheld(standing, rulebook) if d.status == "breached"),
        ],
        "over": over,
        "doubted": bool(ends and ends.doubtful(standing.as_of) and standing.as_of >= ends.known_on),
        "concluded": standing.course.concluded,
    }
    return [told]


def _left(deadline: Deadline) -> LeftFacts:
    """A duty as the end of its rules leaves it."""
    year = f" ({deadline.subject})" if deadline.subject.isdigit() else ""
    return {
        "title": f"{deadline.title}{year}",
        "legal_on": deadline.legal_on.isoformat() if deadline.legal_on else None,
        "cite": deadline.cite[0],
        "until": deadline.late_after.isoformat() if deadline.open and deadline.late_after else None,
        "other": deadline.latest_on.isoformat() if deadline.latest_gone and deadline.latest_on else None,
    }


def patients(standing: Standing, rulebook: Rulebook, quota: Quota) -> Deadline:
    """The patient committee's own meetings of the year (O-13): another duty than the committee's meeting with it."""
    on = quota.asked_by(standing.as_of)
    text = phrase(
        "Patientinddragelsesudvalget mødes mindst én gang i %(year)s; dets formand indkalder, "
        "også når et medlem beder om det",
        year=quota.year,
    )
    step, title = Step(text, on, quota.cite, "start"), noted("Møder i patientinddragelsesudvalget")
    found = asked(
        standing, rulebook.days, "meetings", f"piu@{quota.year}", title, on, step,
        duty="shall", since=quota.asked_from(standing.as_of), sure=quota.ends is None,
        day=year_ends(quota.year) if on == date(quota.year, 12, 31) else None,
    )  # fmt: skip
    return read(found, quota)


def standing_alone(standing: Standing, rulebook: Rulebook) -> Iterator[Deadline]:
    """What rests on an act of its own goes on though the rules of the agreement have ended."""
    yield from region_ends(standing, rulebook)
    if standing.course.concluded and standing.course.period != "ended":
        yield from seats_end(standing, rulebook)
        for quota in quotas(standing, rulebook, standing.as_of.year):
            if quota.about == "piu" and quota.ends is None and quota.state(standing.as_of) == "at_risk":
                yield patients(standing, rulebook, quota)
