"""Fifty wrong inputs to ``record``, ``import`` and the calendars: each is refused with what is wrong, where, and what
would work, and the journal is as it was."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from tests.law.desk import KEY, ROOT, LawDesk, rules
from workflow.__main__ import ending
from workflow.faces.cli.app import line
from workflow.storage.database import connect

FACT = '[[agreement.fact]]\nevent = "received"\non = 2023-12-22\n'
HEAD = f'[[agreement]]\nregion = "nordjylland"\nterm = "2022-2025"\nlabel = "2024-2027"\n{FACT}'
R1248 = "regimes/bek-1248-2022.toml"
ON = ("--on", "2023-11-27")
SUBMIT = '["BEK 1248/2022 § 21, stk. 1", "SUL § 205, stk. 3", "VEJ 9008/2024 afsnit 3.6 og 5.1"]'

RECORD: list[tuple[str, tuple[str, ...], int, tuple[str, ...]]] = [
    ("an unknown event", ("sent-to-approval", *ON), 2, ("'sent-to-approval' findes ikke", "sent-for-approval")),
    ("a day that does not exist", ("submitted", "--on", "2023-02-29"), 2, ("--on '2023-02-29'", "YYYY-MM-DD")),
    ("a Danish date without its century", ("submitted", "--on", "15.12.23"), 2, ("--on '15.12.23'", "e.g. 2023-07-01")),
    ("an American date", ("submitted", "--on", "12/15/2023"), 2, ("--on '12/15/2023'", "e.g. 2023-07-01")),
    ("a Danish date, read, and too early", ("submitted", "--on", "15.12.2023"), 4,
     ("Aalborg Kommune", "SUL § 205, stk. 1")),
    ("no day at all", ("submitted",), 2, ("--on",)),
    ("the wrong century", ("submitted", "--on", "1923-12-15"), 2,
     ("submitted lørdag den 15. december 1923", "er årstallet rigtigt?")),
    ("a year too far", ("effective", "--on", "2204-01-01"), 2, ("effective søndag den 1. januar 2204", "2033")),
    ("no council", ("council-approved", *ON), 2,
     ("council-approved mangler rådet (--council)", "0851 Aalborg Kommune")),
    ("a council of another region", ("council-approved", *ON, "--council", "0751"), 4, ("0751", "0851 Aalborg")),
    ("a council by name", ("council-approved", *ON, "--council", "Aalborg"), 4, ("Aalborg", "0851 Aalborg Kommune")),
    ("a code without its zero", ("council-approved", *ON, "--council", "851"), 4, ("851", "0851 Aalborg Kommune")),
    ("a council where none belongs", ("received", *ON, "--council", "0851"), 2, ("received", "angår ikke ét råd")),
    ("version nought", ("submitted", *ON, "--version", "0"), 2, ("version 0", "1 til 99")),
    ("a version that is no number", ("submitted", *ON, "--version", "one"), 2, ("--version", "integer")),
    ("a version nobody sent", ("council-approved", *ON, "--council", "0851", "--version", "7"), 4,
     ("version 7", "registrér først sent-for-approval")),
    ("a deviation to no date", ("deviation", *ON), 2, ("deviation mangler den nye dato (--due)",)),
    ("a deviation without a source", ("deviation", *ON, "--due", "2024-01-01"), 2, ("skriv kilden", "--source")),
    ("a refusal without a source", ("sst-refused", *ON, "--due", "2024-01-01"), 2, ("skriv kilden", "--source")),
    ("a decision to come", ("council-approved", "--council", "0851", "--on", "2027-12-01"), 2,
     ("er ikke kommet endnu (--on)", "council-scheduled")),
    ("a deviation to a date nobody could meet",
     ("deviation", "--on", "2023-06-28", "--due", "2023-01-01", "--source", "brev"), 2,
     ("søndag den 1. januar 2023 (--due)", "lovens dato, lørdag den 1. juli 2023", "er årstallet rigtigt?")),
    ("a source as long as a letter", ("annex-added", *ON, "--source", "x" * 2001), 2,
     ("teksten er på 2001 tegn, højst 2000 (--source)", "--document")),
    ("a refusal that nobody can look up", ("sst-refused", *ON), 2,
     ("sst-refused: skriv kilden (--source)", "uden kilde flyttes ingen dato")),
    ("a hearing that never closes", ("consultation-opened", *ON), 2, ("mangler den dag, høringen slutter (--due)",)),
    ("a hearing that closes before it opens", ("consultation-opened", *ON, "--due", "2023-11-26", "--time", "12:00"), 2,
     ("søndag den 26. november 2023 (--due)", "mandag den 27. november 2023 (--on)", "er den sidste")),
    ("a hearing that closes at no time of the day", ("consultation-opened", *ON, "--due", "2023-12-20"), 2,
     ("mangler det klokkeslæt", "fx 12:00 (--time)")),
    ("a hearing on a draft without goals",
     ("consultation-opened", *ON, "--due", "2023-12-20", "--time", "12:00", "--version", "2"), 4,
     ("fælles mål", "goals-set", "BEK 1248/2022 § 19, stk. 2")),
    ("an end of the rules on one agreement", ("regime-confirmed", *ON, "--due", "2026-01-01", "--source", "Lov"), 4,
     ("aftale regime confirm", "Reglernes ophør")),
    ("a reading on one agreement", ("reading-signed", *ON, "--source", "Lov"), 4, ("aftale readings sign",)),
    ("a clock time in words", ("consultation-opened", *ON, "--due", "2023-12-20", "--time", "noon"), 2,
     ("'noon' er intet klokkeslæt", "(--time)")),
    ("a clock time past midnight", ("consultation-opened", *ON, "--due", "2023-12-20", "--time", "24:00"), 2,
     ("'24:00' er intet klokkeslæt", "fx 12:00")),
    ("a meeting of nobody", ("meeting-held", *ON), 2, ("meeting-held: skriv, hvad det angår (--about)", "ssu, piu")),
    ("a meeting of a cluster elsewhere", ("meeting-held", *ON, "--about", "syddanmark-fyn:political"), 2,
     ("'syddanmark-fyn:political' findes ikke her", "nordjylland-nord:political")),
    ("something about nothing", ("submitted", *ON, "--about", "midterm"), 2, ("submitted angår intet nærmere",)),
    ("a correction without its reason", ("correction", *ON, "--version", "1"), 2,
     ("hvorfor linjen er forkert", "--source")),
    ("a correction of nothing", ("correction", *ON, "--corrects", "99", "--source", "tastefejl"), 2,
     ("(--corrects)", "sent-for-approval")),
    ("a submission before all have approved", ("submitted", *ON), 4, ("Aalborg Kommune", "SUL § 205, stk. 1")),
    ("a receipt of what was never sent", ("received", *ON), 4, ("received er ikke mulig", "indsendt")),
    ("a document that is not there", ("annex-added", *ON, "--document", "missing.pdf"), 2,
     ("--document missing.pdf", "can be read")),
    ("a status of an unconcluded agreement", ("midterm-sent", *ON), 4, ("ikke indgået", "afsnit 3.6")),
    ("a publication of what is not concluded", ("published", *ON, "--council", "0851"), 4,
     ("ikke indgået endnu", "VEJ 9008/2024 afsnit 5.5")),
]  # fmt: skip
IMPORT: list[tuple[str, str, int, tuple[str, ...]]] = [
    ("no TOML", "[[agreement", 2, ("not TOML",)),
    ("nothing in it", "", 2, ("key agreement: is missing; add it",)),
    ("a key nobody knows", HEAD.replace("label", 'colour = "red"\nlabel'), 2,
     ("agreement 1", "key colour: unknown key; remove it or")),
    ("a date in quotes", HEAD.replace("2023-12-22", '"2023-12-22"'), 2,
     ("fact 1", "key on: is no date; write it without quotes")),
    ("a region nobody knows", HEAD.replace('"nordjylland"', '"jylland"'), 3, ("agreement 1", "known: nordjylland")),
    ("another term than it is open for", HEAD.replace("2022-2025", "2023-2026"), 3,
     ("agreement 1", "kendte: 2010-2013")),
    ("a council twice over", HEAD + 'council = "0851"\ncouncils = "all"\n', 2, ("fact 1", "not both")),
    ("an agreement twice", HEAD + HEAD, 2, ("stands twice", "one [[agreement]]")),
    ("a fact the law refuses", HEAD, 4, ("agreement 1", "fact 1 (received 2023-12-22)", "indsendt")),
    ("an end of the rules", HEAD.replace('event = "received"', 'event = "regime-confirmed"\ndue = 2026-01-01'), 4,
     ("agreement 1", "aftale regime confirm")),
    ("an end without its source", HEAD.replace("2024-2027", "2027x").replace(FACT, "nominal_end = 2028-01-01\n"), 2,
     ("agreement 1", "--nominal-end-source")),
]  # fmt: skip


def swap(old: str, new: str) -> Callable[[str], str]:
    def change(text: str) -> str:
        assert old in text
        return text.replace(old, new, 1)

    return change


CALENDAR: list[tuple[str, str, Callable[[str], str], tuple[str, ...]]] = [
    ("a weekend rule the law does not have", R1248, swap('id = "submission"', 'id = "submission"\nweekend = "next"'),
     ('deadline "submission"', "key weekend", "Remove it")),
    ("a rule without a provision", R1248, swap(f"cite = {SUBMIT}", "cite = []"),
     ('deadline "submission"', "key cite", "Add at least one")),
    ("a provision of no source", R1248, swap('"BEK 1248/2022 § 21, stk. 2"', '"BEK 1/1999 § 1"'),
     ("BEK 1/1999", "Sources:")),
    ("no day it was checked", R1248, swap("checked_on = 2026-11-21\n\n[[deadline]]", "\n[[deadline]]"),
     ("checked_on", "Add it")),
    ("a length in fortnights", R1248, swap('add = "8 weeks"', 'add = "4 fortnights"'), ("key due.add", "'8 weeks'")),
    ("a length of ten thousand years", R1248, swap('add = "8 weeks"', 'add = "9999 years"'),
     ('deadline "sst-decision"', "key due.add", "outside the calendar")),
    ("a reminder a hundred thousand years before", "letters.toml", swap("at = [-30]", "at = [-36500000]"),
     ('letter "rosters-expire"', "key at", "greater than or equal to")),
    ("a length from a date that is none", R1248, swap('from = "named"', 'from = "undated", add = "2 years"'),
     ('deadline "resubmission"', "nothing to count from")),
    ("the thirty-first of June", R1248, swap("month = 7, day = 1", "month = 6, day = 31"),
     ('deadline "submission"', "key due")),
    ("a duty without an answer", "obligations.toml", swap('tracked_by = ["prompt rosters"]', ""),
     ('obligation "O-05"', "tracked_by or not_tracked")),
    ("a duty tracked by nothing known", "obligations.toml", swap('["prompt rosters"]', '["prompt roster"]'),
     ('obligation "O-05"', "no prompt 'roster'", "rosters")),
    ("a duty left out", "obligations.toml", swap('id = "O-05"', 'id = "O-06"'),
     ('obligation "O-06" stands twice', "Give each its own id")),
]  # fmt: skip


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("wrong") / "aftale.db"


@pytest.fixture(scope="module")
def engine(file: Path, sqlite_template: Path) -> Iterator[Engine]:
    shutil.copy(sqlite_template, file)
    opened = connect(f"sqlite:///{file}")
    desk = LawDesk(opened, rules())
    desk.open()
    desk.tell("sent-for-approval", "2023-10-02")
    yield opened
    opened.dispose()


@pytest.fixture
def refused(engine: Engine, file: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run a command in this process; what it says on stderr, once it is certain that it changed nothing."""
    desk = LawDesk(engine, rules())

    def run(code: int, *arguments: str) -> str:
        before = desk.journal()
        ended = ending(
            lambda: line(arguments)([*arguments, "--db", f"sqlite:///{file}"], prog_name="aftale"), False
        )
        said = capsys.readouterr()
        assert (ended, said.out) == (code, ""), said.err
        assert "Traceback" not in said.err
        assert desk.journal() == before
        return said.err

    return run


