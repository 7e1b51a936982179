"""What is entered in the register of a hearing, by a person: the same services as the pages' forms and the commands."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from fastapi import APIRouter, Depends, Request, Response
from sqlalchemy import Engine

from workflow.errors import Invalid
from workflow.faces.web.api import hearingmodels as models
from workflow.faces.web.api.asked import body_of, raw_body, strictly
from workflow.faces.web.api.desk import PREFIX, Desk, Seen
from workflow.faces.web.api.hearing import PATH, register_of
from workflow.faces.web.api.hearingmodels import Item, New, PartyId
from workflow.faces.web.api.told import problems
from workflow.faces.web.gate.policy import Action
from workflow.services.hearing import entering, note, replying
from workflow.services.hearing.register import Register
from workflow.storage.law.rulebook import Rulebook

Told = TypeVar("Told", bound=New)


def hearing_acts(desk: Desk) -> APIRouter:
    """The routes that write in a register."""
    router, writes, raw = desk.routes("hearing"), desk.seen(Action.RECORD, back=False), Depends(raw_body)

    def enters(path: str, model: type[New]) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
        return router.post(
            f"{PATH}{path}", response_model=models.Entered, status_code=201,
            responses=problems(404, 409, 413, 415, 422), openapi_extra=body_of(model),
        )  # fmt: skip

    def where(seen: Seen) -> tuple[Engine, Rulebook, str]:
        place = desk.place()
        return place.engine, place.rulebook, seen.standing.agreement.key

    def who(seen: Seen) -> tuple[str, datetime]:
        return seen.visitor.name, desk.clock()

    @enters("/parties", models.NewParty)
    def add_party(request: Request, seen: Seen = writes, body: bytes = raw) -> Response:
        """Add somebody who was asked beside the councils and clusters."""
        new = _read(request, body, models.NewParty)
        line = entering.add_party(
            *where(seen), new.name, new.on, *who(seen), email=new.email, private=new.private, version=new.version
        )  # fmt: skip
        return _entered(register_of(desk, seen, new.version), line, party=f"p{line}")

    @enters("/parties/{party}/answers", models.NewAnswer)
    def take_answer(request: Request, party: PartyId, seen: Seen = writes, body: bytes = raw) -> Response:
        """Enter that a party answered, to the minute; after the hearing's end it is taken and marked."""
        new = _read(request, body, models.NewAnswer)
        line = entering.take_answer(
            *where(seen), party, new.on, new.time, *who(seen), source=new.source, version=new.version
        )  # fmt: skip
        register = register_of(desk, seen, new.version)
        late = next(one.late for one in register.answers if one.number == line)
        return _entered(register, line, party=party, late=late)

    @enters("/parties/{party}/remarks", models.NewRemark)
    def add_remark(request: Request, party: PartyId, seen: Seen = writes, body: bytes = raw) -> Response:
        """Enter one remark of a party that has answered, as an item."""
        new = _read(request, body, models.NewRemark)
        line = entering.add_remark(
            *where(seen), party, new.text, *who(seen), where=new.where, version=new.version
        )  # fmt: skip
        register = register_of(desk, seen, new.version)
        item = next(one.item for one in register.remarks if one.number == line)
        return _entered(register, line, party=party, item=item)

    @enters("/remarks/{item}/decisions", models.NewDecision)
    def decide(request: Request, item: Item, seen: Seen = writes, body: bytes = raw) -> Response:
        """Say what becomes of a remark: taken, or not and why. Again, and the last holds."""
        new = _read(request, body, models.NewDecision)
        line = entering.decide(
            *where(seen), int(item), new.taken, new.because, *who(seen), version=new.version
        )  # fmt: skip
        register = register_of(desk, seen, new.version)
        party = next(one.party for one in register.remarks if one.item == int(item))
        return _entered(register, line, party=party, item=int(item))

    @enters("/parties/{party}/replies", models.NewReply)
    def reply(request: Request, party: PartyId, seen: Seen = writes, body: bytes = raw) -> Response:
        """Send a party its answer as a letter, or keep that it was told by hand."""
        new = _read(request, body, models.NewReply)
        if bool(new.to.strip()) == new.by_hand:
            raise Invalid("giv enten en mailadresse i `to` eller `by_hand`")
        link = desk.place().settings.base_url
        notice = replying.reply(*where(seen), party, new.to, *who(seen), link, version=new.version)
        register = register_of(desk, seen, new.version)
        line = next(one.number for one in reversed(register.replies) if one.party == party)
        return _entered(register, line, party=party, notice=notice or None)

    @enters("/publications", models.NewPublication)
    def publish(request: Request, seen: Seen = writes, body: bytes = raw) -> Response:
        """Keep that the note was published, where, and with which words."""
        new = _read(request, body, models.NewPublication)
        line = note.publish(*where(seen), new.on, new.where, *who(seen), version=new.version)
        return _entered(register_of(desk, seen, new.version), line)

    @enters("/struck", models.NewStrike)
    def strike(request: Request, seen: Seen = writes, body: bytes = raw) -> Response:
        """Strike out a line that was wrong; it stays in the journal with the reason."""
        new = _read(request, body, models.NewStrike)
        line = entering.strike(*where(seen), new.line, new.why, *who(seen), version=new.version)
        return _entered(register_of(desk, seen, new.version), line)

    return router


def _read(request: Request, raw: bytes, model: type[Told]) -> Told:
    return strictly(raw, request.headers.get("content-type", ""), model)


def _entered(
    register: Register, line: int, *, party: str | None = None, item: int | None = None, late: bool | None = None,
    notice: int | None = None,
) -> Response:  # fmt: skip
    """201 with where it can be read."""
    said = models.Entered(
        agreement=register.key, version=register.version, line=line, party=party, item=item, late=late, notice=notice
    )  # fmt: skip
    region, _, label = register.key.partition("/")
    home = PREFIX + PATH.format(region=region, label=label)
    location = f"{home}/parties/{party}" if party else home
    return Response(
        said.model_dump_json(),
        201,
        {"Location": location, "Cache-Control": "no-store"},
        "application/json",
    )
