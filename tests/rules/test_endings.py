"""What the end of its rules makes of a duty, met or not, before anybody has confirmed the end and after."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from workflow.rules.anchors.outcomes import outcome, when_met
from workflow.rules.endings import Ending, end_known, settled
from workflow.rules.facts import Fact

FIRST, LAST, KNOWN = date(2026, 1, 1), date(2027, 1, 1), date(2025, 6, 20)
OPEN = Ending((LAST, FIRST), KNOWN, "sandsynlig: 1. januar 2026", "Lov 719/2025 § 24")
SURE = replace(OPEN, confirmed_on=FIRST)
DAY = timedelta(days=1)
BOTH = "1. januar 2026 eller 1. januar 2027"


@pytest.mark.parametrize(
    ("ends", "on", "as_of", "owed", "left"),
    [
        (None, FIRST, LAST, True, ("", False, "", None)),
        (OPEN, FIRST - DAY, FIRST, True, ("", False, "", None)),
        (OPEN, FIRST, KNOWN, True, ("", True, f"kan være ophævet pr. {BOTH} (sandsynlig: 1. januar 2026); om", FIRST)),
        (OPEN, LAST - DAY, LAST - DAY, True, ("", True, "om fristen gælder, er ikke afklaret", FIRST)),
        (OPEN, LAST, LAST - DAY, True, ("lapsed", True, "kan være ophævet pr. 1. januar 2026 eller", LAST)),
        (OPEN, LAST, LAST, True, ("lapsed", True, f"Reglen er ophævet pr. {BOTH}. Pligten er bortfaldet under", LAST)),
        (SURE, FIRST, LAST, True, ("lapsed", False, "fra 1. januar 2026; pligten er bortfaldet, ikke", FIRST)),
        (SURE, FIRST - DAY, FIRST - DAY, True, ("", False, "", None)),
        (SURE, FIRST - DAY, FIRST, True, ("breached", False, "fra 1. januar 2026. Fristen lå før den dag", FIRST)),
        (SURE, FIRST - DAY, FIRST, False, ("lapsed", False, "ophævet fra 1. januar 2026; pligten", FIRST)),
        (OPEN, FIRST - DAY, LAST, True, ("breached", False, f"Reglen er ophævet pr. {BOTH}. Fristen lå før", LAST)),
        (OPEN, FIRST, LAST, True, ("breached", True, "hvis reglen gjaldt den dag", LAST)),
    ],
)  # fmt: skip
def test_what_is_left_of_a_duty_that_nobody_met(
    ends: Ending | None, on: date, as_of: date, owed: bool, left: tuple[str, bool, str, date | None]
) -> None:
    found = outcome(ends, on, owed, as_of, on)
    assert (found.status, found.doubtful, found.on) == (left[0], left[1], left[3])
    assert left[2] in found.said and bool(left[2]) == bool(found.said)


def test_what_may_still_be_in_time_waits_for_its_later_day_and_another_day_after_the_end_breaks_by_one() -> (
    None
):
    eve = FIRST - DAY
    waits = [outcome(SURE, eve, True, FIRST + DAY, eve + days * DAY) for days in (1, 2)]
    assert [one.status for one in waits] == ["breached", ""]
    assert "kan også læses som fredag den 2. januar 2026" in waits[1].said and not waits[1].doubtful
    assert outcome(OPEN, FIRST, True, LAST, LAST).doubtful
    by_one = [outcome(ends, on, True, LAST, LAST, LAST) for ends, on in ((SURE, eve), (OPEN, FIRST))]
    assert [(one.status, one.doubtful, one.on) for one in by_one] == [
        ("breached", False, FIRST), ("breached", True, LAST)
    ]  # fmt: skip
    assert ["hvis reglen gjaldt den dag" in one.said for one in by_one] == [False, True]


@pytest.mark.parametrize(
    ("ends", "on", "met", "status", "said"),
    [
        (None, FIRST, LAST, "", ""),
        (SURE, FIRST, FIRST, "", ""),
        (SURE, FIRST - DAY, FIRST, "", ""),
        (SURE, FIRST, FIRST + DAY, "met", "Reglen er ophævet fra 1. januar 2026. Pligten var bortfaldet den dag"),
        (OPEN, FIRST, FIRST + DAY, "", "om den gjaldt den dag, er ikke afklaret"),
        (OPEN, LAST, LAST + DAY, "met", f"Reglen er ophævet pr. {BOTH}. Pligten var bortfaldet den dag"),
    ],
)  # fmt: skip
def test_what_is_met_after_its_rules_ended_is_not_late(
    ends: Ending | None, on: date, met: date, status: str, said: str
) -> None:
    found = when_met(ends, on, met, LAST + DAY, on)
    assert found.status == status and said in found.said and bool(said) == bool(found.said)
    assert found.doubtful == ("ikke afklaret" in said)
    assert found.on == ({FIRST: FIRST, LAST: LAST}[on] if said else None)


def test_an_end_is_known_from_the_day_of_its_act_and_settled_by_a_fact() -> None:
    assert [end_known(OPEN, on) for on in (KNOWN - DAY, KNOWN)] == [None, OPEN] and end_known(
        None, KNOWN
    ) is None
    fact = Fact(7, "regime-confirmed", KNOWN + DAY, due=LAST, source="Brev", known_on=KNOWN + 2 * DAY)
    own = Ending((LAST,), KNOWN + 2 * DAY, "bekræftet", "Brev", confirmed_on=LAST)
    assert settled(None, fact) == own and settled(None, replace(fact, known_on=None)).known_on == fact.on
    assert settled(OPEN, fact) == replace(
        OPEN, confirmed_on=LAST, certainty="bekræftet", cite="Lov 719/2025 § 24; Brev"
    )
    one = replace(OPEN, candidates=(FIRST, FIRST))
    assert (one.gone_on, one.days_said, one.zone(LAST)) == (date.max, "1. januar 2026", "doubt")
    assert [OPEN.lapsed(LAST - DAY), OPEN.lapsed(LAST), OPEN.doubtful(FIRST)] == [False, True, True]
