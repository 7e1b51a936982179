"""Which parties had answered the hearing under way, worked out a second time from the journal of acts.

On purpose this is not what the planner reads (``workflow/storage/facts/heard.py``): a mistake there must not be a
mistake here.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import select
from sqlmodel import Session, col

from workflow.rules.days import danish_day
from workflow.storage.facts.acts import Act
from workflow.storage.facts.heard import ANSWERED, HEARING, STRUCK
from workflow.storage.facts.projection import Standing
from workflow.values import replace


def with_answers(session: Session, standing: Standing, unknown: Callable[[datetime], bool]) -> Standing:
    """``standing`` with the parties whose answer had come by its day and was not struck out. ``unknown`` says of the
    instant (aware) at which a line was written that nobody knew of it yet."""
    version = standing.course.current
    if version is None:
        return standing
    about = f"{standing.agreement.key}@{version.number}"
    acts = select(Act).where(col(Act.room) == HEARING, col(Act.about) == about).order_by(col(Act.no))
    holding: dict[int, str] = {}
    for act in session.scalars(acts):
        if unknown(act.at):
            continue
        if act.what == STRUCK:
            holding.pop(int(str(act.told["number"])), None)
        elif (
            act.what == ANSWERED and danish_day(datetime.fromisoformat(str(act.told["at"]))) <= standing.as_of
        ):
            holding[act.no] = str(act.told["party"])
    return replace(standing, answered=frozenset(holding.values()))
