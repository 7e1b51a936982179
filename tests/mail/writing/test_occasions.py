"""The letters about what happened and what no law dates: what they may say, and what they must not."""

from __future__ import annotations

import re
from typing import Any

import pytest

from tests.mail.conftest import part, without_markup, write
from tests.mail.samples import SAMPLES, sample
from workflow.errors import DeliveryError
from workflow.mail.writing.letters import OCCASIONS, Letters
from workflow.mail.writing.words import DECLINED

# "frist" stands in a name of the guidance's and in what a date is *not*; as a claim it stands in neither.
NOT_A_CLAIM = re.compile(r"frist\.ics|ikke en lovbestemt frist|Sundhedsstyrelsens (?:egen )?frist")
A_CLAIM = re.compile(r"(?<!aftale)frist|overskredet|forsinke|forsømt|for sent", re.IGNORECASE)
OWN_DATES = [
    case
    for case, (_, facts) in SAMPLES.items()
    if facts["deadline"] and facts["deadline"]["duty"] in ("agreed", "none")
    if not facts["also"]  # a date of law that stands beside it is called one
]


def text_of(letters: Letters, name: str, facts: dict[str, Any]) -> str:
    done = write(letters, name, facts)
    return done.subject + " " + " ".join(part(done.raw, "text/plain").split())


@pytest.mark.parametrize("case", OWN_DATES)
@pytest.mark.parametrize("days_left", [30, 0, -8])
def test_a_date_no_law_sets_is_never_called_a_deadline(letters: Letters, case: str, days_left: int) -> None:
    name, facts = sample(case)
    facts["deadline"]["days_left"] = days_left
    assert not A_CLAIM.search(NOT_A_CLAIM.sub("", text_of(letters, name, facts)))


@pytest.mark.parametrize("case", [case for case in SAMPLES if case.startswith(("share-", "watch-"))])
def test_what_is_only_recommended_says_so(letters: Letters, case: str) -> None:
    text = text_of(letters, *sample(case))
    assert "Det er en anbefaling" in text and not A_CLAIM.search(text)


@pytest.mark.parametrize("case", SAMPLES)
def test_the_health_authority_is_written_about_and_never_to(letters: Letters, case: str) -> None:
    text = text_of(letters, *sample(case))
    assert not re.search(r"Til: Sundhedsstyrelsen|sst\.dk", text)


@pytest.mark.parametrize("case", SAMPLES)
def test_a_notice_planned_before_a_fact_was_thought_of_is_written_or_stopped_but_never_holed(
    letters: Letters, case: str
) -> None:
    name, facts = sample(case)
    told = [key for key in OCCASIONS if facts.pop(key)]
    if not told:
        assert "None" not in text_of(letters, name, facts)
        return
    try:
        assert "None" not in text_of(letters, name, facts)
    except DeliveryError as stopped:
        assert stopped.kind == "quarantined"


def test_the_hour_a_consultation_closes_stands_beside_its_day(letters: Letters) -> None:
    for case in (
        "consultation-opened to a municipal council",
        "consultation-closing to the patient committee",
    ):
        assert text_of(letters, *sample(case)).count("fredag den 8. september 2023 kl. 12.00") >= 3
    name, facts = sample("consultation-closing to the patient committee")
    facts["event"]["time"] = ""
    facts["deadline"]["why"] = []
    assert " kl." not in text_of(letters, name, facts)
    facts["event"]["time"] = "noon"
    with pytest.raises(DeliveryError, match="quarantined"):
        write(letters, name, facts)


def test_a_late_answer_to_a_closed_consultation_is_still_welcome(letters: Letters) -> None:
    text = text_of(letters, *sample("consultation-closed to the municipal secretariat"))
    assert "Svar, der kommer senere, kan stadig registreres." in text


