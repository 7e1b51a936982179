"""Links from letters, opened: by the key that holds, or told of where its key has ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from workflow.errors import NotPossible
from workflow.faces.daemon.workplace import Workplace
from workflow.language import phrase
from workflow.rules.days import danish_day

_Named = TypeVar("_Named")


def opened_link(place: Workplace, token: str, opens: Callable[[str, str], _Named | None]) -> _Named | None:
    """What the link names (``opens(token, key)``), ``None`` for one that we did not make. :class:`NotPossible` for one
    that we made by a key that has ended: whoever holds it learns that, and what to do."""
    if (named := opens(token, place.secret)) is not None:
        return named
    for key, ended_at in place.keys.ended:
        if opens(token, key) is not None:
            said = phrase(
                "Linket gælder ikke længere: den %(day)s blev alle links i tidligere breve lukket. "
                "Brug linket i et nyere brev, eller skriv til sekretariatet; adressen står i mailen. Intet er ændret.",
                day=danish_day(ended_at),
            )
            raise NotPossible(said)
    return None
