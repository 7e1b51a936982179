"""What of a line is not understood: only what is known is taken away, and nothing that could be another thing."""

from __future__ import annotations

import pytest

from tests.story.living import rules
from workflow.services.meetings.keeping import read_file
from workflow.services.meetings.reading.residue import residue, unexplained


@pytest.mark.parametrize(
    "said",
    [
        "Byrådet holder ordinært møde onsdag den 27. januar 2027 kl. 17.00 i byrådssalen, Torvet 1, 5000 Odense C",
        "Møde i Sundheds- og Omsorgsudvalget, Mødelokale 3",
        "torsdag 16/9 kl. 17-20 (1. behandling af budget)",
        "Varde Rådhus, Bytoften 2",
        "17. marts (rykket pga. påske)",
    ],
)
def test_a_plain_line_leaves_nothing(said: str) -> None:
    assert residue(said) == []


@pytest.mark.parametrize(
    ("said", "left"),
    [
        ("Temadag, Rådhuset, 3. marts", "Temadag"),
        ("fredag den 28. maj 2027 Temadag Byrådet", "Temadag"),
        ("Nytårskur Rådhuset 3. januar", "Nytårskur"),
        ("Møde i Handicaprådet 3. juni", "Handicaprådet"),
        ("Møde i Sundhedsklyngen 3. juni", "Sundhedsklyngen"),
        ("Temamøde Kommunalbestyrelsen", "Temamøde"),
        ("Frist for punkter til Byrådet 19/1", "Frist punkter"),
        ("Vinterferie 15. februar", "Vinterferie"),
        ("Byrådssalen Dialogmøde 3. marts", "Dialogmøde"),
        ("14. april Plan og Teknik", "Plan Teknik"),
    ],
)
def test_a_word_that_is_not_known_is_left_wherever_it_stands(said: str, left: str) -> None:
    assert " ".join(residue(said)) == left


@pytest.mark.parametrize(
    ("heading", "left"),
    [
        ("Politisk mødeplan 2027 - Lejre Kommune", ""),
        ("Hvornår mødes byrådet i 2027?", ""),
        ("Kære Karen", ""),
        ("Sommerferie – ingen politiske møder", ""),
        ("Ældrerådet", "Ældrerådet"),
        ("Byrådets temamøder", "temamøder"),
        ("Reservedatoer til møder", "Reservedatoer"),
    ],
)
def test_a_heading_is_held_to_what_it_says_it_heads(heading: str, left: str) -> None:
    assert " ".join(unexplained(heading)) == left


@pytest.mark.parametrize(
    "heading", ["Ældrerådet", "Temamøder", "Frister", "Byrådets gruppemøder", "Chefgruppen"]
)
def test_days_below_a_heading_that_is_not_understood_carry_a_mark(heading: str) -> None:
    text = f"Byrådets møder 2027\n27. januar\n24. februar\n\n{heading}\n3. marts\n7. april\n"
    marked = {str(one.on) for one in read_file(rules(), "liste.txt", text.encode(), body="0851") if one.doubt}
    assert marked == {"2027-03-03", "2027-04-07"}
