"""How the site says no: a Danish page for people, ``application/problem+json`` for programs. One table for both.

What is not there and what is not yours to see get the same answer, to the letter.
"""

from __future__ import annotations

import re
from urllib.parse import quote

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.routing import iter_route_contexts
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.responses import PlainTextResponse, RedirectResponse
from starlette.routing import compile_path

from workflow.errors import AftaleError, NotFound, Refused, Unworkable
from workflow.faces.daemon.outage import Outage
from workflow.faces.web.gate.trail import visitor_of
from workflow.faces.web.problems import is_api, problem, status_of
from workflow.faces.web.sheets import Sheets
from workflow.language import gettext as _
from workflow.language import noted, said_by, speaking, wanted, worded
from workflow.services.people.firstcode import nobody

# status -> heading, and the sentence below it
WORDS = {
    400: (
        noted("Forespørgslen kan ikke læses"),
        noted("Adressen eller formularen er ikke skrevet, som den skal være."),
    ),
    401: (noted("Log ind"), noted("Du skal være logget ind. Log ind, og prøv igen.")),
    403: (
        noted("Det kan ikke gøres herfra"),
        noted("Formularen er for gammel eller kom ikke herfra. Intet er ændret."),
    ),
    404: (noted("Siden findes ikke"), noted("Siden findes ikke, eller du har ikke adgang til den.")),
    405: (noted("Det kan man ikke her"), noted("Siden kan ikke bruges på den måde. Intet er ændret.")),
    409: (noted("Det er ikke muligt nu"), noted("Intet er ændret.")),
    413: (
        noted("Det er for stort"),
        noted("Det, der blev sendt, er større, end siden tager imod. Intet er ændret."),
    ),
    422: (noted("Noget er ikke udfyldt rigtigt"), noted("Ret det, og prøv igen. Intet er ændret.")),
    429: (noted("For mange forsøg"), noted("Vent lidt, og prøv igen.")),
    500: (noted("Siden kan ikke vises lige nu"), noted("Fejlen står i dæmonens log.")),
    503: (
        noted("Siden kan ikke vises lige nu"),
        noted("Prøv igen om lidt. Bliver det ved, så skriv til dem, der driver siden."),
    ),
}
TOLD = noted("Driften er underrettet. Prøv igen senere.")  # said only where a channel took the alarm
FROM_A_MAIL = re.compile("/(svar|kvitter)/[^/]*")
NOBODY_YET = "/opsaetning/kode"  # where a site that nobody can sign in to begins
CUT_LINK = noted(
    "Linket fører ikke til noget. Det kan være gået over to linjer i mailen: Kopiér hele linket, og prøv igen. "
    "Hjælper det ikke, så skriv til sekretariatet; adressen står i mailen."
)
FIELDS = {  # what a reader calls the fields that a request may get wrong
    "access": noted("adgangen"),
    "due": noted("datoen"),
    "email": noted("mailadressen"),
    "fil": noted("filen"),
    "forslag": noted("forslaget"),
    "label": noted("navnet"),
    "name": noted("navnet"),
    "number": noted("nummeret"),
    "on": noted("dagen"),
    "raad": noted("rådet"),
    "region": noted("regionen"),
    "remark": noted("bemærkningen"),
    "source": noted("kilden"),
    "text": noted("teksten"),
    "until": noted("den sidste dag"),
    "why": noted("grunden"),
}
_OWN_WORDS = (400, 403, 409, 422, 429)  # where the error itself says it better than the table


class Errors:
    """The answers to errors, with ``sheets`` to write them on. ``outage`` knows whether the operator was told."""

    def __init__(self, sheets: Sheets, outage: Outage | None = None) -> None:
        self.sheets, self.outage = sheets, outage

    def add_to(self, app: FastAPI) -> None:
        """Answer every error of the house and of the framework."""
        for kind in (AftaleError, HTTPException, RequestValidationError):
            app.add_exception_handler(kind, self.answer)

    def answer(self, request: Request, error: Exception) -> Response:
        """The answer to ``error``; a page that wants a visitor leads to the sign-in and back."""
        if isinstance(error, NotFound):
            error = NotFound(WORDS[404][1])
        if isinstance(error, HTTPException) and error.status_code == 405:
            error = HTTPException(405, error.detail, {"Allow": _allowed(request)})
        if is_api(request):
            return _problem(request, error)
        status, said = _of(error)
        if status == 401 and request.method == "GET":
            if nobody(request.app.state.gate.place().engine):
                return RedirectResponse(NOBODY_YET, 303)
            return RedirectResponse(f"/log-ind?next={quote(_asked(request), safe='')}", 303)
        headers = dict(getattr(error, "headers", None) or {})
        return self._page(request, status, said, headers)

    def plain(self, request: Request, status: int) -> Response:
        """The answer where nothing else can be relied on: no page, no database."""
        if is_api(request):
            return _problem(request, HTTPException(status))
        heading, sentence = self._words(status)
        return PlainTextResponse(f"{heading}. {sentence}", status)

    def _words(self, status: int) -> tuple[str, str]:
        heading, sentence = WORDS.get(status, WORDS[400])
        told = status in (500, 503) and self.outage is not None and self.outage.told
        return heading, TOLD if told else sentence

    def _page(self, request: Request, status: int, said: str, headers: dict[str, str]) -> Response:
        heading, sentence = self._words(status)
        if status == 404 and FROM_A_MAIL.fullmatch(request.url.path):
            said = CUT_LINK
        try:
            page = self.sheets.page(
                request,
                "frame/fejl.html",
                visitor_of(request),  # the gate has been asked, where it was
                status=status,
                heading=worded(heading),
                sentence=worded(said or sentence),
            )
        except DBAPIError:
            return self.plain(request, status)
        page.headers.update(headers)
        return page


def _of(error: Exception) -> tuple[int, str]:
    if isinstance(error, AftaleError):
        return status_of(error), _explained(error)
    if isinstance(error, RequestValidationError):
        names = dict.fromkeys(
            worded(FIELDS.get(str(one["loc"][-1]), noted("et felt"))) for one in error.errors()
        )
        return 422, _("Ret dette, og prøv igen: %(fields)s. Intet er ændret.") % {"fields": ", ".join(names)}
    assert isinstance(error, HTTPException)
    return error.status_code, str(error.detail) if error.status_code in _OWN_WORDS else ""


def _explained(error: AftaleError) -> str:
    """What a visitor is told of an error of the house; nothing of the operator's files and settings."""
    if isinstance(error, Unworkable):
        said = _("Aftalen %(key)s kan ikke regnes efter: %(why)s. Sekretariatet kan rette det.")
        return said % {"key": error.where, "why": error.in_danish}
    return said_by(error) if isinstance(error, Refused) else ""


def _allowed(request: Request) -> str:
    """Every method of the address; the framework names those of its first route only."""
    routes = iter_route_contexts(request.app.routes)
    found = [one.methods or () for one in routes if compile_path(str(one.path))[0].match(request.url.path)]
    return ", ".join(sorted({method for methods in found for method in methods}))


def _asked(request: Request) -> str:
    """The path and query that were asked for, to come back to."""
    return request.url.path + (f"?{request.url.query}" if request.url.query else "")


def _problem(request: Request, error: Exception) -> Response:
    """A program's data is Danish; what went wrong is for people, in the language that the program asks for."""
    with speaking(wanted(request.headers.get("Accept-Language", ""))):
        return problem(error)
