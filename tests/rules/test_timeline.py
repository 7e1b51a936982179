"""Dates worked out by hand, folded from facts with the real rulebook, and the sanity of explanations."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from workflow.rules.anchors import Step
from workflow.rules.facts import Fact
from workflow.rules.spans import Span
from workflow.rules.timeline import Deadline, fold
from workflow.storage.law.rulebook import load
from workflow.storage.places import find_folder

BOOK = load(find_folder("calendars"))
LATER = date(2031, 12, 31)
SST = BOOK.deviations[0]


def facts(*said: str) -> list[Fact]:
    """``"event on [due]"`` as numbered facts of version 1, each known from its own day."""
    made = []
    for no, line in enumerate(said, start=1):
        event, on, *due = line.split()
        day = date.fromisoformat(on)
        end = date.fromisoformat(due[0]) if due else None
        version = None if event in ("effective", "nominal-end", "deviation") else 1
        made.append(Fact(no, event, day, version, due=end, source="sagen", known_on=day))
    return made


def deadlines(
    region: str, term: str, said: list[Fact], as_of: date = LATER
) -> dict[tuple[str, str], Deadline]:
    municipality = "0851" if term == "2010-2013" else None
    agreement = BOOK.agreement(region, "x", term, date(2024, 1, 1), municipality)
    return {(found.id, found.subject): found for found in fold(agreement, said, BOOK.law, as_of)}


DEVIATION = f"deviation {SST.known_on} {SST.new_on}"
SYD19 = (
    "effective 2019-07-01",
    "nominal-end 2019-07-01 2023-07-01",
    "submitted 2019-07-01",
    "received 2019-07-01",
)
LONGER = "nominal-end 2022-07-01 2024-01-01"
NORD24 = ("effective 2024-01-01", "nominal-end 2024-01-01 2028-01-01", DEVIATION)
SHORT24 = ("effective 2024-01-01", "nominal-end 2024-01-01 2027-07-01", DEVIATION)
NEXT = (
    "effective 2027-07-01",
    "nominal-end 2027-07-01 2031-07-01",
    "submitted 2027-07-01",
    "received 2027-07-01",
)

CASES = [  # section, region, term, facts, deadline, legal, aim
    ("2011", "nordjylland", "2010-2013", (), "submission", "2011-01-31", "2011-01-31"),
    ("2015, Saturday", "nordjylland", "2014-2017", (), "submission", "2015-01-31", "2015-01-30"),
    ("2019", "nordjylland", "2018-2021", (), "submission", "2019-07-01", "2019-07-01"),
    ("2023, Saturday", "nordjylland", "2022-2025", (), "submission", "2023-07-01", "2023-06-30"),
    ("2023, moved", "nordjylland", "2022-2025", (DEVIATION,), "submission", "2024-01-01", "2023-12-29"),
    ("2027", "nordjylland", "2026-2029", (), "submission", "2027-07-01", "2027-07-01"),
    ("2.J two months", "nordjylland", "2010-2013", ("submitted 2011-01-20", "received 2011-01-21"), "sst-decision",
     "2011-03-21", "2011-03-21"),
    ("from the deadline", "nordjylland", "2014-2017", ("submitted 2014-12-01", "received 2014-12-02"),
     "sst-decision", "2015-03-14", "2015-03-13"),
    ("eight weeks", "syddanmark", "2018-2021", SYD19, "sst-decision", "2019-08-26", "2019-08-26"),
    ("midterm, order", "syddanmark", "2018-2021", SYD19, "midterm-order", "2021-07-01", "2021-07-01"),
    ("midterm, guidance", "syddanmark", "2018-2021", SYD19, "midterm-guidance", "2021-06-30", "2021-06-30"),
    ("original end", "syddanmark", "2018-2021", SYD19, "final-guidance", "2022-12-31", "2022-12-30"),
    ("extended", "syddanmark", "2018-2021", (*SYD19, LONGER), "final-guidance", "2023-06-30", "2023-06-30"),
    ("extended, order", "syddanmark", "2018-2021", (*SYD19, LONGER), "final-order", "2023-12-31", "2023-12-29"),
    ("received 22 Dec", "nordjylland", "2022-2025", ("submitted 2023-12-15", "received 2023-12-22"),
     "sst-decision", "2024-02-16", "2024-02-16"),
    ("received 1 Jan", "nordjylland", "2022-2025", ("submitted 2024-01-01", "received 2024-01-01"),
     "sst-decision", "2024-02-26", "2024-02-26"),
    ("received 2 Jan", "nordjylland", "2022-2025", ("submitted 2024-01-01", "received 2024-01-02"),
     "sst-decision", "2024-02-27", "2024-02-27"),
    ("no receipt letter", "nordjylland", "2022-2025", ("submitted 2024-01-01",), "sst-decision",
     "2024-02-26", "2024-02-26"),
    ("midterm, 15 Dec", "nordjylland", "2022-2025", ("submitted 2023-12-15",), "midterm-order",
     "2025-12-15", "2025-12-15"),
    ("midterm, 1 Jan", "nordjylland", "2022-2025", ("submitted 2024-01-01",), "midterm-order",
     "2026-01-01", "2025-12-30"),
    ("midterm, guidance", "nordjylland", "2022-2025", NORD24, "midterm-guidance", "2025-12-31", "2025-12-30"),
    # an end by the label is one of two readings, and the earlier leads
    ("end by label", "nordjylland", "2022-2025", NORD24, "final-guidance", "2026-12-31", "2026-12-30"),
    ("end by label, order", "nordjylland", "2022-2025", NORD24, "final-order", "2027-06-30", "2027-06-30"),
    ("end shortened", "syddanmark", "2022-2025", SHORT24, "final-guidance", "2026-12-31", "2026-12-30"),
    ("end shortened, order", "syddanmark", "2022-2025", SHORT24, "final-order", "2027-06-30", "2027-06-30"),
    ("eight weeks", "nordjylland", "2026-2029", NEXT, "sst-decision", "2027-08-26", "2027-08-26"),
    ("midterm, Sunday", "nordjylland", "2026-2029", NEXT, "midterm-order", "2029-07-01", "2029-06-29"),
    ("final", "nordjylland", "2026-2029", NEXT, "final-guidance", "2030-12-31", "2030-12-30"),
    ("Østdanmark", "oestdanmark", "2026-2029", (), "submission", "2027-07-01", "2027-07-01"),
    ("leap day", "nordjylland", "2022-2025", ("submitted 2024-02-29",), "midterm-order",
     "2026-02-28", "2026-02-27"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("region", "term", "said", "deadline", "legal", "aim"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_the_date_is_the_worked_date(
    region: str, term: str, said: tuple[str, ...], deadline: str, legal: str, aim: str
) -> None:
    found = deadlines(region, term, facts(*said))[deadline, ""]
    assert (str(found.legal_on), str(found.aim_on)) == (legal, aim)


def recomputed(why: tuple[Step, ...]) -> date | None:
    """The date from the steps alone, by the meaning of their kinds."""
    on: date | None = None
    for step in why:
        match step.kind:
            case "start" | "moved":
                on = step.on
            case "add":
                count, unit = step.span.split()
                assert on
                on = Span(int(count), unit).after(on)
            case "strict":
                assert on
                on -= timedelta(days=1)
        if step.kind in ("add", "strict"):
            assert step.on == on
    return on


@pytest.mark.parametrize(("region", "term", "said"), [c[1:4] for c in CASES], ids=[c[0] for c in CASES])
def test_every_explanation_leads_to_its_own_date_and_cites_its_source(
    region: str, term: str, said: tuple[str, ...]
) -> None:
    for found in deadlines(region, term, facts(*said)).values():
        assert recomputed(found.why) == found.legal_on, found.id
        assert all(step.cite and step.text for step in found.why), found.id
        aims = [step.on for step in found.why if step.kind == "aim"]
        assert aims == ([] if found.aim_on == found.legal_on else [found.aim_on]), found.id


def test_the_syddanmark_calendar_of_2019_counts_down_to_its_deadline() -> None:
    """The region's own calendar: 68, 66, 7 and 5 days before."""
    due = deadlines("syddanmark", "2018-2021", [])["submission", ""].legal_on
    assert due
    steps = [date(2019, 4, 24), date(2019, 4, 26), date(2019, 6, 24), date(2019, 6, 26)]
    assert [(due - step).days for step in steps] == [68, 66, 7, 5]


