"""The councils of one text as rows to fill in: what stands, what a person wants to stand, and the facts between.

A row that is left as it was becomes nothing. A wrong line is corrected and written again, and so is the day of a
meeting to come that is moved; another decision on a later day is a new one.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from workflow.language import phrase
from workflow.lifecycle.names import EVENTS
from workflow.rules.days import spoken
from workflow.rules.facts import Fact, live
from workflow.services.facts.moving import SCHEDULED, replaced
from workflow.services.views.matrix import DECIDING, matrix
from workflow.storage.facts.projection import Standing
from workflow.values import dataclass, replace

IN_THE_TABLE = phrase("Rettet i rådenes tabel: ")
YES = ("council-approved", "council-remarks")
EDITABLE = (
    "council-approved",
    "council-remarks",
    "council-conditional",
    "council-postponed",
    "council-rejected",
)


@dataclass(frozen=True, slots=True)
class Line:
    """What stands for one council on the newest text: its meeting day and the facts that said it, its decision and the
    fact that holds it (``no``, 0 for none). ``source`` is that fact's, ``evidence`` where the newest proof can be read,
    ``document`` the SHA-256 of the file kept with the decision and ``document_name`` what it is called."""

    code: str
    name: str
    regional: bool
    state: str
    meets_on: date | None = None
    meetings: tuple[Fact, ...] = ()
    event: str = ""
    on: date | None = None
    source: str = ""
    evidence: str = ""
    document: str = ""
    document_name: str = ""
    no: int = 0


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wants to stand for one council; ``event`` is "" for no decision, ``document`` a file just given."""

    meets_on: date | None = None
    event: str = ""
    on: date | None = None
    source: str = ""
    document: str = ""
    document_name: str = ""


def lines(standing: Standing) -> list[Line]:
    """A row for each council, the regional one first; none before the text was sent to them. A decision that a new
    meeting has taken up again no longer stands: it is history, and its row is open."""
    current = standing.course.current
    if current is None or current.sent_on is None:
        return []
    said = [fact for fact in live(standing.facts, standing.as_of) if fact.version == current.number]
    found = []
    states = standing.course.tables.decision
    stands = (*states.are("counts"), *states.are("against"), "postponed")
    for row in matrix(standing):
        own = [fact for fact in said if fact.council == row.code]
        decisions = [fact for fact in own if fact.event in DECIDING and row.state in stands]
        newest = max(decisions, key=lambda fact: (fact.on, fact.no), default=None)
        told = tuple(fact for fact in own if fact.event == SCHEDULED)
        line = Line(row.code, row.name, row.regional, row.state, row.meets_on, told)
        if newest:
            line = replace(
                line, event=newest.event, on=newest.on, source=newest.source, evidence=row.evidence,
                document=newest.document, document_name=newest.document_name, no=newest.no,
            )  # fmt: skip
        found.append(line)
    return found


def steps(
    line: Line, wish: Wish, version: int, told_on: date, today: date, by: str
) -> tuple[list[Fact], dict[str, str]]:
    """The facts that lead from ``line`` to ``wish``, and what is wrong with it: a Danish sentence for each field
    (``meets_on``, ``event``, ``on``, ``source``) that is. ``told_on`` is the day a coming meeting was told."""
    facts: list[Fact] = []
    wrong: dict[str, str] = {}
    if _asks_for_a_decision(line, wish):
        facts += _decision(line, wish, version, today, by, wrong)
    if wish.meets_on != line.meets_on:
        facts += _meeting(line, wish, version, told_on, today, by, wrong)
    return ([] if wrong else facts), wrong


def is_new(line: Line, wish: Wish) -> bool:
    """Whether the wish is a decision of its own and not the one that stands, written right."""
    later = bool(wish.on and line.on and wish.on > line.on)
    return not line.event or (wish.event != line.event and later)


def _asks_for_a_decision(line: Line, wish: Wish) -> bool:
    """Whether the decision's cells were touched; a source that comes with a new meeting day is the meeting's."""
    if (wish.event, wish.on) != (line.event, line.on):
        return True
    return wish.meets_on == line.meets_on and (bool(wish.document) or wish.source != line.source)


def _decision(
    line: Line, wish: Wish, version: int, today: date, by: str, wrong: dict[str, str]
) -> Iterator[Fact]:
    if not wish.event:
        if line.event and wish.on in (None, line.on):
            yield _correction(line.no, f"{_said(line.event, line.on)} slettes", today, by)
        else:
            wrong["event"] = phrase("Vælg, hvad rådet besluttede.")
        return
    new = is_new(line, wish)
    given = wish if wish.document or new else line
    document = given.document
    if wish.on is None:
        wrong["on"] = phrase("Skriv, hvilken dag rådet besluttede det.")
    elif wish.on > today:
        wrong["on"] = phrase("%(on)s er ikke kommet endnu; skriv den som mødedag.", on=wish.on)
    if not wish.source and not document:
        wrong["source"] = phrase("Skriv, hvor beslutningen kan læses, eller vedlæg udskriften.")
    elif new and line.event and wish.source == line.source and not wish.document:
        wrong["source"] = phrase("Her står kilden til den forrige beslutning. Skriv den nyes.")
    if wrong or wish.on is None:
        return
    if not new:
        why = f"{_said(line.event, line.on)} bliver {_said(wish.event, wish.on)}"
        if (line.event, line.on) == (wish.event, wish.on):
            why = phrase("%(said)s får et andet grundlag", said=_said(line.event, line.on))
        yield _correction(line.no, why, today, by)
    for told in line.meetings:
        if told.on > wish.on:  # typed in before the decision was, and told of before it
            why = phrase("rådet besluttede %(on)s, før mødedagen blev oplyst", on=wish.on)
            yield _correction(told.no, why, today, by)
    yield Fact(0, wish.event, wish.on, version, line.code, source=wish.source, by=by, document=document,
               document_name=given.document_name)  # fmt: skip


def _meeting(
    line: Line, wish: Wish, version: int, told_on: date, today: date, by: str, wrong: dict[str, str]
) -> Iterator[Fact]:
    if wish.event in YES:
        if wish.meets_on != wish.on:  # the day it met is the day it decided
            cure = f"Skriv {spoken(line.meets_on, False)} igen" if line.meets_on else phrase("Tøm feltet")
            wrong["meets_on"] = phrase(
                "Rådet har besluttet, så en mødedag kan ikke sættes. %(cure)s.", cure=cure
            )
        return
    if wish.meets_on is None:
        for told in reversed(line.meetings):
            yield _correction(told.no, phrase("mødedagen slettes"), today, by)
        return
    on = max(told_on, wish.on) if wish.on and is_new(line, wish) else told_on
    source = wish.source if wish.source != line.source or is_new(line, wish) else ""
    if wish.meets_on < on:
        wrong["meets_on"] = phrase(
            "%(meets_on)s er gået. Skriv, hvad rådet besluttede, eller skriv øverst, hvilken dag "
            "mødedagen blev oplyst.",
            meets_on=wish.meets_on,
        )
        return
    told = Fact(
        0, SCHEDULED, on, version, line.code, wish.meets_on, source, by, document=wish.document,
        document_name=wish.document_name,
    )  # fmt: skip
    yield from replaced(line.meetings, told, today, IN_THE_TABLE, older_too=True)
    yield told


def _said(event: str, on: date | None) -> str:
    return f"»{EVENTS[event]}«" + (f" {spoken(on, False)}" if on else "")


def _correction(no: int, why: str, today: date, by: str) -> Fact:
    return Fact(0, "correction", today, source=f"{IN_THE_TABLE}{why}", by=by, corrects=no)
