"""The planning pass: what is owed by now, written down once each.

Work is found by an overdue query on ``wake_on`` (an index; its cost does not grow with dates to come), and a
notice's unique key makes planning idempotent on any number of daemons. Rungs missed while nobody ran are
coalesced to the most urgent and marked late.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Engine, bindparam, false, select
from sqlmodel import Session, SQLModel, col

from workflow.errors import Unworkable
from workflow.language import noted, phrase
from workflow.mail.writing.facts import AskFacts, LetterFacts, OwnFacts, PlannedFacts
from workflow.rules.days import COPENHAGEN, danish_day
from workflow.rules.hours import Hours, not_at_night
from workflow.rules.words import capital
from workflow.services.due import dates
from workflow.services.due.handled import Handled, steered
from workflow.services.planning.counting import next_owed_on
from workflow.services.planning.owing import Owed, owed_now
from workflow.services.planning.superseding import supersede, untrue
from workflow.services.planning.travelling import completed
from workflow.storage.asking import through
from workflow.storage.database import reading, writing
from workflow.storage.facts import projecting, projection
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.letters.alarms import any_open, clear_alarms, raise_alarm
from workflow.storage.letters.bundles import unwrite
from workflow.storage.letters.planned import Planned, write_down
from workflow.storage.letters.worn import returned_key
from workflow.storage.people.contacts import live_contact
from workflow.storage.tables import UNSENT, AgreementRow, Notice
from workflow.values import dataclass, field, replace

WITHDRAWN = "superseded"
_ANEW = ("deadline", "subject_of", "revision", "statutory", "late", "planned_at", "next_at", "facts", "rules")

_UNTOLD = (*UNSENT, "superseded")
_notice = SQLModel.metadata.tables[str(Notice.__tablename__)]
_OF = _notice.c.agreement_id == bindparam("agreement")
_KNOWN = select(_notice.c.key, _notice.c.state, _notice.c.uncertain).where(_OF)
_GONE = select(_notice.c.key).where(_OF, _notice.c.state == WITHDRAWN, _notice.c.uncertain == false())
_agreement = SQLModel.metadata.tables[str(AgreementRow.__tablename__)].c
_DUE = select(_agreement.id).where(_agreement.wake_on <= bindparam("today")).order_by(_agreement.wake_on)
_LOCKED = select(AgreementRow).where(col(AgreementRow.id) == bindparam("agreement")).with_for_update()


@dataclass(slots=True)
class Plan:
    """What one pass did: notices written (or, in a dry run, that would be), reminders replaced, and the Danish texts of
    the alarms that are new."""

    planned: list[Owed]
    superseded: int = 0
    alarms: list[str] = field(default_factory=list)


def plan(
    engine: Engine,
    rulebook: Rulebook,
    at: datetime,
    send_hour: int = 8,
    dry_run: bool = False,
    link: str = "",
) -> Plan:
    """Plan everything owed at the aware instant ``at``; one transaction for each agreement that has something to do.

    An agreement that cannot be worked out is an alarm, and the others go on. A reminder is owed from ``send_hour``
    Danish time on its day. ``dry_run`` changes nothing; ``link`` is the site's address, which the letters name.
    """
    today = danish_day(at)
    result = Plan([])
    with reading(engine) as session:
        due = through(session).execute(_DUE, {"today": today}).scalars().all()
    for agreement_id in due:
        try:
            if dry_run:
                result.planned += _foreseen(engine, rulebook, agreement_id, at, send_hour)
                continue
            with writing(engine) as session:
                planned, superseded = _plan_one(session, rulebook, agreement_id, at, send_hour, link)
        except projection.UNWORKABLE as error:
            result.alarms += _stopped(engine, agreement_id, error, at, dry_run)
            continue
        result.planned += planned
        result.superseded += superseded
    return result


def _foreseen(
    engine: Engine, rulebook: Rulebook, agreement_id: int | None, at: datetime, send_hour: int
) -> list[Owed]:
    today = danish_day(at)
    with reading(engine) as session:
        row = session.get_one(AgreementRow, agreement_id)
        standing = projection.load(session, rulebook, row, today)
        return _unsaid(session, row, standing, today, _reached(at, send_hour))


def _unsaid(
    session: Session, row: AgreementRow, standing: projection.Standing, today: date, by: date
) -> list[Owed]:
    """What is owed and neither written down nor told. A letter that was withdrawn unsent is among it where nothing
    makes it untrue any more, as when the answer that did is struck out: else it would never be told."""
    known = known_notices(session, row)
    owing = [
        replace(one, key=_in_its_place(one.key, known))
        for one in owed_now(standing.rules, standing, today, by, known)
    ]
    found = [one for one in owing if known.get(one.key, WITHDRAWN) == WITHDRAWN]
    if not any(one.key in known for one in found):
        return found
    moot = {notice.key for notice, _ in untrue(session, standing.rules, row, standing, (WITHDRAWN,))}
    emptied = col(Notice.agreement_id) == row.id, col(Notice.state) == WITHDRAWN, col(Notice.body) == b""
    moot |= set(session.scalars(select(col(Notice.key)).where(*emptied)))  # removed in its time
    return [one for one in found if one.key not in moot]


def _in_its_place(key: str, known: Mapping[str, str]) -> str:
    """The key of the letter that was last written in place of this one, where it came back; else its own."""
    while known.get(key) == "bounced" and returned_key(key) in known:
        key = returned_key(key)
    return key


def _stopped(
    engine: Engine, agreement_id: int | None, error: Exception, at: datetime, dry_run: bool
) -> list[str]:
    with reading(engine) as session:
        key = session.get_one(AgreementRow, agreement_id).key
    why = error.problem if isinstance(error, Unworkable) else error
    text = phrase(
        "Breve om %(key)s planlægges ikke, da aftalen ikke kan regnes efter: %(why)s. De andre "
        "aftaler går videre.",
        key=key,
        why=why,
    )
    if dry_run:
        return [text]
    with writing(engine) as session:
        return [text] if raise_alarm(session, f"plan:{key}", "alarm", text, at) else []


def _plan_one(
    session: Session, rulebook: Rulebook, agreement_id: int | None, at: datetime, send_hour: int, link: str
) -> tuple[list[Owed], int]:
    today = danish_day(at)
    row = session.scalars(_LOCKED, {"agreement": agreement_id}).one()
    standing = projection.load(session, rulebook, row, today)
    rules = standing.rules
    superseded = supersede(session, rules, row, standing)
    by = _reached(at, send_hour)
    new = _unsaid(session, row, standing, today, by)
    announce(session, rules, row, new, at, link, send_hour, steered(standing.facts))
    rung = next_owed_on(rules, standing, by)
    changes = [*projection.changes_on(standing, today), *dates.changes_on(standing, rules, today)]
    wake_on = min([*changes, *([max(rung, today)] if rung else [])])
    projecting.store(session, row, standing, wake_on, dates.dated(standing, rules))
    if any_open(session):
        clear_alarms(session, f"plan:{row.key}", at)
    return new, superseded


def announce(
    session: Session, rulebook: Rulebook, row: AgreementRow, owed: Sequence[Owed], at: datetime, link: str,
    send_hour: int = 8, acts: Mapping[str, Handled] | None = None,
) -> None:  # fmt: skip
    """Write down what is owed, in the transaction of what made it so. ``acts``, by key, are what persons have said of
    letters to come: one that was skipped is written down as that, one that must wait not for an earlier day. One that
    was withdrawn unsent is put back."""
    if not owed:
        return
    ask = whom_to_ask(session, rulebook, row, danish_day(at))
    hours = Hours(rulebook.days, send_hour)
    withdrawn = set(through(session).execute(_GONE, {"agreement": row.id}).scalars().all())
    new: list[Planned] = []
    for one in owed:
        planned, act = _row(session, row, one, at, rulebook, ask, link, hours), (acts or {}).get(one.key)
        if one.key in withdrawn:
            kept = session.scalars(select(Notice).where(col(Notice.key) == one.key)).one()
            steer(_put_back(session, kept, planned), act, hours)
        else:
            steer(planned, act, hours)
            new.append(planned)
    if new:
        write_down(session, new)


def _put_back(session: Session, notice: Notice, anew: Planned) -> Notice:
    """Let a letter that was not to go be owed again as ``anew``, written from what holds now; where its bytes were ever
    said to a mail server, by those."""
    notice.state, notice.why = "ready", ""
    session.flush()
    if notice.body is None or unwrite(session, notice.id or 0):
        session.refresh(notice)
        for name in (*_ANEW, "state"):
            setattr(notice, name, getattr(anew, name))
    return notice


def steer(notice: Notice | Planned, act: Handled | None, hours: Hours) -> None:
    """Let a notice that is being planned do as a person has said; a letter of law goes by the law alone."""
    if act is None or notice.statutory or notice.state != "planned":
        return
    if act.act == "skip":
        notice.state, notice.why = "cancelled", act.spoken
    elif act.act == "wait" and act.until:
        notice.why = act.spoken
        notice.next_at = max(notice.next_at, hours.morning(act.until))


def written(
    session: Session, rulebook: Rulebook, row: AgreementRow, owed: Owed, at: datetime, link: str,
    send_hour: int = 8,
) -> dict[str, object]:  # fmt: skip
    """What a notice is written from that waited for a person's word and now has it: as if planned ``at``."""
    ask = whom_to_ask(session, rulebook, row, danish_day(at))
    anew = _row(session, row, owed, at, rulebook, ask, link, Hours(rulebook.days, send_hour), True)
    return {name: getattr(anew, name) for name in _ANEW}


