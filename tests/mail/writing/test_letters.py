"""What the letters say, and that a letter which cannot be written whole is never sent."""

from __future__ import annotations

import re
from typing import Any

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.mail.conftest import A_DATE, FOLDER, INSTANCE, dates_in, part, read, without_markup, write
from tests.mail.papers import ANNEX_FILE, FILE
from tests.mail.sample_facts import ACKNOWLEDGE, ANSWER, CALENDAR, CONFIRM
from tests.mail.samples import FUNCTIONS, SAMPLES, sample
from workflow.mail.writing.letters import Letters

LETTERS = (
    "annual-review", "answer-due", "calendars-missing", "constitution", "consultation-closed", "consultation-closing",
    "consultation-opened", "contacts-confirm", "council-against", "council-agenda", "council-calendar",
    "council-day-gone", "council-late", "council-meeting", "council-pending", "council-silent", "countdown",
    "deadline-moved", "decision-confirmed", "decision-reported", "decision-returned", "digest", "drafting-start",
    "due", "duty", "final-due", "hearing-reply", "hold-over", "info-reminder", "info-requested", "meetings-at-risk",
    "met", "midterm-due", "mistake-taken-back", "nominal-end-missing", "overdue", "piu-meeting", "publication-missing",
    "publish",
    "reading-signed", "ready-to-submit", "reasons", "receipt-missing",
    "receipt-recorded", "refusal-discussed", "regime-ended", "regime-retracted", "regime-unsettled", "region-ends",
    "resubmission-countdown", "revision-opened", "rosters-expire", "sent-for-approval", "share-results",
    "sst-approved", "sst-clock-passed", "sst-clock-running", "sst-refused", "sst-silent",
    "submission-countdown",
    "submission-overdue", "submission-recorded", "submission-withdrawn", "watch-agreements", "week",
)  # fmt: skip
WITHOUT_A_DATE = (  # nothing sets a day
    "watch-agreements to the region's secretariat",
    "nominal-end-missing to the region's secretariat",
    "council-calendar to a municipal council",
    "calendars-missing to the region's secretariat",
    "council-day-gone to the region's secretariat",
    "council-day-gone to the region's secretariat, of several",
    "contacts-confirm to the municipal council",
    "contacts-confirm to the chair",
)


@pytest.mark.parametrize("case", SAMPLES)
def test_each_letter_reads_as_it_was_reviewed(
    letters: Letters, case: str, snapshot: SnapshotAssertion
) -> None:
    name, facts = sample(case)
    done = write(letters, name, facts)
    assert f"Emne: {done.subject}\n\n{part(done.raw, 'text/plain')}" == snapshot(name="text")
    assert part(done.raw, "text/html") == snapshot(name="html")


@pytest.mark.parametrize("case", SAMPLES)
def test_text_and_html_tell_the_same_dates(letters: Letters, case: str) -> None:
    name, facts = sample(case)
    raw = write(letters, name, facts).raw
    told = dates_in(part(raw, "text/plain"))
    assert told or case in WITHOUT_A_DATE
    assert told == dates_in(without_markup(part(raw, "text/html")))


@pytest.mark.parametrize("case", SAMPLES)
def test_the_html_is_whole_danish_and_loads_nothing(letters: Letters, case: str) -> None:
    name, facts = sample(case)
    source = part(write(letters, name, facts).raw, "text/html")
    assert source.startswith("<!DOCTYPE html>") and '<html lang="da">' in source
    assert source.count("<h1") == 1
    # A table does not fold on a telephone: the one style sheet that comes along tells a dark screen's colours only.
    dark = re.search(r"<style[^>]*>\s*@media \(prefers-color-scheme: dark\) \{.*?</style>", source, re.DOTALL)
    assert dark and source.count("<style") == 1
    source = source.replace(dark.group(), "")
    assert not re.search(r"<(img|link|script|style|iframe|table)|url\(|class=\"\"|jinja|\{[{%#]", source)
    assert set(re.findall(r'(?:href|src)="([^"]*)"', source)) <= {
        "mailto:sundhedsaftale@rn.example",
        "https://aftalefrist.example/aftaler/nordjylland/2024-2027",
        "https://aftalefrist.example/aftaler/nordjylland/2019-2023",
        "https://aftalefrist.example/aftaler/nordjylland/2027-2028",
        "https://aftalefrist.example/indberetninger/7",
        "https://aftalefrist.example/aftaler/nordjylland/2024-2027/rundeplan",
        "https://aftalefrist.example/moeder",
        "https://aftalefrist.example/min-uge",
        "https://www.retsinformation.dk/eli/lta/2022/1248",
        "https://aftalefrist.example/kontakter/bekraeftelser?region=nordjylland",
        ANSWER,
        f"{ANSWER}/tekst?fil={'ab' * 32}",
        FILE,
        ANNEX_FILE,
        ACKNOWLEDGE,
        CONFIRM,
        CALENDAR,
    }


