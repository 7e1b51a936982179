"""*Modtaget*: what the authority was sent, for the authority; the regions may see what it sees."""

from __future__ import annotations

from fastapi import APIRouter, Response
from fastapi.responses import HTMLResponse

from workflow.errors import NotFound
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.papers.download import download
from workflow.faces.web.pages.rounds.lists import folded
from workflow.faces.web.pages.rounds.shown import Shown, showing
from workflow.faces.web.pages.site import Site, Visit
from workflow.language import phrase
from workflow.services.views import lookback
from workflow.services.views.received import Sending, sendings, submitted_agreements
from workflow.storage.database import reading
from workflow.storage.facts import documents

PAGE = 50


def router(site: Site) -> APIRouter:
    """The list, one agreement, and a file that came with a sending."""
    routes = APIRouter(prefix="/modtaget")
    reads = showing(site, Action.READ_RECEIVED)

    @routes.get("")
    def received(
        visit: Visit = site.visits(Action.READ_RECEIVED, back=True), efter: str = ""
    ) -> HTMLResponse:
        if visit.as_of != visit.today:
            then, more = folded(visit, Action.READ_RECEIVED, "", efter)
            listed = [lookback.listed_agreement(one) for one in then if one.course.concluded]
            return visit.page("councils/received.html", found=listed, more=more)
        region, _, label = efter.partition("/")
        regions = visit.visitor.regions(Action.READ_RECEIVED)
        found = submitted_agreements(visit.place.engine, regions, (region, label), PAGE + 1)
        more = found[PAGE - 1].key if len(found) > PAGE else ""
        return visit.page("councils/received.html", found=found[:PAGE], more=more)

    @routes.get("/{region}/{label}")
    def one(shown: Shown = showing(site, Action.READ_RECEIVED, back=True)) -> HTMLResponse:
        return shown.page("councils/received-one.html", sent=_sent(shown))

    @routes.get("/{region}/{label}/dokumenter/{digest}")
    def document(digest: str, shown: Shown = reads) -> Response:
        sent = next((one for one in _sent(shown) if digest and one.document == digest), None)
        if sent is None:
            raise NotFound(phrase("dokumentet er ikke sendt"))
        with reading(shown.visit.place.engine) as session:
            kept = documents.read(session, digest)
        return download(kept.content, documents.called(kept, sent.name), "application/octet-stream")

    return routes


def _sent(shown: Shown) -> list[Sending]:
    sent = sendings(shown.standing)
    if not sent:
        raise NotFound(phrase("intet er sendt"))
    return sent
