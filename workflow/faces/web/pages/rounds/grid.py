"""*Ret rådene*: every council of one text in one table, filled in, pasted or sent as a sheet, shown, and saved once.

As with *Registrér* a preview writes no fact, and its button carries what was shown, sealed, with the journal's head.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Request, Response, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import UploadFile as Sent

from workflow.errors import Conflict, Invalid, NotPossible
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.facts.attaching import attachment
from workflow.faces.web.pages.facts.record import UNUSED
from workflow.faces.web.pages.facts.refusing import because, beside
from workflow.faces.web.pages.facts.sealed import GONE, seal, unseal
from workflow.faces.web.pages.rounds.shown import Shown, showing
from workflow.faces.web.pages.site import Site
from workflow.faces.web.pages.words import reason
from workflow.faces.web.view import HEADERS
from workflow.language import gettext, phrase
from workflow.mail.writing.words import clean, stort
from workflow.rules.facts import Fact
from workflow.services.councils.block import Block, read_block, read_sheet
from workflow.services.councils.filling import Cells, Typed, asked, filled, labels, pasted, shown
from workflow.services.councils.grid import EDITABLE, Line, lines
from workflow.services.facts import batch
from workflow.services.facts.batch import NotAll, foretell_all, record_all
from workflow.services.facts.once import Once
from workflow.services.lookahead.warning import warned
from workflow.services.meetings.naming import Names
from workflow.services.people.contacts.reach import unreachable
from workflow.storage.database import reading, writing
from workflow.storage.facts import documents, journal
from workflow.storage.facts.documents import MOST_BYTES
from workflow.values import replace

Text = Annotated[str, Form(max_length=4000)]
Texts = Annotated[list[str] | None, Form()]
Sealed = Annotated[str, Form(max_length=400_000)]
SCRIPTED = {"Content-Security-Policy": f"{HEADERS['Content-Security-Policy']}; script-src 'self'"}
PROPOSAL, KEPT = "raad-ret", "raad-bilag"
MOST_WHY = 500
UNREADABLE = "Tabellen kom ikke hel frem. Genindlæs siden, og prøv igen. Intet er ændret."


def router(site: Site) -> APIRouter:
    """The routes of the table."""
    routes, records = APIRouter(prefix="/aftaler/{region}/{label}/raad"), showing(site, Action.RECORD)

    @routes.get("/ret")
    def show(shown: Shown = records, raad: str = "") -> HTMLResponse:
        return _page(shown, _begun(shown), at_once=raad)

    @routes.post("/ret", max_body_size=MOST_BYTES + 400_000)
    def review(
        shown: Shown = records, raad: Texts = None, moede: Texts = None, beslutning: Texts = None,
        besluttet: Texts = None, kilde: Texts = None, files: dict[str, Sent] = Depends(sent_files),
        kryds: Texts = None, alle_beslutning: Text = "", alle_besluttet: Text = "", alle_moede: Text = "",
        alle_kilde: Text = "", alle_fil: Annotated[UploadFile | None, File()] = None, oplyst: Text = "",
        blok: Annotated[str, Form(max_length=60_000)] = "", ark: Annotated[UploadFile | None, File()] = None,
        version: Text = "", bilag: Sealed = "", do: Text = "",
    ) -> Response:  # fmt: skip
        rows = _rows(shown, raad, moede, beslutning, besluttet, kilde)
        common = Cells(clean(alle_moede), alle_beslutning, clean(alle_besluttet), clean(alle_kilde))
        typed = Typed(rows, {code for code in kryds or [] if code in rows}, common, oplyst, blok)
        if do == "kryds":
            undecided = {line.code for line in lines(shown.standing) if not line.event}
            return _page(shown, Typed(rows, undecided, common, oplyst, blok))
        wrong: dict[str, str] = {}
        if version != str(_version(shown)):
            wrong["ticked"] = phrase("Der er kommet en ny tekst, mens siden stod åben. Se rækkerne efter.")
        _attach(shown, typed, files, alle_fil, bilag, wrong)
        typed = _read(shown, typed, ark, wrong)
        return _review(shown, typed, wrong)

    @routes.post("/ret/gem")
    def save(forslag: Sealed, shown: Shown = records, ret: Text = "", hvorfor: Text = "") -> Response:
        visit, key = shown.visit, shown.standing.agreement.key
        said = unseal(visit, PROPOSAL, forslag)
        if said["key"] != key:
            raise Invalid(GONE)
        typed = _again(shown, said)
        if ret:
            return _page(shown, typed)
        once = Once(visit.visitor.account, hashlib.sha256(forslag.encode()).hexdigest(), forslag)
        same = shown.row.head == said["head"]  # else it is refused, or it is the second click of two
        steps = _asked(shown, typed, clean(hvorfor)[:MOST_WHY])[0] if same else {}
        try:
            record_all(
                visit.place.engine, visit.rulebook, key, steps, once, today=visit.today, at=visit.at, head=said["head"]
            )  # fmt: skip
        except NotAll as error:
            return _page(shown, typed, _places(error), status=409)
        except (Conflict, NotPossible, Invalid) as error:
            return _page(shown, typed, refused=because(error), status=409)
        return RedirectResponse(f"/aftaler/{key}/raad?gemt={said['first']}#gemt", 303)

    return routes


async def sent_files(request: Request) -> dict[str, Sent]:
    """The files of the rows by council (``fil-0851``); async since a form is read as it arrives."""
    sent = (await request.form()).multi_items()
    return {
        name.removeprefix("fil-"): one
        for name, one in sent
        if name.startswith("fil-") and isinstance(one, Sent)
    }


def _begun(shown_: Shown) -> Typed:
    return Typed({line.code: shown(line) for line in lines(shown_.standing)})


def _version(shown: Shown) -> int:
    current = shown.standing.course.current
    return current.number if current else 0


def _rows(
    shown_: Shown, codes: list[str] | None, meets: list[str] | None, events: list[str] | None, days: list[str] | None,
    sources: list[str] | None,
) -> dict[str, Cells]:  # fmt: skip
    """The rows as they were sent, each column a list; :class:`Invalid` where they are not the councils'."""
    columns = [each or [] for each in (codes, meets, events, days, sources)]
    known = [line.code for line in lines(shown_.standing)]
    if any(len(column) != len(known) for column in columns) or columns[0] != known:
        raise Invalid(UNREADABLE)
    return {code: Cells(*(clean(cell) for cell in cells)) for code, *cells in zip(*columns, strict=True)}


