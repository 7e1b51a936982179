"""The next date is the next date: agreed and asked-for days, minimums and prompts stand beside the law's, marked."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.law.desk import KEY, LawDesk, day
from tests.story.living import danish
from workflow.faces.web.pages.words import sentence
from workflow.rules.timeline import Deadline
from workflow.services.due.dates import basis, dated, explained, next_date
from workflow.services.planning.reminders import plan
from workflow.services.views import listing
from workflow.services.views.status import deadline_json, status_json

NEW = "nordjylland/2027-2031"
NOVEMBER = "2026-11-28"


@pytest.fixture
def running(desk: LawDesk) -> LawDesk:
    """An agreement in force, and the round after it with a hearing that closes on 5 January at noon."""
    desk.today = day(NOVEMBER)
    desk.concludes()
    desk.tell("sst-approved", "2024-02-14")
    desk.tell("effective", "2024-01-01")
    desk.open(term="2026-2029", label="2027-2031")
    desk.tell("goals-set", "2026-11-02", NEW)
    desk.tell("consultation-opened", "2026-11-20", NEW, due="2027-01-05", time="12:00")
    return desk


def listed(desk: LawDesk, key: str = NEW, on: str | date = NOVEMBER) -> list[Deadline]:
    return dated(desk.at(key, on), desk.rulebook)


def found(desk: LawDesk, rule: str, subject: str, key: str = NEW, on: str = NOVEMBER) -> Deadline:
    """The date of this id and subject in the one list."""
    (one,) = (d for d in listed(desk, key, on) if (d.id, d.subject) == (rule, subject))
    return one


def test_the_next_date_is_the_hearing_that_closes_and_not_the_law_s_date_half_a_year_later(
    running: LawDesk,
) -> None:
    one = next_date(running.at(NEW, NOVEMBER), running.rulebook)
    assert one is not None
    assert (one.id, one.legal_on, one.title) == (
        "consultation", date(2027, 1, 5), "Høringen af version 1 slutter kl. 12.00",
    )  # fmt: skip
    told = status_json(running.at(NEW, NOVEMBER), running.rulebook)["next"]
    assert (told["basis"], told["basis_text"], told["legal_on"]) == ("agreed", "aftalt", "2027-01-05")


def test_a_hearing_that_has_closed_is_no_date_any_more(running: LawDesk) -> None:
    assert "consultation" in {d.id for d in listed(running, NEW, "2027-01-05")}
    assert "consultation" not in {d.id for d in listed(running, NEW, "2027-01-06")}


def test_every_date_says_what_it_rests_on_and_explains_itself(running: LawDesk) -> None:
    for key in (KEY, NEW):
        standing = running.at(key, NOVEMBER)
        for one in dated(standing, running.rulebook):
            assert basis(one) in ("law", "guidance", "agreed", "practice")
            assert one.why and one.cite, one
            assert deadline_json(standing, one)["basis_text"] in ("lov", "vejledning", "aftalt", "praksis")
            if one.legal_on:
                assert explained(standing, running.rulebook, one.id, one.subject) == one


def test_the_year_s_minimums_are_dates_of_law_on_its_last_day_also_while_the_end_of_the_rules_is_in_doubt(
    running: LawDesk,
) -> None:
    running.tell("meeting-held", "2026-03-02", about="ssu")
    for rule, subject, doubtful in (
        ("meetings", "ssu@2026", True), ("meetings", "political@2026", True), ("meetings", "piu@2026", False),
    ):  # fmt: skip
        one = found(running, rule, subject, KEY)
        assert (one.legal_on, basis(one), one.status, one.doubtful) == (
            date(2026, 12, 31), "law", "upcoming", doubtful,
        )  # fmt: skip
    assert "1 af mindst 4 holdt" in found(running, "meetings", "ssu@2026", KEY).title
    steps = found(running, "meetings", "political@2026", KEY).why
    assert len(steps) == 4 and all("mindst 2 om året" in step.text for step in steps)


def test_the_minimums_of_committees_whose_first_agreement_is_under_way_are_dates_too(empty: LawDesk) -> None:
    """They bind the committee, so what its letters and its count say stands in the list as well; once another is in
    force they stand there alone."""
    empty.open(opened_on=day("2022-10-03"))
    minimums = {(d.subject, d.status) for d in listed(empty, KEY, "2023-11-01") if d.id == "meetings"}
    four = ("ssu", "piu", "political", "professional")
    held = {
        ("2022", "passed"),
        ("2023", "upcoming"),
    }  # of last year, while nothing is recorded, that it went by
    assert minimums == {(f"{body}@{year}", status) for body in four for year, status in held}
    empty.concludes()
    empty.tell("effective", "2024-01-01")
    empty.open(term="2026-2029", label="2027-2031")
    assert not [d for d in listed(empty, NEW, "2024-11-01") if d.id == "meetings"]


def test_a_minimum_that_is_reached_is_no_longer_a_date(running: LawDesk) -> None:
    running.tell("meeting-held", "2026-05-04", about="piu")
    assert not [d for d in listed(running, KEY) if d.subject == "piu@2026"]


def test_the_patients_own_meeting_and_the_invitation_to_them_are_two_dates(running: LawDesk) -> None:
    """F11: one is a binding minimum that its own chair sees to, the other the guidance's, of no date in law."""
    own, asked = found(running, "meetings", "piu@2026", KEY), found(running, "piu-yearly", "2026", KEY)
    assert (basis(own), own.doubtful, own.cite) == ("law", False, ("BEK 1615/2025 § 4, stk. 2",))
    assert (basis(asked), asked.doubtful, asked.cite) == ("practice", True, ("VEJ 9008/2024 afsnit 2.2.8",))
    assert (own.title, asked.title) == (
        "Årets møder i patientinddragelsesudvalget: 0 af mindst 1 holdt",
        "Årligt møde med patientinddragelsesudvalget",
    )
    running.tell("meeting-held", "2026-05-04", about="piu")
    assert {d.subject for d in listed(running, KEY) if d.subject in ("piu@2026", "2026")} >= {"2026"}
    running.tell("piu-invited", "2026-05-04")
    assert not [d for d in listed(running, KEY) if d.id == "piu-yearly"]


