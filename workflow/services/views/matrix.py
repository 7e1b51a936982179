"""The councils of one agreement with their answers, and the papers that came with it. Read-only and pure."""

from __future__ import annotations

from datetime import date

from workflow.lifecycle.text import Version
from workflow.rules.facts import Fact, live
from workflow.storage.facts.projection import Standing
from workflow.values import dataclass

DECIDING = (
    "council-approved",
    "council-remarks",
    "council-conditional",
    "council-rejected",
    "council-postponed",
)


OPEN = ("not_sent", "pending", "scheduled", "reset")
"""States in which a council has decided nothing about the text that holds."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What one council said to one version. ``meets_on`` is its meeting, ``decided_on`` the day it decided,
    ``evidence`` where that can be read, ``document`` the SHA-256 of a kept file."""

    code: str
    name: str
    regional: bool
    version: int | None
    state: str
    meets_on: date | None = None
    decided_on: date | None = None
    evidence: str = ""
    document: str = ""
    published_on: date | None = None


@dataclass(frozen=True, slots=True)
class Paper:
    """A kept file of the agreement: what came with which fact (its ``no``), when, its SHA-256 and name."""

    event: str
    on: date
    version: int | None
    council: str
    source: str
    digest: str
    name: str
    no: int


def matrix(standing: Standing, version: int | None = None) -> list[Answer]:
    """Every council that must approve, the regional one first, on the newest version or the one named; none where the
    course asks no council."""
    course = standing.course
    shown = course.version(version) if version is not None else course.current
    facts = live(standing.facts, standing.as_of)
    rows, decisions = [], course.tables.decision
    for party in standing.agreement.parties if decisions.states else ():
        if shown is None:
            rows.append(Answer(party.code, party.name, party.regional, None, decisions.initial))
            continue
        said = [f for f in facts if f.council == party.code and f.version == shown.number]
        proof = _proof(said)
        rows.append(
            Answer(
                party.code, party.name, party.regional, shown.number,
                shown.decisions.get(party.code, decisions.initial), shown.meets_on.get(party.code),
                _decided_on(shown, party.code), proof.source if proof else "", proof.document if proof else "",
                course.published("agreement", shown.number).get(party.code),
            )
        )  # fmt: skip
    return rows


def _decided_on(shown: Version, code: str) -> date | None:
    """The day of the council's decision; the day a meeting was told of is none."""
    return shown.decided_on.get(code) if shown.decisions.get(code) not in OPEN else None


def _proof(said: list[Fact]) -> Fact | None:
    """The newest evidence, else the decision itself."""
    evidence = [fact for fact in said if fact.event == "evidence"]
    found = evidence or [fact for fact in said if fact.event in DECIDING]
    return found[-1] if found else None


def papers(standing: Standing) -> list[Paper]:
    """Every file that came with a fact, in journal order."""
    return [
        Paper(f.event, f.on, f.version, f.council or "", f.source, f.document, f.document_name, f.no)
        for f in live(standing.facts, standing.as_of)
        if f.document
    ]
