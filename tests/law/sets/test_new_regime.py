"""A regime written by a stranger: asked for, written, and taken by the strict reader."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from tests.conftest import Aftale

ROOT = Path(__file__).parents[3]
ANSWERS = {
    "id": "planstrategi-2024", "kind": "planstrategi", "instrument": "LBK 572/2024", "name": "Lov om planlægning",
    "url": "https://www.retsinformation.dk/eli/lta/2024/572", "in_force_on": "2024-05-29", "terms": "2026-2029",
    "document": "planstrategi, planstrategien, planstrategier", "document_en": "plan strategy",
    "authority": "ministeren", "committee": "kommunalbestyrelsen", "parties": "one-council",
    "parties_said": "kommunalbestyrelsen", "course": "plan-with-advice", "unit": "municipality",
    "title": "Planstrategien offentliggjort", "provision": "§ 23 a", "due": "2 12 31", "met_by": "adopted",
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return shutil.copytree(ROOT / "calendars", tmp_path / "calendars")


def said(**changed: str) -> list[str]:
    return [word for key, value in (ANSWERS | changed).items() for word in ("--say", f"{key}={value}")]


def test_a_regime_that_was_asked_for_is_read_and_gives_its_date(aftale: Aftale, folder: Path) -> None:
    done = aftale("regime", "new", "--calendars", str(folder), *said(), code=0)
    assert Path(done.out.strip()) == folder / "regimes" / "planstrategi-2024.toml"
    own = {"AFTALE_CALENDARS": str(folder)}
    aftale("init", code=0, **own)
    opened = aftale(
        "open",
        "aalborg",
        "--term",
        "2026-2029",
        "--label",
        "2027",
        "--regime",
        "planstrategi-2024",
        code=0,
        **own,
    )
    assert "Planstrategien offentliggjort: fredag den 31. december 2027 (LBK 572/2024 § 23 a)" in opened.err


@pytest.mark.parametrize(
    "changed, problem",
    [
        ({"course": "no-such"}, "there is no courses/no-such.toml"),
        ({"due": "2 13 31"}, "month must be in 1..12"),
        ({"document": "planstrategi"}, "document takes three forms"),
        ({"parties": "everybody"}, "parties"),
    ],
)
def test_what_the_reader_refuses_is_not_left_behind(
    aftale: Aftale, folder: Path, changed: dict[str, str], problem: str
) -> None:
    refused = aftale("regime", "new", "--calendars", str(folder), *said(**changed))
    assert refused.code and problem in refused.err
    assert not (folder / "regimes" / "planstrategi-2024.toml").exists()


def test_an_answer_that_is_missing_is_named_where_nobody_can_be_asked(aftale: Aftale, folder: Path) -> None:
    refused = aftale("regime", "new", "--calendars", str(folder), "--say", "id=x", code=2)
    assert "give --say kind=" in refused.err


@pytest.mark.parametrize("form", ["regime", "course", "letters", "cases"])
def test_the_editors_help_is_the_readers_own_form(aftale: Aftale, form: str) -> None:
    schema = aftale("schema", form, code=0).json()
    assert schema["additionalProperties"] is False and schema["properties"]


def test_every_way_to_a_date_and_every_key_of_a_case_stands_in_the_page() -> None:
    from workflow.rules.spans import ANCHORS
    from workflow.storage.law.forms.casesfile import CaseEntry

    page = (ROOT / "docs" / "new-regime.md").read_text(encoding="utf-8")
    named = {"term": "term_year", "round": "rounds", "half-term": "half", "day": "on"}
    for anchor in ANCHORS:
        assert re.search(rf"\b{named.get(anchor, anchor)}\b", page), anchor
    for key in CaseEntry.model_fields:
        assert f"`{key}`" in page or f"{key} =" in page or key == "source", key
