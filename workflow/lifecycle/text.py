"""One version of the agreement's text: what the councils and SST said to it, and the steps that change that.

Every function takes the version forward by one fact or raises :class:`NotPossible` with the reason.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from workflow.errors import NotPossible
from workflow.lifecycle.decision import AGAINST, COUNTS, DECISION, UNDECIDED
from workflow.lifecycle.version import BEFORE_SST, VERSION
from workflow.rules.agreement import Agreement
from workflow.rules.facts import Fact


@dataclass(slots=True)
class Version:
    """One text. Dates are Danish civil dates; ``document`` is the SHA-256 of the text where it was given."""

    number: int
    parties: tuple[str, ...]
    names: dict[str, str]
    unanimity: str = ""
    refuse: str = ""
    goals: str = ""
    silence_approves: bool = False
    state: str = VERSION.initial
    decisions: dict[str, str] = field(default_factory=dict)
    decided_on: dict[str, date] = field(default_factory=dict)
    meets_on: dict[str, date] = field(default_factory=dict)
    document: str = ""
    closes_on: date | None = None
    closes_at: str = ""
    sent_on: date | None = None
    reply_by: date | None = None
    submitted_on: date | None = None
    withdrawn_on: date | None = None
    received_on: date | None = None
    answered_on: date | None = None
    names_date: bool = False
    has_goals: bool = False
    tacit: bool = False
    revision: bool = False

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


def begin(agreement: Agreement, number: int) -> Version:
    """A new text in draft, with the agreement's parties and provisions."""
    regime = agreement.regime
    return Version(
        number,
        tuple(party.code for party in agreement.parties),
        {party.code: party.name for party in agreement.parties},
        regime.cite("unanimity"),
        regime.cite("refuse"),
        regime.cite("goals"),
        regime.tacit_approval,
    )


def replace_by(version: Version, later: int) -> None:
    """A later text takes over before this one reached SST: every council must decide anew (trap 12)."""
    if version.state in (*BEFORE_SST, "withdrawn"):
        version.state = VERSION.step(version.state, "superseded", said=f"version {later}")
        version.decisions = {code: DECISION.step(s, "text-changed") for code, s in version.decisions.items()}


def send(version: Version, fact: Fact) -> None:
    """The text goes to every council."""
    version.state = VERSION.step(version.state, fact.event, version, f"version {version.number}")
    version.decisions = {code: DECISION.step(DECISION.initial, fact.event) for code in version.parties}
    version.sent_on, version.reply_by = fact.on, fact.due
    version.document = fact.document or version.document


def decide(agreement: Agreement, version: Version, fact: Fact, newest: int, yes_no: int) -> None:
    """One council's answer, or the evidence of it. ``yes_no`` is the number of its yes to this text, or 0."""
    cite = agreement.regime.cite("unanimity")
    council = agreement.council(fact.council or "")
    if council is None:
        raise NotPossible(
            f"rådet {fact.council} er ikke part i {agreement.key}: {agreement.region_name} har "
            f"{', '.join(f'{party.code} {party.name}' for party in agreement.parties)}",
            cite,
        )
    said = f"{council.name}, version {version.number},"
    if version.state == "superseded" and version.number != newest:
        raise NotPossible(
            f"version {version.number} er erstattet af version {newest}; en beslutning gælder den nøjagtige tekst",
            cite,
        )
    if fact.event != "evidence" and version.state not in BEFORE_SST:
        raise NotPossible(
            f"{fact.event} er ikke mulig: version {version.number} er {VERSION.states[version.state]!r}; rådene "
            f"beslutter om en tekst, der er sendt til dem, og beslutningen ændres ikke efter indsendelsen",
            cite,
        )
    if fact.event == "council-conditional" and yes_no and version.decisions.get(council.code) in COUNTS:
        raise NotPossible(
            f"{said} er godkendt (nr. {yes_no}). Er det registreret forkert, så ret det først: "
            f"correction --corrects {yes_no}",
            cite,
        )
    if fact.event == "council-rejected" and version.decisions.get(council.code) in COUNTS and not fact.source:
        raise NotPossible(f"{said} er godkendt; en tilbagekaldelse skal have en begrundelse (--source)", cite)
    version.decisions[council.code] = DECISION.step(
        version.decisions.get(council.code, DECISION.initial), fact.event, said=said
    )
    if fact.event == "council-scheduled" and fact.due:
        version.meets_on[council.code] = fact.due
    if fact.event != "evidence":
        version.decided_on[council.code] = fact.on
        _weigh(version)


def _weigh(version: Version) -> None:
    """Let the councils' answers move the text: one against blocks it, the last yes completes it."""
    if version.against:
        if version.state != "blocked":
            version.state = VERSION.step(version.state, "council-against")
    elif not version.missing:
        if version.state != "fully_approved":
            version.state = VERSION.step(version.state, "all-approved", version)
    elif version.state in ("blocked", "fully_approved"):
        version.state = VERSION.step(version.state, "council-reopened")


def move(agreement: Agreement, version: Version, fact: Fact) -> None:
    """Any other step of the text: hearing, endorsement, submission, SST's answer."""
    if fact.event == "submitted" and fact.document and version.document not in ("", fact.document):
        raise NotPossible(
            f"teksten er en anden end den, rådene godkendte som version {version.number}; "
            f"en ændret tekst er en ny version",
            agreement.regime.cite("unanimity"),
        )
    version.names_date = fact.due is not None
    version.state = VERSION.step(version.state, fact.event, version, f"version {version.number}")
    match fact.event:
        case "consultation-opened":
            version.closes_on, version.closes_at = fact.due, fact.time
        case "submitted":
            version.submitted_on = fact.on
        case "withdrawn":  # nothing was submitted for any duty (law.md 3a)
            version.withdrawn_on, version.submitted_on, version.received_on = fact.on, None, None
        case "received":
            version.received_on = fact.value
        case "sst-approved" | "sst-refused":
            version.answered_on = fact.on
