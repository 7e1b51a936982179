"""A letter in English says in English what was stored in Danish: a step filled with the regime's words, a title made of
two phrases, a reason with its readings; a person's own words stay theirs."""

from __future__ import annotations

import pytest

from workflow.language import speaking, worded

SAID = {
    "Gør slutstatus færdig, få den vedtaget i udvalget, og send den til Sundhedsstyrelsen.":
        "Finish the final status, have it adopted in the committee, and send it to the Danish Health Authority.",
    "Sundhedsstyrelsen beder om oplysninger": "The Danish Health Authority asks for information",
    "Årets møder i sundhedssamarbejdsudvalget: 0 af mindst 4 holdt":
        "The year's meetings in the health cooperation committee: 0 of at least 4 held",
    "6 måneder før er fredag den 1. januar 2027": "6 months before is Friday 1 January 2027",
    "Loven er tavs: Er selve dagen rettidig? Nej, det skal være sket, før dagen begynder: torsdag den 31. december "
    "2026; Ja, selve dagen er rettidig: fredag den 1. januar 2027":
        "The law is silent: Is the day itself in time? No, it must have been done before the day begins: Thursday 31 "
        "December 2026; Yes, the day itself is in time: Friday 1 January 2027",
    "Hold det supplerende konstituerende møde, og registrér det.":
        "Hold the supplementary constituting meeting, and record it.",
    "sandsynlig: 1. januar 2026": "likely: 1 January 2026",
}  # fmt: skip
OWN = (
    "Anna ringede til Bo, og de talte om mødet i maj; han var der ikke: det var en fejl",
    "Morsø: de når det ikke før ferien",
)


@pytest.mark.parametrize("danish", SAID)
def test_what_was_stored_in_danish_is_said_whole_in_english(danish: str) -> None:
    with speaking("en"):
        assert worded(danish) == SAID[danish]


@pytest.mark.parametrize("note", OWN)
def test_a_person_s_own_words_stay_as_they_were_written(note: str) -> None:
    with speaking("en"):
        assert worded(note) == note
