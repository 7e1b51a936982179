"""*Åbn en runde*: an agreement opened from a form, from its first day or in the middle, or from a round's file. Shown
before it is saved: the dates that arise, what is recorded, which letters wait for a person and which go."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, File, Form, Response, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse

from workflow.errors import Conflict, Invalid, NotFound, NotPossible, Refused
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.facts.attaching import uploaded
from workflow.faces.web.pages.facts.record import UNUSED
from workflow.faces.web.pages.facts.sealed import seal, unseal
from workflow.faces.web.pages.rounds.openform import LABELS, NAMES, foreign, periods, read_opening
from workflow.faces.web.pages.site import Site, Visit
from workflow.faces.web.pages.words import reason
from workflow.mail.writing.words import stort
from workflow.services.due.dates import dated
from workflow.services.people.contacts.reach import unreachable
from workflow.services.rounds.importing import import_entries, in_danish
from workflow.services.rounds.roundfile import AgreementEntry, parse_round
from workflow.services.rounds.roundreport import RoundReport
from workflow.storage.database import reading, writing
from workflow.storage.facts import documents, journal
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Deviation

Text = Annotated[str, Form(max_length=4000)]
MOST_FILE = 1_000_000
PURPOSE = "aabn"


def router(site: Site) -> APIRouter:
    """The routes that open a round."""
    routes, records = APIRouter(prefix="/aftaler/ny"), site.visits(Action.RECORD)

    @routes.get("")
    def show(visit: Visit = records, region: str = "") -> HTMLResponse:
        mine = visit.regions(Action.RECORD)
        typed = dict.fromkeys(NAMES, "")
        typed["region"] = region if region in mine else mine[0] if len(mine) == 1 else ""
        return _page(visit, typed)

    @routes.post("", max_body_size=MOST_FILE + 100_000)
    def review(
        visit: Visit = records, region: Text = "", period: Text = "", label: Text = "", effective: Text = "",
        last: Text = "", last_source: Text = "", source: Text = "", municipality: Text = "", drafted: Text = "",
        sent: Text = "", reply: Text = "", sent_source: Text = "",
        fil: Annotated[UploadFile | None, File()] = None,
    ) -> Response:  # fmt: skip
        texts = (region, period, label, effective, last, last_source, source, municipality, drafted, sent, reply,
                 sent_source)  # fmt: skip
        typed = dict(zip(NAMES, texts, strict=True))
        if fil is not None and fil.filename:
            return _review_file(visit, typed, fil)
        visit.within(Action.RECORD, region)  # refuses one that is not there
        entry, wrong = read_opening(typed, visit.rulebook, visit.today)
        if entry is None:
            return _page(visit, typed, wrong, status=422)
        if _there(visit, entry.key):
            taken = {"label": "En aftale med det navn er åbnet i regionen. Vælg et andet."}
            return _page(visit, typed, taken, status=409)
        try:
            report = _import(visit, [entry], "", fresh=True, dry_run=True)
        except (Conflict, NotPossible, Invalid, NotFound) as error:
            return _page(visit, typed, refused=_said(error), status=409)
        return _preview(visit, report, {"typed": typed})

    @routes.post("/gem")
    def save(
        forslag: Annotated[str, Form(max_length=60_000)], visit: Visit = records, ret: Text = ""
    ) -> Response:
        said = unseal(visit, PURPOSE, forslag)
        typed: dict[str, str] = said.get("typed") or dict.fromkeys(NAMES, "")
        if ret:
            return _page(visit, typed)
        try:
            if "file" in said:
                entries, fresh = _kept(visit, said["file"], said["name"]), False
            else:
                entry, wrong = read_opening(typed, visit.rulebook, visit.today)
                if entry is None:
                    return _page(visit, typed, wrong, status=409)
                entries, fresh = [entry], True
            _reached(visit, entries)
            _import(visit, entries, said.get("name", ""), fresh=fresh)
        except (Conflict, NotPossible, Invalid) as error:
            return _page(visit, typed, refused=_said(error), status=409)
        only = entries[0].key if len(entries) == 1 else ""
        return RedirectResponse(f"/aftaler/{only}?aabnet=1" if only else "/aftaler", 303)

    return routes


def _there(visit: Visit, key: str) -> bool:
    try:
        with reading(visit.place.engine) as session:
            journal.find(session, key)
    except NotFound:
        return False
    return True


def _import(
    visit: Visit, entries: list[AgreementEntry], name: str, *, fresh: bool = False, dry_run: bool = False
) -> RoundReport:
    return import_entries(
        visit.place.engine, visit.rulebook, entries, name, today=visit.today, at=visit.at, by=visit.visitor.name,
        dry_run=dry_run, fresh=fresh,
    )  # fmt: skip


def _said(error: Refused) -> str:
    """Why it cannot be, without the place in a file that a form has not."""
    cause = error.__cause__
    alone = isinstance(cause, Refused) and str(error).startswith(":")
    return stort(reason(str(cause) if alone else in_danish(error)))


def _review_file(visit: Visit, typed: dict[str, str], upload: UploadFile) -> HTMLResponse:
    wrong: dict[str, str] = {}
    attached = uploaded(upload, wrong, "document")
    if attached and len(attached.content) > MOST_FILE:
        wrong["document"] = "Filen er for stor; højst 1 MB."
    if wrong or attached is None:
        return _page(visit, typed, {"fil": wrong.get("document", "Vælg en fil.")}, status=422)
    try:
        entries = parse_round(attached.name, attached.content)
        _reached(visit, entries)
        report = _import(visit, entries, attached.name, dry_run=True)
    except (Conflict, NotPossible, Invalid, NotFound) as error:
        return _page(visit, typed, {"fil": in_danish(error)}, status=422)
    with writing(visit.place.engine) as session:
        documents.forget_unused(session, visit.at - UNUSED)
        digest = documents.keep(session, attached, visit.at)
    return _preview(visit, report, {"file": digest, "name": attached.name})


def _reached(visit: Visit, entries: list[AgreementEntry]) -> None:
    if far := foreign(entries, visit.regions(Action.RECORD)):
        raise Invalid(f"du kan ikke registrere for {', '.join(far)}; tag den ud af filen")


def _kept(visit: Visit, digest: str, name: str) -> list[AgreementEntry]:
    """The file that was shown; it is kept a day for its preview."""
    try:
        with reading(visit.place.engine) as session:
            return parse_round(name, documents.read(session, digest).content)
    except NotFound as error:
        raise Invalid("filen er ikke gemt længere; vælg den igen") from error


def _preview(visit: Visit, report: RoundReport, proposal: dict[str, Any]) -> HTMLResponse:
    new = {key: report.standings[key] for key in report.opened}
    deviations = [one for standing in new.values() for one in _departures(visit, standing)]
    return visit.page(
        "rounds/open-preview.html",
        report=report,
        new={key: (standing, dated(standing, standing.rules)) for key, standing in new.items()},
        waiting=[one for one in report.letters if one.history],
        going=[one for one in report.letters if not one.history],
        nowhere=unreachable(visit.place.engine, [one.recipient for one in report.letters], visit.today),
        deviations=deviations,
        file_name=proposal.get("name", ""),
        forslag=seal(visit, PURPOSE, proposal),
    )


def _departures(visit: Visit, standing: Standing) -> list[Deviation]:
    """The authority's departures from the term's date that the agreement does not hold yet."""
    agreement = standing.agreement
    if not agreement.regime.cite("deviation") or standing.course.noted["deviation"]:
        return []
    known = visit.rulebook.deviations
    return [one for one in known if one.term == agreement.term.label and agreement.region in one.regions]


def _page(
    visit: Visit,
    typed: dict[str, str],
    wrong: dict[str, str] | None = None,
    *,
    refused: str = "",
    status: int = 200,
) -> HTMLResponse:
    mine = visit.regions(Action.RECORD)
    return visit.page(
        "rounds/open.html",
        status=status,
        typed=typed,
        wrong=wrong or {},
        refused=refused,
        labels=LABELS,
        regions=[one for one in visit.rulebook.regions if one.id in mine],
        periods=periods(visit.rulebook),
    )