def test_the_agreement_of_2015_stood_half_a_year_in_hold_over() -> None:
    """Its nominal end came before the next submission date."""
    following = deadlines("nordjylland", "2018-2021", [])["submission", ""].legal_on
    assert following == date(2019, 7, 1) > date(2018, 12, 31)


def test_sst_moved_the_date_and_both_truths_stay_visible() -> None:
    """The hearing opened 187 and closed 115 days before the new date; the day before, nobody knew of it."""
    before = deadlines("nordjylland", "2022-2025", facts(DEVIATION), SST.known_on - timedelta(days=1))
    assert before["submission", ""].legal_on == SST.old_on
    after = deadlines("nordjylland", "2022-2025", facts(DEVIATION), SST.known_on)["submission", ""]
    assert (after.legal_on, after.original_on, after.revision) == (SST.new_on, SST.old_on, 2)
    assert "BEK 1248/2022 § 21, stk. 5" in next(step.cite for step in after.why if step.kind == "moved")
    opened, closed = date(2023, 6, 28), date(2023, 9, 8)
    assert after.legal_on
    assert [(after.legal_on - day).days for day in (opened, closed)] == [187, 115]


def test_an_end_agreed_anew_keeps_the_first_day_that_followed_from_the_old_one() -> None:
    """The agreement of 2019 was made half a year longer."""
    found = deadlines("syddanmark", "2018-2021", facts(*SYD19, LONGER))["final-guidance", ""]
    assert (found.legal_on, found.original_on) == (date(2023, 6, 30), date(2022, 12, 31))
    plain = deadlines("syddanmark", "2018-2021", facts(*SYD19))["final-guidance", ""]
    assert (plain.legal_on, plain.original_on) == (date(2022, 12, 31), None)


