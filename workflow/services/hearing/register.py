"""The register of one hearing: who was asked, who answered when, and what became of each remark. Read-only.

It is kept in the journal of acts: the law reads none of it, and a round has hundreds of remarks, which would be folded
again with every question about a date. Nothing is ever changed: what was wrong is struck out with a reason.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime, time

from sqlalchemy import Engine, select
from sqlmodel import Session, col

from workflow.errors import Invalid, NotPossible
from workflow.language import phrase
from workflow.mail.addresses import deliverable
from workflow.rules.days import COPENHAGEN
from workflow.rules.facts import Fact
from workflow.services.planning.recipients import expand
from workflow.services.views import titles
from workflow.storage.database import reading
from workflow.storage.facts.acts import Act
from workflow.storage.facts.heard import ANSWERED, HEARING, STRUCK
from workflow.storage.facts.journal import find
from workflow.storage.facts.projection import Standing
from workflow.storage.tables import Notice
from workflow.values import dataclass

ROOM = HEARING  # of the journal of acts; about AGREEMENT@VERSION
ASKED, REMARKED, DECIDED = "asked", "remarked", "decided"
REPLIED, PUBLISHED = "replied", "published"
CITIZEN = "En borger"  # what is published in place of a private person's name


@dataclass(frozen=True, slots=True)
class Party:
    """Who was asked. ``id``: a council's code, a cluster's id, ``piu``, or ``p`` and a number for one that was added.
    ``asked_on``: the Danish day, ``told_at`` when our own letter was handed over, ``number`` the act that added it
    (0: none, it is one of those our own letter goes to, the ``recipient``). ``private``: a person, whose name is not
    published."""

    id: str
    name: str
    asked_on: date | None = None
    told_at: datetime | None = None
    email: str = ""
    private: bool = False
    number: int = 0
    recipient: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer, received ``at`` (aware, to the minute). ``late``: after the hearing's end. ``document`` is the
    SHA-256 of its file, "" where there is none."""

    number: int
    party: str
    at: datetime
    late: bool
    source: str
    document: str
    name: str
    by: str


@dataclass(frozen=True, slots=True)
class Remark:
    """One remark as an item: its ``item`` number in the hearing, ``where`` in the draft, and what became of it:
    ``taken`` (``None``: not decided) and why."""

    number: int
    item: int
    party: str
    where: str
    text: str
    taken: bool | None = None
    because: str = ""
    decided_by: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """Something that was told: to a sender (``to``: the address, "" where it was told by hand; ``notice`` the letter),
    or published (``to``: where). ``digest`` is of the words, so that a later change shows."""

    number: int
    party: str
    at: datetime
    on: date | None
    to: str
    notice: int
    digest: str
    by: str


@dataclass(frozen=True, slots=True)
class Register:
    """Everything about the hearing of one version. ``closes_at`` is the last instant (aware) for an answer in time;
    ``acts`` are the lines it was read from."""

    key: str
    version: int
    opened: Fact
    closes_at: datetime
    parties: tuple[Party, ...]
    answers: tuple[Answer, ...]
    remarks: tuple[Remark, ...]
    replies: tuple[Told, ...]
    published: Told | None
    acts: tuple[Act, ...]

    @property
    def about(self) -> str:
        """What its lines in the journal of acts are about."""
        return about(self.key, self.version)

    def party(self, identity: str) -> Party | None:
        """Who has this id; ``None`` for another."""
        return next((one for one in self.parties if one.id == identity), None)

    def answers_of(self, party: str) -> list[Answer]:
        """In the order they came."""
        return sorted((one for one in self.answers if one.party == party), key=lambda one: one.at)

    def remarks_of(self, party: str) -> list[Remark]:
        """In the order of their numbers."""
        return [one for one in self.remarks if one.party == party]

    def reply_to(self, party: str) -> Told | None:
        """The last that was told this sender."""
        return next((one for one in reversed(self.replies) if one.party == party), None)

    @property
    def silent(self) -> list[Party]:
        """Who has not answered."""
        return [one for one in self.parties if not self.answers_of(one.id)]

    @property
    def undecided(self) -> list[Remark]:
        """The remarks of which nobody has said what becomes of them."""
        return [one for one in self.remarks if one.taken is None]


def about(key: str, version: int) -> str:
    """What the acts of one hearing are about."""
    return f"{key}@{version}"


def hearings(standing: Standing) -> list[Fact]:
    """The hearings that were opened, the newest first; one for each version."""
    found = {fact.version or 1: fact for fact in standing.story.named("consultation-opened")}
    return [found[version] for version in sorted(found, reverse=True)]


def find_register(
    engine: Engine, standing: Standing, version: int | None = None, until: datetime | None = None
) -> Register:
    """The newest hearing of an agreement, or that of ``version``; what was written before the instant ``until`` alone,
    where one is given. :class:`NotPossible` where no hearing was opened."""
    with reading(engine) as session:
        return register_in(session, standing, version, until)


