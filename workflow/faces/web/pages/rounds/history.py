"""*Breve om fortiden*: the letters that wait for a person's word, and the three answers, for some or for all."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from workflow.errors import Conflict, Invalid, NotFound, NotPossible
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.facts.fields import a_day
from workflow.faces.web.pages.facts.refusing import because
from workflow.faces.web.pages.rounds.shown import Shown, showing
from workflow.faces.web.pages.site import Site
from workflow.services.hands.promised import let_go, promised
from workflow.services.people.contacts.reach import unreachable
from workflow.services.planning.answering import Answer, answer, unanswered

Word = Annotated[str, Form(max_length=2000)]
_LARGEST = 2**31


def router(site: Site) -> APIRouter:
    """The routes of one agreement's letters about the past."""
    routes, records = APIRouter(prefix="/aftaler/{region}/{label}/fortid"), showing(site, Action.RECORD)

    @routes.get("")
    def show(shown: Shown = records, besvaret: str = "") -> HTMLResponse:
        return _page(shown, answered=bool(besvaret))

    @routes.post("")
    def end(
        svar: Annotated[str, Form(pattern="^(told|send|drop)$")] = "send", shown: Shown = records, on: Word = "",
        source: Word = "", why: Word = "", alle: Word = "", brev: Annotated[list[int] | None, Form()] = None,
    ) -> Response:  # fmt: skip
        visit, key, wrong = shown.visit, shown.standing.agreement.key, dict[str, str]()
        typed = {"svar": svar, "on": on, "source": source, "why": why, "alle": alle, "brev": brev or []}
        if not alle and not brev:
            wrong["alle"] = "Sæt kryds ved de breve, du svarer for, eller vælg dem alle."
        if any(not 0 < number < _LARGEST for number in brev or []):
            raise NotFound("brevet findes ikke")
        day = a_day({"on": on}, "on", True, wrong) if svar == "told" else None
        if day and day > visit.today:
            wrong["on"] = "Dagen er ikke kommet endnu."
        if svar == "told" and not source.strip():
            wrong["source"] = "Skriv, hvor det kan ses, at brevene er sendt."
        if svar == "drop" and not why.strip():
            wrong["why"] = "Skriv, hvorfor brevene ikke skal sendes."
        if wrong:
            return _page(shown, typed, wrong, status=422)
        said = Answer("told", visit.visitor.name, source, day)
        if svar != "told":
            said = Answer(
                "send" if svar == "send" else "drop", visit.visitor.name, why if svar == "drop" else ""
            )
        try:
            answer(
                visit.place.engine, visit.rulebook, said, numbers=() if alle else brev or [], agreement=key,
                regions=[shown.row.region], at=visit.at, link=visit.place.settings.base_url,
                send_hour=visit.place.settings.send_hour,
            )  # fmt: skip
        except (Conflict, NotPossible, Invalid, NotFound) as error:
            return _page(shown, typed, refused=because(error), status=409)
        return RedirectResponse(f"/aftaler/{key}/fortid?besvaret=1", 303)

    return routes


def _page(
    shown: Shown, typed: dict[str, Any] | None = None, wrong: dict[str, str] | None = None, *, refused: str = "",
    answered: bool = False, status: int = 200,
) -> HTMLResponse:  # fmt: skip
    key = shown.standing.agreement.key
    visit, engine = shown.visit, shown.visit.place.engine
    waiting = [notice for _, notice in unanswered(engine, agreement=key)]
    goes = promised(engine, let_go(engine, shown.row.id or 0), visit.at) if answered else ""
    return shown.page(
        "rounds/history.html",
        status=status, letters=waiting, typed=typed or {}, wrong=wrong or {}, refused=refused,
        answered=answered, goes=goes, nowhere=unreachable(engine, [one.recipient for one in waiting], visit.today),
    )  # fmt: skip
