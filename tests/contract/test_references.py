"""No page, comment or docstring leads to a text that is not here: every ``.md`` that is named is a file of ours, and a
section of one is named by its heading and not by a number that nobody can look up."""

from __future__ import annotations

import ast
import io
import os
import re
import tokenize
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT

SKIPPED = {".git", ".venv", "__pycache__", "node_modules", "var", "build", "dist"}
KINDS = {".py", ".md", ".toml", ".html", ".txt", ".css", ".js", ".po", ".service", ".yml", ".csv"}
PRETENDED = {  # what a test writes or only pretends
    "tests/contract/test_documents.py", "tests/contract/test_references.py", "tests/law/sets/test_documents.py",
}  # fmt: skip
PAGE = re.compile(r"(?<![\w.@])[\w./-]*\w\.md\b")
NUMBERED = re.compile(
    r"\b(?:traps?|findings)[ /]\d|\w\.md (?:[Aa]ppendix|[Ss]ection|[Tt]raps?|[A-Z]-\d|[A-Z]\b|\d)"
)


FILE = re.compile(r"(?<![\w./-])[\w-]+(?:/[\w-]+)*/[\w-]+\.(?:py|toml|html|txt|css|js)\b|\b\w+\.py\b")
ELSEWHERE = {"XDG_CONFIG_HOME/aftalefrist/aftale.toml", "ROOM/NAME.html"}  # an operator's own; any letter


@cache
def texts() -> list[Path]:
    """Every text of the repository that somebody writes, but the change log, which tells of what was."""
    found = []
    for folder, inner, names in os.walk(ROOT):
        inner[:] = sorted(set(inner) - SKIPPED)
        found += [Path(folder) / name for name in sorted(names) if Path(name).suffix in KINDS]
    told = {ROOT / name for name in (*PRETENDED, "CHANGELOG.md")}
    return [path for path in found if path not in told and path.is_file()]


def missing(text: str, beside: Path) -> list[str]:
    """What ``text``, in a file of the folder ``beside``, names and nobody finds."""
    places = (ROOT, ROOT / "docs", beside)
    pages = [name for name in PAGE.findall(text) if not any((place / name).is_file() for place in places)]
    return [*pages, *NUMBERED.findall(text)]


def test_no_text_leads_to_a_page_that_is_not_here() -> None:
    found = {
        path: missing(path.read_text(encoding="utf-8", errors="replace"), path.parent) for path in texts()
    }
    assert {path.relative_to(ROOT).as_posix(): names for path, names in found.items() if names} == {}


def remarks(path: Path) -> str:
    """The comments and docstrings of a file of ours."""
    text = path.read_text(encoding="utf-8")
    if path.suffix == ".toml":
        return "\n".join(line for line in text.splitlines() if line.lstrip().startswith("#"))
    if path.suffix != ".py":
        return "\n".join(re.findall(r"\{#.*?#\}|/\*.*?\*/", text, re.DOTALL))
    comments = tokenize.generate_tokens(io.StringIO(text).readline)
    holding = (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    told = [ast.get_docstring(node) or "" for node in ast.walk(ast.parse(text)) if isinstance(node, holding)]
    return "\n".join([*told, *(one.string for one in comments if one.type == tokenize.COMMENT)])


def test_every_file_that_a_comment_or_docstring_names_is_here() -> None:
    written = [path for path in texts() if path.suffix in {".py", ".html", ".txt", ".toml", ".css", ".js"}]
    here = {f"/{path.relative_to(ROOT).as_posix()}" for path in texts()}
    lost = {}
    for path in written:
        named = set(FILE.findall(remarks(path))) - ELSEWHERE
        if gone := sorted(name for name in named if not any(one.endswith(f"/{name}") for one in here)):
            lost[path.relative_to(ROOT).as_posix()] = gone
    assert lost == {}


@pytest.mark.parametrize(
    "text",
    ["see design.md", "(law.md 3a)", "docs/law.md 4.4", "law.md O-57", "trap 9", "traps 6 and 7", "findings/2.md",
     "law.md section 6", "law.md appendix B"],
)  # fmt: skip
def test_a_reference_to_what_is_not_here_is_told(text: str) -> None:
    assert missing(text, ROOT)


@pytest.mark.parametrize("text", ["F46 of docs/faults.md", "[law](law.md)", "docs/law.md counts", "a trap"])
def test_a_reference_to_what_is_here_is_left_alone(text: str) -> None:
    assert missing(text, ROOT) == []
