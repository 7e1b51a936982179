"""*Sager til rådene*: each council's case as a document for Word, all of them at once, and whether one still holds."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from workflow.errors import Invalid, NotFound, NotPossible
from workflow.faces.daemon.workplace import Workplace, templates
from workflow.faces.web.gate.pace import Pace, client_of
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.facts.refusing import beside
from workflow.faces.web.pages.papers.download import download
from workflow.faces.web.pages.rounds.shown import Shown, showing
from workflow.faces.web.pages.site import Site, Visit
from workflow.rules.days import danish_day
from workflow.services.councils.asking import Question
from workflow.services.papers import casetext
from workflow.services.papers.cases import Asked, Case, ask, find_cases, zipped
from workflow.services.papers.docx import KIND

Words = Annotated[str, Form(max_length=100_000)]


def router(site: Site) -> APIRouter:
    """The cases of one agreement, the words they are made with, and the question about a number."""
    ours(site.place())  # words that cannot be read stop the start
    routes, reads = APIRouter(), showing(site, Action.READ)
    sets = site.visits(Action.SETTINGS)
    prefix, asking = "/aftaler/{region}/{label}", Pace(30, seconds=60)

    @routes.get(f"{prefix}/sager")
    def every(shown: Shown = reads) -> HTMLResponse:
        try:
            cases, not_yet = cases_of(shown.visit.place, shown), ""
        except NotPossible as error:
            cases, not_yet = [], str(error)
        current, sent = shown.standing.course.current, shown.standing.story.named("sent-for-approval")
        line = next((one.no for one in reversed(sent) if current and (one.version or 1) == current.number), 0)
        return shown.page("papers/cases.html", cases=cases, not_yet=not_yet, line=line)

    @routes.get(f"{prefix}/sager.zip")
    def all_of_them(shown: Shown = reads) -> Response:
        agreement = shown.standing.agreement
        name = f"sager-{agreement.region}-{agreement.label}.zip"
        return download(zipped(cases_of(shown.visit.place, shown)), name, "application/zip")

    @routes.get(f"{prefix}/sager/{{council}}.docx")
    def one(council: str, shown: Shown = reads) -> Response:
        return case_file(cases_of(shown.visit.place, shown, council))

    @routes.get("/dokument")
    def asked(request: Request, nr: str = "") -> Response:
        """Whether a document still holds: whoever has it in hand may ask, since its number opens nothing else."""
        found, wrong = None, ""
        if nr:
            asking.take(client_of(request), site.clock())
            try:
                found = _asked(site, nr)
            except (Invalid, NotFound) as error:
                wrong = beside(error)
        status = 422 if wrong else 200
        return site.sheets.page(
            request, "papers/case-asked.html", status=status, found=found, wrong=wrong, nr=nr[:60]
        )

    @routes.get("/indstillinger/sager")
    def words(visit: Visit = sets, region: str = "", gemt: str = "") -> HTMLResponse:
        return _words(visit, visit.one_region(Action.SETTINGS, region), saved=bool(gemt))

    @routes.post("/indstillinger/sager")
    def save(visit: Visit = sets, region: str = "", text: Words = "", back: str = Form("")) -> Response:
        chosen = visit.one_region(Action.SETTINGS, region)
        said = "" if back else text
        try:
            casetext.set_wording(
                visit.place.engine, visit.rulebook, chosen, said, visit.visitor.name, visit.at
            )
        except Invalid as error:
            return _words(visit, chosen, typed=text, wrong=beside(error), status=422)
        return RedirectResponse(f"/indstillinger/sager?region={chosen}&gemt=1", 303)

    return routes


def ours(place: Workplace) -> str:
    """The words that come with the program, or with the operator's own templates."""
    return casetext.ours(templates(place.settings))


def cases_of(place: Workplace, shown: Shown, council: str = "") -> list[Case]:
    """The agreement's cases as they are today, or one council's."""
    return find_cases(place.engine, shown.standing, ours(place), place.secret, council)


def case_about(place: Workplace, asked: Question) -> Case | None:
    """The council's case about the very version it is asked about; ``None`` where there is none."""
    current = asked.standing.course.current
    if current is None or current.number != asked.version.number:
        return None
    default = ours(place)
    try:
        [case] = find_cases(place.engine, asked.standing, default, place.secret, asked.council.code)
    except NotPossible:
        return None
    return case


def case_file(cases: list[Case]) -> Response:
    """One case as a file."""
    [case] = cases
    return download(case.word, case.name, KIND)


def _asked(site: Site, number: str) -> Asked:
    place = site.place()
    keys = [place.secret, *(key for key, _ in place.keys.ended)]
    return ask(place.engine, place.rulebook, ours(place), keys, number, danish_day(site.clock()))


def _words(
    visit: Visit,
    region: str,
    *,
    typed: str | None = None,
    wrong: str = "",
    saved: bool = False,
    status: int = 200,
) -> HTMLResponse:
    default = ours(visit.place)
    text, acts = casetext.find_wording(visit.place.engine, visit.rulebook, region, default)
    return visit.page(
        "papers/case-text.html",
        status=status, region=region, regions=visit.regions(Action.SETTINGS), own=text != default,
        text=text if typed is None else typed, wrong={"text": wrong} if wrong else {}, saved=saved, acts=acts,
        fields=casetext.FIELDS, parts=casetext.PARTS,
    )  # fmt: skip
