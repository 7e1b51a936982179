"""What README, CONTRIBUTING, the architecture and the decisions name is there: files, modules, names in them, tests,
addresses of the site, make targets, and whatever one page links to in another."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.faces.web.examples import EXAMPLES
from workflow.faces.web.gate.routes import PUBLIC

NAMING = (
    "README.md", "CONTRIBUTING.md", "docs/architecture.md", "docs/asvs.md", "docs/courses.md", "docs/decisions.md",
    "calendars/README.md", "templates/README.md", "tests/README.md",
)  # fmt: skip
LINKING = sorted(
    path.relative_to(ROOT).as_posix()
    for pattern in (
        "*.md",
        "docs/*.md",
        "benchmarks/*.md",
        "deploy/*.md",
        "calendars/*.md",
        "templates/*.md",
        "tests/*.md",
    )
    for path in ROOT.glob(pattern)
)
READERS = ("operators", "secretariat", "clerk", "lawyer", "developer")  # in this order in the change log
MADE = ("var/", "build/", "dist/", ".venv")  # by make; not there in a checkout
HERE = {path.name for path in ROOT.iterdir()}
KIND = re.compile(r"\.(py|md|toml|html|txt|csv|png|css|js|service|ambr)$")


def spans(text: str) -> list[str]:
    """What stands in backticks, outside fenced blocks."""
    return re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL))


def wrong(name: str) -> str:
    """Why what stands in backticks is not there; "" for what is, and for what names no such thing."""
    path, _, inside = name.partition("::")
    dotted = re.fullmatch(r"(?:workflow|tests)(?:\.\w+)+", name)
    if not re.fullmatch(r"[\w./*…-]+", path):
        return ""
    if path.startswith("/"):
        return "" if any(_address(path).fullmatch(one) for one in _addresses()) else "no page of the site"
    if name.startswith("test_") and not KIND.search(path):
        return "" if name in _all_tests() else "no test"
    if dotted and not KIND.search(path):
        return _wrong_module(name)
    if path.startswith(MADE) or not (KIND.search(path) or ("/" in path and path.split("/")[0] in HERE)):
        return ""
    return _wrong_file(path, inside)


def _wrong_file(path: str, inside: str) -> str:
    found = list(ROOT.glob(re.sub(r"\b(?:ROOM|NAME)\b", "*", path)))
    if not found:
        return "no such file"
    if inside and not all(inside in _defined(one) for one in found):
        return f"no {inside} in {path}"
    return ""


def _wrong_module(name: str) -> str:
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        at = ROOT.joinpath(*parts[:length])
        file = at / "__init__.py" if at.is_dir() else at.with_suffix(".py")
        if at.is_dir() or file.is_file():
            rest = ".".join(parts[length:])
            return "" if not rest or (file.is_file() and rest in _defined(file)) else f"no {rest}"
    return "no such module"


@cache
def _defined(path: Path) -> set[str]:
    """Names at the top of a Python file, and ``Class.name`` of what is in its classes."""
    return set(_names(ast.parse(path.read_text(encoding="utf-8")).body, ""))


def _names(body: list[ast.stmt], within: str) -> Iterator[str]:
    for node in body:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                yield within + node.name
                if isinstance(node, ast.ClassDef):
                    yield from _names(node.body, f"{node.name}.")
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                yield within + name


@cache
def _all_tests() -> set[str]:
    tests = list((ROOT / "tests").rglob("test_*.py"))
    return {path.stem for path in tests} | {name for path in tests for name in _defined(path)}


@cache
def _addresses() -> tuple[str, ...]:
    return (*(path for _, path in EXAMPLES), *PUBLIC)


def _address(path: str) -> re.Pattern[str]:
    """``/aftaler/…/raad`` as the routes have it: ``…`` is one part or more, all of them in braces."""
    return re.compile(re.escape(path).replace("…", r"\{\w+\}(?:/\{\w+\})*"))


def slugs(text: str) -> set[str]:
    """The anchors of a page's headings, as GitHub makes them."""
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).strip().replace(" ", "-") for head in heads}


def broken(page: Path, text: str) -> list[str]:
    """The links of a page that lead to no file of ours, or to no heading in it."""
    found = []
    for link in re.findall(r"\]\(([^)\s]+)\)", text):
        target, _, anchor = link.partition("#")
        if re.match(r"[a-z]+:", link):
            continue
        file = (page.parent / target).resolve() if target else page
        if not file.exists() or (anchor and anchor not in slugs(file.read_text(encoding="utf-8"))):
            found.append(link)
    return found


@pytest.mark.parametrize("page", NAMING)
def test_everything_a_page_names_is_there(page: str) -> None:
    named = spans((ROOT / page).read_text(encoding="utf-8"))
    assert len(named) > 10
    assert {name: why for name in named if (why := wrong(name))} == {}


