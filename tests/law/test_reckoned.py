"""The second reckoner works out every letter of every kind of duty, also where a regime has no letters of its own."""

from __future__ import annotations

from sqlalchemy import delete, select
from sqlmodel import col

from tests.law.desk import LawDesk, day, rules
from tests.story.living import danish
from workflow.services.watch.reckoning import reckon
from workflow.storage.database import writing
from workflow.storage.tables import Notice

OPENED, MORNINGS = "2026-06-01", ("2026-09-02", "2026-10-02", "2026-11-02", "2026-11-17", "2026-11-24")


def test_a_duty_whose_letters_are_the_generic_ones_is_reckoned_too(empty: LawDesk) -> None:
    """Nordjylland's rammeaftale, due on 1 December 2026: nobody may say that it cannot be worked out."""
    empty.open(
        "nordjylland", "2026-2029", "2027-2028", opened_on=day(OPENED), regime="rammeaftale-bek-1561-2025"
    )
    letters = {one.letter.name for on in MORNINGS for one in empty.letters(on)}
    assert "countdown" in letters
    gone = col(Notice.letter) == "countdown", col(Notice.rung) == "-7d"
    assert lost(empty) == []
    with writing(empty.engine) as session:
        taken = list(session.scalars(select(Notice.key).where(*gone)))  # type: ignore[call-overload]
        session.execute(delete(Notice).where(*gone))
    assert lost(empty) == [("missing", key) for key in sorted(taken)]


def lost(desk: LawDesk) -> list[tuple[str, str]]:
    """What the reckoner misses or cannot work out on the evening of the last morning."""
    found = reckon(desk.engine, rules(), danish(day(MORNINGS[-1]), 23))
    return sorted((one.kind, one.key) for one in found if one.kind in ("missing", "unreckonable"))
