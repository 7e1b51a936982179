"""What a letter says of an event does not depend on when it is written: tried over random histories and delays.

``make torture`` takes 10,000 histories."""

from __future__ import annotations

import os
import random
import re
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from tests.law.histories import history
from tests.law.told.test_told_later import EVENTS, TELLS, TOLD
from tests.mail.conftest import part, write
from tests.post import letters
from tests.reliability import keep
from tests.story.living import rules
from workflow.rules.facts import Fact
from workflow.rules.story import tell
from workflow.services.planning.letterfacts import letter_facts
from workflow.services.planning.occasions import happened
from workflow.storage.facts import projection
from workflow.storage.facts.projection import Standing

TORTURE = os.environ.get("AFTALE_TORTURE") == "1"
HISTORIES, BATCHES = (10_000, 40) if TORTURE else (60, 4)
OF_TODAY = ("today", "late", "since", "over", "done", "ahead")  # ahead: for the calendar file, in no sentence
HEADED_TODAY = ("SIDEN DA", "NÆSTE SKRIDT", "DET BEDER VI JER OM")
# a calendar file is enclosed of what is still to come only
ENCLOSED = re.compile(r"Dato(en|erne) er vedlagt som kalenderfil \(frist\.ics\)\.")


def written(standing: Standing, fact: Fact, on: date) -> dict[str, Any]:
    """What the letter about ``fact`` is written from on the day ``on``."""
    then = standing.told(fact)
    more = happened(then, standing, rules(), fact, TELLS[fact.event]) | {
        "rung": f"fact{fact.no}",
        "due_on": fact.on,
    }
    recipient = f"{standing.agreement.region}/secretariat-region"
    return letter_facts(then, rules(), recipient, on, **more)


def told_letters(seed: int) -> Iterator[tuple[Fact, dict[str, Any], dict[str, Any]]]:
    """Each event of history ``seed`` that a letter tells: as written that day, when nothing more had been recorded, and
    up to 400 days later, with everything that had been by then."""
    told, dice = history(seed), random.Random(seed)
    row = told.row()
    facts = told.numbered()
    for fact in tell(facts, date.max).steps:
        if fact.event not in TOLD:
            continue
        known = [one for one in facts if one.on < fact.on or (one.on == fact.on and one.no <= fact.no)]
        that_day = projection.stand(rules(), row, known, fact.on)
        if fact not in that_day.story.steps:
            continue  # corrected the same day
        on = fact.on + timedelta(days=dice.randint(0, 400))
        later = projection.stand(rules(), row, facts, on)
        if fact in later.story.steps:
            yield fact, written(that_day, fact, fact.on), written(later, fact, on)


def said_of_the_event(fact: Fact, facts: dict[str, Any]) -> list[str]:
    """The paragraphs and list items of the letter but those under a heading that is of today."""
    raw = write(letters(), EVENTS[fact.event], facts | {"ask": None, "link": ""}).raw
    said, of_today = [], False
    for block in re.split(r"\n\n|\n(?=- )", part(raw, "text/plain")):
        text = " ".join(block.split())
        of_today = text in HEADED_TODAY or (of_today and not text.startswith("Venlig hilsen"))
        if text and not of_today and not ENCLOSED.fullmatch(text):
            said.append(text)
    return said


@pytest.mark.torture
@pytest.mark.parametrize("batch", range(BATCHES))
def test_what_a_letter_says_of_an_event_does_not_depend_on_when_it_is_written(batch: int) -> None:
    """Neither a fact it is written from nor a paragraph of the written letter."""
    seen = compared = 0
    first, size = batch * HISTORIES // BATCHES, HISTORIES // BATCHES
    for seed in range(first, first + size):
        for fact, at_once, late in told_letters(seed):
            where = f"history {seed}, nr. {fact.no} {fact.event}"
            differing = {key for key in at_once if at_once[key] != late[key]} - set(OF_TODAY)
            assert not differing, f"{where}: {differing}"
            assert at_once["since"] == [] or at_once["since"] is None or not at_once["over"]
            said = said_of_the_event(fact, at_once)
            assert said == said_of_the_event(fact, late), where
            seen, compared = seen + 1, compared + len(said)
    assert seen > 5 * size and compared > 10 * seen
    figures = {
        "histories": size,
        "letters, written twice": seen,
        "paragraphs compared": compared,
        "differ": 0,
    }
    keep("told later", f"histories {first:05d} to {first + size - 1:05d}", figures, long=TORTURE)
