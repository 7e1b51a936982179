"""What a public site must say of itself: how accessible it is, what it keeps about people, whom to tell of a hole."""

from __future__ import annotations

from datetime import date, timedelta

from fastapi import APIRouter, Depends, HTTPException, Request, Response
from fastapi.responses import PlainTextResponse

from workflow.faces.daemon.upkeep import periods_of
from workflow.faces.web.gate.entrance import Gate
from workflow.faces.web.gate.visitor import anyone
from workflow.faces.web.sheets import Sheets
from workflow.rules.days import spoken
from workflow.services.keeping.retention import kept_said

REVIEWED_ON = date(2026, 11, 22)  # change it with the statement
EXPIRES = timedelta(days=180)  # RFC 9116, 2.5.5: less than a year ahead


def statement_routes(gate: Gate, sheets: Sheets) -> APIRouter:
    """``/tilgaengelighed`` (lov 692/2018 § 4), ``/privatliv`` (GDPR 13, 14),
    ``/.well-known/security.txt`` (RFC 9116)."""
    routes = APIRouter(dependencies=[Depends(anyone)])

    @routes.get("/tilgaengelighed")
    def accessibility(request: Request) -> Response:
        contact = gate.place().settings.contact
        return sheets.page(
            request, "frame/tilgaengelighed.html", contact=contact, reviewed=spoken(REVIEWED_ON, False)
        )

    @routes.get("/privatliv")
    def privacy(request: Request) -> Response:
        settings = gate.place().settings
        return sheets.page(
            request, "frame/privatliv.html", contact=settings.contact, kept=kept_said(periods_of(settings))
        )

    @routes.get("/.well-known/security.txt")
    def security() -> PlainTextResponse:
        settings = gate.place().settings
        contact = settings.contact
        if not contact:  # the file is its contact (RFC 9116, 2.5.3): without one there is none
            raise HTTPException(404)
        ends = (gate.clock() + EXPIRES).replace(microsecond=0).isoformat().replace("+00:00", "Z")
        lines = [f"Contact: mailto:{contact}", f"Expires: {ends}", "Preferred-Languages: da, en",
                 f"Canonical: {settings.base_url}/.well-known/security.txt"]  # fmt: skip
        return PlainTextResponse("\n".join(lines) + "\n")

    return routes
