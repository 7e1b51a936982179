"""The house's own rules, held by tests: imports point down, one file knows `transitions`, only faces know the time."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGE = ROOT / "workflow"
SOURCES = sorted((ROOT / "workflow").rglob("*.py"))
TOOLS = Path(sys.executable).parent
# Spelt so that this file does not find itself.
UNFINISHED = re.compile(r"\b(TO" r"DO|FIX" r"ME|XX" r"X|HA" r"CK|NotImplemented" r"Error)\b")


def run(*command: str, text: str | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, check=False, capture_output=True, text=True, cwd=ROOT, input=text, timeout=120
    )


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module


def named(paths: Iterator[Path] | list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


def test_imports_point_down_and_neighbours_do_not_know_each_other() -> None:
    done = run(str(TOOLS / "lint-imports"), "--no-cache")
    assert done.returncode == 0, done.stdout


def test_transitions_is_imported_in_one_file() -> None:
    knowing = [path for path in SOURCES if any(name.split(".")[0] == "transitions" for name in imports(path))]
    assert named(knowing) == ["workflow/lifecycle/machine.py"]


def test_procrastinate_is_known_where_its_tables_are_made_and_where_it_runs() -> None:
    knowing = [
        path for path in SOURCES if any(name.split(".")[0] == "procrastinate" for name in imports(path))
    ]
    assert named(knowing) == ["workflow/faces/daemon/distributed.py", "workflow/storage/jobs.py"]


def test_no_room_holds_more_than_20_modules_and_each_says_what_belongs_in_it_and_what_never_does() -> None:
    """Migrations are kept as they were published, one after another."""
    rooms = {path.parent for path in SOURCES if path.parent.name != "versions"}
    modules = {room: [path for path in room.glob("*.py") if path.name != "__init__.py"] for room in rooms}
    assert named([room for room in sorted(rooms) if len(modules[room]) > 20]) == []
    told = {room: ast.get_docstring(ast.parse((room / "__init__.py").read_bytes())) or "" for room in rooms}
    never = re.compile(r"\b(no|nothing|never|nobody|not|only|pure)\b", re.IGNORECASE)
    assert named([room for room in sorted(rooms) if not never.search(told[room])]) == []


def test_no_folder_of_templates_holds_more_than_20_files_and_each_says_what_belongs_in_it_and_not() -> None:
    place = ROOT / "templates"
    files = [path.relative_to(ROOT) for path in place.rglob("*.*") if path.parent != place]
    folders = {f"{path.parent.as_posix()}/" for path in files}
    assert [one for one in sorted(folders) if sum(f"{path.parent}/" == one for path in files) > 20] == []
    rows = re.findall(r"^\| `(.+?)` \| (.+) \|$", (place / "README.md").read_text("utf-8"), re.MULTILINE)
    never = re.compile(r"\b(no|nothing|never|nobody|not|only)\b", re.IGNORECASE)
    assert {room for room, told in rows if never.search(told)} == folders


def test_a_page_lies_in_the_room_of_the_code_that_shows_it() -> None:
    """``frame/`` is everybody's."""
    pages = ROOT / "templates" / "pages"
    elsewhere = []
    for room in (PACKAGE / "faces" / "web" / "pages").glob("*/"):
        shown = {
            name
            for path in room.glob("*.py")
            for name in re.findall(r'"([\w./-]+\.(?:html|txt))"', path.read_text(encoding="utf-8"))
            if (pages / name).is_file()
        }
        elsewhere += [f"{room.name}: {one}" for one in shown if one.split("/")[0] not in (room.name, "frame")]
        assert shown or room.name == "__pycache__", room
    assert elsewhere == []


def test_no_file_is_longer_than_300_lines() -> None:
    assert named([path for path in SOURCES if len(path.read_text(encoding="utf-8").splitlines()) > 300]) == []


def test_no_room_has_a_name_that_says_nothing() -> None:
    empty = {"utils", "util", "helpers", "helper", "common", "misc", "manager", "managers", "base", "core"}
    rooms = {path.relative_to(ROOT): set(path.relative_to(ROOT).with_suffix("").parts) for path in SOURCES}
    assert [str(path) for path, parts in rooms.items() if parts & empty] == []


