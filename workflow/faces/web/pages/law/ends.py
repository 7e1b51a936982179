"""*Reglernes ophør*: an administrator confirms the day with the clause, sees the letters first, another confirms
it too, and either takes it back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Form, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from workflow.errors import Conflict, Invalid, NotFound, NotPossible, Unworkable
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.facts.fields import a_day
from workflow.faces.web.pages.site import Site, Visit
from workflow.faces.web.pages.words import reason
from workflow.language import noted, phrase, said_by
from workflow.services.facts.agreements import Recorded
from workflow.services.facts.ends import (
    SHORTEST,
    administrators,
    ends_confirmed,
    retract_end,
    second_end,
    settle_end,
    waiting_end,
)
from workflow.services.facts.foretelling import Foretold
from workflow.services.facts.regimes import find_regime, regime_json
from workflow.services.law.telling import Effect, effects, foretold, seal

Word = Annotated[str, Form(max_length=2000)]
Seal = Annotated[str, Form(max_length=64)]
REFUSED = (Conflict, NotFound, NotPossible, Invalid, Unworkable)
CHANGED = noted(
    "Det, der sker, er et andet end det, siden viste. Se det igen, og bekræft så. Intet er ændret"
)


def router(site: Site) -> APIRouter:
    """The page of one regime's end and its three acts."""
    routes, manages = APIRouter(prefix="/regler/{regime}/ophoer"), site.visits(Action.MANAGE)

    @routes.get("")
    def show(regime: str, visit: Visit = manages) -> HTMLResponse:
        return _page(visit, regime)

    @routes.post("")
    def confirm(
        regime: str, visit: Visit = manages, ends: Word = "", source: Word = "", quote: Word = "", vist: Seal = ""
    ) -> Response:  # fmt: skip
        typed, wrong = {"ends": ends, "source": source, "quote": quote}, dict[str, str]()
        day = a_day(typed, "ends", True, wrong)
        if not source.strip():
            wrong["source"] = phrase("Skriv, hvor dagen er læst, fx »Lov 719/2025 § 24, stk. 2«.")
        if len(quote.strip()) < SHORTEST:
            wrong["quote"] = phrase(
                "Skriv bestemmelsen ordret: sætningen, der ophæver reglerne eller sætter dagen."
            )
        if wrong or day is None:
            return _page(visit, regime, typed, wrong, status=422)
        asked: dict[str, Any] = {
            "regime": regime, "ends": day, "source": source, "quote": quote, "by": _who(visit),
            **_now(visit),
        }  # fmt: skip
        try:
            _, tried = settle_end(**asked, dry_run=True)
            told = effects(visit.place.engine, tried, visit.today)
            shown = seal((regime, str(day), source, quote), told)
            if vist != shown:
                return _page(visit, regime, typed, told=told, shown=shown, refused=CHANGED if vist else "")
            settle_end(**asked)
        except REFUSED as error:
            return _page(visit, regime, typed, refused=reason(said_by(error)), status=409)
        return RedirectResponse(f"/regler/{regime}/ophoer?gemt=1", 303)

    @routes.post("/ogsaa")
    def confirm_too(regime: str, visit: Visit = manages, vist: Seal = "") -> Response:
        try:
            told = _proposed(visit, regime)
            if vist != seal((regime,), told):
                return _page(visit, regime, refused=CHANGED, status=409)
            second_end(regime=regime, by=_who(visit), **_now(visit))
        except REFUSED as error:
            return _page(visit, regime, refused=reason(said_by(error)), status=409)
        return RedirectResponse(f"/regler/{regime}/ophoer?gemt=1", 303)

    @routes.post("/tilbage")
    def retract(regime: str, visit: Visit = manages, why: Word = "", vist: Seal = "") -> Response:
        typed, wrong = {"why": why}, dict[str, str]()
        if not why.strip():
            wrong["why"] = phrase("Skriv, hvorfor dagen var forkert. Det står i journalen og i brevene.")
            return _page(visit, regime, typed, wrong, status=422)
        asked: dict[str, Any] = {"regime": regime, "reason": why, "by": visit.visitor.name, **_now(visit)}
        try:
            tried = retract_end(**asked, dry_run=True)
            told = foretold(visit.place.engine, visit.rulebook, tried, visit.today)
            shown = seal((regime, why), told)
            if vist != shown:
                refused = CHANGED if vist else ""
                return _page(visit, regime, typed, back=told, shown=shown, refused=refused)
            retract_end(**asked)
        except REFUSED as error:
            return _page(visit, regime, typed, refused=reason(said_by(error)), status=409)
        return RedirectResponse(f"/regler/{regime}/ophoer?tilbage=1", 303)

    return routes


def _now(visit: Visit) -> dict[str, Any]:
    place = visit.place
    return {"engine": place.engine, "rulebook": place.rulebook, "today": visit.today, "at": visit.at}


def _who(visit: Visit) -> str:
    """Who acts: by address where administrators must be told apart, else by name, as the journal keeps it."""
    several = len(administrators(visit.place.engine, visit.today)) > 1
    return visit.visitor.email if several and visit.visitor.email else visit.visitor.name


def _proposed(visit: Visit, regime: str) -> list[Effect]:
    tried: list[Recorded] = second_end(regime=regime, by="", dry_run=True, **_now(visit))
    return effects(visit.place.engine, tried, visit.today)


def _page(
    visit: Visit, regime: str, typed: dict[str, str] | None = None, wrong: dict[str, str] | None = None, *,
    told: Sequence[Effect] = (), back: Sequence[Foretold] | None = None, shown: str = "", refused: str = "",
    status: int = 200,
) -> HTMLResponse:  # fmt: skip
    engine, found = visit.place.engine, find_regime(visit.rulebook, regime)
    proposed = waiting_end(engine, regime)
    waiting: list[Effect] = []
    if proposed:
        try:
            waiting = _proposed(visit, regime)
        except REFUSED as error:
            refused = refused or reason(said_by(error))
    return visit.page(
        "law/ends.html",
        status=status,
        regime=regime_json(found.as_known(visit.today)),
        confirmed=ends_confirmed(engine, visit.rulebook, visit.today).get(regime, []),
        proposed=proposed,
        waiting=waiting,
        waiting_seal=seal((regime,), waiting),
        several=len(administrators(engine, visit.today)) > 1,
        typed=typed or {},
        wrong=wrong or {},
        told=told,
        back=back,
        shown=shown,
        refused=refused,
        saved="gemt" in visit.request.query_params,
        taken_back="tilbage" in visit.request.query_params,
    )
