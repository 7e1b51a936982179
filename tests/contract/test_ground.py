"""The test ground itself: what the other tests stand on."""

from pathlib import Path

from sqlmodel import select

from tests.conftest import Aftale
from workflow.storage.database import connect, reading, writing
from workflow.storage.tables import Meta


def test_each_test_gets_a_migrated_database_of_its_own_on_both_engines(database_url: str) -> None:
    engine = connect(database_url)
    with reading(engine) as session:
        assert session.exec(select(Meta).where(Meta.key == "seen")).all() == []
    with writing(engine) as session:
        session.add(Meta(key="seen", value="here"))
    engine.dispose()


def test_another_test_does_not_see_what_the_first_one_wrote(database_url: str) -> None:
    test_each_test_gets_a_migrated_database_of_its_own_on_both_engines(database_url)


def test_the_command_runs_in_a_process_with_nothing_of_the_developers_environment(
    aftale: Aftale, tmp_path: Path
) -> None:
    assert aftale("--version", code=0).out.startswith("aftale ")
    assert {name for name in aftale.env if name.startswith("AFTALE_")} == {"AFTALE_DATA_DIR"}
    assert Path(aftale.env["AFTALE_DATA_DIR"]).is_relative_to(tmp_path)