def _attach(
    shown: Shown,
    typed: Typed,
    files: dict[str, Sent],
    common: UploadFile | None,
    sealed: str,
    wrong: dict[str, str],
) -> None:
    """Keep the files that came with the rows, so that they need not be chosen again."""
    visit = shown.visit
    kept: dict[str, list[str]] = unseal(visit, KEPT, sealed) if sealed else {}
    came = {code: one for code, one in files.items() if code in typed.rows}
    for code, upload in (came | ({"": common} if common else {})).items():
        own: dict[str, str] = {}
        if attached := attachment(visit.place, upload, own):
            if own:
                wrong[f"document-{code}" if code else "document"] = own["document"]
                continue
            with writing(visit.place.engine) as session:
                documents.forget_unused(session, visit.at - UNUSED)
                kept[code] = [documents.keep(session, attached, visit.at), attached.name]
    for code, (digest, name) in kept.items():
        if code in typed.rows:
            typed.rows[code] = replace(typed.rows[code], document=digest, file=name)
        else:
            typed.shared = replace(typed.shared, document=digest, file=name)


def _read(shown: Shown, typed: Typed, sheet: UploadFile | None, wrong: dict[str, str]) -> Typed:
    """The form with what was pasted and what the sheet holds in its rows, and then what the ticked rows take."""
    agreement, found, rows = shown.standing.agreement, Block(), lines(shown.standing)
    names, version = Names(shown.visit.rulebook), _version(shown)
    try:
        if typed.block.strip():
            found = read_block(typed.block, agreement, names, version)
        if sheet is not None and sheet.filename:
            content = sheet.file.read(MOST_BYTES + 1)
            own = read_sheet(sheet.filename, content, agreement, names, version)
            found = Block([*found.said, *own.said], [*found.unread, *own.unread])
    except Invalid as error:
        wrong["block"] = beside(error)
        return typed
    typed = filled(pasted(typed, found, rows), rows)
    if found.unread:
        line = gettext("linje %(number)s »%(text)s«: %(why)s")
        told = "; ".join(
            line % {"number": no, "text": text, "why": why} for no, text, why in found.unread[:8]
        )
        more = (
            gettext("; og %(count)s til") % {"count": len(found.unread) - 8} if len(found.unread) > 8 else ""
        )
        wrong["block"] = f"{stort(reason(told))}{more}."
    typed.block = "\n".join(text for _, text, _ in found.unread)
    return typed


