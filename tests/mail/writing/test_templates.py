"""The folder of letters: complete, compiled at start, and closed; what is wrong with it is named."""

from __future__ import annotations

import re
import shutil
import tomllib
from pathlib import Path

import pytest

from tests.mail.conftest import FOLDER, INSTANCE, write
from tests.mail.samples import SAMPLES, sample
from tests.mail.writing.test_letters import LETTERS
from workflow.errors import DeliveryError, Misconfigured
from workflow.mail.writing.letters import BLOCKS, Letters
from workflow.mail.writing.styles import inlined


def test_styles_move_into_the_elements_and_template_tags_stay_where_they_were() -> None:
    source = (
        '<p>{% if a > 1 and b < 2 %}{{ "<&>" }}{% endif %} <a href="{{ link | adresse }}">{{ link }}</a></p>'
        "<table><tbody>{% for x in y %}<tr><td>{{ x }}</td></tr>{% endfor %}</tbody></table>"
    )
    done = inlined(source, "p { color: red } td { padding: 1px }")
    assert '<p style="color: red;">' in done and '<td style="padding: 1px;">' in done
    assert re.sub(r' style="[^"]*"', "", done) == source


def test_the_version_of_a_letter_changes_with_its_files_only(letters: Letters, tmp_path: Path) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "emails")
    file = folder / "in-force" / "annual-review.html"
    file.write_text(file.read_text(encoding="utf-8") + "\n{# changed #}\n", encoding="utf-8")
    changed = Letters(folder, INSTANCE, "frist@nord.example")
    for case, (name, _) in SAMPLES.items():
        _, facts = sample(case)
        same = write(letters, name, facts).template == write(changed, name, facts).template
        assert same == (name != "annual-review")


def test_the_letters_are_complete(letters: Letters) -> None:
    letters.check(LETTERS)
    assert letters.names() == LETTERS


@pytest.mark.parametrize("block", BLOCKS)
def test_a_missing_block_is_named_at_start(tmp_path: Path, block: str) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "emails")
    file = folder / "in-force" / "final-due.html"
    file.write_text(
        file.read_text(encoding="utf-8").replace(f"block {block} %", "block other %"), encoding="utf-8"
    )
    with pytest.raises(Misconfigured, match=re.escape(f"no block {block}")):
        Letters(folder, INSTANCE, "frist@nord.example").check()


def test_every_letter_the_calendar_plans_is_written(letters: Letters) -> None:
    planned = tomllib.loads((FOLDER.parents[1] / "calendars" / "letters.toml").read_text(encoding="utf-8"))
    letters.check(rule["name"] for rule in planned["letter"])


def test_a_letter_the_rules_name_but_nobody_wrote_is_named_at_start(letters: Letters) -> None:
    with pytest.raises(Misconfigured, match="meeting-minimum"):
        letters.check(["meeting-minimum"])


def test_a_flat_folder_writes_the_same_letters(letters: Letters, tmp_path: Path) -> None:
    """An operator's own folder from before there were rooms, and one mounted with its files in a hidden one as well."""
    for path in FOLDER.rglob("*.*"):
        shutil.copy(path, tmp_path)
    shutil.copytree(FOLDER, tmp_path / "..2026_12_01")
    flat = Letters(tmp_path, INSTANCE, "Aftalefrist <frist@nord.example>", "sekretariat@nord.example")
    assert flat.names() == LETTERS
    for case in SAMPLES:
        name, facts = sample(case)
        assert write(flat, name, facts) == write(letters, name, facts)


def test_a_letter_whose_name_stands_twice_is_refused_at_start(tmp_path: Path) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "emails")
    shutil.copy(folder / "in-force" / "final-due.html", folder / "law")
    with pytest.raises(
        Misconfigured, match=r"law/final-due\.html.*in-force/final-due\.html has the same name"
    ):
        Letters(folder, INSTANCE, "frist@nord.example")


@pytest.mark.fault("F39")
@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("final-due.html", "{% block steps %}", "final-due.html"),
        ("final-due.html", "<p {% if x %}class='a'{% endif %}>{% for %}</p>", "final-due.html"),
        ("final-due.html", "<table>{{ a }}<textarea>{{ b }}</textarea></table>", "final-due.html"),
    ],
)
def test_a_broken_template_is_named_at_start(tmp_path: Path, file: str, text: str, said: str) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "emails")
    (folder / "in-force" / file).write_text(text, encoding="utf-8")
    with pytest.raises(Misconfigured, match=re.escape(said)):
        Letters(folder, INSTANCE, "frist@nord.example")


def test_a_folder_without_the_layout_and_a_sender_that_is_no_address_are_refused(tmp_path: Path) -> None:
    with pytest.raises(Misconfigured, match=re.escape("phrases.txt")):
        Letters(tmp_path, INSTANCE, "frist@nord.example")
    for sender in ("", "no address", "a@x.example, b@x.example", "a@x.example\r\nBcc: b@x.example"):
        with pytest.raises(Misconfigured):
            Letters(FOLDER, INSTANCE, sender)
    assert Letters(FOLDER, INSTANCE, "Ærø <a@x.example>", bounce="b@x.example").envelope_from == "b@x.example"
    assert Letters(FOLDER, INSTANCE, "Ærø <a@x.example>").envelope_from == "a@x.example"


@pytest.mark.fault("F39")
def test_a_template_cannot_reach_out_of_its_sandbox(tmp_path: Path) -> None:
    folder = shutil.copytree(FOLDER, tmp_path / "emails")
    (folder / "in-force" / "final-due.html").write_text(
        "{% block subject %}{{ ''.__class__.__mro__ }}{% endblock %}", encoding="utf-8"
    )
    name, facts = sample("final-due to the municipal secretariat")
    with pytest.raises(DeliveryError, match="quarantined"):
        write(Letters(folder, INSTANCE, "frist@nord.example"), name, facts)
