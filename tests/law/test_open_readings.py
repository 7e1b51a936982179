"""Where the law is silent: reminders follow the earlier date, overdue is said only after the later, and a named person
signs one."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from tests.law.desk import KEY, LawDesk, day, rules
from tests.law.told.test_told_later import rendered_text
from tests.mail.conftest import write
from tests.post import letters
from tests.story.living import danish
from workflow.errors import Conflict, Invalid, NotFound
from workflow.rules.endings import state_of
from workflow.services.facts.readings import sign_reading
from workflow.services.planning.letterfacts import letter_facts
from workflow.services.planning.occasions import happened
from workflow.services.views.readings import question_json, questions
from workflow.services.watch.reckoning import reckon

END = "udloeb-2024-2027"


def sign(desk: LawDesk, silence: str, reading: str, on: str = "2026-11-23", **more: str) -> int:
    who = {"name": "Anna Jensen", "office": "Juridisk kontor", "ground": "Aftalens § 1"} | more
    at = danish(day(on), 9)
    done = sign_reading(
        desk.engine, desk.rulebook, silence=silence, reading=reading, today=day(on), at=at, **who
    )
    return len(done)


@pytest.fixture
def running(desk: LawDesk) -> LawDesk:
    """Nordjylland 2024-2027: submitted on 15 December 2023, in force and said to end with 2027."""
    desk.concludes("2023-12-15")
    desk.tell("effective", "2024-01-01")
    desk.tell("nominal-end", "2024-01-01", due="2028-01-01")
    return desk


def ends_in_mid_2026(desk: LawDesk) -> None:
    """In force since 2024, and said to end with June 2026: no silence is about that end."""
    desk.tell("effective", "2024-01-01")
    desk.tell("nominal-end", "2024-01-02", due="2026-07-01")
    desk.concludes()
    desk.tell("midterm-sent", "2025-12-01")


def test_the_final_status_is_reminded_of_by_the_earlier_end_and_says_both(running: LawDesk) -> None:
    """31 December 2026 if the period was shortened, else 30 June 2027."""
    found = running.deadline("final-guidance", as_of="2026-11-28")
    assert (found.legal_on, found.status, found.doubtful) == (date(2026, 12, 31), "upcoming", True)
    assert any("onsdag den 30. juni 2027" in step.text for step in found.why)
    assert found.latest_on == date(2027, 7, 1)
    [one] = [
        one
        for one in running.letters("2026-12-01")
        if one.letter.name == "final-due" and one.recipient.endswith("secretariat-region")
    ]
    assert (one.facts["deadline"]["legal_on"], one.facts["deadline"]["latest_on"]) == (
        "2026-12-31",
        "2027-07-01",
    )


def final_letter(desk: LawDesk, on: str) -> str:
    [one] = [
        one
        for one in desk.letters(on)
        if one.letter.name == "final-due" and one.recipient.endswith("secretariat-region")
    ]
    return rendered_text(write(letters(), "final-due", one.facts | {"ask": None, "link": ""}).raw)


def test_the_letter_about_the_final_status_says_both_ends_and_runs_no_sentences_together(
    running: LawDesk,
) -> None:
    text = final_letter(running, "2026-12-16")
    assert (
        "Aftalens sidste dag er onsdag den 30. juni 2027 (kilde: KLs høringssvar om lov om sundhedsklynger, til s. 8; "
        "vejledning om sundhedsklynger, afsnit 12) eller fredag den 31. december 2027 (kilde: Brev)." in text
    )
    assert "Der regnes med" not in text
    assert not re.search(r"[a-zæøå]\.[A-ZÆØÅ]", text)
    assert "Den anden dato, onsdag den 30. juni 2027, er bortfaldet. Loven er tavs" in text


def test_an_overdue_letter_says_that_the_later_day_is_over_too_and_runs_no_sentences_together(
    empty: LawDesk,
) -> None:
    """By two formulas, one of which can be read as a day later; nothing follows the earliest any more."""
    key = empty.open("nordjylland", "2018-2021", "2019-2023", effective=day("2019-07-01"))
    empty.sends("2019-04-26", key, yes_on="2019-06-10")
    empty.tell("submitted", "2019-07-02", key)
    [one] = [
        one
        for one in empty.letters("2021-07-02")
        if one.letter.name == "midterm-due" and one.recipient.endswith("secretariat-region")
    ]
    text = rendered_text(write(letters(), "midterm-due", one.facts | {"ask": None, "link": ""}).raw)
    assert not re.search(r"\d\.[A-ZÆØÅ]", text)
    assert (
        "Den anden dato er fredag den 2. juli 2021. Loven er tavs, og datoen kan også læses som torsdag "
        "den 1. juli 2021. Også den dag er passeret." in text
    )
    assert "Påmindelserne følger den tidligste." not in text


def test_silence_has_approved_only_after_the_later_reading_of_the_last_day_and_is_no_yes(
    empty: LawDesk,
) -> None:
    """BEK 778/2009 § 6, stk. 3: two months from 2 February 2011 end on a Saturday; by analogy the Monday is in time."""
    key = empty.open("nordjylland", "2010-2013", "2011-2014", municipality="0851")
    empty.sends("2010-11-01", key, yes_on="2011-01-20")
    empty.tell("submitted", "2011-01-28", key)
    empty.tell("received", "2011-02-02", key)
    said = []
    for on in ("2011-04-04", "2011-04-05"):
        standing = empty.at(key, on)
        assert standing.course.current
        said.append((standing.deadline("sst-decision").status, standing.course.current.tacit))  # type: ignore[union-attr]
    assert said == [("upcoming", False), ("met", True)]
    current = empty.at(key, "2011-04-05").course.current
    assert current and current.state_name == "anses for godkendt, da der ikke kom svar inden fristen"


@pytest.mark.parametrize(
    ("on", "before", "follows"),
    [
        ("2011-02-08", " og i god tid før lørdag den 2. april 2011", True),
        ("2011-04-03", " og i god tid før mandag den 4. april 2011", False),
        ("2011-04-04", "", False),
    ],
)
def test_between_two_readings_of_a_date_nobody_is_asked_for_anything_before_the_one_that_is_past(
    empty: LawDesk, on: str, before: str, follows: bool
) -> None:
    key = empty.open("nordjylland", "2010-2013", "2011-2014", municipality="0851")
    empty.sends("2010-11-01", key, yes_on="2011-01-20")
    empty.tell("submitted", "2011-01-28", key)
    empty.tell("received", "2011-02-02", key)
    standing = empty.at(key, on)
    fact = next(one for one in standing.story.steps if one.event == "received")
    letter = next(one for one in rules().letters if one.name == "receipt-recorded")
    told = happened(standing.told(fact), standing, rules(), fact, letter)
    whom = "nordjylland/secretariat-region"
    facts = letter_facts(standing, rules(), whom, day(on), **told)
    text = rendered_text(write(letters(), "sst-clock-running", {**facts, "ask": None, "link": ""}).raw)
    assert f"så svar hurtigt{before}." in text
    assert ("Påmindelserne følger den tidligste." in text) is follows


def test_once_an_end_is_signed_the_letter_says_that_one_alone(running: LawDesk) -> None:
    sign(running, END, "2027-06-30")
    text = final_letter(running, "2026-12-16")
    assert "Der regnes med, at aftalens sidste dag er onsdag den 30. juni 2027" in text
    assert "31. december 2027" not in text


def test_an_end_that_the_parties_agreed_otherwise_is_not_in_question(desk: LawDesk) -> None:
    desk.concludes("2023-12-15")
    desk.tell("effective", "2024-01-01")
    desk.tell("nominal-end", "2024-01-01", due="2027-04-01")
    found = desk.deadline("final-guidance", as_of="2026-01-01")
    assert found.legal_on == date(2026, 9, 30)
    assert END not in {one.silence.id for one in found.readings}


def test_a_signed_reading_leaves_one_date_and_one_letter_tells_it(running: LawDesk) -> None:
    running.letters("2026-11-20")
    assert sign(running, END, "2027-12-31") == 1
    found = running.deadline("final-guidance", as_of="2026-11-23")
    assert (found.legal_on, found.status) == (date(2027, 6, 30), "lapsed")
    assert any("Anna Jensen, Juridisk kontor" in step.text for step in found.why)
    told = running.letters("2026-11-24")
    signed = [one for one in told if one.letter.name == "reading-signed"]
    assert {one.recipient for one in signed} == {
        "nordjylland/secretariat-region", "nordjylland/secretariat-municipal",
    }  # fmt: skip
    assert signed[0].facts["event"]["reading"]["by"] == "Anna Jensen, Juridisk kontor"
    assert not [one for one in told if one.letter.name == "deadline-moved"]
    assert not [
        f for f in reckon(running.engine, rules(), danish(day("2026-11-24"), 23)) if f.kind == "missing"
    ]
    with pytest.raises(Conflict, match="allerede underskrevet af Anna Jensen, Juridisk kontor"):
        sign(running, END, "2027-12-31", "2026-11-25", name="Bo Hansen")
    assert sign(running, END, "2027-06-30", "2026-11-26") == 1
    assert running.deadline("final-guidance", as_of="2026-11-26").legal_on == date(2026, 12, 31)


def test_a_signature_that_leaves_another_question_open_does_not_say_that_one_date_stands(
    running: LawDesk,
) -> None:
    """Whether the day itself is in time is another question of the same date."""
    sign(running, END, "2027-06-30")
    [owed, *_] = [one for one in running.letters("2026-11-24") if one.letter.name == "reading-signed"]
    left = running.deadline("final-guidance", as_of="2026-11-24")
    assert (str(left.legal_on), str(left.latest_on)) == ("2026-12-31", "2027-01-01")
    text = rendered_text(write(letters(), "reading-signed", owed.facts | {"ask": None, "link": ""}).raw)
    assert "én dato" not in text.lower()
    assert f"{left.title}: torsdag den 31. december 2026. " in text
    assert "Efter en anden læsning er datoen fredag den 1. januar 2027, og da er pligten bortfaldet." in text
    assert "Reglen kan være ophævet" in text


def test_a_second_signature_says_which_one_it_takes_the_place_of(running: LawDesk) -> None:
    sign(running, END, "2027-12-31")
    running.letters("2026-11-24")
    sign(running, END, "2027-06-30", "2026-11-26", name="Bo Hansen", office="KL, Jura")
    [owed, *_] = [one for one in running.letters("2026-11-27") if one.letter.name == "reading-signed"]
    text = rendered_text(write(letters(), "reading-signed", owed.facts | {"ask": None, "link": ""}).raw)
    assert (
        "Anna Jensen, Juridisk kontor, underskrev mandag den 23. november 2026: Med udgangen af 2027" in text
    )
    assert "Bo Hansen, KL, Jura, underskrev torsdag den 26. november 2026" in text
    assert "blev regnet på to måder" not in text


def test_the_first_day_after_the_end_is_said_of_that_day_alone(running: LawDesk) -> None:
    why = [step.text for step in running.deadline("final-guidance").why]
    assert "første dag efter udløbet er torsdag den 1. juli 2027" in why[0]
    assert not [text for text in why[1:] if "ørste dag efter" in text]


@pytest.mark.parametrize(
    ("duty", "legal", "last_in_time"),
    [
        ("submission", "2023-07-01", "2023-07-03"),  # a Saturday; by analogy the Monday
        ("midterm-guidance", "2025-12-31", "2026-01-02"),  # the day itself is New Year's Day, and closed
        ("midterm-order", "2025-12-15", "2025-12-15"),  # a Monday, and no question
    ],
)
def test_overdue_is_said_only_after_the_later_date(
    desk: LawDesk, duty: str, legal: str, last_in_time: str
) -> None:
    if duty != "submission":
        desk.concludes("2023-12-15")
        desk.tell("effective", "2024-01-01")
    found = [desk.deadline(duty, as_of=day(last_in_time) + timedelta(days=after)) for after in (0, 1)]
    assert [str(one.legal_on) for one in found] == [legal, legal]
    assert [one.status for one in found] == ["upcoming", "overdue"]


def test_the_day_after_letter_counts_from_the_later_date(desk: LawDesk) -> None:
    late = [
        on for on in range(1, 8)
        if any(one.letter.name == "submission-overdue" for one in desk.letters(f"2023-07-0{on}"))
    ]  # fmt: skip
    assert late == [4]
    assert not [f for f in reckon(desk.engine, rules(), danish(day("2023-07-07"), 23)) if f.kind == "missing"]


def test_a_submission_between_the_two_dates_is_late_by_the_one_and_in_time_by_the_other(
    desk: LawDesk,
) -> None:
    desk.sends("2023-05-02", yes_on="2023-06-02")
    desk.tell("submitted", "2023-07-03")
    found = desk.deadline("submission")
    assert (found.status, found.disputed) == ("met_late", True)
    said = state_of(found, "opfyldt for sent")
    assert said == "opfyldt for sent efter den ene læsning, i tide efter den anden"
    sign(desk, "lukkedag", "foerste-hverdag")
    assert desk.deadline("submission", as_of="2026-11-23").status == "met"


def test_a_departure_after_a_late_submission_has_two_readings(desk: LawDesk) -> None:
    desk.sends("2023-05-02", yes_on="2023-08-02")
    desk.tell("submitted", "2023-10-02")
    desk.tell("deviation", "2024-02-01", due="2024-01-01")
    found = desk.deadline("submission")
    assert (found.status, found.disputed, found.judged_on) == ("met_late", True, date(2023, 7, 1))
    sign(desk, "fravigelse-bagefter", "tilbage")
    assert desk.deadline("submission", as_of="2026-11-23").status == "met"


@pytest.mark.parametrize(
    ("sent", "moved_to", "disputed"),
    [
        ("2026-02-02", "2027-01-01", False),  # late by both readings of its day, though not of the moved one
        ("2026-01-02", "2027-01-01", True),
        ("2026-01-02", "2026-02-01", True),  # an end moved forward takes no reading of the day away
    ],
)
def test_a_final_status_before_its_end_was_moved_is_judged_by_both_readings_of_its_day(
    desk: LawDesk, sent: str, moved_to: str, disputed: bool
) -> None:
    ends_in_mid_2026(desk)
    desk.tell("final-sent", sent)
    desk.tell("nominal-end", "2026-03-02", due=moved_to)
    found = desk.deadline("final-guidance")
    assert (found.status, found.judged_on, found.disputed) == ("met_late", date(2025, 12, 31), disputed)
    assert found.latest_on == date(2026, 1, 2)  # the strict day, and New Year's Day is closed


def test_a_signed_reading_judges_what_was_met_before_its_date_was_moved_too(desk: LawDesk) -> None:
    ends_in_mid_2026(desk)
    desk.tell("final-sent", "2026-01-01")
    desk.tell("nominal-end", "2026-03-02", due="2027-01-01")
    assert desk.deadline("final-guidance").disputed
    sign(desk, "selve-dagen", "selve-dagen")
    assert desk.deadline("final-guidance", as_of="2026-11-23").status == "met"
    sign(desk, "selve-dagen", "dagen-foer", "2026-11-24")
    sign(desk, "lukkedag", "flyttes-ikke", "2026-11-24")
    found = desk.deadline("final-guidance", as_of="2026-11-24")
    assert (found.status, found.disputed, found.judged_on) == ("met_late", False, date(2025, 12, 31))


@pytest.mark.parametrize("due", ["2023-12-15", "2024-01-01"])  # a Friday; New Year's Day
def test_a_departure_to_any_day_of_the_week_has_two_readings_until_one_is_signed(
    desk: LawDesk, due: str
) -> None:
    desk.sends("2023-05-02", yes_on="2023-08-02")
    desk.tell("submitted", "2023-10-02")
    desk.tell("deviation", "2024-02-01", due=due)
    found = desk.deadline("submission")
    assert (found.status, found.disputed, found.judged_on) == ("met_late", True, date(2023, 7, 1))
    sign(desk, "fravigelse-bagefter", "ikke-tilbage")
    found = desk.deadline("submission", as_of="2026-11-23")
    assert (found.status, found.disputed, found.latest_on) == ("met_late", False, date(2023, 7, 3))


def test_a_year_counted_from_the_entry_into_force_is_the_earlier_reading(desk: LawDesk) -> None:
    desk.concludes("2023-12-15")
    desk.tell("effective", "2024-03-15")
    found = desk.at(as_of="2025-03-20").deadline("annual-review", "2025")
    assert found and (found.legal_on, found.status) == (date(2025, 3, 14), "upcoming")
    later = desk.at(as_of="2026-01-03").deadline("annual-review", "2025")
    assert later and later.status == "overdue"  # New Year's Eve is closed; the next business day is 2 January
    sign(desk, "om-aaret", "kalenderaaret")
    settled = desk.at(as_of="2026-11-23").deadline("annual-review", "2025")
    assert settled and settled.legal_on == date(2025, 12, 31)


@pytest.mark.parametrize("missing", ["name", "office", "ground"])
def test_a_reading_is_signed_by_a_named_person_of_an_office_with_a_ground(
    running: LawDesk, missing: str
) -> None:
    before = running.journal(KEY)
    with pytest.raises(Invalid, match=f"--{missing} er tom"):
        sign(running, END, "2027-12-31", **{missing: " "})
    assert running.journal(KEY) == before


@pytest.mark.parametrize(
    ("silence", "reading", "said"),
    [("slut", "x", "kendte: udloeb-2024-2027"), (END, "x", "kendte: 2027-12-31, 2027-06-30"),
     ("om-aaret", "kalenderaaret", "rører ingen dato")],
)  # fmt: skip
def test_what_cannot_be_signed_says_what_can(running: LawDesk, silence: str, reading: str, said: str) -> None:
    with pytest.raises(NotFound, match=said):
        sign(running, silence, reading)


def test_the_list_shows_every_question_and_which_are_open(running: LawDesk) -> None:
    told = {
        one["id"]: one for one in map(question_json, questions(rules(), [running.at(as_of="2026-11-28")]))
    }
    assert set(told) == {
        END, "udloeb-eller-afloesning", "om-aaret", "om-aaret-moeder", "selve-dagen", "lukkedag", "fravigelse-bagefter",
    }  # fmt: skip
    assert told[END]["open"] and not told["om-aaret"]["open"]
    [guidance] = [one for one in told[END]["touches"] if one["deadline"] == "final-guidance"]
    assert guidance["dates"] == {"2027-12-31": "2027-06-30", "2027-06-30": "2026-12-31"}
