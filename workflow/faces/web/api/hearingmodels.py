"""What the API tells of a hearing's register, and what may be entered in it. Instants are UTC, days Danish."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import Path, Query
from pydantic import BaseModel, ConfigDict, Field

from workflow.faces.web.api.asked import Day
from workflow.faces.web.api.told import Told

PartyId = Annotated[
    str,
    Path(pattern="^[a-z0-9][a-z0-9-]{0,59}$", description="A council's code, a cluster's id, piu, or p and a number.",
         examples=["0851"]),
]  # fmt: skip
Item = Annotated[
    str, Path(pattern="^[1-9][0-9]{0,8}$", description="The remark's number in the hearing.", examples=["1"])
]
OfVersion = Annotated[
    int | None,
    Query(ge=1, le=99, description="The text's version; default: the newest hearing."),
]
SHA = "SHA-256 of the words (hex)"


class Came(Told):
    """That a party answered: ``late`` after the hearing's end."""

    at: datetime = Field(description="To the minute.", examples=["2027-05-03T09:42:00Z"])
    late: bool


class Party(Told):
    """Who was asked, and when the answers came."""

    id: str = Field(examples=["0851"])
    name: str = Field(description="A private person's name is told to the secretariat alone.")
    private: bool
    asked_on: date | None
    letter_at: datetime | None = Field(description="When our own letter was handed over.")
    answers: list[Came]


class Published(Told):
    """That the note was published."""

    line: int
    on: date | None
    where: str
    sha256: str = Field(description=SHA)


class Hearing(Told):
    """The register of one hearing. The numbers of remarks are null for who may not read the remarks."""

    agreement: str = Field(examples=["nordjylland/2027-2031"])
    version: int
    versions: list[int] = Field(description="The versions that were in hearing, the newest first.")
    opened: date
    closes_at: datetime = Field(description="The last instant for an answer in time.")
    parties: list[Party]
    silent: list[str] = Field(description="The parties that have not answered.")
    remarks: int | None
    undecided: list[int] | None = Field(description="The remarks of which nobody has said what becomes.")
    published: Published | None


class Remark(Told):
    """One remark as an item. ``taken`` is null where it is not decided."""

    item: int
    line: int = Field(description="The number in the journal of acts; what strikes out names it.")
    party: str
    where: str = Field(description="The place in the draft.")
    text: str
    taken: bool | None
    because: str
    decided_by: str
    taken_text: str = Field(description="What became of it, in Danish.")


class Answer(Came):
    """One answer with its papers."""

    line: int
    source: str
    by: str
    sha256: str | None = Field(description="SHA-256 of its file (hex).")
    document: str | None = Field(description="The file's address, relative to this host.")


class Replied(Told):
    """What a sender was told last. ``to`` is empty and ``notice`` null where it was told by hand."""

    line: int
    at: datetime
    to: str
    notice: int | None
    changed: bool = Field(description="The words are others now.")


class WholeParty(Told):
    """One party: its answers, its remarks, and the answer to it."""

    agreement: str
    version: int
    id: str
    name: str
    private: bool
    asked_on: date | None
    letter_at: datetime | None
    answers: list[Answer]
    remarks: list[Remark]
    reply: list[str] = Field(description="The answer to it as it would be sent, by paragraphs.")
    not_yet: str | None = Field(description="Why there is no answer to it yet.")
    replied: Replied | None


class Note(Told):
    """The note on the hearing."""

    agreement: str
    version: int
    text: str
    sha256: str = Field(description=SHA)
    document: str | None = Field(description="The file for Word, relative to this host.")
    published: Published | None
    outdated: bool = Field(description="The register has changed since the note was published.")


class New(BaseModel):
    """What is entered in a register; who enters it is you."""

    model_config = ConfigDict(extra="forbid", strict=True)
    version: int | None = Field(None, ge=1, le=99, description="Default: the newest hearing.")


class NewParty(New):
    """Somebody who was asked beside those our own letter goes to."""

    name: str = Field(min_length=1, max_length=200, examples=["Ældre Sagen"])
    on: Day = Field(description="The day it was asked.")
    email: str = Field("", max_length=320, description="Where its answer goes.")
    private: bool = Field(False, description="A person: the name is not published.")


class NewAnswer(New):
    """That a party answered. A file is handed in on the page or the command line."""

    on: Day
    time: str = Field(pattern="^([01][0-9]|2[0-3]):[0-5][0-9]$", description="Danish.", examples=["11:42"])
    source: str = Field("", max_length=200, description="Where it is filed.")


class NewRemark(New):
    """One remark of a party that has answered."""

    text: str = Field(min_length=1, max_length=4000)
    where: str = Field("", max_length=200, description="The place in the draft.")


class NewDecision(New):
    """What becomes of a remark; again, and the last holds."""

    taken: bool
    because: str = Field("", max_length=4000, description="Needed where it is not taken.")


class NewReply(New):
    """The answer to a party: sent ``to`` an address, or told ``by_hand``."""

    to: str = Field("", max_length=320)
    by_hand: bool = False


class NewPublication(New):
    """That the note was published."""

    on: Day
    where: str = Field(min_length=1, max_length=300, description="E.g. the page's address.")


class NewStrike(New):
    """A line that was wrong; it stays in the journal with the reason."""

    line: int = Field(ge=1, le=2**31 - 1)
    why: str = Field(min_length=1, max_length=200)


class Entered(Told):
    """What was entered. The same again by the same person within ten minutes is the same line."""

    agreement: str
    version: int
    line: int = Field(description="Its number in the journal of acts.")
    party: str | None = None
    item: int | None = Field(None, description="The remark's number in the hearing.")
    late: bool | None = Field(None, description="Of an answer: it came after the hearing's end.")
    notice: int | None = Field(None, description="Of a reply that is sent: the letter.")
