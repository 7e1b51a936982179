"""Dates worked out by hand, asked for as a person would: typed commands, printed answers.

One database holds every agreement; each case names its section. The same dates are tested as functions in
``tests/rules/test_timeline.py``.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.conftest import Aftale, env_in
from tests.story.living import danish, rules
from workflow.services.rounds.importing import import_round
from workflow.storage.database import connect

OPEN = [  # region, term, label, effective, nominal end
    ("nordjylland", "2010-2013", "2011-2014", None, None),
    ("nordjylland", "2014-2017", "2015-2018", None, None),
    ("syddanmark", "2018-2021", "2019-2023", "2019-07-01", "2023-07-01"),
    ("midtjylland", "2018-2021", "2019-2023", "2019-07-01", None),
    ("nordjylland", "2022-2025", "2024-2027", "2024-01-01", "2028-01-01"),
    ("syddanmark", "2022-2025", "2024-2027", "2024-01-01", "2027-07-01"),
    ("midtjylland", "2022-2025", "2024-2027", "2024-01-01", None),
    ("hovedstaden", "2022-2025", "2024-2027", "2024-02-29", None),
    ("nordjylland", "2026-2029", "2027-2031", "2027-07-01", "2031-07-01"),
    ("oestdanmark", "2026-2029", "2027-2031", None, None),
]
SENT = [  # agreement, sent for approval, approved, submitted, received; the last is still to come: no command takes it
    ("nordjylland/2011-2014", "2010-10-01", "2010-12-01", "2010-12-31", "2010-12-31"),
    ("nordjylland/2015-2018", "2014-11-01", "2015-01-10", "2015-01-20", "2015-01-21"),
    ("syddanmark/2019-2023", "2019-04-26", "2019-06-24", "2019-07-01", "2019-07-01"),
    ("nordjylland/2024-2027", "2023-10-01", "2023-12-12", "2023-12-15", "2023-12-22"),
    ("syddanmark/2024-2027", "2023-10-01", "2023-12-12", "2024-01-01", "2024-01-01"),
    ("midtjylland/2024-2027", "2023-10-01", "2023-12-12", "2024-01-01", "2024-01-02"),
    ("hovedstaden/2024-2027", "2023-10-01", "2023-12-12", "2024-02-29", None),
    ("nordjylland/2027-2031", "2027-03-01", "2027-05-01", "2027-07-01", "2027-07-01"),
]
LATER = "2029-12-31"
CASES = [  # section, agreement, deadline, as of, legal, aim
    ("term 2010-2013", "nordjylland/2011-2014", "submission", LATER, "2011-01-31", "2011-01-31"),
    ("a Saturday", "nordjylland/2015-2018", "submission", LATER, "2015-01-31", "2015-01-30"),
    ("term 2018-2021", "syddanmark/2019-2023", "submission", LATER, "2019-07-01", "2019-07-01"),
    ("a Saturday", "midtjylland/2024-2027", "submission", "2023-05-09", "2023-07-01", "2023-06-30"),
    ("moved", "nordjylland/2024-2027", "submission", "2023-05-10", "2024-01-01", "2023-12-29"),
    ("the day before", "nordjylland/2024-2027", "submission", "2023-05-09", "2023-07-01", "2023-06-30"),
    ("term 2026-2029", "nordjylland/2027-2031", "submission", LATER, "2027-07-01", "2027-07-01"),
    ("2.J two months, clamped", "nordjylland/2011-2014", "sst-decision", LATER, "2011-02-28", "2011-02-28"),
    ("from the deadline", "nordjylland/2015-2018", "sst-decision", LATER, "2015-03-14", "2015-03-13"),
    ("eight weeks", "syddanmark/2019-2023", "sst-decision", LATER, "2019-08-26", "2019-08-26"),
    ("order", "syddanmark/2019-2023", "midterm-order", LATER, "2021-07-01", "2021-07-01"),
    ("guidance", "syddanmark/2019-2023", "midterm-guidance", LATER, "2021-06-30", "2021-06-30"),
    ("original end", "syddanmark/2019-2023", "final-guidance", "2022-06-30", "2022-12-31", "2022-12-30"),
    ("prolonged", "syddanmark/2019-2023", "final-guidance", "2022-07-01", "2023-06-30", "2023-06-30"),
    ("22 Dec", "nordjylland/2024-2027", "sst-decision", LATER, "2024-02-16", "2024-02-16"),
    ("1 Jan", "syddanmark/2024-2027", "sst-decision", LATER, "2024-02-26", "2024-02-26"),
    ("2 Jan", "midtjylland/2024-2027", "sst-decision", LATER, "2024-02-27", "2024-02-27"),
    ("order, early", "nordjylland/2024-2027", "midterm-order", LATER, "2025-12-15", "2025-12-15"),
    ("order, a holiday", "syddanmark/2024-2027", "midterm-order", LATER, "2026-01-01", "2025-12-30"),
    ("guidance", "nordjylland/2024-2027", "midterm-guidance", LATER, "2025-12-31", "2025-12-30"),
    ("label", "nordjylland/2024-2027", "final-guidance", "2026-11-22", "2026-12-31", "2026-12-30"),
    ("succeeded", "nordjylland/2024-2027", "final-guidance", LATER, "2026-12-31", "2026-12-30"),
    ("shortened", "syddanmark/2024-2027", "final-guidance", LATER, "2026-12-31", "2026-12-30"),
    ("order", "nordjylland/2024-2027", "final-order", "2026-11-22", "2027-06-30", "2027-06-30"),
    ("order, shortened", "syddanmark/2024-2027", "final-order", LATER, "2027-06-30", "2027-06-30"),
    ("leap day", "hovedstaden/2024-2027", "midterm-order", LATER, "2026-02-28", "2026-02-27"),
    ("leap day", "hovedstaden/2024-2027", "midterm-guidance", LATER, "2026-02-27", "2026-02-27"),
    ("eight weeks", "nordjylland/2027-2031", "sst-decision", LATER, "2027-08-26", "2027-08-26"),
    ("a Sunday", "nordjylland/2027-2031", "midterm-order", LATER, "2029-07-01", "2029-06-29"),
    ("final", "nordjylland/2027-2031", "final-guidance", LATER, "2030-12-31", "2030-12-30"),
    ("Østdanmark", "oestdanmark/2027-2031", "submission", "2026-11-22", "2027-07-01", "2027-07-01"),
]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A database with every agreement of these dates, filled through the command line."""
    folder = tmp_path_factory.mktemp("worked")
    aftale = Aftale(env_in(folder), folder)
    aftale("init", code=0)
    for region, term, label, effective, end in OPEN:
        more = ["--effective", effective] if effective else []
        more += ["--nominal-end", end, "--nominal-end-source", "aftalen"] if end else []
        aftale("open", region, "--term", term, "--label", label, *more, code=0)
    *before, to_come = SENT
    aftale("import", str(_file(folder / "sent.toml", before)), code=0)
    kl = ("--source", "KL")
    aftale(
        "record",
        "nordjylland/2024-2027",
        "deviation",
        "--on",
        "2023-05-10",
        "--due",
        "2024-01-01",
        *kl,
        code=0,
    )
    end = ("nominal-end", "--on", "2022-07-01", "--due", "2024-01-01", "--source", "tillæg")
    aftale("record", "syddanmark/2019-2023", *end, code=0)
    engine = connect(f"sqlite:///{folder / 'data' / 'aftale.db'}")
    then = date.fromisoformat(LATER)
    file = _file(folder / "to-come.toml", [to_come])
    import_round(engine, rules(), file, today=then, at=danish(then, 9), by="test")
    engine.dispose()
    return aftale


