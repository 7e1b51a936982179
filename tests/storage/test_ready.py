"""Rules and settings kept ready for the next start: never those of other files, never somebody else's."""

from __future__ import annotations

import os
import pickle
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from hashlib import sha256
from pathlib import Path

import pytest

from tests.conftest import ROOT
from workflow.errors import Misconfigured
from workflow.storage import ownfiles
from workflow.storage.law import compiled, rulebook


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    compiled.keep_in(tmp_path / "cache")
    yield tmp_path / "cache"
    compiled.keep_in(None)


@pytest.fixture
def calendars(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "calendars", tmp_path / "calendars"))


def only(place: Path) -> Path:
    (file,) = place.iterdir()
    return file


def written(path: Path, content: bytes) -> None:
    """As :func:`workflow.storage.ownfiles.put` would have."""
    path.write_bytes(sha256(content).digest() + content)


def test_what_is_kept_is_what_was_read(place: Path, calendars: Path) -> None:
    first = rulebook.load(calendars)
    kept = only(place)
    again = rulebook.load(calendars)
    assert again is not first and only(place) == kept
    assert again.files == first.files
    for name in rulebook.Rulebook.__dataclass_fields__:
        if name not in ("days", "files"):
            assert getattr(again, name) == getattr(first, name), name
    days = [date(2026, 1, 1) + timedelta(days=number) for number in range(1000)]
    assert [again.days.why_closed(day) for day in days] == [first.days.why_closed(day) for day in days]


def test_a_changed_file_is_read_anew(place: Path, calendars: Path) -> None:
    before = rulebook.load(calendars)
    letters = calendars / "letters.toml"
    letters.write_text(letters.read_text() + "\n# another word\n")
    after = rulebook.load(calendars)
    assert after.digest != before.digest == rulebook.load(ROOT / "calendars").digest
    assert len(list(place.iterdir())) == 2


def test_a_broken_file_is_refused_though_the_rules_were_kept(place: Path, calendars: Path) -> None:
    rulebook.load(calendars)
    (calendars / "elections.toml").write_text("nonsense")
    with pytest.raises(Misconfigured, match=r"elections\.toml"):
        rulebook.load(calendars)


def test_another_program_has_another_stamp(tmp_path: Path) -> None:
    code = tmp_path / "code.py"
    stamps = [ownfiles.stamp(code)]
    for text in ("one", "two", "three"):
        (tmp_path / "new").write_text(text)
        (tmp_path / "new").replace(code)
        stamps.append(ownfiles.stamp(code))
    assert len(set(stamps)) == 4


@pytest.mark.parametrize("mode", [0o620, 0o602], ids=["group", "others"])
def test_a_file_that_others_may_write_is_not_read(place: Path, calendars: Path, mode: int) -> None:
    rulebook.load(calendars)
    only(place).chmod(mode)
    assert ownfiles.own(only(place)) is None
    only(place).chmod(0o600)
    place.chmod(0o770)
    assert ownfiles.own(only(place)) is None


def test_a_file_of_another_account_is_not_read(place: Path, calendars: Path) -> None:
    if os.geteuid() != 0:
        pytest.skip("giving a file away needs root")
    rulebook.load(calendars)
    os.chown(only(place), 12345, -1)
    assert ownfiles.own(only(place)) is None


def test_a_link_is_not_followed(place: Path, calendars: Path, tmp_path: Path) -> None:
    rulebook.load(calendars)
    away = only(place).rename(tmp_path / "elsewhere")
    (place / "rules-link").symlink_to(away)
    assert ownfiles.own(place / "rules-link") is None


def test_a_spoilt_file_is_read_anew(place: Path, calendars: Path) -> None:
    first = rulebook.load(calendars)
    kept = only(place)
    whole = kept.read_bytes()
    for spoilt in (b"", whole[:20], whole[:-1], whole[:500] + b"\0" + whole[501:]):
        kept.write_bytes(spoilt)
        assert rulebook.load(calendars).law.regimes == first.law.regimes
        assert kept.read_bytes() == whole  # mended by the way


class Hostile:
    """What a pickle may hold that runs a command when it is read."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (f"touch {self.mark}",)


def test_a_hostile_file_runs_nothing(place: Path, calendars: Path, tmp_path: Path) -> None:
    first = rulebook.load(calendars)
    mark = tmp_path / "run"
    for hostile in (
        pickle.dumps(Hostile(mark)),
        b"cworkflow.rules.days\nZoneInfo\n(S'UTC'\ntR.",  # a class that a module of the rules only uses
        b"cbuiltins\neval\n(S'1'\ntR.",
        b"cworkflow.storage.ownfiles\nput\n.",
        b"cworkflow.rules.days\nCOPENHAGEN\n.",
        b"N.",
        b"cworkflow.rules.regime\nRegime\n.",
    ):
        written(only(place), hostile)
        assert rulebook.load(calendars).law.regimes == first.law.regimes
    assert not mark.exists()


def test_without_a_data_folder_nothing_is_kept_and_nothing_goes_wrong(tmp_path: Path) -> None:
    compiled.keep_in(tmp_path / "not there" / "cache")
    try:
        rulebook.load(ROOT / "calendars")
    finally:
        compiled.keep_in(None)
    assert not (tmp_path / "not there").exists()


def test_no_more_than_a_few_are_kept(place: Path, tmp_path: Path) -> None:
    for number in range(12):
        ownfiles.put(place.parent / "cache" / f"rules-{number}", b"x", 8)
    ownfiles.put(place / "settings-1", b"x", 8)
    assert len(list(place.glob("rules-*"))) == 8 and (place / "settings-1").exists()


def test_a_half_that_a_kill_left_stops_nobody_and_goes(place: Path) -> None:
    """In a container the next start may have the same number of process."""
    ownfiles.put(place / "rules-1", b"x", 8)
    (place / f".rules-2.{os.getpid()}").write_bytes(b"half")
    ownfiles.put(place / "rules-2", b"y", 8)
    assert ownfiles.own(place / "rules-2") == b"y"
    assert sorted(one.name for one in place.iterdir()) == ["rules-1", "rules-2"]


def test_the_same_bytes_are_read_once_a_process_and_a_byte_more_is_read_anew(calendars: Path) -> None:
    first, letters = rulebook.load(calendars), calendars / "letters.toml"
    assert rulebook.load(calendars) is first
    as_it_was = letters.read_bytes()
    letters.write_bytes(as_it_was + b"\nsurplus = 1\n")
    for _ in range(2):  # what was refused is refused again
        with pytest.raises(Misconfigured, match="surplus"):
            rulebook.load(calendars)
    letters.write_bytes(as_it_was + b"\n# another word\n")
    assert rulebook.load(calendars).digest != first.digest
    letters.write_bytes(as_it_was)
    assert rulebook.load(calendars) == first
