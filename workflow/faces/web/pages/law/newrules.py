"""*Nye regler*: what a rule set that nobody has answered for would change, and the administrator's answer to it."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from workflow.errors import Conflict, Invalid, NotFound, NotPossible
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.site import Site, Visit
from workflow.faces.web.pages.words import reason
from workflow.language import noted, phrase, said_by, worded
from workflow.mail.writing.words import stort
from workflow.services.law.changing import accept, decline, pending

ANSWERS = {"tag": accept, "lad": decline}
CHOOSE = noted("Vælg mindst én aftale")
CHANGED = noted(
    "Reglerne er skiftet, siden siden blev vist. Se ændringerne igen, og svar så. Intet er ændret"
)


def router(site: Site) -> APIRouter:
    """The list, and the answer for the agreements that are ticked."""
    routes, manages = APIRouter(prefix="/regler/nye"), site.visits(Action.MANAGE)

    @routes.get("")
    def show(visit: Visit = manages) -> HTMLResponse:
        return _page(visit)

    @routes.post("")
    def answer(
        do: Annotated[str, Form(pattern="^(tag|lad)$")], visit: Visit = manages,
        rules: Annotated[str, Form(max_length=64)] = "",
        agreement: Annotated[list[Annotated[str, Form(max_length=200)]] | None, Form()] = None,
        ground: Annotated[str, Form(max_length=2000)] = "",
    ) -> Response:  # fmt: skip
        chosen, place = agreement or [], visit.place
        if rules != place.rulebook.digest:
            return _page(visit, chosen, ground, refused=CHANGED, status=409)
        wrong = {} if chosen else {"agreement": f"{worded(CHOOSE)}."}
        if not ground.strip():
            wrong["ground"] = phrase("Skriv hvorfor, fx bestemmelsen om ikrafttræden eller overgang.")
        if wrong:
            return _page(visit, chosen, ground, wrong, status=422)
        try:
            ANSWERS[do](place.engine, place.rulebook, chosen, visit.visitor.name, ground, visit.at)
        except Invalid as error:
            return _page(visit, chosen, ground, {"ground": f"{stort(said_by(error))}."}, status=422)
        except (Conflict, NotFound, NotPossible) as error:
            return _page(visit, chosen, ground, refused=reason(said_by(error)), status=409)
        return RedirectResponse("/regler/nye?gemt=1", 303)

    return routes


def _page(
    visit: Visit, chosen: list[str] | None = None, ground: str = "", wrong: dict[str, str] | None = None, *,
    refused: str = "", status: int = 200,
) -> HTMLResponse:  # fmt: skip
    return visit.page(
        "law/newrules.html",
        status=status,
        waiting=pending(visit.place.engine, visit.rulebook, visit.today),
        digest=visit.rulebook.digest,
        saved="gemt" in visit.request.query_params,
        chosen=chosen,
        ground=ground,
        wrong=wrong or {},
        refused=refused,
    )
