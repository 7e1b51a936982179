"""*Statusark*: one page for the committee's agenda, to print, and as PDF where the extra ``pdf`` is installed."""

from __future__ import annotations

import logging
import re
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from threading import BoundedSemaphore

from fastapi import APIRouter, HTTPException, Request, Response
from fastapi.responses import HTMLResponse

from workflow.faces.web.gate.policy import Action
from workflow.faces.web.pages.papers.download import download
from workflow.faces.web.pages.rounds.agreement import missing_of
from workflow.faces.web.pages.rounds.shown import Shown, showing
from workflow.faces.web.pages.site import Site
from workflow.language import gettext as _
from workflow.language import phrase, worded
from workflow.rules.timeline import Deadline
from workflow.services.due.dates import dated, next_date
from workflow.services.due.minimums import year_over

MOST_DONE, MOST_OPEN, MOST_ALIKE = 2, 6, 3  # deadlines on the one printed page, and of one kind
AT_ONCE, PATIENCE = (
    2,
    5.0,
)  # PDFs made side by side, and seconds one waits: each takes a processor for a second
BUSY = phrase("Der laves andre PDF-filer lige nu. Vent lidt, og prøv igen.")
NO_PDF = phrase("Serveren er installeret uden tilvalget aftalefrist[pdf]. Siden kan udskrives i stedet.")
KEPT = 32  # PDFs remembered: what is the same for the next who asks is not drawn again
# what our stylesheet leaves out of every print, and what differs between those who ask for the same sheet
_UNPRINTED = re.compile(
    r'<(nav)\b.*?</\1>|<(a|p|form|details|ul) class="(?:skip|strip|find|who|asof|links|pager)".*?</\2>',
    re.DOTALL,
)
NOWHERE = "https://aftalefrist.invalid/"  # what a page that is printed calls its own address
Printer = Callable[[str, str], bytes]


def router(site: Site) -> APIRouter:
    """The page, and the page as PDF."""
    routes, reads = APIRouter(prefix="/aftaler/{region}/{label}"), showing(site, Action.READ, back=True)

    @routes.get("/statusark")
    def sheet(shown: Shown = reads) -> HTMLResponse:
        return _page(shown)

    @routes.get("/statusark.pdf")
    def pdf(request: Request, shown: Shown = reads) -> Response:
        visit, to_pdf = shown.visit, printer()
        if to_pdf is None:
            told = {"heading": _("Statusarket kan ikke hentes som PDF"), "sentence": worded(NO_PDF)}
            return site.sheets.page(request, "frame/fejl.html", visit.visitor, status=404, **told)
        printed = to_pdf(bytes(_page(shown).body).decode(), site.sheets.style)
        name = f"statusark-{shown.row.region}-{shown.row.label}-{visit.as_of}.pdf"
        return download(printed, name, "application/pdf")

    return routes


def _page(shown: Shown) -> HTMLResponse:
    standing = shown.standing
    printed, more = fitting(dated(standing, standing.rules))
    return shown.page(
        "papers/sheet.html",
        next=next_date(standing, standing.rules),
        missing=missing_of(shown),
        shown=printed,
        more=more,
        pdf=printer() is not None,
    )


def fitting(dates: Sequence[Deadline]) -> tuple[list[Deadline], int]:
    """What fits one page, and how many open dates do not: what is open or waited for, whatever it rests on, of one
    kind (a day of each council) the first few, and the last that were met."""
    with_day = [one for one in dates if one.legal_on]
    still = [one for one in with_day if one.open or (one.status == "passed" and not year_over(one))]
    done = [one for one in with_day if one not in still]
    alike = Counter[str]()
    fits = [one for one in still if alike.update([one.id]) is None and alike[one.id] <= MOST_ALIKE][
        :MOST_OPEN
    ]
    return [*done[-MOST_DONE:], *fits], len(still) - len(fits)


@cache
def printer() -> Printer | None:
    """What makes a tagged PDF of a page and our stylesheet, and can fetch nothing else; ``None`` where the extra or
    the system's libraries are missing. Found out once, since the import takes half a second."""
    try:
        from weasyprint import HTML
        from weasyprint.urls import URLFetcher, URLFetcherResponse
    except (ImportError, OSError):  # OSError: Pango is not there
        return None
    logging.getLogger("weasyprint").setLevel(
        logging.ERROR
    )  # it tells of every property that is for screens alone

    class OnlyOurStyle(URLFetcher):  # type: ignore[misc]  # it has no types
        """Opens nothing: it knows one address and has the answer."""

        def __init__(self, style: str) -> None:
            super().__init__(allowed_protocols=())
            self.style = style

        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            if url != f"{NOWHERE}style.css":
                raise ValueError("a page that is printed fetches nothing")
            return URLFetcherResponse(url, self.style, {"Content-Type": "text/css"})

    room = BoundedSemaphore(AT_ONCE)

    @lru_cache(KEPT)
    def drawn(page: str, style: str) -> bytes:
        if not room.acquire(timeout=PATIENCE):
            raise HTTPException(429, BUSY, {"Retry-After": "10"})
        try:
            made = HTML(string=page, base_url=NOWHERE, url_fetcher=OnlyOurStyle(style))
            return bytes(made.write_pdf(pdf_variant="pdf/ua-1"))
        finally:
            room.release()

    return lambda page, style: drawn(_UNPRINTED.sub("", page), style)
