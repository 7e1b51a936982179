"""Unsent notices that have become untrue are replaced in the transaction that made them so."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import CursorResult, bindparam, select, update
from sqlmodel import Session, SQLModel, col

from workflow.language import phrase
from workflow.mail.writing.factparts import CarriedFacts, ComparedFacts
from workflow.mail.writing.facts import PlannedFacts
from workflow.rules.facts import Fact
from workflow.rules.ladder import LetterRule
from workflow.rules.timeline import Deadline
from workflow.services.due.councildays import told_days
from workflow.services.due.handled import heard
from workflow.services.due.prompts import prompts
from workflow.services.planning.letterfacts import compared_for
from workflow.services.planning.moves import move_told
from workflow.services.planning.occasions import heard_in, needing
from workflow.services.planning.recipients import has_answered, party_of
from workflow.services.planning.since import done_since, rung_of, since, still_asked
from workflow.services.planning.travelling import FilesTold, carried, completed
from workflow.storage.asking import through
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.letters.bundles import put_down, take_apart
from workflow.storage.tables import UNSENT, AgreementRow, Notice

_EVENTS = ("fact", "silence")
"""What the rung of a letter about an event begins with (:func:`workflow.services.planning.since.rung_of`)."""
_notice = SQLModel.metadata.tables[str(Notice.__tablename__)]


class Unsent(NamedTuple):
    """What of a letter tells whether it is still true; the columns of its row."""

    id: int
    key: str
    letter: str
    deadline: str
    subject_of: str
    revision: int
    rung: str
    recipient: str
    statutory: bool
    state: str


_OF = select(*(_notice.c[name] for name in Unsent._fields)).where(
    _notice.c.agreement_id == bindparam("agreement")
)
_IN_STATES = _OF.where(_notice.c.state.in_(bindparam("states", expanding=True))).order_by(_notice.c.id)
_UNWRITTEN = (
    _OF.add_columns(_notice.c.facts)
    .where(_notice.c.state.in_(UNSENT), _notice.c.body.is_(None))
    .order_by(_notice.c.id)
)


def supersede(session: Session, rulebook: Rulebook, row: AgreementRow, standing: Standing) -> int:
    """Turn unsent reminders of a moved or fulfilled deadline into *superseded*; how many.

    A notice already claimed is left alone: it may be on the wire, and the correcting letter follows it. A mail that
    tells several is taken apart first, and written again without what has become untrue; once it was said to a mail
    server it stays whole, and goes no more when what it is named for has become untrue.
    """
    replaced, unsent = 0, _unsent(session, row, UNSENT)
    for notice, why in _found_untrue(unsent, rulebook, standing, UNSENT):
        replaced += _replace(session, notice.id, why)
    if unsent:  # else none is unwritten, or becomes so
        _bring_up_to_date(session, rulebook, row, standing)
    return replaced


def _bring_up_to_date(session: Session, rulebook: Rulebook, row: AgreementRow, standing: Standing) -> None:
    """Letters that are not written yet (they wait for a mailbox, a person, or the morning): what a letter about an
    event tells of the time since becomes that of the standing, and so do the files that any of them carries. What
    they tell of the event itself never changes."""
    steps = {rung_of(fact): fact for fact in standing.story.walked}
    letters = {letter.name: letter for letter in rulebook.letters}
    told: dict[str, FilesTold] = {}  # forty councils are told the same
    for *unwritten, text in session.execute(_UNWRITTEN, {"agreement": row.id}).all():
        notice = Unsent(*unwritten)
        about = _told(notice)
        fact = steps.get(about) if about else None
        before: PlannedFacts = json.loads(text)
        facts = before.copy()
        if fact and facts.get("since") is not None:
            facts |= {"since": since(standing, fact), "over": not still_asked(standing, fact)}
            facts |= {"done": done_since(standing, fact)}
        elif (moved := standing.deadline(notice.deadline, notice.subject_of)) and facts.get(
            "since"
        ) is not None:
            told_now = move_told(standing, moved)[1]
            facts |= {"since": told_now.get("since", []), "over": told_now.get("over", False)}
        if (fact or not about) and not facts.get("copy"):  # a copy is of what was sent
            files = _files(rulebook, standing, notice, letters.get(notice.letter), fact)
            if files:
                key = json.dumps(files)
                told[key] = told.get(key) or completed(session, *files, standing.as_of)
                facts = {**facts, **told[key]}
        if facts != before:
            kept = session.get_one(Notice, notice.id)
            kept.facts = json.dumps(facts, ensure_ascii=False, sort_keys=True)


def _files(
    rulebook: Rulebook, standing: Standing, notice: Unsent, letter: LetterRule | None, fact: Fact | None
) -> tuple[CarriedFacts | None, ComparedFacts | None] | None:
    """The files and texts that a letter names, as if it were planned now; ``None`` for one that carries none."""
    if letter is None or not letter.carries:
        return None
    if fact is None and notice.deadline == "consultation":
        asked = (prompt for prompt in prompts(standing, rulebook) if prompt.id == notice.deadline)
        fact = next((heard_in(standing, one) for one in asked if one.subject == notice.subject_of), None)
    papers = carried(standing, letter, fact)
    changed = compared_for(standing, notice.recipient, papers, fact.version if fact else None)
    return papers, changed


def _told(notice: Unsent) -> str:
    """What a letter about an event tells, a fact or a silence (:func:`~workflow.services.planning.since.rung_of`); ""
    for any other letter."""
    return notice.rung if notice.deadline == "" and notice.rung.startswith(_EVENTS) else ""


def withdraw(session: Session, row: AgreementRow, letter: str, rung: str, why: str) -> int:
    """Turn the unsent notices of one letter about one thing into *superseded*; how many."""
    about = (col(Notice.agreement_id) == row.id, col(Notice.letter) == letter, col(Notice.rung) == rung)
    unsent = session.scalars(select(col(Notice.id)).where(*about, col(Notice.state).in_(UNSENT))).all()
    return sum(_replace(session, notice_id, why) for notice_id in unsent if notice_id is not None)


def gone(session: Session, row: AgreementRow, letter: str, rung: str, recipient: str) -> bool:
    """Whether one letter about one thing has been handed over to ``recipient``, or is on its way."""
    about = (col(Notice.agreement_id) == row.id, col(Notice.letter) == letter, col(Notice.rung) == rung)
    left = col(Notice.state).not_in((*UNSENT, "superseded", "cancelled", "told"))
    return (
        session.scalar(select(col(Notice.id)).where(*about, left, col(Notice.recipient) == recipient))
        is not None
    )


def _replace(session: Session, notice_id: int, why: str) -> int:
    take_apart(session, notice_id)
    guarded = (
        update(Notice)
        .where(col(Notice.id) == notice_id, col(Notice.state).in_(UNSENT))
        .values(state="superseded", why=why)
    )
    result = session.execute(guarded)
    assert isinstance(result, CursorResult)
    if result.rowcount:
        put_down(session, notice_id)
    return result.rowcount


def untrue(
    session: Session, rulebook: Rulebook, row: AgreementRow, standing: Standing,
    states: Collection[str] = UNSENT,
) -> list[tuple[Unsent, str]]:  # fmt: skip
    """The unsent letters that ``standing`` makes untrue, each with why; of those in ``states``. Reads only."""
    return _found_untrue(_unsent(session, row, states), rulebook, standing, states)


def _unsent(session: Session, row: AgreementRow, states: Collection[str]) -> list[Unsent]:
    """The agreement's letters in ``states``, and those that another's mail carries."""
    asked = {"agreement": row.id, "states": [*states, "carried"]}
    return [Unsent(*one) for one in through(session).execute(_IN_STATES, asked).all()]


def _found_untrue(
    unsent: Sequence[Unsent], rulebook: Rulebook, standing: Standing, states: Collection[str]
) -> list[tuple[Unsent, str]]:
    if not unsent:
        return []
    prompted = {(prompt.id, prompt.subject): prompt for prompt in prompts(standing, rulebook)}
    found = [(notice, _untrue(notice, standing, prompted)) for notice in unsent if notice.deadline]
    corrections = [fact for fact in standing.facts if fact.event == "correction"]  # some letters tell of one
    steps = {rung_of(fact): fact for fact in (*standing.story.walked, *corrections)}
    for notice in unsent:
        if notice.state not in states or not (about := _told(notice)):
            continue
        fact = steps.get(about)
        if fact is None:
            found.append((notice, phrase("det er rettet i journalen")))
        elif not needing(standing, fact, [notice.recipient]):
            found.append((notice, phrase("det er ikke længere aktuelt")))
    return [(notice, why) for notice, why in found if why]


def _untrue(notice: Unsent, standing: Standing, prompted: Mapping[tuple[str, str], Deadline]) -> str:
    asked = (notice.deadline, notice.subject_of)
    deadline = standing.deadline(*asked)
    if deadline is None:
        prompt = prompted.get(asked)
        if prompt is None:
            return phrase("det er ikke længere aktuelt")
        party, function = party_of(standing, notice.recipient), notice.recipient.partition("/")[2]
        council = party.code if party else ""
        version = standing.course.version(int(prompt.subject[1:])) if prompt.id == "council-reply" else None
        decided = (
            version is not None
            and function == "council"
            and council not in (*version.pending, *version.against)
        )
        if f"@{prompt.legal_on}|" not in notice.key:
            return phrase("dagen er flyttet")
        if not decided and prompt.id == "council-reply" and council in told_days(standing):
            return phrase("rådet har oplyst sin mødedag")
        if prompt.id == "consultation" and has_answered(standing, notice.recipient):
            return phrase("parten har svaret i høringen")
        if not decided and version and council in heard(standing.facts, version.number):
            return phrase("rådet har givet lyd fra sig")
        return phrase("rådet har besluttet") if decided else ""
    if deadline.revision != notice.revision:
        return phrase("fristen er flyttet")
    if deadline.status in ("lapsed", "breached"):
        return phrase("reglen er ophævet")
    if deadline.met_on and not notice.statutory:
        return phrase("pligten er opfyldt")
    return ""