def register_in(
    session: Session, standing: Standing, version: int | None = None, until: datetime | None = None
) -> Register:
    """:func:`find_register` in the caller's transaction."""
    opened = next((f for f in hearings(standing) if version in (None, f.version)), None)
    if opened is None:
        raise NotPossible(
            phrase(
                "der er ikke åbnet en høring om version %(number)s; registrér høringen først (consultation-opened)",
                number=version,
            )
            if version
            else phrase(
                "der er ikke åbnet en høring om aftalen; registrér høringen først (consultation-opened)"
            )
        )
    number, key = opened.version or 1, standing.agreement.key
    query = select(Act).where(col(Act.room) == ROOM, col(Act.about) == about(key, number))
    if until:
        query = query.where(col(Act.at) < until)
    acts = tuple(session.scalars(query.order_by(col(Act.no))))
    struck = {int(str(act.told["number"])) for act in acts if act.what == STRUCK}
    holding = [act for act in acts if act.no not in struck]
    closes_at = closing(opened)
    published = [_told(act) for act in holding if act.what == PUBLISHED]
    return Register(
        key, number, opened, closes_at,
        (*_named_by_law(session, standing, opened), *(_added(act) for act in holding if act.what == ASKED)),
        tuple(_answer(act, closes_at) for act in holding if act.what == ANSWERED),
        tuple(_remarks(acts, holding)),
        tuple(_told(act) for act in holding if act.what == REPLIED),
        published[-1] if published else None, acts,
    )  # fmt: skip


def closing(opened: Fact) -> datetime:
    """The last minute for an answer in time, from the fact that opened the hearing (aware UTC)."""
    clock = time.fromisoformat(opened.time or "23:59")
    return datetime.combine(opened.value, clock, COPENHAGEN).astimezone(UTC)


def _named_by_law(session: Session, standing: Standing, opened: Fact) -> Iterator[Party]:
    """The councils, clusters and the patients' committee, with our letter to each, where one was handed over."""
    query = select(col(Notice.recipient), col(Notice.accepted_at)).where(
        col(Notice.agreement_id) == find(session, standing.agreement.key).id,
        col(Notice.letter) == "consultation-opened",
        col(Notice.due_on) == opened.on,
    )
    told_at: dict[str, datetime | None] = {row.recipient: row.accepted_at for row in session.execute(query)}
    names = titles.bodies(standing.rules)
    for recipient in expand(standing, standing.rules, ("all-councils", "clusters", "piu")):
        body, _, function = recipient.partition("/")
        name = titles.recipient(names, recipient) if function == "piu" else names.get(body, body)
        yield Party(
            "piu" if function == "piu" else body, name, opened.on, told_at.get(recipient), recipient=recipient
        )


def _added(act: Act) -> Party:
    told = act.told
    asked_on = date.fromisoformat(str(told["on"]))
    return Party(
        f"p{act.no}", str(told["name"]), asked_on, None, str(told["email"]), bool(told["private"]), act.no
    )


def _answer(act: Act, closes_at: datetime) -> Answer:
    told, at = act.told, datetime.fromisoformat(str(act.told["at"]))
    return Answer(
        act.no, str(told["party"]), at, at > closes_at, str(told["source"]), str(told["document"]), str(told["file"]),
        act.by,
    )  # fmt: skip


def _remarks(acts: Sequence[Act], holding: Sequence[Act]) -> Iterator[Remark]:
    """Each with its last decision; a number once given is never another's."""
    decided = {int(str(act.told["remark"])): act for act in holding if act.what == DECIDED}
    kept = {act.no for act in holding}
    for item, act in enumerate((one for one in acts if one.what == REMARKED), start=1):
        if act.no not in kept:
            continue
        told, decision = act.told, decided.get(act.no)
        said = decision.told if decision else {}
        yield Remark(
            act.no, item, str(told["party"]), str(told["where"]), str(told["text"]),
            bool(said["taken"]) if decision else None, str(said.get("because", "")), decision.by if decision else "",
        )  # fmt: skip


def _told(act: Act) -> Told:
    told = act.told
    on = date.fromisoformat(str(told["on"])) if told.get("on") else None
    return Told(
        act.no, str(told.get("party", "")), act.at, on, str(told["to"]), int(str(told.get("notice", 0))),
        str(told["digest"]), act.by,
    )  # fmt: skip


def mail_address(typed: str) -> str:
    """A mail address as it is written to; "" where none was typed. :class:`Invalid` for what is none."""
    if not typed.strip():
        return ""
    try:
        return deliverable(typed)
    except ValueError as error:
        raise Invalid(phrase("skriv en mailadresse, fx hoering@forening.dk")) from error
