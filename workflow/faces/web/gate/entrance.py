"""The gate of one application: who is it, and from where. Made once, asked by the dependencies of every route."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from fastapi import HTTPException, Request

from workflow.faces.daemon.workplace import Workplace
from workflow.faces.web.gate.cookies import Cookies
from workflow.faces.web.gate.pace import Pace, client_of
from workflow.faces.web.gate.policy import Role
from workflow.faces.web.gate.visitor import Visitor
from workflow.language import SOURCE, speak
from workflow.mail.sending.target import loopback
from workflow.rules.days import danish_day
from workflow.services.people import signin
from workflow.services.people.grasp import home_of, merged_into
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.people.people import Person

GUEST = Visitor("Demogæst", Role.ADMINISTRATOR, via="demo")
# what those in between add (X-Forwarded-For, X-Real-IP, CF-Connecting-IP ...) and no browser at this machine sends
_PROXIED = ("forwarded", "via", "x-", "cf-", "cdn-loop", "true-client-ip", "fastly-")
_OWN_HEADERS = ("x-csrf-token",)
_SIGN_IN = "Log ind for at se siden."


class BaseUrl(NamedTuple):
    """Where readers find the site: its origin as browsers write it, its host, and whether it is https."""

    origin: str
    host: str
    secure: bool


class Gate:
    """Knows visitors. ``demo`` is whether this database is the demo: only then, and only from this machine to this
    machine, is anybody let in without signing in."""

    def __init__(self, place: Callable[[], Workplace], clock: Callable[[], datetime]) -> None:
        self.place, self.clock = place, clock
        settings = place().settings
        parts = urlsplit(settings.base_url)
        self.base_url = BaseUrl(
            f"{parts.scheme}://{parts.netloc.lower()}",
            (parts.hostname or "").lower(),
            parts.scheme == "https",
        )
        self.demo = place().lets_guests_in
        self.wrong_tokens = Pace(30, seconds=60)

    @property
    def cookies(self) -> Cookies:
        """The cookies of this site, sealed by the key of the moment."""
        return Cookies(self.place().secret, self.base_url.secure)

    def visitor(self, request: Request) -> Visitor:
        """Who asks. 401 for nobody; a token that is wrong is never made good by a cookie."""
        request.state.visitor = found = self._visitor(request)
        speak(found.language or getattr(request.state, "language", "") or SOURCE)
        return found

    def _visitor(self, request: Request) -> Visitor:
        scheme, _, shown = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() == "bearer":  # another scheme is between the reader and a proxy
            return self._program(request, shown.strip())
        at = self.clock()
        secret = self.cookies.session(request, at)
        person = signin.who(self.place().engine, secret, at) if secret else None
        if person:
            return as_visitor(person, self.place().rulebook, at)
        if self.is_guest(request):
            return GUEST
        raise HTTPException(401, _SIGN_IN, {"WWW-Authenticate": "Bearer"})

    def maybe(self, request: Request) -> Visitor | None:
        """Who asks, or ``None`` for nobody: for pages that anybody may read."""
        try:
            return self.visitor(request)
        except HTTPException:
            return None

    def csrf(self, request: Request) -> str:
        """What a form in the answer to this request, or in the request itself, carries."""
        return self.cookies.csrf(self.cookies.session(request, self.clock()) or self.cookies.browser(request))

    def is_guest(self, request: Request) -> bool:
        """Whether this is somebody at this very machine, looking at the demo, with no proxy between."""
        called = urlsplit(f"//{request.headers.get('Host', '')}").hostname or ""
        return self.demo and loopback(client_of(request)) and loopback(called) and not passed_on(request)

    def known_host(self, called: str) -> bool:
        """Whether a ``Host`` header names this site. A name we do not know may be one that somebody points at us
        (DNS rebinding); a bare address cannot be."""
        try:
            host = urlsplit(f"//{called}").hostname or ""
        except ValueError:
            return False
        if self.demo:  # it lets in whoever is at this machine, so it is called by this machine's names alone
            return loopback(host)
        try:
            ipaddress.ip_address(host)
        except ValueError:
            return host in (self.base_url.host, "localhost", self.place().settings.host.lower())
        return True

    def _program(self, request: Request, shown: str) -> Visitor:
        at, client = self.clock(), client_of(request)
        self.wrong_tokens.refuse_if_spent(client, at)
        token = signin.which(self.place().engine, shown, at)
        if token is None:
            self.wrong_tokens.take(client, at)
            raise HTTPException(
                401, "Nøglen gælder ikke.", {"WWW-Authenticate": 'Bearer error="invalid_token"'}
            )
        return Visitor(
            token.name,
            Role.COORDINATOR,
            token.region,
            via="token",
            before=merged_into(self.place().rulebook, token.region),
        )


def passed_on(request: Request) -> bool:
    """Whether somebody stands between the reader and this machine, as far as a request tells: a header that only those
    in between add, HTTP/1.0 (which a bare proxy speaks and no browser), or a page of another name it came from. Whoever
    only carries the bytes (``ssh -R``) adds nothing and is not seen; then the name that the reader called is."""
    names = [name.lower() for name in request.headers]
    if any(name.startswith(_PROXIED) and name not in _OWN_HEADERS for name in names):
        return True
    if request.scope.get("http_version") == "1.0":
        return True
    if request.headers.get("Sec-Fetch-Site") in ("cross-site", "same-site"):
        return False  # a link from elsewhere, which names the page it stood on
    try:
        named = [urlsplit(request.headers.get(one, "")).hostname for one in ("Origin", "Referer")]
    except ValueError:  # no browser writes such an address
        return True
    return any(host and not loopback(host) for host in named)


def as_visitor(person: Person, rulebook: Rulebook, at: datetime) -> Visitor:
    """The person as a visitor on that day: a council's region is the one it belongs to then."""
    region, before = person.region, merged_into(rulebook, person.region)
    if person.role == Role.COUNCIL:
        region, before = home_of(rulebook, person.body, danish_day(at))
    return Visitor(
        person.name, Role.of(person), region, person.body, "session", person.email, before, person.language
    )
