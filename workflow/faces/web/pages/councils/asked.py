"""*Svar*: what awaits the answer of the council one is signed in for, with the form that the link in a mail leads to;
and the page where the secretariat withdraws such links."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from workflow.errors import Invalid
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.gate.visitor import Visitor
from workflow.faces.web.pages.councils.answers import (
    Minutes,
    council_case,
    question_page,
    take_answer,
    text_file,
    typed_answer,
)
from workflow.faces.web.pages.facts.refusing import beside
from workflow.faces.web.pages.site import Site, Visit
from workflow.mail.links import Ask
from workflow.services.councils import asking
from workflow.storage.facts.documents import MOST_BYTES

MOST = 20  # texts that are with the councils at once
ONE = "/svar/{region}/{label}/{version}/{council}"


def router(site: Site) -> APIRouter:
    """The list, one question, and the withdrawal of its links."""
    routes = APIRouter()
    answers, withdraws = site.visits(Action.REPORT), site.visits(Action.RECORD)

    def asked(region: str, label: str, version: int, council: str, visit: Visit = answers) -> tuple[Ask, str]:
        """What is asked of the council one answers for, and who does."""
        visit.visitor.require(Action.REPORT, region=region, body=council)
        return Ask(f"{region}/{label}", version, council), by(visit.visitor)

    def sent(
        region: str, label: str, version: int, council: str, visit: Visit = withdraws
    ) -> tuple[Visit, Ask]:
        """What the links ask that one may withdraw."""
        visit.visitor.require(Action.RECORD, region=region)
        return visit, Ask(f"{region}/{label}", version, council)

    @routes.get("/svar")
    def every(visit: Visit = answers) -> HTMLResponse:
        found = asking.questions(
            visit.place.engine, visit.rulebook, visit.regions(Action.REPORT), visit.lane(Action.REPORT), visit.today,
            by(visit.visitor), MOST,
        )  # fmt: skip
        waiting, others = [q for q in found if q.waits], [q for q in found if not q.waits]
        return visit.page("councils/asked.html", waiting=waiting, others=others)

    @routes.get(ONE)
    def show(request: Request, question: tuple[Ask, str] = Depends(asked)) -> Response:
        return question_page(site, request, *question)

    @routes.post(ONE, max_body_size=MOST_BYTES + 100_000)
    def answer(
        request: Request, question: tuple[Ask, str] = Depends(asked), typed: dict[str, str] = Depends(typed_answer),
        minutes: Minutes = None,
    ) -> Response:  # fmt: skip
        ask, person = question
        return take_answer(site, request, ask, typed, minutes, person)

    @routes.get(f"{ONE}/tekst")
    def text(question: tuple[Ask, str] = Depends(asked), fil: str = "") -> Response:
        ask, person = question
        return text_file(site, ask, fil, person)

    @routes.get(f"{ONE}/sag")
    def case(question: tuple[Ask, str] = Depends(asked)) -> Response:
        return council_case(site, *question)

    @routes.get(f"{ONE}/link")
    def look(links: tuple[Visit, Ask] = Depends(sent)) -> Response:
        return _links(*links)

    @routes.post(f"{ONE}/link")
    def withdraw(
        request: Request, links: tuple[Visit, Ask] = Depends(sent),
        why: Annotated[str, Form(max_length=2000)] = "",
    ) -> Response:  # fmt: skip
        visit, ask = links
        place = visit.place
        try:
            asking.withdraw_links(place.engine, place.rulebook, ask, why, visit.visitor.name, visit.at)
        except Invalid as error:
            return _links(visit, ask, {"why": beside(error)}, 422)
        return RedirectResponse(request.url.path, 303)

    return routes


def _links(visit: Visit, ask: Ask, wrong: dict[str, str] | None = None, status: int = 200) -> Response:
    asked = asking.question(visit.place.engine, visit.rulebook, ask, visit.today, visit.visitor.name)
    page = visit.page("councils/links.html", q=asked, wrong=wrong or {})
    page.status_code = status
    return page


def by(visitor: Visitor) -> str:
    """Who answers, as the receipt says it: the address, as with a link; the demo's guest has none."""
    return visitor.email or visitor.name
