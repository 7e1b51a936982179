"""The site before it is built: the daemon's passes and ``/healthz`` do not wait for it; who asks for a page does.

Reading eighty routes and loading what they are written with takes as long as all else that a start does. So the site is
built when somebody asks, or a moment after the start. What could be wrong with it is looked for before: where a page's
template is not known to be whole, by the code that an earlier start made of these very words, it is built at once.
"""

from __future__ import annotations

import asyncio
import gc
import json
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from sqlalchemy.exc import DBAPIError

from workflow.errors import AftaleError
from workflow.faces.daemon.outage import Outage
from workflow.faces.daemon.workplace import Workplace, templates
from workflow.faces.web.pagefiles import known_whole
from workflow.faces.web.view import HEADERS, HSTS, health
from workflow.language import gettext as _
from workflow.mail.sending.target import loopback

if TYPE_CHECKING:
    from fastapi import FastAPI
    from starlette.types import Receive, Scope, Send

SOON = 5.0  # seconds; the letters that are due go first
_PLAIN = {b"host", b"user-agent", b"accept", b"accept-encoding", b"connection"}  # what changes no answer


class Opening:
    """The site for the page's server; what it is made of is what :func:`workflow.faces.web.app.create_app` takes."""

    def __init__(
        self,
        place: Callable[[], Workplace],
        clock: Callable[[], datetime],
        settle: Callable[[Workplace], None] | None = None,
        outage: Outage | None = None,
    ) -> None:
        self._place, self._clock, self._settle, self._outage = place, clock, settle, outage
        self._building: asyncio.Task[FastAPI] | None = None
        self.site: FastAPI | None = None

    async def begin(self) -> None:
        """Build it now where a page's template may be broken. :class:`Misconfigured` says which, as :meth:`ready`."""
        if not known_whole(templates(self._place().settings) / "pages"):
            await self.ready()

    async def ready(self) -> FastAPI:
        """The site, once it is built. While the database is away it cannot be; who asks next tries anew."""
        if self._building is None:
            self._building = asyncio.create_task(asyncio.to_thread(self._built))
        building = self._building
        try:
            self.site = await asyncio.shield(building)  # one who goes away leaves the others their answer
        except DBAPIError:
            if self._building is building:
                self._building = None
            raise
        return self.site

    async def in_time(self, stopping: asyncio.Event) -> None:
        """Build it a moment after the start, where nobody asked before, or when the database is back. Where it cannot
        be for another reason, everything stops."""
        while self.site is None:
            with suppress(TimeoutError):
                await asyncio.wait_for(stopping.wait(), SOON)
                return
            try:
                await self.ready()
            except DBAPIError:
                continue  # the passes say in the log that the database is away
            except BaseException:
                stopping.set()
                raise

    async def close(self) -> None:
        """Let the mails go that its pages promised."""
        if self.site:
            await asyncio.to_thread(self.site.state.postman.close)

    def _built(self) -> FastAPI:
        from workflow.faces.web.app import create_app

        site = create_app(self._place, self._clock, self._settle, self._outage)
        gc.freeze()  # what was loaded stays: no more rings of objects are looked for in it
        return site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the site does."""
        if self.site is None and (early := await self._early(scope)):
            status, headers, body = early
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": body})
            return
        try:
            site = self.site or await self.ready()
        except DBAPIError:
            from workflow.faces.web.errors import WORDS

            body = ". ".join(map(_, WORDS[503])).encode()
            headers = [*self._headers(body, "text/plain; charset=utf-8"), (b"retry-after", b"30")]
            await send({"type": "http.response.start", "status": 503, "headers": headers})
            await send({"type": "http.response.body", "body": body})
            return
        await site(scope, receive, send)

    def _headers(self, body: bytes, kind: str) -> list[tuple[bytes, bytes]]:
        """Those of every answer."""
        told = {"Content-Length": str(len(body)), "Content-Type": kind, **HEADERS}
        secure = urlsplit(self._place().settings.base_url).scheme == "https"
        told |= HSTS if secure else {}
        return [(name.lower().encode(), value.encode()) for name, value in told.items()]

    async def _early(self, scope: Scope) -> tuple[int, list[tuple[bytes, bytes]], bytes] | None:
        """The answer where this machine asks whether the daemon runs, in the plainest way; ``None`` otherwise, and
        where something is wrong: what to say then the site knows."""
        if scope["type"] != "http" or (scope["method"], scope["path"]) != ("GET", "/healthz"):
            return None
        names = [name for name, _value in scope["headers"]]
        if scope["query_string"] or not _PLAIN.issuperset(names) or names.count(b"host") != 1:
            return None
        called = dict(scope["headers"])[b"host"].decode("latin-1")
        place = self._place()
        try:
            if not loopback(urlsplit(f"//{called}").hostname or ""):
                return None
            status, said = await asyncio.to_thread(health, place.engine, self._clock())
        except (ValueError, AftaleError, DBAPIError, OSError):
            return None
        body = json.dumps(said, separators=(",", ":")).encode()
        return status, self._headers(body, "application/json"), body
