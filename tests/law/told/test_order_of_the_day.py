"""What a letter asks and says is what the agreement's own order knows on the letter's day, and no later one's."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.law.desk import LawDesk, day, rules
from tests.law.told.test_told_later import letters, rendered_text, write
from workflow.services.delivery import digest
from workflow.services.planning.owing import owed_now
from workflow.storage.letters.outbox import Owed


def told(desk: LawDesk, key: str, on: str, letter: str, to: str = "") -> list[str]:
    """The texts of the letters of that name owed on a day, to recipients that end with ``to``."""
    standing, today = desk.at(key, on), day(on)
    owed = owed_now(rules(), standing, today, today, {})
    found = [one for one in owed if one.letter.name == letter and one.recipient.endswith(to)]
    return [
        rendered_text(write(letters(), letter, one.facts | {"ask": None, "link": ""}).raw) for one in found
    ]


def sent(empty: LawDesk, region: str, term: str, label: str, days: tuple[str, str, str], **more: Any) -> str:
    """A round sent to the councils, approved and submitted on ``days``."""
    key = empty.open(region, term, label, opened_on=date(int(term[:4]), 2, 1), **more)
    empty.sends(days[0], key, days[1])
    empty.tell("submitted", days[2], key)
    return key


def of_2014(empty: LawDesk) -> str:
    return sent(
        empty, "nordjylland", "2014-2017", "2015-2018", ("2014-10-01", "2014-11-03", "2015-01-20"),
    )  # fmt: skip


def of_2010(empty: LawDesk, municipality: str = "0851", label: str = "2011-2014") -> str:
    days = ("2010-10-01", "2010-11-01", "2010-12-20")
    return sent(empty, "nordjylland", "2010-2013", label, days, municipality=municipality)


def test_a_receipt_moves_no_date_that_is_counted_from_the_date_of_submission(empty: LawDesk) -> None:
    """BEK 1569/2013 § 6, stk. 2."""
    key = of_2014(empty)
    empty.tell("received", "2015-01-22", key)
    (text, *_) = told(empty, key, "2015-01-22", "receipt-recorded", "secretariat-region")
    assert "Fristen regnes derfra" not in text
    assert "løber nu" not in text
    assert "frist regnes fra fristen for indsendelse, ikke fra modtagelsen" in text
    (missing, *_) = told(empty, of_2014_unreceived(empty), "2015-01-28", "receipt-missing", "region")
    assert "foreløbigt" not in missing
    assert "Så regnes fristen derfra" not in missing


def of_2014_unreceived(empty: LawDesk) -> str:
    days = ("2014-10-01", "2014-11-03", "2015-01-20")
    return sent(empty, "syddanmark", "2014-2017", "2015-2018", days)


def test_a_receipt_of_a_changed_text_names_no_date_where_none_runs(empty: LawDesk) -> None:
    key = of_2014(empty)
    empty.tell("received", "2015-01-22", key)
    empty.tell("sst-refused", "2015-03-10", key, due="2015-05-01")
    empty.sends("2015-03-20", key, "2015-04-10", version=2)
    empty.tell("submitted", "2015-04-20", key, version=2)
    empty.tell("received", "2015-04-22", key, version=2)
    *_, text = told(empty, key, "2015-04-22", "receipt-recorded", "secretariat-region")
    assert "modtog version 2" in text
    assert "Fristen" not in text


def test_where_silence_approves_nothing_is_counted_from_the_sending(empty: LawDesk) -> None:
    """BEK 778/2009 § 6, stk. 3."""
    key = of_2010(empty)
    (text, *_) = told(empty, key, "2010-12-28", "receipt-missing", "region")
    assert "foreløbigt" not in text
    assert "så fristen kendes ikke endnu" in text


def test_the_receipt_of_an_agreement_counted_from_it_says_so(desk: LawDesk) -> None:
    desk.concludes()
    (missing, *_) = told(desk, "nordjylland/2024-2027", "2023-12-22", "receipt-missing", "region")
    assert "foreløbigt fra afsendelsen" in missing
    desk.tell("received", "2023-12-22")
    (text, *_) = told(desk, "nordjylland/2024-2027", "2023-12-22", "receipt-recorded", "secretariat-region")
    assert "Fristen regnes derfra" in text


def test_an_agreement_with_one_municipality_speaks_of_two_parties_and_names_it(empty: LawDesk) -> None:
    """BEK 778/2009 § 4, stk. 1; two of one region can be told apart."""
    key, other = of_2010(empty), of_2010(empty, "0860", "2011-2014-hj")
    (text, *_) = told(empty, key, "2010-10-01", "sent-for-approval", "region")
    assert "sendt til godkendelse i regionsrådet og kommunalbestyrelsen" in text
    assert "alle kommunalbestyrelser" not in text
    assert "mellem Region Nordjylland og Aalborg" in text
    (hers, *_) = told(empty, other, "2010-10-01", "sent-for-approval", "region")
    assert "mellem Region Nordjylland og Hjørring" in hers
    whole = rules().agreement("nordjylland", "2011", "2010-2013", date(2010, 10, 1))
    assert whole.regime.words.parties.definite == "regionsrådet og alle kommunalbestyrelser"


@pytest.mark.parametrize(
    ("term", "label", "on", "builds"),
    [
        ("2010-2013", "2011-2014", "2010-02-01", False),
        ("2014-2017", "2015-2018", "2014-02-03", False),
        ("2018-2021", "2019-2023", "2018-07-02", False),
        ("2022-2025", "2024-2027", "2022-09-12", True),
    ],
)
def test_only_an_agreement_whose_forerunner_had_status_reports_builds_on_them(
    empty: LawDesk, term: str, label: str, on: str, builds: bool
) -> None:
    key = empty.open("nordjylland", term, label, opened_on=day(on))
    (text, *_) = told(empty, key, on, "drafting-start", "secretariat-region")
    assert ("Brug midtvejsstatus og slutstatus" in text) is builds


def test_an_approval_promises_only_the_reminders_its_order_knows(empty: LawDesk) -> None:
    key = of_2014(empty)
    empty.tell("received", "2015-01-22", key)
    empty.tell("sst-approved", "2015-03-10", key)
    for text in told(empty, key, "2015-03-10", "sst-approved"):
        assert "status" not in text.lower()
        assert "hjemmeside" not in text
    key = of_2010(empty)
    empty.tell("received", "2010-12-31", key)
    empty.tell("sst-approved", "2011-02-01", key)
    for text in told(empty, key, "2011-02-01", "sst-approved"):
        assert "gennemgang" not in text


def of_2018(empty: LawDesk) -> str:
    key = empty.open("nordjylland", "2018-2021", "2019-2023", opened_on=date(2018, 9, 3))
    empty.tell("effective", "2019-02-01", key, due="2019-07-01")
    empty.sends("2019-02-01", key, "2019-04-01")
    empty.tell("submitted", "2019-06-20", key)
    return key


def test_a_status_of_an_older_agreement_is_asked_to_no_website_and_shared_with_nobody(empty: LawDesk) -> None:
    """Publication and sharing are VEJ 9008/2024 afsnit 5.5 and 6, in force from 12 January 2024."""
    key = of_2018(empty)
    due = told(empty, key, "2021-06-14", "midterm-due")
    assert due
    assert not [text for text in due if "hjemmeside" in text]
    empty.tell("midterm-sent", "2021-06-16", key)
    assert told(empty, key, "2021-06-16", "share-results") == []


def test_a_day_s_mail_doubts_what_the_letter_on_its_own_doubts(desk: LawDesk) -> None:
    """Sharing the results rests on rules that may be gone by 20 February 2026."""
    desk.sends("2023-10-02")
    desk.tell("effective", "2023-10-02", due="2024-01-01")
    desk.tell("submitted", "2023-12-15")
    desk.tell("midterm-sent", "2026-02-20")
    standing, today = desk.at(as_of="2026-02-20"), day("2026-02-20")
    owed = {one.letter.name: one for one in owed_now(rules(), standing, today, today, {})}
    (alone, *_) = told(desk, standing.agreement.key, "2026-02-20", "share-results")
    rows = [reminder(owed[name].facts, name, no) for no, name in enumerate(("share-results", "publish"))]
    name, facts = digest.letter(rows)
    (row,) = [one for one in facts["digest"] if one["letter"] == "share-results"]
    text = rendered_text(write(letters(), name, facts).raw)
    said = "Reglerne kan være ophævet. Det er ikke afklaret, om de stadig gælder."
    assert said in alone
    assert (said in text, row["doubtful"]) == (True, True)


def reminder(facts: Any, letter: str, no: int) -> digest.Reminder:
    named = {"title": letter, "next": "Gør det."}
    notice = Owed(no, "", letter, False, "", day(facts["due_on"]), "", "", "planned", "", 0, 0)
    whole = facts | {"ask": None, "link": "", "letter": named}
    return digest.Reminder(notice, whole, "Sekretariatet")
