"""Letters of law that were handed over and of which nobody has heard since (F28).

A mail server that says 250 and then loses the letter leaves no trace but silence. So a person may say that a letter
arrived, and the others are listed. Silence is no proof of loss: it is shown to who asks, and never holds anything.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Engine, and_, exists, select
from sqlmodel import col

from workflow.errors import Invalid
from workflow.language import full, phrase
from workflow.rules.days import danish_day
from workflow.services.delivery.handling import find_notice, noted
from workflow.storage.database import reading, writing
from workflow.storage.letters import outbox
from workflow.storage.letters.alarms import clear_alarms
from workflow.storage.tables import AgreementRow, Bounce, DeadlineRow, FactRow, Notice
from workflow.values import dataclass

WITHIN = timedelta(days=14)  # so long a council's post may lie unread
FORGOTTEN = timedelta(days=92)  # what happened longer ago is history, as it is for the planner


@dataclass(frozen=True, slots=True)
class Silence:
    """A letter of law of which nothing was heard. ``said`` is Danish."""

    notice_id: int
    key: str
    agreement: str
    said: str


def silences(engine: Engine, at: datetime) -> list[Silence]:
    """The letters of law handed over 14 to 92 days before ``at`` (aware), the oldest first, that nothing answers for:
    no person confirmed them, no report says *delivered*, the body has not acted since, the duty still stands."""
    query = (
        select(Notice, AgreementRow)
        .join(AgreementRow, col(AgreementRow.id) == col(Notice.agreement_id))
        .where(
            col(Notice.state) == "accepted",
            col(Notice.statutory).is_(True),
            col(Notice.accepted_at) <= at - WITHIN,
            col(Notice.accepted_at) > at - FORGOTTEN,
            ~_reported_delivered(),
            ~_body_has_acted(),
            ~_duty_is_over(),
        )
        .order_by(col(Notice.accepted_at), col(Notice.id))
    )
    with reading(engine) as session:
        return [_silence(notice, agreement) for notice, agreement in session.execute(query)]


def confirm(engine: Engine, references: Sequence[str], why: str, by: str, at: datetime) -> int:
    """A person says that these arrived; how many. ``why`` tells how that is known and stays on the letter.

    All or none: :class:`workflow.errors.NotPossible` for one that was not handed over, :class:`Invalid` without
    ``why`` or letters.
    """
    if not why.strip() or not references:
        raise Invalid(
            phrase("nævn brevene, og skriv hvoraf det vides: --why TEKST; det står på brevet bagefter")
        )
    with writing(engine) as session:
        chosen = {find_notice(session, reference).id or 0 for reference in references}
        for notice_id in chosen:
            outbox.confirm(session, notice_id, f"{by}: {why.strip()}", at)
            for kind in ("uncertain", "delayed", "unread"):
                clear_alarms(session, f"notice:{notice_id}:{kind}", at)
        noted(session, "confirm", [session.get_one(Notice, one) for one in sorted(chosen)], by, at, why)
    return len(chosen)


def _reported_delivered() -> ColumnElement[bool]:
    return exists().where(col(Bounce.notice_id) == col(Notice.id), col(Bounce.kind) == "delivered")


def _body_has_acted() -> ColumnElement[bool]:
    return exists().where(
        col(FactRow.agreement_id) == col(Notice.agreement_id),
        col(Notice.recipient).startswith(col(FactRow.council) + "/"),
        col(FactRow.recorded_at) > col(Notice.accepted_at),
    )


def _duty_is_over() -> ColumnElement[bool]:
    """The deadline it speaks of is met or has lost its law; a letter about an event speaks of none."""
    same = and_(
        col(DeadlineRow.agreement_id) == col(Notice.agreement_id),
        col(DeadlineRow.rule) == col(Notice.deadline),
        col(DeadlineRow.subject) == col(Notice.subject_of),
    )
    return exists().where(same, col(DeadlineRow.status).not_in(("upcoming", "overdue", "passed")))


def _silence(notice: Notice, agreement: AgreementRow) -> Silence:
    assert notice.id is not None
    assert notice.accepted_at is not None
    said = phrase(
        "Brev %(id)s (%(letter)s %(rung)s) til %(recipient)s blev overgivet %(on)s, og "
        "intet er hørt siden. Ring, og skriv det: aftale outbox confirm %(id)s --why TEKST",
        id=notice.id,
        letter=notice.letter,
        rung=notice.rung,
        recipient=notice.recipient,
        on=full(danish_day(notice.accepted_at)),
    )
    return Silence(notice.id, notice.key, agreement.key, said)
