"""What the lines above say of those below, while a list is read from its first line to its last."""

from __future__ import annotations

from datetime import date

from workflow.rules.days import BusinessDays
from workflow.values import dataclass, field


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What a line calls off or moves: meetings of ``organs`` in ``months``, in ISO ``weeks``, ``near`` the Danish day
    to which one is moved, or, where none of them is said, any."""

    line: str
    organs: frozenset[str]
    months: frozenset[int]
    weeks: frozenset[int] = frozenset()
    near: date | None = None


@dataclass(slots=True)
class Page:
    """What the headings above say: whose meetings (``body``, ``organ``), when (``year``, ``month``), and what the
    columns of the table are. ``guessed``: the year is another line's; ``unread`` is what a person must say first;
    ``tentative`` the word by which a year's heading calls its days unsettled; ``number`` that of the line; ``rules``
    the lines that tell a rule, ``replaced`` the months (of a year, or of each) in which exceptions stand for it,
    ``instead`` those whose meeting of an organ a line below it tells; ``years`` all that the text names,
    ``in_brackets``: it says that behind each meeting stands the last day of its agenda; ``below_years`` whether several
    stand alone, each above its own days; ``impossible`` the days that are none;
    ``withdrawn`` what a line calls off or moves without its day; ``unproven`` whether a day was told without a weekday
    that fits the year."""

    days: BusinessDays
    body: str
    year: int | None
    organ: str = ""
    month: int | None = None
    columns: list[tuple[str, object]] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    by_rule: bool = False
    guessed: bool = False
    excepting: str = ""
    rule_excepting: str = ""
    tentative: str = ""
    number: int = 0
    rules: set[int] = field(default_factory=set)
    replaced: set[tuple[int | None, int]] = field(default_factory=set)
    instead: set[tuple[str, int]] = field(default_factory=set)
    years: set[int] = field(default_factory=set)
    below_years: bool = False
    in_brackets: bool = False
    impossible: list[str] = field(default_factory=list)
    withdrawn: list[Withdrawn] = field(default_factory=list)
    unproven: bool = False
