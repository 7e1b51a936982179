"""One plain page that says where every agreement stands, its style, and what machines ask. Read-only, no scripts.

Bound to 127.0.0.1 by default: whoever can reach the port can read the page.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined, TemplateError
from starlette.exceptions import HTTPException

from workflow.errors import Misconfigured
from workflow.faces.daemon.workplace import Workplace, templates
from workflow.faces.web.view import fresh, status_page
from workflow.faces.web.watch import add_watch
from workflow.services.heartbeat import last_tick

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
_log = logging.getLogger("aftale.web")


def create_app(place: Callable[[], Workplace], clock: Callable[[], datetime]) -> FastAPI:
    """The application. ``place()`` gives the workplace of the moment, whose rules may be reloaded; ``clock()`` an
    aware instant. :class:`Misconfigured` when a page's template is missing or broken."""
    folder = templates(place().settings) / "pages"
    pages = Environment(loader=FileSystemLoader(folder), undefined=StrictUndefined, autoescape=True, trim_blocks=True,
                        lstrip_blocks=True)  # fmt: skip
    try:
        status = pages.get_template("status.html")
        pages.get_template("layout.html")
        style = (folder / "style.css").read_text(encoding="utf-8")
    except (TemplateError, OSError, UnicodeDecodeError) as error:
        raise Misconfigured(str(folder), f"a page cannot be read: {error}", "Restore the folder") from error

    app = FastAPI(title="Aftalefrist", docs_url=None, redoc_url=None, openapi_url=None)

    @app.get("/", response_class=HTMLResponse)
    def page() -> str:
        return status.render(status_page(place(), clock()))

    @app.get("/style.css")
    def stylesheet() -> Response:
        return Response(style, media_type="text/css", headers={"Cache-Control": "max-age=300"})

    @app.get("/healthz")
    def healthz() -> JSONResponse:
        ticked = last_tick(place().engine)
        well = fresh(ticked, clock())
        said = {
            "status": "ok" if well else "stale",
            "last_tick": ticked.astimezone(UTC).isoformat() if ticked else None,
        }
        return JSONResponse(said, 200 if well else 503)

    add_watch(app, place, clock)

    @app.middleware("http")
    async def safely(request: Request, answer: Callable[[Request], Awaitable[Response]]) -> Response:
        try:
            response = await answer(request)
        except Exception:  # noqa: BLE001
            # the page's last line: the reader gets a sentence, the log the trace
            _log.exception("%s %s failed", request.method, request.url.path)
            sorry = "Siden kan ikke vises lige nu. Fejlen står i dæmonens log."
            response = PlainTextResponse(sorry, 503 if request.url.path == "/healthz" else 500)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        return response

    @app.exception_handler(HTTPException)
    def refused(_request: Request, error: HTTPException) -> PlainTextResponse:
        words = {404: "Siden findes ikke.", 405: "Siden kan kun læses."}
        return PlainTextResponse(words.get(error.status_code, error.detail), error.status_code, error.headers)

    return app
