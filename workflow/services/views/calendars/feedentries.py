"""What a calendar feed says of the law's dates and of the days councils are asked to answer by."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from workflow.mail.writing.feed import Entry
from workflow.mail.writing.invite import uid
from workflow.mail.writing.words import HVILER_PAA, dato, hjemmel, pligt
from workflow.rules.days import end_of
from workflow.rules.endings import told
from workflow.rules.timeline import Deadline
from workflow.rules.traces import Trace
from workflow.services.views.dates import basis
from workflow.services.views.replydates import ReplyDate
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook

ALARM_DAYS = (14, 3)  # before the business day to aim at
_SAID = {
    "met": "Opfyldt",
    "met_late": "Opfyldt for sent",
    "lapsed": "Bortfaldet",
    "breached": "Ikke opfyldt i tide",
}


def entries(
    standing: Standing,
    traced: dict[tuple[str, str], Trace],
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
    duty = pligt(deadline.duty, standing.agreement.regime.words.authority.genitive)
    said = [
        f"Dato: {dato(deadline.legal_on.isoformat())}.",
        f"Grundlag: {HVILER_PAA[basis(deadline)]} ({duty}).",
    ]
    if deadline.aim_on and deadline.aim_on != deadline.legal_on:
        said.append(f"Sidste hverdag før er {dato(deadline.aim_on.isoformat())}.")
    if deadline.original_on:
        said.append(f"Flyttet fra {dato(deadline.original_on.isoformat())}.")
    if deadline.status == "breached" or (lapsed and deadline.doubtful):
        said.append(f"Fristen er {told(deadline.status, deadline.doubtful, '')}.")
    elif deadline.doubtful:
        said.append("Reglen kan være ophævet; det er ikke afklaret, om fristen stadig gælder.")
    if deadline.latest_on and deadline.open:
        said.append(f"Loven kan også læses sådan, at fristen er {dato(deadline.latest_on.isoformat())}.")
    said += ["", "Hvorfor denne dato:"]
    said += [f"{number}. {step.text.removesuffix('.')}." for number, step in enumerate(deadline.why, start=1)]
    said += ["", f"Hjemmel: {hjemmel(deadline.cite)}."]
    aim = deadline.aim_on or deadline.legal_on
    alarms = tuple(aim - timedelta(days=days) for days in ALARM_DAYS) if deadline.status == "upcoming" else ()
    return Entry(
        name,
        deadline.legal_on,
        2 * trace.changes + lapsed,
        changed_at,
        _summary(standing, deadline.title, _SAID.get(deadline.status, "")),
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
    said = [
        "Aftalt mellem parterne; ikke en lovbestemt frist.",
        "Grundlag: aftalt.",
        f"Dato: {dato(asked.on.isoformat())}{f' kl. {asked.time}' * bool(asked.time)}, spurgt "
        f"{dato(asked.asked_on.isoformat())}.",
    ]
    if asked.gone:
        said.append("Der er ikke længere brug for svaret: teksten er erstattet, eller datoen er rettet.")
    over = asked.gone or asked.answered
    aim = rulebook.days.on_or_before(asked.on)
    return Entry(
        name, asked.on, 2 * asked.changes + asked.gone, changed_at,
        _summary(standing, asked.title, "Udgået" if asked.gone else "Besvaret" if asked.answered else ""),
        "\n".join(said), "CANCELLED" if asked.gone else "CONFIRMED",
        () if over or asked.on < standing.as_of else tuple(aim - timedelta(days=days) for days in ALARM_DAYS),
        f"{base_url.rstrip('/')}/aftaler/{standing.agreement.key}/raad" if base_url else "",
    )  # fmt: skip


def _gone(standing: Standing, trace: Trace, name: str, changed_at: datetime) -> Entry:
    rule = trace.found.rule
    assert trace.found.on is not None, "only dated deadlines are traced"
    text = f"Datoen gælder ikke længere: det, den fulgte af, er rettet.\n\nHjemmel: {hjemmel(rule.cite)}."
    summary = _summary(standing, rule.title.da, "Udgået")
    return Entry(name, trace.found.on, 2 * trace.changes + 1, changed_at, summary, text, "CANCELLED")


def _summary(standing: Standing, title: str, said: str) -> str:
    agreement = standing.agreement
    return f"{said}: " * bool(said) + f"{title} ({agreement.name} {agreement.label})"
