"""Whom to call: each silent council with its person, deputy and director, what it was sent, its last usable meeting,
and the note prepared for the call. The first sign of life stops its reminders.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import TypedDict

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from workflow.ahead.backwards import PlannedCouncil
from workflow.errors import Invalid, NotPossible
from workflow.language import full, noted, phrase, worded
from workflow.lifecycle.text import Version
from workflow.rules.agreement import Named
from workflow.rules.days import danish_day
from workflow.services.desk.notes import Note, newest_notes, write_note
from workflow.services.due.councildays import told_days
from workflow.services.due.handled import HEARD, heard, line
from workflow.services.lookahead.planning import maybe_plan
from workflow.services.people.contacts.reach import mailbox_in
from workflow.services.planning.counting import TOLD, to_come
from workflow.services.planning.recipients import expand, party_of, stands_for
from workflow.services.planning.superseding import supersede
from workflow.storage.database import reading, writing
from workflow.storage.facts import journal, projection
from workflow.storage.facts.projection import Standing
from workflow.storage.facts.reported import open_of
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.people.contacts import live_contact
from workflow.storage.tables import AgreementRow, Notice
from workflow.values import dataclass

LINE = (("council", phrase("rådets kontakt")), ("deputy", "stedfortræder"), ("director", "direktør"))
"""The order in which to call; the words are what each is to the council."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody to call: ``place`` as in :data:`LINE`, ``role`` its Danish word."""

    place: str
    role: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Call:
    """One silent council. ``told`` counts the letters that went out about the text, ``told_on`` is the newest's day;
    ``next_on`` and ``next_to`` the next reminder and its function; ``heard_on`` the day it gave a sign of life;
    ``last`` its last usable meeting, where known; ``text`` the prepared note; ``lost``: the reminder has no mailbox."""

    code: str
    name: str
    people: tuple[Person, ...]
    told: int
    told_on: date | None
    next_on: date | None
    next_to: str
    heard_on: date | None
    last: PlannedCouncil | None
    note: Note | None
    text: str
    lost: bool = False


def calls(engine: Engine, standing: Standing) -> list[Call]:
    """The councils that neither answered nor told their day, those with the fewest days left first;
    :class:`NotPossible` where no text is with them."""
    current = _with_councils(standing)
    plan, notes = maybe_plan(standing), newest_notes(engine, standing.agreement.key)
    lanes = {one.lane.code: one for one in plan.councils} if plan else {}
    given, told = heard(standing.facts, current.number), told_days(standing)
    found = []
    with reading(engine) as session:
        row = journal.find(session, standing.agreement.key)
        answered = {one.council for one in open_of(session, row)}  # what waits to be confirmed is an answer
        sent = _sent(session, row, standing)
        for code in current.pending:
            if code in answered or told.get(code, date.min) >= standing.as_of:
                continue
            mailbox = stands_for(standing, standing.rules, f"{code}/council")
            people = tuple(_people(session, mailbox.partition("/")[0], standing.as_of))
            days, last = sent.get(code, []), lanes.get(code)
            following, to = _next(standing, code)
            lost = bool(to) and mailbox_in(session, to, following or standing.as_of) is None
            found.append(
                Call(
                    code, current.names[code], people, len(days), max(days, default=None), following,
                    to.partition("/")[2], given.get(code), last, notes.get(code),
                    _text(standing, current, code, people, last), lost,
                )
            )  # fmt: skip
    return sorted(found, key=_urgency)


def _urgency(one: Call) -> tuple[object, ...]:
    left = one.last.slack_days if one.last and one.last.slack_days is not None else 9999
    return one.heard_on is not None, left, one.name


def take_call(
    engine: Engine, rulebook: Rulebook, key: str, code: str, text: str, by: str, at: datetime, stops: bool = True
) -> Note:  # fmt: skip
    """Keep the note of a call to a council; with ``stops`` its reminders about the text's answer end, by a line in the
    journal. :class:`Invalid` for no words, :class:`NotPossible` where nothing is asked of the council."""
    today = danish_day(at)
    with reading(engine) as session:
        standing = projection.load(session, rulebook, journal.find(session, key), today)
    if code not in _with_councils(standing).pending:
        names = ", ".join(_with_councils(standing).pending) or "ingen"
        raise Invalid(
            phrase(
                "råd %(code)s er ikke blandt dem, der mangler at svare: %(names)s",
                code=repr(code),
                names=names,
            )
        )
    note = write_note(engine, rulebook, key, code, text, by, at)
    if stops:
        _stop(engine, rulebook, key, code, by, at)
    return note


def _stop(engine: Engine, rulebook: Rulebook, key: str, code: str, by: str, at: datetime) -> None:
    today = danish_day(at)
    with writing(engine) as session:
        row = journal.find(session, key, lock=True)
        standing = projection.load(session, rulebook, row, today)
        current = _with_councils(standing)
        if code in heard(standing.facts, current.number):
            return
        journal.append(session, row, line(HEARD, f"v{current.number}:{code}", by, today), at)
        after = projection.load(session, rulebook, row, today)
        supersede(session, after.rules, row, after)
        row.wake_on = date(1, 1, 1)
        journal.store_state(session, row, row.stamp)


