"""The secretariat verifies what a council reported (*bekræftet*) with evidence, and it becomes the council's fact; or
says why not. Either way the council is told. It is done once, in one transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Engine
from sqlmodel import Session

from workflow.errors import Conflict, Invalid, NotFound, NotPossible
from workflow.language import phrase
from workflow.mail.addresses import folded
from workflow.mail.writing.words import clean
from workflow.rules.days import COPENHAGEN, danish_day
from workflow.rules.facts import Fact
from workflow.services.councils.reporting import CONFIRMED, tell
from workflow.services.facts.agreements import Recorded, record_in
from workflow.storage.database import reading, writing
from workflow.storage.facts import journal, projection, reported
from workflow.storage.facts.documents import Attached
from workflow.storage.facts.projection import Standing
from workflow.storage.facts.reported import ReportedDecision
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.seals import seal
from workflow.storage.tables import AgreementRow
from workflow.values import dataclass, replace


@dataclass(frozen=True, slots=True)
class Waiting:
    """A report with the agreement it belongs to."""

    report: ReportedDecision
    region: str
    label: str
    standing: Standing | None = None

    @property
    def agreement(self) -> str:
        """``"nordjylland/2024-2027"``."""
        return f"{self.region}/{self.label}"


def waiting(engine: Engine, regions: Sequence[str], limit: int) -> list[Waiting]:
    """Reports that nobody has verified in ``regions``, the oldest first."""
    with reading(engine) as session:
        return [Waiting(one, row.region, row.label) for one, row in reported.waiting(session, regions, limit)]


def open_reports(engine: Engine, key: str) -> list[ReportedDecision]:
    """Reports of one agreement that nobody has verified."""
    with reading(engine) as session:
        return list(reported.open_of(session, journal.find(session, key)))


def find_report(engine: Engine, rulebook: Rulebook, number: int, today: date) -> Waiting:
    """One report, open or settled; :class:`NotFound` otherwise."""
    with reading(engine) as session:
        found = session.get(ReportedDecision, number)
        if found is None:
            raise NotFound(phrase("indberetningen findes ikke"))
        row = session.get_one(AgreementRow, found.agreement_id)
        return Waiting(found, row.region, row.label, projection.load(session, rulebook, row, today))


def verify(
    engine: Engine, rulebook: Rulebook, number: int, source: str, by: str, *, at: datetime,
    link: str, attached: Attached | None = None, address: str = "",
) -> Recorded | None:  # fmt: skip
    """Take the report up as the council's fact, with its evidence: ``source`` says where it can be read.
    The council is told where its receipt has not gone out; ``link`` is the site's address, ``address`` that of whoever
    verifies: what was reported from one's own mailbox somebody else verifies (:class:`NotPossible`).

    ``None`` where the same person did so before. :class:`Invalid` without evidence, :class:`Conflict` where somebody
    else settled it, :class:`NotPossible` where the law forbids the fact now.
    """
    if not source.strip():
        raise Invalid(phrase("skriv, hvor rådets beslutning kan læses, fx protokollen fra mødet"))
    today = danish_day(at)
    with writing(engine) as session:
        found, row = _open(session, number)
        if found.state != "reported":
            _again(found, "verified", by)
            return None
        if address and folded(found.by) == folded(address):
            raise NotPossible(phrase("Indberetningen kom fra din egen postkasse; en anden skal bekræfte den"))
        remark = phrase(" Rådets bemærkning: %(remark)s", remark=found.remark) if found.remark else ""
        told: str = phrase(
            "%(basis)s. Indberettet af %(by)s %(on)s.%(remark)s",
            basis=clean(source),
            by=found.by,
            on=danish_day(found.reported_at),
            remark=remark,
        )
        told += (
            phrase(" Svaret gælder teksten med SHA-256 %(document)s.", document=found.document)
            if found.document
            else ""
        )
        fact = Fact(0, found.event, found.on, found.version, found.council, found.due, told, by)
        if found.minutes and not attached:
            fact = replace(fact, document=found.minutes, document_name=found.minutes_name)
        done = record_in(session, rulebook, row, fact, today=today, at=at, attached=attached)
        if not reported.settle(session, found, "verified", by, clean(source), at, done.fact.no):
            raise Conflict(phrase("En anden har i mellemtiden behandlet indberetningen."))
        seal(session, "settled", [found.id], at)
        session.refresh(found)
        tell(session, row, done.after, found, CONFIRMED, at, link)
        return done


def turn_down(
    engine: Engine, rulebook: Rulebook, number: int, why: str, by: str, *, at: datetime, link: str
) -> None:
    """Do not take the report up, and tell the council why. :class:`Invalid` without a reason; :class:`Conflict` where
    somebody else settled it; nothing where the same person did so before."""
    if not why.strip():
        raise Invalid(phrase("skriv hvorfor; begrundelsen sendes til rådet"))
    with writing(engine) as session:
        found, row = _open(session, number)
        if found.state != "reported":
            _again(found, "turned-down", by)
            return
        if not reported.settle(session, found, "turned-down", by, clean(why), at, None):
            raise Conflict(phrase("En anden har i mellemtiden behandlet indberetningen."))
        seal(session, "settled", [found.id], at)
        session.refresh(found)
        standing = projection.load(session, rulebook, row, danish_day(at))
        tell(session, row, standing, found, "decision-returned", at, link)


def _open(session: Session, number: int) -> tuple[ReportedDecision, AgreementRow]:
    found = session.get(ReportedDecision, number)
    if found is None:
        raise NotFound(phrase("indberetningen findes ikke"))
    place = session.get_one(AgreementRow, found.agreement_id)
    row = journal.find(session, place.key, lock=True)
    session.refresh(found)  # somebody may have settled it while we waited for the lock
    return found, row


def _again(found: ReportedDecision, state: str, by: str) -> None:
    """The second click of the same person is no news; anything else is."""
    if (found.state, found.settled_by) == (state, by):
        return
    when = (found.settled_at or found.reported_at).astimezone(COPENHAGEN)
    verb = "bekræftet" if found.state == "verified" else "afvist"
    raise Conflict(
        phrase(
            "Indberetningen blev %(verb)s af %(settled_by)s %(date)s kl. %(hour)s.%(when)s. Intet er ændret.",
            verb=verb,
            settled_by=found.settled_by,
            date=when.date(),
            hour=when.hour,
            when=format(when, "%M"),
        )
    )
