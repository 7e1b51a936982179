"""Calendars at secret addresses: made, listed, revoked, and written out. Whoever has the address can read it, so it
holds no person's name and no mailbox, and only its SHA-256 is kept."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from workflow.errors import Invalid, NotFound
from workflow.language import SOURCE, phrase, speaking, worded
from workflow.mail.writing.feed import calendar_file
from workflow.mail.writing.words import clean
from workflow.rules.agreement import Agreement
from workflow.rules.days import danish_day
from workflow.rules.facts import Fact
from workflow.rules.regime import Law
from workflow.rules.traces import Trace, traces
from workflow.services.people.contacts.reach import falls_to
from workflow.services.people.programs import still_to_come
from workflow.services.views.calendars.feedbeside import FeedJson, beside_entries, own_end
from workflow.services.views.calendars.feedentries import asked_for
from workflow.services.views.calendars.feedentries import entries as entries_of
from workflow.services.views.replydates import reply_dates
from workflow.storage.database import reading, writing
from workflow.storage.facts import journal, projection
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.law.rulesthen import rules_of
from workflow.storage.people.people import Feed, Person
from workflow.storage.tables import AgreementRow, DeadlineRow

KEPT_DAYS = 730  # an agreement whose last date is older is left out
MOST_NAME = 80
LASTS = 365  # days, where the settings say no other number


def add_feed(
    engine: Engine,
    rulebook: Rulebook,
    *,
    region: str,
    body: str,
    name: str,
    by: str,
    at: datetime,
    mine: bool = False,
    valid_to: date | None = None,
) -> tuple[FeedJson, str]:
    """Make a calendar of one region, of one council (its code) or, with neither, of everything: what it is, and the
    secret that ends its address, told only here. ``mine``: only what falls to that region's secretariat or to that
    council, which must be named. ``valid_to`` is its last Danish day; without one :data:`LASTS`. :class:`NotFound` for
    an unknown region or council, :class:`Invalid` for a last day that is over."""
    still_to_come(valid_to, at)
    if region and body:
        raise Invalid(phrase("en kalender er for en region eller for et råd, ikke for begge"))
    if mine and not (region or body):
        raise Invalid(phrase("en kalender med egne frister er for en regions sekretariat eller for et råd"))
    of = (
        rulebook.region(region).name
        if region
        else _council(rulebook, body)
        if body
        else phrase("alle regioner")
    )
    name = clean(name) or (
        phrase("Vores frister, %(of)s", of=of) if mine else phrase("Aftaler og planer, %(of)s", of=of)
    )
    if len(name) > MOST_NAME:
        raise Invalid(
            phrase(
                "kalenderens navn har %(count)s tegn; skriv højst %(most)s", count=len(name), most=MOST_NAME
            )
        )
    secret = secrets.token_urlsafe(24)
    feed = Feed(
        digest=_digest(secret),
        name=name,
        region=region,
        body=body,
        mine=mine,
        made_by=by,
        made_at=at,
        valid_to=valid_to or danish_day(at) + timedelta(days=LASTS),
    )
    with writing(engine) as session:
        session.add(feed)
        session.flush()
        return _feed(feed), secret


def list_feeds(engine: Engine, made_by: str | None = None) -> list[FeedJson]:
    """Every feed ever made, or one person's, the newest first."""
    query = select(Feed).order_by(col(Feed.id).desc())
    if made_by is not None:
        query = query.where(col(Feed.made_by) == made_by)
    with reading(engine) as session:
        return [_feed(feed) for feed in session.scalars(query)]


def renew_feed(
    engine: Engine, number: int, valid_to: date, at: datetime, made_by: str | None = None
) -> FeedJson:
    """Let a feed go on, at the same address, until that Danish day; also one whose last day is over. :class:`NotFound`
    for one that is not there, was revoked, or was not made by ``made_by``, :class:`Invalid` for a day that is over."""
    still_to_come(valid_to, at)
    with writing(engine) as session:
        feed = session.get(Feed, number)
        if feed is None or feed.revoked_at is not None or made_by not in (None, feed.made_by):
            raise NotFound(phrase("kalenderen findes ikke"))
        feed.valid_to = max(valid_to, feed.valid_to or valid_to)
        return _feed(feed)


def revoke_feed(engine: Engine, number: int, at: datetime, made_by: str | None = None) -> FeedJson:
    """End a feed for good; one that has ended stays as it is. :class:`NotFound` for one that is not there (or not
    made by ``made_by``)."""
    with writing(engine) as session:
        feed = session.get(Feed, number)
        if feed is None or made_by not in (None, feed.made_by):
            raise NotFound(f"no feed {number}; aftale feed list shows them")
        feed.revoked_at = feed.revoked_at or at
        return _feed(feed)


