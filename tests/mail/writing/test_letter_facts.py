"""A letter that cannot be written whole is never sent, and the same facts give the same bytes."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.mail.conftest import AT, FOLDER, INSTANCE, part, read, write
from tests.mail.samples import SAMPLES, sample
from workflow.errors import DeliveryError
from workflow.mail.writing.letters import FACTS, Letters, message_id

COUNTDOWN = "submission-countdown to the regional council"


@pytest.mark.fault("F40")
@pytest.mark.parametrize("case", SAMPLES)
@pytest.mark.parametrize("key", FACTS)
def test_a_missing_fact_quarantines_the_letter(letters: Letters, case: str, key: str) -> None:
    name, facts = sample(case)
    del facts[key]
    with pytest.raises(DeliveryError) as refused:
        write(letters, name, facts)
    assert refused.value.kind == "quarantined" and refused.value.code == 0 and name in refused.value.text


@pytest.mark.fault("F40")
@pytest.mark.parametrize(
    "path", ["agreement.label", "deadline.cite", "deadline.title", "recipient.name", "today"]
)
@pytest.mark.parametrize("case", ["council-pending to a municipal council"])
def test_an_empty_fact_is_never_printed(letters: Letters, case: str, path: str) -> None:
    name, facts = sample(case)
    *where, last = path.split(".")
    (facts[where[0]] if where else facts)[last] = None
    with pytest.raises(DeliveryError, match="quarantined"):
        write(letters, name, facts)


@pytest.mark.parametrize("optional", ["ask", "councils", "link"])
@pytest.mark.parametrize("case", SAMPLES)
def test_what_may_be_empty_leaves_no_hole(letters: Letters, case: str, optional: str) -> None:
    name, facts = sample(case)
    facts[optional] = "" if optional == "link" else None
    text = part(write(letters, name, facts).raw, "text/plain")
    assert "None" not in text and " ." not in text and "\n\n\n" not in text


@pytest.mark.parametrize("case", SAMPLES)
def test_a_letter_can_be_written_before_there_is_a_version(letters: Letters, case: str) -> None:
    name, facts = sample(case)
    facts["version"] = None
    if facts["publication"]:
        facts["publication"]["version"] = None
    for step in (facts["deadline"] or {}).get("why", ()):  # a day a council told is told of the text it had
        step["text"] = step["text"].replace("version 3", "teksten")
    text = part(write(letters, name, facts).raw, "text/plain")
    assert "version 3" not in text and "HVEM MANGLER" not in text


@pytest.mark.parametrize("link", ["javascript:alert(1)", 'https://x.example/" onclick="', "ftp://x.example"])
def test_a_link_that_is_no_web_address_quarantines_the_letter(letters: Letters, link: str) -> None:
    name, facts = sample(COUNTDOWN)
    facts["link"] = link
    with pytest.raises(DeliveryError, match="no web address"):
        write(letters, name, facts)


@pytest.mark.parametrize(
    ("where", "wrong"), [("legal_on", "1. juli 2023"), ("duty", "perhaps"), ("days_left", "12")]
)
def test_a_fact_of_the_wrong_kind_quarantines_the_letter(letters: Letters, where: str, wrong: str) -> None:
    name, facts = sample(COUNTDOWN)
    facts["deadline"][where] = wrong
    with pytest.raises(DeliveryError, match="quarantined"):
        write(letters, name, facts)


def test_an_unknown_letter_and_a_date_without_time_zone_are_refused(letters: Letters) -> None:
    name, facts = sample(COUNTDOWN)
    with pytest.raises(DeliveryError, match="no-such-letter"):
        write(letters, "no-such-letter", facts)
    with pytest.raises(DeliveryError, match="time zone"):
        letters.render(name, facts, "X", "x@y.example", message_id(INSTANCE, "k"), datetime(2023, 6, 19))  # noqa: DTZ001


def test_the_same_facts_give_the_same_bytes_from_another_copy_of_the_letters(letters: Letters) -> None:
    other = Letters(FOLDER, INSTANCE, "Aftalefrist <frist@nord.example>", "sekretariat@nord.example")
    for case in SAMPLES:
        name, facts = sample(case)
        first, second = write(letters, name, facts), write(other, name, facts)
        assert first == second
        assert read(first.raw)["Subject"] == first.subject


def test_the_date_header_is_danish_time(letters: Letters) -> None:
    name, facts = sample(COUNTDOWN)
    assert read(write(letters, name, facts).raw)["Date"] == "Mon, 19 Jun 2023 08:00:00 +0200"
    assert AT.hour == 6
