"""What a letter says a date rests on, whose body it is to, and which files it lists: each as the program knows it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.mail.conftest import AT, INSTANCE, part, write
from tests.mail.sample_facts import CHAIR, MUNICIPAL_SECRETARIAT, PIU, REGIONAL_SECRETARIAT, VICE_CHAIR
from tests.mail.samples import sample
from workflow.mail.writing.grounds import oplyst, pligten
from workflow.mail.writing.letters import Letters, message_id

HEIR = "Region Sydhavet"
SAME = "dato for svar, ikke en lovbestemt frist"
OWN = "rådets egen dato, ikke en lovbestemt frist"


def text_of(letters: Letters, name: str, facts: dict[str, Any]) -> str:
    return " ".join(part(write(letters, name, facts).raw, "text/plain").split())


@pytest.mark.parametrize(
    ("date_of", "duty", "heard", "binds"),
    [
        ("council-reply", "agreed", True, SAME),
        ("council-reply", "shall", False, "bindende frist"),
        ("council-met", "agreed", True, OWN),
        ("council-agenda", "agreed", True, OWN),
        ("council-agenda", "none", True, "loven sætter ingen dato"),
        ("consultation", "agreed", True, SAME),
        ("agreed-date", "agreed", False, "aftalt dato, ikke en lovbestemt frist"),
        ("submission", "shall", False, "bindende frist"),
    ],
)
def test_a_date_that_was_asked_for_or_told_has_a_source_and_no_provision(
    date_of: str, duty: str, heard: bool, binds: str
) -> None:
    deadline = {"id": date_of, "duty": duty}
    assert (oplyst(deadline), pligten(deadline)) == (heard, binds)


def test_guidance_is_named_by_whose_it_is() -> None:
    deadline = {"id": "midterm-guidance", "duty": "shall-guidance"}
    assert pligten(deadline, "Sundhedsstyrelsens") == "frist efter Sundhedsstyrelsens vejledning"


def test_a_row_of_a_days_mail_says_where_a_told_date_was_heard(letters: Letters) -> None:
    name, facts = sample("digest to the region's secretariat")
    _, reply = sample("council-pending to a municipal council")
    facts["digest"][0] |= {"cite": reply["deadline"]["cite"], "dates": [reply["deadline"]]}
    assert "Kilde: brevet til rådene" in text_of(letters, name, facts)


@pytest.mark.parametrize(
    ("whom", "to"),
    [
        (REGIONAL_SECRETARIAT, f"{HEIR}, som overtager sundhedsaftalen efter Region Nordjylland"),
        (
            MUNICIPAL_SECRETARIAT,
            f"Kommunernes sekretariat i {HEIR}, som overtager sundhedsaftalen efter Region Nordjylland",
        ),
        (PIU, "Patientinddragelsesudvalget i Region Nordjylland"),
        (CHAIR, "Formanden for sundhedssamarbejdsudvalget i Region Nordjylland"),
        (VICE_CHAIR, "Næstformanden for sundhedssamarbejdsudvalget i Region Nordjylland"),
    ],
)
def test_a_region_that_takes_over_has_the_letters_and_none_of_the_bodies(
    letters: Letters, whom: dict[str, Any], to: str
) -> None:
    name, facts = sample("annual-review to the region's secretariat")
    facts["recipient"] = whom | {"name": HEIR, "heir": HEIR}
    text = text_of(letters, name, facts)
    assert f"Til: {to} " in text
    assert f"registreret for {to[:1].lower() if not to.startswith(HEIR) else to[:1]}{to[1:]}." in text
    assert f"i {HEIR}" not in text or whom is MUNICIPAL_SECRETARIAT
    assert (f"{HEIR} overtager efter Region Nordjylland." in text) is (
        "sekretariat" not in to and HEIR not in to
    )


def test_files_with_neither_link_nor_attachment_are_not_listed(letters: Letters) -> None:
    name, facts = sample("council-pending to a municipal council, with the text's link")
    assert "Filerne:" in text_of(letters, name, facts)
    facts["papers"]["files"] = [one | {"link": ""} for one in facts["papers"]["files"]]
    facts["answer"] = None
    text = text_of(letters, name, facts)
    assert "Filerne" not in text


@pytest.mark.parametrize(
    ("planned", "said"), [(1, "Planlæg 2 møder mere, det første senest"), (2, "Planlæg 1 møde mere senest")]
)
def test_of_one_meeting_nobody_is_asked_to_plan_the_first(letters: Letters, planned: int, said: str) -> None:
    name, facts = sample("meetings-at-risk to the municipal secretariat, a year of two readings")
    facts["quota"] |= {"held": 1, "planned": planned}
    assert said in text_of(letters, name, facts)


def test_the_question_of_a_reading_is_asked_in_the_language_of_its_letter(letters: Letters) -> None:
    name, facts = sample("reading-signed to the region's secretariat")
    done = letters.render(
        name, facts, "Region", "post@region.example", message_id(INSTANCE, name), AT, language="en"
    )
    told = f"{done.subject} {part(done.raw, 'text/plain')}"
    assert "When do the agreements 2024-2027 end?" in told and "Hvornår" not in told


def test_a_report_is_named_in_the_language_of_its_letter(letters: Letters) -> None:
    name, facts = sample("share-results to the region's secretariat")
    done = letters.render(
        name, facts, "Region", "post@region.example", message_id(INSTANCE, name), AT, language="en"
    )
    assert "midtvejsstatus" not in f"{done.subject} {' '.join(part(done.raw, 'text/plain').split())}".lower()
