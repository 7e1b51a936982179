"""The second reckoner: which letters ought to be with the mail server by now, and are not? Read-only.

It finds what nobody thought of: a planner that errs, a scheduler that died, a clock that is wrong, a row that somebody
altered, a table that is empty. What it says is Danish; what it says nothing about has been handed over.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta

from sqlalchemy import Engine, or_, select
from sqlalchemy.orm import defer
from sqlmodel import Session, col

from workflow.errors import AftaleError
from workflow.language import phrase
from workflow.rules.days import COPENHAGEN, danish_day
from workflow.services.delivery.enclosing import as_sent
from workflow.services.due.handled import Handled, steered
from workflow.services.keeping.heads import Head
from workflow.services.keeping.verifying import verify
from workflow.services.views import titles
from workflow.services.watch.expecting import Duty, asked_of, duties
from workflow.services.watch.hearing import with_answers
from workflow.storage import meta
from workflow.storage.database import reading
from workflow.storage.facts import journal, past, projection
from workflow.storage.facts.committees import committees
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.law.rulesthen import rules_by_day
from workflow.storage.letters.outbox import word
from workflow.storage.letters.worn import first_key, returned_key
from workflow.storage.seals import removed_on
from workflow.storage.tables import JOURNAL, AgreementRow, Attempt, Notice
from workflow.values import dataclass

GRACE = timedelta(hours=5)  # longer than the night in which nothing is sent
SILENT = timedelta(hours=1)  # a daemon that lives ticks every minute
FAST = timedelta(minutes=1)
WAITING = ("planned", "ready", "carried", "claimed", "intent", "refused", "held", "quarantined")
LONGEST_WAIT = timedelta(days=28)  # July's quiet weeks and the weekend before: so long may a reminder wait


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it ought to be. ``kind``: missing, altered, waiting, untrue, journal, daemon, clock or
    unreckonable. ``key`` is the notice's, where there is one."""

    kind: str
    agreement: str
    said: str
    key: str = ""


def reckon(
    engine: Engine, rulebook: Rulebook, at: datetime, send_hour: int = 8, logged: Iterable[Head] = ()
) -> list[Finding]:
    """Everything that ought to be accepted ``at`` that instant (aware) and is not. ``send_hour`` is Danish time;
    ``logged`` are the journals' heads kept outside the database."""
    findings = [
        Finding(
            "journal",
            bad.agreement,
            phrase("Journalen er brudt ved nr. %(no)s: %(why)s", no=bad.no, why=bad.why),
        )
        for bad in verify(engine, None, logged)[1]
    ]
    with reading(engine) as session:
        findings += _life(session, at)
        for row in journal.all_agreements(session):
            try:
                findings += _agreement(session, rulebook, row, at, send_hour)
            except (AftaleError, ValueError, LookupError) as error:
                said = phrase("Aftalen kan ikke regnes efter: %(error)s", error=error)
                findings.append(Finding("unreckonable", row.key, said))
    return findings


def _life(session: Session, at: datetime) -> Iterator[Finding]:
    value = meta.get(session, "last_tick")
    ticked = datetime.fromisoformat(value) if value else None
    if ticked is None:
        owes = session.scalars(select(col(AgreementRow.id)).limit(1)).first() is not None
        if owes and meta.get(session, "demo") != "yes":
            yield Finding("daemon", "", phrase("Ingen dæmon har nogensinde givet livstegn: aftale daemon."))
    elif ticked > at + FAST:
        text = phrase("Uret er forkert: seneste gennemløb (%(at)s) ligger i fremtiden.", at=_local(ticked))
        yield Finding("clock", "", text)
    elif at - ticked > SILENT:
        text = phrase("Dæmonen har ikke givet livstegn siden %(at)s.", at=_local(ticked))
        yield Finding("daemon", "", text)
    if held := meta.get(session, "held"):
        yield Finding("waiting", "", phrase("Al afsendelse er standset: %(held)s.", held=held))


