"""The Monday mail: each person who has asked for it gets the week ahead, once, and nothing where there is nothing."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from workflow.errors import Invalid, NotFound
from workflow.language import kept, phrase
from workflow.mail.writing.factparts import Said
from workflow.mail.writing.facts import WeekDate, WeekFacts, WeekNews, WeekOwed
from workflow.rules.days import COPENHAGEN, danish_day, end_of
from workflow.rules.hours import Hours
from workflow.rules.timeline import Deadline
from workflow.services.councils.settling import waiting
from workflow.services.desk.happened import Wanted, gathered, happened
from workflow.services.desk.owed import owes, own_dates
from workflow.services.desk.personal import personal
from workflow.services.planning.answering import count_unanswered
from workflow.storage import meta
from workflow.storage.database import reading, writing
from workflow.storage.facts import projection
from workflow.storage.facts.acts import Act, acts_of, record_act
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.people import people
from workflow.storage.people.people import Person
from workflow.storage.tables import AgreementRow, Meta, Notice

ROOM, ON, OFF = "week-mail", "on", "off"
DONE = "week_mails"  # the meta key: the week whose mails are planned
FRIDAY = 5  # as isoweekday() counts: later in the week nobody wants Monday's mail
AHEAD, MOST = 7, 8  # days; lines of each kind
_EVERYWHERE = ("coordinator", "administrator")  # roles that without a region read every one


def may_have(person: Person) -> bool:
    """Whether the mail is for this person: who reads agreements. A mail tells of one region, so that whoever reads that
    region's letters may read it too; who reads several regions gets one of each that has something to tell."""
    return bool(person.region or person.body or person.role in _EVERYWHERE)


def choose(engine: Engine, email: str, wanted: bool, at: datetime) -> None:
    """Let the person with this address have the mail from next Monday on, or no longer; said twice it is said once."""
    with writing(engine) as session:
        person = people.person_by_email(session, email, danish_day(at))
        if person is None:
            raise NotFound(phrase("personen findes ikke"))
        if wanted and not may_have(person):
            raise Invalid(phrase("mandagsmailen er for dem, der kan læse aftalerne"))
        if _wants(session, person.email) is not wanted:
            record_act(session, ROOM, person.email, ON if wanted else OFF, {}, person.name, at)


def wants(engine: Engine, email: str) -> bool:
    """Whether this person has asked for the mail."""
    with reading(engine) as session:
        return _wants(session, email)


def _wants(session: Session, email: str) -> bool:
    newest = next(iter(acts_of(session, ROOM, [email], limit=1)), None)
    return newest is not None and newest.what == ON


def plan_mondays(engine: Engine, rulebook: Rulebook, at: datetime, send_hour: int, link: str) -> list[Notice]:
    """Owe everybody who wants it the mail of this week, once in a week, from the send hour of Monday until Friday; the
    notices written. Whoever asks for it later in the week gets the next one."""
    today = danish_day(at)
    monday = today - timedelta(days=today.weekday())
    begins = datetime.combine(monday, time(send_hour), COPENHAGEN)
    week = f"{monday.isocalendar().year}-W{monday.isocalendar().week:02}"
    if at < begins or today.isoweekday() > FRIDAY:
        return []
    with reading(engine) as session:
        if meta.get(session, DONE) == week:
            return []
        asked = session.scalars(
            select(Act).where(col(Act.room) == ROOM, col(Act.at) < begins).order_by(col(Act.no))
        )
        said = {act.about: act.what for act in asked}
        found = [people.person_by_email(session, email, today) for email, what in said.items() if what == ON]
    readers = [person for person in found if person and may_have(person)]
    if not readers:
        return []  # nobody to be late for: a tick writes nothing then
    contents = [
        (person, _of(engine, rulebook, person, region, at))
        for person in readers
        for region in _regions(rulebook, person, at)
    ]
    return _write(engine, contents, week, Hours(rulebook.days, send_hour).not_before(at), at, link)


