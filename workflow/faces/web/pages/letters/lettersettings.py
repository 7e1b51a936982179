"""*Brevenes indstillinger*: each kind of letter on or off, its days, a paragraph of the region's own; shown first."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from fastapi import APIRouter, Form, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from workflow.errors import Conflict, NotPossible
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.site import Site, Visit
from workflow.faces.web.pages.words import reason
from workflow.language import ngettext, noted, phrase, said_by, said_each, worded
from workflow.rules.ladder import LetterRule
from workflow.services.people.contacts.mailboxes import WrongFields
from workflow.services.planning.choosing import (
    Change,
    choose,
    chosen,
    differences,
    history_of,
    letter_of,
    read_choice,
    seen,
    undo,
)

Word = Annotated[str, Form(max_length=2000)]
Region = Annotated[str, Form(max_length=40)]
LABELS = {"before": noted("Dage før"), "after": noted("Dage efter"), "own": noted("Eget afsnit")}


def router(site: Site) -> APIRouter:
    """The list, one letter's form with what it changes, and the undoing."""
    routes, sets = APIRouter(prefix="/indstillinger"), site.visits(Action.SETTINGS)

    @routes.get("")
    def show(visit: Visit = sets, region: str = "", gemt: str = "") -> HTMLResponse:
        return _all(visit, visit.one_region(Action.SETTINGS, region), saved=bool(gemt))

    @routes.post("/fortryd")
    def put_back(visit: Visit = sets, region: Region = "") -> Response:
        where = visit.one_region(Action.SETTINGS, region)
        try:
            undo(visit.place.engine, visit.rulebook, where, visit.visitor.signature, visit.at)
        except NotPossible as error:
            return _all(visit, where, refused=reason(said_by(error)), status=409)
        return RedirectResponse(f"/indstillinger?region={where}&gemt=1", 303)

    @routes.get("/breve/{letter}")
    def one(letter: str, visit: Visit = sets, region: str = "") -> HTMLResponse:
        return _one(visit, visit.one_region(Action.SETTINGS, region), letter)

    @routes.post("/breve/{letter}")
    def save(
        letter: str, visit: Visit = sets, region: Region = "", on: Word = "", before: Word = "", after: Word = "",
        own: Word = "", was: Word = "", vist: Word = "",
    ) -> Response:  # fmt: skip
        where, rule = visit.one_region(Action.SETTINGS, region), letter_of(visit.rulebook, letter)
        typed = {"on": on, "before": before, "after": after, "own": own}
        engine, rules = visit.place.engine, visit.rulebook
        try:
            choice = read_choice(rule, typed)
        except WrongFields as error:
            return _one(visit, where, letter, typed, wrong=error.wrong, status=422)
        said = chosen(engine, rules, where)
        new = {key: value for key, value in said.items() if key != letter} | (
            {letter: choice} if choice else {}
        )
        shown = seen(new)
        if vist != shown:  # what was typed since is shown before it is kept
            changes = differences(engine, rules, where, new, visit.today)
            return _one(visit, where, letter, typed, changes=changes, shown=shown)
        try:
            choose(engine, rules, where, letter, choice, visit.visitor.signature, visit.at, was)
        except Conflict as error:
            return _one(visit, where, letter, refused=reason(said_by(error)), status=409)
        return RedirectResponse(f"/indstillinger?region={where}&gemt=1", 303)

    return routes


def _all(
    visit: Visit, region: str, *, saved: bool = False, refused: str = "", status: int = 200
) -> HTMLResponse:
    said = chosen(visit.place.engine, visit.rulebook, region)
    kinds = [
        (letter, said.get(letter.name, {}), _in_words(letter, said.get(letter.name, {})))
        for letter in visit.rulebook.letters
    ]
    return visit.page(
        "letters/lettersettings.html",
        status=status, region=region, regions=visit.regions(Action.SETTINGS), saved=saved,
        refused=refused,
        free=[one for one in kinds if one[0].optional], bound=[one for one in kinds if not one[0].optional],
        history=history_of(visit.place.engine, region), called=visit.titles,
    )  # fmt: skip


def _one(
    visit: Visit, region: str, name: str, typed: Mapping[str, str] | None = None, *,
    wrong: Mapping[str, str] | None = None, changes: list[Change] | None = None, shown: str = "", refused: str = "",
    status: int = 200,
) -> HTMLResponse:  # fmt: skip
    letter = letter_of(visit.rulebook, name)
    said = chosen(visit.place.engine, visit.rulebook, region)
    return visit.page(
        "letters/lettersettings-one.html",
        status=status, region=region, letter=letter, was=seen(said), wrong=wrong or {},
        typed=typed or _typed(letter, said.get(name, {})), usual=_typed(letter, {}), labels=said_each(LABELS),
        changes=changes, shown=shown, refused=refused,
    )  # fmt: skip


def _typed(letter: LetterRule, said: Mapping[str, Any]) -> dict[str, str]:
    """The fields of a letter's form as they stand."""
    at = said.get("at") or letter.at
    return {
        "on": "" if said.get("off") else "1",
        "before": ", ".join(str(-day) for day in at if day <= 0),
        "after": ", ".join(str(day) for day in at if day > 0),
        "own": said.get("own", ""),
    }


def _in_words(letter: LetterRule, said: Mapping[str, Any]) -> str:
    """When it goes, as a sentence's end."""
    if said.get("off"):
        return worded(noted("Slået fra"))
    at = said.get("at") or letter.at
    before, after = [-day for day in at if day < 0], [day for day in at if day > 0]
    parts = (
        [_counted(before, ngettext("%(days)s dag før", "%(days)s dage før", before[-1]))] if before else []
    )
    parts += [worded(phrase("på dagen"))] if 0 in at else []
    parts += (
        [_counted(after, ngettext("%(days)s dag efter", "%(days)s dage efter", after[-1]))] if after else []
    )
    return "; ".join(parts) if at else worded(noted("Når det sker"))


def _counted(days: list[int], said: str) -> str:
    return said % {"days": ", ".join(str(day) for day in days)}
