"""No letter, reason or template names a text of law before the day it took effect."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from typing import Any

import pytest

from tests.law.desk import ROOT, LawDesk, day, rules
from workflow.rules.obligation import cited_in
from workflow.services.planning.owing import owed_now
from workflow.services.planning.readiness import sent_without

INSTRUMENT = re.compile(r"\b(?:BEK|VEJ|Lov) \d+/\d{4}")
IN_FORCE = {
    "BEK 778/2009": date(2009, 9, 1),
    "BEK 1569/2013": date(2014, 1, 1),
    "BEK 679/2018": date(2018, 6, 8),
    "VEJ 9504/2018": date(2018, 6, 4),
    "BEK 1248/2022": date(2022, 9, 8),
    "BEK 999/2023": date(2023, 7, 1),
    "VEJ 9008/2024": date(2024, 1, 12),
    "Lov 719/2025": date(2025, 6, 20),
    "BEK 1615/2025": date(2026, 1, 1),
}


def too_early(said: Any, on: date) -> set[str]:
    """The instruments that ``said`` names before they were there."""
    return {name for name in INSTRUMENT.findall(json.dumps(said, ensure_ascii=False)) if on < IN_FORCE[name]}


@pytest.fixture
def round_of_2024(empty: LawDesk) -> LawDesk:
    """A diligent round: opened as soon as the councils sat, concluded, answered, reviewed, and reported on."""
    empty.open(opened_on=date(2022, 1, 10))
    empty.tell("piu-meeting-held", "2022-10-20")
    empty.tell("goals-set", "2023-05-02", about="1")
    empty.tell("consultation-opened", "2023-06-28", due="2023-09-08", time="12:00")
    empty.tell("effective", "2023-10-02", due="2024-01-01")
    empty.concludes("2023-12-15")
    empty.tell("received", "2023-12-22")
    empty.tell("info-requested", "2024-01-08")
    empty.tell("sst-approved", "2024-02-01")
    empty.tell("nominal-end", "2024-03-01", due="2028-01-01")
    empty.tell("status-adopted", "2025-11-03", about="midterm")
    empty.tell("midterm-sent", "2025-11-05")
    return empty


def test_no_letter_of_a_round_cites_an_instrument_before_its_day(round_of_2024: LawDesk) -> None:
    on, found, told = date(2022, 2, 1), set(), 0
    while on < date(2028, 3, 1):
        standing = round_of_2024.at(as_of=on)
        for one in owed_now(rules(), standing, on, on, {}):
            told += 1
            found |= {(one.letter.name, name) for name in too_early(one.facts, on)}
        on += timedelta(days=29)
    assert told > 300
    assert not found


def test_before_the_order_an_agreement_stands_under_the_one_that_was_law(empty: LawDesk) -> None:
    empty.open(opened_on=date(2022, 1, 10))
    before, after = (empty.at(as_of=on) for on in ("2022-09-07", "2022-09-08"))
    assert before.agreement.regime.instrument == "BEK 679/2018"
    assert after.agreement.regime.instrument == "BEK 1248/2022"
    dates = [one.deadline("submission").legal_on for one in (before, after)]  # type: ignore[union-attr]
    assert dates == [date(2023, 7, 1)] * 2
    assert not too_early([d.cite for d in before.deadlines], date(2022, 9, 7))


def test_a_step_rests_on_the_guidance_that_was_there_on_the_day(desk: LawDesk) -> None:
    cited = [desk.at(as_of=on).agreement.regime.cite("receive") for on in ("2024-01-11", "2024-01-12")]
    assert cited == ["VEJ 9504/2018", "VEJ 9008/2024 afsnit 5.1"]
    published = [desk.at(as_of=on).agreement.regime.cite("publish") for on in ("2024-01-11", "2024-01-12")]
    assert published == ["", "VEJ 9008/2024 afsnit 5.5"]


def test_no_provision_is_typed_into_a_letter() -> None:
    """They come from the rules, so that they are those of the day."""
    for path in sorted((ROOT / "templates" / "emails").rglob("*.*")):
        found = re.findall(r"(?:BEK|VEJ|SUL|OVG|VALG) (?:\d|§)|§+ ?\d", path.read_text(encoding="utf-8"))
        assert not found, path.name


@pytest.mark.parametrize(
    ("on", "said"),
    [
        ("2025-01-10", "SUL er sundhedsloven, jf. lovbekendtgørelse nr. 247 af 12. marts 2024"),
        ("2025-11-10", "SUL er sundhedsloven, jf. lovbekendtgørelse nr. 275 af 12. marts 2025"),
        ("2019-03-01", "SUL er sundhedsloven, jf. lovbekendtgørelse nr. 1286 af 2. november 2018"),
        ("2023-06-30", "lovbekendtgørelsen er ikke slået op"),
    ],
)
def test_an_act_is_cited_in_the_consolidation_of_the_day_or_said_not_to_be_looked_up(
    on: str, said: str
) -> None:
    (told,) = cited_in(rules().consolidations, ["SUL § 205, stk. 1", "BEK 1248/2022 § 21"], day(on))
    assert said in told
    assert cited_in(rules().consolidations, ["BEK 1248/2022 § 21"], day(on)) == []


@pytest.mark.parametrize(
    ("term", "label", "effective", "submitted", "last"),
    [
        ("2010-2013", "2011-2014", "2011-01-01", "2011-01-28", date(2014, 12, 1)),
        ("2014-2017", "2015-2018", "2015-01-01", "2015-01-30", date(2019, 3, 1)),
        ("2018-2021", "2019-2023", "2019-07-01", "2019-07-02", date(2024, 6, 1)),
    ],
)
def test_no_letter_of_an_older_round_cites_an_instrument_before_its_day_in_a_question_either(
    empty: LawDesk, term: str, label: str, effective: str, submitted: str, last: date
) -> None:
    """A question that the law leaves open is read in the words of the duty's own order."""
    more = {"municipality": "0851"} if term == "2010-2013" else {}
    key = empty.open("nordjylland", term, label, **more)
    empty.tell("effective", effective, key)
    empty.tell("nominal-end", effective, key, due=str(last))
    empty.sends(submitted[:4] + "-01-10", key, yes_on=submitted[:4] + "-01-20")
    empty.tell("submitted", submitted, key)
    on, found, told = day(submitted), set(), 0
    while on < last:
        standing = empty.at(key, on)
        for one in owed_now(rules(), standing, on, on, {}):
            told += 1
            found |= {(one.letter.name, name) for name in too_early(one.facts, on)}
        for one in standing.deadlines:
            said = [
                [step.cite for step in one.why],
                [r.cite for a in one.readings for r in a.silence.readings],
            ]
            found |= {(one.id, name) for name in too_early(said, on)}
        on += timedelta(days=23)
    assert told > 20
    assert not found