def _write(
    engine: Engine, contents: Sequence[tuple[Person, _Week | None]], week: str, next_at: datetime, at: datetime,
    link: str,
) -> list[Notice]:  # fmt: skip
    with writing(engine) as session:
        meta.put_first(session, DONE, "")
        if (
            session.scalars(select(col(Meta.value)).where(col(Meta.key) == DONE).with_for_update()).one()
            == week
        ):
            return []  # another daemon was first
        meta.put(session, DONE, week)
        notices = []
        for person, told in contents:
            if told is None:
                continue
            row, standing, facts = told
            to = ("person", person.name, person.email)
            notice = personal(session, row, standing, "week", week, to, at, link, week=facts)
            notice.next_at = max(next_at, notice.next_at)
            if not session.scalars(select(col(Notice.id)).where(col(Notice.key) == notice.key)).first():
                notices.append(notice)
        session.add_all(notices)
        session.flush()
        return notices


_Week = tuple[AgreementRow, Standing, WeekFacts]


def _of(engine: Engine, rulebook: Rulebook, person: Person, region: str, at: datetime) -> _Week | None:
    """The agreement it is sent about and what it tells of one region; ``None`` where there is nothing to tell."""
    today = danish_day(at)
    with reading(engine) as session:
        query = select(AgreementRow).where(col(AgreementRow.period_state).not_in(("ended", "rules_ended")))
        query = query.where(col(AgreementRow.region) == region)
        rows = list(session.scalars(query.order_by(col(AgreementRow.label).desc())))
        standings, _ = projection.load_workable(session, rulebook, rows, today)
    if not standings:
        return None
    keys = [standing.agreement.key for standing in standings]
    since = end_of(today - timedelta(days=AHEAD + 1))
    kinds = ("journal", "svar") if person.body else ("journal", "svar", "notat")
    news = gathered(happened(engine, rulebook, keys, Wanted(kinds, since=since, lane=person.body), 200))
    dates: list[WeekDate] = [
        {
            "on": (one.legal_on or today).isoformat(),
            "what": kept(_said(one.title, one)),
            "of": standing.agreement.label,
        }
        for standing, one in own_dates(standings, person.body, AHEAD)
    ]
    owed: list[WeekOwed] = [
        {
            "who": one.who,
            "what": kept(_said(one.what, one.deadline)),
            "by": one.by.isoformat() if one.by else None,
            "late": one.late,
        }
        for one in ([] if person.body else owes(standings))
    ]
    told: list[WeekNews] = [
        {
            "on": (one.on or danish_day(one.at)).isoformat(),
            "what": kept(one.what),
            "who": one.body,
            "of": one.agreement.partition("/")[2],
        }
        for one in news
    ]
    asks = _asks(engine, person)
    if not (dates or asks or owed or told):
        return None
    facts: WeekFacts = {
        "dates": dates[:MOST], "asks": asks, "owed": owed[:MOST], "news": told[:MOST],
        "owed_count": len(owed), "news_count": len(told),
    }  # fmt: skip
    row = next(row for row in rows if row.key == standings[0].agreement.key)
    return row, standings[0], facts


def _said(what: str, deadline: Deadline | None) -> str:
    """What it is, and that its rules may have ended where that is open."""
    doubtful = deadline is not None and deadline.doubtful
    return phrase("%(what)s (reglen kan være ophævet)", what=what) if doubtful else what


def _asks(engine: Engine, person: Person) -> list[Said]:
    """What waits for the secretariat's own word."""
    if person.role != "secretariat":
        return []
    reports = len(waiting(engine, [person.region], 100))
    letters = sum(count_unanswered(engine, [person.region]).values())
    told = [phrase("%(count)s svar fra råd venter på at blive bekræftet", count=reports)] if reports else []
    if letters == 1:
        told.append(phrase("1 brev om det, der var sket, venter på svar"))
    elif letters:
        told.append(phrase("%(count)s breve om det, der var sket, venter på svar", count=letters))
    return [kept(one) for one in told]


def _regions(rulebook: Rulebook, person: Person, at: datetime) -> list[str]:
    if person.region:
        return [person.region]
    if not person.body:
        return [one.id for one in rulebook.regions]
    today = danish_day(at)
    own = next((one.id for one in rulebook.regions if one.code and one.code == person.body), "")
    lives = (m.region for m in rulebook.memberships if m.code == person.body and m.holds(today))
    return [own or next(lives, "")]
