"""Where the law is silent: every reading is named with its date, and one of them is the one kept to."""

from __future__ import annotations

from datetime import date

import pytest

from tests.conftest import ROOT
from workflow.errors import Misconfigured
from workflow.lifecycle.course import HEARD
from workflow.lifecycle.names import EVENTS
from workflow.rules import facts
from workflow.rules.facts import Fact
from workflow.services.law.unsigned import unquoted
from workflow.services.views.readings import silences
from workflow.storage.facts.projection import Standing, stand
from workflow.storage.law.quotations import QuotationsFile, check_quotations
from workflow.storage.law.readtoml import read_toml
from workflow.storage.law.rulebook import Rulebook, load
from workflow.storage.tables import AgreementRow


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load(ROOT / "calendars")


@pytest.fixture(scope="module")
def standing(rulebook: Rulebook) -> Standing:
    """Nordjylland 2024-2027: submitted 15 December 2023, in force 1 January 2024, ends with 2027."""
    on = date(2026, 11, 22)
    row = AgreementRow(region="nordjylland", label="2024-2027", term="2022-2025", regime="bek-1248-2022",
                       wake_on=on, projected_on=on)  # fmt: skip
    said = [
        Fact(1, "effective", date(2024, 1, 1), version=1),
        Fact(2, "nominal-end", date(2028, 1, 1), source="aftalt"),
        Fact(3, "deviation", date(2023, 6, 28), due=date(2024, 1, 1)),
    ]
    return stand(rulebook, row, said, on)


@pytest.mark.parametrize(
    ("deadline", "question", "dates"),
    [
        # the deviated date is New Year's Day; by analogy the next business day
        (
            "submission",
            "Flyttes en frist, der falder på en lukkedag?",
            [date(2024, 1, 1), date(2024, 1, 2)],
        ),
        # "half a year before the end": strict, or the day itself
        ("final-guidance", "Er selve dagen rettidig?", [date(2026, 12, 31), date(2027, 1, 1)]),
        # two formulas half a year apart
        (
            "final-order",
            "Bekendtgørelsen og vejledningen regner hver sin dato; påmindelserne følger den tidligste",
            [date(2027, 6, 30), date(2026, 12, 31)],
        ),
        # sources 000 and 001: the period was shortened, so two ends
        (
            "final-guidance",
            "Hvornår udløber aftalerne 2024-2027?",
            [date(2027, 6, 30), date(2026, 12, 31)],
        ),
        # two candidates for the end of the rules, and neither leaves the duty alive
        ("final-order", "Gælder reglen stadig?", [None, None, None]),
    ],
)
def test_each_open_question_has_its_readings_and_one_is_kept(
    standing: Standing, rulebook: Rulebook, deadline: str, question: str, dates: list[date | None]
) -> None:
    found = standing.deadline(deadline)
    assert found is not None
    asked = {silence.question: silence.readings for silence in silences(standing, rulebook, found)}
    assert [reading.on for reading in asked[question]] == dates
    assert [reading.kept for reading in asked[question]].count(True) == 1


def test_what_has_no_date_leaves_no_question(standing: Standing, rulebook: Rulebook) -> None:
    undated = next(deadline for deadline in standing.deadlines if deadline.legal_on is None)
    assert silences(standing, rulebook, undated) == []


def test_every_deadline_of_the_orders_in_force_since_2018_is_quoted_or_said_not_to_be(
    rulebook: Rulebook,
) -> None:
    quoted = {quotation.cite for quotation in rulebook.quotations}
    bare = [
        rule.id
        for regime in rulebook.law.regimes
        if regime.id in ("bek-1248-2022", "bek-679-2018")
        for rule in regime.deadlines
        if not quoted & set(rule.cite)
        and not rule.cite[0].startswith("VEJ 9504")  # not read: no words to quote
    ]
    assert bare == []
    assert unquoted(rulebook)[0] == "VEJ 9504/2018"


def test_a_quotation_that_no_rule_cites_is_refused(rulebook: Rulebook) -> None:
    where = ROOT / "calendars" / "quotations.toml"
    content = where.read_bytes().replace("§ 21, stk. 5".encode(), "§ 21, stk. 6".encode())
    file = read_toml(str(where), content, QuotationsFile)
    with pytest.raises(Misconfigured, match=r"§ 21, stk\. 6: cite: no rule cites this"):
        check_quotations(str(where), file, rulebook.law, rulebook.obligations)


def test_every_event_of_the_journal_and_of_the_machines_has_a_danish_name() -> None:
    of_machines = set().union(*HEARD.values())
    assert set(EVENTS) == set(facts.EVENTS) | of_machines
