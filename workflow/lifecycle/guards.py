"""The closed set of guards: what a step of a course can be made to depend on, by name.

A course file names them; a new kind of condition is the one place where a new kind of law costs code. Each looks at a
case (one text, or a whole course) and says what stands in the way, or ``None``. ``cite`` is the provision the regime
gives for it, "" where it has none. As a *guard* it refuses the step; as a *mark* it is kept as a breach.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from workflow.language import phrase
from workflow.values import dataclass


@dataclass(frozen=True, slots=True)
class Blocker:
    """What stands in the way, or should have been there: Danish words, the provision, who can clear it, and a word for
    machines."""

    text: str
    cite: str = ""
    who: str = ""
    need: str = ""


class Case(Protocol):
    """What the guards look at."""

    @property
    def missing(self) -> list[str]: ...
    @property
    def names_date(self) -> bool: ...
    @property
    def silence_approves(self) -> bool: ...
    @property
    def concluded(self) -> bool: ...
    @property
    def midterm_missing(self) -> bool: ...

    def noted_before(self, event: str) -> bool:
        """Whether the event had been recorded, of this text where it concerns one text."""


Guard = Callable[[Case, str], Blocker | None]


def everyone(case: Case, cite: str) -> Blocker | None:
    """No submission without every council's unconditional yes to this exact text (O-30, O-31)."""
    if not case.missing:
        return None
    names = ", ".join(case.missing)
    return Blocker(
        phrase("alle råd skal have godkendt samme version; der mangler %(names)s", names=names),
        cite,
        "councils",
    )


def goals(case: Case, cite: str) -> Blocker | None:
    """A draft goes into hearing with its common goals (O-22)."""
    if case.noted_before("goals-set") or not cite:
        return None
    return Blocker(
        phrase("udkastet skal indeholde fælles mål, før det sendes i høring (goals-set)"),
        cite,
        "ssu",
        "goals",
    )


def piu_met(case: Case, cite: str) -> Blocker | None:
    """The patients' committee has met about the text before it is begun (O-20)."""
    if case.noted_before("piu-meeting-held") or not cite:
        return None
    return Blocker(
        phrase(
            "patientinddragelsesudvalget skal have været indkaldt til et møde om forventninger og indhold, før "
            "udkastet påbegyndes (piu-meeting-held)"
        ),
        cite,
        "ssu",
        "piu-meeting",
    )


def names_a_date(case: Case, cite: str) -> Blocker | None:
    """A refusal must name the date for a changed agreement (O-45)."""
    return (
        None
        if case.names_date or not cite
        else Blocker(
            phrase("afslaget nævner ingen frist for en ændret aftale (--due)"), cite, "sst", "new-date"
        )
    )


def silence(case: Case, cite: str) -> Blocker | None:
    """Silence approves only under BEK 778/2009 (§ 6, stk. 3)."""
    return None if case.silence_approves else Blocker(phrase("tavshed er ikke godkendelse"), cite, "sst")


def concluded(case: Case, cite: str) -> Blocker | None:
    """Concluded = approved by every council and submitted; SST's approval is not required (O-37, O-51)."""
    if case.concluded:
        return None
    return Blocker(
        phrase("aftalen er ikke indgået: godkendt af alle råd og indsendt"), cite, "regional-council"
    )


def concluded_to_revise(case: Case, cite: str) -> Blocker | None:
    """Only a concluded agreement can be revised."""
    if case.concluded:
        return None
    return Blocker(phrase("kun en indgået aftale kan revideres: godkendt af alle råd og indsendt"), cite)


def concluded_to_report(case: Case, cite: str) -> Blocker | None:
    """A status tells of a concluded agreement."""
    if case.concluded:
        return None
    return Blocker(phrase("aftalen er ikke indgået, så der er ingen status at sende"), cite)


def midterm_sent(case: Case, cite: str) -> Blocker | None:
    """The final status contains the midterm one (O-62)."""
    if not case.midterm_missing or not cite:
        return None
    return Blocker(
        phrase("slutstatus skal indeholde midtvejsstatus, og den er ikke registreret (midterm-sent)"),
        cite,
        "ssu",
        "midterm",
    )


def in_place(case: Case, cite: str) -> Blocker | None:
    """Nothing takes effect before it is concluded, adopted or asked for."""
    if case.concluded:
        return None
    return Blocker(phrase("det, der skal træde i kraft, er ikke indgået, vedtaget eller sendt endnu"), cite)


def involved(case: Case, cite: str) -> Blocker | None:
    """Those who are to be involved have been, where the regime asks for it."""
    if case.noted_before("involvement-held") or not cite:
        return None
    return Blocker(
        phrase("inddragelsen er ikke registreret (involvement-held)"), cite, "secretariat", "involvement"
    )


def stated(case: Case, cite: str) -> Blocker | None:
    """Neighbours and the other level have given their statements, where the regime asks for them."""
    if case.noted_before("statements-received") or not cite:
        return None
    return Blocker(
        phrase("udtalelserne er ikke registreret (statements-received)"), cite, "secretariat", "statements"
    )


def advised(case: Case, cite: str) -> Blocker | None:
    """The authority has given its advice, where the regime asks for it."""
    if case.noted_before("advice-received") or not cite:
        return None
    return Blocker(
        phrase("myndighedens rådgivning er ikke registreret (advice-received)"), cite, "secretariat", "advice"
    )


GUARDS: dict[str, Guard] = {
    "everyone-approved": everyone,
    "goals-are-set": goals,
    "patients-committee-met": piu_met,
    "names-a-date": names_a_date,
    "silence-approves": silence,
    "concluded": concluded,
    "concluded-to-revise": concluded_to_revise,
    "concluded-to-report": concluded_to_report,
    "midterm-is-sent": midterm_sent,
    "in-place": in_place,
    "involvement-held": involved,
    "statements-received": stated,
    "advice-received": advised,
}