def _agreement(
    session: Session, rulebook: Rulebook, row: AgreementRow, at: datetime, send_hour: int
) -> Iterator[Finding]:
    planned = col(Notice.letter).not_in(titles.OWN)  # what persons asked for follows from no duty
    large = (defer(Notice.facts), defer(Notice.body))  # type: ignore[arg-type]
    query = select(Notice).where(col(Notice.agreement_id) == row.id, planned).options(*large)
    rows = {notice.key: notice for notice in session.scalars(query)}
    told = {key: _told(notice) for key, notice in rows.items()}
    cutoff = at - GRACE
    local = cutoff.astimezone(COPENHAGEN)
    by = local.date() - timedelta(days=local.hour < send_hour)

    facts = past.facts(session, row)
    new = {fact.no for fact in journal.rows(session, row) if _between(fact.recorded_at, cutoff, at)}
    earlier = [fact for fact in facts if fact.no not in new]
    earlier_on, now_on = (rules_by_day(session, rulebook, row, said) for said in (earlier, facts))
    rules_then, rules_now = earlier_on(local.date()), now_on(danish_day(at))
    succeeded_on = past.succeeded_on(session, rules_now, row)
    beside = committees(session, row, past.of_same_kind(rules_now, row))
    then = projection.stand(rules_then, row, earlier, local.date(), succeeded_on, earlier_on, beside)
    now = projection.stand(rules_now, row, facts, danish_day(at), succeeded_on, now_on, beside)
    then = with_answers(session, then, lambda written: _between(written, cutoff, at))
    now = with_answers(session, now, lambda _: False)
    still = {duty.key for duty in duties(rules_now, now, by, told)}
    expected = {duty.key: duty for duty in duties(rules_then, then, by, told) if duty.key in still}
    acts = steered(facts)
    for key, duty in expected.items():
        yield from _compared(session, duty, rows.get(key), rows, at, asked_of(now, duty), acts.get(key))
    for key, notice in rows.items():
        if first_key(key) not in expected:  # with the duty it takes the place of
            yield from _left_over(row, notice, cutoff, at, acts.get(key))
    for key, act in acts.items():
        if key in rows:
            yield from _against_the_word(row, rows[key], act)


def _told(notice: Notice) -> str:
    """Its state, as far as the recipient can know: replaced after it was perhaps received, it was told."""
    return "accepted" if notice.uncertain and notice.state == "superseded" else notice.state


def _between(written: datetime, cutoff: datetime, at: datetime) -> bool:
    """Recorded so lately that nobody can have been told yet. Later than ``at`` is a rehearsal of an earlier day."""
    return cutoff < written <= at


def _compared(
    session: Session, duty: Duty, notice: Notice | None, rows: dict[str, Notice], at: datetime,
    history: bool, act: Handled | None,
) -> Iterator[Finding]:  # fmt: skip
    what = phrase(
        "%(letter)s %(rung)s til %(recipient)s, skyldig %(due_on)s",
        letter=duty.letter,
        rung=duty.rung,
        recipient=duty.recipient,
        due_on=duty.due_on,
    )
    if notice is None and _overtaken(duty, rows):
        return
    if notice is None:
        yield Finding("missing", duty.agreement, phrase("Findes ikke: %(what)s", what=what), duty.key)
        return
    kept = (notice.letter, notice.rung, notice.recipient, notice.due_on)
    if kept != (duty.letter, duty.rung, duty.recipient, duty.due_on) or (
        duty.revision and notice.revision != duty.revision
    ):
        said = phrase("Stemmer ikke med fristen: %(what)s", what=what)
        yield Finding("altered", duty.agreement, said, duty.key)
    while notice is not None and notice.state == "bounced":
        notice = rows.get(returned_key(notice.key))
    if notice is None:
        said = phrase("Returneret og ikke skrevet igen: %(what)s", what=what)
        yield Finding("missing", duty.agreement, said, duty.key)
    elif notice.state in ("accepted", "confirmed"):
        yield from _proved(session, duty, notice, what, at, act)
    elif notice.state == "told":
        yield from _told_by_hand(duty, notice, what)
    elif not (
        (notice.state == "cancelled" and notice.why.strip())
        or (notice.state == "unanswered" and history)
        or _waits_its_day(notice, at, act)
    ):
        state = word(notice.state, notice.outcome, notice.uncertain)
        if why := notice.why or notice.answer:
            state = phrase("%(state)s (%(why)s)", state=state, why=why)
        said = phrase("Ikke overgivet, men %(state)s: %(what)s", state=state, what=what)
        yield Finding("waiting", duty.agreement, said, duty.key)


def _told_by_hand(duty: Duty, notice: Notice, what: str) -> Iterator[Finding]:
    """What a person told by hand has its day and its source."""
    if notice.told_on is None or not notice.why.strip():
        said = phrase("Står som sendt i hånden uden dag eller kilde: %(what)s", what=what)
        yield Finding("untrue", duty.agreement, said, duty.key)


def _waits_its_day(notice: Notice, at: datetime, act: Handled | None) -> bool:
    """A reminder whose mailbox had its mail already, or that came in a quiet week, waits for a later morning; one that
    a person lets wait, for the day the journal names."""
    begins = at
    if act and act.act == "wait" and act.until:
        begins = max(at, datetime.combine(act.until, time(), COPENHAGEN))
    waits = notice.state == "planned" and not notice.statutory
    return waits and at < notice.next_at <= begins + LONGEST_WAIT


