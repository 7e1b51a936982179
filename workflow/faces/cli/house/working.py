"""What ``aftale tick`` and ``aftale daemon`` do. Nothing here knows typer: plain arguments are answered without it."""

from __future__ import annotations

import asyncio
import logging

from workflow.faces import clock
from workflow.faces.cli import show
from workflow.faces.cli.given import load_rules


def tick(at: str | None, dry_run: bool, db: str | None, json: bool) -> None:
    """One pass of the daemon, and what it did."""
    from workflow.faces.daemon.passes import tick as one_tick
    from workflow.faces.daemon.workplace import open_workplace

    settings, rulebook = load_rules(db, ready=True)
    instant = clock.instant(at, "--at", settings.send_hour) if at else clock.now()
    logging.getLogger("aftale.delivery").addHandler(logging.NullHandler())  # its alarms are printed below
    with open_workplace(settings, rulebook) as workplace:
        running = None if at else clock.now  # --at is a rehearsal: time stands still
        report = asyncio.run(one_tick(workplace, instant, dry_run=dry_run, clock=running))
    if json:
        show.as_json(report.as_json())
        return
    for line in report.lines():
        print(line)


def daemon(port: int | None, db: str | None) -> int:
    """Run the daemon; its exit code."""
    from workflow import settings
    from workflow.faces.daemon.start import run_daemon

    return run_daemon(settings.load(db=db, port=port))