def test_a_question_about_another_law_s_duty_does_not_cite_the_guidance_on_health_agreements() -> None:
    """Whether the day itself is in time is asked of a division's draft too (BEK 1800/2025)."""
    strict = next(one for one in rules().law.silences if one.kind == "strict-day")
    assert {one.cite for one in strict.of("BEK 1800/2025 § 14, stk. 1").readings} == {
        "BEK 1800/2025 § 14, stk. 1"
    }
    closed = next(one for one in rules().law.silences if one.kind == "closed-day")
    assert closed.of("BEK 1800/2025 § 14, stk. 1") is closed


@pytest.mark.parametrize(
    ("submitted_on", "guidance"),
    [("2023-12-15", "VEJ 9504/2018"), ("2024-02-05", "VEJ 9008/2024 afsnit 5.1")],
)
@pytest.mark.parametrize("typed_years_later", [False, True])
def test_what_a_text_was_sent_without_is_said_by_the_guidance_of_its_day_whenever_it_is_typed_in(
    desk: LawDesk, submitted_on: str, guidance: str, typed_years_later: bool
) -> None:
    desk.sends("2023-10-02", yes_on="2023-11-27")
    done = desk.tell("submitted", submitted_on)
    after = desk.at(as_of="2026-12-01" if typed_years_later else submitted_on)
    said = sent_without(after, after.rules, done.fact)
    assert len(said) == 2 and "ingen bilag til Sundhedsstyrelsen er registreret" in " ".join(said)
    assert all(one.endswith(f"({guidance})") for one in said)
