"""``docs/reliability.md`` is made from the figures beside it, and those keep the promise."""

from __future__ import annotations

import json

from tests.reliability import DATA, PAGE, SECTIONS, page

FIGURES = json.loads(DATA.read_text(encoding="utf-8"))


def test_the_page_is_made_from_its_figures() -> None:
    assert PAGE.read_text(encoding="utf-8") == page(FIGURES), "run: make reliability"


def test_the_figures_are_those_of_the_long_run_on_both_databases() -> None:
    assert set(FIGURES) <= set(SECTIONS)
    rows = FIGURES["kills"]
    assert {what.partition(" ")[0] for what in rows} == {"SQLite", "PostgreSQL"}
    assert {(row["notices"], row["kill -9"]) for row in rows.values()} == {(10_000, 200)}
    assert {(row["notices"], row["kills of Postfix"]) for row in FIGURES["postfix"].values()} == {(1000, 20)}
    assert len(FIGURES["crash points"]) == 2 * 8
    assert all(set(cells) == {"250", "4xx", "5xx", "drop"} for cells in FIGURES["crash points"].values())


def test_the_figures_keep_the_promise() -> None:
    for row in [*FIGURES["kills"].values(), *FIGURES["postfix"].values()]:
        assert (row["lost"], row["silent copies"], row["copies that differ"]) == (0, 0, 0)
        assert row["extra copies"] <= row.get("kill -9", 20)
    assert [row["differ"] for row in FIGURES["told later"].values()] == [0]
    for row in FIGURES["workers"].values():
        assert (row["lost"], row["silent copies"], row["copies that differ"]) == (0, 0, 0)
        assert row["extra copies"] <= row["kill -9"] + row["paused past the lease"], (
            "a killed database doubles nothing"
        )
    for row in FIGURES["postfix"].values():
        assert row["reports (DSN)"] == row["matched"]
    for row in FIGURES["database away"].values():
        assert (row["lost"], row["extra copies"]) == (0, 0)
        assert row["told by the second channel after (s)"] <= 120 and row["hours away"] == 24
    for row in FIGURES["outage"].values():
        assert (row["given up"], row["extra copies"]) == (0, 0)
        assert row["accepted after the return"] == row["notices"]
        assert row["first alarm after (min)"] <= 30
        assert row["by the second channel after (min)"] <= 240
    for cells in FIGURES["crash points"].values():
        assert all(cell == "1" or cell.endswith("flagged") for cell in cells.values())
