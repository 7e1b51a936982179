"""A letter says of each day what is true of that day: which is the law's, which is agreed, and what can be read twice."""

from __future__ import annotations

import pytest

from tests.law.desk import LawDesk
from tests.law.test_told_later import rendered_text
from tests.mail.conftest import write
from tests.post import letters


def told(desk: LawDesk, on: str, name: str, recipient: str = "nordjylland/secretariat-region") -> str:
    """The letter ``name`` to ``recipient``, planned ``on``, as its text part reads in one line."""
    one = next(one for one in desk.letters(on) if (one.letter.name, one.recipient) == (name, recipient))
    return rendered_text(write(letters(), name, one.facts | {"ask": None, "link": ""}).raw)


@pytest.mark.parametrize("due", ["2023-05-31", "2023-07-01"])
@pytest.mark.parametrize("recipient", ["0851/council", "nordjylland/secretariat-region"])
def test_the_day_agreed_for_an_answer_has_one_reading_and_the_law_s_date_behind_it_two(
    desk: LawDesk, recipient: str, due: str
) -> None:
    desk.tell("sent-for-approval", "2023-03-02", due=due)
    asked, background = told(desk, "2023-03-02", "sent-for-approval", recipient).split("BAGGRUND")
    assert "Svar ønskes senest" in asked and "læses som" not in asked
    assert (
        "Datoen for svar er ikke en lovbestemt frist. Fristen for indsendelse til Sundhedsstyrelsen er lørdag den "
        "1. juli 2023. Sidste hverdag før er fredag den 30. juni 2023. Loven er tavs, og datoen kan også læses som "
        "mandag den 3. juli 2023." in background
    )


def test_where_no_day_is_agreed_for_an_answer_the_law_s_date_stands_with_both_its_readings(desk: LawDesk) -> None:
    desk.tell("sent-for-approval", "2023-03-02")
    asked, _ = told(desk, "2023-03-02", "sent-for-approval", "0851/council").split("BAGGRUND")
    assert "er lørdag den 1. juli 2023. Sidste hverdag før er fredag den 30. juni 2023. Loven er tavs" in asked
