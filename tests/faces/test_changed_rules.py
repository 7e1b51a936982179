"""Rules that change under open agreements: refused when the law has no such day, else the difference is shown."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.faces.conftest import MORNING
from workflow.errors import Misconfigured
from workflow.faces.daemon.greeting import differences
from workflow.faces.daemon.workplace import Workplace, open_workplace
from workflow.settings import Settings
from workflow.storage.rulebook import load


@pytest.fixture
def place(settings: Settings) -> Iterator[Workplace]:
    with open_workplace(settings) as place:
        yield place


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "calendars", tmp_path / "rules"))


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


@pytest.mark.fault("F57")
def test_an_election_moved_to_a_day_the_law_does_not_give_is_refused_with_the_day_it_gives(
    folder: Path,
) -> None:
    edit(folder / "elections.toml", "2025-11-18", "2025-11-25")
    with pytest.raises(Misconfigured, match="the third Tuesday of November is 2025-11-18") as refused:
        load(folder)
    assert refused.value.where.endswith("elections.toml")


@pytest.mark.fault("F57")
def test_what_moves_with_the_calendar_is_listed_date_by_date_before_anything_is_planned(
    place: Workplace, folder: Path
) -> None:
    assert differences(place, place, MORNING) == ["rules unchanged; letters read again"]
    edit(
        folder / "regimes" / "bek-1248-2022.toml",
        '"calendar-year", month = 12, day = 31',
        '"calendar-year", month = 12, day = 30',
    )
    said = differences(place, place.with_rules(load(folder)), MORNING)
    assert said[0].endswith(f", {len(said) - 1} dates differ")
    assert "  nordjylland/2024-2027 annual-review 2026: 2026-12-31 -> 2026-12-30" in said


@pytest.mark.fault("F58")
def test_an_end_of_a_regime_that_is_confirmed_in_its_file_lists_the_duties_that_lapse(
    place: Workplace, folder: Path
) -> None:
    edit(folder / "regimes" / "bek-1248-2022.toml", "[ends]", "[ends]\nconfirmed_on = 2027-01-01")
    after = place.with_rules(load(folder))
    assert differences(place, after, MORNING)[0].startswith("rules changed")
    ends = next(regime.ends for regime in after.rulebook.law.regimes if regime.id == "bek-1248-2022")
    assert str(ends and ends.confirmed_on) == "2027-01-01"


@pytest.mark.fault("F59")
def test_a_region_that_merges_without_a_successor_anybody_knows_is_refused(folder: Path) -> None:
    edit(folder / "bodies" / "regions.csv", ",oestdanmark,", ",vestdanmark,")
    with pytest.raises(Misconfigured, match="column successor"):
        load(folder)
