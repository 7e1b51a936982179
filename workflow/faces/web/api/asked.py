"""What a request may say: days, names, how much of a list, and a body read strictly. Everything is bounded here, so
that nothing below meets a value it was not made for."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Annotated, Any, TypeVar

from fastapi import Path, Query, Request
from fastapi.dependencies.utils import get_flat_params
from fastapi.exceptions import RequestValidationError
from fastapi.params import ParamTypes
from pydantic import BaseModel, BeforeValidator, ValidationError, WithJsonSchema
from starlette.exceptions import HTTPException

MOST_BYTES = 64 * 1024
_31, _30 = "(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])", "(0[469]|11)-(0[1-9]|[12][0-9]|30)"
_28, _LEAP = "02-(0[1-9]|1[0-9]|2[0-8])", "(2000|(20|21)(0[48]|[2468][048]|[13579][26]))-02-29"
DAY = (
    f"^((20|21)[0-9]{{2}}-({_31}|{_30}|{_28})|{_LEAP})$"  # every civil date of 2000 to 2199 and nothing else
)
_day = re.compile(DAY)


def _read_day(value: object) -> object:
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or not _day.fullmatch(value):
        raise ValueError("a day is written YYYY-MM-DD, from 2000-01-01 to 2199-12-31")
    return date.fromisoformat(value)


_SCHEMA = {"type": "string", "format": "date", "pattern": DAY}
Day = Annotated[date, BeforeValidator(_read_day), WithJsonSchema(_SCHEMA | {"examples": ["2023-07-01"]})]
AsOf = Annotated[
    Day | None,
    Query(description="The answer as it stood on that Danish day; facts known later are not seen. "
          "Default: today in Denmark.", examples=["2023-05-01"]),
]  # fmt: skip
Region = Annotated[str, Path(pattern="^[a-z]{1,40}$", description="A region's id.", examples=["nordjylland"])]
Label = Annotated[
    str,
    Path(pattern="^[0-9A-Za-zÆØÅæøå][0-9A-Za-zÆØÅæøå._-]{0,39}$", description="The agreement's label.",
         examples=["2024-2027"]),
]  # fmt: skip
DeadlineId = Annotated[
    str,
    Path(pattern="^[a-z][a-z-]{0,59}(:[0-9A-Za-z:@.-]{1,60})?$", description="The deadline's id, with its subject "
         "after a colon where it has one.", examples=["submission", "annual-review:2025"]),
]  # fmt: skip
OfRegion = Annotated[
    str | None, Query(pattern="^[a-z]{1,40}$", description="Only this region's.", examples=["nordjylland"])
]
Limit = Annotated[int, Query(ge=1, le=100, description="At most so many in one answer.")]
Cursor = Annotated[
    str | None,
    Query(min_length=1, max_length=200, pattern="^[A-Za-z0-9_-]+$",
          description="Where to go on: from `next` of the answer before. Its form may change."),
]  # fmt: skip

Body = TypeVar("Body", bound=BaseModel)


def known_only(request: Request) -> None:
    """422 for a question the route does not know, or one asked twice: a misspelt filter must not let everything
    through."""
    params = get_flat_params(request.scope["route"].dependant)
    known = {field.alias for field in params if getattr(field.field_info, "in_", None) == ParamTypes.query}
    asked = [name for name, _ in request.query_params.multi_items()]
    faults = [(name, "is unknown here; there is " + (", ".join(sorted(known)) or "none"))
              for name in dict.fromkeys(asked) if name not in known]  # fmt: skip
    faults += [(name, "stands twice") for name in known if asked.count(name) > 1]
    if faults:
        raise RequestValidationError([{"loc": ("query", name), "msg": said} for name, said in faults])


async def raw_body(request: Request) -> bytes:
    """The bytes of the body; 413 where there are more than :data:`MOST_BYTES`. Async since they arrive as we read."""
    read = await request.body()
    if len(read) > MOST_BYTES:
        raise HTTPException(413, f"at most {MOST_BYTES} bytes are read")
    return read


def body_of(model: type[BaseModel]) -> dict[str, Any]:
    """For ``openapi_extra=`` of a route that reads its body with :func:`strictly`."""
    schema = {"schema": model.model_json_schema()}
    return {"requestBody": {"required": True, "content": {"application/json": schema}}}


def strictly(raw: bytes, content_type: str, model: type[Body]) -> Body:
    """The body as ``model``: UTF-8 JSON, no key twice, no NaN, not deeper than the model; else 415 or 422."""
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise HTTPException(415, "write Content-Type: application/json")
    try:
        read = json.loads(raw.decode("utf-8"), object_pairs_hook=_once, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        said = "nested too deep" if isinstance(error, RecursionError) else str(error)[:200]
        raise RequestValidationError([{"loc": ("body",), "msg": f"not JSON: {said}"}]) from error
    try:
        return model.model_validate(read)
    except ValidationError as error:
        faults = [
            {"loc": ("body", *one["loc"]), "msg": one["msg"]} for one in error.errors(include_url=False)
        ]
        raise RequestValidationError(faults) from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key stands twice")
    return found


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")
