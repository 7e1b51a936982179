"""Which stored meetings are meant by a committee's name of today: some were stored under names that earlier versions
read, in another form ("Økonomiudvalg") or cut off ("Klimaudvalget" of "Plan, Miljø og Klimaudvalget")."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from workflow.services.meetings.naming import called_now, cut_off
from workflow.services.meetings.reading.proposing import Proposed
from workflow.storage.facts.meetings import Meeting

Key = tuple[str, str, date]


class Stored:
    """Stored meetings, by council, committee and day. ``listed``: what a list names itself; a committee that it names
    is never taken for the rest of a longer name."""

    def __init__(self, rows: Iterable[Meeting], listed: Iterable[Proposed] = ()) -> None:
        self._rows: dict[Key, list[Meeting]] = {}
        for row in rows:
            self._rows.setdefault((row.body, called_now(row.organ), row.on), []).append(row)
        self._listed = {(one.body, called_now(one.organ), one.on) for one in listed}

    def take(self, body: str, name: str, on: date) -> list[Meeting]:
        """The rows of one meeting: first the one that bears the name as it is said, then those that count. Several
        where its committee came to stand under two names. A row under a cut name belongs to whoever asks first."""
        whole, rest = (body, called_now(name), on), (body, cut_off(called_now(name)), on)
        rows = self._rows.get(whole, [])
        if not rows and rest not in self._listed:
            rows = self._rows.pop(rest, [])
        return sorted(rows, key=lambda row: (row.organ != name, row.gone_on is not None))
