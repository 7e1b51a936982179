"""Value classes are what the standard library would have made of them."""

from __future__ import annotations

import copy
import dataclasses
from typing import Any

import pytest

from workflow import values


def both(**options: bool) -> list[Any]:
    """One class with every kind of field, by the standard library and by us, and one that inherits it."""
    made = []
    for maker in (dataclasses, values):

        @maker.dataclass(**options)
        class Thing:
            """A thing."""

            name: str
            days: list[int] = maker.field(default_factory=list)
            said: str = maker.field(default="", compare=False)
            secret: str = maker.field(default="x", repr=False)
            kept: dict[str, int] = maker.field(default_factory=dict, init=False, compare=False)
            number: int = 3

            def __post_init__(self) -> None:
                object.__setattr__(self, "number", self.number + 1)

        @maker.dataclass(**options)
        class More(Thing):
            more: int = 0
            number: int = 7

        made.append((Thing, More))
    return made


@pytest.mark.parametrize(
    "options",
    [{}, {"frozen": True}, {"slots": True}, {"frozen": True, "slots": True}, {"eq": False}],
    ids=str,
)
def test_a_value_is_what_the_standard_library_makes(options: dict[str, bool]) -> None:
    def told(do: Any) -> Any:
        try:
            return do()
        except (TypeError, AttributeError) as error:
            return type(error), str(error)

    for theirs, ours in zip(*both(**options), strict=True):
        answers = []
        for kind, maker in ((theirs, dataclasses), (ours, values)):
            one, same, other = kind("a", said="b"), kind("a", said="c"), kind("a", [1], number=5)
            changed = maker.replace(one, name="d", days=[2])
            answers.append([
                repr(one), repr(changed), dataclasses.asdict(other), dataclasses.astuple(other), one == same,
                one == other, one == ("a",), one != same, told(lambda one=one: setattr(one, "name", 1)),
                told(lambda one=one: delattr(one, "name")), told(lambda one=one: hash(one) and "hashed"), told(kind),
                told(lambda kind=kind: kind("a", kept={})), kind.__match_args__,
                repr(copy.deepcopy(other)), repr(dataclasses.replace(one, name="e")), hasattr(one, "__dict__"),
                [(each.name, each.type, each.init, each.repr, each.compare) for each in dataclasses.fields(kind)],
                one.kept is not same.kept, hasattr(kind, "secret"), type(kind.__hash__).__name__,
            ])  # fmt: skip
        assert answers[0] == answers[1]
