"""A branch becomes facts: what was shown is recorded with its source, all of it or nothing."""

from __future__ import annotations

import hashlib
import json
from datetime import date, datetime

from sqlalchemy import Engine

from workflow.ahead.branches import Branch
from workflow.errors import Conflict, Invalid, NotPossible
from workflow.language import phrase
from workflow.services.facts.agreements import record_in
from workflow.services.facts.grounds import by_its_own_door
from workflow.services.lookahead.branching import Branched, branched_in
from workflow.services.meetings.keeping import keep_in
from workflow.storage.database import writing
from workflow.storage.facts import journal
from workflow.storage.law.rulebook import Rulebook
from workflow.values import replace


def fingerprint(found: Branched) -> str:
    """SHA-256 (hex) of what a branch would record: its facts and its changes of calendars."""
    facts = [(f.event, f.on, f.version, f.council, f.due, f.about, f.time) for f in found.facts]
    meetings = [(m.body, m.organ, m.on, m.agenda_closes, m.gone) for m in found.meetings]
    return hashlib.sha256(json.dumps([facts, meetings], default=str).encode()).hexdigest()


def keep_branch(
    engine: Engine, rulebook: Rulebook, key: str, branch: Branch, *, source: str, by: str, today: date, at: datetime,
    seen: str = "",
) -> Branched:  # fmt: skip
    """Record the branch's facts and meetings with their ``source``, all or nothing; what was shown. Each needs the
    source a record needs, so an empty one is :class:`Invalid`. :class:`Conflict` where it would record something else
    than what was ``seen`` (its :func:`fingerprint`), where that is given."""
    if not source.strip():
        raise Invalid(phrase("at gemme en gren kræver en kilde: --source TEXT, hvor det kan læses"))
    with writing(engine) as session:
        if branch.merge:
            raise NotPossible(
                phrase("en sammenlægning er en lov og ingen hændelse, så grenen kan ikke gemmes")
            )
        row = journal.find(session, key, lock=True)
        found = branched_in(session, rulebook, row, branch, today)
        if seen and seen != fingerprint(found):
            raise Conflict(
                phrase("runden har ændret sig, siden grenen blev vist; intet er gemt, se den igen")
            )
        for fact in found.facts:
            by_its_own_door((), fact)
            kept = replace(fact, no=0, source=source.strip(), by=by)
            record_in(session, rulebook, row, kept, today=today, at=at)
        keep_in(session, found.meetings, source.strip(), by, at)
        row.wake_on = date(1, 1, 1)
        return found
