"""The law behind the dates: regimes and their rules, closed days, and the bodies there are."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request, Response
from pydantic import Field

from workflow.errors import NotFound
from workflow.faces.web.api.asked import AsOf, Region
from workflow.faces.web.api.desk import Desk
from workflow.faces.web.api.told import Page, Told, page, problems, told
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.gate.visitor import may
from workflow.rules.days import spoken
from workflow.services.facts.regimes import closed_days_json, find_regime, regime_json
from workflow.services.views.bodies import bodies_json


class Lasting(Told):
    """Something that is there for a time; both ends are inclusive, null is open."""

    valid_from: date
    valid_to: date | None


class BodyCouncil(Lasting):
    """A municipal council in the region."""

    code: str = Field(examples=["0851"])
    name: str = Field(examples=["Aalborg Kommune"])
    clusters: list[str]


class Group(Lasting):
    """A health cluster or a health council, with the codes of its municipalities."""

    id: str
    name: str
    councils: list[str]


class Body(Lasting):
    """A region and what it consists of on that day."""

    id: str = Field(examples=["nordjylland"])
    code: str | None = Field(examples=["1081"])
    name: str = Field(examples=["Region Nordjylland"])
    successor: str | None
    exists: bool
    on: date
    councils: list[BodyCouncil]
    clusters: list[Group]
    health_councils: list[Group]


class Rule(Told):
    """One duty of a regime and how its date is found, in Danish words."""

    id: str = Field(examples=["submission"])
    title: str
    duty: str = Field(examples=["shall"])
    who: str
    due: str = Field(examples=["1. juli i valgperiodens 2. år"])
    moved_by: str | None
    cite: list[str]
    obligations: list[str]
    certainty: str
    checked_on: date


class Evidence(Told):
    """One thing that speaks for a day on which a regime ends; ``points_to`` is null where it speaks for none."""

    said: str
    cite: str
    points_to: date | None
    weight: str


class Ending(Told):
    """When a regime ends: one confirmed day, or candidates and how sure they are."""

    candidates: list[date]
    confirmed_on: date | None
    certainty: str
    cite: str
    note: str
    evidence: list[Evidence]


class Regime(Told):
    """One executive order with its guidance."""

    id: str = Field(examples=["bek-1248-2022"])
    title: str
    instrument: str = Field(examples=["BEK 1248/2022"])
    in_force_on: date
    terms: list[str]
    committee: str
    parties: str
    tacit_approval: bool
    checked_on: date = Field(description="The day its oldest rule was checked against its source.")
    ends: Ending | None
    deadlines: list[Rule]


class ClosedDay(Told):
    """A day on which no reminder falls. An optional one is closed only for the rules that name it."""

    on: date
    id: str = Field(examples=["anden-paaskedag"])
    name: str
    cite: str
    optional: bool


def law(desk: Desk) -> APIRouter:
    """The routes that read public law and bodies."""
    router = desk.routes("law", Depends(may(Action.READ_RULES)))

    @router.get("/bodies", response_model=Page[Body], responses=problems(422))
    def list_bodies(request: Request, as_of: AsOf = None) -> Response:
        """The regions that exist on a day, with their councils, clusters and health councils."""
        found = bodies_json(desk.place().rulebook, None, desk.day(as_of))
        return page(request, [Body.model_validate(one) for one in found], None)

    @router.get("/bodies/{region}", response_model=Body, responses=problems(404, 422))
    def read_body(request: Request, region: Region, as_of: AsOf = None) -> Response:
        """One region, whenever it exists."""
        return told(
            request,
            Body.model_validate(bodies_json(desk.place().rulebook, region, desk.day(as_of))[0]),
        )

    @router.get("/regimes", response_model=Page[Regime], responses=problems(422))
    def list_regimes(request: Request, as_of: AsOf = None) -> Response:
        """The regimes in force by a day, the oldest first. A regime governs the agreements of its terms for good."""
        regimes, on = desk.place().rulebook.law.regimes, desk.day(as_of)
        found = [regime_json(one.as_known(on)) for one in regimes if one.in_force_on <= on]
        return page(request, [Regime.model_validate(one) for one in found], None)

    @router.get("/regimes/{regime}", response_model=Regime, responses=problems(404, 422))
    def read_regime(
        request: Request,
        regime: Annotated[str, Path(pattern="^[a-z0-9-]{1,60}$", examples=["bek-1248-2022"])],
        as_of: AsOf = None,
    ) -> Response:
        """One regime with its rules; before it is in force it is not there."""
        found, on = find_regime(desk.place().rulebook, regime), desk.day(as_of)
        if on < found.in_force_on:
            raise NotFound(f"{found.instrument} gælder først fra {spoken(found.in_force_on, False)}")
        return told(request, Regime.model_validate(regime_json(found.as_known(on))))

    @router.get("/closed-days", response_model=Page[ClosedDay], responses=problems(422))
    def list_closed_days(
        request: Request, as_of: AsOf = None,
        year: Annotated[int | None, Query(ge=2000, le=2199, description="Default: that of `as_of`.")] = None,
    ) -> Response:  # fmt: skip
        """The closed days of a calendar year with the act behind each; weekends are closed too."""
        found = closed_days_json(desk.place().rulebook, year or desk.day(as_of).year)
        return page(request, [ClosedDay.model_validate(one) for one in found], None)

    return router