def test_the_deviation_moves_the_submission_date_only() -> None:
    """The midterm under the order follows the actual submission."""
    with_it = deadlines("nordjylland", "2022-2025", facts("submitted 2023-12-15", DEVIATION))
    without = deadlines("nordjylland", "2022-2025", facts("submitted 2023-12-15"))
    moved = [key for key in with_it if with_it[key].legal_on != without[key].legal_on]
    assert moved == [("submission", "")]


def test_only_the_order_of_2022_knows_a_deviation() -> None:
    """BEK 1248/2022 § 21, stk. 5."""
    movable = [r.id for r in BOOK.law.regimes if any(rule.moved_by == "deviation" for rule in r.deadlines)]
    assert movable == ["bek-1248-2022"]
    found = deadlines("nordjylland", "2018-2021", facts("deviation 2019-05-01 2020-01-01"))["submission", ""]
    assert found.legal_on == date(2019, 7, 1)


def test_silence_approves_under_the_order_of_2009_and_no_other() -> None:
    """BEK 778/2009 § 6, stk. 3."""
    for term in ("2010-2013", "2014-2017", "2018-2021", "2022-2025"):
        year = int(term[:4]) + 1
        said = facts(f"submitted {year}-01-10", f"received {year}-01-10")
        found = deadlines("nordjylland", term, said, date(year, 12, 31))["sst-decision", ""]
        assert found.status == ("met" if term == "2010-2013" else "overdue")


def test_the_order_of_2022_reaches_back_to_the_agreements_of_2018() -> None:
    """BEK 1248/2022 § 31, stk. 3: never by today's date, and no other order reaches back."""
    found = deadlines("syddanmark", "2018-2021", facts(*SYD19, LONGER))
    assert found["midterm-order", ""].cite[0].startswith("BEK 679/2018")
    assert found["final-order", ""].cite[0].startswith("BEK 1248/2022")
    assert found["final-order", ""].why[0].cite == "BEK 1248/2022 § 31, stk. 3"
    assert found["final-guidance", ""].cite == ("VEJ 9504/2018",)  # VEJ 9008 came into force later
    assert found["annual-review", "2021"].cite[0].startswith("BEK 679/2018")
    # by 30 June 2022, in the year from the entry into force, the order of 2018 was still the law
    assert found["annual-review", "2022"].legal_on == date(2022, 6, 30)
    assert found["annual-review", "2022"].cite[0].startswith("BEK 679/2018")
    assert found["annual-review", "2023"].cite[0].startswith("BEK 1248/2022")
    assert [r.id for r in BOOK.law.regimes if r.reaches_back] == ["bek-1248-2022"]


