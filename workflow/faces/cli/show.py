"""How a command prints: JSON alone on stdout, or plain words; tables are aligned, and coloured on a terminal only."""

from __future__ import annotations

import json
import sys
import textwrap
from collections.abc import Sequence
from contextvars import ContextVar
from datetime import date
from typing import Any

from workflow.mail.words import tied
from workflow.rules.days import spoken

STATUS = {
    "upcoming": "kommer",
    "overdue": "OVERSKREDET",
    "met": "opfyldt",
    "met_late": "opfyldt for sent",
    "lapsed": "bortfaldet",
    "waived": "frafaldet",
    "undated": "uden dato",
}
QUOTA = {"ok": "nået eller planlagt", "at_risk": "i fare", "missed": "IKKE NÅET", "lapsed": "bortfaldet"}
ROOM = 14  # columns a cell needs to be readable; below that a row becomes a block
quiet: ContextVar[bool] = ContextVar("quiet", default=False)  # aftale -q
LATE, SOON, GOOD = "bold red", "yellow", "green"
_STYLE = {"OVERSKREDET": LATE, "opfyldt": GOOD, "opfyldt for sent": SOON, "kommer": "cyan",
          "standset": LATE, "afvist": LATE, "returneret": LATE, "IKKE NÅET": LATE, "i fare": SOON}  # fmt: skip


def rules_end(standing: Any) -> str:
    """When the rules behind an agreement end and how sure that is; empty where no end is known of."""
    ends, confirmed_on = standing.agreement.regime.ends, standing.rules_end_on
    if confirmed_on is None and ends is None:
        return ""
    days = [confirmed_on] if confirmed_on else ends.candidates
    said = " eller ".join(long_day(day) for day in days)
    cite = ends.cite if ends else standing.course.law_ended.source
    return f"{'ophævet' if len(days) == 1 else 'måske ophævet'} pr. {said} ({cite})"


def as_json(value: Any) -> None:
    """Print one JSON document."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def say(text: str) -> None:
    """Talk: to stderr, so that data on stdout stays data; nothing when quiet was asked for."""
    if not quiet.get():
        print(text, file=sys.stderr)


def complain(text: str) -> None:
    """What went wrong where the command goes on: to stderr, whoever asked for silence."""
    print(f"aftale: {text}", file=sys.stderr)


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """An aligned table; with rich on a terminal (where it is too narrow, one block a row), plain columns elsewhere."""
    widths = [max(len(row[i]) for row in [headings, *rows]) for i in range(len(headings))]
    if not sys.stdout.isatty():
        for row in [headings, *rows]:
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        return
    from rich.console import Console
    from rich.table import Table

    console = Console(highlight=False)
    if sum(widths) + 2 * len(widths) > console.width and console.width < ROOM * len(widths):
        for row in rows:
            _block(headings, row)
        return
    drawn = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        drawn.add_column(heading, overflow="fold")
    for row in rows:
        drawn.add_row(*(_styled(cell, _STYLE.get(cell, "")) for cell in row))
    console.print(drawn)


def line(text: str, style: str = "") -> None:
    """One line of words; on a terminal in ``style``, wrapped at its width with what follows the label hanging."""
    if not sys.stdout.isatty():
        print(text)
        return
    from rich.console import Console

    console = Console(highlight=False)
    hang = " " * (4 if text.startswith(" ") else 2)
    width = max(console.width, 20)
    for part in textwrap.wrap(tied(text), width, subsequent_indent=hang, break_on_hyphens=False):
        console.print(_styled(part.replace("\N{NO-BREAK SPACE}", " "), style), soft_wrap=True)


def _block(headings: Sequence[str], row: Sequence[str]) -> None:
    line(row[0], "bold")
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
