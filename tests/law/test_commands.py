"""The commands about the law and its acts, typed as a person types them."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

import pytest

from tests.conftest import Aftale, env_in

TERM = "2026-2029"
ROUND = """
[[agreement]]
region = "{region}"
term = "2026-2029"
label = "2027-2031"
"""
pytestmark = pytest.mark.xdist_group("house")  # one house is lived in from the first test to the last


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Aftale:
    """Two agreements of the coming round, and one of the round that BEK 1248/2022 reaches back to."""
    folder = tmp_path_factory.mktemp("house")
    aftale = Aftale(env_in(folder), folder)
    aftale("init", code=0)
    file = folder / "round.toml"
    file.write_text("".join(ROUND.format(region=r) for r in ("nordjylland", "syddanmark")), encoding="utf-8")
    aftale("import", str(file), code=0)
    aftale("open", "midtjylland", "--term", "2018-2021", "--label", "2019-2023", code=0)
    return aftale


def test_opening_says_which_dates_are_in_doubt(aftale: Aftale) -> None:
    aftale("init", code=0)
    said = aftale("open", "nordjylland", "--term", "2026-2029", "--label", "X9", code=0).err
    line = next(line for line in said.splitlines() if "Indsendelse" in line)
    assert line.endswith("(BEK 1248/2022 § 21, stk. 1); bortfaldet under begge mulige datoer")
    assert "regler: måske ophævet pr. torsdag den 1. januar 2026 eller fredag den 1. januar 2027 (" in said


def test_the_journal_tells_what_each_line_is_about_and_the_file_that_came_with_it(
    aftale: Aftale, tmp_path: Path
) -> None:
    letter = tmp_path / "brev.pdf"
    letter.write_bytes(b"%PDF-1.7 brev")
    aftale("init", code=0)
    aftale("open", "nordjylland", "--term", "2026-2029", "--label", "X9", code=0)
    aftale("record", "nordjylland/X9", "goals-set", "--on", "2026-11-02", "--about", "1;3", code=0)
    hearing = ("consultation-opened", "--on", "2026-11-03", "--due", "2026-12-18", "--time", "12:00")
    aftale("record", "nordjylland/X9", *hearing, "--document", str(letter), code=0)
    goals, opened = aftale("journal", "nordjylland/X9", "--json", code=0).json()["facts"][-2:]
    kept = sha256(b"%PDF-1.7 brev").hexdigest()
    assert (goals["about"], opened["time"], opened["document"]) == ("1;3", "12:00", kept)
    said = aftale("journal", "nordjylland/X9", code=0).out
    assert all(word in said for word in ("1;3", "12:00", kept[:12]))


@pytest.fixture
def living(aftale: Aftale) -> Aftale:
    """Nordjylland 2024-2027, whose submission is due on 1 July 2023 under rules that hold."""
    aftale("init", code=0)
    aftale("open", "nordjylland", "--term", "2022-2025", "--label", "2024-2027", code=0)
    return aftale


def test_ready_lists_what_is_missing_and_exits_1(living: Aftale) -> None:
    said = living("ready", "nordjylland/2024-2027", "--as-of", "2023-03-01", code=1).out
    assert "der mangler 11 til indsendelse af aftalen" in said
    assert "[BEK 1248/2022 § 29, stk. 1]  -> Sundhedssamarbejdsudvalget" in said
    assert "bemærk:  aftalens udløb" in said


def test_ready_as_json_tells_the_same_to_machines(living: Aftale) -> None:
    found = living("ready", "nordjylland/2024-2027", "--as-of", "2023-03-01", "--json", code=1).json()
    assert (found["ready"], found["for"], found["version"], len(found["parties"])) == (
        False,
        "submission",
        None,
        12,
    )
    assert {one["need"] for one in found["warnings"]} == {"nominal-end"}
    assert len(found["missing"]) == 11
    assert all(one["cite"] and one["text"] for one in found["missing"])


def test_ready_says_that_nothing_is_to_be_sent_where_the_duty_is_gone_by_both_dates(house: Aftale) -> None:
    asked = ("ready", "nordjylland/2027-2031", "--as-of", "2026-11-22")
    said = house(*asked, code=1).out
    assert "bortfaldet under begge mulige datoer for reglerne (1. januar 2026 eller 1. januar 2027)" in said
    assert "der er ingen pligt til indsendelse af aftalen" in said and "mangler" not in said
    found = house(*asked, "--json", code=1).json()
    assert (found["ready"], found["version"], len(found["parties"]), found["warnings"]) == (
        False,
        None,
        12,
        [],
    )
    assert [(one["need"], one["cite"]) for one in found["missing"]] == [("law", "Lov 719/2025 § 24")]


def test_ready_of_an_agreement_that_is_not_there_is_not_found(house: Aftale) -> None:
    assert "nordjylland/2027-2031" in house("ready", "nordjylland/1999", code=3).err


def test_quotas_count_a_year(house: Aftale) -> None:
    """O-10, O-11, O-12, O-13."""
    house("record", "syddanmark/2027-2031", "meeting-held", "--on", "2026-02-10", "--about", "ssu", code=0)
    planned = ("meeting-planned", "--on", "2026-01-05", "--due", "2026-05-10", "--about", "ssu")
    house("record", "syddanmark/2027-2031", *planned, code=0)
    asked = ("quotas", "syddanmark/2027-2031", "--year", "2026", "--as-of", "2026-03-01")
    found = {one["body"]: one for one in house(*asked, "--json", code=0).json()}
    ssu = found["ssu"]
    assert (ssu["held"], ssu["planned"], ssu["minimum"], ssu["state"]) == (1, 1, 4, "at_risk")
    assert {one["minimum"] for name, one in found.items() if name.endswith(":political")} == {2}
    said = house(*asked, code=0).out
    assert "i fare" in said
    assert "regler: måske ophævet pr. torsdag den 1. januar 2026 eller fredag den 1. januar 2027 (" in said
    older = house("quotas", "midtjylland/2019-2023", "--as-of", "2020-01-01", code=0).out
    assert "sundhedskoordinationsudvalget" in older and "BEK 679/2018 § 2, stk. 2" in older


def test_regimes_tell_their_terms_dates_and_how_surely_they_end(house: Aftale) -> None:
    found = {one["id"]: one for one in house("regimes", "--json", code=0).json()}
    assert [one["id"] for one in found.values() if one["kind"] == "health-agreement"] == [
        "bek-778-2009",
        "bek-1569-2013",
        "bek-679-2018",
        "bek-1248-2022",
    ]
    newest = found["bek-1248-2022"]
    assert (newest["ends"]["candidates"], newest["ends"]["confirmed_on"]) == (
        ["2026-01-01", "2027-01-01"],
        None,
    )
    assert newest["ends"]["certainty"] == "sandsynlig: 1. januar 2026"
    dates = {rule["id"]: rule["due"] for rule in newest["deadlines"]}
    assert dates["submission"] == "1. juli i valgperiodens 2. år"
    assert dates["midterm-guidance"] == "dagen før 2 år efter ikrafttrædelsen"
    assert all(rule["checked_on"] for one in found.values() for rule in one["deadlines"])
    said = house("regimes", code=0).out
    assert (
        "ophører:      torsdag den 1. januar 2026 eller fredag den 1. januar 2027 (sandsynlig: 1. januar 2026; "
        "Lov 719/2025 § 24)" in said
    )


def test_bodies_tell_codes_validity_clusters_and_successor(house: Aftale) -> None:
    (found,) = house("bodies", "hovedstaden", "--on", "2026-11-22", "--json", code=0).json()
    assert (found["successor"], found["valid_to"], len(found["councils"])) == (
        "oestdanmark",
        "2026-12-31",
        29,
    )
    copenhagen = found["councils"][0]
    assert (copenhagen["code"], len(copenhagen["clusters"])) == ("0101", 2)
    listed = [region["id"] for region in house("bodies", "--on", "2027-01-01", "--json", code=0).json()]
    assert sorted(listed) == ["midtjylland", "nordjylland", "oestdanmark", "syddanmark"]
    assert (
        "findes ikke fredag den 1. januar 2027"
        in house("bodies", "hovedstaden", "--on", "2027-01-01", code=0).out
    )
    assert "nordjylland" in house("bodies", "jylland", code=3).err


def test_a_region_that_is_not_there_says_when_it_is(house: Aftale) -> None:
    """OVG §§ 6 and 7: Region Østdanmark, 46 municipalities, from 1 January 2027."""
    before = house("bodies", "oestdanmark", "--as-of", "2026-11-24", code=0).out
    assert (
        "den findes først fra fredag den 1. januar 2027: aftale bodies oestdanmark --as-of 2027-01-01"
        in before
    )
    assert "kode" not in before.splitlines()[-1]
    (found,) = house("bodies", "oestdanmark", "--as-of", "2027-01-01", "--json", code=0).json()
    assert sum(one["code"] < "1000" for one in found["councils"]) == 46
    after = house("bodies", "sjaelland", "--as-of", "2027-01-01", code=0).out
    assert (
        "den fandtes til og med torsdag den 31. december 2026: aftale bodies sjaelland --as-of 2026-12-31"
        in after
    )


def test_a_deviation_is_one_act_on_every_agreement_of_the_term(house: Aftale, tmp_path: Path) -> None:
    """O-36: old and new date, and what was withdrawn; the letter is kept with each."""
    house("tick", "--at", "2027-01-04", code=0)
    letter = tmp_path / "fravigelse.pdf"
    letter.write_bytes(b"%PDF-1.7 fravigelse")
    act = ("deviation", "--term", TERM, "--on", "2026-11-20", "--due", "2028-01-01", "--source", "SST's brev")
    done = house(*act, "--document", str(letter), "--json", code=0).json()
    assert [one["agreement"] for one in done] == ["nordjylland/2027-2031", "syddanmark/2027-2031"]
    assert {(one["from"], one["to"]) for one in done} == {("2027-07-01", "2028-01-01")}
    assert len({one["document"] for one in done}) == 1
    again = house(*act, code=4)
    assert "står allerede" in again.err
    why = house("why", "nordjylland/2027-2031", "submission", "--as-of", "2026-11-22", code=0).out
    assert "Oprindelig frist: torsdag den 1. juli 2027" in why


def test_a_deviation_can_be_for_one_region_and_says_what_it_moved(house: Aftale) -> None:
    act = ("deviation", "--term", TERM, "--on", "2026-11-21", "--source", "Brev", "--region", "nordjylland")
    said = house(*act, "--due", "2028-03-01", code=0).err
    assert said.startswith("nordjylland/2027-2031: fristen for indsendelse 2028-01-01 -> 2028-03-01; ")
    assert "syddanmark" not in said


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (
            ("--term", "2018-2021", "--due", "2020-01-01"),
            4,
            "BEK 679/2018 giver ikke Sundhedsstyrelsen adgang",
        ),
        (("--term", "2027-2030", "--due", "2028-01-01"), 3, "kendte: 2010-2013"),
        (("--term", TERM, "--due", "2028-01-01", "--region", "fyn"), 3, "no region 'fyn'"),
        (("--term", TERM, "--due", "2028-01-01", "--region", "oestdanmark"), 3, "oestdanmark; open it first"),
        (("--term", TERM, "--due", "2082-01-01"), 2, "er årstallet rigtigt?"),
        (("--term", TERM, "--due", "2028-13-01"), 2, "--due '2028-13-01' is no date"),
    ],
)
def test_a_deviation_that_cannot_be_is_refused_whole(
    house: Aftale, arguments: tuple[str, ...], code: int, says: str
) -> None:
    before = house("journal", "syddanmark/2027-2031", "--json", code=0).out
    assert says in house("deviation", *arguments, "--on", "2026-11-22", "--source", "Brev", code=code).err
    assert house("journal", "syddanmark/2027-2031", "--json", code=0).out == before


def test_a_deviation_without_its_source_is_refused(house: Aftale) -> None:
    act = ("deviation", "--term", TERM, "--on", "2026-11-21", "--due", "2028-01-01", "--source", " ")
    assert "--source is empty" in house(*act, code=2).err


QUOTED = ("--quote", "§ 5, nr. 12, træder i kraft den 1. januar 2027.")
ACTS = [
    ("regime", "confirm", "bek-1248-2022", "--ends", "2027-01-01", "--source", "L719", *QUOTED),
    ("deviation", "--term", TERM, "--on", "2026-11-20", "--due", "2028-02-02", "--source", "Brev"),
]


@pytest.mark.parametrize("act", ACTS, ids=["regime-confirm", "deviation"])
def test_what_reaches_many_can_be_tried_first(house: Aftale, act: tuple[str, ...]) -> None:
    before = house("journal", "syddanmark/2027-2031", "--json", code=0).out
    tried = house(*act, "--dry-run", code=0).err
    assert "nordjylland/2027-2031: " in tried and "syddanmark/2027-2031: " in tried
    assert "prøve: intet er registreret" in tried
    assert house("journal", "syddanmark/2027-2031", "--json", code=0).out == before


@pytest.mark.fault("F58")
def test_confirming_the_end_of_a_regime_reaches_every_open_agreement_it_governs(house: Aftale) -> None:
    """Act 719/2025 § 24: duties from that day are lapsed, never overdue."""
    end = ("--ends", "2027-01-01", "--source", "Lov 719/2025 § 24, stk. 5", *QUOTED)
    done = house("regime", "confirm", "bek-1248-2022", *end, "--json", code=0).json()
    assert [one["agreement"] for one in done] == [
        "midtjylland/2019-2023", "nordjylland/2027-2031", "syddanmark/2027-2031",
    ]  # fmt: skip
    assert [duty["id"] for duty in done[1]["lapsed"]] == ["submission"]
    found = house("deadlines", "nordjylland/2027-2031", "--as-of", "2028-03-02", "--json", code=0).json()
    assert {one["status"] for one in found if one["legal_on"]} == {"lapsed"}
    said = house("quotas", "nordjylland/2027-2031", "--year", "2027", code=0).out
    assert ("i fare" in said, "bortfaldet" in said) == (False, True)
    assert "regler: ophævet pr. fredag den 1. januar 2027 (" in said
    assert "fredag den 1. januar 2027 (bekræftet i journalen" in house("regimes", code=0).out
    again = house("regime", "confirm", "bek-1248-2022", *end, code=4)
    assert "står allerede" in again.err
    first = ("--ends", "2026-01-01", "--source", "Lov 719/2025", *QUOTED)
    later = house("regime", "confirm", "bek-1248-2022", *first, code=0)
    assert "reglerne ophører torsdag den 1. januar 2026" in later.err
    house("open", "oestdanmark", "--term", "2026-2029", "--label", "2027-2031", code=0)
    opened = house("deadlines", "oestdanmark/2027-2031", "--json", code=0).json()
    assert {(one["status"], one["doubtful"]) for one in opened if one["legal_on"]} == {("lapsed", False)}


def test_a_regime_that_is_not_there_or_governs_nothing_is_not_found(house: Aftale) -> None:
    end = ("--ends", "2027-01-01", "--source", "x", *QUOTED)
    assert "known: bek-778-2009" in house("regime", "confirm", "bek-1248", *end, code=3).err
    assert "der er intet at bringe til ophør" in house("regime", "confirm", "bek-1569-2013", *end, code=3).err


LATE = """
[[agreement]]
region = "sjaelland"
term = "2022-2025"
label = "sen"

