"""Calendars: the file at its secret address, and the page where people make and end their own."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Path, Request, Response
from fastapi.responses import RedirectResponse

from workflow.errors import AftaleError, NotFound
from workflow.faces.daemon.workplace import Workplace
from workflow.faces.web.api.told import unchanged
from workflow.faces.web.gate.pace import Pace, client_of
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.gate.visitor import Visitor, may
from workflow.faces.web.problems import status_of
from workflow.faces.web.sheets import Sheets
from workflow.language import phrase, said_by
from workflow.rules.days import danish_day
from workflow.services.views.calendars import feeds
from workflow.services.views.calendars.feedbeside import WARNED, FeedJson

CACHE = "private, max-age=3600"
SUBSCRIBES = Depends(may(Action.SUBSCRIBE))


def feed_routes(place: Callable[[], Workplace], clock: Callable[[], datetime], sheets: Sheets) -> APIRouter:
    """``/kalender/{secret}.ics`` for whoever has the address, and ``/kalendere`` for whoever is signed in."""
    routes = APIRouter()
    wrong_addresses = Pace(30, seconds=60)

    @routes.get("/kalender/{secret}.ics")
    def read(request: Request, secret: Annotated[str, Path(max_length=200)]) -> Response:
        """The calendar; 404 for an address that is unknown or revoked, 429 for whoever tries too many of those."""
        at, here = clock(), place()
        client = client_of(request)
        wrong_addresses.refuse_if_spent(client, at)
        try:
            feed = feeds.find_feed(here.engine, secret, danish_day(at))
        except NotFound:
            wrong_addresses.take(client, at)
            raise
        written = feeds.write_feed(here.engine, here.rulebook, feed, today=danish_day(at), instance=here.instance,
                                   base_url=here.settings.base_url)  # fmt: skip
        answer = unchanged(request, written, "text/calendar; charset=utf-8", CACHE)
        answer.headers["Content-Disposition"] = 'inline; filename="frister.ics"'
        return answer

    @routes.get("/kalendere")
    def show(request: Request, visitor: Visitor = SUBSCRIBES) -> Response:
        """The visitor's own calendars and a form for a new one."""
        return _page(request, visitor)

    @routes.post("/kalendere")
    def make(
        request: Request, of: Annotated[str, Form(max_length=60)] = "",
        name: Annotated[str, Form(max_length=feeds.MOST_NAME)] = "", visitor: Visitor = SUBSCRIBES,
    ) -> Response:  # fmt: skip
        """Make one and show its address, this once."""
        here = place()
        kind, _, chosen = of.partition(":")
        if of not in {value for value, _ in _choices(visitor)}:
            raise NotFound(phrase("kalenderen findes ikke"))
        try:
            whole = kind.removesuffix("-mine")
            feed, secret = feeds.add_feed(
                here.engine, here.rulebook, region=chosen if whole == "region" else "",
                body=chosen if whole == "body" else "", name=name, by=_who(visitor), at=clock(), mine=whole != kind,
                valid_to=_last_day(),
            )  # fmt: skip
        except AftaleError as error:
            return _page(request, visitor, status=status_of(error), said=said_by(error))
        address = f"{here.settings.base_url.rstrip('/')}/kalender/{secret}.ics"
        return _page(request, visitor, status=201, made=feed["name"], address=address, until=feed["valid_to"])

    @routes.post("/kalendere/{number}/forny")
    def renew(number: Annotated[int, Path(ge=1, le=2**31 - 1)], visitor: Visitor = SUBSCRIBES) -> Response:
        """Let one of the visitor's own go on, at the same address; an administrator's reach is everybody's."""
        feeds.renew_feed(place().engine, number, _last_day(), clock(), _made_by(visitor))
        return RedirectResponse("/kalendere", 303)

    @routes.post("/kalendere/{number}/ophaev")
    def end(number: Annotated[int, Path(ge=1, le=2**31 - 1)], visitor: Visitor = SUBSCRIBES) -> Response:
        """Revoke one of the visitor's own; an administrator's reach is everybody's."""
        feeds.revoke_feed(place().engine, number, clock(), _made_by(visitor))
        return RedirectResponse("/kalendere", 303)

    def _last_day() -> date:
        return danish_day(clock()) + timedelta(days=place().settings.key_days)

    def _page(
        request: Request,
        visitor: Visitor,
        *,
        status: int = 200,
        said: str = "",
        made: str = "",
        address: str = "",
        until: str | None = None,
    ) -> Response:
        found = feeds.list_feeds(place().engine, _made_by(visitor))
        today = danish_day(clock())
        of = {region.id: region.name for region in place().rulebook.regions}
        return sheets.page(
            request, "papers/kalendere.html", visitor, status=status, said=said, made=made, made_until=until,
            address=address, webcal=re.sub("^https?", "webcal", address), choices=_choices(visitor),
            today=today.isoformat(), soon=(today + timedelta(days=max(WARNED))).isoformat(),
            feeds=[one | {"of": _whose(one, of)} for one in found],
        )  # fmt: skip

    def _choices(visitor: Visitor) -> list[tuple[str, str]]:
        """What the visitor may subscribe to, as the form sends it and as it reads."""
        reached = visitor.regions(Action.SUBSCRIBE)
        found: list[tuple[str, str]] = [("", phrase("Alle regioner"))] if reached is None else []
        if visitor.body:
            found.append((f"body-mine:{visitor.body}", phrase("Kun det, jeres råd skal gøre")))
            found.append((f"body:{visitor.body}", phrase("Jeres egen aftale")))
        elif visitor.region and visitor.reach(Action.RECORD):
            found.append((f"region-mine:{visitor.region}", phrase("Kun det, sekretariatet skal gøre")))
        found += [
            (f"region:{region.id}", region.name)
            for region in place().rulebook.regions
            if reached is None or region.id in reached
        ]
        return found

    return routes


def _whose(feed: FeedJson, names: dict[str, str]) -> str:
    whose = names.get(feed["region"]) or feed["body"] or phrase("alle regioner")
    return phrase("%(whose)s, kun egne", whose=whose) if feed["mine"] else whose


def _made_by(visitor: Visitor) -> str | None:
    """Whose calendars a visitor may renew and end: the visitor's own; an administrator, everybody's (``None``)."""
    return None if visitor.reach(Action.MANAGE) is not None else _who(visitor)


def _who(visitor: Visitor) -> str:
    return visitor.email or visitor.name
