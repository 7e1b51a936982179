"""follow(agreement, facts, as_of) -> where every machine of an agreement stands, or which fact cannot be.

Facts are taken in the order they happened (day, version, the natural order of a day, journal number), so the
order they were typed in does not matter. The first fact that the tables refuse raises :class:`NotPossible`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from workflow.errors import NotPossible
from workflow.lifecycle.decision import AGAINST, COUNTS, DECISION, UNDECIDED
from workflow.lifecycle.period import PERIOD
from workflow.lifecycle.report import REPORT
from workflow.lifecycle.version import AT_SST, VERSION
from workflow.rules.agreement import Agreement
from workflow.rules.facts import Fact, live

_ORDER = (
    "opened deviation consultation-opened consultation-closed endorsed sent-for-approval council-scheduled "
    "council-postponed council-conditional council-rejected council-approved council-remarks evidence submitted "
    "received info-requested info-supplied refusal-discussed sst-refused sst-approved withdrawn effective "
    "nominal-end status-adopted midterm-sent final-sent annual-review-held"
).split()
COUNCIL_EVENTS = frozenset(row.event for row in DECISION.rows) - {"sent-for-approval", "text-changed"}
VERSION_EVENTS = frozenset(row.event for row in VERSION.rows) - {
    "all-approved",
    "council-against",
    "council-reopened",
}


@dataclass(slots=True)
class Version:
    """One text and what the councils and SST said to it. Dates are Danish civil dates."""

    number: int
    parties: tuple[str, ...]
    unanimity: str = ""
    refuse: str = ""
    silence_approves: bool = False
    state: str = VERSION.initial
    decisions: dict[str, str] = field(default_factory=dict)
    decided_on: dict[str, date] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    sent_on: date | None = None
    reply_by: date | None = None
    submitted_on: date | None = None
    received_on: date | None = None
    answered_on: date | None = None
    names_date: bool = False
    tacit: bool = False

    @property
    def missing(self) -> list[str]:
        """Names of the councils whose unconditional yes is missing, in code order."""
        return [self.names[code] for code in self.parties if self.decisions.get(code) not in COUNTS]

    @property
    def pending(self) -> list[str]:
        """Codes of the councils that have not decided."""
        return [code for code in self.parties if self.decisions.get(code) in UNDECIDED]

    @property
    def against(self) -> list[str]:
        """Codes of the councils that said no or set conditions."""
        return [code for code in self.parties if self.decisions.get(code) in AGAINST]


@dataclass(slots=True)
class Course:
    """Where every machine of one agreement stands on a day."""

    versions: list[Version] = field(default_factory=list)
    period: str = PERIOD.initial
    midterm: str = REPORT.initial
    final: str = REPORT.initial
    effective_on: date | None = None
    nominal_end: Fact | None = None
    concluded_on: date | None = None
    concluded_cite: str = ""
    contains_midterm: str = ""
    midterm_missing: bool = False

    @property
    def concluded(self) -> bool:
        """Approved by every council and submitted (VEJ 9008/2024 afsnit 3.6)."""
        return self.concluded_on is not None

    @property
    def current(self) -> Version | None:
        """The newest version, or ``None`` before anything was sent."""
        return self.versions[-1] if self.versions else None

    def version(self, number: int) -> Version | None:
        """The version with this number."""
        return next((version for version in self.versions if version.number == number), None)


def in_order(facts: Iterable[Fact]) -> list[Fact]:
    """Facts in the order they happened."""
    rank = {event: index for index, event in enumerate(_ORDER)}
    return sorted(facts, key=lambda f: (f.on, f.version or 0, rank.get(f.event, len(rank)), f.no))


def follow(
    agreement: Agreement,
    facts: Iterable[Fact],
    as_of: date,
    silence_on: date | None = None,
    succeeded_on: date | None = None,
) -> Course:
    """Walk every machine through the facts known on ``as_of``.

    ``silence_on`` is the last day of SST's clock under a regime where silence approves; ``succeeded_on`` the day
    the next agreement took effect.
    """
    regime = agreement.regime
    course = Course(
        concluded_cite=regime.cite("concluded"), contains_midterm=regime.cite("final-includes-midterm")
    )
    known = live(facts, as_of)
    for fact in in_order(known):
        _take(agreement, course, fact)
    for kind, attribute in (("effective", "effective_on"), ("nominal-end", "nominal_end")):
        setting = [fact for fact in known if fact.event == kind]
        if setting:
            newest = max(setting, key=lambda fact: (fact.known_on or date.min, fact.no))
            setattr(course, attribute, newest.value if kind == "effective" else newest)
    _let_the_clock_run(course, as_of, silence_on, succeeded_on)
    return course


def _take(agreement: Agreement, course: Course, fact: Fact) -> None:
    if fact.event == "sent-for-approval":
        _send(agreement, course, fact)
    elif fact.event in COUNCIL_EVENTS:
        _decide(agreement, course, fact)
    elif fact.event in VERSION_EVENTS:
        _move(agreement, course, fact)
    elif fact.event in ("midterm-sent", "final-sent"):
        if agreement.regime.rule(fact.event.replace("-sent", "-order")) is None:
            raise NotPossible(
                f"{fact.event} er ikke mulig: {agreement.regime.instrument} kræver ingen statusrapporter"
            )
        which = fact.event.removesuffix("-sent")
        course.midterm_missing = which == "final" and course.midterm in ("scheduled", "drafting")
        setattr(course, which, REPORT.step(getattr(course, which), "sent", course, f"{which}-status"))
    elif fact.event == "deviation" and not agreement.regime.cite("deviation"):
        raise NotPossible(
            f"{agreement.regime.instrument} giver ikke Sundhedsstyrelsen adgang til at fravige fristen"
        )


def _send(agreement: Agreement, course: Course, fact: Fact) -> None:
    number = fact.version or 1
    before = course.current
    if before and before.number >= number:
        raise NotPossible(
            f"version {number} er allerede sendt til godkendelse; en ændret tekst får nummer {before.number + 1}"
        )
    if before and before.state in AT_SST:
        raise NotPossible(
            f"version {before.number} er {VERSION.states[before.state]!r}; afvent Sundhedsstyrelsens svar"
        )
    if before and before.state in ("in_council_approval", "blocked", "fully_approved"):
        before.state = VERSION.step(before.state, "superseded")
        before.decisions = {c: DECISION.step(s, "text-changed") for c, s in before.decisions.items()}
    parties = agreement.parties
    version = Version(
        number,
        tuple(party.code for party in parties),
        agreement.regime.cite("unanimity"),
        agreement.regime.cite("refuse"),
        agreement.regime.tacit_approval,
        names={party.code: party.name for party in parties},
        sent_on=fact.on,
        reply_by=fact.due,
    )
    version.state = VERSION.step(version.state, fact.event)
    version.decisions = {code: DECISION.step(DECISION.initial, fact.event) for code in version.parties}
    course.versions.append(version)


def _find(course: Course, fact: Fact) -> Version:
    version = course.version(fact.version or 0)
    if version is None:
        raise NotPossible(
            f"{fact.event} er ikke mulig: version {fact.version} er ikke sendt til godkendelse den {fact.on}; "
            f"registrér først sent-for-approval"
        )
    return version


def _decide(agreement: Agreement, course: Course, fact: Fact) -> None:
    council = agreement.council(fact.council or "")
    if council is None:
        raise NotPossible(
            f"rådet {fact.council} er ikke part i {agreement.key}: {agreement.region_name} har "
            f"{', '.join(f'{party.code} {party.name}' for party in agreement.parties)}",
            agreement.regime.cite("unanimity"),
        )
    version = _find(course, fact)
    said = f"{council.name}, version {version.number},"
    if version.state == "superseded":
        assert course.current is not None
        raise NotPossible(f"version {version.number} er erstattet af version {course.current.number}; godkendelsen "
                          f"gælder den nøjagtige tekst", agreement.regime.cite("unanimity"))  # fmt: skip
    if version.state not in ("in_council_approval", "blocked", "fully_approved"):
        raise NotPossible(
            f"{fact.event} er ikke mulig: version {version.number} er {VERSION.states[version.state]!r}, og rådenes "
            f"beslutninger ændres ikke efter indsendelsen",
            agreement.regime.cite("unanimity"),
        )
    version.decisions[council.code] = DECISION.step(version.decisions[council.code], fact.event, said=said)
    version.decided_on[council.code] = fact.on
    if version.against and version.state != "blocked":
        version.state = VERSION.step(version.state, "council-against")
    elif not version.missing and version.state != "fully_approved":
        version.state = VERSION.step(version.state, "all-approved", version)
    elif version.missing and not version.against and version.state in ("blocked", "fully_approved"):
        version.state = VERSION.step(version.state, "council-reopened")


def _move(agreement: Agreement, course: Course, fact: Fact) -> None:
    version = _find(course, fact)
    version.names_date = fact.due is not None
    version.state = VERSION.step(version.state, fact.event, version, f"version {version.number}")
    if fact.event == "submitted":
        version.submitted_on = fact.on
        course.concluded_on = course.concluded_on or fact.on
    elif fact.event == "received":
        version.received_on = fact.value
    elif fact.event in ("sst-approved", "sst-refused"):
        version.answered_on = fact.on


def _let_the_clock_run(
    course: Course, as_of: date, silence_on: date | None, succeeded_on: date | None
) -> None:
    current = course.current
    if current and current.silence_approves and silence_on and as_of > silence_on and current.state in AT_SST:
        current.state = VERSION.step(current.state, "sst-silent", current)
        current.answered_on, current.tacit = silence_on, True
    if (
        course.effective_on
        and course.concluded
        and as_of >= max(course.effective_on, course.concluded_on or as_of)
    ):
        course.period = PERIOD.step(course.period, "effective", course)
        if course.nominal_end and as_of >= course.nominal_end.value:
            course.period = PERIOD.step(course.period, "nominal-end-passed")
        if succeeded_on and as_of >= succeeded_on:
            course.period = PERIOD.step(course.period, "succeeded")