[[agreement.fact]]
event = "sent-for-approval"
on = 2023-05-02

[[agreement.fact]]
event = "council-approved"
councils = "all"
on = 2023-08-02

[[agreement.fact]]
event = "submitted"
on = 2023-10-02
"""


def test_a_submission_that_was_late_stays_late_and_status_and_why_say_so(
    house: Aftale, tmp_path: Path
) -> None:
    file = tmp_path / "late.toml"
    file.write_text(LATE, encoding="utf-8")
    house("import", str(file), code=0)
    moved = ("deviation", "--due", "2024-01-01", "--source", "brev")
    house("record", "sjaelland/sen", *moved, "--on", "2024-02-01", code=0)
    before = house("status", "sjaelland/sen", "--as-of", "2023-11-01", code=0).out
    assert "mandag den 2. oktober 2023; fristen var lørdag den 1. juli 2023 (BEK" in before
    after = house("status", "sjaelland/sen", "--as-of", "2024-02-01", code=0).out
    moved_to = (
        "siden flyttet til mandag den 1. januar 2024 (BEK"  # by which it was in time, if that works backwards
    )
    assert f"fristen var lørdag den 1. juli 2023, {moved_to}" in after
    assert "for sent efter den ene læsning, i tide efter den anden: Indsendelse" in after
    why = house("why", "sjaelland/sen", "submission", code=0).out
    both = "opfyldt for sent efter den ene læsning, i tide efter den anden mandag den 2. oktober 2023"
    assert f"Lovens frist: mandag den 1. januar 2024 ({both})" in why
    assert "Oprindelig frist: lørdag den 1. juli 2023" in why
    assert "Den dag var fristen lørdag den 1. juli 2023, så det var for sent" in why
    said = house("record", "sjaelland/sen", *moved, "--on", "2023-06-28", code=0).err
    known_in_time = f"{both.removesuffix(' mandag den 2. oktober 2023')} -> opfyldt\n"
    assert f"Sundhedsstyrelsen: {known_in_time}" in said


def test_why_of_a_rule_that_gives_no_date_yet_says_what_would(house: Aftale) -> None:
    said = house("why", "nordjylland/2027-2031", "resubmission", code=0).out
    assert "Lovens frist: ingen dato endnu (uden dato)" in said
    assert "Et afslag sætter datoen" in said and "[BEK 1248/2022 § 21, stk. 4]" in said
    told = house("why", "nordjylland/2027-2031", "resubmission", "--json", code=0).json()
    assert (told["status"], told["legal_on"]) == ("undated", None)
    assert "har ingen frist 'resubmision'" in house("why", "nordjylland/2027-2031", "resubmision", code=3).err


def test_a_date_of_effect_that_cannot_be_is_refused_and_a_doubtful_one_remarked_on(house: Aftale) -> None:
    opens = ("open", "syddanmark", "--term", "2022-2025", "--label", "prøve", "--effective")
    said = house(*opens, "2020-01-01", code=4).err
    assert "effective onsdag den 1. januar 2020" in said and "--term" in said and "VALG § 6" in said
    said = house(*opens, "2031-01-01", code=0).err
    assert "bemærk: onsdag den 1. januar 2031 ligger efter valgperioden 2022-2025" in said


def test_a_fact_that_lies_ahead_is_remarked_on_and_shown_until_its_day(house: Aftale) -> None:
    key = "syddanmark/2027-2031"
    said = house("record", key, "piu-meeting-held", "--on", "2028-02-10", code=0).err
    assert "bemærk: 10. februar 2028 er ikke kommet endnu" in said and "er meeting-planned" in said
    assert "på forhånd: nr. " in house("status", key, code=0).out
    assert "på forhånd" not in house("status", key, "--as-of", "2026-11-22", code=0).out
    planned = ("meeting-planned", "--on", "2028-01-05", "--about", "ssu")
    assert "bemærk" not in house("record", key, *planned, code=0).err
