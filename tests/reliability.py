"""The figures of the delivery guarantee: kept by the suites that measure them, shown in ``docs/reliability.md``.

:func:`keep` writes one row below ``build/figures``. ``python -m tests.reliability``, with which ``make torture`` ends,
gathers the rows into ``docs/reliability.json`` and writes the page from that file; nothing on the page is typed in.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

ROOT = Path(__file__).resolve().parents[1]
FIGURES = ROOT / "build" / "figures"
DATA, PAGE = ROOT / "docs" / "reliability.json", ROOT / "docs" / "reliability.md"

INTRODUCTION = """\
# Reliability

> Every notice the rules require exists exactly once in the database from the moment it is planned. It is handed
> to the mail server at least once, never zero times, unless a person cancelled it with a reason or the server
> refused the address for good. A second copy can arise only when we or the connection die between the final
> dot and the record of the 250; such a notice is marked *usikker*, and the copies are byte for byte the same.

What follows was measured, not typed: `make torture` runs the suites and writes this page from
[reliability.json](reliability.json). A smaller size of each suite is part of `make test`. `kill -9` ends a
process, not a machine: what a power cut leaves is the database's promise (`synchronous=FULL`, or PostgreSQL's
own).\
"""

SECTIONS = {
    "kills": (
        "Random kills",
        "The delivery pass runs in a process of its own and hands letters to a mail server in another. It "
        "is killed with `kill -9` at random instants, spread over all the work there is; the next one "
        "takes up what is left. *Lost* are letters the mail server never took, *extra copies* those it "
        "took more than once, *silent* the extra copies whose notice does not say *usikker*, *differ* "
        "those that are not the stored bytes with the stored Message-ID.",
    ),
    "crash points": (
        "Every step, every answer",
        "Killed at a named step of one sending, and the mail server answers the first try that it hears "
        "to the end with 250, 451, 554 or by hanging up. In each cell nothing was lost and the letter was "
        "accepted at last; the cell says how many copies the mail server may have taken, and whether the "
        "notice is flagged *usikker*.",
    ),
    "outage": (
        "Three days without a mail server",
        "The clock is passed in; the passes are the daemon's. The warning stands on the page, the alarm "
        "goes by the second channel. They are due within 30 minutes and within 4 hours.",
    ),
    "database away": (
        "A day without PostgreSQL",
        "A server of the test's own is stopped for a day and started again; the clock is passed in, the passes and "
        "the looks at the database are the daemon's. Half of the letters fall due while it is away. The second "
        "channel is told within 120 seconds, from memory.",
    ),
    "postfix": (
        "A real Postfix",
        "`aftale daemon` and a Postfix of its own on loopback, both killed with `kill -9` again and "
        "again, a moment apart. What is counted lies in the maildirs at the far end. Every fiftieth "
        "address does not exist: the report that comes back is read by the daemon, matched to its notice, "
        "and the letter goes to the body's next mailbox.",
    ),
    "workers": (
        "Several daemons on one database",
        "Real processes on PostgreSQL. *Silent* are extra copies whose notice does not say *usikker*.",
    ),
    "siege": (
        "A site under siege",
        "`aftale daemon` with as many files as its unit lets it hold (or the machine), and with the 1,024 of an "
        "ordinary shell. 1,015 connections that never finish their question and 45 sign-ins that an identity provider "
        "leaves hanging "
        "are there at once, and each that is hung up on comes again a second later, until 500 letters are out; 500 "
        "letters undisturbed before them, and so three times. Besieged they may take twice as long, `/readyz` two "
        "seconds, the log 1,000,000 octets.",
    ),
    "told later": (
        "A letter written later",
        "Random legal histories under every regime. Each letter about an event is written as on its day, "
        "and again up to 400 days later, with all that had been recorded by then. Compared is each "
        "paragraph but those under *Siden da* and under the heading that asks for something: these are of "
        "the day on which the letter is written.",
    ),
    "journal": (
        "A journal that was tampered with",
        "Random changes behind the program's back, and how many were found.",
    ),
    "reckoner": (
        "Losses put in by hand",
        "Ways to lose a letter, and what the second reckoner calls each.",
    ),
}


SUMMED = {"told later": "random histories, in batches of their own"}
"""Sections whose rows are parts of one whole: the page shows their sum."""


def keep(section: str, what: str, figures: Mapping[str, int | str], *, long: bool = True) -> None:
    """Keep measured figures of ``section`` (of :data:`SECTIONS`) under the row ``what``. ``long`` is false for the
    short size of a suite that has two: the page is never made from it."""
    row = {"section": section, "what": what, "long": long, "figures": dict(figures)}
    name = hashlib.sha256(json.dumps([section, what, sorted(figures)]).encode()).hexdigest()[:16]
    FIGURES.mkdir(parents=True, exist_ok=True)
    (FIGURES / f"{name}.json").write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")


def version(engine: Engine) -> str:
    """``SQLite 3.40.1`` or ``PostgreSQL 15.14``."""
    with engine.connect():  # the dialect asks at its first connection
        told = ".".join(map(str, engine.dialect.server_version_info or ()))
    return f"{'PostgreSQL' if engine.dialect.name == 'postgresql' else 'SQLite'} {told}"


def gathered(known: Mapping[str, Any]) -> dict[str, dict[str, dict[str, int | str]]]:
    """Section, row, figures: those of ``known``, with the sections that were measured anew in their place."""
    measured: dict[str, dict[str, dict[str, int | str]]] = {}
    for path in sorted(FIGURES.glob("*.json")):
        row = json.loads(path.read_text(encoding="utf-8"))
        if row["long"]:
            measured.setdefault(row["section"], {}).setdefault(row["what"], {}).update(row["figures"])
    for name in SUMMED.keys() & measured.keys():
        measured[name] = {SUMMED[name]: _sum(measured[name].values())}
    return {name: measured.get(name) or known[name] for name in SECTIONS if name in measured or name in known}


def _sum(rows: Collection[Mapping[str, int | str]]) -> dict[str, int | str]:
    """Each figure of the rows added up."""
    total: Counter[str] = Counter()
    for figures in rows:
        total.update({name: figure for name, figure in figures.items() if isinstance(figure, int)})
    return {name: total[name] for name in next(iter(rows))} if rows else {}


def page(data: Mapping[str, Mapping[str, Mapping[str, int | str]]]) -> str:
    """The page in Markdown."""
    lines = [INTRODUCTION]
    for name, rows in data.items():
        title, said = SECTIONS[name]
        lines += ["", f"## {title}", "", said, "", *_table(rows)]
    return "\n".join(lines) + "\n"


def _table(rows: Mapping[str, Mapping[str, int | str]]) -> Sequence[str]:
    columns = list(dict.fromkeys(column for figures in rows.values() for column in figures))
    if set(columns) == {"250", "4xx", "5xx", "drop"}:
        columns.sort()
    head = ["| | " + " | ".join(columns) + " |", "|---" + "|---:" * len(columns) + "|"]
    return head + [
        f"| {what} | " + " | ".join(_said(rows[what].get(column, "")) for column in columns) + " |"
        for what in sorted(rows)
    ]


def _said(figure: int | str) -> str:
    return f"{figure:,}" if isinstance(figure, int) else figure


if __name__ == "__main__":
    told = gathered(json.loads(DATA.read_text(encoding="utf-8")) if DATA.exists() else {})
    DATA.write_text(json.dumps(told, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    PAGE.write_text(page(told), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {', '.join(f'{len(rows)} {name}' for name, rows in told.items())}")
