"""Meetings belong to the committee and its year, whichever agreement they were recorded on (O-10 to O-13)."""

from __future__ import annotations

import pytest

from tests.law.desk import LawDesk, day, rules
from workflow.services.due.prompts import prompts
from workflow.services.due.quotas import quotas
from workflow.services.planning.owing import Owed, owed_now

EARLIER, LATER = "nordjylland/2019-2023", "nordjylland/2024-2027"
END = {"nominal_end_source": "aftalens afsnit 1"}


def counted(desk: LawDesk, key: str, year: int, as_of: str, about: str = "ssu") -> tuple[int, int, str]:
    found = next(q for q in quotas(desk.at(key, as_of), rules(), year) if q.about == about)
    return found.held, found.minimum, found.cite


def owed(desk: LawDesk, key: str, on: str) -> list[Owed]:
    standing = desk.at(key, on)
    return list(owed_now(rules(), standing, day(on), day(on), {}))


@pytest.fixture
def two(empty: LawDesk) -> LawDesk:
    """The agreement in force, and the one being prepared for the term after."""
    empty.open("nordjylland", "2018-2021", "2019-2023", effective=day("2019-07-01"))
    empty.sends("2019-04-26", EARLIER, yes_on="2019-06-10")
    empty.tell("submitted", "2019-06-28", EARLIER)
    empty.open(opened_on=day("2022-01-10"))
    return empty


@pytest.mark.parametrize(
    ("as_of", "year", "cite"),
    [
        ("2022-06-01", 2021, "BEK 679/2018 § 2, stk. 2"),
        ("2022-09-07", 2022, "BEK 679/2018 § 2, stk. 2"),
        ("2022-09-08", 2022, "BEK 1248/2022 § 16, stk. 2"),
        ("2023-11-01", 2023, "BEK 1248/2022 § 16, stk. 2"),
    ],
)
def test_four_meetings_a_year_are_asked_for_by_the_order_that_is_law_on_the_day(
    two: LawDesk, as_of: str, year: int, cite: str
) -> None:
    """O-10: every order since 2009 asks for four, and the one of 2022 for those of the committee it found."""
    assert counted(two, EARLIER, year, as_of)[1:] == (4, cite)


@pytest.mark.parametrize(
    ("term", "label", "cite"),
    [
        ("2010-2013", "2011-2014", "BEK 778/2009 § 2, stk. 2"),
        ("2014-2017", "2015-2018", "BEK 1569/2013 § 2, stk. 2"),
    ],
)
def test_the_older_orders_have_their_minimum_too(empty: LawDesk, term: str, label: str, cite: str) -> None:
    key = empty.open("midtjylland", term, label)
    assert counted(empty, key, int(term[:4]) + 1, f"{int(term[:4]) + 1}-05-02") == (0, 4, cite)


def test_a_meeting_recorded_once_counts_under_every_agreement_of_the_region(two: LawDesk) -> None:
    """O-10: and one recorded on both is one meeting."""
    two.tell("meeting-held", "2023-02-01", EARLIER, about="ssu")
    two.tell("meeting-held", "2023-05-03", LATER, about="ssu")
    two.tell("meeting-held", "2023-05-03", EARLIER, about="ssu")
    assert [counted(two, key, 2023, "2023-06-01")[0] for key in (EARLIER, LATER)] == [2, 2]
    number = two.tell("meeting-held", "2023-05-10", LATER, about="ssu").fact.no
    assert counted(two, EARLIER, 2023, "2023-06-01")[0] == 3
    two.tell("correction", "2023-05-11", LATER, corrects=number)
    assert counted(two, EARLIER, 2023, "2023-06-01")[0] == 2


def test_the_committee_is_written_to_through_one_agreement(two: LawDesk) -> None:
    told = {key: [o for o in owed(two, key, "2023-11-01") if o.letter.name == "meetings-at-risk"]
            for key in (EARLIER, LATER)}  # fmt: skip
    assert told[EARLIER] and not told[LATER]


def test_before_the_first_agreement_is_in_force_the_one_to_come_carries_the_meetings(desk: LawDesk) -> None:
    assert "meetings-at-risk" in {one.letter.name for one in owed(desk, LATER, "2023-11-01")}


