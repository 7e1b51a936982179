"""A course is a file: read strictly, refused with file, machine and key, and run as it is written."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.storage.test_rulebook import R679, added, replaced
from workflow.errors import Misconfigured
from workflow.storage.law.rulebook import load
from workflow.storage.places import find_folder

REAL = find_folder("calendars")
HEALTH = "courses/health-agreement.toml"

CASES: list[tuple[str, str, Callable[[str], str], tuple[str, ...]]] = [
    ("a dead end that is no end", HEALTH,
     replaced('"fully_approved", "sst_approved", "withdrawn"]', '"fully_approved", "withdrawn"]'),
     ('machine "version"', 'state "sst_approved"', "no step leaves it")),
    ("a state nothing leads to", HEALTH,
     replaced('id = "withdrawn"\n', 'id = "shelved"\nname = "lagt på hylden"\nin = "x"\nout = "nothing"\n'
              'otherwise = "nobody moves: it stays"\nfinal = true\n\n[[machine.state]]\nid = "withdrawn"\n'),
     ('machine "version"', 'state "shelved"', "no step leads to it")),
    ("a state nothing leaves that is not called an end", HEALTH,
     replaced('otherwise = "nobody moves: it stays as history"\nfinal = true',
              'otherwise = "nobody moves: it stays as history"'),
     ('machine "version"', 'state "superseded"', "no step leaves it")),
    ("an end that a step leaves", HEALTH,
     replaced('in = "drafting or a revision is opened', 'final = true\nin = "drafting or a revision is opened'),
     ('machine "version"', 'state "draft"', "key final")),
    ("a guard outside the closed set", HEALTH,
     replaced('name = "everyone-approved"', 'name = "two-thirds-approved"'),
     ('machine "version"', 'step "all-approved"', "key guard.name", "two-thirds-approved", "everyone-approved")),
    ("a guard without a provision", HEALTH,
     replaced('{ name = "everyone-approved", provision = "unanimity" }', '{ name = "everyone-approved" }'),
     ("key guard.provision", "is missing")),
    ("a mark outside the closed set", HEALTH, replaced('name = "goals-are-set"', 'name = "goals-are-nice"'),
     ('step "consultation-opened"', "key mark.name")),
    ("an event no machine is ever told of", HEALTH, replaced('event = "endorsed"\nfrom', 'event = "endorst"\nfrom'),
     ('machine "version"', 'step "endorst"', "key event", "leads nowhere")),
    ("an event of another machine", HEALTH,
     replaced('event = "nominal-end-passed"', 'event = "council-approved"'),
     ('machine "period"', 'step "council-approved"', "leads nowhere")),
    ("a step to a state that is not there", HEALTH, replaced('to = "ssu_endorsed"', 'to = "endorsed"'),
     ('machine "version"', 'step "endorsed"', "key to", "leads nowhere")),
    ("a step from a state that is not there", HEALTH,
     replaced('from = ["draft", "consultation_closed"]', 'from = ["drafted", "consultation_closed"]'),
     ('machine "version"', "key from", "drafted")),
    ("an event that leads to two states", HEALTH,
     replaced('[[machine.step]]\nevent = "received"',
              '[[machine.step]]\nevent = "received"\nfrom = ["submitted"]\nto = "sst_approved"\nby = ["authority"]\n\n'
              '[[machine.step]]\nevent = "received"'),
     ('step "received"', "key from", "twice")),
    ("a mover nobody knows", HEALTH, replaced('by = ["authority"]', 'by = ["minister"]'), ("key by", "minister")),
    ("a kind of state nobody knows", HEALTH, replaced('is = ["in-hearing"]', 'is = ["heard"]'), ("key is", "heard")),
    ("a state that does not say what if nobody moves", HEALTH,
     replaced('otherwise = "nobody moves: the submission countdown goes on"\n', ""),
     ('state "draft"', "key otherwise", "is missing")),
    ("a file under another name", HEALTH, replaced('id = "health-agreement"', 'id = "sundhedsaftale"'),
     ("key course", "health-agreement", "sundhedsaftale")),
    ("a regime whose course has no file", R679, replaced('id = "bek-679-2018"', 'id = "bek-679-2018"\ncourse = "duel"'),
     ("key course", "courses/duel.toml", "health-agreement")),
    ("a duty its course can never meet", R679, replaced('met_by = ["submitted"]', 'met_by = ["adopted"]'),
     ("bek-679-2018.toml", "deadline", "key met_by", "health-agreement never has 'adopted'", "submitted")),
    ("an unknown key", HEALTH, added('colour = "blue"\n'), ("key colour",)),
]  # fmt: skip


@pytest.mark.parametrize(
    ("name", "change", "said"), [case[1:] for case in CASES], ids=[case[0] for case in CASES]
)
def test_a_course_that_cannot_be_right_is_refused_with_its_place(
    tmp_path: Path, name: str, change: Callable[[str], str], said: tuple[str, ...]
) -> None:
    folder = Path(shutil.copytree(REAL, tmp_path / "calendars"))
    file = folder / name
    file.write_text(change(file.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(Misconfigured) as refused:
        load(folder)
    told = str(refused.value)
    for words in said:
        assert words in told, told
    assert ".toml: " in told


def test_every_regime_runs_by_the_course_its_file_names() -> None:
    rulebook = load(REAL)
    assert {regime.course.id for regime in rulebook.law.regimes} <= {course.id for course in rulebook.courses}
    for regime in rulebook.law.regimes:
        assert rulebook.tables_of(regime.id).rule == regime.course
    assert rulebook.tables_of("bek-1-1900").version.states == {}
