"""The tables. SQLModel rows are storage only: they do not validate, so the edges do, and CHECKs stand below. ``*_on``
is a Danish date, ``*_at`` an aware UTC instant. ``fact`` is insert-only; ``notice`` is queue and proof."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Column, Index, LargeBinary, Text, UniqueConstraint, text
from sqlmodel import Field, SQLModel

from workflow.storage.indexes import below_a_region, of_the_list

NOTICE_STATES = (
    "unanswered",  # about what was history when it was entered: waits for a person to say told, send or drop
    "planned",  # owed; not yet rendered
    "ready",  # bytes stored; waiting for its hour
    "carried",  # told in the mail that another notice carries; what becomes of that becomes of this
    "claimed",  # a worker holds the lease
    "intent",  # about to say DATA: from here a crash is uncertain
    "accepted",  # the mail server answered 2xx after the dot
    "confirmed",  # a person said that it was received
    "bounced",  # a delivery report came back
    "refused",  # every address we have was refused for good; rendered again when there is another
    "held",  # waits for a person
    "quarantined",  # could not be rendered
    "superseded",  # the deadline moved or was met before it went out
    "cancelled",  # a person cancelled it, with a reason
    "told",  # a person told it by hand, on a day and with a source
)
UNSENT = ("unanswered", "planned", "ready", "refused", "held", "quarantined")
GIVEN_UP, TOO_LARGE = "given_up", "too_large"  # outcomes: the last try at a mailbox; files too large
ABANDONED = "abandoned"  # the outcome of an attempt that ended before anything was said
JOURNAL = "JOURNAL"  # the verb of an attempt that found the copy of an earlier one: it says nothing of the mail server


def _one_of(column: str, values: tuple[str, ...]) -> CheckConstraint:
    return CheckConstraint(f"{column} IN ({', '.join(map(repr, values))})", name=f"ck_{column}")


class Meta(SQLModel, table=True):
    """Facts about this database: ``instance`` (in every Message-ID), ``secret`` (signs return addresses), ``demo``,
    ``rules`` (digest), ``last_tick``, ``held`` (why nothing may be sent), ``moved`` (where to: nothing may be written
    here); ``heads_on``, ``alive_on``, ``contacts_on`` (days); ``acts``, ``trail`` (heads of their chains),
    ``trail_from``, ``asked_at_turn:REGION`` (the term's last day)."""

    key: str = Field(primary_key=True)
    value: str


class AgreementRow(SQLModel, table=True):
    """One agreement's identity and the state projected from its facts. ``stamp`` guards every update; ``wake_on`` is
    the day the planner must look at it; ``head`` the hash of its newest fact and ``fact_count`` their number, which is
    how a cut journal is found. ``effective_on``, ``concluded_on``: its successor has taken over. ``unit``: whose round
    it is below the region: a municipality's code, a health council's or a group's id. ``first_rules`` is the digest of
    the rule set it was opened under; ``rules`` that of today by its journal, ``asked_rules`` one that differs and waits
    for an answer."""

    __tablename__ = "agreement"
    __table_args__ = (
        UniqueConstraint("region", "label"),
        Index("ix_agreement_wake_on", "wake_on"),
        Index("ix_agreement_effective_on", "region", "effective_on"),  # who takes over from whom
        Index("ix_agreement_version_state", "version_state", "region"),  # which texts are with the councils
        Index("ix_agreement_regime", "regime", "region", "effective_on"),  # whose regime no file has
        below_a_region(),
        Index("ix_agreement_place", "region", "term", "label"),  # whose turn it is to write to the committees
    )
    id: int | None = Field(default=None, primary_key=True)
    region: str
    label: str
    term: str
    regime: str
    rules: str = ""
    first_rules: str = ""
    asked_rules: str = ""
    unit: str | None = None
    version: int | None = None
    version_state: str = "none"
    period_state: str = "planned"
    stamp: int = 0
    fact_count: int = 0
    head: str = ""
    effective_on: date | None = None
    concluded_on: date | None = None
    wake_on: date
    projected_on: date

    @property
    def key(self) -> str:
        """``"nordjylland/2024-2027"``."""
        return f"{self.region}/{self.label}"


class FactRow(SQLModel, table=True):
    """One journal entry; see :class:`workflow.rules.facts.Fact`. Insert-only."""

    __tablename__ = "fact"
    __table_args__ = (
        UniqueConstraint("agreement_id", "no"),
        Index("ix_fact_event", "event", "agreement_id"),  # what is known of a region's committees
    )
    id: int | None = Field(default=None, primary_key=True)
    agreement_id: int = Field(foreign_key="agreement.id")
    no: int
    event: str
    on: date
    known_on: date | None = None
    version: int | None = None
    council: str | None = None
    due: date | None = None
    source: str = Field(default="", sa_column=Column(Text, nullable=False))
    by: str = ""
    corrects: int | None = None
    about: str = ""
    time: str = ""
    document: str | None = Field(default=None, foreign_key="document.digest")
    document_name: str = Field(default="", sa_column_kwargs={"server_default": ""})
    recorded_at: datetime
    previous: str
    digest: str


class Document(SQLModel, table=True):
    """A file, kept whole under its SHA-256 (hex); ``name`` is what facts from before migration 0034 call it."""

    digest: str = Field(primary_key=True)
    name: str
    content: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    kept_at: datetime


class DeadlineRow(SQLModel, table=True):
    """A projected deadline; ``why`` and ``cite`` are JSON."""

    __tablename__ = "deadline"
    __table_args__ = (
        UniqueConstraint("agreement_id", "rule", "subject"),
        Index("ix_deadline_legal_on", "legal_on"),
        Index("ix_deadline_status", "status", "legal_on"),
    )
    id: int | None = Field(default=None, primary_key=True)
    agreement_id: int = Field(foreign_key="agreement.id")
    rule: str
    subject: str = ""
    title: str
    duty: str
    who: str
    status: str
    legal_on: date | None = None
    aim_on: date | None = None
    original_on: date | None = None
    met_on: date | None = None
    latest_on: date | None = None
    latest_gone: bool = False
    doubtful: bool = False
    revision: int
    cite: str = Field(sa_column=Column(Text, nullable=False))
    why: str = Field(sa_column=Column(Text, nullable=False))


class Contact(SQLModel, table=True):
    """A mailbox of a body for one function. The lowest ``priority`` that is valid that day is used first."""

    __table_args__ = (UniqueConstraint("body", "function", "email"),)
    id: int | None = Field(default=None, primary_key=True)
    body: str  # a region's id, or a council's code
    function: str  # secretariat-region | secretariat-municipal | council | cluster | piu | chair | ...
    name: str
    email: str
    priority: int = 1
    valid_from: date | None = None
    valid_to: date | None = None
    refused_at: datetime | None = None
    language: str = Field(default="", sa_column_kwargs={"server_default": ""})  # empty where nobody chose one


class Notice(SQLModel, table=True):
    """One letter to one function of one body: planned once by its ``key``, rendered once to ``body``, then sent.

    ``fence`` grows with each claim; only the holder of the newest may write an outcome. ``uncertain`` is set when
    we or the line died after ``intent``, and ``copies`` counts the copies that may exist besides the one intended.
    ``outcome`` is the kind of the last answer and ``answer`` its words. ``facts`` is the JSON it was rendered from.
    ``released_at`` is when a person let it go after it was held: it is not held again for being one of many.
    ``carried_by`` is the notice whose mail tells this one too (``letters/bundles.py``). ``alone``: asked
    for by a person, it waits for no day's mail and shares none.
    """

    __table_args__ = (
        _one_of("state", NOTICE_STATES),
        UniqueConstraint("key"),
        Index("ix_notice_due", "state", "next_at"),
        Index("ix_notice_agreement", "agreement_id"),
        Index("ix_notice_address", "address", "accepted_at"),  # one reminder mail a mailbox a day
        *of_the_list(),
    )
    id: int | None = Field(default=None, primary_key=True)
    key: str
    agreement_id: int = Field(foreign_key="agreement.id")
    letter: str
    deadline: str = ""
    subject_of: str = ""
    revision: int = 0
    rung: str = ""
    recipient: str  # body/function, e.g. "0851/council"
    statutory: bool = False
    late: bool = False
    due_on: date
    planned_at: datetime
    next_at: datetime
    state: str = "planned"
    facts: str = Field(sa_column=Column(Text, nullable=False))
    address: str = ""
    message_id: str = ""
    subject: str = ""
    body: bytes | None = Field(default=None, sa_column=Column(LargeBinary, nullable=True))
    digest: str = ""
    template: str = ""
    rules: str = ""
    fence: int = 0
    owner: str = ""
    lease_until: datetime | None = None
    attempts: int = 0
    uncertain: bool = False
    copies: int = 0
    outcome: str = ""
    answer: str = ""
    accepted_at: datetime | None = None
    released_at: datetime | None = None
    carried_by: int | None = Field(default=None, foreign_key="notice.id")
    why: str = ""
    told_on: date | None = None  # by hand, by a person
    alone: bool = False


class Attempt(SQLModel, table=True):
    """One try at handing a notice over, written before it starts and closed after; ``fence`` ties it to the claim."""

    __table_args__ = (UniqueConstraint("notice_id", "fence"),)
    id: int | None = Field(default=None, primary_key=True)
    notice_id: int = Field(foreign_key="notice.id")
    fence: int
    owner: str
    address: str
    started_at: datetime
    intent_at: datetime | None = None
    ended_at: datetime | None = None
    outcome: str = ""
    verb: str = ""  # how far it came: CONNECT EHLO STARTTLS AUTH MAIL RCPT DATA DOT, or JOURNAL
    code: int = 0
    text: str = ""


class Bounce(SQLModel, table=True):
    """A delivery report that was proved to be about one of our notices; ``digest`` (sha256) lets it count once."""

    __table_args__ = (UniqueConstraint("digest"), Index("ix_bounce_notice", "notice_id"))
    id: int | None = Field(default=None, primary_key=True)
    notice_id: int = Field(foreign_key="notice.id")
    digest: str
    kind: str  # the report's action: failed, delayed, relayed, delivered, expanded
    address: str = ""
    status: str = ""  # RFC 3463, e.g. 5.1.1
    text: str = Field(default="", sa_column=Column(Text, nullable=False))
    raw: bytes = Field(sa_column=Column(LargeBinary, nullable=False))
    arrived_at: datetime


class Alarm(SQLModel, table=True):
    """Something a person must see. ``key`` is unique while open, so an alarm is raised once. ``level``: ``warning``,
    ``alarm`` (by a second channel) or ``person`` (nothing more happens by itself). ``told_at``: when the second channel
    took it, ``tell_at``: when it is tried again."""

    __table_args__ = (
        Index("ux_alarm_open", "key", unique=True, sqlite_where=text("cleared_at IS NULL")),
    )  # fmt: skip
    id: int | None = Field(default=None, primary_key=True)
    key: str
    level: str = "alarm"
    text: str
    raised_at: datetime
    cleared_at: datetime | None = None
    told_at: datetime | None = None
    tell_at: datetime | None = None
    tell_tries: int = 0
