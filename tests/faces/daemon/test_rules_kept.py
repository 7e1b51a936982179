"""A rule set over the life of an installation: real daemons that are restarted under it, and a move to another database
and back."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select
from sqlmodel import col

from tests.conftest import ROOT
from tests.faces.conftest import MORNING, Start
from workflow.services.keeping.moving import move
from workflow.services.law.changing import ALARM, WAITING, accept, decline, pending, take_in
from workflow.services.views.status import deadline_json, find_standing
from workflow.services.watch.heartbeat import open_alarms
from workflow.settings import Settings
from workflow.storage.database import connect, reading
from workflow.storage.law.rulebook import Rulebook, load
from workflow.storage.tables import AgreementRow, DeadlineRow, Notice

NORD, MIDT = "nordjylland/2024-2027", "midtjylland/2024-2027"
GROUND = "BEK 999/2026 § 5"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Calendars in which the midterm status is due a year later."""
    copy = Path(shutil.copytree(ROOT / "calendars", tmp_path / "new-calendars"))
    file = copy / "regimes" / "bek-1248-2022.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('"2 years"', '"3 years"'), encoding="utf-8")
    return copy


def midterms(settings: Settings) -> dict[str, str]:
    """The projected midterm dates, by agreement."""
    engine = connect(settings.db)
    with reading(engine) as session:
        query = select(AgreementRow.region, AgreementRow.label, DeadlineRow.legal_on).join(  # type: ignore[call-overload]
            DeadlineRow, col(DeadlineRow.agreement_id) == col(AgreementRow.id)
        )
        found = session.execute(query.where(col(DeadlineRow.rule) == "midterm-order")).all()
    engine.dispose()
    return {f"{region}/{label}": str(on) for region, label, on in found}


@pytest.mark.fault("F48")
def test_a_daemon_under_new_rules_moves_nothing_before_an_answer_and_keeps_it_over_restarts(
    start: Start, settings: Settings, folder: Path
) -> None:
    engine, new = connect(settings.db), load(folder)
    before = midterms(settings)
    daemon = start(AFTALE_CALENDARS=str(folder))
    daemon.until(WAITING[:30])
    assert daemon.stops() == 0
    assert midterms(settings) == before
    assert ALARM in [alarm.key for alarm in open_alarms(engine)]
    with reading(engine) as session:
        rules = set(session.scalars(select(col(Notice.rules))))
    assert new.digest not in rules

    at = MORNING + timedelta(minutes=30)
    decline(engine, new, [NORD], "Anna Holm", GROUND, at)
    accept(engine, new, None, "Anna Holm", GROUND, at)
    for hours in (1, 2):  # two restarts
        daemon = start(MORNING + timedelta(hours=hours), AFTALE_CALENDARS=str(folder))
        daemon.until("step recorded", "waiting   0")
        assert daemon.stops() == 0
        now = midterms(settings)
        assert (before[NORD], now[NORD]) == ("2025-12-15", "2025-12-15")
        assert (before[MIDT], now[MIDT]) == ("2025-12-19", "2026-12-19")
        assert ALARM not in [alarm.key for alarm in open_alarms(engine)]
    engine.dispose()


def told(url: str, rulebook: Rulebook) -> list[object]:
    engine, found = connect(url), []
    for key in (NORD, MIDT):
        for on in (MORNING.date(), MORNING.date() + timedelta(days=9)):
            standing = find_standing(engine, rulebook, key, on)
            found.append([deadline_json(standing, one) for one in standing.deadlines])
    engine.dispose()
    return found


@pytest.mark.slow
def test_answers_and_the_rules_of_each_day_come_along_in_a_move_to_postgresql_and_back(
    settings: Settings, folder: Path, postgres_url: str
) -> None:
    at, new, source = MORNING + timedelta(days=1), load(folder), connect(settings.db)
    take_in(source, new, at)
    decline(source, new, [NORD], "Anna Holm", GROUND, at)
    accept(source, new, [MIDT], "Anna Holm", GROUND, at)
    before, waiting = told(settings.db, new), pending(source, new, at.date())
    move(source, postgres_url, "the new one", "drift", at)
    assert told(postgres_url, new) == before
    target = connect(postgres_url)
    assert pending(target, new, at.date()) == waiting
    assert take_in(target, new, at) == len(waiting) == 7
    assert NORD not in [one.agreement for one in waiting]
    home = f"sqlite:///{settings.data_dir}/home.db"
    move(target, home, "home", "drift", at)
    assert told(home, new) == before
    target.dispose()
    source.dispose()
