"""Compiled templates kept between two starts: found again, and run only where nobody else can have written them."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from workflow.mail.writing.compiled import Compiled


@pytest.fixture(autouse=True)
def kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", False)


def render(cache: Compiled, source: str, monkeypatch: pytest.MonkeyPatch | None = None) -> str:
    environment = Environment(loader=DictLoader({"a.html": source}), bytecode_cache=cache, autoescape=True)
    if monkeypatch:
        monkeypatch.setattr(environment, "_generate", lambda *_: pytest.fail("compiled anew"))
    return environment.get_template("a.html").render(who="Læsø")


def first(folder: Path, source: str = "Til {{ who }}") -> Path:
    """The file that a first start leaves."""
    cache = Compiled(folder / "kept")
    cache.fetch(folder)
    assert render(cache, source) == "Til Læsø"
    cache.keep(folder)
    (file,) = (folder / "kept").iterdir()
    return file


def test_the_next_start_compiles_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first(tmp_path)
    cache = Compiled(tmp_path / "kept")
    cache.fetch(tmp_path)
    assert render(cache, "Til {{ who }}", monkeypatch) == "Til Læsø"


def test_a_template_that_was_changed_is_compiled_anew(tmp_path: Path) -> None:
    first(tmp_path)
    cache = Compiled(tmp_path / "kept")
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
    cache = Compiled(tmp_path / "kept")
    cache.fetch(tmp_path)
    assert cache._kept == {}
    assert render(cache, "Til {{ who }}") == "Til Læsø"


def test_nothing_is_written_where_python_writes_no_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    cache = Compiled(tmp_path / "kept")
    render(cache, "Til {{ who }}")
    cache.keep(tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_folder_that_cannot_be_written_is_no_error(tmp_path: Path) -> None:
    cache = Compiled(tmp_path / "kept")
    render(cache, "Til {{ who }}")
    (tmp_path / "kept").write_text("no folder", encoding="utf-8")
    cache.keep(tmp_path)
    assert (tmp_path / "kept").is_file()


def test_the_code_of_a_few_folders_is_kept_and_of_words_in_use_alone(tmp_path: Path) -> None:
    for number in range(7):
        cache = Compiled(tmp_path / "kept")
        cache.fetch(tmp_path / str(number))
        render(cache, f"Til {{{{ who }}}} {number}")
        cache.keep(tmp_path / str(number))
    assert len(list((tmp_path / "kept").iterdir())) == 4
    cache = Compiled(tmp_path / "kept")
    cache.fetch(tmp_path / "6")
    render(cache, "Nu {{ who }}")
    cache.keep(tmp_path / "6")
    again = Compiled(tmp_path / "kept")
    again.fetch(tmp_path / "6")
    assert len(again._kept) == 1
