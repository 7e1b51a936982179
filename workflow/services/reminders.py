"""The planning pass: which notices are owed by now, written down once each.

Work is found by an overdue query on ``wake_on`` (an index; its cost does not grow with dates to come), and a
notice's unique key makes planning idempotent on any number of daemons. Rungs missed while nobody ran are
coalesced to the most urgent and marked late. Something that happened longer ago than ``NEWS_DAYS`` is history
typed in afterwards, and is not announced.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from workflow.rules.days import COPENHAGEN, BusinessDays, danish_day
from workflow.rules.facts import live
from workflow.rules.ladder import LetterRule, next_rung_on, owed
from workflow.rules.timeline import Deadline
from workflow.services.letterfacts import letter_facts, reply_deadline
from workflow.services.recipients import expand
from workflow.services.superseding import supersede
from workflow.storage import journal, projection
from workflow.storage.contacts import live_contact
from workflow.storage.database import reading, writing
from workflow.storage.projection import Standing
from workflow.storage.rulebook import Rulebook
from workflow.storage.tables import AgreementRow, Notice

NEWS_DAYS = 92
QUIET_UNTIL = time(4)


@dataclass(frozen=True, slots=True)
class Owed:
    """A notice that ought to exist: its key, to whom, and what it is written from."""

    key: str
    letter: LetterRule
    deadline: Deadline | None
    subject_of: str
    rung: str
    recipient: str
    due_on: date
    late: bool
    facts: dict[str, Any]


@dataclass(slots=True)
class Plan:
    """What one pass did: notices written (or, in a dry run, that would be), and reminders replaced."""

    planned: list[Owed]
    superseded: int = 0


def plan(
    engine: Engine,
    rulebook: Rulebook,
    at: datetime,
    send_hour: int = 8,
    dry_run: bool = False,
    link: str = "",
) -> Plan:
    """Plan everything owed at the aware instant ``at``; one transaction for each agreement that has something to do.

    A reminder is owed from ``send_hour`` Danish time on its day. ``dry_run`` changes nothing; ``link`` is the site's
    address, which the letters name.
    """
    today = danish_day(at)
    result = Plan([])
    with reading(engine) as session:
        due = session.scalars(
            select(col(AgreementRow.id))
            .where(col(AgreementRow.wake_on) <= today)
            .order_by(col(AgreementRow.wake_on))
        ).all()
    for agreement_id in due:
        if dry_run:
            with reading(engine) as session:
                row = session.get_one(AgreementRow, agreement_id)
                standing = projection.stand(rulebook, row, journal.facts(session, row), today)
                known = _known(session, row)
                result.planned += [
                    n for n in owed_now(rulebook, standing, at, send_hour, known) if n.key not in known
                ]
            continue
        with writing(engine) as session:
            planned, superseded = _plan_one(session, rulebook, agreement_id, at, send_hour, link)
            result.planned += planned
            result.superseded += superseded
    return result


def _plan_one(
    session: Session, rulebook: Rulebook, agreement_id: int | None, at: datetime, send_hour: int, link: str
) -> tuple[list[Owed], int]:
    today = danish_day(at)
    row = session.scalars(
        select(AgreementRow).where(col(AgreementRow.id) == agreement_id).with_for_update()
    ).one()
    standing = projection.stand(rulebook, row, journal.facts(session, row), today)
    superseded = supersede(session, row, standing)
    known = _known(session, row)
    new = [notice for notice in owed_now(rulebook, standing, at, send_hour, known) if notice.key not in known]
    known_to = {"ask": _whom_to_ask(session, row, today), "link": link}
    session.add_all(_row(row, notice, at, rulebook.digest, known_to) for notice in new)
    days = _days(rulebook)
    ladder = [*standing.deadlines, *_reply(standing, rulebook)]
    by = _reached(at, send_hour)
    rung = next_rung_on(ladder, rulebook.letters, days, _states(standing), by)
    wake_on = min([*projection.changes_on(standing, today), *([max(rung, today)] if rung else [])])
    projection.store(session, row, standing, wake_on)
    return new, superseded


def owed_now(
    rulebook: Rulebook, standing: Standing, at: datetime, send_hour: int, known: dict[str, str]
) -> Iterator[Owed]:
    """Every notice owed for one agreement at ``at``. ``known`` maps the keys already planned to their state, which
    tells whether a moved date had been told to anybody."""
    today, by = danish_day(at), _reached(at, send_hour)
    for rung in owed(
        [*standing.deadlines, *_reply(standing, rulebook)],
        rulebook.letters,
        _days(rulebook),
        _states(standing),
        by,
    ):
        for recipient in expand(standing, rung.letter.to):
            yield _owed(
                standing, rung.letter, recipient, today, deadline=rung.deadline, rung=rung.name, due_on=rung.due_on,
                late=rung.due_on < today,
            )  # fmt: skip
    for letter in rulebook.letters:
        if letter.name == "deadline-moved":
            yield from _moved(standing, letter, today, known)
        else:
            yield from _happened(standing, letter, today)


def _happened(standing: Standing, letter: LetterRule, today: date) -> Iterator[Owed]:
    """Letters about something that happened: a fact of the letter's event, or a state the version reached."""
    oldest = today - timedelta(days=NEWS_DAYS)
    for fact in live(standing.facts, today):  # what was corrected before anybody was told is not told
        if fact.event in letter.event and fact.on >= oldest:
            for recipient in expand(standing, letter.to):
                submission = standing.deadline("submission")
                yield _owed(
                    standing,
                    letter,
                    recipient,
                    today,
                    rung=f"fact{fact.no}",
                    due_on=fact.on,
                    deadline=submission,
                )
    current = standing.course.current
    if current and letter.state == current.state and current.decided_on:
        reached_on = max(current.decided_on.values())
        if reached_on >= oldest:
            for recipient in expand(standing, letter.to):
                yield _owed(
                    standing, letter, recipient, today, rung=f"v{current.number}@{reached_on}", due_on=reached_on,
                    deadline=standing.deadline("submission"),
                )  # fmt: skip


