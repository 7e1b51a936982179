"""How a command prints: JSON alone on stdout, or plain words; tables are aligned, and coloured on a terminal only."""

from __future__ import annotations

import json
import os
import sys
import textwrap
from collections.abc import Iterable, Sequence
from contextvars import ContextVar
from datetime import date
from typing import Any

from workflow.mail.writing.words import tied
from workflow.rules.days import spoken
from workflow.rules.endings import BREACHED_SAID, between, other_said, state_of

STATUS = {
    "upcoming": "kommer",
    "overdue": "OVERSKREDET",
    "met": "opfyldt",
    "met_late": "opfyldt for sent",
    "lapsed": "bortfaldet",
    "breached": BREACHED_SAID,
    "waived": "frafaldet",
    "undated": "uden dato",
    "passed": "dagen er gået",
}
DATES = {
    "law": "Lovens frist",
    "guidance": "Vejledningens frist",
    "agreed": "Aftalt dato, ingen lovbestemt frist",
    "practice": "Dato efter praksis; loven sætter ingen",
}
QUOTA = {"ok": "nået eller planlagt", "at_risk": "i fare", "missed": "IKKE NÅET", "lapsed": "bortfaldet"}
quiet: ContextVar[bool] = ContextVar("quiet", default=False)  # aftale -q
LATE, SOON, GOOD = "bold red", "yellow", "green"
_STYLE = {
    "opfyldt": GOOD, "opfyldt for sent": SOON, "kommer": "cyan", "i fare": SOON, "ok": GOOD, "note": SOON,
} | dict.fromkeys(
    ("OVERSKREDET", "standset", "afvist", "returneret", "IKKE NÅET", "FAIL", "ill", "misconfigured", "unreachable"),
    LATE,
)  # fmt: skip


def rules_end(standing: Any) -> str:
    """When the rules behind an agreement end and how sure that is; empty where no end is known of."""
    ends, confirmed_on = standing.agreement.regime.ends, standing.rules_end_on
    if confirmed_on is None and ends is None:
        return ""
    days = [confirmed_on] if confirmed_on else ends.candidates
    said = " eller ".join(long_day(day) for day in days)
    cite = ends.cite if ends else standing.course.law_ended.source
    sure = bool(confirmed_on) or standing.as_of >= ends.gone_on
    return f"{'ophævet' if sure else 'måske ophævet'} pr. {said} ({cite})"


def state(deadline: Any, as_of: date | None = None) -> str:
    """A deadline's state, with what an open end of its rules makes of it, and on ``as_of`` its two readings."""
    return state_of(deadline, STATUS[deadline.status], as_of)


def doubts(deadline: Any, as_of: date) -> str:
    """What is open about a date still to come: the end of its rule, and a second reading; each after a semicolon."""
    doubt = "; reglen kan være ophævet" if deadline.doubtful and not between(deadline, as_of) else ""
    other = other_said(deadline, as_of)
    return doubt + (f"; {other}" if other else "")


def as_json(value: Any) -> None:
    """Print one JSON document."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def each_as_json(values: Iterable[Any]) -> None:
    """Print the same document as :func:`as_json` of their list, one after the other."""
    before = "[\n"
    for value in values:
        print(before + textwrap.indent(json.dumps(value, ensure_ascii=False, indent=2), "  "), end="")
        before = ",\n"
    print("[]" if before == "[\n" else "\n]")


def say(text: str) -> None:
    """Talk: to stderr, so that data on stdout stays data; nothing when quiet was asked for."""
    if not quiet.get():
        sys.stdout.flush()  # where both go into one file, what was printed before stands before
        print(text, file=sys.stderr)


def asked(count: int, agreement: str = "") -> None:
    """How many letters about the past wait for the person who entered it."""
    if count:
        which = f" --agreement {agreement}" if agreement else ""
        ours = (
            "1 brev om det, der var sket, venter"
            if count == 1
            else f"{count} breve om det, der var sket, venter"
        )
        say(f"{ours} på dit svar, og intet af det sendes før: aftale history list{which}")


def complain(text: str) -> None:
    """What went wrong where the command goes on: to stderr, whoever asked for silence."""
    sys.stdout.flush()
    print(f"aftale: {text}", file=sys.stderr)


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """An aligned table, with rich on a terminal; one block a row where it could stand only with words broken; plain
    columns in a pipe."""
    columns = [[row[i] for row in [headings, *rows]] for i in range(len(headings))]
    widths = [max(map(len, cells)) for cells in columns]
    words = [max(len(word) for cell in cells for word in cell.split() or [""]) for cells in columns]
    between = 2 * len(widths) - 2
    room, whole = _room(), sum(widths) + between
    if room and sum(words) + between > room:
        for row in rows:
            _block(headings, row)
    elif room and (sys.stdout.isatty() or whole > room):
        from rich.table import Table

        drawn = Table(box=None, pad_edge=False, header_style="bold")
        for heading, widest in zip(headings, words, strict=True):
            drawn.add_column(heading, overflow="fold", min_width=widest)
        for row in rows:
            drawn.add_row(*(_styled(cell, _STYLE.get(cell, "")) for cell in row))
        _console(room).print(drawn)
    else:
        for row in [headings, *rows]:
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


def verdict(said: str, text: str, column: int) -> None:
    """What an examination found: the verdict in a column of its own, in its colour, and what it says beside it."""
    line(f"{said:<{column}}{text}", _STYLE.get(said, ""), hang=column)


def line(text: str, style: str = "", hang: int = 0) -> None:
    """One line of words, on a terminal in ``style``; wrapped where the width is known, with what follows ``hang``
    columns in (by itself a little further than it begins)."""
    room = _room()
    if not room:
        print(text)
        return
    indent = " " * min(hang or (4 if text.startswith(" ") else 2), room // 2)
    console = _console(room) if sys.stdout.isatty() else None
    for part in textwrap.wrap(tied(text), max(room, 20), subsequent_indent=indent, break_on_hyphens=False):
        said = part.replace("\N{NO-BREAK SPACE}", " ")
        if console:
            console.print(_styled(said, style), soft_wrap=True)
        else:
            print(said)


def _room() -> int:
    """Columns there are: the terminal's, in a pipe those of an exported ``COLUMNS``; 0 where nobody knows."""
    if sys.stdout.isatty():
        from rich.console import Console

        return Console().width
    return int(said) if (said := os.environ.get("COLUMNS", "")).isdecimal() else 0


def _console(room: int) -> Any:
    from rich.console import Console

    return Console(highlight=False, width=room)


def _block(headings: Sequence[str], row: Sequence[str]) -> None:
    line(f"{headings[0]} {row[0]}" if row[0].isdecimal() else row[0], "bold")
    for heading, cell in zip(headings[1:], row[1:], strict=True):
        if cell:
            line(f"  {heading}: {cell}", _STYLE.get(cell, ""))


def _styled(text: str, style: str) -> Any:
    from rich.text import Text

    return Text(text, style=style)


def long_day(day: date | str | None) -> str:
    """``"lørdag den 1. juli 2023"``, or a dash."""
    if day is None:
        return "-"
    return spoken(date.fromisoformat(day) if isinstance(day, str) else day)


def days_left(day: date, as_of: date) -> str:
    """``"om 12 dage"``, ``"i dag"``, ``"for 1 dag siden"``."""
    left = (day - as_of).days
    word = "dag" if abs(left) == 1 else "dage"
    if left == 0:
        return "i dag"
    return f"om {left} {word}" if left > 0 else f"for {-left} {word} siden"
