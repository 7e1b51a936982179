"""Unsent notices that have become untrue are replaced in the transaction that made them so (delivery.md 2)."""

from __future__ import annotations

from sqlalchemy import CursorResult, select, update
from sqlmodel import Session, col

from workflow.storage.projection import Standing
from workflow.storage.tables import UNSENT, AgreementRow, Notice


def supersede(session: Session, row: AgreementRow, standing: Standing) -> int:
    """Turn unsent reminders of a moved or fulfilled deadline into *superseded*; how many.

    A notice already claimed is left alone: it may be on the wire, and the correcting letter follows it.
    """
    query = select(Notice).where(
        col(Notice.agreement_id) == row.id, col(Notice.state).in_(UNSENT), col(Notice.deadline) != ""
    )
    replaced = 0
    for notice in session.scalars(query):
        why = _untrue(notice, standing)
        if why:
            guarded = (
                update(Notice)
                .where(col(Notice.id) == notice.id, col(Notice.state).in_(UNSENT))
                .values(state="superseded", why=why)
            )
            result = session.execute(guarded)
            assert isinstance(result, CursorResult)
            replaced += result.rowcount
    return replaced


def _untrue(notice: Notice, standing: Standing) -> str:
    if notice.deadline == "council-reply":
        version = standing.course.version(int(notice.subject_of.removeprefix("v") or 0))
        council = notice.recipient.partition("/")[0]
        pending = version is not None and council in (*version.pending, *version.against)
        return "" if pending else "rådet har besluttet, eller versionen er erstattet"
    deadline = standing.deadline(notice.deadline, notice.subject_of)
    if deadline is None:
        return "fristen findes ikke længere"
    if deadline.met_on:
        return "pligten er opfyldt"
    if deadline.revision != notice.revision:
        return "fristen er flyttet"
    return ""