def find_feed(engine: Engine, secret: str, today: date) -> FeedJson:
    """The feed at a secret address; :class:`NotFound` alike for one that is unknown, revoked, past its last
    day, or of a person whose access has ended by ``today`` (a Danish day)."""
    with reading(engine) as session:
        feed = session.scalars(select(Feed).where(col(Feed.digest) == _digest(secret))).one_or_none()
        if feed is None or feed.revoked_at is not None or (feed.valid_to and feed.valid_to < today):
            raise NotFound(phrase("kalenderen findes ikke"))
        owner = session.scalars(select(Person).where(col(Person.email) == feed.made_by)).one_or_none()
        if owner and owner.valid_to and owner.valid_to < today:
            raise NotFound(phrase("kalenderen findes ikke"))
        return _feed(feed) | {"language": owner.language if owner else ""}


def write_feed(
    engine: Engine,
    rulebook: Rulebook,
    feed: FeedJson,
    *,
    today: date,
    instance: str,
    base_url: str = "",
) -> bytes:
    """The feed as an iCalendar file on a Danish day, in the language of whose calendar it is; ``instance`` is
    the database's own name, part of every UID. The same dates give the same bytes."""
    with speaking(feed.get("language") or SOURCE), reading(engine) as session:
        entries = []
        for row in _rows(session, rulebook, feed, today):
            standing = projection.load(session, rulebook, row, today)
            recorded = {fact.no: fact.recorded_at for fact in journal.rows(session, row)}
            traced = traces(
                standing.agreement, standing.facts, standing.rules.law, today,
                by_then=_by_then(session, rulebook, row, today, standing.facts),
            )  # fmt: skip
            if feed["mine"]:
                traced = {key: one for key, one in traced.items() if _falls_to(standing, one, feed["body"])}
            entries += list(entries_of(standing, traced, recorded, instance, base_url))
            asked = [] if feed["mine"] and not feed["body"] else reply_dates(standing, feed["body"])
            for one in asked:
                entries.append(
                    asked_for(standing, standing.rules, one, instance, recorded[one.fact_no], base_url)
                )
            made_at = min(recorded.values())
            entries += beside_entries(standing, feed["body"], instance, made_at, base_url, feed["mine"])
        entries += own_end(feed, instance, base_url)
        return calendar_file(worded(feed["name"]), sorted(entries, key=lambda entry: (entry.on, entry.uid)))


def _falls_to(standing: Standing, trace: Trace, body: str) -> bool:
    return falls_to(standing.rules, standing.agreement.region, trace.found.rule.who, standing.as_of, body)


def _rows(session: Session, rulebook: Rulebook, feed: FeedJson, today: date) -> list[AgreementRow]:
    """The agreements the feed is about that still have, or lately had, a date."""
    since = today - timedelta(days=KEPT_DAYS)
    dated = select(col(DeadlineRow.agreement_id)).where(col(DeadlineRow.legal_on) >= since)
    query = select(AgreementRow).where(col(AgreementRow.id).in_(dated))
    query = query.order_by(col(AgreementRow.region), col(AgreementRow.label))
    if feed["region"]:
        query = query.where(col(AgreementRow.region) == feed["region"])
    if body := feed["body"]:
        regions = [m.region for m in rulebook.memberships if m.code == body]
        regions += [region.id for region in rulebook.regions if body in (region.code, region.id)]
        query = query.where(col(AgreementRow.region).in_(regions))
    rows = list(session.scalars(query))
    if body:
        rows = [row for row in rows if rulebook.agreement(
            row.region, row.label, row.term, today, row.unit, row.regime).council(body)]  # fmt: skip
    return rows


def _by_then(
    session: Session, rulebook: Rulebook, row: AgreementRow, today: date, facts: Sequence[Fact]
) -> Callable[[Sequence[Fact]], tuple[Agreement, Law]] | None:
    """The agreement and its law after its first facts, where it did not live under one rule set all the time: a date
    that new rules moved is a change too, and no count may shrink for it."""
    if not any(fact.event == "rules-accepted" for fact in facts):
        return None

    def by_then(first: Sequence[Fact]) -> tuple[Agreement, Law]:
        rules = rules_of(session, rulebook, row, first, today)
        return projection.subject(rules, row, today), rules.law

    return by_then


def _council(rulebook: Rulebook, code: str) -> str:
    """The council's name; :class:`NotFound` where there is none with this code."""
    names = [m.full_name for m in rulebook.memberships if m.code == code]
    names += [region.name for region in rulebook.regions if region.code and region.code == code]
    if not names:
        raise NotFound(f"no council {code!r}; codes are like 0851 (aftale bodies REGION lists them)")
    return names[0]


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _feed(feed: Feed) -> FeedJson:
    return {
        "id": feed.id or 0,
        "name": feed.name,
        "region": feed.region,
        "body": feed.body,
        "mine": feed.mine,
        "made_by": feed.made_by,
        "made_at": feed.made_at.isoformat(),
        "valid_to": feed.valid_to.isoformat() if feed.valid_to else None,
        "revoked_at": feed.revoked_at.isoformat() if feed.revoked_at else None,
    }
