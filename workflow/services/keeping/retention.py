"""How long what is about persons is kept, and the nightly pass that removes what is due.

What proves is never removed: facts, acts, that a letter was handed over, and of a mail that came back its digest, kind
and code. ``docs/privacy.md`` gives the ground of each period. Days are counted from the Danish day of the pass.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta

from sqlalchemy import CursorResult, Engine, Executable, delete, select, update
from sqlmodel import Session, col

from workflow.language import phrase
from workflow.rules.days import danish_day
from workflow.services.keeping.oldletters import remove_letters
from workflow.services.watch.trail import forget_old
from workflow.storage import meta
from workflow.storage.database import reading, writing
from workflow.storage.letters.trials import TrialMail
from workflow.storage.people.people import CodeTry, Link, Person, Seen, SessionRow
from workflow.storage.seals import seal
from workflow.storage.tables import AgreementRow, Alarm, Bounce, Contact, Notice
from workflow.values import dataclass

DONE = "forgotten_on"  # in meta: the Danish day of the last pass
AT_ONCE = 500  # mails whose bytes are removed in one transaction


@dataclass(frozen=True, slots=True)
class Periods:
    """In days: ``people`` after the last day of an access, ``mailboxes`` after that of a mailbox, ``returns`` (the
    bytes of a mail that came back) and ``letters`` (the bytes of a letter) after the end of the council term of their
    agreement, ``trials`` after a trial mail, ``alarms`` after an alarm ended, ``trail`` after a line of the trail."""

    people: int = 365
    mailboxes: int = 365
    returns: int = 365
    trials: int = 90
    alarms: int = 1095
    trail: int = 365
    letters: int = 1825


def kept_said(periods: Periods) -> list[tuple[str, str]]:
    """What is kept and for how long, in Danish, for the notice."""
    return [
        (
            phrase("Adgange: navn, arbejdsmail, rolle, hvornår du sidst loggede ind"),
            _after(periods.people, phrase("adgangen ophørte")),
        ),
        (phrase("Sessioner: browserens navn og adressen, den kom fra"), phrase("i 12 timer")),
        (
            phrase("Postkasser: navn og adresse"),
            _after(periods.mailboxes, phrase("postkassen ikke bruges mere")),
        ),
        (
            phrase("Spor af indlogninger, afvisninger og udtræk, med adressen, de kom fra"),
            _after(periods.trail, "hændelsen"),
        ),
        (
            phrase("Mails, der kom retur"),
            _after(periods.returns, phrase("valgperioden sluttede; at brevet kom retur, bevares")),
        ),
        (phrase("Prøvemails"), _after(periods.trials, phrase("de blev sendt"))),
        (phrase("Alarmer, der kan nævne en adresse"), _after(periods.alarms, phrase("de ophørte"))),
        (
            phrase("Brevenes tekst og de adresser, de gik til"),
            _after(
                periods.letters,
                phrase("valgperioden sluttede; har aftalen en åben pligt, bevares de, så længe den er åben"),
            ),
        ),
        (
            phrase("At et brev blev sendt, journal og hvem der registrerede hvad"),
            phrase("så længe de beviser, hvad der skete; de slettes ikke"),
        ),
    ]


def _after(days: int, event: str) -> str:
    return (
        phrase("%(days)s dage efter, at %(event)s", days=days, event=event)
        if event != "hændelsen"
        else phrase("%(days)s dage", days=days)
    )


def forget_due(engine: Engine, periods: Periods, at: datetime) -> dict[str, int]:
    """Remove what is due at ``at``, once a Danish day; how many of each kind, empty where it was done today."""
    today = danish_day(at)
    if done_today(engine, at):
        return {}
    found = {"trail": forget_old(engine, at, timedelta(days=periods.trail))}
    with writing(engine) as session:
        found["sessions"] = _ended_sessions(session, at)
        found["people"] = _people(session, today - timedelta(days=periods.people))
        old = col(Contact.valid_to) < today - timedelta(days=periods.mailboxes)
        found["mailboxes"] = _gone(session, delete(Contact).where(old))
        old = col(TrialMail.sent_at) < at - timedelta(days=periods.trials)
        found["trials"] = _gone(session, delete(TrialMail).where(old))
        old = col(Alarm.cleared_at) < at - timedelta(days=periods.alarms)
        found["alarms"] = _gone(session, delete(Alarm).where(old))
    found["returns"] = _returns(engine, today - timedelta(days=periods.returns), at)
    found["letters"] = remove_letters(engine, today - timedelta(days=periods.letters), at)
    with writing(engine) as session:
        meta.put(session, DONE, today.isoformat())
    return {kind: count for kind, count in found.items() if count}


def done_today(engine: Engine, at: datetime) -> bool:
    """Whether the pass of this Danish day was made."""
    with reading(engine) as session:
        return meta.get(session, DONE) == danish_day(at).isoformat()


def remove_person(session: Session, person: Person) -> None:
    """Remove a person's row with sessions, links and visits; what the person did stays in the journals."""
    for table in (SessionRow, Link, Seen):
        session.execute(delete(table).where(col(table.person_id) == person.id))
    session.delete(person)
    session.flush()


def _ended_sessions(session: Session, at: datetime) -> int:
    session.execute(delete(CodeTry).where(col(CodeTry.ends_at) < at))  # names nobody, so it is not counted
    ended = _gone(session, delete(SessionRow).where(col(SessionRow.ends_at) < at))
    return ended + _gone(session, delete(Link).where(col(Link.ends_at) < at - timedelta(days=1)))


def _people(session: Session, before: date) -> int:
    due = session.scalars(select(Person).where(col(Person.valid_to) < before)).all()
    for person in due:
        remove_person(session, person)
    return len(due)


def _returns(engine: Engine, before: date, at: datetime) -> int:
    """Empty the bytes of mails that came back about agreements whose council term ended before then."""
    with reading(engine) as session:
        terms = session.execute(select(col(AgreementRow.id), col(AgreementRow.term))).all()
        over = [number for number, term in terms if date(int(term[-4:]), 12, 31) < before]
        of_over = select(col(Notice.id)).where(col(Notice.agreement_id).in_(over))
        due = select(col(Bounce.id)).where(col(Bounce.notice_id).in_(of_over), col(Bounce.raw) != b"")
        ids = list(session.scalars(due))
    for first in range(0, len(ids), AT_ONCE):
        with writing(engine) as session:
            some = col(Bounce.id).in_(ids[first : first + AT_ONCE])
            session.execute(update(Bounce).where(some).values(raw=b"", address=""))
            seal(session, "emptied", ids[first : first + AT_ONCE], at)
    return len(ids)


def _gone(session: Session, statement: Executable) -> int:
    result = session.execute(statement)
    assert isinstance(result, CursorResult)
    return result.rowcount
