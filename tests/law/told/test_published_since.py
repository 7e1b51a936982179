"""A letter that waits asks nobody to put on a website what lies there already."""

from __future__ import annotations

import pytest

from tests.law.desk import LawDesk, day
from tests.law.told.test_told_later import TELLS, concluded, rendered_text
from tests.mail.conftest import write
from tests.post import letters
from workflow.services.planning.letterfacts import letter_facts
from workflow.services.planning.occasions import happened

EVERY_PARTY = "Sørg for, at hver part lægger aftalen på sin egen hjemmeside, og registrér det."


def told(desk: LawDesk, number: int, recipient: str, on: str) -> str:
    """The letter about submission nr. ``number`` as it is written ``on`` that day."""
    standing = desk.at(as_of=on)
    fact = next(f for f in standing.story.steps if f.no == number)
    then = standing.told(fact)
    more = happened(then, standing, desk.rulebook, fact, TELLS["submitted"]) | {
        "rung": f"fact{number}", "due_on": fact.on,
    }  # fmt: skip
    facts = letter_facts(then, desk.rulebook, recipient, day(on), **more)
    return rendered_text(write(letters(), "submission-recorded", facts | {"ask": None, "link": ""}).raw)


@pytest.mark.parametrize("part", ["region", "municipal"])
def test_the_secretariat_is_asked_to_see_to_it_until_the_last_party_has(desk: LawDesk, part: str) -> None:
    number = concluded(desk, "2024-03-14")
    first, *others = [one.code for one in desk.at().agreement.parties]
    for code in others:
        desk.tell("published", "2024-03-20", council=code, about="agreement", version=1)
    to = f"nordjylland/secretariat-{part}"
    assert EVERY_PARTY in told(desk, number, to, "2024-03-21")
    desk.tell("published", "2024-03-22", council=first, about="agreement", version=1)
    said = told(desk, number, to, "2024-03-22")
    assert "hjemmeside" not in said and "Bed Sundhedsstyrelsen om en kvittering" in said
    desk.tell("sst-approved", "2024-04-01")
    assert "I skal ikke gøre noget." in told(desk, number, to, "2024-04-02")
