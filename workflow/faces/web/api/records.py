"""What was recorded and what was told: the journal's facts, read and written, and the notices."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from workflow.errors import NotFound
from workflow.faces.web.api.asked import (
    AsOf,
    Cursor,
    Day,
    Label,
    Limit,
    OfRegion,
    Region,
    body_of,
    raw_body,
    strictly,
)
from workflow.faces.web.api.desk import NOT_HERE, Desk
from workflow.faces.web.api.told import Page, Told, after_number, cut, page, problems
from workflow.faces.web.gate.policy import Action, Reach
from workflow.faces.web.gate.visitor import Visitor, may
from workflow.rules.days import end_of
from workflow.rules.facts import Fact
from workflow.services.facts.once import Once, record_once
from workflow.services.views.notices import facts_after, notices_after
from workflow.storage.facts.projection import Standing

READS, READS_LETTERS, RECORDS = (
    Depends(may(action)) for action in (Action.READ, Action.READ_LETTERS, Action.RECORD)
)
Key = Annotated[
    str,
    Header(alias="Idempotency-Key", pattern="^[!-~]{8,120}$", examples=["4f6c2c1e-6f0b-4a0e-9a3c-2f4f0c1d9b7e"],
           description="Chosen by you, new for each act. Sent again with the same body within a day, nothing is "
           "recorded again and the answer is the same."),
]  # fmt: skip


class Recorded(Told):
    """One fact of the journal. Nothing is ever edited: a correction names the fact it voids."""

    no: int = Field(ge=1)
    event: str = Field(examples=["council-approved"])
    on: date = Field(
        description="The day it happened. Later than `as_of` only where `known_on` is null: what an agreement says "
        "of itself when it is opened counts from its beginning, whenever it was written down."
    )
    known_on: date | None = Field(
        description="The first day an as-of question sees it; null: from the start."
    )
    version: int | None
    council: str | None
    due: date | None = Field(description="The date it sets.")
    source: str
    by: str
    corrects: int | None
    about: str
    time: str
    document: str | None = Field(description="SHA-256 of the file that came with it.")
    document_name: str | None = Field(
        description="What it is called by whoever recorded the fact; null where it came before names were kept so."
    )
    recorded_at: datetime
    digest: str = Field(description="SHA-256 over the fact and the digest before it.")


class NewFact(BaseModel):
    """A fact to record. Which fields an event wants is said where one is missing; who records it is you."""

    model_config = ConfigDict(extra="forbid", strict=True)
    event: str = Field(pattern="^[a-z][a-z-]{1,39}$", examples=["midterm-sent"])
    on: Day = Field(examples=["2026-11-20"])
    version: int | None = Field(None, ge=1, le=99)
    council: str | None = Field(None, pattern="^[0-9]{4}$|^[a-z]{1,40}$", examples=["0851"])
    due: Day | None = None
    source: str = Field("", max_length=2000, examples=["Regionens brev"])
    corrects: int | None = Field(None, ge=1, le=1_000_000)
    about: str = Field("", max_length=2000, examples=["ssu"],
                       description="Which body, cluster, report or duty; with sst-refused the unmet requirements, "
                       "parted by ';'.")  # fmt: skip
    time: str = Field("", pattern="^(([01][0-9]|2[0-3]):[0-5][0-9])?$", examples=["12:00"])
    confirmed: bool = Field(
        False, description="It happened although a rule forbids it: record it, marked with the rule."
    )


class Moved(Told):
    """A deadline whose date the fact changed."""

    id: str
    subject: str
    title: str
    earlier: date | None
    later: date | None


class Receipt(Told):
    """What was recorded, and what it moved. An answer repeated from before units were told has none."""

    agreement: str
    unit: str | None = Field(None, description="The id or code of the body whose round it is.")
    unit_name: str | None = None
    no: int
    event: str
    on: date
    version: int | None
    corrects: int | None
    voids: list[int] = Field(
        [], description="Earlier lines it corrected by itself: a meeting day that was told anew."
    )
    moved: list[Moved]
    withdrawn: int = Field(description="Letters not yet sent that it made untrue.")
    unanswered: int = Field(
        0,
        description="Letters about what had happened before today: none is sent before a person has answered.",
    )
    unworkable: str | None = Field(
        None, description="Why the agreement's facts do not fit the rules even so."
    )


class Notice(Told):
    """One letter to one function of one body. ``state`` is that of now, also where ``as_of`` is given."""

    id: int
    key: str
    agreement: str
    unit: str = Field(description="The id or code of the body whose round it is.", examples=["nordjylland"])
    letter: str = Field(examples=["submission-countdown"])
    deadline: str | None
    revision: int
    rung: str = Field(examples=["-90d"])
    recipient: str = Field(examples=["0851/council"])
    address: str | None
    subject: str | None
    due_on: date
    planned: datetime
    state: str = Field(examples=["accepted"])
    state_text: str
    reachable: bool | None = Field(
        description="Whether there is a mailbox it can go to; null once it has gone."
    )
    late: bool
    attempts: int
    uncertain: bool = Field(description="A second copy may exist.")
    carried_by: str | None = Field(description="The notice whose mail tells this one too.")
    answer: str = Field(description="The mail server's words.")
    accepted_at: datetime | None
    message_id: str | None
    told_on: date | None = Field(
        description="The day on which a person told it by hand; `why` says where it is seen."
    )
    why: str | None = Field(description="What a person said of it.")


def records(desk: Desk) -> APIRouter:
    """The routes of facts and notices."""
    router = desk.routes("records")
    path, asked = "/agreements/{region}/{label}/facts", desk.standings(Action.READ)

    @router.get(path, response_model=Page[Recorded], responses=problems(404, 422))
    def list_facts(
        request: Request, as_of: AsOf = None, limit: Limit = 50, cursor: Cursor = None, standing: Standing = asked,
    ) -> Response:  # fmt: skip
        """The journal, in the order the facts were recorded."""
        key = standing.agreement.key
        found = facts_after(
            desk.place().engine, key, known_by=as_of, after=after_number(cursor), limit=limit + 1
        )
        shown, rest = cut(found, limit, lambda fact: str(fact["no"]))
        return page(request, [Recorded.model_validate(one) for one in shown], rest)

    @router.post(path, response_model=Receipt, status_code=201, responses=problems(404, 409, 413, 415, 422),
                 openapi_extra=body_of(NewFact))  # fmt: skip
    def record_fact(
        request: Request, region: Region, label: Label, key: Key, raw: bytes = Depends(raw_body),
        visitor: Visitor = RECORDS,
    ) -> Response:  # fmt: skip
        """Record what happened. A step the law does not allow is refused with its provision, and nothing changes."""
        agreement = desk.key(visitor, Action.RECORD, region, label)
        new = strictly(raw, request.headers.get("content-type", ""), NewFact)
        fact = Fact(
            0,
            by=visitor.signature,
            **(new.model_dump(exclude={"confirmed"}) | {"source": new.source.strip()}),
        )
        place, at = desk.place(), desk.clock()
        once = Once(visitor.account, key, f"{agreement}\n{new.model_dump_json()}")
        try:
            said = record_once(
                place.engine, place.rulebook, agreement, fact, once, today=desk.day(None), at=at,
                confirmed=new.confirmed,
            )  # fmt: skip
        except NotFound as error:
            raise NotFound(NOT_HERE) from error
        location = request.url.path
        return Response(said, 201, {"Location": location, "Cache-Control": "no-store"}, "application/json")

    @router.get("/notices", response_model=Page[Notice], responses=problems(404, 422))
    def list_notices(
        request: Request, as_of: AsOf = None, region: OfRegion = None,
        agreement: Annotated[str | None, Query(pattern=_AGREEMENT, examples=["nordjylland/2024-2027"])] = None,
        limit: Limit = 50, cursor: Cursor = None, visitor: Visitor = READS_LETTERS,
    ) -> Response:  # fmt: skip
        """The letters, in the order they were planned; with `as_of` those that were planned by the end of that day."""
        only = desk.regions(visitor, Action.READ_LETTERS, region)
        if agreement:
            visitor.require(Action.READ_LETTERS, region=agreement.partition("/")[0], body=visitor.body)
        own = visitor.body if visitor.reach(Action.READ_LETTERS) is Reach.OWN else ""
        try:
            found = notices_after(
                desk.place().engine, key=agreement, regions=only, body=own, after=after_number(cursor), limit=limit + 1,
                on=desk.day(None),
                planned_by=end_of(as_of) if as_of else None,
            )  # fmt: skip
        except NotFound as error:
            raise NotFound(NOT_HERE) from error
        shown, rest = cut(found, limit, lambda notice: str(notice["id"]))
        return page(request, [Notice.model_validate(one) for one in shown], rest)

    return router


_AGREEMENT = "^[a-z]{1,40}/[0-9A-Za-zÆØÅæøå][0-9A-Za-zÆØÅæøå._-]{0,39}$"
