"""After an election each body says itself which mailbox its letters go to (*bekræft postkassen*).

A secretariat asks (the letter *rosters-expire* tells it when), or else the planner does before the term ends
(:mod:`workflow.services.people.contacts.turning`); each function of each body gets a letter with a link of
its own. Whoever holds the link can answer, so an answer changes nothing by itself: the secretariat takes it up or turns
it down, and not the person whose own mailbox it came from. Every step is in the journal of acts.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import Engine, select, update
from sqlmodel import Session, col

from workflow.errors import NotFound, NotPossible
from workflow.language import noted, phrase
from workflow.mail.links import CONFIRMS, Confirm, reader_of
from workflow.mail.writing.factparts import EventFacts
from workflow.mail.writing.words import clean
from workflow.rules.days import danish_day, spoken
from workflow.services.people.contacts.mailboxes import WrongFields, read_line
from workflow.services.planning.letterfacts import letter_facts
from workflow.services.planning.owing import Owed
from workflow.services.planning.recipients import expand
from workflow.services.planning.reminders import announce
from workflow.services.planning.superseding import withdraw
from workflow.storage.database import reading, writing
from workflow.storage.facts import journal, projection
from workflow.storage.facts.acts import record_act
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.people.confirmations import ContactConfirmation, asked_after, open_of
from workflow.storage.people.contacts import ROOM, live_contact
from workflow.storage.tables import AgreementRow, Contact, Notice
from workflow.values import dataclass

ANSWERS = {"keep": noted("Postkassen er den rigtige"), "other": noted("Breve skal gå til en anden postkasse")}
AGAIN = timedelta(days=7)  # a question so young is not asked once more
MOST_WORDS = 500
SORRY = phrase("Linket kan ikke bruges. Det er ikke herfra, eller postkassen er ikke længere organets.")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a link asks: the question, the mailboxes of that function today, the one the link was sent to, and in Danish
    why it can no longer be answered ("" while it can)."""

    question: ContactConfirmation
    contacts: list[Contact]
    by: str
    closed: str


def ask_bodies(
    engine: Engine, rulebook: Rulebook, region: str, by: str, at: datetime, link: str
) -> tuple[list[str], list[str]]:
    """Owe every function of the region's bodies a letter that asks which mailbox is theirs; those that were asked, and
    those that have none to ask. Who was asked within a week, or has answered, is not asked again.

    :class:`NotPossible` where the region has no agreement, since a letter belongs to one."""
    with writing(engine) as session:
        row = _agreement(session, rulebook, region)
        return ask_in(session, rulebook, row, by, at, link, at - AGAIN, asked_for=True)


def ask_in(
    session: Session, rulebook: Rulebook, row: AgreementRow, by: str, at: datetime, link: str, since: datetime,
    asked_for: bool = False,
) -> tuple[list[str], list[str]]:  # fmt: skip
    """:func:`ask_bodies` in the caller's transaction, through the agreement of ``row``; who was asked after ``since``
    is not asked again. ``asked_for``: whether a person asks, or the planner."""
    today = danish_day(at)
    standing = projection.load(session, rulebook, row, today)
    letter = next(rule for rule in standing.rules.letters if rule.name == CONFIRMS)
    asked, nowhere, owed = [], [], []
    for function in expand(standing, standing.rules, letter.to):
        body, _, name = function.partition("/")
        if live_contact(session, body, name, today, own=True) is None:
            nowhere.append(function)
            continue
        before = open_of(session, body, name)
        if asked_after(session, body, name, since) or (before and before.state == "reported"):
            continue
        if before:
            before.state = "replaced"
            withdraw(session, row, CONFIRMS, f"confirm{before.id}", phrase("der er spurgt igen"))
        question = ContactConfirmation(body=body, function=name, asked_at=at, asked_by=by)
        session.add(question)
        session.flush()
        record_act(session, ROOM, function, "asked", {"question": question.id}, by, at)
        asked.append(function)
        owed.append(_owed(standing, question, function, by, today, asked_for))
    announce(session, standing.rules, row, owed, at, link)
    session.flush()
    keys = [one.key for one in owed]
    session.execute(update(Notice).where(col(Notice.key).in_(keys)).values(alone=True))
    return asked, nowhere


def _agreement(session: Session, rulebook: Rulebook, region: str) -> AgreementRow:
    """The region's newest agreement that is not over."""
    rulebook.region(region)
    rows = journal.all_agreements(session, col(AgreementRow.region) == region)
    alive = [row for row in rows if row.period_state not in ("ended", "rules_ended")] or list(rows)
    if not alive:
        raise NotPossible(phrase("Regionen har ingen aftale endnu. Åbn en først; brevene hører til den"))
    return alive[-1]