def _row(
    session: Session,
    row: AgreementRow,
    owed_notice: Owed,
    at: datetime,
    rulebook: Rulebook,
    ask: AskFacts | None,
    link: str,
    hours: Hours,
    asked_for: bool = False,
) -> Planned:
    deadline, rule = owed_notice.deadline, owed_notice.letter
    words, told = rulebook.words(row.regime), owed_notice.facts
    own: OwnFacts = {"own": rule.own} if rule.own else {}
    facts: PlannedFacts = {
        **told,
        **own,
        **completed(session, told["papers"], told["changed"], danish_day(at)),
        "asked_for": told["asked_for"] or asked_for,
        "ask": ask,
        "link": link,
        "letter": {"title": words.said(rule.title.da), "next": words.said(_next(owed_notice, told))},
    }
    assert row.id is not None
    return Planned(
        key=owed_notice.key,
        agreement_id=row.id,
        letter=rule.name,
        deadline="" if owed_notice.event or not deadline else deadline.id,
        subject_of=deadline.subject if deadline else "",
        revision=deadline.revision if deadline else 0,
        rung=owed_notice.rung,
        recipient=owed_notice.recipient,
        statutory=rule.statutory,
        late=owed_notice.late,
        state="unanswered" if owed_notice.history else "planned",
        due_on=owed_notice.due_on,
        planned_at=at,
        next_at=not_at_night(at) if rule.statutory else hours.not_before(at),
        facts=json.dumps(facts, ensure_ascii=False, sort_keys=True),
        rules=rulebook.digest,
    )