@pytest.mark.parametrize(("arguments", "code", "says"), [c[1:] for c in RECORD], ids=[c[0] for c in RECORD])
def test_a_fact_that_cannot_be_right(
    refused: Callable[..., str], arguments: tuple[str, ...], code: int, says: tuple[str, ...]
) -> None:
    said = refused(code, "record", KEY, *arguments)
    assert all(words in said for words in says), said


def test_a_document_without_end_is_refused_before_it_fills_the_memory(
    refused: Callable[..., str], tmp_path: Path
) -> None:
    endless = tmp_path / "disk.img"
    with endless.open("wb") as file:
        file.truncate(1 << 40)  # no block of it is stored
    assert "vælg en mindre fil" in refused(2, "record", KEY, "annex-added", *ON, "--document", str(endless))


@pytest.mark.parametrize(("content", "code", "says"), [c[1:] for c in IMPORT], ids=[c[0] for c in IMPORT])
def test_a_round_that_cannot_be_right(
    refused: Callable[..., str], tmp_path: Path, content: str, code: int, says: tuple[str, ...]
) -> None:
    round_file = tmp_path / "round.toml"
    round_file.write_text(content, encoding="utf-8")
    said = refused(code, "import", str(round_file))
    assert "round.toml" in said
    assert all(words in said for words in says), said


@pytest.mark.parametrize(("name", "change", "says"), [c[1:] for c in CALENDAR], ids=[c[0] for c in CALENDAR])
def test_a_calendar_that_cannot_be_right(
    refused: Callable[..., str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    name: str,
    change: Callable[[str], str],
    says: tuple[str, ...],
) -> None:
    folder = Path(shutil.copytree(ROOT / "calendars", tmp_path / "calendars"))
    text = (folder / name).read_text(encoding="utf-8")
    (folder / name).write_text(change(text), encoding="utf-8")
    monkeypatch.setenv("AFTALE_CALENDARS", str(folder))  # the operator's own folder, as in a real environment
    said = refused(78, "record", KEY, "annex-added", *ON)
    assert str(folder / name) in said
    assert all(words in said for words in says), said


def test_there_are_fifty() -> None:
    assert len(RECORD) + len(IMPORT) + len(CALENDAR) >= 50
