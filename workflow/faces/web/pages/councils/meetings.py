"""*Møder*: when each council meets. A list that is pasted or sent becomes proposals; a person ticks what is right, and
only that is kept. A council keeps its own calendar, a secretariat those of its region."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Response, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse

from workflow.errors import AftaleError, Conflict, Invalid, NotFound
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.facts.sealed import seal, unseal
from workflow.faces.web.pages.site import Site, Visit
from workflow.mail.writing.words import stort
from workflow.rules.agreement import Region
from workflow.services.meetings.keeping import (
    Imported,
    calendars,
    import_meetings,
    list_meetings,
    read_file,
    remove_meeting,
)
from workflow.services.meetings.naming import Names
from workflow.services.meetings.proposing import Proposed

MOST_BYTES = 2_000_000
Words = Annotated[str, Form(max_length=60_000)]
Line = Annotated[str, Form(max_length=500)]


@dataclass(frozen=True, slots=True)
class Calendar:
    """One council in the list: how many meetings are known in the year shown and in the next."""

    code: str
    name: str
    this_year: int
    next_year: int


def router(site: Site) -> APIRouter:
    """The routes of the calendars."""
    routes = APIRouter()
    reads, keeps = site.visits(Action.READ), site.visits(Action.KEEP_MEETINGS)

    @routes.get("/moeder")
    def every(visit: Visit = reads, region: str = "") -> HTMLResponse:
        visit.within(Action.READ, region)  # refuses one that is not there
        mine = visit.regions(Action.READ)
        shown = region or next(iter(mine), "")
        return visit.page(
            "meetings", regions=mine, region=shown, rows=_calendars(visit, shown) if shown else [],
            named=visit.rulebook.region(shown) if shown else None,
        )  # fmt: skip

    @routes.get("/moeder/{body}")
    def one(body: str, visit: Visit = reads, gemt: str = "") -> HTMLResponse:
        _must(visit, Action.READ, body)
        return _page(visit, body, saved=gemt)

    @routes.post("/moeder/{body}", max_body_size=MOST_BYTES + 200_000)
    def propose(
        body: str, visit: Visit = keeps, text: Words = "", year: Line = "", source: Line = "",
        document: Annotated[UploadFile | None, File()] = None,
    ) -> Response:  # fmt: skip
        _must(visit, Action.KEEP_MEETINGS, body)
        typed = {"text": text, "year": year, "source": source}
        try:
            proposed = _read(visit, body, text, year, document)
            _only(body, proposed)
            if not source.strip():
                raise Invalid("skriv, hvor mødedagene er offentliggjort")
            told = import_meetings(
                visit.place.engine, visit.rulebook, proposed, source=source, by="", today=visit.today, dry_run=True
            )  # fmt: skip
        except AftaleError as error:
            return _page(visit, body, typed=typed, wrong=f"{stort(str(error))}.", status=422)
        return _page(visit, body, typed=typed, told=told, sealed=_sealed(visit, body, proposed, source))

    @routes.post("/moeder/{body}/gem")
    def save(
        body: str, visit: Visit = keeps, forslag: Annotated[str, Form(max_length=200_000)] = "",
        dag: Annotated[list[int], Form(max_length=500)] = [],  # noqa: B006  FastAPI copies it
    ) -> Response:  # fmt: skip
        _must(visit, Action.KEEP_MEETINGS, body)
        proposed, source = _opened(visit, body, forslag)
        chosen = [one for number, one in enumerate(proposed) if number in dag]
        if not chosen:
            return _page(visit, body, wrong="Sæt mindst ét hak: der var ingen mødedage valgt.", status=422)
        done = import_meetings(
            visit.place.engine, visit.rulebook, chosen, source=source, by=visit.visitor.name, today=visit.today,
            marked=True,
        )  # fmt: skip
        return RedirectResponse(f"/moeder/{body}?gemt={done.count('added') + done.count('changed')}", 303)

    @routes.post("/moeder/{body}/fjern")
    def remove(body: str, visit: Visit = keeps, on: Line = "", organ: Line = "", why: Line = "") -> Response:
        _must(visit, Action.KEEP_MEETINGS, body)
        try:
            if not why.strip():
                raise Invalid("skriv, hvor det fremgår, at mødet ikke holdes")
            day = date.fromisoformat(on)
            remove_meeting(
                visit.place.engine, visit.rulebook, body, day, committee=organ, why=why, today=visit.today
            )
        except (Invalid, ValueError) as error:
            said = str(error) if isinstance(error, Invalid) else "dagen kan ikke læses"
            return _page(visit, body, wrong=f"{stort(said)}.", status=422)
        return RedirectResponse(f"/moeder/{body}", 303)

    return routes


def _must(visit: Visit, action: Action, body: str) -> None:
    """:class:`NotFound` for a council that is not there or out of reach."""
    regions = Names(visit.rulebook).regions(body)
    if not any(visit.visitor.sees(action, region=region, body=body) for region in regions):
        raise NotFound("Siden findes ikke, eller du har ikke adgang til den.")


def _page(
    visit: Visit, body: str, *, typed: dict[str, str] | None = None, wrong: str = "", told: Imported | None = None,
    sealed: str = "", saved: str = "", status: int = 200,
) -> HTMLResponse:  # fmt: skip
    code, name, meetings = list_meetings(visit.place.engine, visit.rulebook, body, gone=True)
    regions = Names(visit.rulebook).regions(code)
    keeps = any(visit.visitor.sees(Action.KEEP_MEETINGS, region=region, body=code) for region in regions)
    return visit.page(
        "meetings-one", status=status, code=code, council=name, meetings=meetings, keeps=keeps, typed=typed or {},
        wrong=wrong, told=told, forslag=sealed, saved=saved.isdecimal() and saved,
    )  # fmt: skip


def _read(visit: Visit, body: str, text: str, year: str, document: UploadFile | None) -> list[Proposed]:
    if year and not (year.isdecimal() and 2000 <= int(year) <= 2100):
        raise Invalid(f"{year!r} er ikke et år; skriv f.eks. 2027")
    asked = int(year) if year else None
    if document is not None and document.filename:
        content = document.file.read(MOST_BYTES + 1)
        if len(content) > MOST_BYTES:
            raise Invalid("filen er for stor; højst 2 MB")
        return read_file(visit.rulebook, document.filename, content, body=body, year=asked)
    if not text.strip():
        raise Invalid("indsæt mødelisten, eller vælg en fil")
    return read_file(visit.rulebook, "tekst.txt", text.encode(), body=body, year=asked)


def _only(body: str, proposed: list[Proposed]) -> None:
    if others := {one.body for one in proposed if one.body != body}:
        raise Invalid(f"listen nævner også andre råd ({', '.join(sorted(others))}); denne side gælder kun ét")


def _calendars(visit: Visit, region: str) -> list[Calendar]:
    place: Region = visit.rulebook.region(region)
    parties = visit.rulebook.parties(place.id, visit.today)
    years = (visit.today.year, visit.today.year + 1)
    known = calendars(visit.place.engine, [party.code for party in parties], years)
    return [Calendar(p.code, p.name, known[p.code, years[0]], known[p.code, years[1]]) for p in parties]


def _sealed(visit: Visit, body: str, proposed: list[Proposed], source: str) -> str:
    rows: list[dict[str, Any]] = [
        asdict(one) | {"on": str(one.on), "agenda_closes": str(one.agenda_closes or "")} for one in proposed
    ]
    return seal(visit, f"moeder:{body}", {"rows": rows, "source": source})


def _opened(visit: Visit, body: str, forslag: str) -> tuple[list[Proposed], str]:
    try:
        said = unseal(visit, f"moeder:{body}", forslag)
    except Invalid as error:
        raise Conflict("Forslaget er ikke fra denne side. Indsæt mødelisten igen.") from error
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