def _owed(
    standing: Standing, question: ContactConfirmation, function: str, by: str, today: date, asked_for: bool
) -> Owed:
    letter = next(rule for rule in standing.rules.letters if rule.name == CONFIRMS)
    rung = f"confirm{question.id}"
    event: EventFacts = {
        "event": "contacts-asked", "on": today.isoformat(), "due": None, "time": "", "about": "", "about_name": "",
        "source": "", "cite": [], "by": by, "link": "", "number": question.id or 0,
    }  # fmt: skip
    key = "|".join((standing.agreement.key, "||r0@", letter.name, rung, function))
    write = partial(
        letter_facts, standing, standing.rules, function, today,
        event=event, rung=rung, due_on=today, asked_for=asked_for,
    )  # fmt: skip
    return Owed(key, letter, None, True, rung, function, today, False, partial(bool, False), write)


def find_asked(engine: Engine, confirm: Confirm | None, today: date) -> Asked:
    """What the link asks on that Danish day; :class:`NotFound` for one that is forged, or whose mailbox is no longer
    the function's. Reads only."""
    with reading(engine) as session:
        return _asked(session, confirm, today)


def _asked(session: Session, confirm: Confirm | None, today: date) -> Asked:
    question = session.get(ContactConfirmation, confirm.number) if confirm else None
    if confirm is None or question is None:
        raise NotFound(SORRY)
    contacts = live_mailboxes(session, question, today)
    by = next((one.email for one in contacts if reader_of(one.email) == confirm.reader), "")
    settled = question.state in ("taken", "turned-down")
    if not by and not settled:
        raise NotFound(SORRY)
    closed = ""
    if question.state == "replaced":
        closed = phrase("der er spurgt igen siden; brug linket i den nyeste mail")
    elif settled and question.settled_at:
        closed = f"sekretariatet behandlede svaret {spoken(danish_day(question.settled_at), False)}"
    return Asked(question, contacts if by else [], by, closed)


def live_mailboxes(session: Session, question: ContactConfirmation, today: date) -> list[Contact]:
    """The mailboxes of the function that is asked, which are used on that Danish day; the first asked first."""
    query = select(Contact).where(
        col(Contact.body) == question.body, col(Contact.function) == question.function,
        col(Contact.refused_at).is_(None),
    )  # fmt: skip
    found = session.scalars(query.order_by(col(Contact.priority), col(Contact.id)))
    return [one for one in found if (one.valid_from or today) <= today <= (one.valid_to or today)]


def answer(
    engine: Engine, rulebook: Rulebook, confirm: Confirm | None, typed: Mapping[str, str], at: datetime
) -> ContactConfirmation:
    """Keep what the body says (``answer``, and for "other" ``email``, ``name``, ``valid_from``; ``remark``); it may say
    otherwise until the secretariat has taken it up.

    :class:`NotFound` as :func:`find_asked`; :class:`WrongFields`; :class:`NotPossible` where it is closed."""
    with writing(engine) as session:
        asked = _asked(session, confirm, danish_day(at))
        if asked.closed:
            raise NotPossible(
                phrase("Der kan ikke svares længere: %(closed)s. Intet er ændret.", closed=asked.closed)
            )
        question, said = asked.question, _said(rulebook, asked, typed, at)
        if question.state == "reported" and all(
            getattr(question, name) == value for name, value in said.items()
        ):
            return question
        for name, value in said.items():
            setattr(question, name, value)
        question.state, question.reported_at = "reported", at
        about = f"{question.body}/{question.function}"
        record_act(session, ROOM, about, "answered", {"question": question.id} | said, asked.by, at)
        return question


def _said(rulebook: Rulebook, asked: Asked, typed: Mapping[str, str], at: datetime) -> dict[str, object]:
    choice, remark = typed.get("answer", ""), clean(typed.get("remark", ""))
    if choice not in ANSWERS:
        raise WrongFields({"answer": phrase("Vælg et svar.")})
    if len(remark) > MOST_WORDS:
        raise WrongFields({"remark": phrase("Skriv højst %(most)s tegn.", most=MOST_WORDS)})
    said: dict[str, object] = {"answer": choice, "by": asked.by, "remark": remark}
    if choice == "keep":
        return said | {"email": "", "name": "", "valid_from": None}
    own = {"body": asked.question.body, "function": asked.question.function}
    line = read_line(
        rulebook, {name: typed.get(name, "") for name in ("email", "name", "valid_from")} | own, at
    )
    return said | {"email": line.email, "name": line.name, "valid_from": line.valid_from}
