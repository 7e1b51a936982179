"""What status, opening and page say of an agreement whose region ends on 31 December 2026 (OVG §§ 10, 102 and 126)."""

from __future__ import annotations

import pytest

from tests.law.desk import LawDesk
from workflow.services.views.bodies import of_its_region

ENDS = (
    "Region Sjælland ophører torsdag den 31. december 2026; Region Østdanmark overtager opgaverne dagen efter "
    "(OVG §§ 10, 102 og 126)"
)
ENDED = (
    "Region Sjælland ophørte torsdag den 31. december 2026; Region Østdanmark har overtaget opgaverne "
    "(OVG §§ 10, 102 og 126)"
)


@pytest.mark.parametrize(
    ("on", "said"),
    [
        ("2025-12-31", []), ("2026-01-01", [ENDS]), ("2026-12-01", [ENDS]), ("2026-12-31", [ENDS]),
        ("2027-01-01", [ENDED]), ("2027-01-11", [ENDED]),
    ],
)  # fmt: skip
def test_a_region_that_ends_says_so_a_year_before_and_ever_after(
    empty: LawDesk, on: str, said: list[str]
) -> None:
    key = empty.open("sjaelland", "2022-2025", "2024-2027")
    assert of_its_region(empty.at(key, on)) == said


def test_a_region_that_stays_says_nothing(desk: LawDesk) -> None:
    assert of_its_region(desk.at(as_of="2027-01-11")) == []
