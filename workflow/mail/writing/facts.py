"""What a letter is written from, as it is stored with its notice and read by its template: plain JSON values.

Days are ISO dates (Danish civil). :class:`LetterFacts` is what the agreement tells the day the letter is planned,
:class:`PlannedFacts` that with whom to ask, the site and the letter's own; the links and the sender's name are added
when it is written. A letter that was planned by an earlier version may lack keys that came later: what reads a stored
one asks for those with ``get``.
"""

from __future__ import annotations

from datetime import date
from typing import NotRequired, TypedDict

from workflow.mail.writing.factparts import (
    CarriedFacts,
    ChangedFacts,
    ComparedFacts,
    CouncilsFacts,
    DeadlineFacts,
    DeskFacts,
    DutyFacts,
    EndFacts,
    EventFacts,
    GoneFacts,
    MeetingFacts,
    MeetingYearFacts,
    MissingFacts,
    MovedFacts,
    PapersFacts,
    PublicationFacts,
    QuotaFacts,
    RegimeFacts,
    Said,
    SeatsFacts,
    VersionFacts,
)


class AgreementFacts(TypedDict):
    """The agreement and what its regime calls and asks. ``clock``: what the authority's date is counted from, the
    ``sending`` until a receipt is there, the ``receipt`` alone or the ``deadline`` of submission; ``builds_on``:
    whether the rules of the agreement before it asked for status reports; ``partner``: the one municipality that the
    region made it with, "" where it is made with all; ``writes``: the region that writes in the place of its
    own, told when the letter is written; ``regions``: those of several agreements in one mail."""

    key: str
    region: str
    region_name: str
    label: str
    term: str
    committee: str
    instrument: str
    secretariat: str
    other_bodies: list[str]
    answered: bool
    times: dict[str, str]
    concludes: bool
    sends: str
    clock: NotRequired[str]
    builds_on: NotRequired[bool]
    partner: NotRequired[str]
    desk: NotRequired[DeskFacts | None]
    writes: NotRequired[str]
    regions: NotRequired[list[str]]


class RecipientFacts(TypedDict):
    """Who reads it: a function of a body, or one person. ``party`` is the code of the party behind it, where one is."""

    body: str
    name: str
    function: str
    regional: bool
    heir: NotRequired[str]
    party: NotRequired[str]


class DigestRow(TypedDict):
    """One of the letters that a mail tells together."""

    letter: str
    title: str
    agreement_key: str
    region_name: str
    label: str
    met: bool
    legal_on: str | None
    aim_on: str | None
    days_left: int
    late: bool
    nth: int | None
    own: str | None
    what_next: str
    cite: list[str]
    dates: list[DeadlineFacts]
    answer: str | None
    quota: QuotaFacts | None
    doubtful: NotRequired[bool]
    rules: NotRequired[str]


class SettledFacts(TypedDict):
    """What the agreement tells one function in one letter, but for its files. ``done``, what a letter about an event
    asks for and has been done, and ``ahead``, its dates for the calendar, are of the day it was planned."""

    agreement: AgreementFacts
    words: dict[str, dict[str, str]]
    recipient: RecipientFacts
    deadline: DeadlineFacts | None
    also: list[DeadlineFacts]
    today: str
    due_on: str
    late: bool
    rung: str
    nth: int | None
    last: bool | None
    deputy: bool
    version: VersionFacts | None
    councils: CouncilsFacts
    nominal_end: EndFacts | None
    moved: MovedFacts | None
    event: EventFacts | None
    quota: QuotaFacts | None
    publication: PublicationFacts | None
    digest: list[DigestRow]
    reply: DeadlineFacts | None
    regime: RegimeFacts
    adopted_on: str | None
    since: list[Said] | None
    over: bool
    done: NotRequired[list[str]]
    ahead: NotRequired[list[DeadlineFacts] | None]
    duty: DutyFacts | None
    duties: list[MissingFacts] | None
    magistrates: list[str] | None
    seats: NotRequired[SeatsFacts | None]
    meeting: MeetingFacts | None
    meeting_year: MeetingYearFacts | None
    gone: GoneFacts | None
    unchecked: bool
    asked_for: bool
    provisions: dict[str, str]
    acts: list[str]


