"""``application/problem+json`` (RFC 9457): how the API says no. The one place where an error of the house, of the
framework or of a request's form gets its HTTP status."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException

from workflow.errors import (
    AftaleError,
    Conflict,
    Invalid,
    Misconfigured,
    NotFound,
    NotPossible,
    Refused,
    Unreachable,
    Unworkable,
)
from workflow.language import said_by, spoken_now, worded

MEDIA_TYPE = "application/problem+json"
MOST_NAMED = 10  # of what is wrong with one request
_OPTION = re.compile(r"--([a-z][a-z-]*)")  # as a command names the field that a request gives

_KINDS: dict[type[AftaleError], tuple[int, str, str]] = {
    Invalid: (422, "invalid", "The request cannot be right"),
    NotFound: (404, "not-found", "There is no such thing, or it is not yours to see"),
    NotPossible: (409, "not-possible", "The law or the lifecycle forbids this now"),
    Conflict: (409, "conflict", "Somebody else was first"),
    Refused: (409, "refused", "Not allowed"),
    Misconfigured: (503, "unavailable", "The service is not in order"),
    Unworkable: (503, "unworkable", "The agreement's facts do not fit the rules"),
    Unreachable: (503, "unavailable", "The service is not in order"),
    AftaleError: (500, "error", "Something went wrong"),
}


class Fault(BaseModel):
    """One thing that is wrong: where in the request, and what."""

    model_config = ConfigDict(extra="forbid")
    place: str = Field(examples=["query as_of"])
    message: str = Field(examples=["String should match pattern ..."])


class Problem(BaseModel):
    """What went wrong. ``type`` is stable and meant for programs, ``detail`` for people."""

    model_config = ConfigDict(extra="forbid")
    type: str = Field(examples=["urn:aftalefrist:problem:not-possible"])
    title: str = Field(examples=["The law or the lifecycle forbids this now"])
    status: int = Field(examples=[409])
    detail: str = Field(examples=["submitted er ikke mulig: alle råd skal have godkendt samme version"])
    cite: str | None = Field(
        None, description="The provision that forbids it.", examples=["SUL § 205, stk. 1"]
    )
    where: list[Fault] = Field(default_factory=list)


def is_api(request: Request) -> bool:
    """Whether a program asks."""
    return request.url.path.startswith("/api/")


def status_of(error: AftaleError) -> int:
    """The HTTP status of the nearest class in the error's family."""
    return _kind(error)[0]


def problem(error: Exception) -> Response:
    """Any error a route can end with, as an answer; what it says to people is in the language of the moment. What is
    not ours to explain is a 500 without details."""
    if isinstance(error, AftaleError):
        status, name, title = _kind(error)
        detail = (
            _OPTION.sub(r"`\1`", said_by(error))
            if isinstance(error, Refused | Unworkable)
            else "Try again later; the operator has been told."
        )
        return _answer(status, name, title, detail, cite=getattr(error, "cite", "") or None)
    if isinstance(error, RequestValidationError):
        faults = [_fault(one) for one in error.errors()[:MOST_NAMED]]
        return _answer(
            422, "invalid", _KINDS[Invalid][2], "; ".join(_spoken(f) for f in faults), where=faults
        )
    if isinstance(error, HTTPException):
        phrase = HTTPStatus(error.status_code).phrase
        name = phrase.lower().replace(" ", "-")
        return _answer(error.status_code, name, phrase, worded(str(error.detail)), error.headers)
    return _answer(500, *_KINDS[AftaleError][1:], "The error stands in the daemon's log.")


def _kind(error: AftaleError) -> tuple[int, str, str]:
    return next(_KINDS[kind] for kind in type(error).__mro__ if kind in _KINDS)


def _fault(error: Mapping[str, Any]) -> Fault:
    """A validation error without the input it was about: what was sent is never sent back."""
    place = " ".join(str(part)[:60] for part in error["loc"])
    return Fault(place=_plain(place), message=_plain(str(error["msg"]).removeprefix("Value error, ")))


def _spoken(fault: Fault) -> str:
    return f"{fault.place}: {fault.message}"


def _plain(text: str) -> str:
    return text.encode("utf-8", "replace").decode()[:300]


def _answer(
    status: int, name: str, title: str, detail: str, headers: Mapping[str, str] | None = None,
    cite: str | None = None, where: Sequence[Fault] = (),
) -> Response:  # fmt: skip
    said = Problem(
        type=f"urn:aftalefrist:problem:{name}", title=title, status=status, detail=_plain(detail), cite=cite,
        where=list(where),
    )  # fmt: skip
    told = {"Content-Language": spoken_now()} | dict(headers or {})
    return Response(json.dumps(said.model_dump(), ensure_ascii=False), status, told, MEDIA_TYPE)