def _asked(shown: Shown, typed: Typed, why: str = "") -> tuple[dict[str, list[Fact]], dict[str, str]]:
    visit, standing = shown.visit, shown.standing
    steps, wrong = asked(
        typed, lines(standing), standing.agreement, _version(shown), visit.today, visit.visitor.name
    )
    if why:
        said = {
            code: [
                replace(fact, source=f"{fact.source}. {stort(why)}") if fact.corrects else fact for fact in facts
            ]
            for code, facts in steps.items()
        }  # fmt: skip
        return said, wrong
    return steps, wrong


def _review(shown: Shown, typed: Typed, wrong: dict[str, str]) -> HTMLResponse:
    visit, standing = shown.visit, shown.standing
    steps, more = _asked(shown, typed)
    wrong |= more
    if wrong:
        return _page(shown, typed, wrong, status=422)
    if not steps:
        return _page(
            shown, typed, refused="Ingen af rækkerne er ændret, så der er intet at registrere", status=422
        )
    try:
        told = foretell_all(visit.place.engine, visit.rulebook, standing.agreement.key, steps, visit.today)
    except NotAll as error:
        return _page(shown, typed, _places(error), status=409)
    proposal = {
        "key": standing.agreement.key, "head": told.head, "first": told.facts[0].no, "told_on": typed.told_on,
        "version": _version(shown), "rows": {code: asdict(typed.rows[code]) for code in steps},
    }  # fmt: skip
    return shown.page(
        "rounds/grid-preview.html",
        told=told,
        steps=steps,
        before={line.code: line for line in lines(standing)},
        rows=typed.rows,
        mends=any(fact.corrects for fact in told.facts),
        remarks=warned(told.after, told.facts),
        nowhere=unreachable(visit.place.engine, [one.recipient for one in told.letters], visit.today),
        forslag=seal(visit, PROPOSAL, proposal),
    )


def _again(shown: Shown, said: dict[str, Any]) -> Typed:
    """The form that led to a proposal, on the rows of today."""
    typed = _begun(shown)
    if said["version"] == _version(shown):
        typed.rows |= {code: Cells(**cells) for code, cells in said["rows"].items() if code in typed.rows}
    typed.told_on = said["told_on"]
    return typed


def _places(error: NotAll) -> dict[str, str]:
    return {f"row-{code}": f"{stort(reason(str(why)))}." for code, why in error.places.items()}


def _page(
    shown_: Shown, typed: Typed, wrong: dict[str, str] | None = None, *, refused: str = "", at_once: str = "",
    status: int = 200,
) -> HTMLResponse:  # fmt: skip
    visit, standing = shown_.visit, shown_.standing
    found: Sequence[Line] = lines(standing)
    kept = {code: [cells.document, cells.file] for code, cells in typed.rows.items() if cells.document}
    kept |= {"": [typed.shared.document, typed.shared.file]} if typed.shared.document else {}
    with reading(visit.place.engine) as session:
        recent = [one for one in batch.batches(journal.rows(session, shown_.row)) if one.standing][:3]
    page = shown_.page(
        "rounds/grid.html",
        status=status,
        lines=found,
        typed=typed,
        version=_version(shown_),
        events=EDITABLE,
        wrong=wrong or {},
        labels=labels(found, wrong or {}),
        refused=refused,
        at_once=at_once,
        kept=seal(visit, KEPT, kept) if kept else "",
        recent=recent,
    )
    page.headers.update(SCRIPTED)
    return page
