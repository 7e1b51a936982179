"""*Registrér*: what can be recorded now, a form for each event, what it would change, and then the fact.

A preview writes no fact. Its button carries the whole proposal, sealed, with the head of the journal it was made on: so
what is recorded is what was shown, once, or nothing.
"""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Response, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse

from workflow.errors import Conflict, Invalid, NotFound, NotPossible
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.facts.attaching import attachment
from workflow.faces.web.pages.facts.fields import NAMES, form_of, read
from workflow.faces.web.pages.facts.refusing import because
from workflow.faces.web.pages.facts.sealed import GONE, seal, unseal
from workflow.faces.web.pages.rounds.shown import Shown, showing
from workflow.faces.web.pages.site import Site
from workflow.language import phrase
from workflow.rules.facts import Fact, live
from workflow.services.facts.foretelling import foretell
from workflow.services.facts.grounds import OWN_DOORS, by_its_own_door
from workflow.services.facts.intake import RECORDABLE
from workflow.services.facts.offering import Offer, offer, offers
from workflow.services.facts.once import Once, record_once
from workflow.services.facts.remarking import remarks
from workflow.services.facts.subjects import subjects
from workflow.services.lookahead.warning import warnings
from workflow.services.people.contacts.reach import unreachable
from workflow.services.planning.marks import CONFIRMED, marks
from workflow.services.planning.readiness import sent_without
from workflow.storage.database import writing
from workflow.storage.facts import documents
from workflow.storage.facts.documents import MOST_BYTES
from workflow.storage.facts.projection import Standing
from workflow.values import replace

Text = Annotated[str, Form(max_length=4000)]
UNUSED = timedelta(days=1)  # a file that came to a preview and no further is kept so long


def router(site: Site) -> APIRouter:
    """The routes of the forms."""
    routes = APIRouter(prefix="/aftaler/{region}/{label}/registrer")
    records = showing(site, Action.RECORD)

    @routes.get("")
    def choose(shown: Shown = records) -> HTMLResponse:
        return shown.page("facts/record.html", groups=offers(shown.standing, shown.standing.rules))

    @routes.get("/{event}")
    def show(event: str, nr: str = "", raad: str = "", shown: Shown = records) -> HTMLResponse:
        typed = {"corrects": nr, "council": raad}
        if event == "correction":  # it happens now; the others happened on a day that only the reader knows
            typed["on"] = shown.visit.today.isoformat()
        return _form(shown, event, typed)

    @routes.post("/{event}", max_body_size=MOST_BYTES + 100_000)
    def preview(
        event: str, shown: Shown = records, council: Text = "", about: Text = "", version: Text = "", on: Text = "",
        due: Text = "", time: Text = "", source: Text = "", corrects: Text = "",
        forslag: Annotated[str, Form(max_length=40_000)] = "", document: Annotated[UploadFile | None, File()] = None,
    ) -> Response:  # fmt: skip
        typed = dict(zip(NAMES, (council, about, version, on, due, time, source, corrects), strict=True))
        earlier = _opened(shown, forslag) if forslag else {}
        return _preview(shown, event, typed, document, earlier)

    @routes.post("")
    def save(
        forslag: Annotated[str, Form(max_length=40_000)],
        shown: Shown = records,
        ret: Text = "",
        skete: Text = "",
    ) -> Response:
        visit, standing = shown.visit, shown.standing
        said = _opened(shown, forslag)
        typed = said["typed"]
        if ret:
            return _form(shown, said["event"], typed, kept=said)
        fact, _ = read(
            form_of(said["event"], standing, standing.rules),
            typed,
            standing,
            standing.rules,
            visit.visitor.name,
        )
        fact = replace(fact, document=said["document"], document_name=said["name"])
        once = Once(visit.visitor.account, hashlib.sha256(forslag.encode()).hexdigest(), forslag)
        try:
            record_once(
                visit.place.engine, visit.rulebook, standing.agreement.key, fact, once, today=visit.today,
                at=visit.at, head=said["head"], confirmed=bool(skete),
            )  # fmt: skip
        except (Conflict, NotPossible, Invalid) as error:
            return _form(shown, said["event"], typed, kept=said, refused=because(error), status=409)
        return RedirectResponse(f"/aftaler/{standing.agreement.key}/journal?gemt=1#nyeste", 303)

    return routes


