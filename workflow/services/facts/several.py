"""Several facts of one agreement in one transaction: each is refused as it would be alone, and dates, neighbours and
letters follow all of them once. To work an agreement out anew after each of a hundred facts is most of what a round
costs that is read in or rehearsed.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime

from sqlmodel import Session

from workflow.errors import Refused
from workflow.rules.facts import Fact
from workflow.services.facts.agreements import append_in, follow_in, record_in
from workflow.services.facts.holding import before_it
from workflow.storage.facts import projection
from workflow.storage.facts.documents import Attached
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.tables import AgreementRow
from workflow.values import replace

Placed = Callable[[Refused], Refused]
"""A refusal, told with the place that its fact came from."""


class Several:
    """Facts for one ``row``, which the caller has locked: each is :meth:`add`-ed, and in the end all are
    :meth:`follow`-ed. ``asking`` about history as in :func:`workflow.services.facts.agreements.record_in`."""

    def __init__(
        self, session: Session, rulebook: Rulebook, row: AgreementRow, *, today: date, at: datetime, asking: bool = True
    ) -> None:  # fmt: skip
        self._place = (session, rulebook, row)
        self._today, self._at, self._asking = today, at, asking
        self._before: Standing | None = None  # the first of those added
        self._now: Standing | None = None  # the same, with the facts added since
        self._added: list[tuple[Placed, list[Fact]]] = []

    def add(self, fact: Fact, placed: Placed, attached: Attached | None = None) -> Fact:
        """The fact as it was written down; refused as it would be alone, told by ``placed``."""
        if self._alone(fact):
            self.follow()
        try:
            if self._now is None:
                self._now, unfit = before_it(*self._place, self._today)
                self._before = self._now
                if unfit:
                    self._now = None
            if self._now is None or self._alone(fact):
                done = record_in(
                    *self._place, fact, today=self._today, at=self._at, attached=attached, asking=self._asking,
                    begin=self._now,
                )  # fmt: skip
                self._before = self._now = done.onwards
                return done.fact
            session, _, row = self._place
            numbered, moves, _ = append_in(
                session, row, self._now, fact, today=self._today, at=self._at, attached=attached, asking=self._asking,
            )  # fmt: skip
        except Refused as error:
            raise placed(error) from error
        self._now = replace(self._now, facts=(*self._now.facts, *moves, numbered))
        self._added.append((placed, [*moves, numbered]))
        return numbered

    def _alone(self, fact: Fact) -> bool:
        """A correction may bring back other rules; and of what is entered late somebody is asked, letter by letter."""
        late = replace(fact, entered_on=self._today).entered_late
        return fact.event == "correction" or (self._asking and late)

    def follow(self) -> None:
        """Let everything follow what was added. What can only be refused now is told of the fact that brought it."""
        if not self._added:
            return
        appended = [fact for _, facts in self._added for fact in facts]
        session, _, row = self._place
        in_force = row.effective_on
        try:
            after = projection.suppose(*self._place, self._today)
        except Refused as error:
            raise self._whose(error) from error
        follow_in(session, row, after, appended, self._at, self._asking)
        if row.effective_on != in_force:  # by it the row's successor is found
            after = projection.suppose(*self._place, self._today)
            follow_in(session, row, after, appended, self._at, self._asking)
        self._added, self._before, self._now = [], after, after

    def _whose(self, error: Refused) -> Refused:
        """The refusal as the first fact would have had it with which the agreement cannot be worked out."""
        assert self._before is not None
        facts = list(self._before.facts)
        for placed, more in self._added:
            facts += more
            try:
                self._before.with_only(facts)
            except Refused as own:
                return placed(own)
        return self._added[-1][0](error)
