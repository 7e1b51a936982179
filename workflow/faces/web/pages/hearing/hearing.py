"""*Høring*: the register of a hearing, one party of it, and the note that comes of it. Reads only."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse, PlainTextResponse

from workflow.errors import NotFound, NotPossible
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.papers.download import download
from workflow.faces.web.pages.rounds.shown import Shown, showing
from workflow.faces.web.pages.site import Site
from workflow.language import phrase, said_by
from workflow.rules.days import end_of
from workflow.services.hearing.note import as_text, became, note, outdated
from workflow.services.hearing.register import Register, find_register, hearings
from workflow.services.hearing.replying import address_of, reply_digest, reply_lines
from workflow.services.papers.docx import KIND, Block, docx
from workflow.storage.database import reading
from workflow.storage.facts import documents


def router(site: Site) -> APIRouter:
    """The pages of a hearing, and the note as files."""
    routes = APIRouter(prefix="/aftaler/{region}/{label}/hoering")
    reads, back = showing(site, Action.READ), showing(site, Action.READ, back=True)
    inner = showing(site, Action.READ_HEARING)

    @routes.get("")
    def register(shown: Shown = back, version: int | None = None) -> HTMLResponse:
        return register_page(shown, version)

    @routes.get("/part/{party}")
    def one(party: str, shown: Shown = inner, version: int | None = None) -> HTMLResponse:
        return party_page(shown, party, version)

    @routes.get("/notat")
    def read_note(shown: Shown = inner, version: int | None = None, offentlig: str = "") -> HTMLResponse:
        register = find_register(shown.visit.place.engine, shown.standing, version)
        return _note(shown, register, bool(offentlig), files=True)

    @routes.get("/notat.docx")
    def word(shown: Shown = inner, version: int | None = None, offentlig: str = "") -> Response:
        name = f"hoeringsnotat{'-offentligt' * bool(offentlig)}-{shown.row.region}-{shown.row.label}.docx"
        return download(docx(_blocks(shown, version, offentlig)), name, KIND)

    @routes.get("/notat.txt")
    def text(shown: Shown = inner, version: int | None = None, offentlig: str = "") -> Response:
        return PlainTextResponse(as_text(_blocks(shown, version, offentlig)))

    @routes.get("/offentliggjort")
    def published(shown: Shown = reads, version: int | None = None) -> HTMLResponse:
        register = find_register(shown.visit.place.engine, shown.standing, version)
        if register.published is None:
            raise NotFound(phrase("Høringsnotatet er ikke offentliggjort."))
        return _note(shown, register, public=True, files=False)

    @routes.get("/dokument/{digest}")
    def document(digest: str, shown: Shown = inner, version: int | None = None) -> Response:
        register = find_register(shown.visit.place.engine, shown.standing, version)
        answer = next((one for one in register.answers if one.document == digest), None)
        if answer is None:
            raise NotFound(phrase("filen hører ikke til et svar i høringen"))
        with reading(shown.visit.place.engine) as session:
            kept = documents.read(session, answer.document)
        return download(kept.content, documents.called(kept, answer.name), "application/octet-stream")

    return routes


def register_page(
    shown: Shown, version: int | None, *, typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None, refused: str = "", status: int = 200,
) -> HTMLResponse:  # fmt: skip
    """The register with what was typed in its forms."""
    visit, standing = shown.visit, shown.standing
    until = end_of(visit.as_of) if visit.as_of != visit.today else None
    opened = hearings(standing)
    register = find_register(visit.place.engine, standing, version, until) if opened else None
    return shown.page(
        "hearing/hearing.html",
        status=status, register=register, others=opened, typed=typed or {}, wrong=wrong or {},
        refused=refused, inner=visit.may(Action.READ_HEARING, shown.row.region), writes=writes(shown),
        older=outdated(standing, register) if register else False,
    )  # fmt: skip


def party_page(
    shown: Shown, party: str, version: int | None, *, typed: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None, refused: str = "", status: int = 200,
) -> HTMLResponse:  # fmt: skip
    """One party's answers, remarks and answer, with what was typed in its forms."""
    engine, standing = shown.visit.place.engine, shown.standing
    register = find_register(engine, standing, version)
    found = register.party(party)
    if found is None:
        raise NotFound(phrase("den part er ikke i høringen"))
    try:
        lines, not_yet = reply_lines(standing, register, found), ""
    except NotPossible as error:
        lines, not_yet = [], said_by(error)
    told = register.reply_to(party)
    return shown.page(
        "hearing/hearing-party.html",
        status=status, register=register, party=found, lines=lines, not_yet=not_yet, told=told,
        changed=bool(told and lines and told.digest != reply_digest(lines)),
        address=address_of(engine, standing, found), became=became, typed=typed or {}, wrong=wrong or {},
        refused=refused, writes=writes(shown),
    )  # fmt: skip


def writes(shown: Shown) -> bool:
    """Whether the visitor can write into the register today."""
    visit = shown.visit
    return visit.as_of == visit.today and visit.may(Action.RECORD, shown.row.region)


def _note(shown: Shown, register: Register, public: bool, files: bool) -> HTMLResponse:
    blocks = note(shown.standing, register, public)
    return shown.page(
        "hearing/hearing-note.html", register=register, blocks=blocks, public=public, files=files
    )


def _blocks(shown: Shown, version: int | None, public: str) -> list[Block]:
    register = find_register(shown.visit.place.engine, shown.standing, version)
    return note(shown.standing, register, bool(public))
