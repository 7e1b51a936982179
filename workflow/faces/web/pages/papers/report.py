"""*Månedsrapport*: what happened in a month, what comes and who is missing; as a page, as PDF and for Word."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.papers.download import download
from workflow.faces.web.pages.papers.sheet import NO_PDF, printer
from workflow.faces.web.pages.rounds.log import sees_notes
from workflow.faces.web.pages.rounds.shown import Shown, showing
from workflow.faces.web.pages.site import Site
from workflow.faces.web.pages.words import plain_day, sentence
from workflow.language import gettext as _
from workflow.language import month_in_words, spoken_now, worded
from workflow.rules.words import capital
from workflow.services.desk.monthly import Month, month_of, monthly, months_until
from workflow.services.papers.docx import KIND, Block, docx
from workflow.services.views.status import find_standing


def router(site: Site) -> APIRouter:
    """The report, and its two files."""
    routes, reads = APIRouter(prefix="/aftaler/{region}/{label}"), showing(site, Action.READ)

    @routes.get("/maanedsrapport")
    def page(shown: Shown = reads, maaned: str = "") -> HTMLResponse:
        return _page(shown, maaned)

    @routes.get("/maanedsrapport.pdf")
    def pdf(request: Request, shown: Shown = reads, maaned: str = "") -> Response:
        to_pdf = printer()
        if to_pdf is None:
            told = {"heading": _("Rapporten kan ikke hentes som PDF"), "sentence": worded(NO_PDF)}
            return site.sheets.page(request, "frame/fejl.html", shown.visit.visitor, status=404, **told)
        printed = to_pdf(bytes(_page(shown, maaned).body).decode(), site.sheets.style)
        return download(printed, f"{_name(shown, maaned)}.pdf", "application/pdf")

    @routes.get("/maanedsrapport.docx")
    def word(shown: Shown = reads, maaned: str = "") -> Response:
        month, then = _month(shown, maaned)
        return download(
            docx(_blocks(shown, month, sentence(then)), language=spoken_now()),
            f"{_name(shown, maaned)}.docx",
            KIND,
        )

    return routes


def _name(shown: Shown, maaned: str) -> str:
    first, _ = month_of(maaned, shown.visit.today)
    return f"maanedsrapport-{shown.row.region}-{shown.row.label}-{first:%Y-%m}"


def _month(shown: Shown, maaned: str) -> tuple[Month, Any]:
    visit, standing = shown.visit, shown.standing
    first, last = month_of(maaned, visit.today)
    then = standing
    if last < visit.today:
        then = find_standing(visit.place.engine, visit.rulebook, standing.agreement.key, last)
    letters = sees_notes(visit, shown.row.region)
    return monthly(visit.place.engine, standing, then, first, last, letters), then


def _page(shown: Shown, maaned: str) -> HTMLResponse:
    month, then = _month(shown, maaned)
    months = [(f"{one:%Y-%m}", month_in_words(one)) for one in months_until(shown.visit.today)]
    return shown.page(
        "papers/monthly.html", month=month, standing=then, months=months, pdf=printer() is not None,
        chosen=f"{month.first:%Y-%m}",
    )  # fmt: skip


def _blocks(shown: Shown, month: Month, said: str) -> list[Block]:
    """The page's words, for Word."""
    visit, agreement = shown.visit, shown.standing.agreement
    words, who = agreement.regime.words.now, agreement.regime.committee
    told = _("Til %(committee)s. Som det står %(day)s.") % {
        "committee": worded(who),
        "day": plain_day(month.day),
    }
    blocks: list[Block] = [
        (
            "title",
            f"{capital(words.document.definite)} {agreement.region_name} {agreement.label}: {month.name}",
        ),
        ("text", f"{told} {said}."),
        ("heading", _("Det skete")),
    ]
    if month.done:
        rows = [(plain_day(one.on), worded(one.what), one.who, one.source) for one in month.done]
        blocks.append(("table", (_("Dag"), _("Hvad"), _("Hvem"), _("Kilde")), rows))
    else:
        blocks.append(("text", _("Intet er registreret for måneden.")))
    if month.letters:
        sent = [(worded(letter), str(count)) for letter, count in month.letters]
        blocks += [("heading", _("Breve sendt")), ("table", (_("Brev"), _("Antal")), sent)]
    blocks.append(("heading", _("Det kommer")))
    dates = [
        (
            plain_day(one.legal_on),
            worded(one.title),
            visit.name_of(one.who, agreement.regime.id),
            _("overskredet") if late else "",
        )
        for late, some in ((True, month.overdue), (False, month.coming))
        for one in some
        if one.legal_on
    ]
    if dates:
        blocks.append(("table", (_("Dag"), _("Hvad"), _("Hvem"), _("Tilstand")), dates))
    else:
        blocks.append(("text", _("Ingen dato falder i de næste 90 dage.")))
    blocks.append(("heading", _("Hvem der mangler at svare")))
    if month.missing:
        owed = [(one.who, worded(one.what), plain_day(one.by), plain_day(one.meets)) for one in month.missing]
        blocks.append(("table", (_("Råd"), _("Hvad"), _("Senest"), _("Mødet")), owed))
    else:
        blocks.append(("text", _("Ingen råd mangler at svare.")))
    return blocks
