"""*Regler*: the regimes and their rules, the closed days, the obligations, and when each was last checked."""

from __future__ import annotations

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse

from workflow.errors import Invalid
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.gate.visitor import Visitor, may
from workflow.faces.web.pages.site import Site
from workflow.services.regimes import find_regime, regime_json


def router(site: Site) -> APIRouter:
    """The routes of the law."""
    routes = APIRouter(prefix="/regler")

    @routes.get("")
    def rules(request: Request, visitor: Visitor = Depends(may(Action.READ_RULES))) -> HTMLResponse:
        visit = site.visit(request, visitor)
        regimes = [regime_json(regime) for regime in visit.rulebook.law.regimes]
        return visit.page("rules", regimes=regimes[::-1], sources=visit.rulebook.obligations.sources)

    @routes.get("/lukkedage")
    def closed(
        request: Request, visitor: Visitor = Depends(may(Action.READ_RULES)), aar: int | None = None
    ) -> HTMLResponse:
        visit = site.visit(request, visitor)
        year = visit.today.year if aar is None else aar
        if not 2005 <= year <= 2100:
            raise Invalid("aar skal være mellem 2005 og 2100")
        falls = [(day.falls_on(year), day) for day in visit.rulebook.law.closed]
        days = sorted(((on, day) for on, day in falls if on), key=lambda pair: pair[0])
        return visit.page("closed", year=year, days=days)

    @routes.get("/pligter")
    def duties(request: Request, visitor: Visitor = Depends(may(Action.READ_RULES))) -> HTMLResponse:
        visit = site.visit(request, visitor)
        return visit.page("duties", obligations=visit.rulebook.obligations)

    @routes.get("/{regime}")
    def regime(
        request: Request, regime: str, visitor: Visitor = Depends(may(Action.READ_RULES))
    ) -> HTMLResponse:
        visit = site.visit(request, visitor)
        found = find_regime(visit.rulebook, regime)
        cited = {cite for rule in found.deadlines for cite in rule.cite} | set(found.provisions.values())
        quotations = [quotation for quotation in visit.rulebook.quotations if quotation.cite in cited]
        return visit.page("regime", regime=regime_json(found), quotations=quotations)

    return routes
