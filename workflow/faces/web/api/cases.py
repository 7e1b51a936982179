"""The councils' cases: which document each council has to decide on, and whether one in hand still holds."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request, Response
from pydantic import Field

from workflow.errors import NotFound
from workflow.faces.daemon.workplace import templates
from workflow.faces.web.api.desk import Desk, Seen
from workflow.faces.web.api.told import Page, Told, page, problems, told
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.gate.visitor import Visitor, may
from workflow.rules.days import danish_day
from workflow.services.papers import cases as papers
from workflow.services.papers.casetext import ours

READS = Depends(may(Action.READ))
Number = Annotated[
    str,
    Path(pattern="^[0-9]{1,9}-[A-Za-z0-9-]{2,40}-[0-9]{1,2}-[0-9A-Fa-f]{8}-[0-9A-Fa-f]{8}$",
         description="It stands at the foot of every page.", examples=["3-0851-2-7F3A91BC-0A4E12D9"]),
]  # fmt: skip


class Case(Told):
    """One council's case as it is now: every document with another number is outdated."""

    council: str = Field(examples=["0851"])
    name: str = Field(examples=["Aalborg Kommune"])
    version: int
    number: str = Field(examples=["3-0851-2-7F3A91BC-0A4E12D9"])
    sha256: str = Field(description="The fingerprint of the agreement's text: SHA-256 (hex).")
    meets_on: date | None = Field(description="The meeting it is made for; null: nobody has told one.")
    meets_why: str = Field(description="Where that day is from.")
    agenda_closes_on: date | None = Field(description="The last day for the agenda of the first meeting.")
    document: str = Field(description="The file for Word, relative to this host.")


class Holds(Told):
    """What became of a document."""

    number: str
    agreement: str = Field(examples=["nordjylland/2024-2027"])
    council: str = Field(description="Its name.")
    version: int
    holds: bool
    why: str = Field(description="Why it does not hold, in Danish.")
    newest: str | None = Field(description="The number that holds now.")


def cases(desk: Desk) -> APIRouter:
    """The routes of the cases."""
    router = desk.routes("cases")

    @router.get("/agreements/{region}/{label}/cases", response_model=Page[Case],
                responses=problems(404, 409, 422))  # fmt: skip
    def list_cases(request: Request, seen: Seen = desk.seen(Action.READ, back=False)) -> Response:
        """Every council's case, made from the facts of today; 409 where no text with its file is with the councils."""
        place, standing = desk.place(), seen.standing
        words = ours(templates(place.settings))
        found = papers.find_cases(place.engine, standing, words, place.secret)
        return page(request, [_case(standing.agreement.key, one) for one in found], None)

    @router.get("/cases/{number}", response_model=Holds, responses=problems(404, 422))
    def read_case(request: Request, number: Number, visitor: Visitor = READS) -> Response:
        """Whether the document with this number is still the one to decide on, and why not."""
        place = desk.place()
        keys = [place.secret, *(key for key, _ in place.keys.ended)]
        words = ours(templates(place.settings))
        found = papers.ask(
            place.engine, place.rulebook, words, keys, number, danish_day(desk.clock())
        )  # fmt: skip
        if not visitor.sees(Action.READ, region=found.agreement.partition("/")[0]):
            raise NotFound(papers.NOT_OURS)
        return told(request, Holds(
            number=found.number, agreement=found.agreement, council=found.council, version=found.version,
            holds=found.holds, why=found.why, newest=found.newest or None,
        ))  # fmt: skip

    return router


def _case(key: str, one: papers.Case) -> Case:
    return Case(
        council=one.council.code, name=one.council.name, version=one.version, number=one.number, sha256=one.text,
        meets_on=one.meets_on, meets_why=one.meets_why, agenda_closes_on=one.closes_on,
        document=f"/aftaler/{key}/sager/{one.council.code}.docx",
    )  # fmt: skip
