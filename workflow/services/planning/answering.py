"""What a person answers about letters that were history when they were entered: told by hand, send now, or leave out.

An answer is one transaction for the whole batch: the letters and a line in the journal of each agreement they concern,
with who said it, when and on what ground. Nothing is sent or struck out by time alone.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Literal

from sqlalchemy import ColumnElement, CursorResult, Engine, func, select, update
from sqlmodel import Session, col

from workflow.errors import Conflict, Invalid, NotFound, NotPossible
from workflow.language import full, phrase
from workflow.mail.writing.words import clean
from workflow.rules.days import danish_day, spoken
from workflow.rules.facts import Fact
from workflow.services.planning.owing import Owed, owed_now
from workflow.services.planning.reminders import announce, known_notices, written
from workflow.storage.database import reading, writing
from workflow.storage.facts import journal, projection
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.letters.outbox import word
from workflow.storage.tables import AgreementRow, Notice
from workflow.values import dataclass

How = Literal["told", "send", "drop"]
SPOKEN = {"told": phrase("sendt i hånden"), "send": phrase("skal sendes"), "drop": phrase("sendes ikke")}
MOOT = phrase("det er ikke længere aktuelt")


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of the letters. ``told`` needs the Danish day ``on`` and where it can be seen (``why``: a letter, a
    mail, minutes); ``drop`` needs its reason; ``by`` is who says it."""

    how: How
    by: str
    why: str = ""
    on: date | None = None

    def check(self, today: date) -> None:
        """:class:`Invalid` where something is missing, in Danish, naming the field."""
        if self.how == "told" and self.on is None:
            raise Invalid(phrase("skriv, hvilken dag brevene blev sendt i hånden (--on)"))
        if self.on and self.on > today:
            raise Invalid(
                phrase(
                    "%(on)s er ikke kommet endnu (--on); hvad der skal sendes, er »send«", on=full(self.on)
                )
            )
        if self.how == "told" and not self.why.strip():
            raise Invalid(
                phrase("skriv kilden (--source): hvor det kan ses, at brevene er sendt, fx et journalnummer")
            )
        if self.how == "drop" and not self.why.strip():
            raise Invalid(phrase("skriv hvorfor (--why): begrundelsen står på brevene og i journalen"))

    @property
    def spoken(self) -> str:
        """``"sendt i hånden mandag den 2. november 2026: sag 26/1234 (Kirsten)"``."""
        said = SPOKEN[self.how] + (f" {spoken(self.on)}" if self.how == "told" and self.on else "")
        return f"{said}{f': {clean(self.why)}' if self.why.strip() else ''} ({self.by})"


@dataclass(frozen=True, slots=True)
class Answered:
    """Which letters were answered, by number, and how many of those to be sent had become moot and are not."""

    numbers: tuple[int, ...]
    moot: int = 0

    @property
    def letters(self) -> int:
        """How many were answered."""
        return len(self.numbers)


def ask(session: Session, row: AgreementRow, standing: Standing, at: datetime) -> int:
    """Write down the letters about history that the agreement now has, each waiting for its answer; how many. In the
    transaction of the fact, so that the person who typed it is asked at once."""
    today, known = danish_day(at), known_notices(session, row)
    owing = owed_now(standing.rules, standing, today, today, known)
    history = [notice for notice in owing if notice.key not in known and notice.history]
    announce(session, standing.rules, row, history, at, "")
    return len(history)


def count_unanswered(
    engine: Engine, regions: Collection[str] | None = None, agreement: str = ""
) -> dict[str, int]:
    """How many letters wait for an answer, by agreement, in ``regions`` (``None``: everywhere) or about one."""
    name = (col(AgreementRow.region), col(AgreementRow.label))
    with reading(engine) as session:
        query = (
            select(*name, func.count())
            .join(Notice, col(AgreementRow.id) == col(Notice.agreement_id))
            .where(*_which(session, regions, agreement))
            .group_by(*name)
            .order_by(*name)
        )
        return {f"{region}/{label}": count for region, label, count in session.execute(query)}


def unanswered(
    engine: Engine, regions: Collection[str] | None = None, agreement: str = "", limit: int | None = None
) -> list[tuple[str, Notice]]:
    """The letters that wait for an answer with their agreements' keys, by agreement, letter and day."""
    with reading(engine) as session:
        query = (
            select(Notice, AgreementRow)
            .join(AgreementRow, col(AgreementRow.id) == col(Notice.agreement_id))
            .where(*_which(session, regions, agreement))
            .order_by(col(AgreementRow.region), col(AgreementRow.label), col(Notice.due_on), col(Notice.id))
            .limit(limit)
        )
        return [(row.key, notice) for notice, row in session.execute(query)]


