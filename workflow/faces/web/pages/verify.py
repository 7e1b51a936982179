"""*Indberetning*: what a council reported, and the secretariat's two buttons: verify it with evidence, or say why
not."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request, Response, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse

from workflow.errors import Conflict, Invalid, NotFound, NotPossible
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.gate.visitor import Visitor, may
from workflow.faces.web.pages.record import attachment
from workflow.faces.web.pages.site import Site, Visit
from workflow.faces.web.pages.words import reason
from workflow.services import settling
from workflow.services.settling import Waiting
from workflow.storage.documents import MOST_BYTES

Words = Annotated[str, Form(max_length=2000)]
VERIFIES = Depends(may(Action.VERIFY))
_LARGEST = 2**31


def router(site: Site) -> APIRouter:
    """The routes of one report, by its number."""
    routes = APIRouter(prefix="/indberetninger/{number}")

    @routes.get("")
    def show(request: Request, number: int, visitor: Visitor = VERIFIES) -> HTMLResponse:
        visit = site.visit(request, visitor)
        return _page(visit, _find(visit, number))

    @routes.post("", max_body_size=MOST_BYTES + 100_000)
    def end(
        request: Request, number: int, do: Annotated[str, Form(pattern="^(bekraeft|afvis)$")],
        visitor: Visitor = VERIFIES, source: Words = "", why: Words = "",
        document: Annotated[UploadFile | None, File()] = None,
    ) -> Response:  # fmt: skip
        visit = site.visit(request, visitor)
        found, place, wrong = _find(visit, number), visit.place, dict[str, str]()
        typed = {"source": source, "why": why}
        attached = attachment(document, wrong)
        if wrong:
            return _page(visit, found, typed, wrong, status=422)
        try:
            if do == "bekraeft":
                settling.verify(
                    place.engine, place.rulebook, number, source, visitor.name, at=visit.at, attached=attached
                )
            else:
                settling.turn_down(
                    place.engine, place.rulebook, number, why, visitor.name, at=visit.at,
                    link=place.settings.base_url,
                )  # fmt: skip
        except Invalid as error:
            said = f"{str(error)[:1].upper()}{str(error)[1:]}."
            wrong = {"source" if do == "bekraeft" else "why": said}
            return _page(visit, found, typed, wrong, status=422)
        except (Conflict, NotPossible) as error:
            return _page(visit, _find(visit, number), typed, refused=reason(str(error)), status=409)
        return RedirectResponse(f"/indberetninger/{number}", 303)

    return routes


def _find(visit: Visit, number: int) -> Waiting:
    if not 0 < number < _LARGEST:
        raise NotFound("indberetningen findes ikke")
    found = settling.find_report(visit.place.engine, visit.rulebook, number, visit.today)
    visit.visitor.require(Action.VERIFY, region=found.region)
    return found


def _page(
    visit: Visit, found: Waiting, typed: dict[str, str] | None = None, wrong: dict[str, str] | None = None, *,
    refused: str = "", status: int = 200,
) -> HTMLResponse:  # fmt: skip
    page = visit.page(
        "report",
        standing=found.standing,
        report=found.report,
        typed=typed or {},
        wrong=wrong or {},
        refused=refused,
    )
    page.status_code = status
    return page