class LetterFacts(SettledFacts):
    """The same with the files and texts that a letter names, by their digests."""

    papers: CarriedFacts | None
    changed: ComparedFacts | None


class CopyFacts(TypedDict):
    """The letter that this one is a copy of, and the day it was sent."""

    of: int | None
    sent_on: str


class HeardFacts(TypedDict):
    """An answer to a sender of a hearing: who wrote it, in which lines, about which version and party."""

    by: str
    lines: list[str]
    version: int
    party: str


class LawFacts(TypedDict):
    """A text of the law in words, its provision and where it can be read."""

    text: str
    cite: str
    url: str


class ForwardedFacts(TypedDict):
    """Who hands reasons on, with a note (may be empty), and the law behind them."""

    by: str
    note: str
    law: list[LawFacts]


class WeekDate(TypedDict):
    """A date of the week to come, and the agreement it belongs to."""

    on: str
    what: Said
    of: str


class WeekOwed(TypedDict):
    """What somebody owes, and by when."""

    who: str
    what: Said
    by: str | None
    late: bool


class WeekNews(TypedDict):
    """What happened in the week before."""

    on: str
    what: Said
    who: str
    of: str


class WeekFacts(TypedDict):
    """The week ahead; the counts are of all, the lists hold the first of them."""

    dates: list[WeekDate]
    asks: list[Said]
    owed: list[WeekOwed]
    news: list[WeekNews]
    owed_count: int
    news_count: int


class AskFacts(TypedDict):
    """Whom to ask."""

    name: str
    email: str


class NamedFacts(TypedDict):
    """What a list calls the letter, and what it asks for next."""

    title: str
    next: str


class SenderFacts(TypedDict):
    """What the sender's region set for its letters; ``None`` for what it did not."""

    from_name: str | None
    reply_to: str | None
    closing: list[str] | None


class LinkFacts(TypedDict, total=False):
    """The links that are one mailbox's own."""

    answer: str | None
    confirm: str
    calendar_page: str
    acknowledge: str | None


class OwnFacts(LinkFacts, total=False):
    """What single letters tell, and what is added when a letter is written. ``own`` is the region's paragraph."""

    own: str | None
    week: WeekFacts
    forwarded: ForwardedFacts
    heard: HeardFacts
    copy: CopyFacts
    from_name: str | None
    reply_to: str | None
    closing: list[str] | None


class PlannedFacts(SettledFacts, OwnFacts):
    """What a notice is stored with and its letter written from: the facts with whom to ask, the site's address, what
    the letter is called and its files as they are kept."""

    papers: PapersFacts | None
    changed: ChangedFacts | None
    ask: AskFacts | None
    link: str
    letter: NamedFacts


def told_on(facts: PlannedFacts, today: date) -> PlannedFacts:
    """The same facts told on a later day: days are counted from ``today``, and what was due earlier is late. What a
    letter tells of an event's own day stays as it was."""
    told = facts | {"today": today.isoformat(), "late": facts["late"] or facts["due_on"] < today.isoformat()}
    if facts.get("since") is not None:
        return told
    deadline = told["deadline"]
    return told | {
        "deadline": _counted(deadline, today) if deadline else deadline,
        "also": [_counted(one, today) for one in told["also"]],
    }


def _counted(deadline: DeadlineFacts, today: date) -> DeadlineFacts:
    if not deadline["legal_on"]:
        return deadline
    return deadline | {"days_left": (date.fromisoformat(deadline["legal_on"]) - today).days}


def party_told(facts: SettledFacts) -> str:
    """The code of the party that a letter with these facts is to; its body where none is behind it."""
    return facts["recipient"].get("party") or facts["recipient"]["body"]
