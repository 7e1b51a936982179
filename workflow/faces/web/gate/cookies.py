"""The cookies. One names the browser, so that a link can be bound to it; the other the session; a third remembers a
language chosen on a page.

The session's cookie is signed together with the moment it was last seen, and given anew while it is used: so it goes
stale when it lies idle, and reading a page writes nothing in the database.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import datetime, timedelta

from fastapi import Request
from itsdangerous import BadSignature, URLSafeSerializer
from starlette.responses import Response

IDLE = timedelta(hours=2)
FRESH = timedelta(minutes=5)  # a cookie younger than this is not given anew
BROWSER_LASTS = timedelta(days=1)


class Cookies:
    """Reads and gives the cookies of one site; ``secret`` is the database's own key, ``secure`` whether readers come
    by https: the names then carry ``__Host-``, which browsers hold to this host alone."""

    def __init__(self, secret: str, secure: bool) -> None:
        prefix = "__Host-" if secure else ""
        self.session_name, self.browser_name = f"{prefix}aftale", f"{prefix}aftale-browser"
        self.language_name = f"{prefix}aftale-sprog"
        self._secret, self._secure = secret.encode(), secure
        self._sealed = URLSafeSerializer(
            secret, salt="aftale-session", signer_kwargs={"digest_method": hashlib.sha256}
        )

    def session(self, request: Request, at: datetime) -> str | None:
        """The session's secret from its cookie, unless forged or idle too long at ``at``; renewed when due."""
        try:
            secret, seen = self.opened(request.cookies.get(self.session_name, ""))
        except BadSignature:
            return None
        idle = at.timestamp() - seen
        if not -FRESH.total_seconds() <= idle < IDLE.total_seconds():
            return None
        if idle > FRESH.total_seconds():
            self.put(request, self.session_name, self.sealed(secret, at), IDLE)
        return secret

    def sealed(self, secret: str, at: datetime) -> str:
        """The session cookie's value for a session seen at ``at``."""
        return str(self._sealed.dumps([secret, int(at.timestamp())]))

    def opened(self, value: str) -> tuple[str, int]:
        """The session's secret and the second it was last seen; :class:`BadSignature` for what we did not seal."""
        secret, seen = self._sealed.loads(value)
        return secret, seen

    def begin(self, request: Request, secret: str, at: datetime) -> None:
        """Give the cookie of a new session, and a new name to the browser: whoever knew the old one is left behind."""
        self.put(request, self.session_name, self.sealed(secret, at), IDLE)
        self.put(request, self.browser_name, secrets.token_urlsafe(24), BROWSER_LASTS)

    def end(self, request: Request) -> None:
        """Take the session's cookie away."""
        self.put(request, self.session_name, "", timedelta(0))

    def browser(self, request: Request) -> str:
        """The browser's own secret, given now if it has none."""
        known: str = request.cookies.get(self.browser_name, "") or getattr(request.state, "browser", "")
        if not known:
            known = request.state.browser = secrets.token_urlsafe(24)
            self.put(request, self.browser_name, known, BROWSER_LASTS)
        return known

    def csrf(self, key: str) -> str:
        """What the forms of this session or browser (``key``: its secret) must carry."""
        return hmac.new(self._secret, b"csrf\0" + key.encode("utf-8", "replace"), hashlib.sha256).hexdigest()

    def put(self, request: Request, name: str, value: str, lasts: timedelta) -> None:
        """Let the answer to ``request`` give this cookie, whoever writes the answer; with no time left, take it."""
        # Lax: a link in a mail must find the reader signed in, and the browser that asked for it.
        carrier = Response()
        carrier.set_cookie(
            name,
            value,
            max_age=int(lasts.total_seconds()),
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )
        if not hasattr(request.state, "cookies"):
            request.state.cookies = {}
        request.state.cookies[name] = carrier.headers["Set-Cookie"]
