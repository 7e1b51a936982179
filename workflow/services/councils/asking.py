"""What a council is asked about a text that is with the councils: through the link in its letter, or signed in.

A link holds while the mailbox is the council's, the version is with the councils, and their term lasts:
ending the mailbox, or replacing the text, revokes it; and the secretariat can withdraw it (:func:`withdraw_links`).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from workflow.errors import Invalid, NotFound
from workflow.language import phrase
from workflow.lifecycle.text import Version
from workflow.mail.links import Ask, reader_of
from workflow.mail.writing.facts import AskFacts
from workflow.mail.writing.words import clean
from workflow.rules.agreement import Council
from workflow.rules.days import danish_day
from workflow.services.planning.recipients import party_of
from workflow.services.planning.reminders import whom_to_ask
from workflow.storage.database import reading, writing
from workflow.storage.facts import journal, projection, reported, withdrawn
from workflow.storage.facts.projection import Standing
from workflow.storage.facts.reported import ReportedDecision
from workflow.storage.facts.withdrawn import WithdrawnLink
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.people.contacts import languages_chosen, mailboxes
from workflow.storage.tables import AgreementRow
from workflow.values import dataclass, replace

MOST_WORDS = 500
SORRY = phrase("Linket kan ikke bruges. Det er ikke herfra, eller postkassen er ikke længere rådets.")


@dataclass(frozen=True, slots=True)
class Question:
    """What one council is asked through the mailbox or by the person ``by``, and how it has answered: ``report`` is the
    last report. ``closed`` says in Danish why it can no longer be answered, empty while it can. ``withdrawn`` is the
    last time links to the council were, and ``dead`` whether this is one of them. ``whom`` to ask: name and address of
    the secretariat, where it has a mailbox; ``language`` is the mailbox's."""

    standing: Standing
    council: Council
    version: Version
    by: str
    report: ReportedDecision | None
    closed: str
    withdrawn: WithdrawnLink | None
    dead: bool
    whom: AskFacts | None
    language: str = ""

    @property
    def waits(self) -> bool:
        """Whether an answer is still wanted: none was reported or taken up, and one can be given."""
        reported = self.report is not None and self.report.state == "reported"
        return not reported and not self.closed and self.undecided

    @property
    def undecided(self) -> bool:
        """Whether the council's approval is still missing."""
        return self.council.code in (*self.version.pending, *self.version.against)


def question(engine: Engine, rulebook: Rulebook, ask: Ask | None, today: date, person: str = "") -> Question:
    """What the link asks today (Danish), or ``person``, who is signed in for the council. :class:`NotFound` for a link
    that is forged, or whose mailbox is no longer the council's. Reads only."""
    with reading(engine) as session:
        return find_question(session, rulebook, ask, today, person)[1]


def questions(
    engine: Engine, rulebook: Rulebook, regions: Collection[str], council: str, today: date, person: str, limit: int
) -> list[Question]:  # fmt: skip
    """What ``council`` (a code; "": every one) is asked today about the texts that are with the councils of
    ``regions``, at most ``limit`` texts. Reads only."""
    states = rulebook.states_that_are("with-councils")
    query = (
        select(AgreementRow)
        .where(col(AgreementRow.region).in_(regions), col(AgreementRow.version_state).in_(states))
        .order_by(col(AgreementRow.version_state), col(AgreementRow.region))
        .limit(limit)
    )
    with reading(engine) as session:
        return [
            _asked(session, row, standing, party, current, person)
            for row in session.scalars(query)
            for standing in projection.load_workable(session, rulebook, [row], today)[0]
            if (current := standing.course.current) and current.with_councils
            for party in standing.agreement.parties
            if council in ("", party.code)
        ]


def find_question(
    session: Session, rulebook: Rulebook, ask: Ask | None, today: date, person: str, lock: bool = False
) -> tuple[AgreementRow, Question]:
    """:func:`question` within a transaction, with the agreement's row, locked where ``lock``."""
    if ask is None:
        raise NotFound(SORRY)
    row = journal.find(session, ask.agreement, lock=lock)
    standing = projection.load(session, rulebook, row, today)
    council = party_of(standing, f"{ask.council}/council")
    version = standing.course.version(ask.version)
    boxes = [] if person else mailboxes(session, ask.council, today)
    by = person or next((email for email in boxes if reader_of(email) == ask.reader), "")
    if person and not (council and version):
        raise NotFound(
            phrase(
                "%(agreement)s har intet råd %(council)s eller ingen version %(version)s",
                agreement=ask.agreement, council=ask.council, version=ask.version,
            )
        )  # fmt: skip
    if not (council and version and by):
        raise NotFound(SORRY)
    asked = _asked(session, row, standing, council, version, by)
    closed: str
    closed, gone, newest = "", asked.withdrawn, standing.course.current
    editions = withdrawn.times(session, row, council.code, version.number)
    dead = not person and ask.edition < editions
    if gone and dead:
        closed = phrase("linket blev trukket tilbage %(day)s", day=danish_day(gone.withdrawn_at))
    elif newest and newest.number != version.number:
        closed = phrase(
            "version %(number)s er erstattet af version %(newest)s",
            number=version.number,
            newest=newest.number,
        )
    elif version.submitted_on:
        closed = phrase(
            "version %(number)s blev indsendt %(day)s", number=version.number, day=version.submitted_on
        )
    elif not version.with_councils:
        closed = phrase("version %(number)s er ikke længere til godkendelse", number=version.number)
    elif not person and standing.agreement.term.ends_on < today:
        closed = phrase("valgperioden sluttede %(day)s", day=standing.agreement.term.ends_on)
    spoken = languages_chosen(session, by).get(by, "")
    return row, replace(asked, closed=closed, dead=dead, language=spoken)


def _asked(
    session: Session, row: AgreementRow, standing: Standing, council: Council, version: Version, by: str
) -> Question:
    report = reported.newest_of(session, row, council.code, version.number)
    gone = withdrawn.newest_of(session, row, council.code, version.number)
    whom = whom_to_ask(session, standing.rules, row, standing.as_of)
    return Question(standing, council, version, by, report, "", gone, False, whom)


def withdraw_links(
    engine: Engine, rulebook: Rulebook, ask: Ask, why: str, by: str, at: datetime
) -> WithdrawnLink:
    """Withdraw every link that was written to the council of ``ask`` about its version; the next letter brings a
    new one. :class:`Invalid` without a reason, :class:`NotFound` for a council or version that is not there."""
    if not clean(why):
        raise Invalid(phrase("skriv hvorfor; begrundelsen bliver gemt"))
    with writing(engine) as session:
        row, asked = find_question(session, rulebook, ask, danish_day(at), by, lock=True)
        code, number = asked.council.code, asked.version.number
        return withdrawn.withdraw(session, row, code, number, by, clean(why)[:MOST_WORDS], at)
