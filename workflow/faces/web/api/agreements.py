"""Agreements, their texts and councils, their deadlines and why each date is what it is."""

from __future__ import annotations

import re
from datetime import date

from fastapi import APIRouter, Depends, Query, Request, Response

from workflow.errors import Invalid, NotFound
from workflow.faces.web.api import models
from workflow.faces.web.api.asked import AsOf, Cursor, Day, DeadlineId, Limit, OfRegion
from workflow.faces.web.api.desk import Desk
from workflow.faces.web.api.told import BAD_CURSOR, Page, after, cut, page, problems, told
from workflow.faces.web.gate.policy import Action
from workflow.faces.web.gate.visitor import Visitor, may
from workflow.rules.timeline import Deadline
from workflow.services.due.dates import dated, explained
from workflow.services.lookahead.planning import planned_json
from workflow.services.planning.marks import marks_json
from workflow.services.views.lookback import standings_after
from workflow.services.views.status import (
    DeadlineJson,
    councils_json,
    deadline_json,
    readiness_json,
    status_json,
)
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook

READS = Depends(may(Action.READ))
BATCH, MOST_FOLDED = 5, 50  # agreements at a time, and in one answer


def agreements(desk: Desk) -> APIRouter:
    """The routes that read agreements."""
    router, asked = desk.routes("agreements"), desk.standings(Action.READ)

    @router.get("/agreements", response_model=Page[models.Summary], responses=problems(404, 422))
    def list_agreements(
        request: Request, as_of: AsOf = None, region: OfRegion = None, limit: Limit = 50, cursor: Cursor = None,
        visitor: Visitor = READS,
    ) -> Response:  # fmt: skip
        """Every agreement you may see, by region and label."""
        only, place = desk.regions(visitor, Action.READ, region), desk.place()
        found = standings_after(place.engine, place.rulebook, desk.day(as_of), regions=only,
                                after=_place(after(cursor))[0], limit=limit + 1)  # fmt: skip
        shown, rest = cut(found, limit, lambda standing: standing.agreement.key)
        return page(
            request, [models.Summary.model_validate(status_json(one, one.rules)) for one in shown], rest
        )

    @router.get("/agreements/{region}/{label}", response_model=models.Agreement, responses=problems(404, 422))
    def read_agreement(request: Request, standing: Standing = asked) -> Response:
        """Where it stands: each machine's state, the next date, the councils, and what blocks."""
        said = status_json(standing, standing.rules) | {"councils": _councils(standing)}
        return told(request, models.Agreement.model_validate(said))

    @router.get("/agreements/{region}/{label}/versions", response_model=Page[models.Version],
                responses=problems(404, 422))  # fmt: skip
    def list_versions(request: Request, standing: Standing = asked) -> Response:
        """Its texts, the oldest first."""
        return page(request, _versions(standing), None)

    @router.get("/agreements/{region}/{label}/councils", response_model=Page[models.Council],
                responses=problems(404, 422))  # fmt: skip
    def list_councils(request: Request, standing: Standing = asked) -> Response:
        """Every council that must approve, the regional one first, with its decision on the newest text."""
        return page(request, [models.Council.model_validate(one) for one in _councils(standing)], None)

    @router.get("/agreements/{region}/{label}/readiness", response_model=models.Readiness,
                responses=problems(404, 409, 422))  # fmt: skip
    def read_readiness(request: Request, standing: Standing = asked) -> Response:
        """What stands between here and submission, each with its provision and who can clear it."""
        rules = standing.rules
        said = readiness_json(standing, rules) | {"marks": marks_json(standing, rules)}
        return told(request, models.Readiness.model_validate(said))

    @router.get("/agreements/{region}/{label}/plan", response_model=models.Plan,
                responses=problems(404, 409, 422))  # fmt: skip
    def read_plan(request: Request, standing: Standing = asked) -> Response:
        """By when the text must be sent, which council sets that day, and how much each has left; 409 where there is
        nothing to plan."""
        return told(request, models.Plan.model_validate(planned_json(standing)))

    @router.get("/agreements/{region}/{label}/deadlines", response_model=Page[models.Deadline],
                responses=problems(404, 422))  # fmt: skip
    def list_own_deadlines(request: Request, standing: Standing = asked) -> Response:
        """Its deadlines and the days that were agreed or asked for, the earliest first; those without a date last."""
        return page(request, _deadlines(standing, standing.rules), None)

    @router.get("/agreements/{region}/{label}/deadlines/{deadline}", response_model=models.Deadline,
                responses=problems(404, 422))  # fmt: skip
    def read_deadline(request: Request, deadline: DeadlineId, standing: Standing = asked) -> Response:
        """One deadline."""
        return told(request, models.Deadline.model_validate(_why(standing, deadline, standing.rules)))

    @router.get("/agreements/{region}/{label}/deadlines/{deadline}/why", response_model=models.Why,
                responses=problems(404, 422))  # fmt: skip
    def read_why(request: Request, deadline: DeadlineId, standing: Standing = asked) -> Response:
        """Why its date is what it is: each step in Danish words, with its provision."""
        return told(request, models.Why.model_validate(_why(standing, deadline, standing.rules)))

    @router.get("/deadlines", response_model=Page[models.Deadline], responses=problems(404, 422))
    def list_deadlines(
        request: Request, as_of: AsOf = None, region: OfRegion = None,
        status: models.DeadlineStatus | None = Query(None, description="Only those that stand so."),
        earliest: Day | None = Query(None, description="Only with a date on or after that day."),
        latest: Day | None = Query(None, description="Only with a date on or before that day."),
        limit: Limit = 50, cursor: Cursor = None, visitor: Visitor = READS,
    ) -> Response:  # fmt: skip
        """The deadlines and agreed days of every agreement you may see, by agreement and date.

        A page may hold fewer than `limit`, or none, and still have a `next`: one answer looks through at most fifty
        agreements."""
        only, place = desk.regions(visitor, Action.READ, region), desk.place()
        begin, skip = _place(after(cursor))
        found: list[models.Deadline] = []
        for _ in range(0, MOST_FOLDED, BATCH):  # as many agreements as the page needs: each is folded
            batch = standings_after(place.engine, place.rulebook, desk.day(as_of), regions=only, after=begin,
                                    limit=BATCH)  # fmt: skip
            for standing in batch:
                for number, deadline in enumerate(dated(standing, standing.rules)):
                    if number < skip or not _wanted(deadline, status, earliest, latest):
                        continue
                    if len(found) == limit:
                        return page(request, found, f"{begin}#{number}")
                    found.append(models.Deadline.model_validate(deadline_json(standing, deadline)))
                begin, skip = standing.agreement.key, 0
            if len(batch) < BATCH:
                return page(request, found, None)
        return page(request, found, begin)  # what was asked for is rare: whoever reads on pays for more

    return router


