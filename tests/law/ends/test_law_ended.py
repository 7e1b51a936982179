"""A regime that has ended: who is told, whenever the end was looked up, and what is no longer asked for."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.law.desk import LawDesk, day, rules
from tests.law.told.test_told_later import rendered_text
from tests.mail.conftest import write
from tests.post import letters
from tests.story.living import danish
from workflow.errors import NotPossible
from workflow.services.due.quotas import quotas
from workflow.services.views.status import status_json
from workflow.services.watch.expecting import duties
from workflow.services.watch.reckoning import reckon

ENDS = "2026-01-01"


def confirm(desk: LawDesk, on: str, ends: str = ENDS) -> None:
    desk.today = day(on)
    desk.concludes("2023-12-15")
    desk.tell("effective", "2024-01-01")
    desk.tell("regime-confirmed", on, due=ends)


CONFIRMED = [  # on, end, the business day on which it is told: a night lies between, to take it back in
    ("2026-11-24", "2026-01-01", "2026-11-25"),  # ten months after the likeliest end
    ("2026-11-28", "2026-01-01", "2026-11-30"),  # on a Saturday
    ("2026-12-30", "2027-01-01", "2027-01-04"),  # before the end, which is a holiday
    ("2025-12-31", "2026-01-01", "2026-01-02"),  # between the last business day and the end
]


@pytest.mark.parametrize(("on", "ends", "told_on"), CONFIRMED)
def test_everybody_is_told_once_that_the_rules_have_ended(
    desk: LawDesk, on: str, ends: str, told_on: str
) -> None:
    confirm(desk, on, ends)
    found = []
    for ahead in range(40):
        morning = day(on) + timedelta(days=ahead)
        written = desk.letters(str(morning))
        found += [
            (str(morning), one.recipient, one.late) for one in written if one.letter.name == "regime-ended"
        ]
    councils = [f"{party.code}/council" for party in desk.at().agreement.parties]
    everybody = ["nordjylland/secretariat-region", "nordjylland/secretariat-municipal", *councils]
    assert sorted(found) == sorted((told_on, recipient, False) for recipient in everybody)


@pytest.mark.parametrize(("on", "ends", "told_on"), CONFIRMED)
def test_the_second_reckoner_misses_the_letter_that_was_never_written(
    desk: LawDesk, on: str, ends: str, told_on: str
) -> None:
    confirm(desk, on, ends)
    before = day(told_on) - timedelta(days=1)
    assert "regime-ended" not in {duty.letter for duty in duties(rules(), desk.at(as_of=before), before, {})}
    found = [f for f in reckon(desk.engine, rules(), danish(day(told_on), 23)) if "|regime-ended|" in f.key]
    assert {f.kind for f in found} == {"missing"}
    assert len(found) == 2 + len(desk.at().agreement.parties)


def states(desk: LawDesk, as_of: str, year: int) -> set[str]:
    return {quota.state(day(as_of)) for quota in quotas(desk.at(as_of=as_of), rules(), year)}


def test_no_meeting_is_in_danger_under_rules_that_have_ended(desk: LawDesk) -> None:
    """None of a year that the rules did not see out. What an earlier year fell short of stays so."""
    confirm(desk, "2026-11-24")
    assert states(desk, "2026-11-23", 2026) == {"at_risk"}
    assert {year: states(desk, "2026-11-24", year) for year in (2025, 2026, 2027)} == {
        2025: {"missed"},
        2026: {"lapsed", "at_risk"},  # the patient committee's meeting of 2026 rests on BEK 1615/2025
        2027: {"lapsed"},
    }


def test_a_year_that_the_rules_see_out_is_counted_until_they_end(desk: LawDesk) -> None:
    confirm(desk, "2026-11-24", "2027-01-01")
    assert (states(desk, "2026-12-01", 2026), states(desk, "2026-12-01", 2027)) == ({"at_risk"}, {"lapsed"})
    assert states(desk, "2027-01-01", 2026) == {"missed"}


def test_nothing_is_missing_or_planned_under_rules_that_have_ended(desk: LawDesk) -> None:
    new = desk.open("nordjylland", "2026-2029", "2027-2031")
    confirm(desk, "2026-11-24")
    desk.tell("regime-confirmed", "2026-11-24", new, due=ENDS)
    assert status_json(desk.at(new, "2025-06-19"), desk.rulebook)[
        "blocked_by"
    ]  # the day before the act that ends the rules
    assert status_json(desk.at(new, "2026-11-23"), desk.rulebook)["blocked_by"] == []  # gone under either day
    assert status_json(desk.at(new, "2026-11-24"), desk.rulebook)["blocked_by"] == []
    reports = [
        status_json(desk.at(as_of=on), desk.rulebook)["reports"] for on in ("2026-11-23", "2026-11-24")
    ]
    assert [set(each.values()) for each in reports] == [{"scheduled"}, {"lapsed"}]


def test_a_status_that_was_sent_before_the_end_stays_sent(desk: LawDesk) -> None:
    desk.concludes("2023-12-15")
    desk.tell("midterm-sent", "2025-12-10")
    desk.tell("regime-confirmed", "2026-11-21", due=ENDS)
    assert status_json(desk.at(), desk.rulebook)["reports"] == {"midterm": "sent_to_sst", "final": "lapsed"}


def test_a_duty_that_was_late_when_the_rules_ended_stays_unmet_and_says_so(desk: LawDesk) -> None:
    """No text says that a repeal undoes a breach; a duty after the end lapses. A day before is answered as it was."""
    desk.concludes("2023-12-15")
    desk.tell("effective", "2024-01-01")
    desk.tell("nominal-end", "2024-01-01", due="2028-01-01")
    desk.tell("regime-confirmed", "2026-11-21", due=ENDS)
    before, after = desk.deadline("midterm-order", as_of="2025-12-31"), desk.deadline("midterm-order")
    assert (str(before.legal_on), before.status, after.status) == ("2025-12-15", "overdue", "breached")
    assert any("ikke opfyldt i tide; reglerne er siden ophævet" in step.text for step in after.why)
    later = desk.deadline("final-order")
    assert (str(later.legal_on), later.status) == ("2027-06-30", "lapsed")
    assert any("pligten er bortfaldet, ikke overskredet" in step.text for step in later.why)


def test_no_council_is_asked_to_approve_a_text_under_rules_that_have_ended(desk: LawDesk) -> None:
    desk.today = day("2026-11-20")
    desk.tell("sent-for-approval", "2026-11-20", version=1)
    desk.tell("regime-confirmed", "2026-11-20", due=ENDS)
    assert not desk.letters("2026-11-20")
    told = desk.letters("2026-11-23")
    assert {one.letter.name for one in told} == {"regime-ended"}
    text = rendered_text(write(letters(), "regime-ended", told[0].facts | {"ask": None, "link": ""}).raw)
    assert "Aftalen blev ikke indsendt." in text and "Gem teksten" in text
    assert "binder parterne" not in text  # there is no agreement that could
    assert not [f for f in reckon(desk.engine, rules(), danish(day("2026-11-23"), 23)) if f.kind == "missing"]


@pytest.mark.parametrize(
    "event", ["drafting-opened", "revision-opened", "sent-for-approval", "consultation-opened"]
)
def test_no_text_is_begun_under_rules_known_to_have_ended(desk: LawDesk, event: str) -> None:
    """What was begun before anybody knew stands and lapses."""
    desk.tell("piu-meeting-held", "2022-11-01")
    desk.tell("goals-set", "2023-05-02", about="1")
    confirm(desk, "2026-06-01")
    desk.tell("sst-approved", "2024-02-01", version=1)
    more = {"due": "2026-08-03", "time": "12:00"} if event == "consultation-opened" else {}
    said = desk.refuses(NotPossible, event, "2026-06-02", version=2, **more)
    assert "reglerne er ophævet fra 1. januar 2026" in said and "Lov 719/2025 § 24" in said
    desk.tell(event, "2026-06-01", version=2, **more)
    current = desk.at(as_of="2026-06-01").course.current
    assert current and (current.number, current.state) == (2, "lapsed")