def test_a_planned_meeting_is_a_date_until_it_is_held_and_is_never_overdue(running: LawDesk) -> None:
    running.tell("meeting-planned", "2026-12-10", about="ssu")
    one = found(running, "meeting", "ssu@2026-12-10", KEY)
    assert (one.status, basis(one), one.who) == ("upcoming", "agreed", "ssu")
    assert found(running, "meeting", "ssu@2026-12-10", KEY, "2026-12-11").status == "passed"
    running.today = date(2026, 12, 12)
    running.tell("meeting-held", "2026-12-10", about="ssu")
    assert not [d for d in listed(running, KEY, "2026-12-12") if d.id == "meeting"]


def test_a_council_s_meeting_and_the_agreed_answer_are_dates_until_the_council_has_decided(
    running: LawDesk,
) -> None:
    running.tell("consultation-closed", "2026-11-23", NEW)
    running.tell("endorsed", "2026-11-24", NEW)
    running.tell("sent-for-approval", "2026-11-25", NEW, due="2026-12-21")
    running.tell("council-scheduled", "2026-11-26", NEW, council="0851", due="2026-12-16")
    one = found(running, "council-meeting", "v1:0851")
    assert (one.legal_on, basis(one), one.who) == (date(2026, 12, 16), "agreed", "0851")
    assert "Aalborg Kommune" in one.title
    assert found(running, "council-reply", "v1").legal_on == date(2026, 12, 21)
    assert found(running, "council-meeting", "v1:0851", on="2026-12-17").status == "passed"
    assert found(running, "council-reply", "v1", on="2026-12-22").status == "passed", (
        "asked for, never overdue"
    )
    after = listed(running, NEW, "2027-01-04")
    assert not [d for d in after if d.id == "council-reply"], "the rules are gone under either end"
    running.today = date(2026, 12, 17)
    running.tell("council-approved", "2026-12-16", NEW, council="0851")
    left = listed(running, NEW, "2026-12-17")
    assert not [d for d in left if d.id == "council-meeting"]


def test_the_day_the_authority_names_for_information_is_a_date_while_it_waits(desk: LawDesk) -> None:
    desk.today = day(NOVEMBER)
    desk.concludes()
    desk.tell("info-requested", "2024-01-10", due="2024-01-24")
    one = found(desk, "info-requested", "v1", KEY, "2024-01-12")
    assert (one.legal_on, basis(one), one.title) == (
        date(2024, 1, 24), "agreed", "Oplysninger til Sundhedsstyrelsen",
    )  # fmt: skip
    desk.tell("info-supplied", "2024-01-20")
    assert not [d for d in listed(desk, KEY, "2024-01-22") if d.id == "info-requested"]


def test_the_stored_list_is_the_list_of_the_day_on_every_day_of_two_years(running: LawDesk) -> None:
    running.tell("meeting-planned", "2026-12-10", about="ssu")
    running.tell("consultation-closed", "2027-01-05", NEW)
    on, last = day(NOVEMBER), date(2028, 12, 1)
    while on <= last:
        plan(running.engine, running.rulebook, danish(on, 9))
        stored = list(listing.every_deadline(running.engine, None))
        for key in (KEY, NEW):
            wanted = {(d.id, d.subject, d.title, d.legal_on, d.status) for d in listed(running, key, on)}
            mine = {(d.rule, d.subject, d.title, d.legal_on, d.status) for d in stored if d.agreement == key}
            assert mine == wanted, (key, on)
        on += timedelta(days=1 if on.day in (1, 5, 6, 10, 11, 31) else 5)


def test_a_revision_on_its_way_does_not_hide_that_the_text_before_it_binds(desk: LawDesk) -> None:
    desk.concludes()
    desk.tell("sst-approved", "2024-02-14")
    desk.tell("effective", "2024-01-01")
    before = status_json(desk.at(), desk.rulebook)
    assert (before["binding"], before["version"]["number"]) == ({"number": 1, "state": "sst_approved"}, 1)
    desk.tell("revision-opened", "2026-10-01")
    after = status_json(desk.at(), desk.rulebook)
    assert (after["binding"], after["version"]["number"]) == ({"number": 1, "state": "sst_approved"}, 2)
    said = sentence(desk.at())
    assert "Version 1 er godkendt af Sundhedsstyrelsen og gælder. Revision: version 2 er udkast" in said


def test_an_agreement_that_is_not_in_force_has_no_text_that_binds(desk: LawDesk) -> None:
    assert status_json(desk.at(as_of="2023-10-02"), desk.rulebook)["binding"] is None
