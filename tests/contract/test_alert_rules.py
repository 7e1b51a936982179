"""The alert rules ask for numbers that ``/metrics`` gives, and every fault has a line in the operator's table."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.conftest import ROOT

RULES = ROOT / "deploy" / "alerts.yml"
GIVEN = set(re.findall(r'"(aftale_\w+)"', (ROOT / "workflow/faces/web/watch.py").read_text(encoding="utf-8")))


def test_every_number_that_a_rule_asks_for_is_given_at_metrics() -> None:
    text = RULES.read_text(encoding="utf-8")
    asked = {name for line in re.findall(r"expr: (.*)", text) for name in re.findall(r"\baftale_\w+", line)}
    assert asked and asked <= GIVEN
    assert GIVEN - asked == {"aftale_notices"}, "a number nobody is alarmed by is only to be looked at"


def test_every_rule_says_what_is_wrong_and_what_to_do() -> None:
    rules = RULES.read_text(encoding="utf-8").split("- alert: ")[1:]
    for rule in rules:
        for key in ("expr:", "for:", "severity:", "summary:", "description:"):
            assert key in rule, (rule.splitlines()[0], key)
    said = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    assert all(rule.splitlines()[0] in said for rule in rules)


@pytest.mark.skipif(shutil.which("promtool") is None, reason="promtool is not installed")
def test_promtool_takes_the_rules() -> None:
    subprocess.run(["promtool", "check", "rules", str(RULES)], check=True, capture_output=True, timeout=60)


def test_commands_in_the_table_of_faults_are_there() -> None:
    from workflow.faces.cli.examples import EXAMPLES

    said = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    table = said.partition("## What you see, and what you do\n")[2].partition("\n## ")[0]
    assert table.count("\n| ") > 15
    for command in re.findall(r"`aftale ([a-z]+(?: [a-z]+)?)[^`]*`", table):
        assert command in EXAMPLES or command.split()[0] in EXAMPLES, command
    for named in re.findall(r"`(tests/[\w/]+\.py)`", table):
        assert Path(ROOT, named).is_file(), named
