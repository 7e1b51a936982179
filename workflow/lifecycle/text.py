"""One version of the agreement's text: what the councils and SST said to it, and the steps that change that.

Every function takes the version forward by one fact or raises :class:`NotPossible` with the reason.
"""

from __future__ import annotations

from datetime import date

from workflow.errors import NotPossible
from workflow.language import phrase
from workflow.lifecycle.machine import Cite, Tables, tables
from workflow.lifecycle.spoken import the_day
from workflow.rules.agreement import Agreement
from workflow.rules.facts import Fact
from workflow.values import dataclass, field

SILENT = phrase("anses for godkendt, da der ikke kom svar inden fristen")
TACIT = "tacit"
_STILL_HEARD = ("received", "info-requested", "info-supplied", "refusal-discussed", "sst-approved")
"""What an authority may still say of a text that its silence has approved: it changes nothing."""


@dataclass(slots=True)
class Version:
    """One text. Dates are Danish civil dates; ``document`` is the SHA-256 of the text where it was given; ``answers``
    is the version whose refusal it changes the text after, ``None`` where it answers none."""

    number: int
    parties: tuple[str, ...]
    names: dict[str, str]
    tables: Tables = field(repr=False)
    cite: Cite = field(repr=False, compare=False)
    silence_approves: bool = False
    state: str = ""
    decisions: dict[str, str] = field(default_factory=dict)
    decided_on: dict[str, date] = field(default_factory=dict)
    meets_on: dict[str, date] = field(default_factory=dict)
    document: str = ""
    document_name: str = ""
    closes_on: date | None = None
    closes_at: str = ""
    sent_on: date | None = None
    reply_by: date | None = None
    submitted_on: date | None = None
    received_on: date | None = None
    answered_on: date | None = None
    concluded_on: date | None = None
    names_date: bool = False
    tacit: bool = False
    revision: bool = False
    answers: int | None = None
    noted: set[str] = field(default_factory=set)
    concluded: bool = False
    midterm_missing: bool = False

    def __post_init__(self) -> None:
        self.state = self.state or self.tables.version.initial

    @property
    def with_councils(self) -> bool:
        """Whether the councils have it and it has gone no further."""
        return self.state in self.tables.version.are("with-councils")

    @property
    def with_authority(self) -> bool:
        """Whether the authority has it and has not answered."""
        return self.state in self.tables.version.are("with-authority")

    @property
    def sendable(self) -> bool:
        """Whether it can be submitted as it is: every council's yes stands, also where it was taken back since."""
        return not self.missing and self.tables.version.target(self.state, "submitted") is not None

    @property
    def answered(self) -> bool:
        """Whether its course has an authority that answers: one that is only sent the text answers nothing."""
        return bool(self.tables.version.are("with-authority"))

    @property
    def due_public_on(self) -> date | None:
        """The day from which the parties publish it: sent to the authority that answers, else concluded. ``None`` for
        what is neither, and for what was refused, withdrawn or replaced."""
        if not self.answered:
            return self.concluded_on if self.state in self.tables.version.are("concluded") else None
        return self.submitted_on if self.with_authority or self.state == "sst_approved" else None

    def approved_by(self, council: str) -> bool:
        """Whether this council (a code) has said an unconditional yes to it."""
        return self.decisions.get(council) in self.tables.decision.are("counts")

    @property
    def state_name(self) -> str:
        """The state in Danish: what silence approved nobody has said yes to."""
        return SILENT if self.listed_state == TACIT else self.tables.version.states[self.state]

    @property
    def listed_state(self) -> str:
        """The state as lists keep it, where there is no text to ask whether silence approved it."""
        return TACIT if self.tacit and self.state == "sst_approved" else self.state

    @property
    def unanswered(self) -> str:
        """By when no answer came and the provision that makes it an approval, in Danish; empty where silence did not
        approve it."""
        if not (self.tacit and self.answered_on):
            return ""
        cite = self.cite("tacit-approval")
        return phrase("intet svar senest %(day)s (%(cite)s)", day=the_day(self.answered_on), cite=cite)

    def decision_name(self, council: str) -> str:
        """In Danish where this council stands on the text."""
        return self.tables.decision.states[self.decisions[council]]

    def noted_before(self, event: str) -> bool:
        """Whether the event had been recorded of this text, or of none in particular, by the step just taken."""
        return event in self.noted

    @property
    def missing(self) -> list[str]:
        """Names of the councils whose unconditional yes is missing, in code order."""
        return [self.names[code] for code in self.parties if not self.approved_by(code)]

    @property
    def pending(self) -> list[str]:
        """Codes of the councils that have not decided."""
        return self._where("undecided")

    @property
    def against(self) -> list[str]:
        """Codes of the councils that said no or set conditions."""
        return self._where("against")

    def _where(self, kind: str) -> list[str]:
        states = self.tables.decision.are(kind)
        return [code for code in self.parties if self.decisions.get(code) in states]


def begin(agreement: Agreement, number: int) -> Version:
    """A new text in draft, with the agreement's parties and provisions."""
    regime, run = agreement.regime, tables(agreement.regime.course)
    asked = agreement.parties if run.decision.states else ()  # in some courses no council decides
    return Version(
        number,
        tuple(party.code for party in asked),
        {party.code: party.name for party in agreement.parties},
        run,
        regime.cite,
        regime.tacit_approval,
    )


