"""Requests that another site had the browser make: refused before anything changes (CSRF).

A form carries ``csrf``, a program with a session the header ``X-CSRF-Token``; the value belongs to one session (to
one browser, before signing in), and the browser must not say that the request came from elsewhere.
"""

from __future__ import annotations

import hmac

from fastapi import HTTPException, Request

from workflow.faces.web.problems import is_api

FIELD = "csrf"
HEADER = "X-CSRF-Token"
SAFE = ("GET", "HEAD", "OPTIONS")
SORRY = "Formularen er for gammel eller kom ikke herfra. Gå tilbage, genindlæs siden og prøv igen. Intet er ændret."
SORRY_PROGRAM = (
    f"A session records with {HEADER}: the value of `csrf` in any form of this site. Nothing is changed."
)


async def shown_token(request: Request) -> str:
    """What the request shows for a token; async since a form is read as it arrives."""
    if request.method in SAFE:
        return ""
    if found := request.headers.get(HEADER):
        return found
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if kind not in ("application/x-www-form-urlencoded", "multipart/form-data"):
        return ""
    field = (await request.form()).get(FIELD)
    return field if isinstance(field, str) else ""


def refuse_forged(request: Request, shown: str) -> None:
    """403 unless the request reads only or came from a page of ours."""
    if request.method in SAFE:
        return
    elsewhere = request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none")
    wanted: str = request.app.state.gate.csrf(request)
    matches = hmac.compare_digest(shown.encode("utf-8", "replace"), wanted.encode())
    if elsewhere or not _own_origin(request) or not matches:
        raise HTTPException(403, SORRY_PROGRAM if is_api(request) else SORRY)


def _own_origin(request: Request) -> bool:
    """Whether ``Origin``, where the browser sends it, names this site: as readers see it or as it was called."""
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    own = request.app.state.gate.base_url
    return origin in (own.origin, f"{request.url.scheme}://{request.headers.get('Host', '')}")
