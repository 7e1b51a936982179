"""How the API answers: JSON with a strong ETag, 304 to who has it already, and lists page by page."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar
from urllib.parse import urlencode

from fastapi import Request, Response
from pydantic import BaseModel, ConfigDict, Field

from workflow.errors import Invalid
from workflow.faces.web.problems import MEDIA_TYPE, Problem

CACHE = "private, no-cache"  # keep it, but ask each time: the ETag makes that cheap
BAD_CURSOR = "cursor: take it from `next` of an answer, or leave it out to begin"
Item = TypeVar("Item", bound=BaseModel)
Row = TypeVar("Row")


class Told(BaseModel):
    """What every part of an answer is: complete, and nothing that is not described."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class Page(BaseModel, Generic[Item]):
    """Some of a list, and where the rest is."""

    items: list[Item]
    next: str | None = Field(
        description="The address of the next page, relative to this host; null on the last."
    )


def problems(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """For ``responses=`` of a route: these refusals, each a problem document."""
    said = {404: "No such thing, or not yours to see", 409: "Not possible now, and why",
            413: "Too large", 415: "Not JSON", 422: "The request cannot be right"}  # fmt: skip
    always = {401: "Not signed in, or the token is unknown", 403: "Not allowed", 429: "Too many requests",
              503: "Not in order now; of an agreement whose facts do not fit the rules, its key and why"}  # fmt: skip
    found: dict[int | str, dict[str, Any]] = {
        status: {
            "description": (said | always)[status],
            "model": Problem,
            "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
        }
        for status in (*statuses, *always)
    }
    return found


def etag(content: bytes) -> str:
    """The strong validator of these bytes."""
    return f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def told(request: Request, content: BaseModel, link: str | None = None) -> Response:
    """``content`` as JSON, or 304 where the reader has these very bytes."""
    return unchanged(
        request, content.model_dump_json(by_alias=True).encode(), "application/json", CACHE, link
    )


def unchanged(
    request: Request, content: bytes, media_type: str, cache: str, link: str | None = None
) -> Response:
    """``content`` with its ETag, or 304 without it where ``If-None-Match`` names it."""
    tag = etag(content)
    headers = {"ETag": tag, "Cache-Control": cache, "Vary": "Authorization, Cookie"}
    if link:
        headers["Link"] = f'<{link}>; rel="next"'
    known = [one.strip().removeprefix("W/") for one in request.headers.get("if-none-match", "").split(",")]
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(content, headers=headers, media_type=media_type)


def cut(found: Sequence[Row], limit: int, place: Callable[[Row], str]) -> tuple[Sequence[Row], str | None]:
    """The first ``limit`` of ``found``, of which one more was read, and where they end if there is more."""
    return found[:limit], place(found[limit - 1]) if len(found) > limit else None


def page(request: Request, items: list[Item], rest: str | None) -> Response:
    """One page of a list; ``rest`` is where it ends, ``None`` on the last page."""
    link = None
    if rest is not None:
        asked = {name: value for name, value in request.query_params.items() if name != "cursor"}
        link = f"{request.url.path}?{urlencode(asked | {'cursor': _wrapped(rest)})}"
    return told(request, Page(items=items, next=link), link)


def after(cursor: str | None) -> str:
    """Where the page before ended; "" at the beginning. :class:`Invalid` for a cursor that is none of ours."""
    if cursor is None:
        return ""
    try:
        place = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode("utf-8")
    except (binascii.Error, ValueError) as error:
        raise Invalid(BAD_CURSOR) from error
    if not place.isprintable():
        raise Invalid(BAD_CURSOR)
    return place


def after_number(cursor: str | None) -> int:
    """:func:`after` of a list that is in the order of numbers; 0 at the beginning."""
    said = after(cursor) or "0"
    if not said.isascii() or not said.isdecimal() or len(said) > 15:
        raise Invalid(BAD_CURSOR)
    return int(said)


def _wrapped(place: str) -> str:
    return base64.urlsafe_b64encode(place.encode()).decode().rstrip("=")
