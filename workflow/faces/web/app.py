"""The site, assembled: the gate before every route, the routes, and the answers to what goes wrong.

No scripts, but one that helps the keyboard on one page.

Bound to 127.0.0.1 by default. Who may see what stands in ``gate/policy.py``; a route that names no action stops the
start.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from fastapi import FastAPI, Response
from starlette.middleware.body_limit import RequestBodyLimitMiddleware

from workflow.faces.daemon.outage import Outage
from workflow.faces.daemon.workplace import Workplace, templates
from workflow.faces.web.api.document import api
from workflow.faces.web.bodies import SMALL, Bodies
from workflow.faces.web.errors import Errors
from workflow.faces.web.feed import feed_routes
from workflow.faces.web.gate.entrance import Gate
from workflow.faces.web.gate.firstcode import first_code_routes
from workflow.faces.web.gate.oidc import oidc_routes
from workflow.faces.web.gate.postman import Postman
from workflow.faces.web.gate.routes import table, take_over
from workflow.faces.web.gate.signing import sign_in_routes
from workflow.faces.web.gate.trail import Trail
from workflow.faces.web.headers import Door
from workflow.faces.web.pages.routes import page_routes
from workflow.faces.web.sheets import Sheets
from workflow.faces.web.statements import statement_routes
from workflow.faces.web.tongue import Tongue
from workflow.faces.web.watch import add_watch


def create_app(
    place: Callable[[], Workplace],
    clock: Callable[[], datetime],
    settle: Callable[[Workplace], None] | None = None,
    outage: Outage | None = None,
) -> FastAPI:
    """The application. ``place()`` gives the workplace of the moment, whose rules may be reloaded; ``clock()`` an
    aware instant; ``settle(place)`` puts one with other settings in its stead;
    ``outage`` knows whether the database can be used. :class:`Misconfigured` when a page's
    template is missing or broken, :class:`LookupError` for a route that says not who may."""
    app = FastAPI(title="Aftalefrist", docs_url=None, redoc_url=None, openapi_url=None)
    gate = app.state.gate = Gate(place, clock)
    sheets = app.state.sheets = Sheets(templates(place().settings) / "pages", gate)
    app.state.settle = settle
    postman = app.state.postman = Postman(place, clock)
    errors = Errors(sheets, outage)
    errors.add_to(app)

    @app.get("/style.css")
    def stylesheet() -> Response:
        return Response(sheets.style, media_type="text/css", headers={"Cache-Control": "max-age=300"})

    @app.get("/grid.js")
    def grid_script() -> Response:
        """The only script there is: the keyboard in the councils' table, which works without it."""
        return Response(
            sheets.grid_script, media_type="text/javascript", headers={"Cache-Control": "max-age=300"}
        )

    add_watch(app, place, clock, outage)
    if place().settings.oidc_issuer:
        take_over(app.router, oidc_routes(gate))  # before /log-ind/{link}
    take_over(
        app.router, sign_in_routes(gate, sheets, postman), first_code_routes(gate, sheets),
        statement_routes(gate, sheets),
        page_routes(place, clock, sheets), api(place, clock), feed_routes(place, clock, sheets),
    )  # fmt: skip
    app.add_middleware(
        RequestBodyLimitMiddleware, max_body_size=SMALL
    )  # a route that takes files says its own
    app.add_middleware(Bodies, gate=gate, errors=errors)
    app.add_middleware(Trail, gate=gate)
    app.add_middleware(Tongue, gate=gate)
    app.add_middleware(Door, gate=gate, errors=errors)
    table(app)
    return app
