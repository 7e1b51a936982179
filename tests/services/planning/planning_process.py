"""One planning pass in a process of its own: ``planning_process.py URL AT WHEN``, killed *before* or *after* the commit
of what it planned, or never (*no*)."""

from __future__ import annotations

import os
import signal
import sys
from datetime import datetime

from sqlalchemy import Engine, event

from tests.services.lived import rules
from workflow.services.planning.reminders import plan
from workflow.storage.database import connect


def main() -> None:
    url, at, when = sys.argv[1:]
    engine = connect(url)
    law = rules()

    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    if when == "before":
        event.listen(Engine, "commit", die)
    plan(engine, law, datetime.fromisoformat(at))
    if when == "after":
        die()


if __name__ == "__main__":
    main()
