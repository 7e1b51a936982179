"""The end of the rules, cell by cell: what each duty is before and after it, under each day it can be."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as some
from icalendar import Calendar

from tests.law.desk import LawDesk, day, rules
from tests.law.told.test_told_later import rendered_text
from tests.mail.conftest import write
from tests.post import letters
from workflow.faces.cli import show
from workflow.rules.endings import DOUBT, ENDED, GONE, SURE, Ending
from workflow.services.due.prompts import prompts
from workflow.services.due.quotas import quotas
from workflow.services.planning.marks import marks
from workflow.services.planning.owing import Owed, owed_now
from workflow.services.views.calendars.feeds import write_feed
from workflow.services.views.status import status_json

UNSETTLED = "regime-unsettled"
FIRST, LAST = date(2026, 1, 1), date(2027, 1, 1)


def names(told: list[Owed]) -> set[str]:
    return {one.letter.name for one in told}


DAYS = some.dates(date(2025, 1, 1), date(2028, 12, 31))


@given(DAYS)
def test_an_unconfirmed_end_has_three_zones_and_a_confirmed_one_two(on: date) -> None:
    open_end = Ending((FIRST, LAST), date(2025, 6, 20), "uafklaret", "Lov 719/2025 § 24")
    assert open_end.zone(on) == (SURE if on < FIRST else DOUBT if on < LAST else GONE)
    for confirmed in (FIRST, LAST):
        settled = Ending((FIRST, LAST), date(2025, 6, 20), "bekræftet", "§", confirmed_on=confirmed)
        assert settled.zone(on) == (SURE if on < confirmed else ENDED)


@given(DAYS)
def test_a_single_candidate_that_nobody_confirmed_is_never_certain(on: date) -> None:
    alone = Ending((FIRST,), date(2025, 6, 20), "uafklaret", "Lov 719/2025 § 24")
    assert alone.zone(on) == (SURE if on < FIRST else DOUBT)
    assert not alone.lapsed(on)


CELLS = [  # duty, its date, as of, and its status unconfirmed, with 2026-01-01 and with 2027-01-01
    ("midterm-order", "2025-12-15", "2026-11-28", ("overdue", "breached", "overdue")),
    ("midterm-order", "2025-12-15", "2027-02-01", ("breached", "breached", "breached")),
    ("annual-review:2025", "2025-12-31", "2026-11-28", ("overdue", "breached", "overdue")),
    ("annual-review:2026", "2026-12-31", "2026-11-28", ("upcoming?", "lapsed", "upcoming")),
    ("annual-review:2026", "2026-12-31", "2027-02-01", ("breached?", "lapsed", "breached")),
    ("final-order", "2027-06-30", "2026-11-28", ("lapsed?", "lapsed", "lapsed")),
    ("final-guidance", "2026-12-31", "2026-11-28", ("upcoming?", "lapsed", "upcoming")),
    # unmet by the earlier reading of its day; by the later the rules were gone first: test_two_readings.py says how
    ("final-guidance", "2026-12-31", "2027-02-01", ("breached?", "lapsed", "breached")),
    ("final-guidance", "2026-12-31", "2027-08-01", ("breached?", "lapsed", "breached")),
]


@pytest.mark.parametrize("column", range(3), ids=["unconfirmed", "2026-01-01", "2027-01-01"])
def test_each_duty_of_an_agreement_in_force_under_each_end(desk: LawDesk, column: int) -> None:
    """A question mark: the end is open, and decides for it."""
    desk.concludes("2023-12-15")
    desk.tell("effective", "2024-01-01")
    desk.tell("nominal-end", "2024-01-01", due="2028-01-01")
    if column:
        desk.tell("regime-confirmed", "2026-11-21", due=str((None, FIRST, LAST)[column]))
    for duty, on, as_of, statuses in CELLS:
        rule, _, subject = duty.partition(":")
        found = desk.at(as_of=as_of).deadline(rule, subject)
        assert found
        said = found.status + "?" * found.doubtful
        assert (str(found.legal_on), said) == (on, statuses[column]), f"{duty} {as_of}"


@pytest.mark.parametrize(
    ("ends", "alive"),
    [("", True), ("2026-01-01", False), ("2027-01-01", True)],
    ids=["unconfirmed", "2026-01-01", "2027-01-01"],
)
def test_the_meetings_of_2026_are_asked_for_while_they_may_be_owed_and_the_patients_always(
    desk: LawDesk, ends: str, alive: bool
) -> None:
    """An unconfirmed end silences nothing; BEK 1615/2025 § 4, stk. 2, is untouched by any."""
    desk.concludes("2023-12-15")
    desk.tell("effective", "2024-01-01")
    if ends:
        desk.tell("regime-confirmed", "2026-11-20", due=ends)
    told = desk.letters("2026-12-01")
    at_risk = [one for one in told if one.letter.name == "meetings-at-risk"]
    own = [one for one in at_risk if one.facts["deadline"]["subject"] == "piu@2026"]
    meetings = [one for one in at_risk if one not in own]
    assert bool(meetings) is alive
    assert {one.facts["deadline"]["doubtful"] for one in meetings} <= {not ends}
    assert own and not any(one.facts["deadline"]["doubtful"] for one in own)
    [patients] = [
        quota for quota in quotas(desk.at(as_of="2026-12-01"), rules(), 2026) if quota.about == "piu"
    ]
    assert (patients.cite, patients.doubtful) == ("BEK 1615/2025 § 4, stk. 2", False)
    assert not [quota for quota in quotas(desk.at(as_of="2027-12-01"), rules(), 2027) if quota.about == "piu"]


def test_one_letter_to_a_named_function_asks_when_the_rules_end_and_lists_what_is_gone(desk: LawDesk) -> None:
    desk.concludes("2023-12-15")
    desk.tell("effective", "2024-01-01")
    desk.tell("nominal-end", "2024-01-01", due="2028-01-01")
    asked = [one for one in desk.letters("2026-11-30") if one.letter.name == "regime-unsettled"]
    assert [one.recipient for one in asked] == ["nordjylland/secretariat-region"]
    gone = {(one["title"], one["legal_on"]) for one in asked[0].facts["regime"]["gone"]}
    assert ("Slutstatus udarbejdet (bekendtgørelsen)", "2027-06-30") in gone
    desk.tell("regime-confirmed", "2026-11-30", due="2027-01-01")
    assert "regime-unsettled" not in names(desk.letters("2026-12-01"))


def test_an_agreement_opened_on_a_saturday_is_asked_about_on_the_monday(empty: LawDesk) -> None:
    new = empty.open("nordjylland", "2026-2029", "2027-2031", opened_on=day("2026-11-28"))
    assert new and not empty.letters("2026-11-28")
    assert "regime-unsettled" in names(empty.letters("2026-11-30"))


def test_an_agreement_in_force_without_an_end_is_asked_for_it_once(desk: LawDesk) -> None:
    desk.concludes("2023-12-15")
    desk.tell("effective", "2024-01-01")
    told = [one for one in desk.letters("2024-01-15") if one.letter.name == "nominal-end-missing"]
    assert [one.recipient for one in told] == ["nordjylland/secretariat-region"]
    desk.tell("nominal-end", "2024-01-16", due="2028-01-01")
    assert "nominal-end-missing" not in names(desk.letters("2024-01-17"))


def test_the_period_says_that_its_rules_ended_and_on_which_day_never_that_the_agreement_lapsed(
    desk: LawDesk,
) -> None:
    desk.concludes("2023-12-15")
    desk.tell("effective", "2024-01-01")
    desk.tell("regime-confirmed", "2026-11-21", due="2026-01-01")
    course = desk.at(as_of="2026-11-22").course
    assert (course.period, course.period_on) == ("rules_ended", FIRST)
    assert desk.at(as_of="2025-12-31").course.period == "in_force"


def test_nothing_blocks_and_nothing_is_next_in_an_agreement_whose_submission_is_gone(desk: LawDesk) -> None:
    new = desk.open("nordjylland", "2026-2029", "2027-2031")
    for ahead in range(0, 400, 40):
        told = status_json(desk.at(new, str(day("2026-11-28") + timedelta(days=ahead))), rules())
        assert (told["next"], told["overdue"], told["blocked_by"]) == (None, [], [])


def test_once_the_last_of_the_days_has_come_the_rules_are_gone_and_only_which_day_is_open(
    empty: LawDesk,
) -> None:
    """On the way there they *may* have ended; from then on nobody says so of what is certain."""
    key = empty.open("nordjylland", "2026-2029", "2027-2031", opened_on=date(2026, 12, 1))
    for on, may in (("2026-12-31", True), ("2027-01-01", False)):
        standing = empty.at(key, on)
        gone = standing.deadline("submission")
        assert gone and gone.doubtful
        said = [next(s.text for s in gone.why if "ophævet" in s.text), show.rules_end(standing)]
        said += [one.why[0].text for one in prompts(standing, rules()) if one.id == "regime-unsettled"]
        assert len(said) == 3
        assert ["kan være ophævet" in one or "måske ophævet" in one for one in said] == [may] * 3
        facts = next(
            o.facts for o in owed_now(rules(), standing, day(on), day(on), {}) if o.letter.name == UNSETTLED
        )
        told = rendered_text(write(letters(), UNSETTLED, facts | {"ask": None, "link": ""}).raw)
        assert ("BEK 1248/2022 kan være ophævet pr." in told) is may
        assert ("BEK 1248/2022 er ophævet pr." in told) is not may
        assert ("minder ikke om nogen frist" in told) is not may


@pytest.mark.parametrize(
    ("on", "unsettled", "confirmed"),
    [("2025-12-31", "sure", "sure"), ("2026-01-02", "doubt", ""), ("2027-01-04", "", "")],
)
def test_a_rule_that_may_have_been_gone_is_marked_with_the_doubt_and_one_that_was_gone_was_not_broken(
    empty: LawDesk, on: str, unsettled: str, confirmed: str
) -> None:
    key = empty.open("nordjylland", "2026-2029", "2027-2031", opened_on=date(2025, 12, 1))
    empty.tell("drafting-opened", on, key, confirmed=unsettled != "")
    empty.tell("piu-meeting-held", "2027-01-10", key)

    def said(as_of: str) -> str:
        told = [one.text for one in marks(empty.at(key, as_of), rules()) if one.need == "piu-meeting"]
        return (
            {True: "doubt", False: "sure"}[told[0].endswith(", hvis reglen gjaldt den dag")] if told else ""
        )

    assert said("2027-01-11") == unsettled
    empty.tell("regime-confirmed", "2027-01-12", key, due=date(2026, 1, 1))
    assert said("2027-01-13") == confirmed


@pytest.mark.parametrize("day_of_end", [date(2026, 1, 1), date(2027, 1, 1)])
def test_a_final_status_without_a_midterm_under_the_guidance_is_marked_likewise(
    desk: LawDesk, day_of_end: date
) -> None:
    desk.sends("2023-04-03", yes_on="2023-05-29")
    desk.tell("submitted", "2023-06-14")
    desk.tell("final-sent", "2026-06-01", confirmed=True)
    (mark,) = [one for one in marks(desk.at(as_of="2026-06-02"), rules()) if one.need == "midterm"]
    assert mark.cite == "VEJ 9008/2024 afsnit 6" and mark.text.endswith("hvis reglen gjaldt den dag")
    desk.tell("regime-confirmed", "2026-06-03", due=day_of_end)
    found = [one.text for one in marks(desk.at(as_of="2026-06-04"), rules()) if one.need == "midterm"]
    assert [one.endswith("hvis reglen gjaldt den dag") for one in found] == [False] * (day_of_end.year - 2026)


@pytest.mark.parametrize(
    ("sent_on", "written_on", "asked", "doubtful"),
    [
        ("2025-12-30", "2025-12-30", True, False),
        ("2025-12-30", "2026-01-02", True, False),
        ("2026-12-30", "2026-12-30", True, True),
        ("2026-12-31", "2027-01-04", False, False),
    ],
)
def test_a_letter_asks_for_something_new_with_the_doubt_of_its_events_day_and_never_by_rules_that_are_gone(
    desk: LawDesk, sent_on: str, written_on: str, asked: bool, doubtful: bool
) -> None:
    desk.concludes("2023-12-15")
    desk.tell("effective", "2024-01-01")
    desk.today = day(written_on)
    desk.tell("midterm-sent", sent_on)
    share = [one for one in desk.letters(written_on) if one.letter.name == "share-results"]
    assert bool(share) is asked
    for one in share:
        said = rendered_text(write(letters(), "share-results", one.facts | {"ask": None, "link": ""}).raw)
        assert ("Reglerne kan være ophævet. Det er ikke afklaret, om de stadig gælder." in said) is doubtful


@pytest.mark.parametrize(
    ("on", "repealed"), [("2026-09-02", "Reglen kan være ophævet."), ("2027-02-01", "Reglen er ophævet.")]
)
def test_a_calendar_asks_of_a_duty_that_is_met_only_whether_it_held_that_day(
    desk: LawDesk, on: str, repealed: str
) -> None:
    desk.today = day("2027-02-01")
    desk.concludes("2023-12-15")
    desk.tell("effective", "2024-01-01")
    desk.tell("nominal-end", "2024-01-02", due="2027-01-01")
    desk.tell("final-sent", "2026-09-01", confirmed=True)
    everything = {"name": "Alt", "region": "", "body": "", "mine": False}
    feed = write_feed(
        desk.engine,
        desk.rulebook,
        everything,
        today=day(on),
        instance="test",
        base_url="https://frister.example",
    )
    told = [str(one["DESCRIPTION"]) for one in Calendar.from_ical(feed).walk("VEVENT")]
    late = [one for one in told if "om den gjaldt den dag, er ikke afklaret" in one]
    assert late and not [one for one in late if "om fristen stadig gælder" in one]
    assert all(f"{repealed} Det er ikke afklaret, om den gjaldt den dag." in one for one in late)