def _with_councils(standing: Standing) -> Version:
    current = standing.course.current
    if current is None or current.state not in ("in_council_approval", "blocked"):
        raise NotPossible(
            phrase(
                "%(key)s: ingen tekst er hos rådene %(as_of)s; der er ingen at ringe til",
                key=standing.agreement.key,
                as_of=full(standing.as_of),
            )
        )
    return current


def _people(session: Session, body: str, on: date) -> Iterator[Person]:
    """The council's own mailbox, the next of the same function, and the director's; a place without one is left out."""
    first = live_contact(session, body, "council", on, own=True)
    second = live_contact(session, body, "council", on, own=True, but=(first[1],)) if first else None
    third = live_contact(session, body, "director", on, own=True)
    for (place, role), one in zip(LINE, (first, second, third), strict=True):
        if one:
            yield Person(place, role, *one)


def _sent(session: Session, row: AgreementRow, standing: Standing) -> dict[str, list[date]]:
    """The Danish days on which letters about the answer went to each council (by its code), its director or its
    successor."""
    query = select(col(Notice.due_on), col(Notice.recipient)).where(
        col(Notice.agreement_id) == row.id, col(Notice.state).in_(TOLD),
        col(Notice.letter).in_(
            ("sent-for-approval", "council-pending", "council-late", "council-agenda", "council-meeting")
        ),
    )  # fmt: skip
    found: dict[str, list[date]] = {}
    for on, to in session.execute(query):
        if party := party_of(standing, to):
            found.setdefault(party.code, []).append(on)
    return found


def _next(standing: Standing, code: str) -> tuple[date | None, str]:
    """The next reminder about the answer to the council or its director: its day, and to whom (``"0851/council"``)."""
    rungs = [
        (rung.due_on, to)
        for rung in to_come(standing.rules, standing, standing.as_of)
        if rung.deadline.id in ("council-reply", "council-agenda", "council-met")
        for to in expand(standing, standing.rules, rung.letter.to, rung.deadline)
        if (party := party_of(standing, to)) and party.code == code
    ]
    return min(rungs, default=(None, ""))


def _text(
    standing: Standing, current: Version, code: str, people: tuple[Person, ...], last: PlannedCouncil | None
) -> str:
    """The prepared note: whom, what is asked, by when, and room for the answer."""
    council, day = current.names[code], standing.as_of
    said = [
        phrase(
            "Ringet til %(who)s, %(council)s, %(day)s.",
            who=people[0].name or people[0].email,
            council=council,
            day=day,
        )
        if people
        else phrase("Ringet, %(council)s, %(day)s.", council=council, day=day)
    ]
    number, sent = current.number, current.sent_on
    if current.reply_by:
        said.append(
            phrase(
                "Version %(number)s sendt %(sent)s; svar ønskes senest %(by)s.",
                number=number,
                sent=sent,
                by=current.reply_by,
            )
            if sent
            else phrase("Version %(number)s; svar ønskes senest %(by)s.", number=number, by=current.reply_by)
        )
    else:
        said.append(
            phrase("Version %(number)s sendt %(sent)s.", number=number, sent=sent)
            if sent
            else phrase("Version %(number)s.", number=number)
        )
    if last and last.usable and last.road:
        meeting = last.road.council
        said.append(
            phrase(
                "Det sidste møde, der kan nås: %(on)s, dagsordenen lukker %(closes)s.",
                on=meeting.on,
                closes=meeting.agenda_closes,
            )
            if meeting.agenda_closes
            else phrase("Det sidste møde, der kan nås: %(on)s.", on=meeting.on)
        )
    elif last and last.usable is False:
        said.append(
            phrase("Efter rådets mødekalender kan intet ordinært møde nås; kan der holdes et ekstra?")
        )
    return " ".join(worded(one) for one in said) + "".join(f"\n{worded(one)} " for one in _TO_FILL_IN) + "\n"


_TO_FILL_IN = (noted("Hvilket møde kommer sagen på:"), noted("Hvad står i vejen:"))


class PersonJson(TypedDict):
    """Somebody to call."""

    place: str
    role: str
    name: str
    email: str


class CallJson(TypedDict):
    """One silent council; days are ISO."""

    code: str
    name: str
    told: int
    told_on: str | None
    next_on: str | None
    next_to: str
    unreachable: bool
    heard_on: str | None
    slack_days: int | None
    people: list[PersonJson]
    note: str
    text: str


class CallsJson(Named):
    """Whom to call of one agreement."""

    calls: list[CallJson]


def calls_json(standing: Standing, found: list[Call]) -> CallsJson:
    """As ``aftale call AGREEMENT --json`` gives it; days are ISO."""

    def iso(day: date | None) -> str | None:
        return day.isoformat() if day else None

    return {
        **standing.agreement.named,
        "calls": [
            {
                "code": one.code, "name": one.name, "told": one.told, "told_on": iso(one.told_on),
                "next_on": iso(one.next_on), "next_to": one.next_to,
                "unreachable": one.lost, "heard_on": iso(one.heard_on),
                "slack_days": one.last.slack_days if one.last else None,
                "people": [{"place": p.place, "role": p.role, "name": p.name, "email": p.email} for p in one.people],
                "note": one.note.text if one.note else "", "text": one.text,
            }
            for one in found
        ],
    }  # fmt: skip
