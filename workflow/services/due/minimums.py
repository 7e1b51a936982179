"""The least number of meetings of a year as a date (O-10 to O-13): the committee's, the patient committee's own, and
for each level the clusters' together. A minimum is never overdue; one that a past year fell short of is said to be, for
the agreement's life."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TypedDict

from workflow.language import noted, phrase
from workflow.rules.anchors import Step
from workflow.rules.timeline import Deadline
from workflow.services.due.quotas import Quota, quotas, read
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.values import replace

LEVELS = {"political": noted("det politiske niveau"), "professional": noted("det faglige niveau")}
MINIMUMS = "meetings"


def minimums(standing: Standing, rulebook: Rulebook) -> Iterator[Deadline]:
    """Those of the year until they are reached. Where one reading gives a day that has passed and the other one that
    has not, the date is both."""
    found = [
        quota
        for quota in quotas(standing, rulebook, standing.as_of.year)
        if (quota.held < quota.minimum or quota.state(standing.as_of) == "at_risk")
        and quota.state(standing.as_of) != "lapsed"
    ]
    for body, some in _by_body(found).items():
        leading = min(some, key=lambda q: _asked_by(q, standing.as_of))
        on = _asked_by(leading, standing.as_of)
        yield read(_date(standing, rulebook, body, some, on, "upcoming"), leading)


def unheld(standing: Standing, rulebook: Rulebook) -> Iterator[Deadline]:
    """Those that the years of the agreement fell short of, while their rules held: neither the next year nor the end of
    the rules makes that good."""
    for year in _years(standing):
        found = [q for q in quotas(standing, rulebook, year) if q.state(standing.as_of) == "missed"]
        for body, some in _by_body(found).items():
            gone = all(quota.ends and standing.as_of >= quota.ends.gone_on for quota in some)
            yield _date(standing, rulebook, body, some, date(year, 12, 31), "breached" if gone else "passed")


def _years(standing: Standing) -> list[int]:
    """The years that are over and are told of through this agreement, and no other: those at whose end it was in force.
    Of a year before any was, the agreement that the committees are written to through, or were until the rules ended,
    tells until the next is over."""
    course, last, ended = standing.course, standing.as_of.year - 1, standing.story.ended_on
    effective = course.effective_on if course.concluded else None
    years = range(effective.year, last + 1) if effective else range(0)
    found = [year for year in years if not ended or ended > date(year, 12, 31)]
    others = standing.committees.in_force_from
    if found or course.period == "ended" or (others and others <= date(last, 12, 31)):
        return found
    there = standing.rules.region(standing.agreement.region).holds(standing.as_of)
    return [last] if there and told_through(standing) else []


class MissedJson(TypedDict):
    """A year's meetings that were not held, as ``status``, ``ready`` and the API give them; ``subject`` is body and
    year, ``status`` *passed*, or *breached* where the rules ended since, ``doubtful`` whether they held that day."""

    subject: str
    title: str
    status: str
    doubtful: bool
    cite: str


def missed_json(standing: Standing, rulebook: Rulebook) -> list[MissedJson]:
    """Every year's, the earliest first."""
    return [
        {"subject": one.subject, "title": one.title, "status": one.status, "doubtful": one.doubtful,
         "cite": one.cite[0]}
        for one in unheld(standing, rulebook)
    ]  # fmt: skip


def told_through(standing: Standing) -> bool:
    """Whether the region's committees are written to through this agreement; after the end of its rules: whether they
    were, since what they fell short of is told there."""
    course = standing.course
    period = course.period
    if period == "rules_ended":
        period = "in_force" if course.concluded and course.effective_on else "planned"
    return standing.committees.carried(period, standing.as_of)


def year_over(one: Deadline) -> bool:
    """Whether it is a year's meetings that nobody can hold any more: told, but not waited for."""
    return one.id == MINIMUMS and one.status == "passed"


def _by_body(found: list[Quota]) -> dict[str, list[Quota]]:
    some: dict[str, list[Quota]] = {}
    for quota in found:
        some.setdefault(quota.about.rpartition(":")[2], []).append(quota)
    return some


def _asked_by(quota: Quota, on: date) -> date:
    """The day that is reminded of; the earlier one too when it has passed and nobody has said that it does not hold."""
    running, one = quota.running_on, quota.reading
    passed = running and one and one.open and running < on and quota.state(on) == "at_risk"
    return running if running and passed else quota.asked_by(on)


def _date(
    standing: Standing, rulebook: Rulebook, body: str, some: list[Quota], on: date, status: str
) -> Deadline:
    steps = [Step(phrase("%(Body)s: %(count)s", Body=q.name, count=_count(q)), on, q.cite) for q in some]
    steps[-1] = replace(steps[-1], kind="start")
    over = some[0].year < standing.as_of.year
    if body in ("ssu", "piu"):
        title = phrase(
            noted("Møder i %(year)s %(place)s: %(held)s af mindst %(minimum)s holdt")
            if over
            else noted("Årets møder %(place)s: %(held)s af mindst %(minimum)s holdt"),
            year=some[0].year, place=inside(some[0].name), held=some[0].held, minimum=some[0].minimum,
        )  # fmt: skip
    else:
        few = phrase("1 klynge") if len(some) == 1 else phrase("%(count)s klynger", count=len(some))
        title = phrase(
            noted("Møder i %(year)s i klyngerne, %(level)s: %(clusters)s nåede ikke mindstekravet")
            if over
            else noted("Årets møder i klyngerne, %(level)s: %(clusters)s mangler møder"),
            year=some[0].year, level=LEVELS[body], clusters=few,
        )  # fmt: skip
    return Deadline(
        id=MINIMUMS, subject=f"{body}@{some[0].year}", title=title, duty="shall",
        who=body if body in ("ssu", "piu") else "clusters", status=status,
        legal_on=on, aim_on=rulebook.days.on_or_before(on), original_on=None, met_on=None, revision=1,
        cite=(steps[-1].cite,), why=tuple(steps), doubtful=any(quota.doubtful for quota in some),
    )  # fmt: skip


def _count(quota: Quota) -> str:
    return phrase(
        noted("%(held)s holdt, %(planned)s planlagt i %(year)s; mindst %(minimum)s om året")
        if quota.planned
        else noted("%(held)s holdt, ingen planlagt i %(year)s; mindst %(minimum)s om året"),
        held=quota.held,
        planned=quota.planned,
        year=quota.year,
        minimum=quota.minimum,
    )


def inside(name: str) -> str:
    """``"i sundhedssamarbejdsudvalget"``, ``"på det politiske niveau i ..."``."""
    return phrase("på %(body)s", body=name) if name.startswith("det ") else phrase("i %(body)s", body=name)
