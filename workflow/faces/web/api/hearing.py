"""The register of a hearing, its remarks, one party and the note, as the pages show them. Reads only."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request, Response

from workflow.errors import NotFound, NotPossible
from workflow.faces.web.api import hearingmodels as models
from workflow.faces.web.api.asked import Cursor, Limit
from workflow.faces.web.api.desk import Desk, Seen
from workflow.faces.web.api.hearingmodels import OfVersion, PartyId
from workflow.faces.web.api.told import Page, after_number, cut, page, problems, told
from workflow.faces.web.gate.policy import Action
from workflow.rules.days import end_of
from workflow.services.hearing import register as registers
from workflow.services.hearing.note import as_text, became, digest, note, outdated
from workflow.services.hearing.register import CITIZEN, Register, find_register, hearings
from workflow.services.hearing.replying import reply_digest, reply_lines

PATH = "/agreements/{region}/{label}/hearing"
Words = Annotated[
    Literal["committee", "public"],
    Query(description="For the committee, or as it is published: private persons unnamed."),
]


def hearing(desk: Desk) -> APIRouter:
    """The routes that read a hearing."""
    router = desk.routes("hearing")
    reads, inner = desk.seen(Action.READ), desk.seen(Action.READ_HEARING)

    @router.get(PATH, response_model=models.Hearing, responses=problems(404, 409, 422))
    def read_hearing(request: Request, seen: Seen = reads, version: OfVersion = None) -> Response:
        """Who was asked and who answered when; 409 where no hearing was opened."""
        register = register_of(desk, seen, version)
        whole = seen.visitor.sees(Action.READ_HEARING, region=seen.standing.agreement.region)
        return told(request, _hearing(seen, register, whole))

    @router.get(f"{PATH}/remarks", response_model=Page[models.Remark], responses=problems(404, 409, 422))
    def list_remarks(
        request: Request, seen: Seen = inner, version: OfVersion = None, limit: Limit = 50, cursor: Cursor = None
    ) -> Response:  # fmt: skip
        """Every remark by its number, with what became of it and why."""
        begin = after_number(cursor)
        found = [one for one in register_of(desk, seen, version).remarks if one.item > begin]
        shown, rest = cut(found, limit, lambda one: str(one.item))
        return page(request, [_remark(one) for one in shown], rest)

    @router.get(f"{PATH}/parties/{{party}}", response_model=models.WholeParty,
                responses=problems(404, 409, 422))  # fmt: skip
    def read_party(
        request: Request, party: PartyId, seen: Seen = inner, version: OfVersion = None
    ) -> Response:
        """One party: its answers, its remarks, and the answer to it."""
        register = register_of(desk, seen, version)
        found = register.party(party)
        if found is None:
            raise NotFound("den part er ikke i høringen")
        return told(request, _party(seen, register, found))

    @router.get(f"{PATH}/note", response_model=models.Note, responses=problems(404, 409, 422))
    def read_note(
        request: Request, seen: Seen = inner, version: OfVersion = None, words: Words = "committee"
    ) -> Response:
        """The note for the committee, or as it is published."""
        register, public = register_of(desk, seen, version), words == "public"
        file = f"{_home(register)}/notat.docx?version={register.version}{'&offentlig=1' * public}"
        return told(request, _note(seen, register, public, file))

    @router.get(f"{PATH}/published", response_model=models.Note, responses=problems(404, 409, 422))
    def read_published(request: Request, seen: Seen = reads, version: OfVersion = None) -> Response:
        """The note as everybody may read it, once it was published."""
        register = register_of(desk, seen, version)
        if register.published is None:
            raise NotFound("høringsnotatet er ikke offentliggjort")
        return told(request, _note(seen, register, True, None))

    return router


def register_of(desk: Desk, seen: Seen, version: int | None) -> Register:
    """The register as it stood on the day that is asked about; :class:`NotPossible` where no hearing was opened."""
    asked = seen.standing.as_of
    until: datetime | None = end_of(asked) if asked != desk.day(None) else None
    return find_register(desk.place().engine, seen.standing, version, until)


def _hearing(seen: Seen, register: Register, whole: bool) -> models.Hearing:
    return models.Hearing(
        agreement=register.key, version=register.version,
        versions=[one.version or 1 for one in hearings(seen.standing)], opened=register.opened.on,
        closes_at=register.closes_at,
        parties=[
            models.Party(
                id=one.id, name=CITIZEN if one.private and not whole else one.name, private=one.private,
                asked_on=one.asked_on, letter_at=one.told_at,
                answers=[models.Came(at=came.at, late=came.late) for came in register.answers_of(one.id)],
            )
            for one in register.parties
        ],
        silent=[one.id for one in register.silent], remarks=len(register.remarks) if whole else None,
        undecided=[one.item for one in register.undecided] if whole else None, published=_published(register),
    )  # fmt: skip


def _party(seen: Seen, register: Register, party: registers.Party) -> models.WholeParty:
    lines: list[str] = []
    not_yet: str | None = None
    try:
        lines = reply_lines(seen.standing, register, party)
    except NotPossible as error:
        not_yet = str(error)
    last = register.reply_to(party.id)
    return models.WholeParty(
        agreement=register.key, version=register.version, id=party.id, name=party.name, private=party.private,
        asked_on=party.asked_on, letter_at=party.told_at,
        answers=[_answer(register, one) for one in register.answers_of(party.id)],
        remarks=[_remark(one) for one in register.remarks_of(party.id)], reply=lines, not_yet=not_yet,
        replied=models.Replied(
            line=last.number, at=last.at, to=last.to, notice=last.notice or None,
            changed=bool(lines) and last.digest != reply_digest(lines),
        ) if last else None,
    )  # fmt: skip


def _answer(register: Register, one: registers.Answer) -> models.Answer:
    file = f"{_home(register)}/dokument/{one.document}?version={register.version}"
    return models.Answer(
        at=one.at, late=one.late, line=one.number, source=one.source, by=one.by, sha256=one.document or None,
        document=file if one.document else None,
    )  # fmt: skip


def _remark(one: registers.Remark) -> models.Remark:
    return models.Remark(
        item=one.item, line=one.number, party=one.party, where=one.where, text=one.text, taken=one.taken,
        because=one.because, decided_by=one.decided_by, taken_text=became(one),
    )  # fmt: skip


def _note(seen: Seen, register: Register, public: bool, file: str | None) -> models.Note:
    blocks = note(seen.standing, register, public)
    return models.Note(
        agreement=register.key, version=register.version, text=as_text(blocks), sha256=digest(blocks), document=file,
        published=_published(register), outdated=outdated(seen.standing, register),
    )  # fmt: skip


def _published(register: Register) -> models.Published | None:
    one = register.published
    return models.Published(line=one.number, on=one.on, where=one.to, sha256=one.digest) if one else None


def _home(register: Register) -> str:
    return f"/aftaler/{register.key}/hoering"
