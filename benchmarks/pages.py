"""How long an answer of the API takes in a demo of 9 agreements and in one of 14,000 (98,000 deadlines).

Run from the checkout: ``python -m benchmarks.pages``. Medians of 15 answers, in milliseconds, without a network; the
columns should be alike. Read the ratio: the milliseconds are the machine's.
"""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

from fastapi.testclient import TestClient

from tests.faces.conftest import MORNING
from tests.faces.web.conftest import browser
from tests.faces.web.growing import AGREEMENTS, PATHS, filled
from workflow.faces.daemon.workplace import load_rulebook, open_workplace
from workflow.faces.web.app import create_app
from workflow.rules.days import danish_day
from workflow.services.rounds.setup import set_up
from workflow.settings import Settings

TIMES = 15


def median(client: TestClient, path: str) -> float:
    """Milliseconds of one answer."""
    client.get(path)
    taken = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        client.get(path)
        taken.append(time.perf_counter() - begun)
    return statistics.median(taken) * 1000


def main() -> None:
    """Measure, and print one line a path."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        set_up(settings.db, load_rulebook(settings), at=MORNING, today=danish_day(MORNING), demo=True)
        with open_workplace(settings) as place:
            app = create_app(lambda: place, lambda: MORNING)
            client = browser(app)
            filled(place, range(1000, 1010))
            small = {path: median(client, path) for path in PATHS}
            filled(place, range(2000, 2000 + AGREEMENTS))
            print(f"{'small ms':>9} {'large ms':>9} {'ratio':>6}  path")
            for path in PATHS:
                large = median(client, path)
                print(f"{small[path]:9.1f} {large:9.1f} {large / small[path]:6.2f}  {path}")
            app.state.postman.close()


if __name__ == "__main__":
    main()