def _file(path: Path, rows: Iterable[tuple[str, str, str, str, str | None]]) -> Path:
    path.write_text("\n".join(_round(*row) for row in rows), encoding="utf-8")
    return path


def _round(agreement: str, sent: str, approved: str, submitted: str, received: str | None) -> str:
    region, label = agreement.split("/")
    term = next(term for r, term, name, *_ in OPEN if (r, name) == (region, label))
    everybody = 'councils = "all"'
    facts = [
        ("sent-for-approval", sent, ""),
        ("council-approved", approved, everybody),
        ("submitted", submitted, ""),
    ]
    facts += [("received", received, "")] if received else []
    lines = [f'[[agreement]]\nregion = "{region}"\nterm = "{term}"\nlabel = "{label}"']
    lines += [
        f'[[agreement.fact]]\nevent = "{e}"\non = {on}\nsource = "sagen"\n{more}' for e, on, more in facts
    ]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def answers(house: Aftale) -> dict[str, dict[tuple[str, str], dict[str, Any]]]:
    found = {}
    for as_of in {case[3] for case in CASES}:
        listed = house("deadlines", "--as-of", as_of, "--json", code=0).json()
        found[as_of] = {(d["agreement"], d["id"]): d for d in listed if d["subject"] == ""}
    return found