def _moved(standing: Standing, letter: LetterRule, today: date, known: dict[str, str]) -> Iterator[Owed]:
    """ "The deadline has moved": to everyone when SST moved it, else to whoever had been told the old date."""
    for deadline in standing.deadlines:
        if deadline.revision < 2 or not deadline.open or deadline.since is None or deadline.legal_on is None:
            continue
        if (today - deadline.since).days > NEWS_DAYS:
            continue
        deviation = any(step.kind == "moved" for step in deadline.why)
        told = _told_earlier(standing, deadline, known)
        for recipient in dict.fromkeys([*(expand(standing, letter.to) if deviation else []), *told]):
            source = [step.cite for step in deadline.why if step.kind in ("moved", "start")][-1]
            before = deadline.original_on.isoformat() if deadline.original_on else None
            moved = {
                "from": before,
                "to": deadline.legal_on.isoformat(),
                "on": deadline.since.isoformat(),
                "source": source,
                "by": "sst" if deviation else "",
            }
            yield _owed(
                standing,
                letter,
                recipient,
                today,
                deadline=deadline,
                rung="moved",
                due_on=deadline.since,
                moved=moved,
            )


def _told_earlier(standing: Standing, deadline: Deadline, known: dict[str, str]) -> list[str]:
    """Functions to whom an earlier date of this deadline has gone out."""
    stem = f"{standing.agreement.key}|{deadline.id}|{deadline.subject}|r"
    told = []
    for key, state in known.items():
        if key.startswith(stem) and state in ("accepted", "intent", "claimed", "bounced"):
            revision, _, rest = key.removeprefix(stem).partition("@")
            if revision.isdigit() and int(revision) < deadline.revision:
                told.append(rest.split("|")[-1])
    return told


def _owed(standing: Standing, letter: LetterRule, recipient: str, today: date, **more: Any) -> Owed:
    deadline: Deadline | None = more.get("deadline")
    rung = str(more["rung"])
    about = (
        f"{deadline.id}|{deadline.subject}|r{deadline.revision}@{deadline.legal_on}" if deadline else "||r0@"
    )
    if rung.startswith(("fact", "v")):  # the event is the duty, whatever its deadline does meanwhile
        about = "||r0@"
    key = "|".join((standing.agreement.key, about, letter.name, rung, recipient))
    facts = letter_facts(standing, recipient, today, **more)
    subject_of = deadline.subject if deadline else ""
    return Owed(
        key, letter, deadline, subject_of, rung, recipient, more["due_on"], bool(more.get("late")), facts
    )


def _row(row: AgreementRow, owed_notice: Owed, at: datetime, rules: str, known_to: dict[str, Any]) -> Notice:
    deadline = owed_notice.deadline
    event = owed_notice.rung.startswith(("fact", "v"))
    assert row.id is not None
    return Notice(
        key=owed_notice.key,
        agreement_id=row.id,
        letter=owed_notice.letter.name,
        deadline="" if event or not deadline else deadline.id,
        subject_of=owed_notice.subject_of,
        revision=deadline.revision if deadline else 0,
        rung=owed_notice.rung,
        recipient=owed_notice.recipient,
        statutory=owed_notice.letter.statutory,
        late=owed_notice.late,
        due_on=owed_notice.due_on,
        planned_at=at,
        next_at=not_at_night(at),
        facts=json.dumps(owed_notice.facts | known_to, ensure_ascii=False, sort_keys=True),
        rules=rules,
    )


def _whom_to_ask(session: Session, row: AgreementRow, today: date) -> dict[str, str] | None:
    """The region's side of the secretariat: it answers for the agreement in every letter."""
    found = live_contact(session, row.region, "secretariat-region", today)
    return {"name": found[0], "email": found[1]} if found else None


def not_at_night(at: datetime) -> datetime:
    """``at``, or four o'clock Danish time that morning: nothing goes out between midnight and four."""
    local = at.astimezone(COPENHAGEN)
    if local.time() >= QUIET_UNTIL:
        return at
    return local.replace(hour=QUIET_UNTIL.hour, minute=0, second=0, microsecond=0).astimezone(at.tzinfo)


def _reached(at: datetime, send_hour: int) -> date:
    """The newest Danish day whose send hour has come."""
    local = at.astimezone(COPENHAGEN)
    return local.date() if local.hour >= send_hour else local.date() - timedelta(days=1)


def _known(session: Session, agreement: AgreementRow) -> dict[str, str]:
    query = select(col(Notice.key), col(Notice.state)).where(col(Notice.agreement_id) == agreement.id)
    return {row.key: row.state for row in session.execute(query)}


def _states(standing: Standing) -> frozenset[str]:
    current = standing.course.current
    return frozenset({current.state} if current else {"draft"})


def _reply(standing: Standing, rulebook: Rulebook) -> list[Deadline]:
    reply = reply_deadline(standing, _days(rulebook))
    return [reply] if reply else []


def _days(rulebook: Rulebook) -> BusinessDays:
    return rulebook.law.business_days(("grundlovsdag", "juleaftensdag", "nytaarsaften"))
