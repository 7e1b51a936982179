"""*Modtaget*: what Sundhedsstyrelsen was sent, for Sundhedsstyrelsen; the regions may see what it sees."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request, Response
from fastapi.responses import HTMLResponse

from workflow.errors import NotFound
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.gate.visitor import Visitor, may
from workflow.faces.web.pages.agreement import download, standing_of
from workflow.faces.web.pages.site import Site, Visit
from workflow.services.received import Sending, sendings, submitted_agreements
from workflow.storage import documents
from workflow.storage.database import reading
from workflow.storage.projection import Standing

PAGE = 50


def router(site: Site) -> APIRouter:
    """The list, one agreement, and a file that came with a sending."""
    routes = APIRouter(prefix="/modtaget")

    @routes.get("")
    def received(
        request: Request, visitor: Visitor = Depends(may(Action.READ_RECEIVED)), efter: str = ""
    ) -> HTMLResponse:
        visit = site.visit(request, visitor)
        region, _, label = efter.partition("/")
        regions = visitor.regions(Action.READ_RECEIVED)
        found = submitted_agreements(visit.place.engine, regions, (region, label), PAGE + 1)
        more = found[PAGE - 1].key if len(found) > PAGE else ""
        return visit.page("received", found=found[:PAGE], more=more)

    @routes.get("/{region}/{label}")
    def one(
        request: Request, region: str, label: str, visitor: Visitor = Depends(may(Action.READ_RECEIVED))
    ) -> HTMLResponse:
        standing, sent = _find(site.visit(request, visitor), region, label)
        return site.visit(request, visitor).page("received-one", standing=standing, sent=sent)

    @routes.get("/{region}/{label}/dokumenter/{digest}")
    def document(
        request: Request,
        region: str,
        label: str,
        digest: str,
        visitor: Visitor = Depends(may(Action.READ_RECEIVED)),
    ) -> Response:
        visit = site.visit(request, visitor)
        _, sent = _find(visit, region, label)
        if not digest or digest not in {sending.document for sending in sent}:
            raise NotFound("dokumentet er ikke sendt")
        with reading(visit.place.engine) as session:
            kept = documents.read(session, digest)
        return download(kept.content, kept.name, "application/octet-stream")

    return routes


def _find(visit: Visit, region: str, label: str) -> tuple[Standing, list[Sending]]:
    _, standing = standing_of(visit, region, label, Action.READ_RECEIVED)
    sent = sendings(standing)
    if not sent:
        raise NotFound("intet er sendt")
    return standing, sent
