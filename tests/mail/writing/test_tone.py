"""A region asks and does not command: how long the letters are, what their subjects say, and what they never say."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.mail.conftest import part, write
from tests.mail.samples import SAMPLES, sample
from workflow.mail.writing.letters import LONGEST, Letters
from workflow.mail.writing.plain import RULE

MOST = 150  # words before the reasons; only a day's digest, which is a list, may have more
TO_A_COUNCIL = [case for case, (_, facts) in SAMPLES.items() if facts["recipient"]["function"] == "council"]


def asked(letters: Letters, name: str, facts: dict[str, Any]) -> str:
    """The letter's text before its reasons."""
    text = part(write(letters, name, facts).raw, "text/plain")
    before, found, reasons = text.partition(f"\n{RULE}\n")
    assert found and "I får denne mail, fordi" in reasons
    return before


@pytest.mark.parametrize("case", SAMPLES)
def test_a_letter_is_short_before_its_reasons(letters: Letters, case: str) -> None:
    name, facts = sample(case)
    assert len(asked(letters, name, facts).split()) <= MOST or name == "digest"


@pytest.mark.parametrize("case", SAMPLES)
def test_a_subject_is_short_and_its_what_and_when_stand_first(letters: Letters, case: str) -> None:
    name, facts = sample(case)
    subject = write(letters, name, facts).subject
    assert len(subject) <= LONGEST and not subject.startswith(("Region", "Nordjylland", "Påmindelse"))
    facts["agreement"] |= {"label": "Første udgave af den nye aftale " * 4}
    assert len(write(letters, name, facts).subject) <= LONGEST


@pytest.mark.parametrize("case", TO_A_COUNCIL)
def test_no_council_is_commanded_to_approve_or_told_who_else_is_silent(letters: Letters, case: str) -> None:
    name, facts = sample(case)
    said = write(letters, name, facts).subject + " " + " ".join(asked(letters, name, facts).split())
    assert not re.search(
        r"\b[Gg]odkend (?:sundheds)?aftalen|skulle have (?:godkendt|svaret)|godkend den\b", said
    )
    assert "Læsø Kommune" not in said and "har endnu ikke svaret" not in said
    assert said.count("Venlig hilsen") == 1 and "Fra: Sekretariatet for" in said


@pytest.mark.parametrize("case", SAMPLES)
def test_no_mail_speaks_of_what_a_site_shows(letters: Letters, case: str) -> None:
    done = write(letters, *sample(case))
    text = " ".join(part(done.raw, "text/plain").split())
    assert not re.search(r"\bvises\b|\bsiden viser\b|sigtepunkt|Der sigtes efter|\d{4}-\d\d-\d\d", text)


def test_the_words_of_a_link_begin_a_line_of_their_own_among_the_days_reminders(letters: Letters) -> None:
    lines = asked(letters, *sample("digest to a council that answers by its link")).splitlines()
    assert lines.count("Skriv rådets svar her:") == 1


def test_a_councils_own_date_stands_in_the_box_and_the_answer_is_one_button(letters: Letters) -> None:
    source = part(write(letters, *sample("sent-for-approval to a municipal council")).raw, "text/html")
    box = re.search(r'<div class="date".*?</div>', source, re.DOTALL)
    assert box and "Svar ønskes senest lørdag den\N{NO-BREAK SPACE}24." in box.group()
    assert source.count('class="button"') == 1 and "<details>" in source


def test_overdue_looks_overdue_by_the_later_of_two_readings(letters: Letters) -> None:
    name, facts = sample("submission-overdue to the regional council")
    source = part(write(letters, name, facts).raw, "text/html")
    assert '<div class="over" style=' in source and "Overskredet: Fristen" in source
    facts["deadline"] |= {"latest_on": facts["today"], "status": "upcoming"}  # in time by the later reading
    assert '<div class="over"' not in part(write(letters, name, facts).raw, "text/html")
    facts["deadline"] |= {"latest_on": None}  # whatever its day, where it is judged it was not called overdue
    assert '<div class="over"' not in part(write(letters, name, facts).raw, "text/html")
    name, facts = sample("submission-countdown to the regional council")
    assert '<div class="date" style=' in part(write(letters, name, facts).raw, "text/html")


def test_the_regions_own_closing_lines_end_the_letter(letters: Letters) -> None:
    name, facts = sample("sent-for-approval to a municipal council")
    facts["closing"] = ["Anne Holm", "Sundhedsstrategi, Region Nordjylland", "Telefon 97 64 80 00"]
    told = asked(letters, name, facts).rstrip()
    assert told.endswith(
        "Venlig hilsen\nAnne Holm\nSundhedsstrategi, Region Nordjylland\nTelefon 97 64 80 00"
    )


def test_what_people_typed_stays_words_in_the_text(letters: Letters) -> None:
    name, facts = sample("decision-reported to the region's secretariat, with remarks")
    facts["event"]["source"] = "<b>5 > 3</b> & \"R&D\" &lt;p&gt; - <a href='x'>y</a>"
    assert facts["event"]["source"] in " ".join(asked(letters, name, facts).split())


@pytest.mark.parametrize("case", SAMPLES)
def test_no_two_sentences_run_together(letters: Letters, case: str) -> None:
    text = part(write(letters, *sample(case)).raw, "text/plain")
    assert not re.search(r"[a-zæøå)»]\.[A-ZÆØÅ]", text)
