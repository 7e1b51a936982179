"""One person's data: everything that names an address, handed out; and removed as far as nothing proves by it."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, delete, func, or_, select, update
from sqlmodel import Session, SQLModel, col

from workflow.errors import Invalid, NotFound, NotPossible
from workflow.language import phrase
from workflow.mail.addresses import folded
from workflow.mail.writing.words import clean
from workflow.rules.days import danish_day, spoken
from workflow.services.keeping.retention import remove_person
from workflow.storage.database import reading, writing
from workflow.storage.facts.acts import Act, record_act
from workflow.storage.facts.reported import ReportedDecision
from workflow.storage.facts.trail import Seen as Trail
from workflow.storage.letters.trials import TrialMail
from workflow.storage.people.confirmations import ContactConfirmation
from workflow.storage.people.people import Feed, Link, Person, Seen, SessionRow
from workflow.storage.seals import seal
from workflow.storage.tables import Alarm, Attempt, Bounce, Contact, FactRow, Notice
from workflow.values import dataclass

HIDDEN = ("digest", "raw", "body", "facts", "browser", "asker", "previous")  # keys, bytes and hashes
GROUNDS = {  # what erasing leaves, and why
    "facts": phrase("beviser, hvad der skete (journalen ændres aldrig)"),
    "acts": phrase("beviser, hvem der gjorde hvad (journalen ændres aldrig)"),
    "letters": phrase("beviser, at brevet blev sendt, og hvad serveren svarede"),
    "trail": phrase("slettes af sig selv, når fristen er gået"),
    "reports": phrase("beviser, hvad rådet svarede"),
}
_MOST_WORDS = 500


@dataclass(frozen=True, slots=True)
class Erased:
    """How many rows were removed or emptied, and how many stay, by kind."""

    removed: dict[str, int]
    left: dict[str, int]


def about(engine: Engine, address: str) -> dict[str, list[dict[str, object]]]:
    """Every row that names ``address``, by kind, without keys and bytes; :class:`NotFound` where there is none."""
    with reading(engine) as session:
        found = {
            kind: [_plain(row) for row in rows] for kind, rows in _rows(session, folded(address)).items()
        }
    if not any(found.values()):
        raise NotFound(
            phrase("%(address)s står ingen steder; aftale person list, aftale contacts list", address=address)
        )
    return found


def erase(engine: Engine, address: str, why: str, by: str, at: datetime) -> Erased:
    """Remove what is kept about ``address`` and proves nothing, journalled by a hash of it. :class:`NotPossible` while
    it has an access or is a mailbox in use: that is ended first; :class:`Invalid` without a reason."""
    if not clean(why):
        raise Invalid("skriv hvorfor; begrundelsen bliver gemt")
    email = folded(address)
    with writing(engine) as session:
        rows = _rows(session, email)
        if not any(rows.values()):
            raise NotFound(
                phrase(
                    "%(address)s står ingen steder; aftale person list, aftale contacts list", address=address
                )
            )
        _must_be_ended(rows, danish_day(at))
        removed = {kind: len(rows[kind]) for kind in ("people", "mailboxes", "trials") if rows[kind]}
        for person in rows["people"]:
            remove_person(session, person)
        session.execute(delete(Contact).where(col(Contact.id).in_([one.id for one in rows["mailboxes"]])))
        session.execute(delete(TrialMail).where(col(TrialMail.id).in_([one.id for one in rows["trials"]])))
        returns = col(Bounce.id).in_([one.id for one in rows["returns"]])
        session.execute(update(Bounce).where(returns).values(raw=b"", address="", text=""))
        seal(session, "emptied", [one.id for one in rows["returns"]], at)
        settled = [one for one in rows["confirmations"] if one.state not in ("asked", "reported")]
        answers = col(ContactConfirmation.id).in_([one.id for one in settled])
        emptied = {"email": "", "name": "", "remark": "", "by": ""}
        session.execute(update(ContactConfirmation).where(answers).values(**emptied))
        removed |= {
            kind: n for kind, n in (("returns", len(rows["returns"])), ("confirmations", len(settled))) if n
        }
        session.flush()
        left = {kind: len(rows[kind]) for kind in GROUNDS if rows[kind]}
        named = hashlib.sha256(email.encode()).hexdigest()[:16]
        said = {"why": clean(why)[:_MOST_WORDS], "removed": removed, "left": left}
        record_act(session, "person", named, "erased", said, by, at)
    return Erased(removed, left)


def _rows(session: Session, email: str) -> dict[str, list[Any]]:
    def every(table: type[SQLModel], *which: ColumnElement[bool]) -> list[Any]:
        return list(session.scalars(select(table).where(or_(*which))))

    def names(column: Any) -> ColumnElement[bool]:
        found: ColumnElement[bool] = func.lower(col(column)).contains(email, autoescape=True)
        return found

    people = every(Person, func.lower(col(Person.email)) == email)
    ids: Sequence[int] = [one.id for one in people]
    return {
        "people": people,
        "sessions": every(SessionRow, col(SessionRow.person_id).in_(ids)),
        "links": every(Link, col(Link.person_id).in_(ids)),
        "visits": every(Seen, col(Seen.person_id).in_(ids)),
        "calendars": every(Feed, func.lower(col(Feed.made_by)) == email),
        "mailboxes": every(Contact, func.lower(col(Contact.email)) == email),
        "confirmations": every(
            ContactConfirmation, func.lower(col(ContactConfirmation.email)) == email,
            func.lower(col(ContactConfirmation.by)) == email,
        ),
        "letters": every(Notice, func.lower(col(Notice.address)) == email),
        "attempts": every(Attempt, func.lower(col(Attempt.address)) == email),
        "returns": every(Bounce, func.lower(col(Bounce.address)) == email),
        "trials": every(TrialMail, func.lower(col(TrialMail.email)) == email),
        "reports": every(ReportedDecision, names(ReportedDecision.by), names(ReportedDecision.takes_over)),
        "alarms": every(Alarm, names(Alarm.text)),
        "facts": every(FactRow, names(FactRow.by), names(FactRow.source)),
        "acts": every(Act, names(Act.by), names(Act.about), names(Act.said)),
        "trail": every(Trail, func.lower(col(Trail.who)) == email, names(Trail.about)),
    }  # fmt: skip


def _must_be_ended(rows: dict[str, list[Any]], today: date) -> None:
    for person in rows["people"]:
        if person.valid_to is None or person.valid_to >= today:
            raise NotPossible(
                phrase(
                    "%(email)s har adgang; afslut den først: aftale person end %(email)s", email=person.email
                )
            )
    for box in rows["mailboxes"]:
        if box.valid_to is None or box.valid_to >= today:
            until = f" til {spoken(box.valid_to, False)}" if box.valid_to else ""
            raise NotPossible(
                phrase(
                    "%(email)s bruges som postkasse%(until)s for %(body)s/%(function)s; afslut den først: "
                    "aftale contacts end %(id)s",
                    email=box.email,
                    until=until,
                    body=box.body,
                    function=box.function,
                    id=box.id,
                )
            )


def _plain(row: SQLModel) -> dict[str, object]:
    return {
        name: value for name, value in row.model_dump(mode="json", exclude=set(HIDDEN)).items() if value != ""
    }
