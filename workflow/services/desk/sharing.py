"""Read-only links to the reasons of one date, for somebody without a sign-in. The address is the secret; only its
SHA-256 is kept, in the journal of acts, with who made it, until when it holds, and who ended it.
"""

from __future__ import annotations

import secrets
from datetime import date, datetime, timedelta

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from workflow.errors import Invalid, NotFound
from workflow.language import phrase
from workflow.rules.days import danish_day
from workflow.services.due.dates import explained
from workflow.storage.database import reading, writing
from workflow.storage.facts.acts import Act, acts_of, record_act
from workflow.storage.facts.projection import Standing
from workflow.storage.people.people import hash_of
from workflow.values import dataclass

ROOM, MADE, ENDED = "share", "made", "ended"
DAYS = (7, 30, 90)  # how long a link may hold
MOST = 500  # acts that a list looks through, the newest
_GONE = phrase("linket findes ikke, er udløbet eller er ophævet")


@dataclass(frozen=True, slots=True)
class Shared:
    """One link: to which date (``rule`` and ``subject``) of which agreement, by whom, and its last Danish day."""

    number: int
    agreement: str
    rule: str
    subject: str
    by: str
    made_at: datetime
    until: date


def share(
    engine: Engine, standing: Standing, rule: str, subject: str, days: int, by: str, at: datetime
) -> tuple[Shared, str]:
    """Make a link to one date's reasons that holds for ``days`` days: what it is, and the secret that ends its address,
    told only here. :class:`Invalid` for another number of days, :class:`NotFound` where the agreement has no such
    date."""
    if days not in DAYS:
        raise Invalid(
            phrase(
                "et link kan gælde i %(names)s eller %(one)s dage",
                names=", ".join(map(str, DAYS[:-1])),
                one=DAYS[-1],
            )
        )
    if explained(standing, standing.rules, rule, subject) is None:
        raise NotFound(phrase("aftalen har ingen sådan frist"))
    secret = secrets.token_urlsafe(32)
    until = danish_day(at) + timedelta(days=days)
    said = {"agreement": standing.agreement.key, "rule": rule, "subject": subject, "until": until.isoformat()}
    with writing(engine) as session:
        return _shared(record_act(session, ROOM, hash_of(secret), MADE, said, by, at)), secret


def opened(engine: Engine, secret: str, today: date) -> Shared:
    """What the link opens on that Danish day; :class:`NotFound` alike for one unknown, over or ended."""
    with reading(engine) as session:
        found = _live(session, hash_of(secret), today)
    if found is None:
        raise NotFound(_GONE)
    return found


def shared_of(engine: Engine, agreement: str, rule: str, subject: str, today: date) -> list[Shared]:
    """The links to one date that hold today, the newest first."""
    with reading(engine) as session:
        acts = acts_of(session, ROOM, limit=MOST)
        over = {act.about for act in acts if act.what == ENDED}
        found = [_shared(act) for act in acts if act.what == MADE and act.about not in over]
    where = (agreement, rule, subject)
    return [one for one in found if (one.agreement, one.rule, one.subject) == where and one.until >= today]


def end_shared(engine: Engine, agreement: str, number: int, by: str, at: datetime) -> Shared:
    """End a link of one agreement now and for good; one that has ended stays so. :class:`NotFound` for another."""
    with writing(engine) as session:
        query = select(Act).where(col(Act.room) == ROOM, col(Act.no) == number, col(Act.what) == MADE)
        act = session.scalars(query).first()
        if act is None or act.told["agreement"] != agreement:
            raise NotFound(_GONE)
        found = _shared(act)
        if _live(session, act.about, found.until):
            record_act(session, ROOM, act.about, ENDED, {"agreement": agreement, "number": number}, by, at)
        return found


def _live(session: Session, digest: str, today: date) -> Shared | None:
    newest = next(iter(acts_of(session, ROOM, [digest], limit=1)), None)
    if newest is None or newest.what != MADE:
        return None
    found = _shared(newest)
    return found if today <= found.until else None


def _shared(act: Act) -> Shared:
    told = act.told
    return Shared(
        act.no, str(told["agreement"]), str(told["rule"]), str(told["subject"]), act.by, act.at,
        date.fromisoformat(str(told["until"])),
    )  # fmt: skip
