"""The libraries and their licences, as docs/licences.md and the list of parts tell them."""

from __future__ import annotations

import re

from tests.licences import KNOWN, PAGE, needed, page, parts, pins, sbom
from workflow import __version__

ROW = re.compile(r"^\| ([\w.-]+) \| (\d\S*) \| (.+) \|$", re.MULTILINE)


def told() -> dict[str, tuple[str, str]]:
    rows = ROW.findall(PAGE.read_text(encoding="utf-8"))
    return {re.sub(r"[._-]+", "-", name).lower(): (version, licence) for name, version, licence in rows}


def test_the_page_tells_every_library_that_is_pinned_and_no_other() -> None:
    assert {name: version for name, (version, _) in told().items()} == pins(), "make licences"


def test_what_is_installed_says_the_licence_that_the_page_tells() -> None:
    listed = {(one.name, one.version, one.licence) for one in parts()}
    assert listed <= set(ROW.findall(PAGE.read_text(encoding="utf-8"))), "make licences"


def test_every_licence_is_one_that_lets_an_authority_run_the_library() -> None:
    said = {name: {*re.split(" OR | AND ", licence)} for name, (_, licence) in told().items()}
    assert {name: words - KNOWN for name, words in said.items() if words - KNOWN} == {}


def test_the_list_of_parts_has_what_the_program_needs_and_nothing_that_only_tests_do() -> None:
    found = sbom(parts(), __version__)
    assert (found["bomFormat"], found["specVersion"]) == ("CycloneDX", "1.6")
    assert found["metadata"]["component"]["version"] == __version__
    names = {re.sub(r"[._-]+", "-", one["name"]).lower() for one in found["components"]}
    assert {"fastapi", "sqlalchemy", "weasyprint", "authlib", "procrastinate"} <= names == needed()
    assert not {"pytest", "mypy", "ruff"} & names
    assert {one["purl"] for one in found["components"]} >= {f"pkg:pypi/fastapi@{pins()['fastapi']}"}


def test_the_page_is_the_same_however_often_it_is_made() -> None:
    assert page(parts()) == page(parts())