@pytest.mark.parametrize("case", SAMPLES)
def test_each_letter_says_what_by_when_by_which_law_who_to_ask_and_why(letters: Letters, case: str) -> None:
    name, facts = sample(case)
    done = write(letters, name, facts)
    text = " ".join(part(done.raw, "text/plain").split())
    assert "Venlig hilsen" in text and "Region Nordjylland" in text.partition("Venlig hilsen")[2]
    assert "NÆSTE SKRIDT -" in text or "DET BEDER VI JER OM -" in text
    assert "I får denne mail, fordi" in text and "sundhedsaftale@rn.example" in text
    if deadline := facts["deadline"]:
        assert A_DATE.search(done.subject) or deadline["duty"] == "none"
        assert all(cite in text for cite in deadline["cite"])
        assert all(step["text"] in text for one in [deadline, *facts["also"]] for step in one["why"])


def test_every_letter_and_every_recipient_function_has_a_sample() -> None:
    assert {name for name, _ in SAMPLES.values()} == set(LETTERS)
    seen = {(facts["recipient"]["function"], facts["recipient"]["regional"]) for _, facts in SAMPLES.values()}
    assert seen == {(one["function"], one["regional"]) for one in FUNCTIONS.values()}


@pytest.mark.parametrize("name", LETTERS)
@pytest.mark.parametrize("function", FUNCTIONS)
def test_any_letter_can_be_written_to_any_function(letters: Letters, name: str, function: str) -> None:
    facts = next(sample(case)[1] for case, (letter, _) in SAMPLES.items() if letter == name)
    facts["recipient"] = FUNCTIONS[function]
    said = {
        "person": "Til: Anna Holm",
        "reader": "Til: jurist@kommune.example",
        "secretariat-region": "regionens del",
        "secretariat-municipal": "kommunernes del",
        "council": "Til: Kommunalbestyrelsen i Aalborg Kommune",
        "regional-council": "Til: Regionsrådet i Region Nordjylland",
        "cluster": "Til: Klynge NORD",
        "piu": "Til: Patientinddragelsesudvalget i Region Nordjylland",
        "chair": f"Til: Formanden for {facts['agreement']['committee']} i Region Nordjylland",
        "director": "Til: Kommunaldirektøren i Aalborg Kommune",
        "vice-chair": f"Til: Næstformanden for {facts['agreement']['committee']} i Region Nordjylland",
    }
    assert said[function] in " ".join(part(write(letters, name, facts).raw, "text/plain").split())


def test_the_secretariat_of_the_older_rules_is_the_region_alone(letters: Letters) -> None:
    name, facts = sample("annual-review to the region's secretariat")
    facts["agreement"] |= {"secretariat": "region", "committee": "sundhedskoordinationsudvalget"}
    text = part(write(letters, name, facts).raw, "text/plain")
    assert "Til: Sekretariatet for sundhedskoordinationsudvalget i Region Nordjylland\n" in text
    assert "fælles" not in text


def test_the_link_to_the_status_is_the_agreements_own_page_and_each_in_a_days_mail(letters: Letters) -> None:
    site = "https://aftalefrist.example/aftaler/nordjylland/"

    def shown(facts: dict[str, Any], name: str) -> list[str]:
        raw = write(letters, name, facts).raw
        found = re.findall(r"Se status på\s+(\S+)", part(raw, "text/plain"))
        assert [f'href="{one}"' in part(raw, "text/html") for one in found] == [True] * len(found)
        return found

    name, facts = sample("submission-countdown to the regional council")
    assert shown(facts, name) == [site + "2024-2027"]
    facts["agreement"] |= {"key": "nordjylland/Første_udgave"}
    assert shown(facts, name) == [site + "F%C3%B8rste_udgave"]
    assert shown(facts | {"link": ""}, name) == []
    name, facts = sample("digest to the municipal secretariat, two agreements")
    assert shown(facts, name) == [site + "2019-2023", site + "2024-2027"]


def test_an_answer_goes_to_whom_the_letter_says_to_ask_or_where_the_operator_wants_it(
    letters: Letters,
) -> None:
    name, facts = sample("submission-countdown to the regional council")

    def answers_to(letters: Letters, **ask: str) -> str | None:
        known = facts | {"ask": facts["ask"] | ask if facts["ask"] else None}
        return read(write(letters, name, known).raw)["Reply-To"]

    plain = Letters(FOLDER, INSTANCE, "Aftalefrist <frist@nord.example>")
    assert answers_to(plain) == "Sekretariatet i Region Nordjylland <sundhedsaftale@rn.example>"
    assert answers_to(plain, email="post@region.example") is None  # nobody is told to ask themselves
    assert answers_to(letters) == "sekretariat@nord.example"
    facts["ask"] = None
    assert answers_to(plain) is None


def test_the_letter_about_a_refusal_lists_what_was_lacking_or_asks_for_it(letters: Letters) -> None:
    name, facts = sample("sst-refused to the municipal secretariat, with what was found lacking")
    text = part(write(letters, name, facts).raw, "text/plain")
    assert "- Målene er ikke knyttet til de nationale mål\n- Ingen plan for opfølgning\n" in text
    assert "ikke registreret" not in text
    facts["event"] |= {"lacking": []}
    text = " ".join(part(write(letters, name, facts).raw, "text/plain").split())
    assert "Hvilke krav der ikke er opfyldt, er ikke registreret endnu. Afslaget skal angive dem." in text
    assert "registrér afslaget igen med kravene" in text
    del facts["event"]["lacking"]  # a letter planned before the requirements could be recorded
    assert "ikke registreret endnu" in " ".join(part(write(letters, name, facts).raw, "text/plain").split())