def _place(cursor: str) -> tuple[str, int]:
    """The last agreement that was shown whole ("": none), and how many deadlines of the next one were passed."""
    key, _, passed = cursor.partition("#")
    if key.count("/") != bool(key) or not re.fullmatch("[0-9]{0,4}", passed, re.ASCII):
        raise Invalid(BAD_CURSOR)
    return key, int(passed or 0)


def _deadlines(standing: Standing, rulebook: Rulebook) -> list[models.Deadline]:
    return [models.Deadline.model_validate(deadline_json(standing, one)) for one in dated(standing, rulebook)]


def _wanted(deadline: Deadline, status: str | None, earliest: date | None, latest: date | None) -> bool:
    on = deadline.legal_on
    if status and deadline.status != status:
        return False
    return (not earliest or bool(on and on >= earliest)) and (not latest or bool(on and on <= latest))


def _why(standing: Standing, asked: str, rulebook: Rulebook) -> DeadlineJson:
    rule, _, subject = asked.partition(":")
    found = explained(standing, rulebook, rule, subject)
    if found is None:
        known = ", ".join(d.id + (f":{d.subject}" if d.subject else "") for d in dated(standing, rulebook))
        raise NotFound(f"{standing.agreement.key} har ingen frist {asked!r}; den har {known}")
    return deadline_json(standing, found)


def _versions(standing: Standing) -> list[models.Version]:
    return [
        models.Version(
            number=one.number, state=one.state, state_text=one.state_name, revision=one.revision,
            document=one.document or None, closes_on=one.closes_on, closes_at=one.closes_at or None,
            sent_on=one.sent_on, reply_by=one.reply_by, submitted_on=one.submitted_on,
            received_on=one.received_on, answered_on=one.answered_on, tacit=one.tacit,
        )
        for one in standing.course.versions
    ]  # fmt: skip


def _councils(standing: Standing) -> list[dict[str, object]]:
    current = standing.course.current
    meets = current.meets_on if current else {}
    said = standing.course.tables.decision.states
    return [
        one | {"state_text": said[one["state"]], "meets_on": meets.get(one["code"])}
        for one in councils_json(standing)
    ]
