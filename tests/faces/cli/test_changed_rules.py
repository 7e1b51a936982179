"""Rules that change under open agreements: refused when the law has no such day, else the difference is shown."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.faces.conftest import MORNING
from tests.story.living import inside, notices, post
from workflow.errors import Misconfigured
from workflow.faces.daemon.greeting import differences
from workflow.faces.daemon.passes import TickReport, plan_pass
from workflow.faces.daemon.workplace import Workplace, open_workplace
from workflow.rules.facts import Fact
from workflow.services.due.ending import begun
from workflow.services.facts.agreements import open_agreement
from workflow.services.law.changing import accept
from workflow.services.watch.heartbeat import beat
from workflow.services.watch.reckoning import reckon
from workflow.settings import Settings
from workflow.storage.database import reading
from workflow.storage.facts import journal, projection
from workflow.storage.law.rulebook import load


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
    assert said[0].endswith(f", {len(said) - 2} dates differ")
    assert "nothing moves before somebody has answered for " in said[-1]
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


@pytest.mark.fault("F58")
@pytest.mark.parametrize(
    ("ends", "told_on"), [("2026-01-01", MORNING), ("2027-01-01", datetime(2027, 1, 4, 8, tzinfo=UTC))]
)
def test_an_end_confirmed_in_the_file_and_taken_on_winds_down_as_if_it_had_been_confirmed_by_command(
    place: Workplace, folder: Path, ends: str, told_on: datetime
) -> None:
    """Duties lapse, everybody is told once, and the second reckoner expects exactly that; what a person said stands."""
    plan_pass(place, MORNING, TickReport(at=""))
    post(place.engine)
    said = Fact(0, "regime-confirmed", date(2026, 11, 23), due=date(2027, 1, 1), source="læst", by="sekretær")
    own = "sjaelland/2024-2027"
    inside(place.engine, place.rulebook, own, said, today=said.on, at=MORNING)
    edit(folder / "regimes" / "bek-1248-2022.toml", "[ends]", f"[ends]\nconfirmed_on = {ends}")
    after = place.with_rules(load(folder))
    plan_pass(after, MORNING, TickReport(at=""))
    assert not [one for one in notices(place.engine) if one.letter == "regime-ended"], (
        "nobody has taken them on"
    )
    accept(place.engine, after.rulebook, None, "Anna Holm", "Lov 719/2025 § 24", MORNING)
    for at in (MORNING, told_on, told_on + timedelta(days=1)):
        plan_pass(after, at, TickReport(at=""))
        beat(place.engine, at)
        assert [f for f in reckon(place.engine, after.rulebook, at) if f.kind == "missing"] == []
        post(place.engine)
    told = [one for one in notices(place.engine) if one.letter == "regime-ended"]
    assert len({one.key for one in told}) == len(told)
    with reading(place.engine) as session:
        rows = [row for row in journal.all_agreements(session) if row.period_state != "ended"]
        standings = [projection.load(session, after.rulebook, row, told_on.date()) for row in rows]
        filed = [s for s in standings if s.agreement.regime.id == "bek-1248-2022"]
        assert {(s.course.law_ended.value, s.course.law_ended.by) for s in filed if s.course.law_ended} == {
            (date.fromisoformat(ends), "calendars/regimes"),
            (date(2027, 1, 1), "sekretær"),
        }
        counts = Counter(one.agreement_id for one in told)
        for standing, row in zip(standings, rows, strict=True):
            if standing in filed and standing.course.law_ended.value <= told_on.date():  # type: ignore[union-attr]
                everybody = len(standing.agreement.parties) + 2
                assert counts[row.id] == (everybody if begun(standing) else 0)
                assert standing.course.period == "rules_ended"
                still = [
                    d for d in standing.deadlines if d.open
                ]  # in time by the later reading of 31 December
                assert {(d.id, d.latest_on) for d in still} <= {("annual-review", told_on.date())}


def test_an_agreement_opened_after_its_rules_ended_in_the_file_is_asked_for_nothing(
    place: Workplace, folder: Path
) -> None:
    edit(folder / "regimes" / "bek-1248-2022.toml", "[ends]", "[ends]\nconfirmed_on = 2026-01-01")
    after = place.with_rules(load(folder))
    plan_pass(after, MORNING, TickReport(at=""))
    post(place.engine)
    opening = Fact(0, "opened", date(2026, 11, 23), by="test")
    standing = open_agreement(
        place.engine, after.rulebook, opening, region="nordjylland", term="2026-2029", label="ny", at=MORNING
    )
    assert standing.course.period == "rules_ended"
    report = TickReport(at="")
    plan_pass(after, MORNING, report)
    assert report.planned == []
    beat(place.engine, MORNING)
    assert [f for f in reckon(place.engine, after.rulebook, MORNING) if f.kind == "missing"] == []


@pytest.mark.parametrize("word", ["bekræftet", "bekræftet: 1. januar 2026"])
def test_an_end_called_confirmed_without_its_day_is_refused_with_the_key_to_give(
    folder: Path, word: str
) -> None:
    regime = folder / "regimes" / "bek-1248-2022.toml"
    edit(regime, 'certainty = "sandsynlig: 1. januar 2026"', f'certainty = "{word}"')
    with pytest.raises(Misconfigured, match="give confirmed_on"):
        load(folder)


@pytest.mark.fault("F59")
def test_a_region_that_merges_without_a_successor_anybody_knows_is_refused(folder: Path) -> None:
    edit(folder / "bodies" / "regions.csv", ",oestdanmark,", ",vestdanmark,")
    with pytest.raises(Misconfigured, match="column successor"):
        load(folder)
