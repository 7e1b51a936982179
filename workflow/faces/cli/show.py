"""How a command prints: JSON alone on stdout, or plain words; tables are aligned, and coloured on a terminal only."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from datetime import date
from typing import Any

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
QUOTA = {"ok": "nået eller planlagt", "at_risk": "i fare", "missed": "IKKE NÅET"}
_STYLE = {"OVERSKREDET": "bold red", "opfyldt": "green", "opfyldt for sent": "yellow", "kommer": "cyan"}


def as_json(value: Any) -> None:
    """Print one JSON document."""
    print(json.dumps(value, ensure_ascii=False, indent=2))


def say(text: str) -> None:
    """Talk: to stderr, so that data on stdout stays data."""
    print(text, file=sys.stderr)


def table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """An aligned table; with rich on a terminal, plain columns elsewhere."""
    if sys.stdout.isatty():
        from rich.console import Console
        from rich.table import Table
        from rich.text import Text

        drawn = Table(box=None, pad_edge=False, header_style="bold")
        for heading in headings:
            drawn.add_column(heading, overflow="fold")
        for row in rows:
            drawn.add_row(*(Text(cell, style=_STYLE.get(cell, "")) for cell in row))
        Console().print(drawn)
        return
    widths = [max(len(row[i]) for row in [headings, *rows]) for i in range(len(headings))]
    for row in [headings, *rows]:
        print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())


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
