"""An agreement whose agreed end came before the next one took over: from which of the two its final status is dated is
an open question until a named person signs (BEK 1248/2022 § 22, stk. 1; an agreement binds until it is replaced)."""

from __future__ import annotations

from datetime import date

import pytest

from tests.law.desk import LawDesk, day
from tests.law.test_open_readings import sign
from workflow.faces.cli import show
from workflow.rules.timeline import Deadline
from workflow.services.views.readings import question_json, questions

OLD = "nordjylland/2019-2023"
SILENCE = "udloeb-eller-afloesning"


@pytest.fixture
def replaced(empty: LawDesk) -> LawDesk:
    """In force since 1 July 2019, agreed to end with June 2023, and replaced on 1 January 2024."""
    empty.open("nordjylland", "2018-2021", "2019-2023", effective=day("2019-07-01"))
    empty.sends("2019-02-01", OLD, yes_on="2019-06-20")
    empty.tell("submitted", "2019-06-26", OLD)
    empty.tell("nominal-end", "2019-07-01", OLD, due="2023-07-01")
    empty.open()
    empty.concludes("2023-12-15")
    empty.tell("effective", "2023-12-20", due="2024-01-01")
    return empty


def final(desk: LawDesk, on: str) -> Deadline:
    return desk.deadline("final-order", OLD, on)


def test_until_the_succession_the_agreed_end_alone_dates_it(replaced: LawDesk) -> None:
    found = final(replaced, "2023-12-31")
    assert (found.legal_on, found.latest_on) == (date(2023, 6, 30), None)


def test_then_both_days_stand_and_overdue_is_said_after_the_later(replaced: LawDesk) -> None:
    replaced.tell("final-sent", "2023-09-01", OLD)
    found = final(replaced, "2026-11-21")
    assert (found.legal_on, found.status) == (date(2023, 6, 30), "met_late")
    assert found.latest_on == date(2024, 1, 2)  # 31 December 2023 was a Sunday
    assert show.state(found) == "opfyldt for sent efter den ene læsning, i tide efter den anden"
    assert any("Hvornår er aftalen udløbet" in step.text for step in found.why)
    [asked] = [one for one in questions(replaced.rulebook, [replaced.at(OLD)]) if one.silence.id == SILENCE]
    assert asked.open and question_json(asked)["touches"][0]["agreement"] == OLD


@pytest.mark.parametrize(
    ("reading", "on", "status"),
    [("aftalt-udloeb", "2023-06-30", "met_late"), ("afloesning", "2023-12-31", "met")],
)
def test_signed_by_a_named_person_one_date_stands(
    replaced: LawDesk, reading: str, on: str, status: str
) -> None:
    replaced.tell("final-sent", "2023-09-01", OLD)
    sign(replaced, SILENCE, reading)
    found = final(replaced, "2026-11-23")
    assert (str(found.legal_on), found.status, found.disputed) == (on, status, False)
    assert any("Anna Jensen" in step.text for step in found.why)


def test_an_agreed_end_after_the_succession_is_no_question(replaced: LawDesk) -> None:
    replaced.tell("nominal-end", "2023-05-01", OLD, due="2024-07-01")
    found = final(replaced, "2026-11-21")
    assert (found.legal_on, [one.silence.id for one in found.readings]) == (date(2023, 12, 31), ["lukkedag"])
