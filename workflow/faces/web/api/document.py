"""The API as one router, and its description (OpenAPI 3.1) made from the routes that run."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cache
from typing import Any

from fastapi import APIRouter, Response
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse

from workflow import __version__
from workflow.faces.daemon.workplace import Workplace
from workflow.faces.web.api.agreements import agreements
from workflow.faces.web.api.cases import cases
from workflow.faces.web.api.desk import Desk
from workflow.faces.web.api.hearing import hearing
from workflow.faces.web.api.hearingacts import hearing_acts
from workflow.faces.web.api.law import law
from workflow.faces.web.api.records import records
from workflow.faces.web.gate.forgery import HEADER
from workflow.faces.web.gate.routes import take_over

SESSION = "aftale"  # over https with __Host- before it
_ABOUT = """Dates of Danish agreements and plans (*aftaler, planer*), why each is what it is, and what was told.

* Dates are Danish civil dates (`YYYY-MM-DD`); instants are UTC. Text about agreements is Danish.
* `as_of` asks for the answer as it stood on a day.
* Lists come in pages: follow `next`, which is also the header `Link; rel="next"`.
* Every answer has a strong `ETag`; send it back as `If-None-Match` and get 304 while nothing changed.
* A refusal is a problem document (RFC 9457); its `type` is stable.
* Sign in with `Authorization: Bearer TOKEN`; a token reads. Writing takes a signed-in person:
  the cookie of the session and, in `X-CSRF-Token`, what the site's forms carry in `csrf`."""
_TAGS = [
    {"name": "agreements", "description": "Where agreements stand, their deadlines, and why."},
    {
        "name": "hearing",
        "description": "The register of a hearing: who answered, and what became of each remark.",
    },
    {"name": "cases", "description": "The document for each council, and whether one still holds."},
    {"name": "records", "description": "The journal's facts, and the letters."},
    {"name": "law", "description": "Regimes, closed days and bodies."},
]


def api(place: Callable[[], Workplace], clock: Callable[[], datetime]) -> APIRouter:
    """All routes below :data:`PREFIX`. ``place()`` gives the workplace of the moment, ``clock()`` an aware instant."""
    desk = Desk(place, clock)
    router = desk.routes()
    take_over(
        router, agreements(desk), hearing(desk), hearing_acts(desk), cases(desk), records(desk), law(desk)
    )
    document = cache(lambda: described(router))

    @router.get("/openapi.json", include_in_schema=False)
    def describe() -> Response:
        """This description."""
        return JSONResponse(document())

    return router


def described(router: APIRouter) -> dict[str, Any]:
    """The description of the routes of ``router``."""
    found = get_openapi(
        title="Aftalefrist", version=__version__, description=_ABOUT, routes=router.routes, tags=_TAGS,
        license_info={"name": "MIT", "identifier": "MIT"},
    )  # fmt: skip
    found["components"]["securitySchemes"] = {
        "token": {
            "type": "http",
            "scheme": "bearer",
            "description": "A read-only token: `aftale token add`.",
        },
        "session": {
            "type": "apiKey",
            "in": "cookie",
            "name": SESSION,
            "description": "A person who signed in.",
        },
        "form": {
            "type": "apiKey",
            "in": "header",
            "name": HEADER,
            "description": "`csrf` of the person's forms.",
        },
    }
    found["security"] = [{"token": []}]
    for path in found["paths"].values():
        if "post" in path:
            path["post"]["security"] = [{"session": [], "form": []}]
    return found
