"""A council reports what it decided (*indberettet*), through the link in its letter or signed in.

Whoever holds the link of a council's mailbox can report, so a report counts for nothing by itself
(:mod:`workflow.services.councils.settling` makes it a fact), and its mailbox gets a receipt that says how to object.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from functools import partial

from sqlalchemy import Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session

from workflow.errors import Conflict, Invalid, NotPossible
from workflow.language import phrase
from workflow.lifecycle.following import walk
from workflow.lifecycle.names import EVENTS
from workflow.mail.links import Ask
from workflow.mail.writing.factparts import EventFacts
from workflow.mail.writing.words import clean
from workflow.rules.days import COPENHAGEN, danish_day
from workflow.rules.facts import Fact
from workflow.services.councils.asking import MOST_WORDS, Question, find_question
from workflow.services.planning.letterfacts import letter_facts
from workflow.services.planning.owing import Owed
from workflow.services.planning.recipients import expand
from workflow.services.planning.reminders import announce
from workflow.services.planning.superseding import gone, withdraw
from workflow.storage.database import writing
from workflow.storage.facts.documents import Attached, keep
from workflow.storage.facts.projection import Standing
from workflow.storage.facts.reported import ReportedDecision, settle
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.seals import seal
from workflow.storage.tables import AgreementRow
from workflow.values import dataclass

DECISIONS = (
    "council-approved", "council-remarks", "council-conditional", "council-postponed", "council-rejected",
)  # fmt: skip
SCHEDULED, POSTPONED = "council-scheduled", "council-postponed"  # what may name a meeting to come
ANSWERS = (*DECISIONS, SCHEDULED)
AHEAD = timedelta(days=730)
RECEIPT, CONFIRMED = "decision-reported", "decision-confirmed"


@dataclass(frozen=True, slots=True)
class Beside:
    """What an answer may bring along: ``due``, the meeting to come; the ``minutes``; who ``takes_over``; and ``shown``,
    the digest of the text as the form showed it ("" where a program answers)."""

    due: date | None = None
    minutes: Attached | None = None
    takes_over: str = ""
    shown: str = ""


_NOTHING = Beside()


def report(
    engine: Engine, rulebook: Rulebook, ask: Ask | None, event: str, on: date, remark: str, *, at: datetime, link: str,
    person: str = "", beside: Beside = _NOTHING,
) -> ReportedDecision:  # fmt: skip
    """Keep what the council says, and owe its receipts. ``on`` is the day of the meeting (of the saying, where it names
    one to come), ``link`` the site's address, ``person`` who is signed in for the council. A decision takes the place
    of an earlier word about a meeting to come that nobody has verified yet.

    The same words again change nothing. :class:`NotFound` as :func:`question`; :class:`Invalid` for a day that cannot
    be; :class:`NotPossible` where the question is closed or the law forbids the answer; :class:`Conflict` where another
    report of the council waits already, with who and when.
    """
    today = danish_day(at)
    try:
        with writing(engine) as session:
            row, asked = find_question(session, rulebook, ask, today, person, lock=True)
            earlier, remark = asked.report, clean(remark)[:MOST_WORDS]
            takes_over = clean(beside.takes_over)[:MOST_WORDS]
            said = (event, on, remark, beside.due, takes_over)
            if earlier and earlier.state == "reported" and not asked.dead:
                if (earlier.event, earlier.on, earlier.remark, earlier.due, earlier.takes_over) == said:
                    return earlier
                if earlier.event != SCHEDULED or not settle(
                    session, earlier, "turned-down", asked.by, _LATER, at, None
                ):
                    raise Conflict(_first(earlier))
                seal(session, "settled", [earlier.id], at)
            if asked.closed:
                raise NotPossible(
                    phrase("Der kan ikke svares længere: %(why)s. Intet er ændret.", why=asked.closed)
                )
            if beside.shown and beside.shown != asked.version.document:
                raise Conflict(
                    phrase(
                        "Teksten er skiftet, siden siden blev vist. Læs den nye, og svar så. Intet er ændret."
                    )
                )
            _refuse_impossible(asked, event, on, today, remark, beside.due)
            made = ReportedDecision(
                agreement_id=row.id or 0, version=asked.version.number, council=asked.council.code, event=event, on=on,
                remark=remark, by=asked.by, reported_at=at, document=asked.version.document, due=beside.due,
                minutes=keep(session, beside.minutes, at) if beside.minutes else "",
                minutes_name=beside.minutes.name if beside.minutes else "", takes_over=takes_over,
            )  # fmt: skip
            session.add(made)
            session.flush()
            seal(session, "report", [made.id], at)
            tell(session, row, asked.standing, made, RECEIPT, at, link)
            return made
    except IntegrityError as error:
        raise Conflict(phrase("Et andet svar fra rådet er ved at blive gemt. Se siden igen.")) from error


def _refuse_impossible(
    asked: Question, event: str, on: date, today: date, remark: str, due: date | None
) -> None:
    sent_on = asked.version.sent_on or on
    if event not in ANSWERS:
        raise Invalid(phrase("vælg, hvad rådet besluttede"))
    if due and not today <= due <= today + AHEAD:
        raise Invalid(phrase("mødet, sagen kommer på, skal ligge fra i dag og højst to år frem"))
    if due is None and event == SCHEDULED:
        raise Invalid(phrase("skriv, hvilken dag mødet bliver"))
    if not sent_on <= on <= today:
        raise Invalid(
            phrase("mødet skal ligge mellem %(day)s, da teksten blev sendt til rådene, og i dag", day=sent_on)
        )
    if not asked.undecided:
        raise NotPossible(
            phrase(
                "%(council)s står allerede som godkendt; skriv til sekretariatet, hvis det er forkert",
                council=asked.council.name,
            )
        )
    fact = Fact(
        len(asked.standing.facts) + 1,
        event,
        on,
        asked.version.number,
        asked.council.code,
        due,
        source=remark or "-",
    )
    walk(asked.standing.agreement, (*asked.standing.facts, fact), asked.standing.rules.law)


_LATER = phrase("rådet har svaret igen")


def _first(earlier: ReportedDecision) -> str:
    when = earlier.reported_at.astimezone(COPENHAGEN)
    return phrase(
        "Rådet har allerede indberettet »%(answer)s« %(day)s kl. %(time)s fra %(by)s. Intet er ændret; er det forkert, "
        "så skriv til sekretariatet.",
        answer=EVENTS[earlier.event], day=when.date(), time=f"{when.hour}.{when:%M}", by=earlier.by,
    )  # fmt: skip


def tell(
    session: Session, row: AgreementRow, standing: Standing, made: ReportedDecision, name: str,
    at: datetime, link: str,
) -> None:  # fmt: skip
    """Owe the letter ``name`` about a report, in the caller's transaction. A receipt that has not gone out is replaced
    by what came after it; where it has, the council needs no second one for an answer that was confirmed."""
    letter = next(rule for rule in standing.rules.letters if rule.name == name)
    today, council = danish_day(at), standing.agreement.council(made.council)
    event: EventFacts = {
        "event": made.event, "on": made.on.isoformat(), "due": made.due.isoformat() if made.due else None,
        "time": "", "about": made.council,
        "about_name": council.name if council else made.council, "source": made.settled_why or made.remark,
        "cite": [standing.agreement.regime.cite("unanimity")], "by": made.settled_by or made.by,
        "link": f"{link}/indberetninger/{made.id}" if link else "", "takes_over": made.takes_over,
    }  # fmt: skip
    rung = f"report{made.id}"
    receipt = gone(session, row, RECEIPT, rung, f"{made.council}/council")
    withdraw(
        session, row, RECEIPT, rung, phrase("indberetningen er behandlet")
    )  # it asks for what has been done
    if name == CONFIRMED and receipt:
        return
    owed = []
    for recipient in expand(standing, standing.rules, letter.to, council=made.council):
        key = "|".join((standing.agreement.key, "||r0@", letter.name, rung, recipient))
        write = partial(
            letter_facts, standing, standing.rules, recipient, today, event=event, rung=rung, due_on=today
        )
        owed.append(Owed(key, letter, None, True, rung, recipient, today, False, partial(bool, False), write))
    announce(session, standing.rules, row, owed, at, link)