def _next(owed_notice: Owed, told: LetterFacts) -> str:
    """What a day's mail tells the recipient to do: what the duty itself says, else what the letter says."""
    duty, deadline = told["duty"], told["deadline"]
    do = deadline.get("do") if deadline else None
    if do and owed_notice.letter.generic == "duty":
        step = noted("%(step)s, og registrér det.")
        if owed_notice.recipient.endswith("/council"):
            step = noted("%(step)s, og giv sekretariatet besked.")
        return phrase(step, step=capital(do))
    return duty["next"] if duty else owed_notice.letter.next_for(owed_notice.recipient)


def whom_to_ask(session: Session, rulebook: Rulebook, row: AgreementRow, today: date) -> AskFacts | None:
    """The region's side of the secretariat, or of its successor's once it has ended: it answers for the agreement in
    every letter."""
    found = live_contact(session, rulebook.desk_of(row.region, today).id, "secretariat-region", today)
    return {"name": found[0], "email": found[1]} if found else None


def _reached(at: datetime, send_hour: int) -> date:
    """The newest Danish day whose send hour has come."""
    local = at.astimezone(COPENHAGEN)
    return local.date() if local.hour >= send_hour else local.date() - timedelta(days=1)


def known_notices(session: Session, agreement: AgreementRow) -> dict[str, str]:
    """Keys and states; one that was perhaps received counts as told, whatever became of it after."""
    found = through(session).execute(_KNOWN, {"agreement": agreement.id}).all()
    return {key: "accepted" if uncertain and state in _UNTOLD else state for key, state, uncertain in found}
