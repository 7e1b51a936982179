"""An agreement whose stored facts today's rules cannot work out stops its own letters, and nobody else's (F37)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import Engine, update

from tests.post import notices, open_alarms
from tests.services.lived import rules
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import open_agreement
from workflow.services.people.contacts import coverage
from workflow.services.planning.reminders import plan
from workflow.services.views.status import workable
from workflow.services.watch.alive import alive_text
from workflow.storage.database import connect, writing
from workflow.storage.tables import AgreementRow

AT = datetime(2023, 5, 31, 9, tzinfo=UTC)
BROKEN, SOUND = "hovedstaden/2024-2027", "nordjylland/2024-2027"


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    engine = connect(database_url)
    for region in ("hovedstaden", "nordjylland"):  # the one that will break is looked at first
        opened = Fact(0, "opened", date(2023, 1, 2), by="test")
        at = datetime(2023, 1, 2, 8, tzinfo=UTC)
        open_agreement(engine, rules(), opened, region=region, term="2022-2025", label="2024-2027", at=at)
    changed(engine, "2040-2043")
    yield engine
    engine.dispose()


def changed(engine: Engine, term: str) -> None:
    with writing(engine) as session:
        session.execute(update(AgreementRow).where(AgreementRow.region == "hovedstaden").values(term=term))  # type: ignore[arg-type]


@pytest.mark.fault("F37")
def test_its_letters_are_an_alarm_and_the_others_are_planned(engine: Engine) -> None:
    dry = plan(engine, rules(), AT, dry_run=True)
    assert notices(engine) == []
    first = plan(engine, rules(), AT)
    assert first == dry
    assert {one.key.partition("|")[0] for one in first.planned} == {SOUND}
    [said] = first.alarms
    assert BROKEN in said
    assert "2040-2043" in said
    assert plan(engine, rules(), AT).alarms == [], "said once"
    assert open_alarms(engine) == {f"plan:{BROKEN}": "alarm"}
    changed(engine, "2022-2025")
    assert {one.key.partition("|")[0] for one in plan(engine, rules(), AT).planned} == {BROKEN}
    assert open_alarms(engine) == {}


@pytest.mark.fault("F37")
def test_what_must_go_on_without_it_goes_on_and_says_so(engine: Engine) -> None:
    found, broken = workable(engine, rules(), AT.date())
    assert ([standing.agreement.key for standing in found], list(broken)) == ([SOUND], [BROKEN])
    assert f"Kan ikke regnes efter: {BROKEN}: " in alive_text(engine, rules(), AT)
    assert "Nordjylland" in " ".join(coverage(engine, rules(), AT.date()))
