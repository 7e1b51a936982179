"""One council's calendar as a form: a list is read, every day is shown, and what a person ticks is kept. Behind the
site's own page and behind the links of letters it is the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import File, Form, Response, UploadFile
from fastapi.responses import RedirectResponse

from workflow.errors import AftaleError, Conflict, Invalid
from workflow.faces.daemon.workplace import Workplace
from workflow.faces.web.pages.facts.refusing import beside
from workflow.faces.web.pages.facts.sealed import seal_for, unseal_for
from workflow.language import phrase
from workflow.rules.days import danish_day
from workflow.services.meetings.dropping import dropped
from workflow.services.meetings.keeping import (
    Imported,
    import_meetings,
    list_meetings,
    read_file,
    remove_meeting,
)
from workflow.services.meetings.reading.proposing import Proposed
from workflow.values import dataclass

MOST_BYTES = 2_000_000
MOST_FORM = MOST_BYTES + 200_000
Words = Annotated[str, Form(max_length=60_000)]
Line = Annotated[str, Form(max_length=500)]
Sealed = Annotated[str, Form(max_length=200_000)]
Ticked = Annotated[list[int], Form(max_length=500)]
Sheet = Annotated[UploadFile | None, File()]


@dataclass(frozen=True, slots=True)
class Keeper:
    """Who keeps which council's calendar, and where: ``account`` is what a proposal is sealed for, ``by`` who the
    journal says it was, ``path`` the address of the page. ``earliest``: the first day that may be changed, where there
    is such a bound."""

    place: Workplace
    body: str
    by: str
    account: str
    path: str
    at: datetime
    show: Callable[..., Response]
    keeps: bool
    earliest: date | None = None


def page(
    keeper: Keeper, *, typed: dict[str, str] | None = None, wrong: str = "", told: Imported | None = None,
    forslag: str = "", saved: str = "", status: int = 200,
) -> Response:  # fmt: skip
    """The council's known meetings and, for who may, the form; a proposal where one was made."""
    place = keeper.place
    code, name, meetings = list_meetings(place.engine, place.rulebook, keeper.body, gone=True)
    return keeper.show(
        code=code, council=name, meetings=meetings, keeps=keeper.keeps, typed=typed or {}, wrong=wrong, status=status,
        path=keeper.path, today=danish_day(keeper.at), told=told, forslag=forslag, saved=saved.isdecimal() and saved,
    )  # fmt: skip


def propose(keeper: Keeper, text: str, year: str, source: str, document: UploadFile | None) -> Response:
    """What the list says, day by day, to be ticked; nothing is kept."""
    place, typed = keeper.place, {"text": text, "year": year, "source": source}
    try:
        proposed = _read(keeper, text, year, document)
        _only(keeper, proposed)
        if not source.strip():
            raise Invalid(phrase("skriv, hvor mødedagene er offentliggjort"))
        proposed += dropped(place.engine, proposed, source, danish_day(keeper.at))
        told = import_meetings(
            place.engine, place.rulebook, proposed, source=source, by="", at=keeper.at, dry_run=True
        )
    except AftaleError as error:
        return page(keeper, typed=typed, wrong=beside(error), status=422)
    return page(keeper, typed=typed, told=told, forslag=_sealed(keeper, proposed, source))


def save(keeper: Keeper, forslag: str, ticked: list[int]) -> Response:
    """Keep the ticked days of a proposal."""
    proposed, source = _opened(keeper, forslag)
    chosen = [one for number, one in enumerate(proposed) if number in ticked]
    if not chosen:
        return page(keeper, wrong=phrase("Sæt mindst ét hak: der var ingen mødedage valgt."), status=422)
    try:
        for one in chosen:  # the proposal may be older than today
            _to_come(keeper, one.on)
    except Invalid as error:
        return page(keeper, wrong=beside(error), status=422)
    done = import_meetings(
        keeper.place.engine, keeper.place.rulebook, chosen, source=source, by=keeper.by, at=keeper.at, marked=True
    )  # fmt: skip
    return RedirectResponse(f"{keeper.path}?gemt={done.count('added') + done.count('changed')}", 303)


def remove(keeper: Keeper, on: str, organ: str, why: str) -> Response:
    """Take one meeting out, with why."""
    try:
        if not why.strip():
            raise Invalid(phrase("skriv, hvor det fremgår, at mødet ikke holdes"))
        day = date.fromisoformat(on)
        _to_come(keeper, day)
        remove_meeting(
            keeper.place.engine, keeper.place.rulebook, keeper.body, day, committee=organ, why=why, by=keeper.by,
            at=keeper.at,
        )  # fmt: skip
    except (Invalid, ValueError) as error:
        said = error if isinstance(error, Invalid) else Invalid(phrase("dagen kan ikke læses"))
        return page(keeper, wrong=beside(said), status=422)
    return RedirectResponse(keeper.path, 303)


def _read(keeper: Keeper, text: str, year: str, document: UploadFile | None) -> list[Proposed]:
    if year and not (year.isdecimal() and 2000 <= int(year) <= 2100):
        raise Invalid(phrase("%(year)s er ikke et år; skriv f.eks. 2027", year=repr(year)))
    rulebook, asked = keeper.place.rulebook, int(year) if year else None
    if document is not None and document.filename:
        content = document.file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise Invalid(phrase("filen er for stor; højst 2 MB"))
        today = danish_day(keeper.at)
        return read_file(rulebook, document.filename, content, body=keeper.body, year=asked, today=today)
    if not text.strip():
        raise Invalid(phrase("indsæt mødelisten, eller vælg en fil"))
    return read_file(rulebook, "tekst.txt", text.encode(), body=keeper.body, year=asked)


def _only(keeper: Keeper, proposed: list[Proposed]) -> None:
    if others := {one.body for one in proposed if one.body != keeper.body}:
        raise Invalid(
            phrase(
                "listen nævner også andre råd (%(councils)s); denne side gælder kun ét",
                councils=", ".join(sorted(others)),
            )
        )
    for one in proposed:
        _to_come(keeper, one.on)


def _to_come(keeper: Keeper, day: date) -> None:
    if keeper.earliest and day < keeper.earliest:
        raise Invalid(phrase("%(day)s er gået; gennem linket kan kun de dage ændres, der kommer", day=day))


def _sealed(keeper: Keeper, proposed: list[Proposed], source: str) -> str:
    rows: list[dict[str, Any]] = [
        asdict(one) | {"on": str(one.on), "agenda_closes": str(one.agenda_closes or "")} for one in proposed
    ]
    return seal_for(
        keeper.place.secret, keeper.account, f"moeder:{keeper.body}", {"rows": rows, "source": source}
    )


def _opened(keeper: Keeper, forslag: str) -> tuple[list[Proposed], str]:
    try:
        said = unseal_for(keeper.place.secret, keeper.account, f"moeder:{keeper.body}", forslag)
    except Invalid as error:
        raise Conflict(phrase("Forslaget er ikke fra denne side. Indsæt mødelisten igen.")) from error
    rows = [
        Proposed(
            **(row | {
                "on": date.fromisoformat(row["on"]),
                "agenda_closes": date.fromisoformat(row["agenda_closes"]) if row["agenda_closes"] else None,
            })
        )
        for row in said["rows"]
    ]  # fmt: skip
    return rows, str(said["source"])