@pytest.mark.parametrize("answer", DECLINED)
def test_no_majority_makes_up_for_one_council(letters: Letters, answer: str) -> None:
    name, facts = sample("council-against to the chair")
    facts["event"]["event"] = answer
    text = text_of(letters, name, facts)
    assert f"Kommunalbestyrelsen i Thisted Kommune {DECLINED[answer]} version 3" in text
    assert "Et flertal er ikke nok" in text
    facts["event"] |= {"about": "1081", "about_name": "Region Nordjylland"}
    assert f"Regionsrådet i Region Nordjylland {DECLINED[answer]}" in text_of(letters, name, facts)
    facts["event"]["event"] = "council-approved"
    with pytest.raises(DeliveryError, match="no council's answer"):
        write(letters, name, facts)


@pytest.mark.parametrize(
    ("sent_on", "today", "said"),
    [
        ("2024-01-01", "2024-01-02", "Den er indsendt i tide; fristen er mandag den 1. januar 2024."),
        ("2023-12-21", "2023-12-22", "Den er indsendt i tide; fristen er mandag den 1. januar 2024."),
        (
            "2024-01-02",
            "2024-01-02",
            "Fristen var mandag den 1. januar 2024, så aftalen er indsendt for sent.",
        ),
    ],
)
def test_a_submission_is_in_time_on_the_last_day_and_late_the_day_after(
    letters: Letters, sent_on: str, today: str, said: str
) -> None:
    name, facts = sample("submission-recorded to a municipal council")
    facts["today"], facts["event"]["on"] = today, sent_on
    text = text_of(letters, name, facts)
    assert said in text
    assert ("Aftalen er dermed indgået." in text) == ("i tide" in said)


def test_the_eight_weeks_are_named_where_the_date_is_counted_in_them(letters: Letters) -> None:
    name, facts = sample("receipt-recorded to the region's secretariat")
    assert "Styrelsens frist på otte uger løber nu." in text_of(letters, name, facts)
    for step in facts["deadline"]["why"]:
        step["span"] = ""
    text = text_of(letters, name, facts)
    assert "otte" not in text and "Styrelsens frist løber nu." in text


@pytest.mark.parametrize(
    ("case", "left"),
    [
        ("receipt-missing to the regional council", " (om 44 dage)"),
        ("submission-recorded to a municipal council", ""),
    ],
)
def test_a_clock_that_counts_from_the_sending_is_called_provisional(
    letters: Letters, case: str, left: str
) -> None:
    text = text_of(letters, *sample(case))
    assert f"frist er torsdag den 15. februar 2024{left}. Datoen er foreløbig, til modtagelsen" in text
    assert "foreløbig" not in text_of(letters, *sample("receipt-recorded to a municipal council"))


def test_each_letter_about_the_patient_committee_names_its_own_rule_and_no_other(letters: Letters) -> None:
    """O-14 and O-15 are two duties: one by the order, before drafting; one by the guidance, every year."""
    order, guidance = "BEK 1248/2022 §§ 19, stk. 3, og 29, stk. 1", "VEJ 9008/2024 afsnit 2.2.8"
    yearly = text_of(letters, *sample("piu-meeting to the region's secretariat, yearly"))
    before = text_of(letters, *sample("piu-meeting to the patient committee, before drafting"))
    assert guidance in yearly and order not in yearly
    assert order in before and guidance not in before


@pytest.mark.parametrize(
    ("held", "planned", "said"),
    [
        (0, 0, "er ingen møder holdt og ingen planlagt. Der mangler 4 møder."),
        (2, 1, "er 2 møder holdt og 1 møde planlagt. Der mangler 1 møde."),
        (3, 1, "Det er nok, hvis de planlagte møder bliver holdt."),
    ],
)
def test_the_meetings_still_missing_are_counted(letters: Letters, held: int, planned: int, said: str) -> None:
    name, facts = sample("meetings-at-risk to the region's secretariat")
    facts["quota"] |= {"held": held, "planned": planned}
    assert said in text_of(letters, name, facts)


def test_a_rule_that_ended_without_a_day_stops_the_letter(letters: Letters) -> None:
    name, facts = sample("regime-ended to the municipal secretariat")
    assert "bortfaldet" in text_of(letters, name, facts)
    facts["regime"]["ends_on"] = None
    with pytest.raises(DeliveryError, match="quarantined"):
        write(letters, name, facts)


