"""What a command loads before it answers: most of its time is imports, so what it does not use stays away."""

from __future__ import annotations

import shutil
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import typer.main

from tests.conftest import ROOT
from workflow.faces.cli.app import GROUPS, ROOMS, line, whole

ASKED = [
    "status", "status --json", "deadlines", "why nordjylland/2024-2027 midterm-order", "plan syddanmark/2027-2031",
]  # fmt: skip
NAMES = [*(name for names in ROOMS.values() for name in names), *GROUPS]
NOT_FOR_A_PASS = {  # what reads arguments, serves pages, speaks to another database, reads files of other people
    "typer", "click", "rich", "fastapi", "starlette", "prometheus_client", "procrastinate", "psycopg", "alembic",
    "sqlalchemy.dialects.postgresql", "openpyxl", "weasyprint", "authlib", "flufl", "workflow.services.meetings.sheets",
}  # fmt: skip
NOT_FOR_ASKING = {  # what reads arguments, settings and rule files, maps tables, writes and sends letters, serves pages
    "typer", "click", "rich", "pydantic", "pydantic_core", "pydantic_settings", "sqlalchemy", "sqlmodel", "email",
    "jinja2", "css_inline", "icalendar", "aiosmtplib", "aiosmtpd", "email_validator", "fastapi", "starlette",
    "uvicorn", "prometheus_client", "apscheduler", "procrastinate", "psycopg", "alembic", "openpyxl", "weasyprint",
    "authlib", "hypothesis", "pytest",
}  # fmt: skip
PROGRAM = """
import sys
from workflow.__main__ import main
for command in {asked!r}:
    sys.argv = ["aftale", *command.split()]
    try:
        main()
    except SystemExit as end:
        assert not end.code, command
print("LOADED", *sorted({{name.partition(".")[0] for name in sys.modules}}))
print("ROOMS", *sorted(name.rpartition(".")[2] for name in sys.modules if name.startswith("workflow.faces.cli.")))
print("LAW", *sorted(name for name in sys.modules if name.startswith("workflow.storage.law.")))
"""


@pytest.fixture(scope="module")
def loaded(demo_template: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, set[str]]:
    """What a process holds that has answered five questions."""
    return after(ASKED, demo_template, tmp_path_factory.mktemp("start"))


def after(asked: list[str], demo: Path, data: Path) -> dict[str, set[str]]:
    """What a process holds that has answered ``asked``, once an earlier one has."""
    shutil.copy(demo, data / "aftale.db")
    for _ in range(2):  # the first reads settings and rules, and keeps them ready
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM.format(asked=asked)], check=True, capture_output=True, text=True,
            env={"AFTALE_DATA_DIR": str(data), "PYTHONPATH": str(ROOT), "LANG": "C.UTF-8", "HOME": str(data)},
            timeout=120,
        )  # fmt: skip
    last = [words.split() for words in done.stdout.splitlines()[-3:]]
    return {words[0]: set(words[1:]) for words in last}


def test_a_question_loads_nothing_that_reads_files_maps_tables_writes_sends_serves_or_wakes(
    loaded: dict[str, set[str]],
) -> None:
    assert loaded["LOADED"] >= {"sqlite3", "workflow"}
    assert loaded["LOADED"] & NOT_FOR_ASKING == set()


def test_a_pass_loads_no_page_no_reader_of_files_and_no_other_database(
    demo_template: Path, tmp_path: Path
) -> None:
    assert after(["tick"], demo_template, tmp_path)["LOADED"] & NOT_FOR_A_PASS == set()


def test_a_daemon_loads_nothing_more_of_it_before_its_first_page() -> None:
    asked = "import sys, workflow.faces.daemon.start; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", asked], check=True, capture_output=True, text=True, cwd=ROOT)
    assert "workflow.faces.daemon.embedded" in done.stdout.split()
    assert {*done.stdout.split()} & NOT_FOR_A_PASS <= {"click"}  # which the server of pages is started by


def test_a_question_loads_no_command(loaded: dict[str, set[str]]) -> None:
    assert "answers" in loaded["ROOMS"]
    assert loaded["ROOMS"] & {*ROOMS, *GROUPS.values()} == set()


def test_a_branch_is_worked_out_under_rules_that_were_kept_ready(demo_template: Path, tmp_path: Path) -> None:
    """Reading and checking the law takes as long as all else that ``aftale whatif`` does."""
    law = after(["whatif syddanmark/2027-2031 nej"], demo_template, tmp_path)["LAW"]
    assert "workflow.storage.law.rulebook" in law and "workflow.storage.law.ruleparsing" not in law


def test_each_command_alone_is_what_it_is_among_all() -> None:
    everything = typer.main.get_command(whole())
    assert set(everything.commands) == set(NAMES)  # type: ignore[attr-defined]
    for name in NAMES:
        alone = typer.main.get_command(line([name, "--help"]))
        assert list(alone.commands) == [name]  # type: ignore[attr-defined]
        one, among = alone.commands[name], everything.commands[name]  # type: ignore[attr-defined]
        told = [each.get_help(each.make_context(name, [], resilient_parsing=True)) for each in (one, among)]
        assert told[0] == told[1]
        assert name in GROUPS or f"aftale {name}" in told[0]  # its example


@pytest.mark.parametrize("room", ROOMS)
def test_the_list_of_commands_is_what_the_modules_hold(room: str) -> None:
    assert tuple(import_module(f"workflow.faces.cli.{room}").COMMANDS) == ROOMS[room]


@pytest.mark.parametrize("arguments", [[], ["--help"], ["-q", "status"], ["stauts"]], ids=str)
def test_what_begins_otherwise_is_answered_by_all(arguments: list[str]) -> None:
    assert len(typer.main.get_command(line(arguments)).commands) == len(NAMES)  # type: ignore[attr-defined]