def _against_the_word(row: AgreementRow, notice: Notice, act: Handled) -> Iterator[Finding]:
    """What a person said of a letter must have been done: skipped is not sent, and waiting is not sent earlier."""
    sent_on = danish_day(notice.accepted_at) if notice.accepted_at else None
    if sent_on is None or notice.statutory:
        return
    what = f"{notice.letter} {notice.rung} til {notice.recipient}"
    if act.act == "skip":
        yield Finding("untrue", row.key, f"Sprunget over ({act.why}), men overgivet: {what}", notice.key)
    elif act.act == "wait" and act.until and sent_on < act.until:
        said = phrase("Overgivet før den dag, det skulle vente til: %(what)s", what=what)
        yield Finding("clock", row.key, said, notice.key)


def _early(notice: Notice, due_on: date, act: Handled | None) -> bool:
    """Handed over before its day, though nobody asked for it then."""
    asked = act.on if act and act.act == "now" else due_on
    return notice.accepted_at is not None and danish_day(notice.accepted_at) < min(asked, due_on)


def _overtaken(duty: Duty, rows: dict[str, Notice]) -> bool:
    """After downtime a more urgent rung of the same ladder was written in its place, and has gone out."""
    *stem, _, recipient = duty.key.split("|")
    same = "|".join(stem) + "|"
    return any(
        key.startswith(same)
        and notice.recipient == recipient
        and notice.due_on > duty.due_on
        and notice.state in ("accepted", "confirmed", "told")
        for key, notice in rows.items()
    )


def _proved(
    session: Session, duty: Duty, notice: Notice, what: str, at: datetime, act: Handled | None
) -> Iterator[Finding]:
    """What is called accepted has bytes that fit their digest, and an answer that said so or a copy in the journal
    mailbox: its own or its carrier's."""
    if notice.carried_by:
        notice = session.get_one(Notice, notice.carried_by, options=[defer(Notice.facts), defer(Notice.body)])  # type: ignore[arg-type]
    body = session.scalar(
        select(col(Notice.body)).where(col(Notice.id) == notice.id)
    )  # one at a time in memory
    sent = as_sent(session, body) if body is not None else None
    removed = body == b"" and removed_on(session, notice.id)  # in its time, as its seal says
    if not removed and (sent is None or hashlib.sha256(sent).hexdigest() != notice.digest):
        said = phrase("Brevets tekst er ikke den, der blev sendt: %(what)s", what=what)
        yield Finding("altered", duty.agreement, said, duty.key)
    answered = select(col(Attempt.id)).where(
        col(Attempt.notice_id) == notice.id,
        col(Attempt.outcome) == "accepted",
        or_(col(Attempt.code) >= 200, col(Attempt.verb) == JOURNAL),
    )
    if session.scalars(answered.limit(1)).first() is None:
        said = phrase("Står som overgivet, men ingen mailserver har svaret det: %(what)s", what=what)
        yield Finding("untrue", duty.agreement, said, duty.key)
    if notice.accepted_at is None or notice.accepted_at > at + FAST:
        said = phrase("Overgivet på et tidspunkt, der ikke kan passe: %(what)s", what=what)
        yield Finding("clock", duty.agreement, said, duty.key)
    elif _early(notice, duty.due_on, act):
        yield Finding("clock", duty.agreement, phrase("Overgivet før sin dag: %(what)s", what=what), duty.key)


def _left_over(
    row: AgreementRow, notice: Notice, cutoff: datetime, at: datetime, act: Handled | None
) -> Iterator[Finding]:
    """A notice that nothing expects now: finished with a reason, or else somebody must look."""
    key = row.key
    what = f"{notice.letter} {notice.rung} til {notice.recipient}"
    if notice.state in WAITING and notice.next_at <= cutoff:
        said = word(notice.state, notice.outcome, notice.uncertain)
        yield Finding("waiting", key, f"Ikke overgivet, men {said}: {what}", notice.key)
    elif notice.state in ("cancelled", "superseded") and not notice.why.strip():
        said = phrase("Står som %(word)s uden grund: %(what)s", word=word(notice.state), what=what)
        yield Finding("untrue", key, said, notice.key)
    elif notice.planned_at > at + FAST or (notice.accepted_at and notice.accepted_at > at + FAST):
        said = phrase("Planlagt eller overgivet i fremtiden: %(what)s", what=what)
        yield Finding("clock", key, said, notice.key)
    elif _early(notice, notice.due_on, act):
        yield Finding("clock", key, phrase("Overgivet før sin dag: %(what)s", what=what), notice.key)


def _local(at: datetime) -> str:
    return f"{at.astimezone(COPENHAGEN):%d.%m.%Y kl. %H.%M}"
