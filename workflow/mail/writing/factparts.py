"""The parts of what a letter is written from (:mod:`workflow.mail.writing.facts`): what it tells of the agreement, its
dates and councils, what happened and what it carries."""

from __future__ import annotations

from typing import NotRequired, TypedDict

from workflow.language import Kept
from workflow.mail.writing.readingparts import ReadingFacts, UndoneFacts
from workflow.rules.found import StepJson

Said = str | Kept
"""A Danish text, or a phrase that can be said again in another language (:func:`workflow.language.kept`)."""


class DeadlineFacts(TypedDict):
    """A date as a letter tells it; ``days_left`` counts to the legal date, ``do`` is what its regime asks for in words
    of its own. ``asked_in_doubt``: the day, past by now, from which its rules may be gone, though it came before."""

    id: str
    subject: str
    title: str
    duty: str
    who: str
    legal_on: str | None
    aim_on: str | None
    original_on: str | None
    revision: int
    status: str
    days_left: int
    latest_on: str | None
    latest_gone: bool
    cite: list[str]
    why: list[StepJson]
    doubtful: bool
    do: NotRequired[str]
    asked_in_doubt: NotRequired[str | None]


class DeskFacts(TypedDict):
    """The region whose secretariat writes once the agreement's own has ended: ``after`` is that one's last day."""

    region: str
    name: str
    after: str


class VersionFacts(TypedDict):
    """The text that a letter is about."""

    number: int
    state: str
    sent_on: str | None
    reply_by: str | None
    submitted_on: str | None
    received_on: str | None
    document: str
    refused: bool
    withdrawn: bool


class AgainstFacts(TypedDict):
    """A council that has not said yes, and its state in Danish."""

    name: str
    state: str


class CouncilsFacts(TypedDict):
    """How the councils stand on the text: how many, and the names of those whose yes is missing."""

    total: int
    approved: int
    pending: list[str]
    against: list[AgainstFacts]


class SourcedDay(TypedDict):
    """A day and where it stands."""

    on: str
    source: str


class EndFacts(SourcedDay):
    """The agreed end, and the other reading of it where nobody has signed one."""

    other: SourcedDay | None


MovedFacts = TypedDict(
    "MovedFacts",
    {"from": str | None, "to": str, "on": str, "source": str, "by": str, "met_on": str | None},
)
"""How a date was moved; ``by`` is "sst", "rules" or empty."""


class FulfilledFacts(TypedDict):
    """The duty that an event fulfilled; ``gone``: its rules were repealed by then."""

    id: str
    gone: bool
    judged_on: str | None
    latest_on: str | None


class EventFacts(TypedDict):
    """What happened. A fact of the journal has ``fulfils`` to ``reading``; a report or question of ours who said
    it, its page and what belongs to it. ``doubtful``: the rules by which its letter asks may be gone by then."""

    event: str
    on: str | None
    due: str | None
    time: str
    about: str
    about_name: str
    source: str
    cite: list[str]
    fulfils: NotRequired[FulfilledFacts | None]
    revision: NotRequired[bool]
    refused: NotRequired[int | None]
    lacking: NotRequired[list[str]]
    reading: NotRequired[ReadingFacts | None]
    undone: NotRequired[UndoneFacts]
    title: NotRequired[str]
    regions: NotRequired[list[str]]
    by: NotRequired[str]
    link: NotRequired[str]
    takes_over: NotRequired[str]
    doubtful: NotRequired[bool]
    number: NotRequired[int]


class QuotaFacts(TypedDict):
    """How a body's meetings of a year stand against the minimum."""

    body_name: str
    year: int
    held: int
    planned: int
    minimum: int
    advice: str
    year_dates: list[str]
    year_signed: str


class NamedFile(TypedDict):
    """A file that goes with a letter: its digest (SHA-256, hex) and name."""

    what: Said
    digest: str
    name: str


class FileFacts(NamedFile):
    """The same with its octets, and its link once the letter is written."""

    size: int
    link: NotRequired[str]


class CarriedFacts(TypedDict):
    """The files of a letter before they are looked up. ``attach``: in it rather than behind links; ``asks``: the
    letter asks for an answer."""

    attach: bool
    asks: bool
    files: list[NamedFile]


class PapersFacts(TypedDict):
    """The files of a letter and the last day of their links; once it is written whether they go ``along``, and the most
    megabytes that do where they do not."""

    attach: bool
    until: str
    files: list[FileFacts]
    along: NotRequired[bool]
    most: NotRequired[int]


ComparedFacts = TypedDict("ComparedFacts", {"since": int, "on": str, "from": str, "to": str})
"""The text that a council approved before (its version, the day, its digest) and the one it is asked about."""


class ChangedFacts(TypedDict):
    """What is different since that text, in short: ``said`` is why nothing can be shown, or empty."""

    since: int
    on: str
    said: str
    count: int
    parts: list[list[str]]


class PublicationFacts(TypedDict):
    """Who has not confirmed that the text or report stands on its website."""

    what: str
    version: int | None
    missing: list[str]
    confirmed: int
    total: int


class LeftFacts(TypedDict):
    """A duty as the end of its rules leaves it. ``until``: the last day on which it can still be called in time, where
    that is to come; ``other``: another day it may have been due, by which its rules were gone."""

    title: str
    legal_on: str | None
    cite: str
    until: NotRequired[str | None]
    other: NotRequired[str | None]


class RegimeFacts(TypedDict):
    """The rules and their end. ``concluded``: there is more than a text on its way; ``over``: they are gone by now."""

    instrument: str
    ends_on: str | None
    candidates: list[str]
    certainty: str
    source: str
    gone: list[LeftFacts]
    breached: list[LeftFacts]
    concluded: bool
    over: bool
    doubted: NotRequired[bool]


class DutyFacts(TypedDict):
    """A duty without a date of the law."""

    next: str
    force: str
    time: str


class SeatsFacts(TypedDict):
    """Seats on an order of their own: first and last day, provision, and that by which who sat before may go on."""

    since: str
    until: str
    cite: str
    continued: str


class MissingFacts(TypedDict):
    """A duty of the new committees, and who has not done it."""

    next: str
    cite: list[str]
    missing: list[str]


class MeetingFacts(TypedDict):
    """The meeting of a council, and the day its agenda closes. ``unsaid``: it has told no day, and this is its last."""

    on: str
    closes_on: str
    organ: str
    source: str
    unsaid: NotRequired[bool]


class MeetingYearFacts(TypedDict):
    """The councils that have told of no meeting in a year."""

    year: int
    missing: list[str]


class GoneDay(TypedDict):
    """A meeting that will not be held, and why."""

    name: str
    organ: str
    on: str
    why: str


class GoneFacts(TypedDict):
    """The days that fell away, and how the round now stands."""

    days: list[GoneDay]
    plan: str
