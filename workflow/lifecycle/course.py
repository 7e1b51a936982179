"""Where every machine of one agreement stands on a day, and the events that bring it there."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from workflow.lifecycle.machine import Tables
from workflow.lifecycle.text import Version
from workflow.rules.facts import Fact
from workflow.rules.story import Story
from workflow.values import dataclass, field

COUNCIL_EVENTS = frozenset(
    {
        "council-scheduled", "council-approved", "council-remarks", "council-conditional", "council-postponed",
        "council-rejected", "evidence",
    }
)  # fmt: skip
"""What one council says of one text."""
VERSION_EVENTS = frozenset(
    {
        "consultation-opened", "consultation-closed", "endorsed", "sent-for-approval", "submitted", "received",
        "info-requested", "info-supplied", "refusal-discussed", "sst-approved", "sst-refused", "withdrawn",
        # a plan, a contract, a request
        "involvement-held", "statements-received", "advice-asked", "advice-received", "adopted", "change-adopted",
        "change-sent", "concluded", "authority-told", "request-sent", "copy-sent",
        "answer-received", "constituting-meeting-held",
    }
)  # fmt: skip
"""What happens to one text as a whole."""
PERIOD_EVENTS = frozenset({"notice-given"})
"""What somebody does to the time it binds."""
BEGINS = (
    "drafting-opened", "revision-opened", "consultation-opened", "endorsed", "sent-for-approval", "advice-asked",
    "adopted", "notice-received", "request-sent", "constituting-meeting-held",
)  # fmt: skip
"""What opens a text, in one course or another."""
TOLD = COUNCIL_EVENTS | VERSION_EVENTS | PERIOD_EVENTS | {*BEGINS}
"""What a person says of a text, a council or the time it binds: a course has some of it."""
HEARD = {
    "version": VERSION_EVENTS
    | {
        "all-approved", "council-against", "council-reopened", "superseded", "law-ended", "sst-silent", *BEGINS
    },
    "decision": COUNCIL_EVENTS | {"sent-for-approval", "text-changed"},
    "period": PERIOD_EVENTS | {"effective", "notice-ended", "nominal-end-passed", "succeeded", "law-ended"},
    "report": frozenset({"status-adopted", "sent", "published", "shared", "law-ended"}),
    "review": frozenset(
        {"annual-review-held", "revision-opened", "found-needless", "found-needed", "year-ended"}
    ),
}  # fmt: skip
"""The events each machine is told of (:mod:`workflow.lifecycle.following`): any other in its course would lead
nowhere."""
REPORTS = ("midterm", "final")
PUBLISHED = ("agreement", *REPORTS)


@dataclass(frozen=True, slots=True)
class Mark:
    """A rule that a step broke: it happened all the same, and that is kept for the agreement's life. ``need`` is a word
    for machines, ``text`` Danish, ``cite`` the provision, ``who`` whose duty it was."""

    fact: Fact
    need: str
    text: str
    cite: str
    who: str = ""


@dataclass(slots=True)
class Course:
    """Where every machine of one agreement stands on a day, and the ``story`` that led there. ``noted`` holds the facts
    by event; ``marks`` are the rules that were broken on the way, in order."""

    tables: Tables = field(repr=False)
    story: Story = field(default_factory=lambda: Story(()))
    marks: list[Mark] = field(default_factory=list)

    versions: list[Version] = field(default_factory=list)
    period: str = ""
    period_on: date | None = None  # the first day of the period's present state, where a day began it
    reports: dict[str, str] = field(default_factory=dict)
    reviews: dict[int, str] = field(default_factory=dict)  # by calendar year
    noted: dict[str, list[Fact]] = field(default_factory=lambda: defaultdict(list))
    effective_on: date | None = None
    nominal_end: Fact | None = None
    concluded_on: date | None = None
    law_ended: Fact | None = None
    midterm_missing: bool = False
    missing: list[str] = field(default_factory=list)
    names_date: bool = False
    silence_approves: bool = False

    def __post_init__(self) -> None:
        self.period = self.period or self.tables.period.initial
        self.reports = self.reports or dict.fromkeys(REPORTS, self.tables.report.initial)

    def noted_before(self, event: str) -> bool:
        """Whether the event had been recorded by now."""
        return bool(self.noted.get(event))

    @property
    def concluded(self) -> bool:
        """Approved by every council and submitted (VEJ 9008/2024 afsnit 3.6)."""
        return self.concluded_on is not None

    @property
    def current(self) -> Version | None:
        """The newest version, or ``None`` before anything was drafted or sent."""
        return self.versions[-1] if self.versions else None

    @property
    def text_state(self) -> str:
        """The newest version's state; before there is one, that in which the course's text machine begins."""
        return self.current.state if self.current else self.tables.version.initial

    @property
    def listed_state(self) -> str:
        """The same as lists keep it, where there is no text to ask whether silence approved it."""
        return self.current.listed_state if self.current else self.text_state

    @property
    def midterm(self) -> str:
        """The midterm status' state."""
        return self.reports["midterm"]

    @property
    def final(self) -> str:
        """The final status' state."""
        return self.reports["final"]

    def version(self, number: int) -> Version | None:
        """The version with this number."""
        return next((version for version in self.versions if version.number == number), None)

    def published(self, what: str, version: int | None = None) -> dict[str, date]:
        """Who has confirmed publication of the agreement's version or of a report, and when."""
        return {
            fact.council or "": fact.on
            for fact in self.noted["published"]
            if fact.about == what and (what != "agreement" or fact.version == version)
        }