@pytest.mark.parametrize(("section", "agreement", "deadline", "as_of", "legal", "aim"), CASES)
def test_the_printed_date_is_the_worked_date(
    answers: Any, section: str, agreement: str, deadline: str, as_of: str, legal: str, aim: str
) -> None:
    found = answers[as_of][agreement, deadline]
    assert (found["legal_on"], found["aim_on"]) == (legal, aim), section
    assert found["cite"] and found["why"], section


def test_sst_moved_the_date_and_both_truths_stay_visible(answers: Any) -> None:
    """BEK 1248/2022 § 21, stk. 5."""
    after = answers["2023-05-10"]["nordjylland/2024-2027", "submission"]
    assert (after["original_on"], after["revision"]) == ("2023-07-01", 2)
    before = answers["2023-05-09"]["nordjylland/2024-2027", "submission"]
    assert (before["original_on"], before["revision"]) == (None, 1)


def test_a_saturday_is_said_to_be_one_and_nothing_is_rolled_forward(house: Aftale) -> None:
    """BEK 1248/2022 § 21, stk. 1: no rule moves the day."""
    said = house("why", "midtjylland/2024-2027", "submission", "--as-of", "2023-05-09", code=0).out
    assert "Lovens frist: lørdag den 1. juli 2023" in said
    assert "Sigt efter: fredag den 30. juni 2023" in said
    assert "BEK 1248/2022 § 21, stk. 1" in said


def test_silence_approves_under_the_order_of_2009_and_no_other(house: Aftale) -> None:
    """BEK 778/2009 § 6, stk. 3."""
    silent = house("status", "nordjylland/2011-2014", "--as-of", "2011-03-01", "--json", code=0).json()
    assert (silent["version"]["state"], silent["version"]["tacit"]) == ("sst_approved", True)
    waiting = house("status", "nordjylland/2011-2014", "--as-of", "2011-02-28", "--json", code=0).json()
    assert waiting["version"]["state"] == "received"
    for agreement, as_of in (
        ("nordjylland/2015-2018", "2016-01-01"),
        ("midtjylland/2024-2027", "2024-04-01"),
    ):
        overdue = house("status", agreement, "--as-of", as_of, "--json", code=0).json()
        assert overdue["version"]["state"] == "received"
        assert "sst-decision" in overdue["overdue"]


def test_oestdanmarks_second_year_is_told_both_ways(house: Aftale) -> None:
    """2027 by the term, 2028 by the office period (OVG § 57)."""
    said = house("why", "oestdanmark/2027-2031", "submission", "--as-of", "2026-11-22", code=0).out
    assert "andet kalenderår er 2027" in said
    assert "2028" in said
    assert "OVG § 57" in said


def test_past_the_last_rule_no_date_is_guessed(house: Aftale) -> None:
    """No rule is known for the term 2030-2033."""
    refused = house("open", "nordjylland", "--term", "2030-2033", "--label", "x")
    assert refused.code in (2, 4)
    assert "2030-2033" in refused.err


def test_a_rule_that_may_have_ended_says_so_wherever_its_date_stands(answers: Any) -> None:
    """Act 719/2025 § 24: which of two days could not be read. The final status falls
    between them, the submission after both."""
    for agreement, deadline, status in (
        ("nordjylland/2024-2027", "final-guidance", "upcoming"),
        ("nordjylland/2027-2031", "submission", "lapsed"),
    ):
        found = answers["2026-11-22"][agreement, deadline]
        assert (found["status"], found["doubtful"]) == (status, True)
        assert any("Lov 719/2025 § 24" in step["cite"] for step in found["why"])


def test_where_the_agreed_end_can_be_read_two_ways_both_dates_are_printed(answers: Any) -> None:
    """By the label 1 January 2028, by the half year it was shortened 1 July 2027. The earlier leads."""
    found = answers["2026-11-22"]["nordjylland/2024-2027", "final-guidance"]
    assert (found["legal_on"], found["latest_on"]) == ("2026-12-31", "2027-07-01")
    assert any("Hvornår udløber aftalerne 2024-2027?" in step["text"] for step in found["why"])
    order = answers["2026-11-22"]["nordjylland/2024-2027", "final-order"]
    assert (order["legal_on"], order["latest_on"]) == ("2027-06-30", "2028-01-03")
