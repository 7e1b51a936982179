"""On a terminal: colour that never says anything alone, forty columns as well as a hundred and fifty, a watch that ends
cleanly, and a shell that completes agreements, events, councils and deadlines."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import shlex
import signal
import struct
import sys
import termios
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer

from tests.conftest import Aftale
from workflow.faces.cli.app import whole
from workflow.faces.cli.examples import EXAMPLES
from workflow.faces.cli.watching import spelt_out
from workflow.settings import Settings

ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
DEMO = "midtjylland/2024-2027"
Typed = Callable[..., tuple[str, int]]


@pytest.fixture
def typed(clean_env: dict[str, str], settings: Settings) -> Typed:
    """``typed(40, "status")``: what a terminal of forty columns shows, and the exit code; ``until`` a text is there,
    then Ctrl-C."""

    def run(columns: int, *arguments: str, until: str = "", times: int = 1, **env: str) -> tuple[str, int]:
        child, terminal = pty.fork()
        if child == 0:
            signal.signal(signal.SIGINT, signal.SIG_DFL)  # a job in the background is born deaf to Ctrl-C
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
            mine = {name: value for name, value in clean_env.items() if name not in ("COLUMNS", "NO_COLOR")}
            own = {"AFTALE_DATA_DIR": str(settings.data_dir), "TERM": "xterm-256color"}
            os.execve(sys.executable, [sys.executable, "-m", "workflow", *arguments], mine | own | env)
        shown, interrupted = b"", False
        while True:
            try:
                more = os.read(terminal, 65536)
            except OSError:  # the other end is closed
                break
            if not more:
                break
            shown += more
            if until and not interrupted and shown.count(until.encode()) >= times:
                os.write(terminal, b"\x03")
                interrupted = True
        os.close(terminal)
        return shown.decode().replace("\r\n", "\n"), os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])

    return run


def test_colour_says_nothing_that_words_do_not(typed: Typed, aftale: Aftale, settings: Settings) -> None:
    colourful, _ = typed(300, "status", DEMO, "--as-of", "2026-11-22")
    plain = aftale("status", DEMO, "--as-of", "2026-11-22", AFTALE_DATA_DIR=str(settings.data_dir))
    assert "\x1b[1;31m" in colourful
    assert ESCAPES.sub("", colourful) == plain.out


def test_without_colour_there_is_none(typed: Typed) -> None:
    shown, _ = typed(200, "status", DEMO, NO_COLOR="1")
    assert not re.search(r"\x1b\[[0-9;]*3[0-9]m", shown)


@pytest.mark.parametrize("columns", [40, 80, 150])
@pytest.mark.parametrize("command", ["status", "deadlines"])
def test_no_line_is_wider_than_the_terminal_and_nothing_is_left_out(
    typed: Typed, columns: int, command: str
) -> None:
    shown, code = typed(columns, command, DEMO, "--as-of", "2026-11-22")
    lines = ESCAPES.sub("", shown).splitlines()
    assert code == 0 and max(len(line) for line in lines) <= columns
    together = re.sub(r"\s+", " ", " ".join(lines))
    for words in ("OVERSKREDET", "BEK 1248/2022 § 22, stk. 1"):
        assert words in together


EVERY_ANSWER = (
    ["check"], ["doctor"], ["regimes"], ["bodies", "nordjylland"], ["contacts", "list", "nordjylland"],
    ["ready", "syddanmark/2027-2031"], ["quotas", DEMO], ["journal", DEMO], ["why", DEMO, "submission"],
)  # fmt: skip


@pytest.mark.parametrize("asked", EVERY_ANSWER, ids=" ".join)
def test_every_answer_folds_to_a_narrow_terminal_and_to_columns_told_in_a_pipe(
    typed: Typed, aftale: Aftale, settings: Settings, asked: list[str]
) -> None:
    shown, code = typed(40, *asked)
    told = aftale(*asked, code=code, AFTALE_DATA_DIR=str(settings.data_dir), COLUMNS="40").out
    whole = aftale(*asked, code=code, AFTALE_DATA_DIR=str(settings.data_dir), COLUMNS="").out
    assert max(map(len, ESCAPES.sub("", shown).splitlines())) <= 40
    assert max(map(len, told.splitlines())) <= 40 < max(map(len, whole.splitlines()))


def test_people_read_names_where_programs_get_keys(aftale: Aftale, settings: Settings) -> None:
    def asked(*words: str, code: int = 0) -> str:
        return aftale(*words, code=code, AFTALE_DATA_DIR=str(settings.data_dir)).out

    asked("tick", "--at", "2026-11-23")
    told, keys = asked("notices"), asked("notices", "--json")
    assert "Region Nordjylland, sekretariatet, regionen" in told and "Årlig gennemgang" in told
    assert "secretariat-region" not in told and "nordjylland/secretariat-region" in keys
    told, keys = (
        asked("ready", "nordjylland/2024-2027", "--as-of", "2023-11-01", code=1),
        asked("ready", "nordjylland/2024-2027", "--as-of", "2023-11-01", "--json", code=1),
    )
    assert "-> Sundhedssamarbejdsudvalget" in told and "-> Klynge NORD" in told
    assert '"who": "ssu"' in keys and '"who": "nordjylland-nord"' in keys
    assert "slags:        sundhedsaftale" in asked("regimes")


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_help_ends_with_an_example_that_the_command_takes(name: str) -> None:
    command: Any = typer.main.get_command(whole())
    for word in name.split():
        command = command.commands[word]
    program, *words = shlex.split(EXAMPLES[name].partition(" <")[0])
    assert program == "aftale" and words[: len(name.split())] == name.split()
    given = command.make_context(name, spelt_out(words[len(name.split()) :]))
    assert command.epilog and EXAMPLES[name] in command.epilog and given.params


def test_a_watch_redraws_on_its_own_screen_and_ends_cleanly(typed: Typed) -> None:
    shown, code = typed(100, "status", DEMO, "--watch", "0.2", until="Ctrl-C slutter", times=2)
    assert code == 130
    assert shown.startswith("\x1b[?1049h\x1b[?25l") and shown.rstrip().endswith("\x1b[?25h\x1b[?1049l")
    assert "Traceback" not in shown and "Aborted" not in shown
    assert shown.count("hvert 0.2. sekund") >= 2


def test_a_watch_says_how_much_the_screen_has_no_room_for(typed: Typed) -> None:
    shown, _ = typed(100, "deadlines", "--watch", until="linjer mere")
    assert re.search(r"\.\.\. \d+ linjer mere", shown)


def test_a_watch_and_json_do_not_go_together(aftale: Aftale, settings: Settings) -> None:
    no = aftale("status", "--watch", "--json", code=2, AFTALE_DATA_DIR=str(settings.data_dir))
    assert "--watch" in no.err and not no.out


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (["status", "--watch"], ["status", "--watch", "5"]),
        (["status", "--watch", "10"], ["status", "--watch", "10"]),
        (["status", "--watch", "0.5", DEMO], ["status", "--watch", "0.5", DEMO]),
        (["status", "--watch", DEMO], ["status", "--watch", "5", DEMO]),
        ([], []),
    ],
)
def test_a_bare_watch_is_every_five_seconds(said: list[str], meant: list[str]) -> None:
    assert spelt_out(said) == meant


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("aftale status nord", ["nordjylland/2024-2027", "nordjylland/2027-2031"]),
        (f"aftale record {DEMO} mid", ["midterm-sent"]),
        ("aftale record nordjylland/2024-2027 evidence --council 085", ["0851"]),
        ("aftale record nordjylland/2024-2027 evidence --council 108", ["1081"]),
        ("aftale why nordjylland/2024-2027 mid", ["midterm-guidance", "midterm-order"]),
        ("aftale why nordjylland/2024-2027 annual-review:", ["2024", "2025", "2026"]),
        ("aftale why nordjylland/2024-2027 annual-review:2025", ["2025"]),
        ("aftale why nowhere/2024-2027 mid", []),
        ("aftale status xyz", []),
    ],
)
def test_the_shell_completes(aftale: Aftale, settings: Settings, words: str, offered: list[str]) -> None:
    ran = aftale(code=0, **_asked(words), AFTALE_DATA_DIR=str(settings.data_dir))
    assert sorted(ran.out.split()) == sorted(offered) and not ran.err


@pytest.mark.parametrize(
    "trouble",
    [
        {"AFTALE_DATA_DIR": "/nonexistent"},
        {"AFTALE_DB": "postgresql://127.0.0.1:1/nobody"},
        {"AFTALE_DB": "no database"},
        {"AFTALE_NO_SUCH_SETTING": "1"},
        {"AFTALE_CALENDARS": "/nonexistent"},
    ],
    ids=str,
)
def test_a_shell_that_cannot_know_is_told_nothing(aftale: Aftale, trouble: dict[str, str]) -> None:
    for words in ("aftale status n", "aftale record nordjylland/2024-2027 evidence --council 08"):
        ran = aftale(code=0, **(_asked(words) | trouble))
        assert not ran.out.strip() or trouble.keys() & {"AFTALE_DATA_DIR", "AFTALE_DB"}
        assert not ran.err


def test_a_database_that_is_no_database_is_no_trouble_either(aftale: Aftale, tmp_path: Path) -> None:
    (tmp_path / "aftale.db").write_bytes(b"no database")
    ran = aftale(code=0, **_asked("aftale status n"), AFTALE_DB=f"sqlite:///{tmp_path}/aftale.db")
    assert (ran.out.strip(), ran.err) == ("", "")


def _asked(words: str) -> dict[str, str]:
    """What bash tells the program when Tab is pressed at the end of ``words``: one word a line, parted at colons."""
    parted = re.findall(r"[^\s:]+|:", words)
    return {
        "_AFTALE_COMPLETE": "complete_bash",
        "COMP_WORDS": "\n".join(parted),
        "COMP_CWORD": str(len(parted) - 1),
    }


def test_an_option_given_twice_is_refused_where_one_value_would_be_dropped(
    aftale: Aftale, settings: Settings
) -> None:
    """Every command: else a list of councils would become one approval, with nothing said."""
    told = (
        "record",
        DEMO,
        "council-approved",
        "--on",
        "2026-11-26",
        "--council",
        "0851",
        "--council",
        "0773",
    )
    no = aftale(*told, code=2, AFTALE_DATA_DIR=str(settings.data_dir))
    assert "'--council': given 2 times, and it takes one value. Run the command once for each" in no.err
    group = aftale("meetings", "import", "x.csv", "--source", "a", "--source", "b", code=2)
    assert "'--source': given 2 times" in group.err
