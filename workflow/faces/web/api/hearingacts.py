"""What is entered in the register of a hearing, by a person: the same services as the pages' forms and the commands."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import TypeVar

from fastapi import APIRouter, Depends, Request, Response
from sqlmodel import Session

from workflow.errors import Invalid
from workflow.faces.web.api import hearingmodels as models
from workflow.faces.web.api.asked import body_of, raw_body, strictly
from workflow.faces.web.api.desk import PREFIX, Desk, Seen
from workflow.faces.web.api.hearing import PATH
from workflow.faces.web.api.hearingmodels import Item, New, PartyId
from workflow.faces.web.api.records import Key
from workflow.faces.web.api.told import problems
from workflow.faces.web.gate.policy import Action
from workflow.services.facts.once import Once, do_once
from workflow.services.hearing import entering, note, replying
from workflow.services.hearing.register import Register, register_in
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.tables import AgreementRow
from workflow.values import dataclass

Told = TypeVar("Told", bound=New)


@dataclass(frozen=True, slots=True)
class _Within:
    """The transaction in which a line is entered and its answer kept, and who enters it."""

    session: Session
    rulebook: Rulebook
    seen: Seen
    version: int | None
    at: datetime

    @property
    def where(self) -> tuple[Session, Rulebook, str]:
        return self.session, self.rulebook, self.seen.standing.agreement.key

    @property
    def who(self) -> tuple[str, datetime]:
        return self.seen.visitor.name, self.at

    @property
    def register(self) -> Register:
        """As it is with the new line."""
        return register_in(self.session, self.seen.standing, self.version)

    def entered(
        self, line: int, *, party: str | None = None, item: int | None = None, late: bool | None = None,
        notice: int | None = None,
    ) -> models.Entered:  # fmt: skip
        """What is answered."""
        register = self.register
        return models.Entered(
            agreement=register.key, version=register.version, line=line, party=party, item=item, late=late,
            notice=notice,
        )  # fmt: skip


def hearing_acts(desk: Desk) -> APIRouter:
    """The routes that write in a register."""
    router, writes, raw = desk.routes("hearing"), desk.seen(Action.RECORD, back=False), Depends(raw_body)

    def enters(path: str, model: type[New]) -> Callable[[Callable[..., Response]], Callable[..., Response]]:
        return router.post(
            f"{PATH}{path}", response_model=models.Entered, status_code=201,
            responses=problems(404, 409, 413, 415, 422), openapi_extra=body_of(model),
        )  # fmt: skip

    def once(
        request: Request, seen: Seen, key: str, new: New, do: Callable[[_Within], models.Entered]
    ) -> Response:
        """201 with what ``do`` entered and where it can be read; the same request again within a day enters nothing."""
        place, agreement, at = desk.place(), seen.standing.agreement.key, desk.clock()

        def entered(session: Session, _: AgreementRow) -> dict[str, object]:
            return do(_Within(session, place.rulebook, seen, new.version, at)).model_dump(mode="json")

        asked = Once(seen.visitor.account, key, f"{request.url.path}\n{new.model_dump_json()}")
        return _answer(do_once(place.engine, agreement, asked, entered, at=at))

    @enters("/parties", models.NewParty)
    def add_party(request: Request, key: Key, seen: Seen = writes, body: bytes = raw) -> Response:
        """Add somebody who was asked beside the councils and clusters."""
        new = _read(request, body, models.NewParty)

        def do(it: _Within) -> models.Entered:
            line = entering.add_party(
                *it.where, new.name, new.on, *it.who, email=new.email, private=new.private, version=new.version
            )  # fmt: skip
            return it.entered(line, party=f"p{line}")

        return once(request, seen, key, new, do)

    @enters("/parties/{party}/answers", models.NewAnswer)
    def take_answer(
        request: Request, party: PartyId, key: Key, seen: Seen = writes, body: bytes = raw
    ) -> Response:
        """Enter that a party answered, to the minute; after the hearing's end it is taken and marked."""
        new = _read(request, body, models.NewAnswer)

        def do(it: _Within) -> models.Entered:
            line = entering.take_answer(
                *it.where, party, new.on, new.time, *it.who, source=new.source, version=new.version
            )  # fmt: skip
            late = next(one.late for one in it.register.answers if one.number == line)
            return it.entered(line, party=party, late=late)

        return once(request, seen, key, new, do)

    @enters("/parties/{party}/remarks", models.NewRemark)
    def add_remark(
        request: Request, party: PartyId, key: Key, seen: Seen = writes, body: bytes = raw
    ) -> Response:
        """Enter one remark of a party that has answered, as an item."""
        new = _read(request, body, models.NewRemark)

        def do(it: _Within) -> models.Entered:
            line = entering.add_remark(
                *it.where, party, new.text, *it.who, where=new.where, version=new.version
            )  # fmt: skip
            item = next(one.item for one in it.register.remarks if one.number == line)
            return it.entered(line, party=party, item=item)

        return once(request, seen, key, new, do)

    @enters("/remarks/{item}/decisions", models.NewDecision)
    def decide(request: Request, item: Item, key: Key, seen: Seen = writes, body: bytes = raw) -> Response:
        """Say what becomes of a remark: taken, or not and why. Again, and the last holds."""
        new = _read(request, body, models.NewDecision)

        def do(it: _Within) -> models.Entered:
            line = entering.decide(
                *it.where, int(item), new.taken, new.because, *it.who, version=new.version
            )  # fmt: skip
            party = next(one.party for one in it.register.remarks if one.item == int(item))
            return it.entered(line, party=party, item=int(item))

        return once(request, seen, key, new, do)

    @enters("/parties/{party}/replies", models.NewReply)
    def reply(request: Request, party: PartyId, key: Key, seen: Seen = writes, body: bytes = raw) -> Response:
        """Send a party its answer as a letter, or keep that it was told by hand."""
        new = _read(request, body, models.NewReply)
        if bool(new.to.strip()) == new.by_hand:
            raise Invalid("giv enten en mailadresse i `to` eller `by_hand`")

        def do(it: _Within) -> models.Entered:
            link = desk.place().settings.base_url
            notice = replying.reply(*it.where, party, new.to, *it.who, link, version=new.version)
            line = next(one.number for one in reversed(it.register.replies) if one.party == party)
            return it.entered(line, party=party, notice=notice or None)

        return once(request, seen, key, new, do)

    @enters("/publications", models.NewPublication)
    def publish(request: Request, key: Key, seen: Seen = writes, body: bytes = raw) -> Response:
        """Keep that the note was published, where, and with which words."""
        new = _read(request, body, models.NewPublication)
        return once(
            request, seen, key, new,
            lambda it: it.entered(note.publish(*it.where, new.on, new.where, *it.who, version=new.version)),
        )  # fmt: skip

    @enters("/struck", models.NewStrike)
    def strike(request: Request, key: Key, seen: Seen = writes, body: bytes = raw) -> Response:
        """Strike out a line that was wrong; it stays in the journal with the reason."""
        new = _read(request, body, models.NewStrike)
        return once(
            request, seen, key, new,
            lambda it: it.entered(entering.strike(*it.where, new.line, new.why, *it.who, version=new.version)),
        )  # fmt: skip

    return router


def _read(request: Request, raw: bytes, model: type[Told]) -> Told:
    return strictly(raw, request.headers.get("content-type", ""), model)


def _answer(said: str) -> Response:
    """201 with where it can be read."""
    told = json.loads(said)
    region, _, label = told["agreement"].partition("/")
    home = PREFIX + PATH.format(region=region, label=label)
    location = f"{home}/parties/{told['party']}" if told["party"] else home
    return Response(said, 201, {"Location": location, "Cache-Control": "no-store"}, "application/json")
