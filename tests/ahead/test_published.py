"""The chance is tested on rounds that were held: each foretold from the others alone, and scored."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from tests.conftest import Aftale
from tests.story.living import rules
from workflow.ahead.published import Decision, Late, Round, back_test, decisions
from workflow.errors import Misconfigured
from workflow.services.lookahead.chances import back_tested
from workflow.storage.law.readtoml import read_toml
from workflow.storage.law.roundsfile import RoundsFile

ROUND = Round(
    "a-2019", "A", "a", date(2019, 4, 26), date(2019, 7, 1), date(2019, 7, 1), True, (), "kilde", "gælder"
)


def test_the_chance_beats_everybody_on_time_and_the_last_safe_day_on_what_was_published() -> None:
    found = back_tested(rules())
    chance, everybody, safe = (one.brier for one in found.scores)

    assert (found.decisions, found.rounds, found.late) == (97, 6, 1)
    assert everybody == pytest.approx(1 / 97)
    assert chance < everybody
    assert chance < safe


def test_what_the_comparison_rests_on_is_said(aftale: Aftale) -> None:
    """Without the one that came late, nothing beats saying that everybody is in time."""
    found = back_tested(rules())
    chance, everybody, safe = (one.brier for one in found.in_time)
    assert everybody == safe == 0 < chance < 0.001
    told = " ".join(aftale("chance", "--backtest").out.split())
    assert "for de 96, der nåede det, er tallene 0,0001 for chancen og 0,0000 for »alle når det«" in told
    assert "kommer alene fra den ene, der kom for sent" in told


def test_a_round_is_foretold_from_the_others_alone() -> None:
    """Twenty decisions elsewhere, all yes: 21 of 22, weighed by four tries; one meeting left."""
    other = [Decision("b", f"{number:04}", 1, True, True) for number in range(20)]
    found = back_test([*other, Decision("a", "9999", 1, True, True)])

    assert (found.decisions, found.rounds) == (1, 1), "round b has one decision to learn from, and no figure"
    assert found.scores[0].brier == pytest.approx((1 - 21 / 22) ** 2)


def test_a_council_that_told_a_day_after_the_date_is_foretold_late_and_was_no_try() -> None:
    late = replace(ROUND, late=(Late("0002", date(2019, 8, 5), "kilde"),))
    found = decisions([late], {"a-2019": ["0001", "0002"]}, agenda=7, safe=28)

    assert [(one.council, one.meetings, one.in_time) for one in found] == [
        ("0002", 0, False),
        ("0001", 1, True),
    ]


def test_the_last_safe_day_is_counted_from_the_sending() -> None:
    soon = decisions([ROUND], {"a-2019": ["0001"]}, agenda=7, safe=66)
    late = decisions([ROUND], {"a-2019": ["0001"]}, agenda=7, safe=67)
    assert (soon[0].soon_enough, late[0].soon_enough) == (True, False)


def test_every_published_round_has_a_source_and_says_what_its_outcome_rests_on() -> None:
    found = rules().rounds
    assert len(found) == 6
    assert all(one.source and one.inferred and one.known_on > date(2015, 1, 1) for one in found)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ("sent_on = 2019-07-01", "on or after its date"),
        ("everybody = false", "tells of no council"),
        ('late = [{council = "0001", told = 2019-06-30, source = "x"}]', "told a day in time"),
    ],
)
def test_a_round_that_cannot_be_right_is_refused(words: str, said: str) -> None:
    text = (
        '[[round]]\nid = "a"\ntitle = "A"\nregion = "a"\nby = 2019-07-01\nknown_on = 2019-07-01\n'
        f'source = "k"\ninferred = "g"\n{words}\n'
    )
    with pytest.raises(Misconfigured, match=said):
        read_toml("rounds.toml", text.encode(), RoundsFile)


def test_the_command_prints_the_scores_with_their_sources_and_needs_no_database(aftale: Aftale) -> None:
    told = aftale("chance", "--backtest")
    assert told.code == 0, told.err
    assert "97 offentliggjorte beslutninger fra 6 runder, 1 for sent" in told.out
    assert "Fredensborg" in told.out
    answer = json.loads(aftale("chance", "--backtest", "--json").out)
    assert answer["brier"]["chancen"] < answer["brier"]["alle når det"]

    both = aftale("chance", "nordjylland/2024-2027", "--backtest")
    assert both.code == 2
    assert "--backtest" in both.err
