"""What a letter says of a reading of the law that somebody signed, and of what was told and was a mistake: plain JSON
values, days as ISO dates."""

from __future__ import annotations

from typing import NotRequired, TypedDict


class SignedBefore(TypedDict):
    """The signature that a reading takes the place of."""

    said: str
    by: str
    on: str


class ReadDay(TypedDict):
    """A date of the law, by its name, and what readings still open make of it: ``other``, another day it may be, by
    which its rules are ``gone``; ``doubtful``, whether they may be gone on the first."""

    title: str
    legal_on: str
    other: NotRequired[str | None]
    gone: NotRequired[bool]
    doubtful: NotRequired[bool]


class ReadingFacts(TypedDict):
    """A reading of the law that somebody signed, and the dates it leaves; ``open``: another day is left of one."""

    question: str
    said: str
    cite: str
    by: str
    instead: SignedBefore | None
    dates: list[ReadDay]
    open: NotRequired[bool]


class UndoneFacts(TypedDict):
    """What another letter told by mistake: its title, the day it gave, and the day it happened by what is known now."""

    title: str
    on: str
    again: str | None