def test_what_is_only_inferred_says_so_in_its_explanation() -> None:
    found = deadlines("syddanmark", "2018-2021", facts(*SYD19))["midterm-guidance", ""]
    assert "vejledning 9504/2018 er ikke læst" in found.why[-1].text


@pytest.mark.parametrize(
    ("term", "ids"),
    [
        ("2010-2013", {"submission", "sst-decision"}),
        ("2014-2017", {"submission", "sst-decision", "annual-review"}),
        ("2018-2021", {"submission", "sst-decision", "annual-review", "midterm-order", "midterm-guidance",
                       "final-order", "final-guidance"}),
    ],
)  # fmt: skip
def test_a_regime_knows_only_its_own_duties(term: str, ids: set[str]) -> None:
    """A resubmission exists once a refusal has named its date."""
    assert {key[0] for key in deadlines("nordjylland", term, [])} == ids
    refused = facts("submitted 2011-01-10", "sst-refused 2011-03-01 2011-05-01")
    named = deadlines("nordjylland", term, refused)["resubmission", ""]
    assert named.legal_on == date(2011, 5, 1)


def test_oestdanmark_is_told_both_ways_and_hovedstaden_that_it_sits_on() -> None:
    """The second year is 2027 by the term and 2028 by the office period (OVG §§ 57, 105)."""
    found = deadlines("oestdanmark", "2026-2029", [])["submission", ""]
    assert any(step.cite == "OVG § 57" and step.on == date(2028, 7, 1) for step in found.why)
    found = deadlines("hovedstaden", "2022-2025", [])["submission", ""]
    assert any(step.cite == "OVG § 105" and step.on == date(2026, 12, 31) for step in found.why)
    assert found.legal_on == date(2023, 7, 1)


def test_a_rule_that_may_have_ended_says_so_and_stays_alive() -> None:
    """Act 719/2025 § 24."""
    story = facts("submitted 2024-01-01", "effective 2024-01-01")
    found = deadlines("nordjylland", "2022-2025", story, date(2025, 12, 1))["midterm-order", ""]
    assert (found.legal_on, found.doubtful, found.status) == (date(2026, 1, 1), True, "upcoming")
    assert any(step.cite == "Lov 719/2025 § 24" for step in found.why)
    early = deadlines("nordjylland", "2022-2025", facts("submitted 2023-12-15"))["midterm-order", ""]
    assert not early.doubtful  # 15 December 2025 lies before the first candidate


@pytest.mark.parametrize(("as_of", "doubted"), [(date(2025, 6, 19), False), (date(2025, 6, 20), True)])
def test_nobody_doubts_a_date_before_the_act_that_may_end_its_rule(as_of: date, doubted: bool) -> None:
    """Act 719/2025 is of 20 June 2025."""
    found = deadlines("nordjylland", "2026-2029", [], as_of)["submission", ""]
    assert found.doubtful is doubted
    assert any(step.cite == "Lov 719/2025 § 24" for step in found.why) is doubted


def test_a_closed_day_is_named_in_a_danish_sentence_and_nothing_is_rolled_forward() -> None:
    """BEK 1248/2022 § 21: no rule of it moves a day."""
    why = deadlines("nordjylland", "2022-2025", facts(DEVIATION))["submission", ""].why
    text = next(step.text for step in why if step.kind == "aim")
    assert text == (
        "Mandag den 1. januar 2024 er nytårsdag. Ingen regel flytter fristen; påmindelser sigter mod "
        "sidste hverdag før, fredag den 29. december 2023"
    )


@pytest.mark.parametrize(
    ("event", "entered", "late"),
    [
        ("deviation", None, False),
        ("deviation", date(2024, 1, 5), False),
        ("deviation", date(2024, 1, 6), True),
        ("effective", date(2024, 1, 1), False),
        ("nominal-end", date(2024, 1, 2), True),
    ],
)
def test_what_is_typed_in_after_its_day_is_history(event: str, entered: date | None, late: bool) -> None:
    fact = Fact(0, event, date(2024, 1, 5), due=date(2024, 1, 1), entered_on=entered)
    assert fact.entered_late is late
