"""An agreement whose stored facts today's rules cannot work out stops its own letters, and nobody else's (F37)."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, update

from tests.conftest import ROOT
from tests.post import notices, open_alarms
from tests.services.lived import rules
from workflow.errors import NotPossible, Unworkable
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import Recorded, open_agreement, record
from workflow.services.facts.once import receipt
from workflow.services.law.changing import accept, pending, take_in
from workflow.services.people.contacts.contacts import coverage
from workflow.services.planning.reminders import plan
from workflow.services.views.status import find_standing, workable
from workflow.services.watch.alive import alive_text
from workflow.storage.database import connect, reading, writing
from workflow.storage.facts import journal
from workflow.storage.law.rulebook import load
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


def grew_up_under_other_rules(engine: Engine, key: str, *facts: Fact) -> None:
    """``facts`` that today's rules refuse, in the journal as it would be if an earlier release had taken them."""
    with writing(engine) as session:
        row = journal.find(session, key, lock=True)
        for fact in facts:
            journal.append(session, row, fact, AT)
        journal.store_state(session, row, row.stamp)


def unready() -> Fact:
    """A text at the authority that no council has seen."""
    return Fact(0, "submitted", date(2023, 5, 2), version=1, by="test", known_on=date(2023, 5, 2))


def tell(engine: Engine, event: str, **more: object) -> Recorded:
    fact = replace(Fact(0, event, AT.date(), source="Brev", by="test"), **more)  # type: ignore[arg-type]
    return record(engine, rules(), SOUND, fact, today=AT.date(), at=AT)


def changed(engine: Engine, term: str) -> None:
    with writing(engine) as session:
        session.execute(update(AgreementRow).where(AgreementRow.region == "hovedstaden").values(term=term))  # type: ignore[arg-type]


@pytest.mark.fault("F37")
def test_its_letters_are_an_alarm_and_the_others_are_planned(engine: Engine) -> None:
    history = notices(engine)  # asked about since the opening: their day had gone by
    assert {one.state for one in history} == {"unanswered"}
    dry = plan(engine, rules(), AT, dry_run=True)
    assert notices(engine) == history
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
    assert ([standing.agreement.key for standing in found], [one.where for one in broken]) == (
        [SOUND],
        [BROKEN],
    )
    assert f"Kan ikke regnes efter: {BROKEN}: " in alive_text(engine, rules(), AT)
    assert "Nordjylland" in " ".join(coverage(engine, rules(), AT.date()))


@pytest.mark.fault("F37")
def test_it_can_be_mended_one_fact_at_a_time(engine: Engine) -> None:
    unsaid = Fact(0, "status-adopted", date(2023, 5, 3), about="other", by="test", known_on=date(2023, 5, 3))
    grew_up_under_other_rules(engine, SOUND, unready(), unsaid)
    plan(engine, rules(), AT)
    assert f"plan:{SOUND}" in open_alarms(engine)
    with pytest.raises(NotPossible, match=r"nr\. 2, submitted .* piu-meeting-held .* --corrects 2"):
        tell(engine, "piu-meeting-held")
    with reading(engine) as session:
        assert len(journal.facts(session, journal.find(session, SOUND))) == 3

    first = tell(engine, "correction", corrects=2)
    assert first.still.startswith("nr. 3, status-adopted 3. maj 2023: ")
    assert receipt(first)["unworkable"] == first.still
    with pytest.raises(Unworkable, match="aftale journal nordjylland/2024-2027"):
        find_standing(engine, rules(), SOUND, AT.date())
    assert tell(engine, "correction", corrects=3).still == ""
    assert find_standing(engine, rules(), SOUND, AT.date()).deadlines
    assert SOUND in {one.key.partition("|")[0] for one in plan(engine, rules(), AT).planned}
    assert f"plan:{SOUND}" not in open_alarms(engine)


@pytest.mark.fault("F37")
def test_what_would_break_it_earlier_mends_nothing(engine: Engine) -> None:
    tell(engine, "sent-for-approval", on=date(2023, 4, 3), version=1)
    tell(engine, "council-approved", on=date(2023, 4, 4), version=1, council="0851")
    grew_up_under_other_rules(engine, SOUND, replace(unready(), version=2))
    with pytest.raises(
        NotPossible, match=r"nr\. 3, council-approved .* version 1 er ikke sendt til godkendelse"
    ):
        tell(engine, "correction", corrects=2)
    assert tell(engine, "correction", corrects=4).still == ""


@pytest.mark.fault("F37")
def test_an_end_that_the_files_confirm_can_be_taken_on_by_the_others_at_once_and_by_it_when_it_is_mended(
    engine: Engine, tmp_path: Path
) -> None:
    changed(engine, "2022-2025")
    grew_up_under_other_rules(engine, SOUND, unready())
    folder = tmp_path / "calendars"
    shutil.copytree(ROOT / "calendars", folder)
    file = folder / "regimes" / "bek-1248-2022.toml"
    file.write_text(file.read_text().replace("[ends]", "[ends]\nconfirmed_on = 2027-01-01"))
    ended, at = load(folder), datetime(2025, 7, 1, 9, tzinfo=UTC)
    assert take_in(engine, ended, at) == 2
    assert {one.agreement: bool(one.problem) for one in pending(engine, ended, at.date())} == {
        BROKEN: False,
        SOUND: True,
    }
    accept(engine, ended, [BROKEN], "Anna Holm", "Lov 719/2025 § 24", at)
    with pytest.raises(NotPossible, match=f"{SOUND} kan ikke regnes efter de nye regler"):
        accept(engine, ended, None, "Anna Holm", "Lov 719/2025 § 24", at)
    voids = Fact(0, "correction", at.date(), corrects=2, source="Brev", by="test")
    record(engine, ended, SOUND, voids, today=at.date(), at=at)
    assert [one.agreement for one in accept(engine, ended, None, "Anna Holm", "Lov 719/2025 § 24", at)] == [
        SOUND
    ]
    for key in (BROKEN, SOUND):
        assert find_standing(engine, ended, key, at.date()).rules_end_on == date(2027, 1, 1)
