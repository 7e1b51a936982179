"""What strangers say cannot write log lines of its own (F74)."""

from __future__ import annotations

import ast
import json
import logging
import subprocess
import sys

import pytest

from tests.conftest import ROOT

HOSTILE = "550 no\r\n2027-03-01 ERROR all is well\x1b[2J\x9b31m\u2028\u202eddo"
SAYS = f"""
import logging
from workflow.faces.daemon.logs import set_up
set_up({{form!r}})
logging.getLogger("aftale.bounces").warning("a mail came back: %s", {HOSTILE!r})
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("aftale").exception("it failed: %s", {HOSTILE!r})
"""


def said(form: str) -> list[str]:
    command = [sys.executable, "-c", SAYS.format(form=form)]
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stderr.split("\n")


@pytest.mark.fault("F74")
def test_in_text_a_strangers_words_stay_on_their_line_and_reach_no_terminal() -> None:
    first, second, *trace = said("text")
    assert first.endswith(r"no\u000d\u000a2027-03-01 ERROR all is well\u001b[2J\u009b31m\u2028\u202eddo")
    assert "it failed: 550 no" in second
    assert trace[0] == "Traceback (most recent call last):"


@pytest.mark.fault("F74")
def test_in_json_each_thing_said_is_one_object() -> None:
    *lines, last = said("json")
    assert last == ""
    messages = [json.loads(line)["message"] for line in lines]
    assert len(messages) == 2
    assert all(message.isprintable() for message in messages)


def test_a_pass_that_outlasts_its_tick_fills_no_log_and_one_that_fails_is_said_once_by_the_daemon() -> None:
    asks = "print([logging.getLogger(one).isEnabledFor(level) for one, level in %r])"
    asked = [
        ("apscheduler.scheduler", logging.WARNING),
        ("apscheduler.scheduler", logging.ERROR),
        ("apscheduler.executors.default", logging.ERROR),
        ("psycopg.pool", logging.WARNING),
        ("aftale.daemon", logging.ERROR),
    ]
    script = f"import logging\nfrom workflow.faces.daemon.logs import set_up\nset_up('text')\n{asks % asked}"
    ran = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True, cwd=ROOT)
    assert ran.stdout.strip() == "[False, True, False, False, True]"


def test_every_line_of_ours_has_a_key_that_stays_when_the_words_change() -> None:
    """Read from the source, so that a new line without a key is found too."""
    keyless = []
    for path in sorted((ROOT / "workflow").rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func).startswith("_log."):
                keys = [ast.unparse(k.value) for k in call.keywords if k.arg == "extra"]
                if not any("'action'" in key for key in keys):
                    keyless.append(f"{path.relative_to(ROOT)}:{call.lineno}")
    assert keyless == []
