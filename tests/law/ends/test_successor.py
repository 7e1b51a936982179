"""The successor of the agreements, as an operator would take it in: a regime with steps and no invented dates."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.conftest import Aftale
from tests.law.desk import KEY, ROOT, LawDesk, day
from tests.story.living import danish
from workflow.errors import Misconfigured
from workflow.services.views.board import board
from workflow.services.watch.reckoning import reckon
from workflow.storage.database import writing
from workflow.storage.facts import journal
from workflow.storage.law.rulebook import load

EXAMPLE = ROOT / "tests" / "law" / "local-health-plan.toml"
STEPS = ["plan-draft", "plan-advice", "plan-adoption", "plan-sent", "plan-change"]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    copy = Path(shutil.copytree(ROOT / "calendars", tmp_path / "calendars"))
    shutil.copy(EXAMPLE, copy / "regimes")
    return copy


def test_an_example_is_not_law_until_it_is_copied(folder: Path) -> None:
    assert "local-health-plan" not in [regime.id for regime in load(ROOT / "calendars").law.regimes]
    (found,) = [regime for regime in load(folder).law.regimes if regime.id == "local-health-plan"]
    assert found.terms == ("2026-2029", "2030-2033")
    assert [rule.id for rule in found.deadlines] == STEPS
    assert {rule.due.anchor for rule in found.deadlines} == {"undated"}


def test_an_example_shipped_for_planners_is_not_law_until_it_is_copied(folder: Path, aftale: Aftale) -> None:
    """Planloven § 23 a: by the end of the first half of the municipal term."""
    assert "planstrategi" not in [regime.id for regime in load(ROOT / "calendars").law.regimes]
    (shipped,) = (ROOT / "calendars" / "examples").glob("*.toml")
    assert "What a planner must check first:" in shipped.read_text(encoding="utf-8")
    shutil.copy(shipped, folder / "regimes")
    env = {"AFTALE_CALENDARS": str(folder)}
    aftale("init", code=0, **env)
    aftale(
        "open", "aalborg", "--term", "2026-2029", "--label", "2027", "--regime", "planstrategi", code=0, **env
    )
    found = aftale("deadlines", "aalborg/2027", "--as-of", "2026-12-01", "--json", code=0, **env).json()
    assert {one["id"]: one["legal_on"] for one in found if one["id"].startswith("planstrategi")} == {
        "planstrategi-published": "2027-12-31", "planstrategi-decided": None, "planstrategi-sent": None,
    }  # fmt: skip
    done = ("record", "aalborg/2027", "duty-done", "--on", "2026-11-20", "--about", "planstrategi-published")
    aftale(*done, code=0, **env)
    found = aftale("deadlines", "aalborg/2027", "--as-of", "2026-12-01", "--json", code=0, **env).json()
    assert {one["id"]: one["status"] for one in found}["planstrategi-published"] == "met"


def test_the_example_holds_no_date_a_duty_could_fall_on() -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    assert "month =" not in text
    assert "term_year" not in text
    assert "add =" not in text


def test_a_plan_is_opened_with_its_steps_and_no_date_is_given(folder: Path, aftale: Aftale) -> None:
    env = {"AFTALE_CALENDARS": str(folder)}
    aftale("init", code=0, **env)
    of_plan = ("--term", "2030-2033", "--label", "plan", "--regime", "local-health-plan")
    opened = aftale("open", "vendsyssel", *of_plan, code=0, **env)
    assert "Lov 1761/2025" in opened.err
    asked = ("vendsyssel/plan", "--as-of", "2033-12-31")
    found = aftale("deadlines", *asked, "--json", code=0, **env).json()
    assert sorted(one["id"] for one in found) == sorted(STEPS)
    assert {(one["legal_on"], one["status"]) for one in found} == {(None, "undated")}
    why = aftale(
        "why", "nordjylland/vendsyssel-plan", "plan-advice", "--as-of", "2033-12-31", code=0, **env
    ).out
    assert "Lovens frist: ingen dato endnu (uden dato)" in why
    assert "Loven sætter ingen dato for dette skridt" in why
    assert "Den godkender ikke." in why
    status = aftale("status", *asked, "--json", code=0, **env).json()
    assert not [one for one in status["blocked_by"] if "rådene" in one["text"]]
    assert "kender ingen indsendelse" in aftale("ready", *asked, code=4, **env).err
    aftale("record", "nordjylland/vendsyssel-plan", "drafting-opened", "--on", "2030-02-01", code=0, **env)
    found = aftale("deadlines", *asked, "--json", code=0, **env).json()
    assert {one["id"]: one["status"] for one in found}["plan-draft"] == "met"
    assert "plan-draft: ingen dato i loven" in aftale("regimes", code=0, **env).out


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('due = { from = "undated" }', 'due = { from = "undated", strict = true }'),
        ('due = { from = "undated" }', 'due = { from = "undated", month = 7, day = 1 }'),
        (
            'due = { from = "undated" }\nmet_by = ["drafting-opened"]',
            'due = { from = "submitted" }\nmet_by = []',
        ),
    ],
)
def test_what_has_no_date_cannot_be_given_half_of_one(folder: Path, old: str, new: str) -> None:
    file = folder / "regimes" / EXAMPLE.name
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Misconfigured) as refused:
        load(folder)
    assert refused.value.where == str(file)
    assert 'deadline "plan-' in refused.value.problem


def test_neither_planner_nor_reckoner_expects_more_of_an_agreement_that_was_succeeded(desk: LawDesk) -> None:
    desk.tell("effective", "2022-10-03", due=day("2024-01-01"))
    desk.concludes()
    after = desk.open(
        term="2026-2029", label="2028-2031", opened_on=day("2026-02-02"), effective=day("2028-01-01")
    )
    desk.today = day("2027-06-21")
    desk.sends("2027-04-05", after, "2027-06-07")
    desk.tell("submitted", "2027-06-21", after)
    assert desk.at(as_of="2028-12-01").course.period == "ended"
    desk.letters("2028-12-01")
    found = reckon(desk.engine, desk.rulebook, danish(day("2028-12-01"), 18))
    assert [one.said for one in found if (one.agreement, one.kind) == (KEY, "missing")] == []


def test_a_plan_and_a_health_agreement_of_one_term_stand_beside_each_other(
    folder: Path, aftale: Aftale
) -> None:
    env = {"AFTALE_CALENDARS": str(folder)}
    aftale("init", code=0, **env)
    of_term = ("open", "nordjylland", "--term", "2026-2029")
    usual = aftale(*of_term, "--label", "2027-2031", code=0, **env)
    assert "efter BEK 1248/2022" in usual.out + usual.err, (
        "the health agreements' is meant where none is named"
    )
    wrong = aftale(*of_term, "--label", "plan", "--regime", "bek-679-2018", code=2, **env).err
    assert "dens regelsæt: bek-1248-2022, " in wrong and ", local-health-plan" in wrong
    plan = ("open", "vendsyssel", "--term", "2026-2029", "--label", "plan", "--regime", "local-health-plan")
    aftale(*plan, code=0, **env)
    aftale(*of_term, "--label", "2028-2031", "--regime", "bek-1248-2022", code=0, **env)
    found = {}
    for label in ("vendsyssel-plan", "2028-2031"):
        told = aftale("deadlines", f"nordjylland/{label}", "--json", code=0, **env).json()
        found[label] = {one["id"]: one["legal_on"] for one in told}
    assert found["vendsyssel-plan"] == dict.fromkeys(STEPS)
    assert found["2028-2031"]["submission"] == "2027-07-01"
    moved = ("deviation", "--term", "2026-2029", "--due", "2028-01-01", "--on", "2026-11-20", "--source", "x")
    told = aftale(*moved, "--yes", "--json", code=0, **env).out
    assert "nordjylland/2028-2031" in told
    assert "nordjylland/vendsyssel-plan" not in told


def test_a_plan_takes_over_from_no_health_agreement(folder: Path, empty: LawDesk) -> None:
    both = LawDesk(empty.engine, load(folder))
    both.open()
    both.tell("effective", "2022-10-03", due=day("2024-01-01"))
    both.concludes()
    both.today = day("2028-02-01")
    both.open(
        "vendsyssel", term="2026-2029", label="plan", regime="local-health-plan", opened_on=day("2027-02-01"),
        effective=day("2028-01-01"),
    )  # fmt: skip
    plan = "nordjylland/vendsyssel-plan"
    with writing(both.engine) as session:  # were it ever called concluded, it would still be another kind
        journal.find(session, plan).concluded_on = day("2028-01-01")
    assert both.at(as_of="2028-02-01").course.period == "in_force"
    places = board(both.engine, both.rulebook, ["nordjylland"], day("2028-02-01"))
    shown = [one.agreement.key for place in places for one in place.standings]
    assert shown == [KEY, plan]


def test_two_regimes_of_one_kind_and_term_are_refused_with_what_would_work(folder: Path) -> None:
    file = folder / "regimes" / EXAMPLE.name
    text = file.read_text(encoding="utf-8")
    assert text.count('kind = "local-health-plan"') == 1
    file.write_text(text.replace('kind = "local-health-plan"', 'kind = "health-agreement"'), encoding="utf-8")
    with pytest.raises(Misconfigured, match="'2026-2029' is already governed by bek-1248-2022") as refused:
        load(folder)
    assert "a kind of its own" in str(refused.value)
