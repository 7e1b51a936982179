"""*Underskriv en læsning*: where the law is silent a named person chooses; dates and letters are shown first."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Form, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from workflow.errors import Conflict, Invalid, NotFound, NotPossible, Unworkable
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.site import Site, Visit
from workflow.faces.web.pages.words import reason
from workflow.language import noted, phrase, said_by
from workflow.services.facts.foretelling import Foretold
from workflow.services.facts.readings import replaced, sign_reading
from workflow.services.law.telling import foretold, seal
from workflow.services.views.readings import Question, questions
from workflow.services.views.status import workable

Word = Annotated[str, Form(max_length=2000)]
MISSING = {
    "reading": noted("Vælg en læsning."),
    "name": noted("Skriv navnet på den, der står inde for læsningen."),
    "office": noted("Skriv personens kontor."),
    "ground": noted("Skriv grundlaget: en tekst, et svar eller en aftale mellem parterne."),
    "agreement": noted("Vælg mindst én aftale."),
}
CHANGED = noted(
    "Det, der sker, er et andet end det, siden viste. Se det igen, og underskriv så. Intet er ændret"
)


def router(site: Site) -> APIRouter:
    """The form of one question, and the signature."""
    routes, manages = APIRouter(prefix="/regler/laesninger/{silence}"), site.visits(Action.MANAGE)

    @routes.get("")
    def show(silence: str, visit: Visit = manages) -> HTMLResponse:
        return _page(visit, _question(visit, silence))

    @routes.post("")
    def sign(
        silence: str, visit: Visit = manages, reading: Word = "", name: Word = "", office: Word = "",
        ground: Word = "", agreement: Annotated[list[Annotated[str, Form(max_length=200)]] | None, Form()] = None,
        vist: Annotated[str, Form(max_length=64)] = "",
    ) -> Response:  # fmt: skip
        question, place = _question(visit, silence), visit.place
        typed: dict[str, Any] = {
            "reading": reading, "name": name.strip(), "office": office.strip(), "ground": ground.strip(),
            "agreement": agreement or [],
        }  # fmt: skip
        wrong = {field: said for field, said in MISSING.items() if not typed[field]}
        if reading and question.silence.reading(reading) is None:
            wrong["reading"] = MISSING["reading"]
        if wrong:
            return _page(visit, question, typed, wrong, status=422)
        asked = {
            "silence": silence, "reading": reading, "name": name, "office": office, "ground": ground,
            "agreements": typed["agreement"], "typed_by": visit.visitor.name, "today": visit.today, "at": visit.at,
        }  # fmt: skip
        try:
            tried = sign_reading(place.engine, visit.rulebook, **asked, dry_run=True)
            told = foretold(place.engine, visit.rulebook, tried, visit.today)
            shown = seal((silence, reading, name, office, ground), told)
            if vist != shown:
                held = {one.after.agreement.key: replaced(one, silence) for one in tried}
                refused = CHANGED if vist else ""
                return _page(visit, question, typed, told=told, shown=shown, held=held, refused=refused)
            sign_reading(place.engine, visit.rulebook, **asked)
        except (Conflict, NotFound, NotPossible, Invalid, Unworkable) as error:
            return _page(visit, question, typed, refused=reason(said_by(error)), status=409)
        return RedirectResponse(f"/regler/laesninger?underskrevet={silence}", 303)

    return routes


def _question(visit: Visit, silence: str) -> Question:
    standings, _ = workable(visit.place.engine, visit.rulebook, visit.today)
    for one in questions(visit.rulebook, standings):
        if one.silence.id == silence:
            return one
    raise NotFound(phrase("spørgsmålet findes ikke"))


def _page(
    visit: Visit, question: Question, typed: dict[str, Any] | None = None, wrong: dict[str, str] | None = None, *,
    told: Sequence[Foretold] = (), shown: str = "", held: dict[str, tuple[str, str] | None] | None = None,
    refused: str = "", status: int = 200,
) -> HTMLResponse:  # fmt: skip
    return visit.page(
        "law/signing.html",
        status=status,
        question=question,
        keys=list(dict.fromkeys(key for key, _, _ in question.touched)),
        typed=typed or {},
        wrong=wrong or {},
        told=told,
        shown=shown,
        held=held or {},
        refused=refused,
    )