def _form(
    shown: Shown, event: str, typed: dict[str, str], *, wrong: dict[str, str] | None = None, refused: str = "",
    kept: dict[str, Any] | None = None, status: int = 200,
) -> HTMLResponse:  # fmt: skip
    """The form with what was typed; ``kept`` is the proposal whose file need not be sent again."""
    visit, standing = shown.visit, shown.standing
    _recordable(event)
    corrected = _corrected(standing, typed.get("corrects", "")) if event == "correction" else None
    if event == "correction" and corrected is None:
        raise NotFound(phrase("linjen findes ikke, eller den er rettet allerede"))
    offered = Offer(event) if corrected else offer(standing, standing.rules, event)
    return shown.page(
        "facts/record-form.html",
        status=status,
        form=form_of(event, standing, standing.rules),
        offer=offered,
        subjects=subjects(standing.agreement, standing.rules, event),
        corrected=corrected,
        typed=typed,
        wrong=wrong or {},
        refused=refused,
        kept=seal(visit, "forslag", kept) if kept and kept["document"] else "",
        kept_name=kept["name"] if kept else "",
    )


def _preview(
    shown: Shown, event: str, typed: dict[str, str], upload: UploadFile | None, earlier: dict[str, Any]
) -> HTMLResponse:
    visit, standing = shown.visit, shown.standing
    _recordable(event)
    form = form_of(event, standing, standing.rules)
    fact, wrong = read(form, typed, standing, standing.rules, visit.visitor.name)
    attached = attachment(visit.place, upload, wrong)
    if form.evidence and not (fact.source or attached or earlier.get("document")):
        wrong["source"] = phrase("Skriv, hvor beslutningen kan læses, eller vedlæg udskriften af den.")
    if wrong:
        return _form(shown, event, typed, wrong=wrong, kept=earlier, status=422)
    document, name = earlier.get("document", ""), earlier.get("name", "")
    try:
        told = foretell(visit.place.engine, visit.rulebook, standing.agreement.key, fact, visit.today)
        if attached:
            with writing(visit.place.engine) as session:
                documents.forget_unused(session, visit.at - UNUSED)
                document, name = documents.keep(session, attached, visit.at), attached.name
            trial = replace(fact, document=document)
            told = foretell(visit.place.engine, visit.rulebook, standing.agreement.key, trial, visit.today)
    except (NotPossible, Invalid) as error:
        return _form(shown, event, typed, refused=because(error), kept=earlier, status=409)
    proposal = {
        "key": standing.agreement.key, "event": event, "typed": typed, "document": document, "name": name,
        "head": told.head,
    }  # fmt: skip
    return shown.page(
        "facts/record-preview.html",
        form=form,
        told=told,
        remarks=[
            *remarks(standing.agreement, told.fact, visit.today),
            *sent_without(told.after, told.after.rules, told.fact),
            *warnings(told.after, told.fact),
        ],
        broken=[one for one in marks(told.after, told.after.rules) if one.fact.no == told.fact.no],
        confirmed=event in CONFIRMED,
        nowhere=unreachable(visit.place.engine, [one.recipient for one in told.letters], visit.today),
        document=document,
        file_name=name,
        forslag=seal(visit, "forslag", proposal),
    )


def _recordable(event: str) -> None:
    if event in OWN_DOORS:
        by_its_own_door((), Fact(0, event, date.min))
    if event not in RECORDABLE:
        raise NotFound(phrase("hændelsen findes ikke"))


def _corrected(standing: Standing, number: str) -> Fact | None:
    facts = live(standing.facts, date.max)
    return next((f for f in facts if str(f.no) == number and f.event not in OWN_DOORS), None)


def _opened(shown: Shown, forslag: str) -> dict[str, Any]:
    said = unseal(shown.visit, "forslag", forslag)
    if said["key"] != shown.standing.agreement.key:
        raise Invalid(GONE)
    return said
