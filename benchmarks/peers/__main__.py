"""The table of ``make bench-peers``: what a letter costs here and elsewhere, turn by turn in one run.

``python -m benchmarks.peers [--letters N] [--rounds N] [WORD ...]``; with words only the senders whose name holds one.
"""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser
from datetime import UTC, datetime
from statistics import median

from rich.console import Console
from rich.table import Table

from benchmarks.peers.measuring import Sender, Turn, turn
from benchmarks.sink import sink
from workflow.rules.days import COPENHAGEN
from workflow.services.delivery.sending import QUIET

TICK = (sys.executable, "-m", "workflow", "tick")
PROTOTYPE = "reachable prototype, 1 process"
PEERS = (
    Sender("django-post-office, 2 processes", "postoffice"),
    Sender("straight script (smtplib, EmailMessage, a commit each)", "script"),
    Sender("django-mailer", "djangomailer"),
    Sender("one APScheduler job per reminder", "scheduler"),
    Sender("procrastinate + aiosmtplib x 8 (PostgreSQL)", "tasks", postgres=True),
)
HOUSE = (
    Sender("Aftalefrist, SQLite, statutory", "statutory", TICK),
    Sender("Aftalefrist, SQLite, reminders", "house", TICK),
    Sender("Aftalefrist, PostgreSQL, statutory", "statutory", TICK, postgres=True),
    Sender("Aftalefrist, PostgreSQL, reminders", "house", TICK, postgres=True),
)
SENDERS = (Sender(PROTOTYPE, "prototype"), *PEERS, *HOUSE)


def shown(found: dict[str, list[Turn]]) -> Table:
    """Medians of the turns, and the rate beside the quickest peer's."""
    table = Table(title="Durable letters, medians", title_justify="left", title_style="bold")
    table.add_column("sender, end to end and durable")
    for column in ("letters/s", "while sending", "CPU s per 1,000", "memory MB", "x best peer"):
        table.add_column(column, justify="right")
    rates = {name: median(one.rate for one in turns) for name, turns in found.items()}
    best = max((rates[peer.name] for peer in PEERS if peer.name in rates), default=0.0)
    for name, turns in found.items():
        cells = (
            f"{rates[name]:,.0f}",
            f"{median(one.steady_rate for one in turns):,.0f}",
            f"{median(one.cpu_of_thousand for one in turns):.1f}",
            f"{median(one.memory for one in turns):.0f}",
            f"{rates[name] / best:.2f}" if best else "-",
        )
        table.add_row(name, *cells)
    return table


def main() -> None:
    told = ArgumentParser(prog="python -m benchmarks.peers", description=__doc__)
    told.add_argument("--letters", type=int, default=500)
    told.add_argument("--rounds", type=int, default=3)
    told.add_argument(
        "--postgres", default=os.environ.get("AFTALE_TEST_POSTGRES", "postgresql://127.0.0.1/postgres")
    )
    told.add_argument("words", nargs="*")
    asked = told.parse_args()
    if datetime.now(UTC).astimezone(COPENHAGEN).hour in QUIET:
        sys.exit("Aftalefrist sends nothing between 00 and 04 Danish time: come back later")
    chosen = [one for one in SENDERS if not asked.words or any(word in one.name for word in asked.words)]
    found: dict[str, list[Turn]] = {one.name: [] for one in chosen}
    console = Console(width=130)
    with sink() as server:
        for number in range(asked.rounds):
            for one in chosen:
                took = turn(one, server, asked.letters, asked.postgres)
                found[one.name].append(took)
                print(
                    f"round {number + 1}: {one.name}: {took.rate:,.0f}/s, {took.cpu:.2f} CPU s",
                    file=sys.stderr,
                )
    console.print(f"{asked.letters} letters, {asked.rounds} rounds, load {os.getloadavg()[0]:.1f}")
    console.print(shown(found))


if __name__ == "__main__":
    main()
