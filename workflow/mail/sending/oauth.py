"""Signing in to a mail server with a token (XOAUTH2), fetched by client credentials (RFC 6749, 4.4).

Microsoft 365 has turned basic SMTP AUTH off. The token is kept until shortly before it ends, or until it is refused.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlencode

MARGIN = timedelta(minutes=5)  # a token must outlive the conversation that it opens


class ClientCredentials:
    """``await credentials()`` gives a token; ``now`` is aware. An ``OSError`` or ``ValueError`` when there is none."""

    def __init__(
        self, url: str, client_id: str, client_secret: str, scope: str, now: Callable[[], datetime]
    ) -> None:
        self._url, self._now = url, now
        self._asked = {
            "grant_type": "client_credentials",
            "client_id": client_id,
            "client_secret": client_secret,
            "scope": scope,
        }
        self._token = ""
        self._until: datetime | None = None

    async def __call__(self) -> str:
        if self._until is None or self._now() >= self._until:
            await self._fetch()
        return self._token

    def forget(self) -> None:
        """Fetch anew next time: the mail server would not have it."""
        self._until = None

    async def _fetch(self) -> None:
        from workflow.mail.sending.web import call_aside

        body = urlencode({key: value for key, value in self._asked.items() if value}).encode()
        asked_at = self._now()
        answer = json.loads(await call_aside(self._url, body, "application/x-www-form-urlencoded"))
        token, lasts = answer.get("access_token"), answer.get("expires_in", 0)
        if not isinstance(token, str) or not token:
            raise ValueError(
                "the token endpoint gave no access_token"
            )  # its answer is not repeated: it may hold one
        self._token = token
        self._until = asked_at + timedelta(seconds=int(lasts)) - MARGIN
