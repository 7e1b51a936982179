"""A round belongs to a region, a health council, a municipality or a named group, and its parties follow the day."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Aftale
from tests.law.desk import LawDesk, day
from tests.law.ends.test_successor import EXAMPLE
from workflow.errors import Conflict, Invalid, Misconfigured, NotFound
from workflow.faces.web.pages.rounds.openform import NAMES, read_opening
from workflow.services.planning.recipients import expand
from workflow.storage.database import reading, writing
from workflow.storage.facts import journal, past
from workflow.storage.law.rulebook import Rulebook, load
from workflow.storage.places import find_folder

TERM, PLAN = "2026-2029", "local-health-plan"
GROUP = """[unit]
body = "group"

[[unit.group]]
id = "limfjord"
name = "Limfjordens kommuner"
region = "nordjylland"
councils = ["1081", "0787", "0820"]
valid_from = 2027-01-01
"""
Folder = Callable[[str, str], Path]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    """The calendars with the example of a plan, whose rounds are of another body and other parties."""

    def made(unit: str, parties: str) -> Path:
        copy = Path(shutil.copytree(find_folder("calendars"), tmp_path / "calendars"))
        text = EXAMPLE.read_text(encoding="utf-8")
        for old, new in (
            ('[unit]\nbody = "health-council"\n', unit), ('parties = "one-council" ', f'parties = "{parties}" '),
        ):  # fmt: skip
            assert old in text
            text = text.replace(old, new)
        (copy / "regimes" / EXAMPLE.name).write_text(text, encoding="utf-8")
        return copy

    return made


def body(of: str) -> str:
    return f'[unit]\nbody = "{of}"\n'


def opened(empty: LawDesk, book: Rulebook, unit: str, label: str = "2027", on: str = "2027-02-01") -> str:
    desk = LawDesk(empty.engine, book)
    desk.open(unit, TERM, label, day(on), regime=PLAN)
    with reading(desk.engine) as session:
        return journal.find(session, f"{unit}/{label}").key


def parties(book: Rulebook, region: str, unit: str | None, on: str = "2027-02-01") -> list[str]:
    return [one.code for one in book.agreement(region, "x", TERM, day(on), unit, PLAN).parties]


def test_a_plan_of_a_health_council_is_the_regional_councils_alone(folder: Folder, empty: LawDesk) -> None:
    """Sundhedsloven § 206 d, stk. 3: the region adopts; BEK 1208/2025: 17 health councils, one plan each."""
    book = load(folder(body("health-council"), "one-council"))
    assert opened(empty, book, "vendsyssel") == "nordjylland/vendsyssel-2027"
    assert opened(empty, book, "limfjorden") == "nordjylland/limfjorden-2027"
    assert opened(empty, book, "hovedstaden") == "oestdanmark/hovedstaden-2027"
    assert parties(book, "nordjylland", "vendsyssel") == ["1081"]
    plan = book.agreement("nordjylland", "x", TERM, day("2027-02-01"), "vendsyssel", PLAN)
    assert (plan.unit, plan.name, plan.region_name) == (
        "vendsyssel",
        "Sundhedsråd Vendsyssel",
        "Region Nordjylland",
    )
    with pytest.raises(Conflict):
        opened(empty, book, "vendsyssel")


def test_all_councils_of_a_health_council_are_its_municipalities_and_the_region(folder: Folder) -> None:
    book = load(folder(body("health-council"), "all-councils"))
    inside = next(one for one in book.health_councils if one.id == "vendsyssel").councils
    assert parties(book, "nordjylland", "vendsyssel") == ["1081", *sorted(inside)]


def test_a_plan_of_a_municipality_is_its_own_councils(folder: Folder, empty: LawDesk) -> None:
    """BEK 150/2025 § 7: each municipal council its preparedness plan. A code and a name mean the same."""
    book = load(folder(body("municipality"), "one-council"))
    assert opened(empty, book, "0851") == "nordjylland/aalborg-2027"
    assert opened(empty, book, "Hjørring") == "nordjylland/hjørring-2027"
    assert opened(empty, book, "København") == "oestdanmark/københavn-2027"
    assert parties(book, "nordjylland", "0851") == ["0851"]
    with reading(empty.engine) as session:
        keys = {
            journal.find(session, key).key
            for key in ("0851/2027", "aalborg/2027", "nordjylland/aalborg-2027")
        }
        keys |= {past.agreed(session, key).key for key in ("0851/2027", "aalborg/2027")}
    assert keys == {"nordjylland/aalborg-2027"}


def test_letters_of_a_municipalitys_round_go_to_its_own_council(folder: Folder, empty: LawDesk) -> None:
    desk = LawDesk(empty.engine, load(folder(body("municipality"), "one-council")), day("2027-02-01"))
    desk.open("0851", TERM, "2027", day("2027-02-01"), regime=PLAN)
    standing = desk.at("aalborg/2027")
    assert standing.agreement.name == "Aalborg Kommune"
    assert expand(standing, desk.rulebook, ("secretariat", "all-councils")) == ["0851/council"]


def test_a_unit_is_named_before_its_region(folder: Folder, aftale: Aftale) -> None:
    env = {"AFTALE_CALENDARS": str(folder(body("health-council"), "one-council"))}
    aftale("init", code=0, **env)
    aftale("open", "vendsyssel", "--term", TERM, "--label", "2027", "--regime", PLAN, code=0, **env)
    told = aftale("status", "vendsyssel/2027", code=0, **env).out
    assert "nordjylland/vendsyssel-2027  Sundhedsråd Vendsyssel, valgperiode 2026-2029" in told
    assert "råd:" not in told
    whose = {
        "agreement": "nordjylland/vendsyssel-2027", "unit": "vendsyssel", "unit_name": "Sundhedsråd Vendsyssel",
    }  # fmt: skip
    for asked in ("status", "deadlines"):
        said = aftale(asked, "vendsyssel/2027", "--json", code=0, **env).json()
        one = said[0] if isinstance(said, list) else said
        assert {name: one[name] for name in whose} == whose, asked


def test_municipal_councils_alone_leave_the_region_out(folder: Folder) -> None:
    book = load(folder("", "municipal-councils"))
    found = parties(book, "nordjylland", None)
    assert "1081" not in found
    assert len(found) == 11


def test_a_group_has_the_councils_its_regime_names(folder: Folder, empty: LawDesk) -> None:
    book = load(folder(GROUP, "all-councils"))
    assert opened(empty, book, "limfjord") == "nordjylland/limfjord-2027"
    assert parties(book, "nordjylland", "limfjord") == ["1081", "0787", "0820"]


def test_what_is_no_such_body_is_refused_with_those_there_are(folder: Folder, empty: LawDesk) -> None:
    book = load(folder(body("health-council"), "one-council"))
    with pytest.raises(NotFound, match=r"intet sundhedsråd hedder 'nordjylland'.*vendsyssel, limfjorden"):
        opened(empty, book, "nordjylland")
    with pytest.raises(Invalid, match="har en runde for hvert sundhedsråd"):
        book.agreement("nordjylland", "x", TERM, day("2027-02-01"), None, PLAN)
    with pytest.raises(Invalid, match="er der én aftale for hele regionen"):
        book.agreement("nordjylland", "x", TERM, day("2027-02-01"), "0851", "bek-1248-2022")


@pytest.mark.parametrize(
    ("unit", "said"),
    [
        (body("county"), ("key unit.body", "county")),
        (body("group"), ("key unit", "belong together")),
        (GROUP.replace('"0787"', '"9999"'), ("limfjord", "councils", "9999")),
        (GROUP.replace('region = "nordjylland"', 'region = "jylland"'), ("limfjord", "region", "jylland")),
    ],
)
def test_a_unit_that_cannot_be_right_is_refused_at_load(
    folder: Folder, unit: str, said: tuple[str, ...]
) -> None:
    with pytest.raises(Misconfigured) as refused:
        load(folder(unit, "all-councils"))
    for words in (*said, EXAMPLE.name):
        assert words in str(refused.value)


def test_a_plan_is_succeeded_by_the_next_of_its_own_unit_alone(folder: Folder, empty: LawDesk) -> None:
    book = load(folder(body("health-council"), "one-council"))
    desk = LawDesk(empty.engine, book, day("2029-06-01"))
    for unit, label, on in (
        ("vendsyssel", "2027", "2027-06-01"), ("limfjorden", "2028", "2028-06-01"),
        ("vendsyssel", "2029", "2029-01-01"),
    ):  # fmt: skip
        desk.open(unit, TERM, label, day("2027-02-01"), regime=PLAN, effective=day(on))
        desk.tell("adopted", on, f"{unit}/{label}")
    with writing(desk.engine) as session:
        found = [
            past.succeeded_on(session, book, journal.find(session, key))
            for key in ("vendsyssel/2027", "limfjorden/2028", "vendsyssel/2029")
        ]
    assert found == [day("2029-01-01"), None, None]


def test_a_rounds_file_names_the_unit_as_the_command_does_and_can_be_taken_in_twice(
    folder: Folder, aftale: Aftale
) -> None:
    env = {"AFTALE_CALENDARS": str(folder(body("health-council"), "one-council"))}
    aftale("init", code=0, **env)
    (aftale.cwd / "runde.toml").write_text(
        f"""[[agreement]]
