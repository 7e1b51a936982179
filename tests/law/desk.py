"""A desk with a real database: tell it what happened, ask it what follows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import wraps
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeVar, cast

import pytest
from sqlalchemy import Engine

from tests.story.living import danish, inside, post, rules
from workflow.errors import Refused
from workflow.rules.facts import Fact
from workflow.rules.timeline import Deadline
from workflow.services.facts.agreements import Recorded, open_agreement, record
from workflow.services.planning.owing import Owed
from workflow.services.planning.reminders import plan
from workflow.storage.database import reading
from workflow.storage.facts import journal, projection
from workflow.storage.facts.documents import Attached
from workflow.storage.facts.past import facts
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook

KEY = "nordjylland/2024-2027"
LATE = date(2026, 11, 21)
ROOT = Path(__file__).resolve().parents[2]


def day(text: str) -> date:
    return date.fromisoformat(text)


Act = TypeVar("Act", bound=Callable[..., Any])
LEFT: dict[object, tuple[bytes, Any]] = {}


def once(act: Act) -> Act:
    """What the same act on the same file, byte for byte, left and answered before in this process is put back."""

    @wraps(act)
    def done(desk: LawDesk, *words: Any, **more: Any) -> Any:
        if desk.rulebook is not rules() or desk.engine.dialect.name != "sqlite":
            return act(desk, *words, **more)
        with desk.engine.connect() as connection:
            path = Path(connection.exec_driver_sql("PRAGMA database_list").one().file)
        key = (act.__name__, sha256(path.read_bytes()).digest(), desk.today, repr((words, more)))
        if key in LEFT:
            path.write_bytes(LEFT[key][0])
        else:
            answer = act(desk, *words, **more)
            LEFT[key] = path.read_bytes(), answer
            if len(LEFT) > 60:  # most of a megabyte each
                del LEFT[next(iter(LEFT))]
        return LEFT[key][1]

    return cast(Act, done)


@dataclass
class LawDesk:
    """One database. Dates are ISO text; what is recorded is recorded on ``today`` (Danish)."""

    engine: Engine
    rulebook: Rulebook
    today: date = LATE

    @once
    def open(
        self, region: str = "nordjylland", term: str = "2022-2025", label: str = "2024-2027",
        opened_on: date | None = None, **more: Any,
    ) -> str:  # fmt: skip
        on = opened_on or date(int(term[:4]), 10, 3)
        opening = Fact(0, "opened", on)
        at = danish(on, 9)
        open_agreement(
            self.engine, self.rulebook, opening, region=region, term=term, label=label, at=at, **more
        )
        return f"{region}/{label}"

    def tell(
        self, event: str, on: str, key: str = KEY, file: bytes = b"", confirmed: bool = True, **more: Any
    ) -> Recorded:
        if isinstance(more.get("due"), str):
            more["due"] = day(more["due"])
        fact = replace(Fact(0, event, day(on), source="Brev", by="test"), **more)
        attached = Attached("aftale.pdf", file) if file else None
        at = danish(min(fact.on, self.today), 9)  # typed in on its day: news, as the law's tests want it
        write = inside if event == "regime-confirmed" else record
        return write(
            self.engine,
            self.rulebook,
            key,
            fact,
            today=self.today,
            at=at,
            attached=attached,
            confirmed=confirmed,
        )

    def refuses(self, kind: type[Refused], event: str, on: str, key: str = KEY, **more: Any) -> str:
        """The refusal's words, once it is certain that the journal is as it was."""
        before = self.journal(key)
        with pytest.raises(kind) as caught:
            self.tell(event, on, key, confirmed=False, **more)
        assert self.journal(key) == before
        return str(caught.value)

    @once
    def sends(self, on: str = "2023-10-02", key: str = KEY, yes_on: str = "2023-11-27", **more: Any) -> None:
        """A text to every council, and every council's yes."""
        version = more.get("version", 1)
        self.tell("sent-for-approval", on, key, version=version)
        for party in self.at(key).agreement.parties:
            self.tell("council-approved", yes_on, key, council=party.code, version=version)

    @once
    def concludes(self, on: str = "2023-12-15", key: str = KEY, **more: Any) -> None:
        self.sends(key=key, **more)
        self.tell("submitted", on, key)

    def at(self, key: str = KEY, as_of: str | date = LATE) -> Standing:
        with reading(self.engine) as session:
            on = day(as_of) if isinstance(as_of, str) else as_of
            return projection.load(session, self.rulebook, journal.find(session, key), on)

    def deadline(self, rule: str, key: str = KEY, as_of: str | date = LATE, subject: str = "") -> Deadline:
        found = self.at(key, as_of).deadline(rule, subject)
        assert found, f"{key} has no deadline {rule}"
        return found

    def date(self, rule: str, key: str = KEY, as_of: str | date = LATE) -> str:
        return str(self.deadline(rule, key, as_of).legal_on)

    def letters(self, on: str, hour: int = 9, handed_over: bool = True) -> list[Owed]:
        """What one planning pass writes; afterwards it has gone out."""
        written = plan(self.engine, self.rulebook, danish(day(on), hour)).planned
        if handed_over:
            post(self.engine)
        return written

    def journal(self, key: str = KEY) -> tuple[object, ...]:
        with reading(self.engine) as session:
            row = journal.find(session, key)
            assert journal.verify(session, row) is None
            return (*facts(session, row), row.stamp, row.head, row.version_state)


__all__ = ["KEY", "LATE", "ROOT", "LawDesk", "day", "rules"]
