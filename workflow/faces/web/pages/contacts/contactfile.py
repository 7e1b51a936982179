"""*Indlæs kontakter*: a file becomes a list of what would change; a person looks, and all of it is saved or nothing.

The button of the review carries the mailboxes that were read, sealed, and what they would have done: so what is saved
is what was shown, or the review is shown again.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Response, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse

from workflow.errors import Invalid
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.facts.sealed import seal, unseal
from workflow.faces.web.pages.site import Site, Visit
from workflow.language import phrase, said_by
from workflow.mail.writing.words import stort
from workflow.services.people.contacts.contactdoubts import doubts
from workflow.services.people.contacts.contactrow import Line
from workflow.services.people.contacts.contacts import (
    Change,
    carry_out,
    foreseen,
    lapsing,
    refuse_others,
)
from workflow.services.people.contacts.contactsheet import read_sheet
from workflow.services.people.contacts.contactwords import NAMES, Unreadable
from workflow.storage.database import reading, writing
from workflow.values import dataclass

MOST_BYTES, MOST_ROWS = 2_000_000, 2000
Text = Annotated[str, Form(max_length=200_000)]
ORDER = {"removed": 0, "changed": 1, "added": 2, "unchanged": 3}


@dataclass(frozen=True, slots=True)
class Plan:
    """The mailboxes of a file, each with its line, and whether the file is the whole truth."""

    lines: list[Line]
    numbers: list[int]
    replace: bool


def router(site: Site) -> APIRouter:
    """The routes of the upload."""
    routes = APIRouter(prefix="/kontakter/indlaes")
    keeps = site.visits(Action.MANAGE_CONTACTS)

    @routes.get("")
    def blank(visit: Visit = keeps) -> HTMLResponse:
        return visit.page("contacts/contacts-file.html", typed={}, wrong="", mistakes=[], names=NAMES)

    @routes.post("", max_body_size=MOST_BYTES + 400_000)
    def read(
        visit: Visit = keeps, text: Text = "", replace: Annotated[str, Form(max_length=10)] = "",
        document: Annotated[UploadFile | None, File()] = None,
    ) -> Response:  # fmt: skip
        typed = {"text": text, "replace": replace}
        try:
            sheet = read_sheet(visit.rulebook, _source(text, document))
            refuse_others(visit.rulebook, sheet, visit.within(Action.MANAGE_CONTACTS))
            if len(sheet.lines) > MOST_ROWS:
                raise Invalid(
                    phrase(
                        "filen har %(count)s kontakter; højst %(most)s ad gangen",
                        count=len(sheet.lines),
                        most=MOST_ROWS,
                    )
                )
        except Unreadable as error:
            wrong = f"{stort(error.why.now)}." if error.why else ""
            return visit.page(
                "contacts/contacts-file.html",
                status=422,
                typed=typed,
                wrong=wrong,
                mistakes=error.mistakes,
                names=NAMES,
            )
        except Invalid as error:
            return visit.page(
                "contacts/contacts-file.html",
                status=422,
                typed=typed,
                wrong=f"{stort(said_by(error))}.",
                mistakes=[],
                names=NAMES,
            )
        plan = Plan(lapsing(visit.rulebook, sheet, visit.at), sheet.numbers, bool(replace))
        return _review(visit, plan, [how.now for how in sheet.read])

    @routes.post("/gem", max_body_size=3_000_000)
    def save(visit: Visit = keeps, forslag: Annotated[str, Form(max_length=900_000)] = "") -> Response:
        opened = _opened(visit, forslag)
        if opened is None:
            wrong = phrase("Forslaget er ikke fra denne side. Vælg filen igen.")
            return visit.page(
                "contacts/contacts-file.html", status=409, typed={}, wrong=wrong, mistakes=[], names=NAMES
            )
        plan, shown = opened
        with writing(visit.place.engine) as session:
            changes = foreseen(session, plan.lines, plan.numbers, plan.replace)
            same = _digest(changes) == shown
            if same:
                carry_out(session, plan.lines, plan.numbers, plan.replace, visit.visitor.signature, visit.at)
        if not same and any(one.what != "unchanged" for one in changes):
            return _review(visit, plan, [], again=True)
        return RedirectResponse("/kontakter?gemt=1", 303)

    return routes


def _source(text: str, document: UploadFile | None) -> bytes | str:
    if document is not None and document.filename:
        content = document.file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise Invalid(phrase("filen er for stor; højst 2 MB"))
        return content
    if not text.strip():
        raise Invalid(phrase("vælg en fil, eller indsæt rækkerne fra Excel"))
    return text


def _review(visit: Visit, plan: Plan, read: list[str], again: bool = False) -> HTMLResponse:
    with reading(visit.place.engine) as session:
        changes = foreseen(session, plan.lines, plan.numbers, plan.replace)
    proposal = {**asdict(plan), "lines": _plain(plan.lines), "shown": _digest(changes)}
    sealed = seal(visit, "kontakter", proposal)
    over = [how.now for how in doubts(visit.rulebook, plan.lines, plan.numbers, visit.at)]
    counted = {what: sum(one.what == what for one in changes) for what in ORDER}
    return visit.page(
        "contacts/contacts-review.html",
        status=409 if again else 200, changes=sorted(changes, key=lambda one: ORDER[one.what]),
        counted=counted, read=read, over=over, forslag=sealed, again=again, names=NAMES,
    )  # fmt: skip


def _plain(lines: list[Line]) -> list[list[Any]]:
    return [
        [str(value) if isinstance(value, date) else value for value in asdict(line).values()]
        for line in lines
    ]


def _digest(changes: list[Change]) -> str:
    told = "\n".join(
        f"{one.what}|{one.body}|{one.function}|{one.email}|{one.was}|{one.becomes}" for one in changes
    )
    return hashlib.sha256(told.encode()).hexdigest()


def _opened(visit: Visit, forslag: str) -> tuple[Plan, str] | None:
    try:
        said = unseal(visit, "kontakter", forslag)
    except Invalid:
        return None
    lines = [
        Line(*row[:5], *(date.fromisoformat(day) if day else None for day in row[5:]))
        for row in said["lines"]
    ]
    return Plan(lines, said["numbers"], said["replace"]), said["shown"]