def test_nothing_unfinished_is_left_lying() -> None:
    places = [ROOT / folder for folder in ("workflow", "templates", "calendars")]
    files = [
        path
        for place in places
        for path in place.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    assert named([path for path in files if UNFINISHED.search(path.read_text(encoding="utf-8"))]) == []


def test_nobody_below_the_faces_reads_the_clock_or_the_environment() -> None:
    done = run(str(TOOLS / "ruff"), "check", "--select", "TID251", "workflow")
    assert done.returncode == 0, done.stdout


@pytest.mark.parametrize("floor", ["rules", "lifecycle", "storage", "mail", "services"])
@pytest.mark.parametrize(
    "reading",
    [
        "import datetime\nprint(datetime.datetime.now())",
        "from datetime import datetime\nprint(datetime.now(None))",
        "from datetime import datetime\nprint(datetime.utcnow())",
        "from datetime import date\nprint(date.today())",
        "import time\nprint(time.time())",
        "from time import time\nprint(time())",
        "import os\nprint(os.environ)",
        "import os\nprint(os.getenv('HOME'))",
    ],
)
def test_the_rule_about_the_clock_bites_on_every_floor(floor: str, reading: str) -> None:
    pretended = f"workflow/{floor}/pretended.py"
    done = run(
        str(TOOLS / "ruff"), "check", "--select", "TID251", "--stdin-filename", pretended, "-", text=reading
    )
    assert "TID251" in done.stdout


def swallows_all(path: Path) -> bool:
    """Whether it catches every error without raising it again."""
    handlers = [
        node for node in ast.walk(ast.parse(path.read_bytes())) if isinstance(node, ast.ExceptHandler)
    ]
    return any(
        (
            each.type is None
            or {"Exception", "BaseException"} & set(re.findall(r"\w+", ast.unparse(each.type)))
        )
        and not isinstance(each.body[-1], ast.Raise)
        for each in handlers
    )


def test_errors_are_caught_wholesale_in_three_places_only() -> None:
    letters = (
        "workflow/services/delivery/sending.py",
        "workflow/services/delivery/writing.py",
    )  # both record it on the notice
    allowed = ("workflow/__main__.py", "workflow/faces/web/", *letters)
    wholesale = named([path for path in SOURCES if swallows_all(path)])
    assert [name for name in wholesale if not name.startswith(allowed)] == []


def test_the_constraints_name_no_host() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not re.fullmatch(r"#.*|[A-Za-z0-9_.-]+==[A-Za-z0-9_.]+", line)] == []


def test_every_public_module_says_what_it_is_for() -> None:
    silent = [
        path
        for path in SOURCES
        if path.stat().st_size and not ast.get_docstring(ast.parse(path.read_bytes()))
    ]
    assert named(silent) == []


def test_whoever_has_a_standing_asks_its_own_rules() -> None:
    """Handing on the rules in the calendars beside a standing would answer for an agreement by a law it does not live
    under. Only a function that was given both may hand both on."""
    wrong = []
    for path in SOURCES:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for function in (n for n in tree.body if isinstance(n, ast.FunctionDef)):
            within = [n for n in ast.walk(function) if isinstance(n, ast.FunctionDef) and _given_both(n)]
            theirs = {call for one in within for call in ast.walk(one)}
            for call in (n for n in ast.walk(function) if isinstance(n, ast.Call) and n not in theirs):
                handed = [ast.unparse(one) for one in (*call.args, *(k.value for k in call.keywords))]
                rules = [one for one in handed if one.rpartition(".")[2] == "rulebook"]
                if rules and any(re.search(r"(\bstanding|\.after|\.before)$", one) for one in handed):
                    wrong.append(f"{path.name}:{call.lineno} {ast.unparse(call)[:80]}")
    assert sorted(set(wrong)) == []


def _given_both(function: ast.FunctionDef) -> bool:
    given = {argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)}
    return "rulebook" in given and bool({"standing", "after"} & given)
