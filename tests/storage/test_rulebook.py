"""``calendars/`` read whole, and refused with file, id and key for every way it can be wrong (F46)."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from workflow.errors import Misconfigured
from workflow.storage.law.rulebook import load
from workflow.storage.places import find_folder

REAL = find_folder("calendars")
R1248, R679 = "regimes/bek-1248-2022.toml", "regimes/bek-679-2018.toml"
R1569, R778 = "regimes/bek-1569-2013.toml", "regimes/bek-778-2009.toml"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(REAL, tmp_path / "calendars"))


def replaced(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text, f"the real file no longer holds {old!r}"
        return text.replace(old, new, 1)

    return change


def added(more: str) -> Callable[[str], str]:
    return lambda text: text + more


def without(start: str, end: str) -> Callable[[str], str]:
    """Everything from ``start`` up to ``end`` cut out."""
    return lambda text: text[: text.index(start)] + text[text.index(end) :]


def twice(start: str) -> Callable[[str], str]:
    """The entry that begins with ``start``, appended a second time."""

    def change(text: str) -> str:
        entry = text[text.index(start) :]
        return (
            f"{text}\n[[{start[2:].split(']', maxsplit=1)[0]}]]\n"
            + entry.split("]]\n", 1)[1].split("\n[[")[0]
        )

    return change


CASES: list[tuple[str, str, Callable[[str], str], tuple[str, ...]]] = [
    ("an unknown key in a rule", R1248, replaced('duty = "shall"', 'duty = "shall"\nweekend = "next"'),
     ('task "committee-constituted"', "key weekend")),
    ("an unknown key in a deadline", R1248,
     replaced('id = "submission"', 'id = "submission"\nweekend = "next"'),
     ('deadline "submission"', "key weekend")),
    ("an unknown key at the top", "denmark.toml",
     replaced("[[source]]", "zone = 'x'\n[[source]]"), ("key zone",)),
    ("a misspelt key in due", R679,
     replaced("term_year = 2", "termyear = 2"), ('deadline "submission"', "due")),
    ("a rule without a citation", R1569, replaced('cite = ["BEK 1569/2013 § 6, stk. 2"]\n', ""),
     ('deadline "sst-decision"', "key cite")),
    ("a rule with an empty citation list", R1569,
     replaced('cite = ["BEK 1569/2013 § 6, stk. 2"]', "cite = []"),
     ('deadline "sst-decision"', "key cite")),
    ("a rule nobody has checked", R778, replaced("checked_on = 2026-11-21\n", ""),
     ('deadline "submission"', "key checked_on")),
    ("a closed day nobody has checked", "denmark.toml",
     replaced("day = 1\nchecked_on = 2026-11-21", "day = 1"),
     ('closed "nytaarsdag"', "key checked_on")),
    ("a citation of a source the file does not name", R1248,
     replaced('cite = ["BEK 1248/2022 § 21, stk. 2"', 'cite = ["BEK 1284/2022 § 21, stk. 2"'),
     ('deadline "sst-decision"', "key cite", "BEK 1284/2022")),
    ("a citation that only begins like a source", R1248,
     replaced('"SUL § 205, stk. 3"', '"SULFO § 205, stk. 3"'),
     ('deadline "submission"', "key cite", "SULFO")),
    ("a provision without a source", R679, replaced('submit = "BEK 679/2018', 'submit = "BEK 680/2018'),
     ("key provisions.submit",)),
    ("an ending without a source", R1248,
     replaced('cite = "Lov 719/2025 § 24"', 'cite = "Lov 720/2025 § 24"'),
     ("key ends.cite",)),
    ("an ending nobody says the day of", R1248, replaced("known_on = 2025-06-20", ""), ("key ends.known_on",)),
    ("a rule nothing can meet", R1248, replaced('met_by = ["submitted"]', 'met_by = ["sent"]'),
     ('deadline "submission"', "key met_by")),
    ("a rule met by nothing at all", R1248, replaced('met_by = ["submitted"]', "met_by = []"),
     ('deadline "submission"', "key met_by")),
    ("a date that does not exist", R1569, replaced("month = 1, day = 31", "month = 2, day = 30"),
     ('deadline "submission"', "key due")),
    ("a yearly 29 February", "denmark.toml", replaced("month = 6\nday = 5", "month = 2\nday = 29"),
     ('closed "grundlovsdag"',)),
    ("a month that does not exist", "denmark.toml", replaced("month = 6\nday = 5", "month = 13\nday = 5"),
     ('closed "grundlovsdag"',)),
    ("a closed day with two dates", "denmark.toml",
     replaced("easter = -3", "easter = -3\nmonth = 4\nday = 1"),
     ('closed "skaertorsdag"',)),
    ("a length that is none", R679, replaced('add = "8 weeks"', 'add = "8 uger"'),
     ('deadline "sst-decision"', "key due.add")),
    ("two anchors for one date", R679,
     replaced('from = "received"', 'from = "received", every = "calendar-year"'),
     ('deadline "sst-decision"', "key due")),
    ("an anchor nobody knows", R679, replaced('from = "received"', 'from = "sent"'),
     ('deadline "sst-decision"', "key due.from")),
    ("a duty nobody knows", R679,
     replaced('duty = "shall"', 'duty = "must"'), ('deadline "submission"', "key duty")),
    ("a date written as text", R679, replaced("in_force_on = 2018-06-08", 'in_force_on = "2018-06-08"'),
     ("key in_force_on",)),
    ("two rules with one id", R679, twice('[[deadline]]\nid = "submission"'), ('deadline "submission"', "twice")),
    ("two sources with one key", R679, twice('[[source]]\nkey = "VEJ 9504/2018"'), ('source "VEJ 9504/2018"', "twice")),
    ("two closed days with one id", "denmark.toml", replaced('id = "juledag"', 'id = "pinsedag"'),
     ('closed "pinsedag"', "twice")),
    ("two regimes with one id", R679,
     replaced('id = "bek-679-2018"', 'id = "bek-1569-2013"'), ("key id", "1569")),
    ("a key written twice", R679, replaced('committee = "', 'committee = "a"\ncommittee = "'), ("not TOML",)),
    ("no TOML at all", "elections.toml", added("\n[[term"), ("not TOML",)),
    ("a term in two regimes", R1248, replaced('"2022-2025"', '"2018-2021", "2022-2025"'),
     ("key terms", "2018-2021", "bek-679-2018")),
    ("a term in no regime", R1569, replaced('terms = ["2014-2017"]', "terms = []"), ("key terms",)),
    ("a gap between two regimes", R1248,
     replaced('terms = ["2022-2025", "2026-2029"]', 'terms = ["2026-2029"]'),
     ("key in_force_on, terms", "2026-2029")),
    ("regimes in the wrong order", R679, replaced("in_force_on = 2018-06-08", "in_force_on = 2012-06-08"),
     ("key in_force_on, terms",)),
    ("a regime of an unknown term", R1248,
     replaced('"2026-2029"]', '"2027-2030"]'), ("key terms", "2027-2030")),
    ("a regime that reaches back to nothing", R1248,
     replaced('regime = "bek-679-2018"', 'regime = "bek-680-2018"'),
     ('reaches_back "bek-680-2018"', "key regime")),
    ("a deviation no provision allows", R679, replaced('moved_by = "nominal-end"', 'moved_by = "deviation"'),
     ('deadline "final-order"', "key moved_by")),
    ("silence approves and nothing says so", R1569,
     replaced("tacit_approval = false", "tacit_approval = true"),
     ("key tacit_approval",)),
    ("a closed day that is no option", R1248, replaced('["grundlovsdag"', '["foerste-maj"'),
     ('deadline "submission"', "key also_closed", "foerste-maj")),
    ("an election on another Tuesday", "elections.toml", replaced("2021-11-16", "2021-11-23"),
     ('term "2022-2025"', "key election_on", "2021-11-16")),
    ("a term that is too short", "elections.toml", replaced("ends_on = 2025-12-31", "ends_on = 2024-12-31"),
     ("key starts_on, ends_on",)),
    ("an election left out", "elections.toml",
     without("\n[[term]]\nelection_on = 2017", "\n[[term]]\nelection_on = 2021"),
     ('term "2022-2025"', "key starts_on")),
    ("an office period of an unknown council", "elections.toml", replaced('"oestdanmark"', '"vestdanmark"'),
     ('office_period "vestdanmark"', "key region")),
    ("an office period of an unknown term", "elections.toml",
     replaced('term = "2026-2029"', 'term = "2027-2029"'),
     ('office_period "oestdanmark"', "key term")),
    ("seats across two terms", "elections.toml",
     replaced('"piu"\nstarts_on = 2026-01-01', '"piu"\nstarts_on = 2025-01-01'),
     ('seats "1"', "not a time within one term")),
    ("a deviation for an unknown region", "deviations.toml", replaced('"syddanmark"', '"fyn"'),
     ('deviation "sst-2023"', "key regions", "fyn")),
    ("a deviation in a term that knows none", "deviations.toml", replaced('"2022-2025"', '"2018-2021"'),
     ('deviation "sst-2023"', "key term")),
    ("a deviation from a date that was never in force", "deviations.toml",
     replaced("2023-07-01", "2023-06-01"),
     ('deviation "sst-2023"', "key old_on", "2023-07-01")),
    ("a letter about an unknown deadline", "letters.toml", replaced('["resubmission"]', '["resubmision"]'),
     ('letter "resubmission-countdown"', "key deadline", "resubmision")),
    ("a letter to nobody known", "letters.toml", replaced('"regional-council"]', '"mayor"]'),
     ('letter "submission-countdown"', "key to")),
    ("a letter nothing makes owed", "letters.toml", replaced('event = ["sent-for-approval"]\n', ""),
     ('letter "sent-for-approval"',)),
    ("a letter about an unknown event", "letters.toml",
     replaced('["sent-for-approval"]', '["sent-to-approval"]'),
     ('letter "sent-for-approval"', "key event")),
    ("a ladder that goes back and forth", "letters.toml", replaced("[-180, -120", "[-120, -180"),
     ('letter "submission-countdown"', "ascending")),
    ("a letter in a state no version is in", "letters.toml", replaced('"blocked"]', '"stopped"]'),
     ('letter "council-pending"', "key state, during", "stopped")),
    ("two letters with one name", "letters.toml",
     replaced('name = "submission-overdue"', 'name = "submission-countdown"'),
     ('letter "submission-countdown"', "twice")),
    ("a council in an unknown region", "bodies/councils.csv",
     replaced("Aalborg Kommune,nordjylland", "Aalborg Kommune,nordpolen"),
     ("column region", "nordpolen")),
    ("a council in two regions at once", "bodies/councils.csv",
     replaced("oestdanmark,2027-01-01", "oestdanmark,2026-01-01"),
     ("column valid_from", "two regions")),
    ("a council code without its zero", "bodies/councils.csv",
     replaced("\n0101", "\n101"), ("line 2", "column code")),
    ("a day that does not exist in a table", "bodies/councils.csv", replaced("2026-12-31", "2026-11-31"),
     ("line 2", "column valid_to")),
    ("an end before its start", "bodies/councils.csv",
     replaced("2026-12-31", "2006-12-31"), ("line 2", "column valid_to")),
    ("a column too many in a line", "bodies/councils.csv",
     replaced(",high", ",high,x"), ("line 2", "column more")),
    ("a column missing everywhere", "bodies/regions.csv",
     replaced("certainty,note", "certainty"), ("line 1", "note")),
    ("a region twice", "bodies/regions.csv",
     replaced("midtjylland,1082", "nordjylland,1082"), ("column id", "nordjylland")),
    ("a successor nobody knows", "bodies/regions.csv",
     replaced(",oestdanmark,", ",vestdanmark,"), ("column successor",)),
    ("a cluster in an unknown region", "bodies/clusters.csv",
     replaced("Byen,hovedstaden", "Byen,storkoebenhavn"),
     ("column region", "storkoebenhavn")),
    ("a cluster of an unknown council", "bodies/cluster_municipalities.csv",
     replaced("byen,0147", "byen,0148"),
     ("column council", "0148")),
    ("a member of an unknown cluster", "bodies/cluster_municipalities.csv",
     replaced("hovedstaden-byen", "hovedstaden-by"),
     ("column cluster", "hovedstaden-by")),
    ("a health council of an unknown council", "bodies/sundhedsraad_municipalities.csv",
     replaced("0860", "0869"),
     ("column council", "0869")),
    ("two councils on one tile", "bodies/tilegrid.csv",
     replaced("0147,7,18", "0147,8,19"), ("column row, col",)),
]  # fmt: skip


@pytest.mark.fault("F46")
@pytest.mark.fault("F47")
@pytest.mark.parametrize(("name", "change", "said"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_a_broken_calendar_is_refused_with_file_and_key(
    folder: Path, name: str, change: Callable[[str], str], said: tuple[str, ...]
) -> None:
    file = folder / name
    file.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(Misconfigured) as refused:
        load(folder)
    assert refused.value.where.startswith(str(folder / name.split("/", maxsplit=1)[0]))
    if "in_force_on, terms" not in refused.value.problem:  # order is a matter between files
        assert refused.value.where == str(file)
    for words in said:
        assert words in str(refused.value)
    assert refused.value.cure


def test_a_slip_in_a_key_is_named_and_not_the_key_it_leaves_missing(folder: Path) -> None:
    path = folder / "regimes" / "bek-1248-2022.toml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("minimum = 4", "minimun = 4", 1), encoding="utf-8"
    )
    with pytest.raises(Misconfigured, match="minimun: unknown key") as refused:
        load(folder)
    assert "Did you mean 'minimum'?" in refused.value.cure


@pytest.mark.parametrize("name", ["denmark.toml", "letters.toml", "deviations.toml", "bodies/regions.csv"])
def test_a_missing_file_is_named(folder: Path, name: str) -> None:
    (folder / name).unlink()
    with pytest.raises(Misconfigured) as refused:
        load(folder)
    assert refused.value.where == str(folder / name)


@pytest.mark.fault("F46")
@pytest.mark.parametrize("name", ["elections.toml", R679, "bodies/councils.csv"])
def test_a_file_that_is_no_text_is_named(folder: Path, name: str) -> None:
    (folder / name).write_bytes("Ærø".encode("latin-1") + b"\x00")
    with pytest.raises(Misconfigured) as refused:
        load(folder)
    assert refused.value.where == str(folder / name)
    assert "UTF-8" in refused.value.problem


def test_a_folder_without_regimes_is_refused(folder: Path) -> None:
    shutil.rmtree(folder / "regimes")
    with pytest.raises(Misconfigured, match="no regime"):
        load(folder)


def test_the_digest_follows_the_bytes_and_not_the_file_system(folder: Path) -> None:
    assert load(folder).digest == load(REAL).digest
    for path in sorted(folder.rglob("*"), reverse=True):
        os.utime(path, (0, 0))
    (folder / "README").write_text("not law", encoding="utf-8")
    assert load(folder).digest == load(REAL).digest
    file = folder / "letters.toml"
    file.write_text(file.read_text(encoding="utf-8") + "# a remark\n", encoding="utf-8")
    assert load(folder).digest != load(REAL).digest


def test_the_operators_folder_is_searched_first(folder: Path) -> None:
    assert find_folder("calendars", folder) == folder
    assert (find_folder("calendars") / "denmark.toml").is_file()


def test_a_folder_the_operator_names_must_exist(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured) as refused:
        find_folder("calendars", tmp_path / "nowhere")
    assert refused.value.where == str(tmp_path / "nowhere")
    with pytest.raises(Misconfigured, match="nothing-like-it"):
        find_folder("nothing-like-it")