region = "vendsyssel"
term = "{TERM}"
label = "2027"
regime = "{PLAN}"

[[agreement.fact]]
event = "drafting-opened"
on = 2026-11-02
""",
        encoding="utf-8",
    )
    first = aftale("import", "runde.toml", "--json", code=0, **env).json()
    again = aftale("import", "runde.toml", "--json", code=0, **env).json()
    assert (first["opened"], len(first["recorded"])) == (["nordjylland/vendsyssel-2027"], 1)
    assert (again["opened"], again["recorded"], len(again["already_there"])) == ([], [], 1)


@pytest.mark.parametrize(
    ("named", "label", "wrong"),
    [
        ("vendsyssel", "vendsyssel-2027", ""),
        ("Sundhedsråd Limfjorden", "limfjorden-2027", ""),
        ("", "", "Skriv, hvilken kommune, hvilket sundhedsråd eller hvilken gruppe det gælder"),
        ("0851", "", "Intet sundhedsråd hedder '0851'"),
        ("fyn", "", "Sundhedsråd Fyn hører ikke til Region Nordjylland"),
    ],
)
def test_the_form_asks_whose_round_it_is(folder: Folder, named: str, label: str, wrong: str) -> None:
    book = load(folder(body("health-council"), "one-council"))
    typed = dict.fromkeys(NAMES, "") | {
        "region": "nordjylland", "period": f"{TERM}/{PLAN}", "label": "2027", "municipality": named,
    }  # fmt: skip
    entry, said = read_opening(typed, book, day("2027-02-01"))
    assert (entry.label if entry else "") == label
    assert said.get("municipality", "").startswith(wrong), said


def test_the_list_of_regimes_says_course_and_unit(folder: Folder, aftale: Aftale) -> None:
    env = {"AFTALE_CALENDARS": str(folder(body("health-council"), "one-council"))}
    told = {
        one["id"]: (one["kind"], one["course"], one["unit"])
        for one in aftale("regimes", "--json", **env).json()
    }
    assert told[PLAN] == ("local-health-plan", "plan-with-advice", "health-council")
    assert told["bek-1248-2022"] == ("health-agreement", "health-agreement", "region")
