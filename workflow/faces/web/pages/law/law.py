"""*Regler*: the regimes and their rules, the closed days, the obligations, and when each was last checked."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from workflow.errors import Invalid
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.site import Site, Visit
from workflow.language import phrase
from workflow.services.facts.ends import ends_confirmed, waiting_end
from workflow.services.facts.regimes import find_regime, regime_json
from workflow.services.law.unsigned import unquoted_of
from workflow.services.views.readings import questions
from workflow.services.views.status import workable


def router(site: Site) -> APIRouter:
    """The routes of the law."""
    routes = APIRouter(prefix="/regler")
    reads = site.visits(Action.READ_RULES)

    @routes.get("")
    def rules(visit: Visit = reads) -> HTMLResponse:
        regimes = [regime_json(regime.as_known(visit.as_of)) for regime in visit.rulebook.law.regimes]
        confirmed = ends_confirmed(visit.place.engine, visit.rulebook, visit.as_of)
        sources = visit.rulebook.obligations.sources
        return visit.page("law/rules.html", regimes=regimes[::-1], confirmed=confirmed, sources=sources)

    @routes.get("/lukkedage")
    def closed(visit: Visit = reads, aar: int | None = None) -> HTMLResponse:
        year = visit.today.year if aar is None else aar
        if not 2005 <= year <= 2100:
            raise Invalid(phrase("aar skal være mellem 2005 og 2100"))
        falls = [(day.falls_on(year), day) for day in visit.rulebook.law.closed]
        days = sorted(((on, day) for on, day in falls if on), key=lambda pair: pair[0])
        return visit.page("law/closed.html", year=year, days=days)

    @routes.get("/pligter")
    def duties(visit: Visit = reads) -> HTMLResponse:
        return visit.page("law/duties.html", obligations=visit.rulebook.obligations)

    @routes.get("/laesninger")
    def readings(visit: Visit = reads) -> HTMLResponse:
        standings, _ = workable(visit.place.engine, visit.rulebook, visit.as_of)
        mine = [one for one in standings if visit.may(Action.READ, one.agreement.region)]
        signed = "underskrevet" in visit.request.query_params
        return visit.page("law/readings.html", questions=questions(visit.rulebook, mine), signed=signed)

    @routes.get("/{regime}")
    def regime(regime: str, visit: Visit = reads) -> HTMLResponse:
        found = find_regime(visit.rulebook, regime)
        cited = {cite for rule in found.deadlines for cite in rule.cite} | set(found.provisions.values())
        quotations = [quotation for quotation in visit.rulebook.quotations if quotation.cite in cited]
        return visit.page(
            "law/regime.html",
            regime=regime_json(found.as_known(visit.as_of)),
            quotations=quotations,
            unquoted=unquoted_of(visit.rulebook, found),
            confirmed=ends_confirmed(visit.place.engine, visit.rulebook, visit.as_of).get(regime, []),
            proposed=waiting_end(visit.place.engine, regime),
        )

    return routes
