"""A letter to many, written once and filled in, is to the octet the letter that each would have been written alone."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.mail.conftest import AT, FOLDER, INSTANCE
from tests.mail.samples import SAMPLES, sample
from workflow.language import SOURCE, speaking
from workflow.mail.writing.letters import OCCASIONS, Letters, Rendered, message_id
from workflow.mail.writing.shared import Sheets, asked

NAMES = (
    "Aalborg",
    "Region Nord",
    "Læsø & Omegns <Kommune>",
    "Vesthimmerland og kommunerne langs hele fjorden",
)
ONE_CASE_EACH = {letter: case for case, (letter, _) in SAMPLES.items()}
LINKS = ("answer", "acknowledge", "confirm", "calendar_page")


def to(facts: Any, place: int, name: str) -> Any:
    """The same facts told to another reader, with links of its own."""
    own = {link: f"{facts[link]}-{place}&x=1" for link in LINKS if facts.get(link)}
    return facts | own | {"recipient": facts["recipient"] | {"name": name, "body": f"{place:04d}"}}


def written(letters: Letters, name: str, facts: Any, language: str) -> Rendered:
    return letters.render(
        name,
        facts,
        facts["recipient"]["name"],
        "post@kommune.example",
        message_id(INSTANCE, name),
        AT,
        language,
    )


@pytest.mark.parametrize("case", SAMPLES)
def test_the_same_letter_to_many_reads_as_each_would_alone(
    letters: Letters, alone: Letters, case: str
) -> None:
    name, facts = sample(case)
    language = "en" if len(case) % 2 else SOURCE
    for place, reader in enumerate(NAMES):
        told = to(facts, place, reader)
        alone._sheets = Sheets(alone._write)
        assert written(letters, name, told, language) == written(alone, name, told, language)


@pytest.fixture(scope="module")
def alone() -> Letters:
    """Letters that forget what they wrote."""
    return Letters(FOLDER, INSTANCE, "Aftalefrist <frist@nord.example>", "sekretariat@nord.example")


@pytest.mark.parametrize("case", ONE_CASE_EACH.values())
def test_from_the_third_reader_on_nothing_is_written_but_what_is_its_own(letters: Letters, case: str) -> None:
    name, facts = sample(case)
    times = []

    def write(*told: Any) -> tuple[str, str]:
        times.append(told)
        return letters._write(*told)

    sheets = Sheets(write)
    with speaking(SOURCE):
        for place in range(6):
            sheets.words(name, SOURCE, dict.fromkeys(OCCASIONS) | to(facts, place, f"Kommune {place}"))
    assert len(times) == 3  # two alone, and the sheet


@pytest.mark.parametrize(
    "question", ['recipient.name == "Aalborg"', '"borg" in recipient.name', 'recipient.name in ["Aalborg"]']
)
def test_a_template_that_asks_something_of_the_name_is_written_for_each(
    question: str, tmp_path: Path
) -> None:
    """Such a template is somebody's own: the sheet of two who are not Aalborg would be wrong for Aalborg."""
    own = shutil.copytree(FOLDER, tmp_path / "emails")
    file = own / "generic" / "due.html"
    asks = f"{{% block lead %}}<p>{{% if {question} %}}Til jer{{% endif %}}</p>"
    file.write_text(file.read_text(encoding="utf-8").replace("{% block lead %}", asks), encoding="utf-8")
    letters = Letters(own, INSTANCE, "Aftalefrist <frist@nord.example>")
    facts = next(known for name, known in SAMPLES.values() if name == "due")
    said = [written(letters, "due", to(facts, 1, name), SOURCE).raw for name in ("Rebild", "Læsø", "Aalborg")]
    assert [b"Til jer" in one for one in said] == [False, False, True]


def test_what_a_letter_asks_of_its_reader_is_the_readers_own() -> None:
    """A council whose answer is awaited is not told the letter of one that has answered."""
    _, facts = next(one for one in SAMPLES.values() if one[1]["councils"] and one[1]["councils"]["pending"])
    waits = to(facts, 1, facts["councils"]["pending"][0])
    assert asked(waits)["svar_ventes"] and not asked(to(facts, 2, "En anden"))["svar_ventes"]
    heir = facts["recipient"] | {"heir": "Region Østdanmark", "name": "Region Østdanmark", "party": "1084"}
    assert asked({**facts, "recipient": heir, "done": ["published:1084"]}) == {  # type: ignore[typeddict-item]
        "svar_ventes": False, "selv_arving": True, "selv_lagt_ud": True,
    }  # fmt: skip
