"""Large bodies are taken from those we know, and from nobody else: a route reads its form before it asks who sent it.

Below :data:`SMALL` every body is read. Above, whoever sends it must be signed in, show a token that holds, or come by
an answer link of ours; a stranger is answered before the rest of it is read.
"""

from __future__ import annotations

import re

from anyio import to_thread
from fastapi import HTTPException
from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from workflow.faces.web.errors import Errors
from workflow.faces.web.gate.entrance import Gate
from workflow.mail.links import opened_ask

SMALL = 256_000  # bytes
_ANSWER = re.compile(r"/svar/([^/]+)")
_SORRY = "Log ind for at sende filer."


class Bodies:
    """Between the trail and the routes."""

    def __init__(self, app: ASGIApp, gate: Gate, errors: Errors) -> None:
        self.app, self.gate, self.errors = app, gate, errors

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request, length, known = Request(scope), 0, False

        async def inward() -> Message:
            nonlocal length, known
            message = await receive()
            if message["type"] == "http.request":
                length += len(message.get("body", b""))
                if (
                    length > SMALL
                    and not known
                    and not (known := await to_thread.run_sync(self._knows, request))
                ):
                    raise _stranger()
            return message

        if _said(scope) > SMALL and not (known := await to_thread.run_sync(self._knows, request)):
            await self.errors.answer(request, _stranger())(scope, receive, send)
            return
        await self.app(scope, inward, send)

    def _knows(self, request: Request) -> bool:
        if found := _ANSWER.fullmatch(request.url.path):
            return opened_ask(found[1], self.gate.place().secret) is not None
        return self.gate.maybe(request) is not None


def _stranger() -> HTTPException:
    return HTTPException(401, _SORRY, {"Connection": "close"})  # what is left of the body is not read


def _said(scope: Scope) -> int:
    said = Headers(scope=scope).get("Content-Length", "")
    return int(said) if said.isdecimal() and said.isascii() else 0