def test_the_patient_committee_has_three_duties_apart(desk: LawDesk) -> None:
    """O-13 is its own meeting, O-14 the one before drafting, O-15 the yearly invitation; none does for another."""
    desk.tell("effective", "2024-01-01")
    desk.concludes("2023-12-15")

    def open_ones(as_of: str) -> set[str]:
        found = prompts(desk.at(as_of=as_of), rules())
        return {p.subject for p in found if p.subject == "piu@2024"} | {
            p.id for p in found if p.id == "piu-yearly"
        }

    assert open_ones("2024-03-01") == {"piu@2024", "piu-yearly"}
    desk.tell("piu-meeting-held", "2024-03-04")
    assert open_ones("2024-03-05") == {"piu@2024", "piu-yearly"}
    desk.tell("meeting-held", "2024-04-02", about="piu")
    assert open_ones("2024-04-03") == {"piu-yearly"}
    desk.tell("piu-invited", "2024-05-02")
    assert open_ones("2024-05-03") == set()
    assert open_ones("2024-12-01") == set()


def test_the_patient_committee_is_told_of_its_own_meeting(desk: LawDesk) -> None:
    """O-13: its chair calls it, so it is written to, and no cluster is."""
    desk.tell("effective", "2024-01-01")
    desk.concludes("2023-12-15")
    told = [o for o in owed(desk, LATER, "2024-11-01") if o.deadline and o.deadline.subject == "piu@2024"]
    assert {o.recipient for o in told} == {
        "nordjylland/secretariat-region", "nordjylland/secretariat-municipal", "nordjylland/piu",
    }  # fmt: skip
    assert {tuple(o.deadline.cite) for o in told if o.deadline} == {("BEK 1248/2022 § 27, stk. 2",)}


def test_clusters_are_asked_for_their_own_part_of_the_review(desk: LawDesk) -> None:
    """O-56: dialogue and input, not the committee's decision; in the day's mail as well."""
    review = next(letter for letter in rules().letters if letter.name == "annual-review")
    assert review.next_for("nordjylland-nord/cluster") != review.next
    assert review.next_for("nordjylland/secretariat-region") == review.next


def test_the_year_s_dialogue_is_part_of_a_review_and_asked_for_in_a_year_that_has_one(empty: LawDesk) -> None:
    """BEK 1248/2022 § 22, stk. 1: where no agreement is in force there is nothing to review. The patients' own dialogue
    with the cluster is another duty (§ 30)."""
    empty.open(opened_on=day("2022-10-03"))
    empty.concludes("2023-12-15")
    empty.tell("effective", "2024-01-01")

    def asked(on: str) -> set[str]:
        found = prompts(empty.at(LATER, on), rules())
        return {one.subject.partition(":")[0] for one in found if one.id == "task"}

    assert "cluster-dialogue" not in asked("2023-12-20") and "piu-dialogue" in asked("2023-12-20")
    assert "cluster-dialogue" in asked("2024-11-01") and "cluster-dialogue" in asked("2025-09-30")


def test_everybody_who_must_be_heard_is_reminded_of_the_hearing(desk: LawDesk) -> None:
    """O-23, O-24: clusters and patient committee too, as the mail says."""
    desk.tell("goals-set", "2023-05-02", about="1")
    desk.tell("consultation-opened", "2023-06-28", due="2023-09-08", time="12:00")
    told = [o for o in owed(desk, LATER, "2023-09-05") if o.letter.name == "consultation-closing"]
    functions = {o.recipient.partition("/")[2] for o in told}
    assert functions == {"secretariat-region", "secretariat-municipal", "council", "cluster", "piu"}


def test_the_political_level_reads_when_it_is_best_to_meet_and_nobody_else_does(desk: LawDesk) -> None:
    """KL's answer 16 of 2022: August to October, and early March. It binds nobody."""
    desk.concludes("2023-12-15")
    desk.tell("effective", "2024-01-01")
    told = [one for one in desk.letters("2025-11-03") if one.letter.name == "meetings-at-risk"]
    advice = {one.facts["quota"]["body_name"]: one.facts["quota"]["advice"] for one in told}
    assert any("politiske" in name for name in advice)
    assert all(("august, september" in said) is ("politiske" in name) for name, said in advice.items())
