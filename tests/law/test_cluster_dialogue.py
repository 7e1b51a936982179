"""BEK 1248/2022 § 22, stk. 1: the committee follows up in dialogue with the clusters. The dialogue goes before the
year's review; a review that was held without it is kept with its mark."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.law.desk import LawDesk, day, rules
from workflow.services.due.prompts import prompts
from workflow.services.planning.marks import marks, told

CLUSTERS = ("nordjylland-midt", "nordjylland-nord", "nordjylland-syd", "nordjylland-vest")


def asked(desk: LawDesk, on: str) -> dict[str, date | None]:
    found = [
        one for one in prompts(desk.at(as_of=on), rules()) if one.subject.startswith("cluster-dialogue:")
    ]
    return {one.subject.partition(":")[2]: one.legal_on for one in found}


@pytest.mark.parametrize(
    ("effective", "on", "years"),
    [
        ("2024-01-01", "2024-02-01", {2024: "2024-12-31"}),
        ("2024-07-01", "2025-02-01", {2025: "2025-06-30"}),
        # by the other reading the year is the calendar's, and the next one counted from July has begun
        ("2024-07-01", "2025-07-01", {2025: "2025-12-31", 2026: "2026-06-30"}),
        ("2024-01-15", "2024-12-16", {2025: "2025-01-14"}),  # it ends when the calendar's has just begun
    ],
)
def test_the_dialogue_is_asked_for_before_the_review_it_belongs_to_in_the_first_year_too(
    desk: LawDesk, effective: str, on: str, years: dict[int, str]
) -> None:
    desk.concludes("2023-12-15")
    desk.tell("effective", "2023-12-16", due=effective)
    assert asked(desk, on) == {
        f"{cluster}@{year}": day(by) for cluster in CLUSTERS for year, by in years.items()
    }
    for year, by in years.items():
        review = desk.at(as_of=on).deadline("annual-review", str(year))
        assert review and review.late_after and day(by) <= review.late_after


def test_the_letters_about_the_dialogue_come_before_the_reviews_date(desk: LawDesk) -> None:
    desk.concludes("2023-12-15")
    desk.tell("effective", "2023-12-16", due="2024-07-01")
    found = set()
    for ahead in range(0, 61):
        on = str(day("2025-05-01") + timedelta(days=ahead))
        found |= {(one.rung, on) for one in desk.letters(on) if "|task|cluster-dialogue:" in one.key}
    assert found == {("-30d", "2025-05-30"), ("-7d", "2025-06-23")}


def test_a_review_without_the_dialogue_gets_its_mark_and_nothing_is_asked_after_it(desk: LawDesk) -> None:
    desk.concludes("2023-12-15")
    desk.tell("effective", "2024-01-01")
    desk.tell("cluster-dialogue", "2024-03-01", about="nordjylland-midt")
    desk.tell("annual-review-held", "2024-04-01")
    assert asked(desk, "2024-04-01") == {}
    (mark,) = [one for one in marks(desk.at(as_of="2024-05-01"), rules()) if one.need == "cluster-dialogue"]
    assert mark.cite == "BEK 1248/2022 § 22, stk. 1"
    names = [
        one.name
        for one in rules().clusters_of("nordjylland", day("2024-04-01"))
        if one.id != "nordjylland-midt"
    ]
    assert (
        f"dialogen med {names[0]}, {names[1]} og {names[2]} forud for gennemgangen er ikke registreret"
        in mark.text
    )
    assert told(mark, {"annual-review-held": "Gennemgang"}).startswith(
        "1. april 2024, Gennemgang: dialogen med"
    )


def test_a_dialogue_typed_in_late_takes_the_mark_away_and_one_held_after_does_not(desk: LawDesk) -> None:
    desk.concludes("2023-12-15")
    desk.tell("effective", "2024-01-01")
    desk.tell("annual-review-held", "2024-04-01")
    desk.tell("annual-review-held", "2025-04-01")
    for cluster in CLUSTERS:
        desk.tell("cluster-dialogue", "2024-05-01", about=cluster)
    kept = [one for one in marks(desk.at(as_of="2025-05-01"), rules()) if one.need == "cluster-dialogue"]
    assert [one.fact.on.year for one in kept] == [2024]
    for cluster in CLUSTERS:
        desk.tell("cluster-dialogue", "2024-03-01", about=cluster)
    assert not [one for one in marks(desk.at(as_of="2025-05-01"), rules()) if one.need == "cluster-dialogue"]
