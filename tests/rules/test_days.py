"""Closed days and spoken dates, against two independent oracles: the packages holidays and babel."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import holidays
import pytest
from babel.dates import format_date
from dateutil.easter import easter
from hypothesis import given
from hypothesis import strategies as st

from workflow.rules.days import danish_day, easter_sunday, spoken
from workflow.storage.law.rulebook import load
from workflow.storage.places import find_folder

LAW = load(find_folder("calendars")).law
TRIO = ("grundlovsdag", "juleaftensdag", "nytaarsaften")
dates = st.dates(date(2005, 1, 1), date(2041, 12, 31))


@pytest.mark.parametrize("year", range(2005, 2042))
def test_the_public_holidays_are_those_of_an_independent_calendar(year: int) -> None:
    ours = {on for day in LAW.closed if not day.optional and (on := day.falls_on(year))}
    assert ours == set(holidays.country_holidays("DK", years=year, language="da"))


@pytest.mark.parametrize(
    "day",
    ["2019-04-21", "2023-04-09", "2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2028-04-16"],
)
def test_easter_falls_where_law_md_4_6_says(day: str) -> None:
    assert easter_sunday(int(day[:4])) == date.fromisoformat(day)


@given(st.integers(1583, 4099))
def test_easter_falls_where_an_independent_reckoner_has_it(year: int) -> None:
    assert easter_sunday(year) == easter(year)


def test_great_prayer_day_was_closed_to_2023_and_never_since() -> None:
    """Great Prayer Day: Act 214/2023 § 5."""
    days = LAW.business_days()
    name, cite = days.why_closed(date(2023, 5, 5)) or ("", "")
    assert name == "store bededag"
    assert cite.startswith("Lov 214/2023 § 5")
    assert days.why_closed(date(2024, 4, 26)) is None


@pytest.mark.parametrize(("month", "day"), [(6, 5), (12, 24), (12, 31)])
def test_a_day_that_is_only_treated_alike_is_closed_for_the_rule_that_asks(month: int, day: int) -> None:
    friday = date(2026 if month == 6 else 2027, month, day)
    assert friday.weekday() == 4
    assert LAW.business_days().why_closed(friday) is None
    name, cite = LAW.business_days(TRIO).why_closed(friday) or ("", "")
    assert name in ("grundlovsdag", "juleaftensdag", "nytårsaftensdag")
    assert cite == "Forældelsesloven § 27, stk. 2 (analogi)"


def test_a_public_holiday_on_constitution_day_gives_the_reason() -> None:
    assert (LAW.business_days(TRIO).why_closed(date(2017, 6, 5)) or ("",))[0] == "anden pinsedag"


@pytest.mark.parametrize(
    ("strict", "safe", "lenient"),
    [
        ("2015-01-31", "2015-01-30", "2015-02-02"),  # a Saturday
        ("2019-07-01", "2019-07-01", "2019-07-01"),
        ("2023-07-01", "2023-06-30", "2023-07-03"),  # a Saturday
        ("2024-01-01", "2023-12-29", "2024-01-02"),  # New Year's Day after a weekend
        ("2029-07-01", "2029-06-29", "2029-07-02"),  # a Sunday
        ("2025-12-31", "2025-12-30", "2026-01-02"),  # treated alike
    ],
)
def test_the_business_days_round_a_deadline_are_those_of_law_md_4(
    strict: str, safe: str, lenient: str
) -> None:
    days, on = LAW.business_days(TRIO), date.fromisoformat(strict)
    assert days.on_or_before(on) == date.fromisoformat(safe)
    assert days.on_or_after(on) == date.fromisoformat(lenient)


@given(dates)
def test_the_aim_is_open_never_later_and_nothing_between_is_open(day: date) -> None:
    days = LAW.business_days(TRIO)
    aim = days.on_or_before(day)
    assert aim <= day
    assert days.why_closed(aim) is None
    assert all(days.why_closed(aim + timedelta(days=n)) for n in range(1, (day - aim).days + 1))


@given(dates, st.integers(0, 30))
def test_adding_business_days_counts_the_open_days_passed(day: date, count: int) -> None:
    days = LAW.business_days(TRIO)
    end = days.add(day, count)
    passed = sum(1 for n in range(1, (end - day).days + 1) if not days.why_closed(day + timedelta(days=n)))
    assert passed == count


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)))
def test_a_spoken_date_is_said_as_danes_say_it(day: date) -> None:
    assert spoken(day) == format_date(day, "EEEE 'den' d. MMMM y", locale="da")
    assert spoken(day, weekday=False) == format_date(day, "d. MMMM y", locale="da")


@pytest.mark.fault("F53")
@pytest.mark.parametrize(
    ("instant", "day"),
    [
        ("2023-06-30T21:59:59", "2023-06-30"),
        ("2023-06-30T22:00:00", "2023-07-01"),  # summer time: two hours ahead of UTC
        ("2023-12-31T22:59:59", "2023-12-31"),
        ("2023-12-31T23:00:00", "2024-01-01"),
    ],
)
def test_the_danish_day_begins_before_the_day_in_utc(instant: str, day: str) -> None:
    """Never today in UTC."""
    assert danish_day(datetime.fromisoformat(instant).replace(tzinfo=UTC)) == date.fromisoformat(day)
