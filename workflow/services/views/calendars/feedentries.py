"""What a calendar feed says of the law's dates and of the days councils are asked to answer by."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from workflow.language import gettext as _
from workflow.language import in_words, noted, worded
from workflow.mail.writing.feed import Entry
from workflow.mail.writing.invite import uid
from workflow.mail.writing.words import HVILER_PAA, hjemmel, pligt, stort
from workflow.rules.days import end_of
from workflow.rules.endings import between, disputed, other_said, state_of
from workflow.rules.timeline import Deadline
from workflow.rules.traces import Trace
from workflow.services.due.dates import basis
from workflow.services.due.ending import rules_gone
from workflow.services.views.replydates import ReplyDate
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.values import replace

ALARM_DAYS = (14, 3)  # before the business day to aim at
_SAID = {
    "met": noted("opfyldt"),
    "met_late": noted("opfyldt for sent"),
    "lapsed": noted("bortfaldet"),
    "breached": noted("ikke opfyldt i tide"),
    "overdue": noted("overskredet"),
}


def entries(
    standing: Standing,
    traced: Mapping[tuple[str, str], Trace],
    recorded: dict[int, datetime],
    instance: str,
    base_url: str,
) -> Iterator[Entry]:
    agreement = standing.agreement
    now = {(d.id, d.subject): d for d in standing.deadlines if d.legal_on}
    ended = [fact.no for fact in standing.facts if fact.event == "regime-confirmed"]
    back = [
        fact.no for fact in standing.facts if fact.corrects in ended
    ]  # what an end took away is there again
    for (rule, subject), traced_one in traced.items():
        trace = replace(traced_one, changes=traced_one.changes + len(back))
        name = uid(instance, agreement.key, rule, subject)
        deadline = None if trace.gone else now.get((rule, subject))
        turned = back + ended if deadline and deadline.status == "lapsed" else back
        changed_at = max(recorded.get(no, min(recorded.values())) for no in [trace.fact_no, *turned])
        if deadline is None:
            yield _gone(standing, trace, name, changed_at)
        else:
            yield _entry(standing, deadline, trace, name, changed_at, base_url)


def _entry(
    standing: Standing, deadline: Deadline, trace: Trace, name: str, changed_at: datetime, base_url: str
) -> Entry:
    assert deadline.legal_on is not None
    lapsed = deadline.status == "lapsed"
    if lapsed and deadline.legal_on < standing.as_of:  # by the calendar alone: on the day after, in Denmark
        changed_at = max(changed_at, end_of(deadline.legal_on))
    said = [
        _("Dato: %(day)s.") % {"day": in_words(deadline.legal_on)},
        resting_on(deadline, standing),
    ]
    if deadline.aim_on and deadline.aim_on != deadline.legal_on:
        said.append(_("Sidste hverdag før er %(day)s.") % {"day": in_words(deadline.aim_on)})
    if deadline.original_on:
        said.append(_("Flyttet fra %(day)s.") % {"day": in_words(deadline.original_on)})
    if deadline.status == "breached" or (lapsed and deadline.doubtful):
        said.append(
            _("Fristen er %(state)s.") % {"state": worded(state_of(deadline, _SAID[deadline.status]))}
        )
    said += doubts(deadline, standing)
    said += ["", *reasons(deadline), "", grounds(deadline)]
    aim = deadline.aim_on or deadline.legal_on
    alarms = tuple(aim - timedelta(days=days) for days in ALARM_DAYS) if deadline.status == "upcoming" else ()
    return Entry(
        name,
        deadline.legal_on,
        2 * trace.changes + lapsed,
        changed_at,
        _summary(standing, deadline.title, _state(deadline)),
        "\n".join(said),
        "CANCELLED" if lapsed else "TENTATIVE" if deadline.doubtful and deadline.open else "CONFIRMED",
        alarms,
        f"{base_url.rstrip('/')}/aftaler/{standing.agreement.key}" if base_url else "",
    )


def asked_for(
    standing: Standing,
    rulebook: Rulebook,
    asked: ReplyDate,
    instance: str,
    changed_at: datetime,
    base_url: str,
) -> Entry:
    """A day that councils are asked to answer by: what it is not is said first."""
    name = uid(instance, standing.agreement.key, asked.event, f"v{asked.version}")
    days = {
        "day": in_words(asked.on),
        "asked": in_words(asked.asked_on),
        "time": asked.time.replace(":", "."),
    }
    said = [
        _("Dato for svar; ikke en lovbestemt frist."),
        _("Grundlag: aftalt."),
        (
            _("Dato: %(day)s kl. %(time)s, spurgt %(asked)s.")
            if asked.time
            else _("Dato: %(day)s, spurgt %(asked)s.")
        )
        % days,
    ]
    if asked.gone:
        said.append(_("Der er ikke længere brug for svaret: teksten er erstattet, eller datoen er rettet."))
    state = noted("Udgået") if asked.gone else noted("Besvaret") if asked.answered else ""
    over = asked.gone or asked.answered
    aim = rulebook.days.on_or_before(asked.on)
    return Entry(
        name, asked.on, 2 * asked.changes + asked.gone, changed_at,
        _summary(standing, asked.title, worded(state)),
        "\n".join(said), "CANCELLED" if asked.gone else "CONFIRMED",
        () if over or asked.on < standing.as_of else tuple(aim - timedelta(days=days) for days in ALARM_DAYS),
        f"{base_url.rstrip('/')}/aftaler/{standing.agreement.key}/raad" if base_url else "",
    )  # fmt: skip


def _gone(standing: Standing, trace: Trace, name: str, changed_at: datetime) -> Entry:
    rule = trace.found.rule
    assert trace.found.on is not None, "only dated deadlines are traced"
    why = _("Datoen gælder ikke længere: det, den fulgte af, er rettet.")
    text = f"{why}\n\n{_('Hjemmel: %(cite)s.') % {'cite': hjemmel(rule.cite)}}"
    summary = _summary(standing, rule.title.da, _("Udgået"))
    return Entry(name, trace.found.on, 2 * trace.changes + 1, changed_at, summary, text, "CANCELLED")


def doubts(deadline: Deadline, standing: Standing) -> Iterator[str]:
    """What is open about a date: the end of its rules, and a second reading; a sentence each."""
    over = deadline.status in ("breached", "lapsed")
    if deadline.doubtful and not deadline.open and not over:
        repealed = _("Reglen er ophævet.") if rules_gone(standing) else _("Reglen kan være ophævet.")
        yield f"{repealed} {_('Det er ikke afklaret, om den gjaldt den dag.')}"
    elif deadline.doubtful and not over and not between(deadline, standing.as_of):
        yield _("Reglen kan være ophævet; det er ikke afklaret, om fristen stadig gælder.")
    if deadline.status == "upcoming" and (other := other_said(deadline, standing.as_of)):
        yield _("Loven er tavs: %(other)s.") % {"other": worded(other)}


def grounds(deadline: Deadline) -> str:
    """The provisions it rests on."""
    return _("Hjemmel: %(cite)s.") % {"cite": hjemmel(deadline.cite)}


def _state(deadline: Deadline) -> str:
    """How it stands, for the title: in one word, where the law leaves no doubt of it."""
    words = _SAID.get(deadline.status, "")
    if words and (disputed(deadline) or (deadline.doubtful and deadline.status in ("overdue", "met_late"))):
        words = state_of(deadline, words)
    return stort(worded(words))


def _summary(standing: Standing, title: str, said: str) -> str:
    agreement = standing.agreement
    return f"{said}: " * bool(said) + f"{worded(title)} ({agreement.name} {agreement.label})"


def resting_on(one: Deadline, standing: Standing) -> str:
    """What a date rests on, and how binding that is."""
    duty = pligt(one.duty, worded(standing.agreement.regime.words.authority.genitive))
    return _("Grundlag: %(basis)s (%(duty)s).") % {"basis": worded(HVILER_PAA[basis(one)]), "duty": duty}


def reasons(one: Deadline) -> list[str]:
    """The steps that led to a date, numbered, below their heading."""
    steps = [worded(step.text).removesuffix(".") for step in one.why]
    return [_("Hvorfor denne dato:"), *(f"{number}. {step}." for number, step in enumerate(steps, start=1))]
