"""*Indberetning*: what a council reported, and the secretariat's two buttons: verify it with evidence, or say why
not."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, File, Form, Response, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse

from workflow.errors import Conflict, Invalid, NotFound, NotPossible
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.facts.attaching import attachment
from workflow.faces.web.pages.facts.refusing import because, beside
from workflow.faces.web.pages.papers.download import download
from workflow.faces.web.pages.site import Site, Visit
from workflow.language import phrase
from workflow.services.councils import settling
from workflow.services.councils.settling import Waiting
from workflow.storage.database import reading
from workflow.storage.facts import documents
from workflow.storage.facts.documents import MOST_BYTES

Words = Annotated[str, Form(max_length=2000)]
_LARGEST = 2**31


def router(site: Site) -> APIRouter:
    """The routes of one report, by its number."""
    routes, verifies = APIRouter(prefix="/indberetninger/{number}"), site.visits(Action.VERIFY)

    @routes.get("")
    def show(number: int, visit: Visit = verifies) -> HTMLResponse:
        return _page(visit, _find(visit, number))

    @routes.post("", max_body_size=MOST_BYTES + 100_000)
    def end(
        number: int, do: Annotated[str, Form(pattern="^(bekraeft|afvis)$")], visit: Visit = verifies,
        source: Words = "", why: Words = "", document: Annotated[UploadFile | None, File()] = None,
    ) -> Response:  # fmt: skip
        found, place, by, wrong = _find(visit, number), visit.place, visit.visitor.name, dict[str, str]()
        typed = {"source": source, "why": why}
        attached = attachment(place, document, wrong)
        if wrong:
            return _page(visit, found, typed, wrong, status=422)
        try:
            if do == "bekraeft":
                settling.verify(
                    place.engine, place.rulebook, number, source, by, at=visit.at, link=place.settings.base_url,
                    attached=attached, address=visit.visitor.email,
                )  # fmt: skip
            else:
                settling.turn_down(
                    place.engine, place.rulebook, number, why, by, at=visit.at, link=place.settings.base_url
                )
        except Invalid as error:
            wrong = {"source" if do == "bekraeft" else "why": beside(error)}
            return _page(visit, found, typed, wrong, status=422)
        except (Conflict, NotPossible) as error:
            return _page(visit, _find(visit, number), typed, refused=because(error), status=409)
        return RedirectResponse(f"/indberetninger/{number}", 303)

    @routes.get("/udskrift")
    def minutes(number: int, visit: Visit = verifies) -> Response:
        found = _find(visit, number)
        with reading(visit.place.engine) as session:
            kept = documents.read(session, found.report.minutes)
            name = documents.called(kept, found.report.minutes_name)
            return download(kept.content, name, "application/octet-stream")

    return routes


def _find(visit: Visit, number: int) -> Waiting:
    if not 0 < number < _LARGEST:
        raise NotFound(phrase("indberetningen findes ikke"))
    found = settling.find_report(visit.place.engine, visit.rulebook, number, visit.today)
    visit.visitor.require(Action.VERIFY, region=found.region)
    return found


def _page(
    visit: Visit, found: Waiting, typed: dict[str, str] | None = None, wrong: dict[str, str] | None = None, *,
    refused: str = "", status: int = 200,
) -> HTMLResponse:  # fmt: skip
    return visit.page(
        "councils/report.html",
        status=status,
        standing=found.standing,
        report=found.report,
        typed=typed or {},
        wrong=wrong or {},
        refused=refused,
    )
