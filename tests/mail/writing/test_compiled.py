"""Compiled templates kept between two starts: found again, and run only where nobody else can have written them."""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from workflow.mail.writing import compiled
from workflow.mail.writing.compiled import ALL, OF_LETTERS, Compiled


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


def cache_in(place: Path) -> Compiled:
    return Compiled("letters", OF_LETTERS, place)


def render(cache: Compiled, source: str, monkeypatch: pytest.MonkeyPatch | None = None) -> str:
    environment = Environment(loader=DictLoader({"a.html": source}), bytecode_cache=cache, autoescape=True)
    if monkeypatch:
        monkeypatch.setattr(environment, "_generate", lambda *_: pytest.fail("compiled anew"))
    return environment.get_template("a.html").render(who="Læsø")


def first(folder: Path, source: str = "Til {{ who }}") -> Path:
    """The file that a first start leaves."""
    cache = cache_in(folder / "kept")
    cache.fetch(folder)
    assert render(cache, source) == "Til Læsø"
    cache.keep(folder)
    (file,) = (folder / "kept").iterdir()
    return file


def test_the_next_start_compiles_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first(tmp_path)
    cache = cache_in(tmp_path / "kept")
    cache.fetch(tmp_path)
    assert render(cache, "Til {{ who }}", monkeypatch) == "Til Læsø"


def test_a_template_that_was_changed_is_compiled_anew(tmp_path: Path) -> None:
    first(tmp_path)
    cache = cache_in(tmp_path / "kept")
    cache.fetch(tmp_path)
    assert render(cache, "Hej {{ who }}") == "Hej Læsø"


@pytest.mark.parametrize(
    "fault", ["spoilt", "cut", "others may write it", "others may write beside it", "a link"]
)
def test_what_another_may_have_written_is_not_run(tmp_path: Path, fault: str) -> None:
    file = first(tmp_path)
    match fault:
        case "spoilt":
            file.write_bytes(file.read_bytes()[:-1] + b"\x00x")
        case "cut":
            file.write_bytes(file.read_bytes()[:40])
        case "others may write it":
            file.chmod(0o666)
        case "others may write beside it":
            file.parent.chmod(0o777)
        case "a link":
            file.rename(tmp_path / "elsewhere")
            file.symlink_to(tmp_path / "elsewhere")
    cache = cache_in(tmp_path / "kept")
    cache.fetch(tmp_path)
    assert cache._kept == {}
    assert render(cache, "Til {{ who }}") == "Til Læsø"


def test_nothing_is_written_where_python_writes_no_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    cache = cache_in(tmp_path / "kept")
    render(cache, "Til {{ who }}")
    cache.keep(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_half_that_a_kill_left_stops_nobody_and_goes(tmp_path: Path) -> None:
    """In a container the next start may have the same number of process."""
    file = first(tmp_path)
    (file.parent / f".{file.name}.{os.getpid()}").write_bytes(b"half")
    (file.parent / ".letters-4711").write_bytes(b"half")
    file.unlink()
    assert first(tmp_path) == file
    assert file.stat().st_mode & 0o777 == 0o644


def test_a_disk_that_is_full_leaves_no_half(tmp_path: Path) -> None:
    cache = cache_in(tmp_path / "kept")
    render(cache, "Til {{ who }}" * 2000)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, hard))
    try:
        cache.keep(tmp_path)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not list((tmp_path / "kept").iterdir())


LOADED = (
    "import sys, workflow.mail.writing.letters\n"
    "print('\\n'.join(m.__file__ for n, m in sys.modules.items() if n.partition('.')[0] == 'workflow' and m.__file__))"
)


def test_the_code_is_thrown_away_when_anything_that_makes_it_says_something_else(tmp_path: Path) -> None:
    """Also where size and time are the same, as in an image: every module that letters are written with counts."""
    package = Path(compiled.__file__).resolve().parents[2]
    loaded = subprocess.run([sys.executable, "-c", LOADED], check=True, capture_output=True, text=True)
    files = [Path(line).relative_to(package) for line in loaded.stdout.splitlines()]
    files.remove(Path("mail/__init__.py"))  # only says what the room is for
    assert Path("language.py") in files and Path("mail/writing/words.py") in files
    for file in files:
        (tmp_path / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / file).write_bytes((package / file).read_bytes() + b"# 1")
    before = compiled._made_by.__wrapped__(tmp_path, OF_LETTERS)
    for file in files:
        about = (tmp_path / file).stat()
        whole = (tmp_path / file).read_bytes()
        (tmp_path / file).write_bytes(whole[:-1] + b"2")
        os.utime(tmp_path / file, ns=(about.st_atime_ns, about.st_mtime_ns))
        assert compiled._made_by.__wrapped__(tmp_path, OF_LETTERS) != before, file
        (tmp_path / file).write_bytes(whole)


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    cache = cache_in(tmp_path / "kept")
    render(cache, "Til {{ who }}")
    (tmp_path / "kept").write_text("no folder", encoding="utf-8")
    cache.keep(tmp_path)
    assert (tmp_path / "kept").is_file()


def test_the_code_of_a_few_folders_is_kept_and_of_words_in_use_alone(tmp_path: Path) -> None:
    for number in range(7):
        cache = cache_in(tmp_path / "kept")
        cache.fetch(tmp_path / str(number))
        render(cache, f"Til {{{{ who }}}} {number}")
        cache.keep(tmp_path / str(number))
    assert len(list((tmp_path / "kept").iterdir())) == 4
    cache = cache_in(tmp_path / "kept")
    cache.fetch(tmp_path / "6")
    render(cache, "Nu {{ who }}")
    cache.keep(tmp_path / "6")
    again = cache_in(tmp_path / "kept")
    again.fetch(tmp_path / "6")
    assert len(again._kept) == 1


def test_the_code_of_pages_depends_on_every_room_and_does_not_push_out_that_of_letters(
    tmp_path: Path,
) -> None:
    for number in range(5):
        for cache in (cache_in(tmp_path / "kept"), Compiled("pages", ALL, tmp_path / "kept")):
            cache.fetch(tmp_path / str(number))
            render(cache, f"Til {{{{ who }}}} {number}")
            cache.keep(tmp_path / str(number))
    kinds = Counter(file.name.partition("-")[0] for file in (tmp_path / "kept").iterdir())
    assert kinds == {"letters": 4, "pages": 4}
    for room in (tmp_path, tmp_path / "faces" / "web"):
        room.mkdir(parents=True, exist_ok=True)
        before = compiled._made_by.__wrapped__(tmp_path, ALL)
        (room / "new.py").write_text("# 1", encoding="utf-8")
        assert compiled._made_by.__wrapped__(tmp_path, ALL) != before
