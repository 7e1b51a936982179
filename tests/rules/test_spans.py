"""How the law counts, with dateutil as the oracle of month arithmetic."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from dateutil.relativedelta import relativedelta
from hypothesis import given
from hypothesis import strategies as st

from workflow.errors import Invalid
from workflow.rules.spans import Span, add_months

dates = st.dates(date(1990, 1, 1), date(2100, 12, 31))


@pytest.mark.fault("F52")
@pytest.mark.parametrize(
    ("start", "length", "end"),
    [
        ("2027-08-31", "-6 months", "2027-02-28"),  # clamped to the shorter month
        ("2028-08-31", "-6 months", "2028-02-29"),  # which a leap year lengthens
        ("2027-06-30", "-6 months", "2026-12-30"),  # why ends are kept exclusive
        ("2027-07-01", "-6 months", "2027-01-01"),
        ("2024-02-29", "2 years", "2026-02-28"),  # a leap day has no anniversary
        ("2024-02-29", "4 years", "2028-02-29"),
        ("2023-12-15", "2 years", "2025-12-15"),
        ("2010-12-31", "2 months", "2011-02-28"),  # BEK 778/2009: two months from receipt
        ("2019-07-01", "8 weeks", "2019-08-26"),
        ("2015-01-31", "6 weeks", "2015-03-14"),
        ("2023-12-31", "1 day", "2024-01-01"),
        ("2024-03-30", "1 day", "2024-03-31"),  # the night to summer time has no effect on dates
    ],
)
def test_a_length_ends_where_the_calendar_says(start: str, length: str, end: str) -> None:
    assert Span.parse(length).after(date.fromisoformat(start)) == date.fromisoformat(end)


def test_months_are_never_chained_because_chaining_loses_days() -> None:
    start = date(2027, 1, 31)
    assert add_months(start, 2) == date(2027, 3, 31)
    assert add_months(add_months(start, 1), 1) == date(2027, 3, 28)


@given(dates, st.integers(-600, 600))
def test_months_agree_with_an_independent_implementation(day: date, months: int) -> None:
    assert add_months(day, months) == day + relativedelta(months=months)


@given(dates, st.integers(-50, 50))
def test_years_agree_with_an_independent_implementation(day: date, years: int) -> None:
    assert Span(years, "year").after(day) == day + relativedelta(years=years)


@given(dates, st.integers(-200, 200))
def test_weeks_keep_the_weekday(day: date, weeks: int) -> None:
    moved = Span(weeks, "week").after(day)
    assert (moved.weekday(), moved - day) == (day.weekday(), timedelta(weeks=weeks))


@given(st.integers(-9999, 9999), st.sampled_from(["day", "week", "month", "year"]))
def test_what_is_written_is_read_back(count: int, unit: str) -> None:
    plural = "" if count == 1 else "s"
    assert Span.parse(f"{count} {unit}{plural}") == Span(count, unit)


@pytest.mark.parametrize(
    "text", ["", "8", "8 uger", "eight weeks", "1.5 months", "2 years ", "+1 day", "1 fortnight"]
)
def test_what_is_no_length_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(Invalid, match="8 weeks"):
        Span.parse(text)


def test_a_length_outside_the_calendar_is_refused() -> None:
    with pytest.raises(Invalid, match="outside the calendar"):
        Span(9999, "year").after(date(2027, 1, 1))
    with pytest.raises(Invalid, match="outside the calendar"):
        Span(-9999, "month").after(date(100, 1, 1))


@pytest.mark.parametrize(
    ("span", "said"),
    [
        (Span(8, "week"), "8 uger"),
        (Span(-6, "month"), "6 måneder"),
        (Span(1, "day"), "1 dag"),
        (Span(2, "year"), "2 år"),
    ],
)
def test_a_length_is_said_in_danish_without_its_sign(span: Span, said: str) -> None:
    assert span.spoken == said
