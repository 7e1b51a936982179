"""A lawyer signs a rule from outside: the date's page and its letter say who, nothing moves, and nothing is asked."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import ROOT, Aftale
from tests.faces.conftest import MORNING
from workflow.faces.daemon.workplace import open_workplace
from workflow.rules.days import danish_day
from workflow.services.law.changing import take_in
from workflow.services.planning.letterfacts import letter_facts
from workflow.services.views.status import find_standing
from workflow.settings import Settings
from workflow.storage.law.rulebook import load

KEY, REGIME, TODAY = "nordjylland/2024-2027", "bek-1248-2022", danish_day(MORNING)
BY = ("--name", "Anne Holm", "--office", "Region Nordjylland, Jura", "--on", "2026-11-20")
TEXT = ("--text", 'Retsinformation, "BEK nr. 1248", læst 20. november 2026')
UNSIGNED = "ikke juridisk kontrolleret"


@pytest.fixture
def own(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "calendars", tmp_path / "calendars"))


def test_a_signed_rule_says_who_and_its_letter_says_no_longer_that_nobody_has(
    aftale: Aftale, settings: Settings, own: Path
) -> None:
    file, mine = own / "regimes" / f"{REGIME}.toml", {"AFTALE_CALENDARS": str(own)}
    assert "AFTALE_CALENDARS" in aftale("rules", "sign", REGIME, "submission", *BY, *TEXT, code=4).err
    assert UNSIGNED in aftale("why", KEY, "submission", code=0).out
    said = aftale("rules", "sign", REGIME, "submission", "quota ssu", *BY, *TEXT, code=0, **mine).err
    assert "underskrevet af Anne Holm, Region Nordjylland, Jura: submission, quota ssu" in said
    assert "ingen nye regler venter på svar" in aftale("rules", "pending", code=0, **mine).err
    with open_workplace(settings.model_copy(update={"calendars": own})) as place:
        assert take_in(place.engine, place.rulebook, MORNING) == 0, "a signature is nobody's to answer for"
        standing = find_standing(place.engine, place.rulebook, KEY, TODAY)
        told = {
            rule: letter_facts(
                standing, standing.rules, "nordjylland/council", TODAY, tell=standing.deadline(rule)
            )["unchecked"]
            for rule in ("submission", "final-guidance")
        }
        assert told == {"submission": False, "final-guidance": True}
    assert "Anne Holm" in aftale("why", KEY, "submission", code=0, **mine).out
    assert UNSIGNED in aftale("why", KEY, "annual-review:2026", code=0, **mine).out
    assert UNSIGNED in aftale("why", KEY, "submission", "--as-of", "2026-11-01", code=0, **mine).out
    before = file.read_bytes()
    for wrong, code in (
        ((REGIME, "submission", *BY, *TEXT), 4), ((REGIME, "nix", *BY, *TEXT), 3), (("nix", "all", *BY, *TEXT), 3),
        ((REGIME, "all", *BY, "--text", " "), 2), ((REGIME, "all", *BY[:-1], "2099-01-01", *TEXT), 2),
    ):  # fmt: skip
        aftale("rules", "sign", *wrong, code=code, **mine)
    assert file.read_bytes() == before


def test_all_that_is_unsigned_can_be_signed_at_once_and_only_the_signature_is_new(
    aftale: Aftale, own: Path
) -> None:
    for path in sorted((own / "regimes").glob("*.toml")):
        aftale("rules", "sign", path.stem, "all", *BY, *TEXT, code=0, AFTALE_CALENDARS=str(own))
        before = (ROOT / "calendars" / "regimes" / path.name).read_text(encoding="utf-8").splitlines()
        after = path.read_text(encoding="utf-8").splitlines()
        assert [line for line in after if not line.startswith("checked_by = ")] == before
    assert {rule.checked_by.name for one in load(own).law.regimes for rule in (*one.deadlines, *one.tasks, *one.quotas)
            if rule.checked_by} == {"Anne Holm"}  # fmt: skip
