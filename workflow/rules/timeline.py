"""fold(agreement, facts, law, as_of) -> the deadlines, each with its date, revision, status and explanation.

A pure function: the deadline rows in the database are this, stored. ``as_of`` is a Danish civil date; the fold
sees only facts known by then, so yesterday's truth can be asked for today. Dates are counted from the steps of the
story and met by them (:mod:`workflow.rules.story`), the same that the machines walk.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from workflow.language import full, phrase
from workflow.rules.agreement import Agreement
from workflow.rules.anchors import Found, Step
from workflow.rules.anchors.outcomes import Outcome, outcome, when_met
from workflow.rules.anchors.revisions import Changes, Key, Under, dates_of, history
from workflow.rules.endings import Ending, disputed, end_known, settled
from workflow.rules.facts import Fact, live
from workflow.rules.found import PRACTICE
from workflow.rules.obligation import DeadlineRule
from workflow.rules.readings import departed, judged_by, told
from workflow.rules.regime import Law, Regime
from workflow.rules.silence import SIGNED, Alternative
from workflow.rules.story import SILENCE, tell
from workflow.rules.tacit import heard
from workflow.values import dataclass


@dataclass(frozen=True, slots=True)
class Deadline:
    """One duty of one agreement with its dates (Danish civil) and why they are what they are.

    ``legal_on`` is the last day by law and never moved for a weekend; ``aim_on`` the last business day on or
    before it; ``original_on`` the date before it was moved. ``revision`` counts how often the date has changed,
    from 1; the notices' keys carry it; ``previous_on`` is the date before, ``changed_on`` when the present one became
    known. ``doubtful``: which day the rule ended is open, and decides: a duty still to be done may have lost its law,
    a *lapsed* one has lost it under every candidate. ``breached``: unmet when its last day passed, and the
    rules have ended since. ``latest_on``: where the law is silent, the last day on which it can be called in time
    (``None``: ``legal_on``); ``readings`` say why; ``latest_gone``: it is another day of the duty, by which the rules
    are gone. ``met_no`` is the number of the fact that fulfilled it. ``ruled_on``: the day the rule itself sets, where
    a signed reading gives a day more; the end of the rules is asked of that one.
    """

    id: str
    subject: str
    title: str
    duty: str
    who: str
    status: str
    legal_on: date | None
    aim_on: date | None
    original_on: date | None
    met_on: date | None
    revision: int
    cite: tuple[str, ...]
    why: tuple[Step, ...]
    doubtful: bool = False
    since: date | None = None
    previous_on: date | None = None
    changed_on: date | None = None
    met_no: int | None = None
    latest_on: date | None = None
    readings: tuple[Alternative, ...] = ()
    latest_gone: bool = False
    ruled_on: date | None = None

    @property
    def late_after(self) -> date | None:
        """The last day on which it can be called in time: nothing says *overdue* on it or before."""
        return self.latest_on or self.legal_on

    @property
    def disputed(self) -> bool:
        """Broken by the earlier reading of its date, not by the later."""
        return disputed(self)

    @property
    def open(self) -> bool:
        """Still to be done, and dated."""
        return self.status in ("upcoming", "overdue")

    @property
    def judged_on(self) -> date | None:
        """The date that says whether it was met in time: that in force on the day it was met, else the present one."""
        return next((step.on for step in self.why if step.kind == "judged"), self.legal_on)


def fold(
    agreement: Agreement, facts: Sequence[Fact], law: Law, as_of: date, succeeded_on: date | None = None,
    under: Under | None = None,
) -> list[Deadline]:  # fmt: skip
    """Every deadline of ``agreement`` as it stood on ``as_of``, undated ones too, earliest first. ``succeeded_on``: the
    day the next agreement takes effect; ``under``: the law of before, where another one was taken on."""
    under = under or (lambda _: (agreement, law))
    known = [fact for fact in facts if fact.known_by(as_of)]
    holding = live(known, as_of)
    story = heard(agreement, law, tell(known, as_of, succeeded_on), as_of)
    now = dates_of(agreement, story, law, as_of)
    past = history(known, under, as_of, succeeded_on)
    first = _originals(agreement, holding, law, as_of, succeeded_on, now)
    deadlines = [
        _deadline(
            agreement,
            law,
            found,
            regime,
            as_of,
            past.get(key, Changes()),
            first.get(key),
            _ending(end_known(regime.ends, as_of), holding),
            *departed(law.silences, story, found, _in_force_then(holding, under, as_of, found)),
        )
        for key, (found, regime) in now.items()
    ]
    return sorted(deadlines, key=lambda d: (d.legal_on is None, d.legal_on or date.max, d.id, d.subject))


def _originals(
    agreement: Agreement, facts: Sequence[Fact], law: Law, as_of: date, succeeded_on: date | None,
    now: Mapping[Key, tuple[Found, Regime]],
) -> dict[Key, date | None]:  # fmt: skip
    """The date of each movable deadline before the facts that moved it: where none has, its date ``now``."""
    kept: list[Fact] = []
    for fact in sorted(facts, key=lambda fact: (fact.known_on or date.min, fact.no)):
        moves_submission = fact.event == "deviation"
        moves_end = fact.event == "nominal-end" and any(f.event == "nominal-end" for f in kept)
        if not (moves_submission or moves_end):
            kept.append(fact)
    if len(kept) < len(facts):
        now = dates_of(agreement, tell(kept, as_of, succeeded_on), law, as_of)
    return {key: found.on for key, (found, _) in now.items() if found.rule.moved_by}


def _in_force_then(facts: Sequence[Fact], under: Under, as_of: date, found: Found) -> Found | None:
    """What held on the day the duty was met, where an act of a later day has moved its date; ``None`` otherwise.

    Whether a submission was late is a mark it got that day (O-37): no text says that SST's departure from
    the date (BEK 1248/2022 § 21, stk. 5) works backwards. A fact found wrong is corrected instead and counts nowhere.
    A reading says what the texts mean, so one that is signed since counts for that day too.
    """
    rule, met_on = found.rule, found.met_on
    moves = (rule.moved_by, "rules-accepted")
    if not met_on or not any(f.event in moves and f.known_on and f.known_on > met_on for f in facts):
        return None
    story = tell([f for f in facts if f.event == SIGNED or f.known_by(met_on)], as_of)
    agreement, law = under([f for f in facts if f.known_by(met_on)])
    then = dates_of(agreement, story, law, as_of).get((rule.id, found.subject))
    return then[0] if then and then[0].on != found.on else None


def _deadline(
    agreement: Agreement,
    law: Law,
    found: Found,
    regime: Regime,
    as_of: date,
    changes: Changes,
    original: date | None,
    ends: Ending | None,
    then: Found | None,
    departures: tuple[Alternative, ...],
) -> Deadline:
    """One deadline as ``found``; ``then`` judges it instead where its date was moved after it was met."""
    rule, on, steps = found.rule, found.on, list(found.steps)
    aim, met_on, doubtful, status, judge, other = None, found.met_on, False, "undated", found, None
    gone, latest = False, found.latest_on or on
    if on:
        days = law.business_days(rule.also_closed)
        aim = on if rule.duty == "fact" else days.on_or_before(on)
        if aim != on:
            reason, cite = days.why_closed(on) or ("", "")
            text = phrase(
                "%(Day)s er %(reason)s. Ingen regel flytter fristen; påmindelser sigter mod sidste hverdag før, "
                "%(aim)s",
                Day=full(on),
                reason=reason,
                aim=full(aim),
            )
            steps.append(Step(text, aim, cite or PRACTICE, "aim"))
        ruled_on, later_on = found.ruled_on or on, found.ruled_later_on or found.later_on
        if ends and later_on and not ends.lapsed(ruled_on):
            other = later_on if ends.zone(later_on) != ends.zone(ruled_on) else None
        if gone := bool(ends and other and ends.lapsed(other)):
            latest = other
        unmet = outcome(ends, ruled_on, rule.binding, as_of, latest or on, other, ruled_on != on)
        left = when_met(ends, ruled_on, met_on, as_of, latest or on, other) if met_on else unmet
        doubtful = left.doubtful
        if ends and left.said:
            steps.append(Step(left.said, left.on, ends.cite))
        if rule.duty == "fact" and as_of >= on and not left.status:
            met_on = on  # it came by the law itself
        if then and then.on and met_on:
            judge, backwards = then, any(one.open for one in departures)
            latest = max(then.latest_on or then.on, (latest or on) if backwards else then.on)
            steps += judged_by(agreement, found, then, met_on, latest)
        steps += told(departures)
        status = _status(rule, left, judge.on or on, latest or on, met_on, as_of)
        if found.met and found.met.event == SILENCE:
            status = "met"  # by the law itself, on the last day there was
    elif met_on:
        status = "met"
    if rule.note:
        steps.append(Step(rule.note, None, regime.citable(rule.cite, as_of)[0]))
    moved_from = original if rule.moved_by and original != on else None
    return Deadline(
        rule.id, found.subject, found.title, rule.duty, rule.who, status, on, aim, moved_from, met_on,
        changes.revision, regime.citable(rule.cite, as_of), tuple(steps), doubtful, found.since,
        changes.previous_on, changes.changed_on, (found.met.no or None) if found.met else None,
        latest if latest and judge.on and latest > judge.on else None,
        (*judge.readings, *departures), gone, found.ruled_on,
    )  # fmt: skip


def _ending(ends: Ending | None, facts: Sequence[Fact]) -> Ending | None:
    """The regime's end as this agreement's facts have it: a recorded confirmation settles the candidates."""
    said = [fact for fact in facts if fact.event == "regime-confirmed"]
    return (
        ends if not said else settled(ends, max(said, key=lambda fact: (fact.known_on or date.min, fact.no)))
    )


def _status(
    rule: DeadlineRule, left: Outcome, on: date, latest: date, met_on: date | None, as_of: date
) -> str:
    if met_on:
        return "met" if met_on <= on else left.status or "met_late"
    late = "overdue" if rule.binding else "lapsed"
    return left.status or ("upcoming" if as_of <= latest else late)