def test_a_digest_puts_the_earliest_date_first_and_in_the_subject(letters: Letters) -> None:
    name, facts = sample("digest to the region's secretariat")
    text = text_of(letters, name, facts)
    assert text.startswith("2 sager, først 1. juli 2023: Indsendelse af sundhedsaftalen")
    assert text.index("1. Indsendelse af sundhedsaftalen") < text.index("2. Årlig gennemgang")
    assert "Påmindelsen er forsinket" in text
    facts["digest"][0] |= {"legal_on": "2023-06-29", "days_left": -1}
    assert text_of(letters, name, facts).startswith("2 sager, ældst 29. juni 2023: Årlig gennemgang")
    facts["digest"] = [facts["digest"][0] | {"legal_on": None}]
    assert text_of(letters, name, facts).startswith(
        "1 sag: Årlig gennemgang af sundhedsaftalen (Nordjylland 2024-2027)"
    )


def test_a_digest_says_the_later_reading_and_what_is_in_doubt_before_it_says_another_date(
    letters: Letters,
) -> None:
    name, facts = sample("digest to the region's secretariat")
    [own] = facts["digest"][0]["dates"]
    other = own | {
        "title": "Slutstatus udarbejdet",
        "legal_on": "2024-06-30",
        "status": "lapsed",
        "doubtful": True,
    }
    facts["digest"][0]["dates"] = [own | {"latest_on": "2024-01-02", "doubtful": True}, other]
    assert (
        "Kan også læses som tirsdag den 2. januar 2024. Reglen kan være ophævet; det er ikke afklaret. Den anden dato "
        "efter reglerne: søndag den 30. juni 2024 – Slutstatus udarbejdet. Pligten til den dato er bortfaldet. Hjemmel:"
    ) in text_of(letters, name, facts)


def test_a_digest_tells_a_shared_day_and_a_shared_next_step_once(letters: Letters) -> None:
    name, facts = sample("digest to the region's secretariat, meetings that share a day")
    raw = write(letters, name, facts).raw
    for told in (part(raw, "text/plain"), without_markup(part(raw, "text/html"))):
        rows = " ".join(told.split()).partition("Begynd fra toppen")[0]
        assert rows.count("øndag den 31. december 2023") == rows.count("fredag den 29. december 2023") == 1
        assert rows.count("Fastsæt de møder") == 1 and "Næste skridt for 2-3:" in rows
        for row in (
            "2. Møder i det politiske niveau i Klynge NORD",
            "mindst 4 skal holdes",
            "BEK 1248/2022 § 13",
        ):
            assert row in rows


def test_no_line_of_the_html_breaks_between_a_sign_and_its_number(letters: Letters) -> None:
    name, facts = sample("annual-review to the region's secretariat")
    told = part(write(letters, name, facts).raw, "text/html")
    for held in ("BEK 1248/2022", "§ 22, stk. 1", "afsnit 6", "den 31. december 2024"):
        assert held.replace(" ", "\N{NO-BREAK SPACE}") in told and held not in told


def test_a_provision_of_the_occasions_own_is_printed_with_or_without_a_deadline(letters: Letters) -> None:
    for case in ("council-against to the chair", "sst-approved to a municipal council"):
        name, facts = sample(case)
        facts["event"]["cite"] = ["SUL § 205, stk. 1"]
        done = write(letters, name, facts)
        for kind in ("text/plain", "text/html"):
            told = part(done.raw, kind).replace("\N{NO-BREAK SPACE}", " ")
            assert "Hjemmel for denne mail: SUL § 205, stk. 1" in told


@pytest.mark.parametrize("case", list(SAMPLES)[::9])
def test_a_letter_whose_rules_no_lawyer_has_signed_says_so_in_its_foot(letters: Letters, case: str) -> None:
    name, facts = sample(case)
    assert "juridisk kontrolleret" not in text_of(letters, name, facts)
    said = text_of(letters, name, facts | {"unchecked": True})
    assert said.count("Reglerne bag denne mail er ikke juridisk kontrolleret.") == 1
