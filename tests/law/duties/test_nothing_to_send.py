"""What ``ready`` says when nothing is to be sent, and what is asked of an agreement that the next has succeeded."""

from __future__ import annotations

import pytest

from tests.law.desk import KEY, LawDesk, rules
from workflow.services.due.dates import dated
from workflow.services.planning.owing import owed_now
from workflow.services.views.status import readiness_json, status_json

OLD = "nordjylland/2019-2023"


def ready(desk: LawDesk, key: str, on: str) -> tuple[str, list[str], list[str]]:
    found = readiness_json(desk.at(key, on), rules())
    return found["for"], [one["need"] for one in found["missing"]], [one["text"] for one in found["warnings"]]


@pytest.fixture
def running(empty: LawDesk) -> LawDesk:
    """The agreement of 2019, submitted and in force, its end not agreed, no status made."""
    empty.open("nordjylland", "2018-2021", "2019-2023")
    empty.sends("2019-02-01", OLD, yes_on="2019-06-20")
    empty.tell("submitted", "2019-06-26", OLD)
    empty.tell("sst-approved", "2019-08-20", OLD)
    empty.tell("effective", "2019-07-01", OLD)
    return empty


@pytest.fixture
def succeeded(running: LawDesk) -> LawDesk:
    """The next one took effect on 1 January 2024."""
    running.open("nordjylland", "2022-2025", "2024-2027")
    running.concludes("2023-12-15")
    running.tell("effective", "2024-01-01")
    return running


@pytest.fixture
def of_2009(empty: LawDesk) -> tuple[LawDesk, str]:
    key = empty.open("nordjylland", "2010-2013", "2011-2014", municipality="0851")
    empty.sends("2010-11-01", key, yes_on="2011-01-20")
    empty.tell("submitted", "2011-01-28", key)
    empty.tell("received", "2011-02-02", key)
    return empty, key


def test_the_order_of_2009_asks_for_no_status(of_2009: tuple[LawDesk, str]) -> None:
    desk, key = of_2009
    assert ready(desk, key, "2011-04-06") == ("none", [], ["BEK 778/2009 kræver ingen statusrapporter"])


def test_while_the_answer_is_waited_for_nothing_is_to_be_sent(desk: LawDesk) -> None:
    desk.tell("nominal-end", "2023-10-01", due="2028-01-01")
    desk.concludes("2023-12-15")
    waiting = "Sundhedsstyrelsens svar afventes; modtagelsen er ikke bekræftet"
    assert ready(desk, KEY, "2023-12-20") == ("none", [], [waiting])
    desk.tell("sst-approved", "2024-01-10")
    assert ready(desk, KEY, "2024-01-11") == ("final", [], [])
    assert ready(desk, KEY, "2024-01-12") == ("final", ["midterm"], [])


def test_a_midterm_status_that_is_overdue_is_told_and_after_the_final_one_nothing_is(
    running: LawDesk,
) -> None:
    running.tell("nominal-end", "2019-10-01", OLD, due="2023-07-01")
    overdue = "midtvejsstatus er ikke registreret (midterm-sent); fristen var 26. juni 2021"
    assert ready(running, OLD, "2021-06-25") == ("final", [], [])
    assert ready(running, OLD, "2022-09-07") == ("final", [], [overdue])
    running.tell("midterm-sent", "2022-09-10", OLD)
    assert ready(running, OLD, "2022-09-10") == ("final", [], [])
    running.tell("final-sent", "2022-12-10", OLD)
    assert ready(running, OLD, "2022-12-10") == ("none", [], ["slutstatus er sendt"])


def test_a_succeeded_agreement_is_asked_for_nothing_new(succeeded: LawDesk) -> None:
    """E 7: what is left of it is its final status; the practice plan is asked under the next one alone: it follows from
    an agreement in force, and this one was before there was the duty (BEK 999/2023 § 30 a)."""
    on = "2024-01-13"
    before = {one.id + one.subject for one in dated(succeeded.at(OLD, "2023-12-31"), rules())}
    assert not any("practice-plan:" in one for one in before)
    standing = succeeded.at(OLD, on)
    coming = [one.subject for one in dated(standing, rules()) if one.status == "upcoming"]
    assert coming == []
    assert not [one.letter.name for one in owed_now(rules(), standing, standing.as_of, standing.as_of, {})
                if one.letter.name in ("duty", "publish")]  # fmt: skip
    plans = [
        one for one in dated(succeeded.at(as_of=on), rules()) if one.subject.startswith("practice-plan:")
    ]
    assert len(plans) == 1


def test_the_final_status_of_a_succeeded_agreement_has_one_date(succeeded: LawDesk) -> None:
    standing = succeeded.at(OLD, "2024-01-13")
    final = standing.deadline("final-order")
    assert final and final.legal_on and final.legal_on.isoformat() == "2023-12-31"
    assert status_json(standing, rules())["blocked_by"] == []
    assert not [text for text in ready(succeeded, OLD, "2024-01-13")[2] if "udløb" in text]
    undated = [one["text"] for one in status_json(succeeded.at(OLD, "2023-12-31"), rules())["blocked_by"]]
    assert undated == ["aftalens udløb er ikke registreret, så slutstatus har ingen dato"]


def test_an_agreement_never_approved_is_not_to_be_sent_once_the_next_has_taken_over(empty: LawDesk) -> None:
    empty.open("nordjylland", "2018-2021", "2019-2023")
    empty.sends("2019-02-01", OLD, yes_on="2019-06-20")
    empty.tell("submitted", "2019-06-26", OLD)
    empty.tell("sst-refused", "2019-08-20", OLD, due="2019-10-01")
    empty.tell("effective", "2019-07-01", OLD)
    empty.open("nordjylland", "2022-2025", "2024-2027")
    empty.concludes("2023-12-15")
    empty.tell("effective", "2024-01-01")
    assert ready(empty, OLD, "2023-12-31")[0] == "submission"
    sending, missing, said = ready(empty, OLD, "2024-01-02")
    assert (sending, missing) == ("none", [])
    assert "den næste aftale trådte i kraft 1. januar 2024; intet skal indsendes" in said
