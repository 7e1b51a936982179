"""The month of one agreement, for the committee's agenda: what happened, what comes, who is missing. Read-only."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy import Engine, func, select
from sqlmodel import col

from workflow.errors import Invalid
from workflow.language import month_in_words, phrase
from workflow.lifecycle.names import called
from workflow.mail.writing.words import BEARERS
from workflow.rules.days import end_of
from workflow.rules.facts import live
from workflow.rules.timeline import Deadline
from workflow.services.desk.owed import Owes, owes
from workflow.services.due.dates import dated
from workflow.services.due.handled import EVENT
from workflow.services.hearing.lines import SPOKEN, happened_on, public_lines, said
from workflow.services.law.changing import source_said
from workflow.services.views import titles
from workflow.storage.database import reading
from workflow.storage.facts.projection import Standing
from workflow.storage.tables import AgreementRow, Notice
from workflow.values import dataclass

AHEAD = 90  # days from the day of the report
BACK = 24  # months one may ask for
# What is planned stands among what comes; what was done to letters is the secretariat's own.
SAID_ELSEWHERE = ("meeting-planned", EVENT)


@dataclass(frozen=True, slots=True)
class Done:
    """One thing of the month: its Danish day, what it was, whom it is about, and where it can be read."""

    on: date
    what: str
    who: str
    source: str


@dataclass(frozen=True, slots=True)
class Month:
    """A month's report. ``day`` is the day it tells of what comes and who is missing: the month's last, or today in
    the month that runs. ``letters`` are kinds of letters handed over in the month, each with how many."""

    first: date
    day: date
    done: tuple[Done, ...]
    letters: tuple[tuple[str, int], ...]
    coming: tuple[Deadline, ...]
    overdue: tuple[Deadline, ...]
    missing: tuple[Owes, ...]

    @property
    def name(self) -> str:
        """``"november 2026"``, in the language of the moment."""
        return month_in_words(self.first)


def month_of(asked: str, today: date) -> tuple[date, date]:
    """The first and last day of the month ``asked`` for (``2026-11``; empty: today's); :class:`Invalid` for what is no
    month, is still to come, or lies more than :data:`BACK` months back."""
    try:
        first = date.fromisoformat(f"{asked}-01") if asked else today.replace(day=1)
    except ValueError as error:
        raise Invalid(phrase("maaned skal være en måned, skrevet som 2026-11")) from error
    if first not in months_until(today):
        raise Invalid(phrase("rapporten findes for de seneste %(back)s måneder", back=BACK))
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def months_until(today: date) -> list[date]:
    """The first days of the months a report can be made of, the newest first."""
    found = [today.replace(day=1)]
    while len(found) < BACK:
        found.append((found[-1] - timedelta(days=1)).replace(day=1))
    return found


def monthly(
    engine: Engine, standing: Standing, then: Standing, first: date, last: date, letters: bool
) -> Month:
    """The report of the month from ``first`` to ``last``. ``standing`` is the agreement as it is known today, ``then``
    as of the report's day; ``letters``: whether its reader may know of letters."""
    names, events = titles.bodies(standing.rules), called(standing.agreement.regime.words)
    done = [
        Done(
            fact.on,
            phrase(
                "%(Event)s, version %(version)s",
                Event=events.get(fact.event, fact.event),
                version=fact.version,
            )
            if fact.version
            else phrase("%(Event)s", Event=events.get(fact.event, fact.event)),
            names.get(fact.council, "") if fact.council else "",
            source_said(fact.source),
        )
        for fact in live(standing.facts, standing.as_of)
        if first <= fact.on <= last and fact.event not in SAID_ELSEWHERE
    ]
    done += _heard(engine, standing, names, first, last)
    dates = dated(then, then.rules)
    until = then.as_of + timedelta(days=AHEAD)
    return Month(
        first,
        then.as_of,
        tuple(sorted(done, key=lambda one: one.on)),
        _letters(engine, standing, first, last) if letters else (),
        tuple(one for one in dates if one.status == "upcoming" and one.legal_on and one.legal_on <= until),
        tuple(one for one in dates if one.status == "overdue"),
        tuple(one for one in owes([then]) if one.body),
    )


def _heard(engine: Engine, standing: Standing, names: dict[str, str], first: date, last: date) -> list[Done]:
    """The answers in a hearing that came in the month, and what was published of it; private persons go unnamed."""
    known = names | {"piu": BEARERS["piu"]}
    with reading(engine) as session:
        return [
            Done(happened_on(act), SPOKEN[act.what], known.get(str(act.told.get("party", "")), ""), said(act))
            for act in public_lines(session, standing.agreement.key, first, last)
        ]


def _letters(engine: Engine, standing: Standing, first: date, last: date) -> tuple[tuple[str, int], ...]:
    called, agreement = titles.letters(standing.rules), standing.agreement
    query = (
        select(col(Notice.letter), func.count())
        .join(AgreementRow, col(AgreementRow.id) == col(Notice.agreement_id))
        .where(
            col(AgreementRow.region) == agreement.region,
            col(AgreementRow.label) == agreement.label,
            col(Notice.accepted_at) >= end_of(first - timedelta(days=1)),
            col(Notice.accepted_at) < end_of(last),
        )
        .group_by(col(Notice.letter))
    )
    with reading(engine) as session:
        found = [(called.get(letter, letter), int(count)) for letter, count in session.execute(query)]
    return tuple(sorted(found, key=lambda pair: (-pair[1], pair[0])))
