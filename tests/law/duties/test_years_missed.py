"""A year's least number of meetings that was not reached stays said for the agreement's life, and which year it was."""

from __future__ import annotations

from datetime import date

import pytest

from tests.law.desk import KEY, LawDesk, day
from workflow.faces.cli.rounds.answers import _missed
from workflow.services.due.dates import dated
from workflow.services.due.minimums import missed_json, unheld
from workflow.services.planning.readiness import readiness
from workflow.services.views.status import readiness_json, status_json

OLD = "nordjylland/2019-2023"


@pytest.fixture
def running(desk: LawDesk) -> LawDesk:
    """In force since 2024; no committee ever met, but that the cooperation committee met four times in 2025."""
    desk.concludes("2023-12-15")
    desk.tell("effective", "2024-01-01")
    for on in ("2025-02-01", "2025-04-01", "2025-07-01", "2025-10-01"):
        desk.tell("meeting-held", on, about="ssu")
    return desk


def missed(desk: LawDesk, on: str, key: str = KEY) -> list[tuple[str, str]]:
    return [
        (one.subject, one.status)
        for one in dated(desk.at(key, on), desk.rulebook)
        if one.id == "meetings" and one.status in ("passed", "breached")
    ]


def test_every_year_that_fell_short_stays_in_every_list(running: LawDesk) -> None:
    said = missed(running, "2026-11-21")
    assert ("ssu@2024", "passed") in said and ("political@2024", "passed") in said
    assert ("ssu@2025", "passed") not in said and ("political@2025", "passed") in said
    standing = running.at(as_of="2026-11-21")
    for told in (status_json(standing, running.rulebook), readiness_json(standing, running.rulebook)):
        assert {(one["subject"], one["status"]) for one in told["missed"]} == set(said)
    lines = [text for text, _ in _missed(standing)]
    assert (
        "  ikke nået: Møder i 2024 i sundhedssamarbejdsudvalget: 0 af mindst 4 holdt (BEK 1248/2022 § 16, stk. 2)"
        in lines
    )
    assert not any("2025 i sundhedssamarbejdsudvalget" in one for one in lines)
    assert all("Møder i 2024" in one or "Møder i 2025" in one for one in lines)


@pytest.mark.parametrize("on", ["2027-01-05", "2029-06-01"])
def test_the_end_of_the_rules_takes_no_missed_year_away(running: LawDesk, on: str) -> None:
    running.tell("regime-confirmed", "2026-11-21", due="2027-01-01")
    said = missed(running, on)
    assert ("ssu@2024", "breached") in said and ("ssu@2026", "breached") in said
    assert ("ssu@2027", "breached") not in said and ("ssu@2025", "breached") not in said


def test_each_year_is_told_by_the_agreement_that_was_in_force_when_it_ended(empty: LawDesk) -> None:
    empty.open("nordjylland", "2018-2021", "2019-2023", effective=day("2019-07-01"))
    empty.sends("2019-02-01", OLD, yes_on="2019-06-20")
    empty.tell("submitted", "2019-06-26", OLD)
    empty.open()
    empty.concludes("2023-12-15")
    empty.tell("effective", "2024-01-01")
    years = {key: {subject[-4:] for subject, _ in missed(empty, "2026-11-21", key)} for key in (OLD, KEY)}
    assert years == {OLD: {"2019", "2020", "2021", "2022", "2023"}, KEY: {"2024", "2025"}}
    assert {s[-4:] for s, _ in missed(empty, "2024-02-01", KEY)} == set(), (
        "the agreement before tells of 2023"
    )


def test_what_is_missed_asks_nothing_and_stops_nothing(running: LawDesk) -> None:
    standing = running.at(as_of="2026-11-21")
    assert [one["subject"] for one in missed_json(standing, running.rulebook)] == [
        one.subject for one in unheld(standing, running.rulebook)
    ]
    assert not [one for one in readiness(standing, running.rulebook) if "møder" in one.text.lower()]
    assert all(one.legal_on and one.legal_on < date(2026, 1, 1) for one in unheld(standing, running.rulebook))
