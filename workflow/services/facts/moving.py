"""A council's meeting day that is told anew: the day told before is corrected, whichever door the new one came by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from workflow.language import phrase
from workflow.rules.facts import Fact, live

SCHEDULED = "council-scheduled"


def replaced(
    facts: Sequence[Fact], fact: Fact, today: date, where: str = "", *, older_too: bool = False
) -> Iterator[Fact]:
    """The corrections, dated ``today`` (Danish), that ``fact`` asks for among ``facts``: where it tells a council's
    meeting, and another day stands for the same text that was not yet held when the new one was told. The newest line
    first. ``where`` is said before the reason. An older word that is entered late moves nothing, unless ``older_too``.
    """
    if fact.event != SCHEDULED or fact.due is None:
        return
    told = [
        one for one in live(facts, date.max)
        if (one.event, one.council, one.version) == (SCHEDULED, fact.council, fact.version) and one.due
    ]  # fmt: skip
    stands = max(told, key=lambda one: (one.on, one.no), default=None)
    if stands is None or stands.due is None or (stands.on > fact.on and not older_too):
        return
    if (
        stands.due == fact.due or stands.due < fact.on
    ):  # the same day; or one that was held: the case comes up again
        return
    why: str = phrase("mødedagen %(earlier)s bliver %(later)s", earlier=stands.due, later=fact.due)
    why = f"{where}{why}"
    for one in reversed(told):
        if one.due == stands.due:
            yield Fact(0, "correction", today, source=why, by=fact.by, corrects=one.no)
