"""What a shell sees: one sentence on stderr, the documented exit code, and a version that costs nothing."""

from __future__ import annotations

import resource
import subprocess
import sys
from collections.abc import Callable
from typing import NoReturn

import pytest

from tests.conftest import Aftale
from workflow.__main__ import ending
from workflow.errors import (
    AftaleError,
    Conflict,
    DeliveryError,
    Invalid,
    Misconfigured,
    NotFound,
    NotPossible,
    Refused,
)

HEAVY = ("typer", "rich", "sqlmodel", "sqlalchemy", "pydantic", "fastapi", "jinja2", "email", "asyncio")


def stopped_by(error: BaseException) -> Callable[[], NoReturn]:
    def run() -> NoReturn:
        raise error

    return run


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (Invalid("the 31st of June is no day"), 2),
        (NotFound("no agreement x"), 3),
        (NotPossible("three councils have not answered", "SUL § 205, stk. 1"), 4),
        (Conflict("somebody else moved it first"), 4),
        (Refused("not allowed"), 4),
        (Misconfigured("aftale.toml", "no such key"), 78),
        (DeliveryError("deferred", 451, "later"), 1),
        (AftaleError("something of ours"), 1),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else None,
)
def test_an_error_of_ours_is_one_sentence_and_its_code(
    error: AftaleError, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ending(stopped_by(error), verbose=False) == code
    assert capsys.readouterr() == ("", f"aftale: {error}\n")


def test_an_unexpected_error_is_one_sentence_without_a_trace(capsys: pytest.CaptureFixture[str]) -> None:
    assert ending(stopped_by(KeyError("x\ny")), verbose=False) == 1
    assert capsys.readouterr().err == "aftale: unexpected KeyError: 'x\\ny' (AFTALE_DEBUG=1 shows where)\n"


def test_asked_to_be_verbose_it_shows_the_trace(capsys: pytest.CaptureFixture[str]) -> None:
    assert ending(stopped_by(RuntimeError("boom")), verbose=True) == 1
    assert "Traceback" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (KeyboardInterrupt(), 130),
        (BrokenPipeError(), 1),
        (SystemExit(2), 2),
        (SystemExit(None), 0),
        (SystemExit("x"), 1),
    ],
    ids=repr,
)
def test_an_end_that_is_no_error_is_quiet(
    error: BaseException, code: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert ending(stopped_by(error), verbose=False) == code
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize("flag", ["-V", "--version"])
def test_the_version_imports_nothing_heavy(aftale: Aftale, flag: str) -> None:
    importing = Aftale(aftale.env, aftale.cwd, (sys.executable, "-X", "importtime", "-m", "workflow"))
    told = importing(flag, code=0)
    imported = {line.rpartition("|")[2].strip() for line in told.err.splitlines()}
    assert told.out.startswith("aftale ")
    assert not {name for name in imported if name.partition(".")[0] in HEAVY}
    assert {name for name in imported if name.startswith("workflow")} == {"workflow"}


def test_the_version_takes_less_than_150_milliseconds_of_processor_time(aftale: Aftale) -> None:
    spent = []
    for _ in range(3):  # the least of three: others share the machine, and only the program is measured
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        aftale("--version", code=0)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    assert min(spent) < 0.15


def test_a_misspelt_option_is_wrong_use(aftale: Aftale) -> None:
    refused = aftale("--no-such-option", code=2)
    assert refused.out == ""
    assert "no-such-option" in refused.err


def test_a_reader_that_goes_away_leaves_no_trace(aftale: Aftale) -> None:
    writer = subprocess.Popen(
        [sys.executable, "-m", "workflow", "--help"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=aftale.env, cwd=aftale.cwd,
    )  # fmt: skip
    assert writer.stdout and writer.stderr
    writer.stdout.close()
    with writer.stderr:
        said = writer.stderr.read()
    assert (writer.wait(), said) == (1, b"")


def test_whoever_asks_for_quiet_hears_only_what_went_wrong(aftale: Aftale) -> None:
    aftale("init", code=0)
    assert aftale("backup", "copy.db", code=0).err.startswith("sikkerhedskopi: copy.db")
    assert aftale("-q", "backup", "quiet.db", code=0).err == ""
    assert "quiet.db" in aftale("--quiet", "backup", "quiet.db", code=4).err
