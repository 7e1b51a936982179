"""The few HTTP calls this house makes: a token, a webhook, a dead-man's switch. Seconds bound each of them, and none
goes on to another address than the one that was set.

What goes wrong is an ``OSError`` (``urllib.error.URLError`` is one), or ``ValueError`` for an address that is none.
"""

from __future__ import annotations

import asyncio
import urllib.error
import urllib.request
from typing import Any
from urllib.parse import urlsplit

LARGEST = 1_000_000  # bytes of an answer that are read


class _Stays(urllib.request.HTTPRedirectHandler):
    """An answer that leads elsewhere is an error: what is told goes to the address that a person chose."""

    def redirect_request(self, *_: Any) -> None:
        """Nowhere."""


_opener = urllib.request.build_opener(_Stays)


def call(url: str, body: bytes | None = None, content_type: str = "", timeout: float = 20) -> bytes:
    """GET ``url``, or POST ``body`` to it; the answer's bytes. A status that is not 2xx, also one that
    leads elsewhere, is an ``OSError``."""
    if urlsplit(url).scheme not in ("http", "https"):  # urllib would open file:// too
        raise ValueError("this is no web address")
    headers = {"Content-Type": content_type} if content_type else {}
    request = urllib.request.Request(url, data=body, headers=headers)
    try:
        with _opener.open(request, timeout=timeout) as answer:
            read: bytes = answer.read(LARGEST)
            return read
    except urllib.error.HTTPError as error:
        error.close()  # it is the answer too, and holds the connection open
        raise


async def call_aside(
    url: str, body: bytes | None = None, content_type: str = "", timeout: float = 20
) -> bytes:
    """:func:`call` in a thread of its own, since the loop must go on."""
    return await asyncio.to_thread(call, url, body, content_type, timeout)
