"""The benches count right: who loses a letter, sends one twice or forgets one has no figures. Nothing is timed."""

from __future__ import annotations

import smtplib
import socket
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from benchmarks.peers.__main__ import SENDERS
from benchmarks.peers.measuring import Sender, run, turn
from benchmarks.sink import Sink, sink
from tests.conftest import ROOT

PEERS = ROOT / "benchmarks" / "peers"
ROOM = {"__init__", "__main__", "given", "measuring", "launch", "one", "djangos"}  # files that are no sender


@pytest.fixture(scope="module")
def server() -> Sink:
    with sink() as found:
        yield found


def letter(number: int) -> bytes:
    return f"Message-ID: <{number}@x>\r\nSubject: x\r\n\r\n.a line that begins with a dot\r\n".encode()


def test_the_sink_counts_letters_and_tells_copies_from_others(server: Sink) -> None:
    with smtplib.SMTP("127.0.0.1", server.port) as client:
        for number in (1, 2, 2):
            client.sendmail("a@x.example", [f"raad{number}@x.example"], letter(number))
    counted = server.counted()
    assert (counted.letters, len(counted.ids), len(counted.recipients)) == (3, 2, 2)
    assert 0 < counted.first <= counted.last
    assert server.counted().letters == 0


def test_commands_that_come_together_are_answered_one_by_one(server: Sink) -> None:
    envelope = b"MAIL FROM:<a@x>\r\nRCPT TO:<b@x>\r\nDATA\r\n"
    said = b"EHLO x\r\n" + envelope + letter(1) + b".\r\n" + envelope + letter(2) + b".\r\nQUIT\r\n"
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.settimeout(20)
        line.sendall(said)
        answers = b"".join(iter(lambda: line.recv(4096), b"")).splitlines()
    assert [one[:3] for one in answers if one[3:4] == b" "] == [
        b"220", b"250", *[b"250", b"250", b"354", b"250"] * 2, b"221",
    ]  # fmt: skip
    assert server.counted().letters == 2


def test_what_a_command_takes_is_its_own_and_one_that_fails_has_no_figures() -> None:
    wall, cpu, memory = run(
        [
            sys.executable,
            "-I",
            "-S",
            "-c",
            "sum(range(2_000_000)); x = bytearray(60_000_000); x[::4096] = bytes([1]) * len(x[::4096])",
        ],
        {},
    )
    assert wall >= 0 < cpu and 60 < memory < 100
    with pytest.raises(RuntimeError, match="ended with 3"):
        run([sys.executable, "-c", "raise SystemExit(3)"], {})


@pytest.mark.parametrize("name", ["script", "prototype"])
def test_a_sender_hands_over_each_letter_once_and_has_it_down(server: Sink, name: str) -> None:
    took = turn(Sender(name, name), server, 30, "")
    assert took.letters == 30 and took.rate > 0 and took.cpu_of_thousand > 0


def test_a_sender_that_forgets_what_it_sent_has_no_figures(server: Sink) -> None:
    forgetful = (sys.executable, "-c", "raise SystemExit(0)")
    with pytest.raises(RuntimeError, match="of 5 letters the server took 0"):
        turn(Sender("idle", "house", forgetful), server, 5, "")


def test_the_table_has_every_sender_of_the_room_and_no_other() -> None:
    assert {one.module for one in SENDERS} == {path.stem for path in PEERS.glob("*.py")} - ROOM


def test_the_other_senders_are_no_part_of_what_is_installed_to_run_or_to_test() -> None:
    told = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert told.count("django-mailer") == 1 and find_spec("benchmarks.peers.djangomailer")
    done = subprocess.run(
        [sys.executable, "-c", "import benchmarks.peers.__main__, sys; assert 'django' not in sys.modules"],
        cwd=ROOT, check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert Path(PEERS / "launch.py").read_text(encoding="utf-8").count("import ") == 3
