"""A secretariat takes up what a body said of its own mailbox, or turns it down. Nothing changes before; it is done
once, in one transaction, and not by the person whose own mailbox the answer came from."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from workflow.errors import Conflict, Invalid, NotFound, NotPossible
from workflow.language import phrase
from workflow.mail.addresses import folded
from workflow.mail.writing.words import clean
from workflow.rules.days import danish_day
from workflow.services.people.contacts.confirming import MOST_WORDS, live_mailboxes
from workflow.services.people.contacts.contactrow import Line
from workflow.services.people.contacts.contacts import APPOINTED, bodies_of, until_the_seat_lapses
from workflow.storage.database import reading, writing
from workflow.storage.facts.acts import record_act
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.people.confirmations import ContactConfirmation, newest_of, waiting
from workflow.storage.people.contacts import ROOM
from workflow.storage.tables import Contact
from workflow.values import replace


def questions_of(engine: Engine, rulebook: Rulebook, region: str) -> list[ContactConfirmation]:
    """The last question to each function of the region's bodies."""
    with reading(engine) as session:
        return newest_of(session, bodies_of(rulebook, region))


def count_answers(engine: Engine, rulebook: Rulebook, regions: Sequence[str]) -> dict[str, int]:
    """How many answers about mailboxes wait for a secretariat, by region; regions without any are left out."""
    with reading(engine) as session:
        waits = [one.body for one in waiting(session)]
    found = {
        region: sum(body in bodies_of(rulebook, region) for body in waits) for region in regions if waits
    }
    return {region: count for region, count in found.items() if count}


def find_question(engine: Engine, number: int) -> ContactConfirmation:
    """One question; :class:`NotFound` otherwise."""
    with reading(engine) as session:
        return _question(session, number)


def take_up(
    engine: Engine, rulebook: Rulebook, number: int, by: str, at: datetime, address: str = ""
) -> ContactConfirmation:
    """Do what the body said: keep the mailbox (to the end of the next seat, where it serves one), or use the new one
    from its first day and the old one until the day before. ``address`` is that of whoever takes it up: what came from
    one's own mailbox somebody else takes up (:class:`NotPossible`). :class:`Conflict` where it was settled."""
    with writing(engine) as session:
        question = _question(session, number)
        if question.state == "taken" and question.settled_by == by:
            return question
        _must_wait(question)
        if address and folded(address) == folded(question.by):
            raise NotPossible(phrase("Svaret kom fra din egen postkasse; en anden skal tage det op"))
        today = danish_day(at)
        old = next(
            (one for one in live_mailboxes(session, question, today) if one.email == question.by), None
        )
        _carry_out(
            session,
            rulebook,
            question,
            old,
            phrase("%(by)s, efter svar fra %(asked_by)s", by=by, asked_by=question.by),
            at,
        )
        question.state, question.settled_by, question.settled_at = "taken", by, at
        return question


def turn_down(engine: Engine, number: int, why: str, by: str, at: datetime) -> ContactConfirmation:
    """Leave the mailboxes as they are. :class:`Invalid` without a reason, :class:`Conflict` where it was settled."""
    if not clean(why):
        raise Invalid(phrase("skriv hvorfor; begrundelsen bliver gemt"))
    with writing(engine) as session:
        question = _question(session, number)
        if question.state == "turned-down" and question.settled_by == by:
            return question
        _must_wait(question)
        question.state, question.settled_by, question.settled_at = "turned-down", by, at
        question.settled_why = clean(why)[:MOST_WORDS]
        about = f"{question.body}/{question.function}"
        record_act(
            session, ROOM, about, "turned-down", {"question": number, "why": question.settled_why}, by, at
        )
        return question


def _question(session: Session, number: int) -> ContactConfirmation:
    found = session.get(ContactConfirmation, number) if 0 < number < 2**31 else None
    if found is None:
        raise NotFound(phrase("spørgsmålet findes ikke"))
    return found


def _must_wait(question: ContactConfirmation) -> None:
    if question.state != "reported":
        if by := question.settled_by:
            raise Conflict(
                phrase(
                    "Svaret venter ikke længere; det er behandlet af %(by)s eller erstattet. Intet er ændret.",
                    by=by,
                )
            )
        raise Conflict(
            phrase("Svaret venter ikke længere; det er behandlet eller erstattet. Intet er ændret.")
        )


def _carry_out(
    session: Session,
    rulebook: Rulebook,
    question: ContactConfirmation,
    old: Contact | None,
    by: str,
    at: datetime,
) -> None:
    about, today = f"{question.body}/{question.function}", danish_day(at)
    if question.answer == "keep":
        becomes = None
        if old and old.valid_to and question.function in APPOINTED:
            becomes = _seat_after(rulebook, old)
            old.valid_to = becomes
        told = {"email": question.by, "becomes": {"valid_to": becomes} if becomes else {}}
        record_act(session, ROOM, about, "confirmed", told, by, at)
        return
    first = question.valid_from or today
    line = Line(
        question.body,
        question.function,
        question.email,
        question.name,
        old.priority if old else 1,
        first,
        None,
    )
    line = until_the_seat_lapses(rulebook, line, today)
    query = select(Contact).where(col(Contact.body) == line.body, col(Contact.function) == line.function)
    same = next((one for one in session.scalars(query) if folded(one.email) == folded(line.email)), None)
    values = {"name": line.name, "priority": line.priority, "valid_from": first, "valid_to": line.valid_to}
    if same is None:
        session.add(Contact(body=line.body, function=line.function, email=line.email, **values))  # type: ignore[arg-type]
    elif same is not old:
        for name, value in values.items():
            setattr(same, name, value)
        same.refused_at = None
    told = {"email": line.email, "becomes": values | {"email": line.email}}
    record_act(session, ROOM, about, "added" if same is None else "changed", told, by, at)
    if old and old is not same:
        before, old.valid_to = old.valid_to, first - timedelta(days=1)
        told = {"email": old.email, "was": {"valid_to": before}, "becomes": {"valid_to": old.valid_to}}
        record_act(session, ROOM, about, "ended", told, by, at)


def _seat_after(rulebook: Rulebook, contact: Contact) -> date | None:
    """The last day of the seat after the one the mailbox serves."""
    assert contact.valid_to is not None
    line = Line(contact.body, contact.function, contact.email, contact.name, contact.priority, None, None)
    after = replace(line, valid_from=contact.valid_to + timedelta(days=1))
    return until_the_seat_lapses(rulebook, after, contact.valid_to).valid_to