def replace_by(version: Version, later: int) -> None:
    """A later text takes over before this one was concluded: every council must decide anew."""
    texts, decisions = version.tables.version, version.tables.decision
    if version.state not in texts.are("concluded") and texts.target(version.state, "superseded"):
        version.state = texts.moved(version.state, "superseded", phrase("version %(number)s", number=later))
        version.decisions = {
            code: decisions.moved(s, "text-changed") for code, s in version.decisions.items()
        }


def send(version: Version, fact: Fact) -> None:
    """The text goes to every council."""
    decisions = version.tables.decision
    version.state = _next(version, fact.event)
    version.decisions = {code: decisions.moved(decisions.initial, fact.event) for code in version.parties}
    version.sent_on, version.reply_by = fact.on, fact.due
    if fact.document:
        version.document, version.document_name = fact.document, fact.document_name


def _next(version: Version, event: str) -> str:
    said = phrase("version %(number)s", number=version.number)
    return version.tables.version.step(version.state, event, version, version.cite, said)


def decide(agreement: Agreement, version: Version, fact: Fact, newest: int, yes_no: int | None) -> None:
    """One council's answer, or the evidence of it. ``yes_no`` is the number of its yes to this text."""
    cite = agreement.regime.cite("unanimity")
    council = agreement.council(fact.council or "")
    if council is None:
        raise NotPossible(
            phrase(
                "rådet %(council)s er ikke part i %(agreement)s: %(region)s har %(councils)s",
                council=fact.council,
                agreement=agreement.key,
                region=agreement.region_name,
                councils=", ".join(f"{party.code} {party.name}" for party in agreement.parties),
            ),
            cite,
        )
    said = phrase("%(council)s, version %(number)s,", council=council.name, number=version.number)
    decisions = version.tables.decision
    stands = version.decisions.get(council.code, decisions.initial)
    counts = stands in decisions.are("counts")
    if version.state == "superseded" and version.number != newest:
        raise NotPossible(
            phrase(
                "version %(number)s er erstattet af version %(newest)s; en beslutning gælder den nøjagtige tekst",
                number=version.number,
                newest=newest,
            ),
            cite,
        )
    if fact.event != "evidence" and not version.with_councils:
        raise NotPossible(
            phrase(
                "%(event)s er ikke mulig: version %(number)s er '%(state)s'; rådene beslutter om en tekst, der er "
                "sendt til dem, og beslutningen ændres ikke efter indsendelsen",
                event=fact.event,
                number=version.number,
                state=version.state_name,
            ),
            cite,
        )
    if fact.event == "council-conditional" and yes_no and counts:
        raise NotPossible(
            phrase(
                "%(said)s er godkendt (nr. %(line)s). Er det registreret forkert, så ret det først: "
                "correction --corrects %(line)s",
                said=said,
                line=yes_no,
            ),
            cite,
        )
    if fact.event == "council-rejected" and counts and not fact.source:
        raise NotPossible(
            phrase("%(said)s er godkendt; en tilbagekaldelse skal have en begrundelse (--source)", said=said),
            cite,
        )
    version.decisions[council.code] = decisions.step(stands, fact.event, version, version.cite, said)
    if fact.event == "council-scheduled" and fact.due:
        version.meets_on[council.code] = fact.due
    if fact.event != "evidence":
        version.decided_on[council.code] = fact.on
        _weigh(version)


def _weigh(version: Version) -> None:
    """Let the councils' answers move the text: one against blocks it, the last yes completes it."""
    event = (
        "council-against" if version.against else "council-reopened" if version.missing else "all-approved"
    )
    if version.tables.version.target(version.state, event) not in (None, version.state):
        version.state = version.tables.version.step(version.state, event, version, version.cite)


def fall_silent(version: Version, fact: Fact) -> None:
    """The authority's last day has passed without an answer, and that approves the text."""
    if version.with_authority:
        version.state = _next(version, fact.event)
        version.answered_on, version.tacit = fact.on, True


def _approved_by_silence(version: Version, fact: Fact) -> NotPossible:
    """Why ``fact`` cannot be."""
    text = phrase(
        "%(event)s er ikke mulig: version %(number)s anses for godkendt, da der ikke kom svar senest %(day)s",
        event=fact.event, number=version.number, day=the_day(version.answered_on or fact.on),
    )  # fmt: skip
    return NotPossible(text, version.cite("tacit-approval"))


def move(agreement: Agreement, version: Version, fact: Fact) -> None:
    """Any other step of the text: hearing, endorsement, submission, SST's answer."""
    if fact.event == "submitted" and fact.document and version.document not in ("", fact.document):
        raise NotPossible(
            phrase(
                "teksten er en anden end den, rådene godkendte som version %(number)s; "
                "en ændret tekst er en ny version",
                number=version.number,
            ),
            agreement.regime.cite("unanimity"),
        )
    if not version.tacit:
        version.state = _next(version, fact.event)
    elif fact.event not in _STILL_HEARD:
        raise _approved_by_silence(version, fact)
    match fact.event:
        case "consultation-opened":
            version.closes_on, version.closes_at = fact.due, fact.time
        case "submitted":
            version.submitted_on = fact.on
        case "withdrawn":  # nothing was submitted for any duty
            version.submitted_on = version.received_on = version.concluded_on = None
        case "received":
            version.received_on = fact.value
        case "sst-approved" | "sst-refused" if not version.tacit:
            version.answered_on = fact.on
