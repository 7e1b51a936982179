"""What every answer tells the browser, and the last line behind every route.

Nothing inline, nothing from elsewhere, no frames, no scripts but where a page names its own (``pages/rounds/grid.py``).
``same-origin`` rather than ``no-referrer``: under the latter a browser hides from our own forms where they came from.
"""

from __future__ import annotations

import logging
from urllib.parse import urlsplit, urlunsplit

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from workflow.faces.web.errors import Errors
from workflow.faces.web.gate.entrance import Gate
from workflow.faces.web.view import HEADERS, HSTS
from workflow.storage.troubles import trouble_of

_log = logging.getLogger("aftale.web")


class Door:
    """Outermost: refuses a ``Host`` that is not ours and a body of two lengths, answers HEAD as GET without the body,
    gives headers and cookies, and says sorry for what nobody foresaw."""

    def __init__(self, app: ASGIApp, gate: Gate, errors: Errors) -> None:
        self.app, self.gate, self.errors = app, gate, errors
        self.headers = HEADERS | (HSTS if gate.base_url.secure else {})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        head = scope["method"] == "HEAD"
        scope = {**scope, "method": "GET" if head else scope["method"], "state": dict(scope.get("state", {}))}
        request = Request(scope)
        answering = too_large = False

        async def outward(message: Message) -> None:
            nonlocal answering, too_large
            if message["type"] == "http.response.start":
                answering = True
                if too_large := message["status"] == 413:  # the limiter says it in English
                    message = {**message, "headers": list(self._too_large(request).raw_headers)}
                headers = MutableHeaders(scope=message)
                if "Location" in headers:
                    headers["Location"] = _here(headers["Location"], request)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
                for cookie in getattr(request.state, "cookies", {}).values():
                    headers.append("Set-Cookie", cookie)
            elif too_large:
                message = {**message, "body": self._too_large(request).body}
            if head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        # whoever stands between us may read such a body the other way, and see another request behind it
        if _two_lengths(request):
            refused = self.errors.plain(request, 400)
            refused.headers["Connection"] = "close"
            await refused(scope, receive, outward)
            return
        if not self.gate.known_host(request.headers.get("Host", "")):
            await self.errors.plain(request, 400)(scope, receive, outward)
            return
        try:
            await self.app(scope, receive, outward)
        except Exception as error:
            # the page's last line: the reader gets a sentence, the log the trace
            _log.exception(
                "%s %s failed", request.method, _safe(scope["path"]), extra={"action": "page.failed"}
            )
            if answering:
                raise
            await self._sorry(request, error)(scope, receive, outward)

    def _too_large(self, request: Request) -> Response:
        return self.errors.plain(request, 413)

    def _sorry(self, request: Request, error: Exception) -> Response:
        """503 where the same may work later: the database is away, say, and nothing is wrong with the page."""
        return self.errors.plain(request, 503 if trouble_of(error) or request.url.path == "/healthz" else 500)


def _two_lengths(request: Request) -> bool:
    """Whether a request says how long it is in both of the ways there are."""
    return "Transfer-Encoding" in request.headers and "Content-Length" in request.headers


def _here(location: str, request: Request) -> str:
    """Where to go on, as a path where it is on this very site: the framework writes scheme and host as the request has
    them, and behind a proxy both are other than what the reader sees."""
    parts = urlsplit(location)
    if not parts.netloc or parts.netloc.lower() != request.headers.get("Host", "").lower():
        return location
    return urlunsplit(("", "", parts.path or "/", parts.query, parts.fragment))


def _safe(path: str) -> str:
    """A path as the log may hold it: on one line, and no longer than a line."""
    return path.encode("unicode_escape").decode()[:200]
