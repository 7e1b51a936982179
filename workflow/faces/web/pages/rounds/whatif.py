"""*Hvad nu hvis*: a named deviation tried on one agreement, beside today; a person may keep it as what happened."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from workflow.ahead.branches import Branch
from workflow.errors import Conflict, Invalid, NotPossible
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.facts.refusing import because
from workflow.faces.web.pages.rounds.shown import Shown, showing
from workflow.faces.web.pages.site import Site
from workflow.language import gettext as _
from workflow.language import noted
from workflow.mail.writing.words import clean
from workflow.services.lookahead import comparing
from workflow.services.lookahead.branching import branch_off, find_branch
from workflow.services.lookahead.keeping import fingerprint, keep_branch
from workflow.services.lookahead.telling import council_word


def router(site: Site) -> APIRouter:
    """The routes of the named deviations."""
    routes = APIRouter(prefix="/aftaler/{region}/{label}/hvad-nu-hvis")

    @routes.get("")
    def whatif(
        shown: Shown = showing(site, Action.READ, back=True), gren: str = "", gemt: str = ""
    ) -> HTMLResponse:
        rulebook = shown.visit.rulebook
        kept = find_branch(rulebook, gemt) if gemt and _just_kept(shown) else None
        return _page(shown, find_branch(rulebook, gren) if gren else None, kept=kept)

    @routes.post("/gem")
    def keep(
        shown: Shown = showing(site, Action.RECORD),
        gren: Annotated[str, Form(max_length=80)] = "",
        vist: Annotated[str, Form(max_length=64)] = "",
        kilde: Annotated[str, Form(max_length=2000)] = "",
    ) -> Response:
        visit, key, branch = (
            shown.visit,
            shown.standing.agreement.key,
            find_branch(shown.visit.rulebook, gren),
        )
        if not clean(kilde):
            wrong = {"kilde": _("Skriv kilden: hvor det kan læses, at det er sket.")}
            return _page(shown, branch, wrong=wrong, status=422)
        try:
            keep_branch(
                visit.place.engine, visit.rulebook, key, branch, source=clean(kilde), by=visit.visitor.name,
                today=visit.today, at=visit.at, seen=vist or "-",
            )  # fmt: skip
        except (Conflict, NotPossible, Invalid) as error:
            status = 422 if isinstance(error, Invalid) else 409
            return _page(shown, branch, unkept=because(error), source=kilde, status=status)
        return RedirectResponse(f"/aftaler/{key}/hvad-nu-hvis?gemt={branch.id}#gemt", 303)

    return routes


def _just_kept(shown: Shown) -> bool:
    """Whether this visitor may keep a branch and has recorded something of the agreement today: an address alone proves
    nothing."""
    visit, standing = shown.visit, shown.standing
    mine = visit.visitor.name
    return visit.may(Action.RECORD, standing.agreement.region) and (
        any(one.by == mine and one.entered_on == visit.today for one in standing.facts)
        or any(one.read_on == visit.today for one in standing.meetings)
    )


def _page(
    shown: Shown, branch: Branch | None, *, kept: Branch | None = None, wrong: dict[str, str] | None = None,
    unkept: str = "", source: str = "", status: int = 200,
) -> HTMLResponse:  # fmt: skip
    visit, key = shown.visit, shown.standing.agreement.key
    always = {"branch": branch, "kept": kept, "wrong": wrong or {}, "unkept": unkept, "source": source}
    if branch is None:
        return shown.page("rounds/whatif.html", status=status, found=None, refused="", **always)
    try:
        found = branch_off(visit.place.engine, visit.rulebook, key, branch, visit.as_of)
    except (NotPossible, Invalid) as error:
        return shown.page("rounds/whatif.html", status=status, found=None, refused=because(error), **always)
    tight, lane = visit.rulebook.gaps.tight, visit.lane(Action.READ_LETTERS)
    letters = [one for one in found.letters if not lane or one.recipient.partition("/")[0] == lane]
    return shown.page(
        "rounds/whatif.html",
        status=status, found=found, refused="", **always, letters=letters, inner=not lane, word=council_word,
        dates=comparing.dates(found),
        states=comparing.states(found), councils=comparing.councils(found), fingerprint=fingerprint(found),
        sides=[(word, comparing.coloured(side, tight)) for word, side in
               ((noted("I dag"), found.before), (noted("Grenen"), found.after))],
    )  # fmt: skip
