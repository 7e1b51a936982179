"""The first five tables of ``make bench``. Read the ratios; times belong to the machine and the hour
(benchmarks/README.md)."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.table import Table

from benchmarks.branches import branches
from benchmarks.letters import compare as compare_writing
from benchmarks.planning import passes
from benchmarks.relay import LETTERS, compare
from workflow.storage.database import create

COMMANDS = (["-c", "pass"], ["-m", "workflow", "--version"], ["-m", "workflow", "--help"])
console = Console()


def table(title: str, *columns: str) -> Table:
    made = Table(title=title, title_justify="left", title_style="bold")
    for number, column in enumerate(columns):
        made.add_column(column, justify="right" if number else "left")
    return made


def writing() -> None:
    """A letter's words and bytes, beside what the standard library takes for the bytes alone."""
    shown = table("Writing, CPU milliseconds a letter", "", "CPU", "ratio")
    found = compare_writing()
    least = next(iter(found.values()))
    for what, cpu in found.items():
        shown.add_row(what, f"{cpu:.2f}", f"{cpu / least:.2f}")
    console.print(shown)


def delivery(folder: Path) -> None:
    """One letter at a time, durable at each step, beside the least that hands a letter over."""
    engine = create(f"sqlite:///{folder / 'delivery.db'}")
    found = compare(engine)
    engine.dispose()
    wall, cpu = found["raw relay"]
    shown = table(
        f"Delivery, milliseconds a letter ({LETTERS} at a time)", "", "wall", "CPU", "wall ratio", "CPU ratio"
    )
    for what, (its_wall, its_cpu) in found.items():
        shown.add_row(
            what, f"{its_wall:.2f}", f"{its_cpu:.2f}", f"{its_wall / wall:.1f}", f"{its_cpu / cpu:.1f}"
        )
    console.print(shown)


def what_if(folder: Path) -> None:
    """A branch beside the plan it is compared with."""
    engine = create(f"sqlite:///{folder / 'branches.db'}")
    alone, branch, slowest = branches(engine)
    engine.dispose()
    shown = table("What if, milliseconds on a region of 20 councils", "", "time", "ratio")
    for what, took in (("the plan alone", alone), ("a branch", branch), ("the slowest branch", slowest)):
        shown.add_row(what, f"{took:.0f}", f"{took / alone:.1f}")
    console.print(shown)


def planning(folder: Path) -> None:
    """What a pass costs while nothing is due."""
    engine = create(f"sqlite:///{folder / 'planning.db'}")
    shown = table("Planning, milliseconds a pass", "agreements", "nothing due", "one to look at")
    for size, idle, awake in passes(engine):
        shown.add_row(f"{size:,}", f"{idle:.2f}", f"{awake:.2f}")
    engine.dispose()
    console.print(shown)


def starting() -> None:
    """What a command costs before it does anything."""
    shown = table("Start, milliseconds", "", "wall", "ratio")
    bare = 0.0
    for command in COMMANDS:
        took = []
        for _ in range(7):
            begun = time.perf_counter()
            subprocess.run([sys.executable, *command], check=True, capture_output=True)
            took.append((time.perf_counter() - begun) * 1000)
        bare = bare or median(took)
        shown.add_row("python " + " ".join(command), f"{median(took):.0f}", f"{median(took) / bare:.1f}")
    console.print(shown)


if __name__ == "__main__":
    writing()
    with TemporaryDirectory(prefix="aftale-bench-") as folder:
        delivery(Path(folder))
        planning(Path(folder))
        what_if(Path(folder))
    starting()
