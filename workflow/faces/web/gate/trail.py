"""What of each request goes into the audit trail: judged from the route and the answer, written when the answer is out.

Rows that a stranger can make are bounded: so many a minute, and then one that says how many were left out. What the
same visitor reads again within the hour is not written twice.
"""

from __future__ import annotations

import logging
import threading
from collections import OrderedDict
from datetime import datetime, timedelta

from anyio import to_thread
from fastapi import HTTPException
from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from workflow.errors import AftaleError
from workflow.faces.web.gate.entrance import Gate
from workflow.faces.web.gate.pace import Pace, client_of
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.gate.routes import action_of
from workflow.faces.web.gate.visitor import Visitor
from workflow.services.watch.trail import note
from workflow.storage.facts.trail import Seen

STRANGERS, KNOWN = 60, 120  # rows a minute: of all strangers together, and of one visitor
AGAIN = timedelta(hours=1)
MOST_KEPT = 5000  # readings remembered, so as not to write them again
MOST_ABOUT = 300
_log = logging.getLogger("aftale.audit")

_PUBLIC = {  # method and path of a public route -> what a good answer means, and any other
    ("POST", "/log-ind"): ("link-asked", ""),
    ("POST", "/log-ind/{link}"): ("signed-in", "sign-in-failed"),
    ("POST", "/log-ind/kode"): ("signed-in", "sign-in-failed"),
    ("GET", "/log-ind/oidc/svar"): ("signed-in", "sign-in-failed"),
    ("POST", "/opsaetning/kode"): ("signed-in", "code-failed"),
    ("POST", "/log-ud"): ("signed-out", ""),
    ("GET", "/svar/{token}"): ("", "wrong-link"),
    ("GET", "/svar/{token}/moeder"): ("", "wrong-link"),
    ("GET", "/moedeplan/{token}"): ("", "wrong-link"),
    ("GET", "/kvitter/{token}"): ("", "wrong-link"),
    ("GET", "/svar/{token}/tekst"): ("document", "wrong-link"),
    ("GET", "/fil/{token}"): ("document", "wrong-link"),
    ("GET", "/kalender/{secret}.ics"): ("", "wrong-link"),
}
_READ = (  # part of a route's path -> what reading it means
    ("/eksport/", "export"), ("/dokumenter/", "document"), (".eml", "letter"), (".zip", "letter"),
    ("/opsaetning/spor", "trail"), ("/api/v1/notices", "export"), (".pdf", "export"), (".docx", "export"),
    ("/grund.txt", "export"), ("/referat", "document"),
)  # fmt: skip
_CHANGED = {
    "/kalendere": "feed-made",
    "/kalendere/{number}/forny": "feed-renewed",
    "/kalendere/{number}/ophaev": "feed-ended",
    "/personer/mig": "sessions-ended",
}
_CLOSE = {Action.READ_CONTACTS: "contacts", Action.PEOPLE: "people"}
_SECRET = ("{link}", "{token}", "{secret}")


class Trail:
    """Between the door and the routes: lets every request pass, and writes down those that count."""

    def __init__(self, app: ASGIApp, gate: Gate) -> None:
        self.app, self.gate = app, gate
        self._strangers, self._known = Pace(STRANGERS, seconds=60), Pace(KNOWN, seconds=60)
        self._left_out = 0
        self._read: OrderedDict[str, datetime] = OrderedDict()
        self._lock = threading.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        status = 0

        async def outward(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        await self.app(scope, receive, outward)
        request = Request(scope)
        if what := kind_of(request, status):
            await to_thread.run_sync(self._write, request, status, what)

    def _write(self, request: Request, status: int, what: str) -> None:
        at = self.gate.clock()
        seen = _row(request, status, what, at)
        if not self._counts(seen, at, request.method == "GET" and status < 400):
            return
        _log.info(
            "%s %d", what, status, extra={"action": f"audit.{what}"}
        )  # who it was stands in the table alone
        try:
            note(self.gate.place().engine, seen)
        except (SQLAlchemyError, AftaleError, OSError) as error:
            said = str(error).splitlines()[0]
            _log.error("a row of the audit trail was not written: %s", said, extra={"action": "audit.lost"})

    def _counts(self, seen: Seen, at: datetime, read: bool) -> bool:
        """Whether the row is written: not read within the hour, and not too many."""
        if read and not self._first(f"{seen.what} {seen.who} {seen.about}", at):
            return False
        pace, key = (self._known, seen.who) if seen.who else (self._strangers, "")
        with self._lock:
            try:
                pace.take(key, at)
            except HTTPException:
                self._left_out += 1
                return False
            left_out, self._left_out = self._left_out, 0
        if left_out:
            more = Seen(no=0, at=at, what="left-out", about=str(left_out), previous="", digest="")
            try:
                note(self.gate.place().engine, more)
            except (SQLAlchemyError, AftaleError, OSError):
                self._left_out += left_out
        return True

    def _first(self, key: str, at: datetime) -> bool:
        with self._lock:
            before = self._read.get(key)
            if before is not None and at - before < AGAIN:
                return False
            self._read[key] = at
            self._read.move_to_end(key)
            while len(self._read) > MOST_KEPT:
                self._read.popitem(last=False)
            return True


def kind_of(request: Request, status: int) -> str:
    """What the request means for the trail, a key of :data:`workflow.services.watch.trail.KINDS`; empty for nothing."""
    route = request.scope.get("route")
    path, method = str(getattr(route, "path", "")), request.method
    good = status < 400
    if status == 429:
        return "too-often"
    if status == 403:
        return "forged" if method != "GET" else _PUBLIC.get((method, path), ("", ""))[1] or "refused"
    if (method, path) in _PUBLIC:
        return _PUBLIC[method, path][0 if good else 1]
    if request.headers.get("Authorization", "").lower().startswith("bearer ") and visitor_of(request) is None:
        return "token-refused" if path else ""
    if status == 404 and visitor_of(request) is not None:
        return "refused" if path else ""
    if not good or visitor_of(request) is None:
        return ""
    if method == "POST":
        return _CHANGED.get(path, "")
    named = next((kind for part, kind in _READ if part in path), "")
    if named:
        return named
    action = action_of(route)
    return _CLOSE.get(action, "") if action else ""


def visitor_of(request: Request) -> Visitor | None:
    """Who asked, where the gate found out."""
    found: Visitor | None = getattr(request.state, "visitor", None)
    return found


def _row(request: Request, status: int, what: str, at: datetime) -> Seen:
    visitor = visitor_of(request)
    path = str(getattr(request.scope.get("route"), "path", ""))
    about = path if any(part in path for part in _SECRET) else request.url.path  # never a link that acts
    if request.url.query and not any(part in path for part in (*_SECRET, "/log-ind")):
        about = f"{about}?{request.url.query}"
    about = getattr(request.state, "about", "") or about
    return Seen(
        no=0, at=at, what=what, who=(visitor.email or visitor.name) if visitor else "",
        called=visitor.signature if visitor else "", region=visitor.region if visitor else "",
        client=client_of(request), about=about[:MOST_ABOUT], status=status, previous="", digest="",
    )  # fmt: skip
