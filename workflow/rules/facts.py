"""A fact: one thing that happened to one agreement. Facts are stored; everything else is computed.

``on`` is when it happened (Danish civil date); ``known_on`` is the first day an as-of question may see it
(``None``: from the start). ``no`` is its number in the agreement's journal. Nothing is ever edited: a
``correction`` names the fact it voids in ``corrects`` and is itself a fact. ``about`` says which body, report or
duty it concerns, ``time`` a clock time ("12:00", Danish), ``document`` the SHA-256 of a kept file and ``document_name``
what whoever recorded the fact calls that file. ``entered_on`` is the Danish day it was typed in, given by the journal;
``None`` before that.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from workflow.values import dataclass, field

EVENTS = (
    # the agreement's own course
    "opened", "sent-for-approval", "council-approved", "council-rejected", "submitted", "received",
    "sst-approved", "sst-refused", "deviation", "effective", "nominal-end",
    "midterm-sent", "final-sent", "annual-review-held", "correction",
    # drafting, consultation and the councils' shades of yes
    "drafting-opened", "piu-meeting-held", "cluster-input", "goals-set", "consultation-opened",
    "consultation-closed", "endorsed", "council-scheduled", "council-remarks", "council-conditional",
    "council-postponed", "evidence", "annex-added",
    # the authority's questions, revision, and what follows
    "info-requested", "info-supplied", "refusal-discussed", "withdrawn", "revision-opened", "meeting-planned",
    "meeting-held", "published", "status-adopted", "shared", "regime-confirmed", "reading-signed",
    # the rules themselves: a person takes a new rule set (its digest is in ``about``) on the agreement, or leaves it
    "rules-accepted", "rules-declined",
    # what the committees of the region owe, whichever agreement it is recorded on
    "piu-invited", "constituted", "chair-elected", "rules-of-procedure", "piu-seats-offered", "piu-dialogue-invited",
    "piu-meeting-requested", "working-group-set-up", "piu-group-invited", "policy-received", "policy-assessed",
    "practice-plan-consulted", "practice-plan-shown", "practice-plan-received", "practice-plan-advised",
    "practice-plan-adopted", "plan-hearing-opened", "plan-hearing-answered",
    # what the agreement itself asks for beside its text, and dates that were given or agreed
    "piu-procedure-set", "piu-heard", "cluster-dialogue", "communication-agreed", "follow-up-planned",
    "revised-date-set", "date-agreed", "date-kept",
    # a plan with advice, a contract with notice, a request with answers
    "involvement-held", "statements-received", "advice-asked", "advice-received", "adopted", "change-adopted",
    "change-sent", "concluded", "authority-told", "notice-given", "notice-received", "request-sent", "copy-sent",
    "answer-received",
    # of the bodies and duties of a term: the meeting that begins it, and that a duty (``about``) was done
    "constituting-meeting-held", "duty-done",
    # what a person said of letters about the past, and did to a single letter
    "history-answered", "letter-handled",
)  # fmt: skip
DONE = "duty-done"
"""That a duty was done which no step of the course does; ``about`` is the id of the deadline."""
NOTICES = ("notice-given", "notice-received")
"""Their ``due`` is the later day they take effect; a length is counted from the day they were given."""
OF_COMMITTEES = (
    "meeting-planned", "meeting-held", "piu-invited", "constituted", "chair-elected", "rules-of-procedure",
    "piu-seats-offered", "piu-dialogue-invited", "piu-meeting-requested", "working-group-set-up", "piu-group-invited",
    "policy-received", "policy-assessed", "practice-plan-consulted", "practice-plan-shown", "practice-plan-received",
    "practice-plan-advised", "practice-plan-adopted", "plan-hearing-opened", "plan-hearing-answered",
)  # fmt: skip
"""Facts of a region's committees: recorded on one of its agreements, they count for the committee under all of them."""


@dataclass(frozen=True, slots=True)
class Fact:
    no: int
    event: str
    on: date
    version: int | None = None
    council: str | None = None
    due: date | None = None
    source: str = ""
    by: str = ""
    corrects: int | None = None
    known_on: date | None = None
    about: str = ""
    time: str = ""
    document: str = ""
    document_name: str = ""
    entered_on: date | None = field(default=None, compare=False)

    @property
    def entered_late(self) -> bool:
        """Whether it was typed in after its day: then it is history and not news. An entry into force or an agreed end
        happened on the day it sets, whenever it was decided."""
        happened = min(self.on, self.value) if self.event in ("effective", "nominal-end") else self.on
        return self.entered_on is not None and happened < self.entered_on

    @property
    def heard_on(self) -> date:
        """The first day on which anybody could be told of it from here."""
        return max(self.on, self.entered_on or self.on)

    def known_by(self, as_of: date) -> bool:
        """Whether someone asking on ``as_of`` may see it."""
        return self.known_on is None or self.known_on <= as_of

    @property
    def value(self) -> date:
        """The date the fact sets: ``due`` where given, else the day itself."""
        return self.due or self.on


def voided(facts: Iterable[Fact]) -> set[int]:
    """The numbers of those of ``facts``, in journal order, that a correction has voided."""
    void: set[int] = set()
    for fact in reversed(list(facts)):  # a corrected correction does not correct
        if fact.event == "correction" and fact.corrects and fact.no not in void:
            void.add(fact.corrects)
    return void


def live(facts: Iterable[Fact], as_of: date) -> list[Fact]:
    """The facts that hold on ``as_of``, in journal order: known by then and not corrected by then."""
    known = [fact for fact in facts if fact.known_by(as_of)]
    void = voided(known)
    return [fact for fact in known if fact.no not in void and fact.event != "correction"]


def lacking(fact: Fact) -> list[str]:
    """The requirements SST found unmet, as they were recorded with its refusal (BEK 1248/2022 § 21, stk. 4)."""
    if fact.event != "sst-refused":
        return []
    return [part.strip() for part in fact.about.split(";") if part.strip()]
