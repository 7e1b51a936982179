"""What a council's case is made from: the text and its annexes, its steps, the law, and the days to the council's own
meeting. Reads only; days are Danish."""

from __future__ import annotations

from datetime import date

from sqlmodel import Session

from workflow.ahead.backwards import BackwardPlan, PlannedCouncil
from workflow.ahead.roads import Road, road_to
from workflow.errors import NotPossible
from workflow.language import phrase
from workflow.lifecycle.names import called
from workflow.rules.agreement import Council
from workflow.rules.days import spoken
from workflow.services.due.targets import agreed_target
from workflow.services.papers.docx import Block
from workflow.services.planning.travelling import kept, named
from workflow.storage.facts.projection import Standing
from workflow.values import dataclass

_STEPS = ("drafting-opened", "revision-opened", "piu-meeting-held", "consultation-opened", "consultation-closed",
          "endorsed", "sent-for-approval")  # fmt: skip
_LAW = ("unanimity", "submit", "refuse")


@dataclass(frozen=True, slots=True)
class Shared:
    """What is the same in every council's case: ``fields`` of the words, the parts, the ``days`` of the timetable with
    what and where from, and ``by``, the day the text must be submitted."""

    fields: dict[str, str]
    steps: list[Block]
    law: list[Block]
    papers: list[Block]
    days: list[tuple[date, str, str]]
    text: str
    by: date | None


def shared_of(session: Session, standing: Standing) -> Shared:
    """Of the text that is with the councils; :class:`NotPossible` where there is none, or not its file."""
    agreement, current = standing.agreement, standing.course.current
    if current is None or current.sent_on is None:
        raise NotPossible(phrase("teksten er ikke sendt til rådene, så der er ingen sag at lave"))
    papers = kept(session, named(standing, current.number))
    text = next((one for one in papers if one.digest == current.document), None)
    if text is None:
        raise NotPossible(
            phrase(
                "filen med version %(number)s er ikke lagt ind, så indstillingen kan ikke nævne tekstens fingeraftryk; "
                "ret linjen om afsendelsen, og registrér den igen med filen",
                number=current.number,
            )
        )
    due, words = agreed_target(standing), agreement.regime.words
    days = [(current.sent_on, "Teksten er sendt til rådene", "journalen")]
    if current.reply_by:
        days.append((current.reply_by, "Svar til sekretariatet senest", "aftalt"))
    if due and due.legal_on:
        days.append((due.legal_on, f"{due.title}, senest", due.cite[0] if due.cite else "aftalt"))
    return Shared(
        {
            "region": agreement.name, "parterne": words.parties.definite,
            "periode": agreement.label, "udvalget": words.committee.definite,
            "dokumentet": words.document.definite, "myndigheden": words.authority.definite,
            "version": str(current.number), "tekstens navn": text.name, "fingeraftryk": text.digest,
            "sendt": spoken(current.sent_on, False), "svar senest": day_or(current.reply_by, "ikke aftalt"),
            "indsendes senest": day_or(due.legal_on if due else None, "ikke fastsat"),
        },
        _steps(standing, current.number), _law(standing),
        [("bullet", f"{one.what}: {one.name} (SHA-256 {one.digest})") for one in papers],
        days, text.digest, due.legal_on if due else None,
    )  # fmt: skip


def _steps(standing: Standing, version: int) -> list[Block]:
    told: list[Block] = []
    events = called(standing.agreement.regime.words)
    for fact in standing.story.named(*_STEPS):
        if fact.version not in (None, version):
            continue
        until = (
            f", frist {spoken(fact.due, False)}" if fact.event == "consultation-opened" and fact.due else ""
        )
        told.append(("bullet", f"{spoken(fact.on, False)}: {events[fact.event]}{until}"))
    return told


def _law(standing: Standing) -> list[Block]:
    """Each provision with its words, where they are at hand; the others by name alone."""
    regime = standing.agreement.regime
    rule = regime.rule("submission")
    cites = list(dict.fromkeys([*(regime.cite(step) for step in _LAW), *(rule.cite if rule else ())]))
    words = {one.cite: one.text for one in standing.rules.quotations}
    told: list[Block] = []
    for cite in filter(None, cites):
        told.append(("bullet", f"{cite}:" if cite in words else f"{cite} (ordlyden er ikke lagt ind her)"))
        if cite in words:
            told.append(("quote", f"»{words[cite]}«"))
    return told


def meeting_of(
    standing: Standing, council: Council, plan: BackwardPlan | None
) -> tuple[date | None, str, Road | None]:
    """The council's meeting for this case, where that is from, and the way to it: the day it has told, else the last
    meeting that can decide in time, else the first it can reach."""
    current = standing.course.current
    told = current.meets_on.get(council.code) if current else None
    found = next((one for one in plan.councils if one.lane.code == council.code), None) if plan else None
    if told:
        return told, "oplyst af rådet", _road_on(found, told, standing)
    road = found and (found.road if found.usable else found.first)
    if not road:
        return None, "", None
    return road.council.on, road.council.source, road


def _road_on(found: PlannedCouncil | None, on: date, standing: Standing) -> Road | None:
    sitting = next((one for one in found.lane.sittings if one.on == on), None) if found else None
    return road_to(found.lane, sitting, standing.rules.gaps.agenda) if found and sitting else None


def way_to(road: Road | None) -> list[tuple[date, str, str]]:
    """The agendas and committees on the way; an agenda's end that nobody has told is left out."""
    days: list[tuple[date, str, str]] = []
    for name, sitting in [*road.committees, ("", road.council)] if road else []:
        where = f"mødet i {name}" if name else "rådets møde"
        if sitting.agenda_closes:
            days.append((sitting.agenda_closes, f"Dagsordenen til {where} lukker", sitting.source))
        if name:
            days.append((sitting.on, f"Møde i {name}", sitting.source))
    return days


def day_or(day: date | None, otherwise: str) -> str:
    """The day in words, or ``otherwise`` where there is none."""
    return spoken(day, False) if day else otherwise
