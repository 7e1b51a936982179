"""What is worked out of one standing the first time only: every date and every letter of the day asks for it again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import wraps
from typing import TypeVar, TypeVarTuple

from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook

_T = TypeVar("_T")
_More = TypeVarTuple("_More")


def once(
    work: Callable[[Standing, Rulebook, *_More], Sequence[_T]],
) -> Callable[[Standing, Rulebook, *_More], list[_T]]:
    """``work``, which depends on its arguments alone; what it gives is kept with the standing."""

    @wraps(work)
    def kept(standing: Standing, rulebook: Rulebook, *more: *_More) -> list[_T]:
        key = (work, id(rulebook), *more)
        if key not in standing.kept:  # with the rulebook, so that no other is given its number
            standing.kept[key] = rulebook, work(standing, rulebook, *more)
        return list(standing.kept[key][1])

    return kept