def answer(
    engine: Engine, rulebook: Rulebook, said: Answer, *, numbers: Sequence[int] = (), agreement: str = "",
    regions: Collection[str] | None = None, at: datetime, link: str = "", send_hour: int = 8,
) -> Answered:  # fmt: skip
    """Answer for the letters ``numbers``, or for all that wait about ``agreement``, or all in ``regions`` (``None``:
    everywhere): one transaction, all or nothing.

    :class:`Invalid` where the answer lacks its day, source or reason; :class:`NotFound` where nothing waits;
    :class:`NotPossible` where one of ``numbers`` does not; :class:`Conflict` where somebody else answers meanwhile.
    """
    said.check(danish_day(at))
    with writing(engine) as session:
        chosen = _chosen(session, numbers, agreement, regions)
        moot = 0
        for key in sorted({key for key, _ in chosen}):  # one order of locks
            row = journal.find(session, key, lock=True)
            mine = [notice for whose, notice in chosen if whose == key]
            moot += _answer_one(session, rulebook, row, mine, said, at, link, send_hour)
        return Answered(tuple(notice.id or 0 for _, notice in chosen), moot)


def _answer_one(
    session: Session, rulebook: Rulebook, row: AgreementRow, mine: Sequence[Notice], said: Answer, at: datetime,
    link: str, send_hour: int,
) -> int:  # fmt: skip
    fresh, rules = dict[str, Owed](), rulebook
    today, moot = danish_day(at), 0
    if said.how == "send":
        standing = projection.load(session, rulebook, row, today)
        rules = standing.rules
        known = known_notices(session, row)
        fresh = {one.key: one for one in owed_now(rules, standing, today, today, known, ever=True)}
    for notice in mine:
        values: dict[str, object] = {"why": said.spoken}
        if said.how == "told":
            values |= {"state": "told", "told_on": said.on}
        elif said.how == "drop":
            values |= {"state": "cancelled"}
        elif notice.body is not None:  # written before the database was restored: those bytes go
            values |= {"state": "ready", "released_at": at, "next_at": at}
        elif owed := fresh.get(notice.key):
            values |= written(session, rules, row, owed, at, link, send_hour) | {"state": "planned"}
            values["released_at"] = at  # a person let it go: it is not held for being one of many
        else:
            values, moot = {"state": "superseded", "why": MOOT}, moot + 1
        _guarded(session, notice, values)
    numbers = ", ".join(str(notice.id) for notice in mine)
    fact = Fact(
        0, "history-answered", today, due=said.on if said.how == "told" else None, source=clean(said.why),
        by=said.by, known_on=today, about=f"{SPOKEN[said.how]}: brev {numbers}",
    )  # fmt: skip
    journal.append(session, row, fact, at)
    journal.store_state(session, row, row.stamp)
    return moot


def _guarded(session: Session, notice: Notice, values: dict[str, object]) -> None:
    waiting = (col(Notice.id) == notice.id) & (col(Notice.state) == "unanswered")
    done = session.execute(update(Notice).where(waiting).values(**values))
    if not isinstance(done, CursorResult) or done.rowcount != 1:
        raise Conflict(phrase("brev %(id)s er besvaret i mellemtiden; intet er ændret", id=notice.id))


def _chosen(
    session: Session, numbers: Sequence[int], agreement: str, regions: Collection[str] | None
) -> list[tuple[str, Notice]]:
    query = select(Notice, AgreementRow).join(AgreementRow, col(AgreementRow.id) == col(Notice.agreement_id))
    if not numbers:
        found = session.execute(query.where(*_which(session, regions, agreement)).order_by(col(Notice.id)))
        chosen = [(row.key, notice) for notice, row in found]
        if not chosen:
            raise NotFound(phrase("ingen breve venter på svar"))
        return chosen
    wanted = list(dict.fromkeys(numbers))
    within = [] if regions is None else [col(AgreementRow.region).in_(regions)]
    rows = session.execute(query.where(col(Notice.id).in_(wanted), *within)).all()
    there = {notice.id: (row.key, notice) for notice, row in rows}
    for number in wanted:
        if number not in there:
            raise NotFound(f"intet brev {number}")
        notice = there[number][1]
        if notice.state != "unanswered":
            state = word(notice.state, notice.outcome, notice.uncertain)
            raise NotPossible(
                phrase(
                    "brev %(number)s er %(state)s og venter ikke på svar; intet er ændret",
                    number=number,
                    state=repr(state),
                )
            )
    return [there[number] for number in wanted]


def _which(session: Session, regions: Collection[str] | None, agreement: str) -> list[ColumnElement[bool]]:
    which: list[ColumnElement[bool]] = [col(Notice.state) == "unanswered"]
    if regions is not None:
        which.append(col(AgreementRow.region).in_(regions))
    if agreement:
        which.append(col(Notice.agreement_id) == journal.find(session, agreement).id)
    return which