COUNTDOWN = "submission-countdown to the regional council"
COUNTDOWN_OF_THE_DESK = "submission-countdown to the region's secretariat, late"


@pytest.mark.parametrize(
    ("today", "days", "said"),
    [
        (
            "2023-06-19",
            12,
            "Fristen for indsendelse til Sundhedsstyrelsen er lørdag den 1. juli 2023 (om 12 dage).",
        ),
        ("2023-06-29", 2, "(om 2 dage)"),
        ("2023-06-30", 1, "til Sundhedsstyrelsen er lørdag den 1. juli 2023 (i morgen)."),
        ("2023-06-30", 1, "Sidste hverdag før er i dag, fredag den 30. juni 2023."),
        ("2023-07-01", 0, "til Sundhedsstyrelsen er lørdag den 1. juli 2023 (i dag)."),
        ("2023-07-01", 0, "Sidste hverdag før var fredag den 30. juni 2023."),
        (
            "2023-07-01",
            0,
            "Send aftalen til Sundhedsstyrelsen senest lørdag den 1. juli 2023, når alle har godkendt.",
        ),
        (
            "2023-07-02",
            -1,
            "Fristen for indsendelse til Sundhedsstyrelsen var lørdag den 1. juli 2023 (i går).",
        ),
        ("2023-07-09", -8, "(for 8 dage siden)"),
    ],
)
def test_the_distance_to_the_date_is_good_danish(letters: Letters, today: str, days: int, said: str) -> None:
    name, facts = sample(COUNTDOWN)
    facts["today"], facts["deadline"]["days_left"] = today, days
    assert said in " ".join(part(write(letters, name, facts).raw, "text/plain").split())


@pytest.mark.parametrize(
    ("councils", "said"),
    [
        (
            {"total": 12, "approved": 0, "pending": ["Læsø Kommune"], "against": []},
            "Ingen af de 12 råd har godkendt",
        ),
        (
            {"total": 12, "approved": 11, "pending": ["Læsø Kommune"], "against": []},
            "1 råd har endnu ikke svaret:",
        ),
        ({"total": 12, "approved": 12, "pending": [], "against": []}, "Alle 12 råd har godkendt version 3."),
        ({"total": 1, "approved": 1, "pending": [], "against": []}, "Rådet har godkendt version 3."),
    ],
)
def test_councils_are_counted_in_good_danish(letters: Letters, councils: dict[str, Any], said: str) -> None:
    name, facts = sample(COUNTDOWN_OF_THE_DESK)
    facts["councils"] = councils
    text = part(write(letters, name, facts).raw, "text/plain")
    assert said in text
    assert ("HVEM MANGLER" in text) == bool(councils["pending"])


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("conditional", "Thisted Kommune: har stillet betingelser (tæller ikke som godkendelse)"),
        ("rejected", "Thisted Kommune: har afvist"),
        ("godkendt med forbehold", "Thisted Kommune: godkendt med forbehold (tæller ikke som godkendelse)"),
    ],
)
def test_an_answer_short_of_approval_is_named_as_such(letters: Letters, state: str, said: str) -> None:
    name, facts = sample(COUNTDOWN_OF_THE_DESK)
    facts["councils"]["against"][0]["state"] = state
    assert said in " ".join(part(write(letters, name, facts).raw, "text/plain").split())


def test_one_municipality_is_written_in_the_singular(letters: Letters) -> None:
    name, facts = sample("sent-for-approval to a municipal council")
    facts["councils"]["total"] = 2
    assert "i 1 kommunalbestyrelse og" in " ".join(
        part(write(letters, name, facts).raw, "text/plain").split()
    )


@pytest.mark.parametrize("rung", ["-3d", "+1d", "", "fact3", "v1@2023-06-16", "moved"])
def test_a_late_letter_says_so_and_calls_news_no_reminder(letters: Letters, rung: str) -> None:
    name, facts = sample(COUNTDOWN)
    facts |= {"late": True, "due_on": "2023-06-16", "rung": rung}
    text = " ".join(part(write(letters, name, facts).raw, "text/plain").split())
    what = "påmindelse" if rung in ("-3d", "+1d") else "meddelelse"
    assert f"Denne {what} skulle være sendt fredag den 16. juni 2023 og er forsinket." in text


@pytest.mark.parametrize("case", [case for case, (_, facts) in SAMPLES.items() if facts["deadline"]])
def test_a_doubtful_rule_is_said_in_every_letter_with_a_date(letters: Letters, case: str) -> None:
    name, facts = sample(case)
    facts["deadline"]["doubtful"] = True
    raw = write(letters, name, facts).raw
    assert "Bemærk: Reglen kan være ophævet." in part(raw, "text/plain")
    assert "Reglen kan være ophævet." in part(raw, "text/html")
