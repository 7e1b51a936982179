"""Who has answered a hearing, read for whoever writes to those that have not; the lines are those of the journal of
acts that :mod:`workflow.services.hearing.register` reads whole."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import TYPE_CHECKING

from workflow.rules.days import danish_day
from workflow.storage.asking import ask

if TYPE_CHECKING:
    from workflow.storage.asking import View

HEARING = "hearing"  # the room of the journal of acts; about AGREEMENT@VERSION
ANSWERED, STRUCK = "answered", "struck"


def answered(view: View, key: str, version: int, as_of: date) -> frozenset[str]:
    """The parties of the hearing of ``version`` whose answer had come by the end of that Danish day and stands: a
    council's code, a cluster's id, ``piu``, or ``p`` and a number for one that was added."""
    lines = ask(
        view, "SELECT no, what, said FROM act WHERE room = :room AND about = :about AND what IN :what",
        room=HEARING, about=f"{key}@{version}", what=[ANSWERED, STRUCK],
    )  # fmt: skip
    told = [(number, what, json.loads(said)) for number, what, said in lines]
    struck = {int(said["number"]) for _, what, said in told if what == STRUCK}
    return frozenset(
        str(said["party"])
        for number, what, said in told
        if what == ANSWERED
        and number not in struck
        and danish_day(datetime.fromisoformat(said["at"])) <= as_of
    )