@pytest.mark.parametrize("page", NAMING)
def test_every_folder_of_a_drawing_and_every_file_of_a_command_is_there(page: str) -> None:
    blocks = re.findall(
        r"^```\w*\n(.*?)^```", (ROOT / page).read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    named = re.findall(r"(?<![\w/.-])(?:workflow|tests|calendars|templates|docs)/[\w./-]*", "\n".join(blocks))
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", NAMING)
def test_every_make_target_a_page_names_exists(page: str) -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    text = (ROOT / page).read_text(encoding="utf-8")
    assert set(re.findall(r"(?:`|^)make ([a-z]+)", text, re.MULTILINE)) <= targets


@pytest.mark.parametrize("page", LINKING)
def test_every_link_between_pages_leads_somewhere(page: str) -> None:
    assert broken(ROOT / page, (ROOT / page).read_text(encoding="utf-8")) == []


def test_every_room_of_the_services_stands_in_the_architecture() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    rooms = {
        path.parent.relative_to(ROOT).as_posix() for path in ROOT.glob("workflow/services/*/__init__.py")
    }
    assert sorted(room for room in rooms if f"`{room}/`" not in text) == []


@pytest.mark.parametrize("folder", ["calendars", "tests"])
def test_each_folder_beside_the_code_says_what_belongs_in_it(folder: str) -> None:
    told = (ROOT / folder / "README.md").read_text(encoding="utf-8")
    inside = [path.name for path in (ROOT / folder).iterdir() if path.is_dir() and path.name[0] not in "._"]
    assert sorted(name for name in inside if f"`{folder}/{name}/`" not in told) == []


def test_each_decision_has_a_date_a_reason_and_what_it_costs() -> None:
    text = (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8")
    entries = {
        entry.partition("\n")[0]: entry for entry in re.split(r"^#{2,3} ", text, flags=re.MULTILINE)[1:]
    }
    decided = {title: entry for title, entry in entries.items() if f"\n### {title}\n" in text}
    whole = re.compile(r".+\n\*20\d\d-\d\d-\d\d[^*]*\.\*\n\n.+\n\nCost: .+\n*", re.DOTALL)
    assert len(decided) > 90
    assert [title for title, entry in decided.items() if not whole.fullmatch(entry)] == []


def test_no_line_of_the_changelog_is_longer_than_200_characters() -> None:
    lines = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if len(line) > 200] == []


def test_each_group_of_the_changelog_is_for_one_of_its_readers() -> None:
    newest = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8").partition("\n## [0.1.0]")[0]
    for release in newest.split("\n## ")[1:]:
        groups = re.findall(r"^### (.+)$", release, re.MULTILINE)
        told = [[at for at, reader in enumerate(READERS) if reader in group] for group in groups]
        assert told == sorted(told) and all(len(one) == 1 for one in told), release.partition("\n")[0]
        assert len(set(groups)) == len(groups)


def test_the_readme_is_no_longer_than_150_lines() -> None:
    assert len((ROOT / "README.md").read_text(encoding="utf-8").splitlines()) <= 150


@pytest.mark.parametrize(
    "name",
    [
        "workflow/services/nowhere.py", "workflow/nowhere/", "nowhere.toml", "calendars/nowhere/*.toml",
        "workflow/storage/letters/outbox.py::nobody", "workflow/mail/writing/letters.py::Letters.nobody",
        "workflow.storage.nobody", "workflow.storage.letters.outbox.nobody", "test_nobody_wrote_this",
        "tests/law/test_dates.py::test_nobody_wrote_this",
        "/ingen-side", "/aftaler/…/ingen",
    ],
)  # fmt: skip
def test_what_is_not_there_is_told(name: str) -> None:
    assert wrong(name)


@pytest.mark.parametrize(
    "name",
    [
        "workflow/storage/letters/outbox.py::claim", "workflow/mail/writing/letters.py::Letters.render",
        "workflow.storage.letters.outbox.claim", "workflow.storage",
        "templates/emails/ROOM/NAME.html", "calendars/regimes/*.toml", "/aftaler/…/raad/ret", "/min-uge",
        "var/", "nordjylland/2024-2027", "aftale why", "COMMANDS", "AFTALE_SMTP_HOST",
        "test_everything_a_page_names_is_there",
    ],
)  # fmt: skip
def test_what_is_there_is_left_alone(name: str) -> None:
    assert wrong(name) == ""


def test_a_link_to_no_file_or_no_heading_is_told() -> None:
    text = "[a](docs/law.md) [b](docs/nowhere.md) [c](docs/operating.md#nowhere) [d](#nowhere)"
    assert broken(ROOT / "README.md", text) == ["docs/nowhere.md", "docs/operating.md#nowhere", "#nowhere"]
