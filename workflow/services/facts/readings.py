"""A person signs a reading where the law is silent: from then on one date stands."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import Engine
from sqlmodel import Session

from workflow.errors import Conflict, Invalid, NotFound
from workflow.language import phrase
from workflow.mail.writing.words import clean
from workflow.rules.facts import Fact
from workflow.rules.silence import SIGNED, signed
from workflow.services.due.dates import dated
from workflow.services.facts.acts import act
from workflow.services.facts.agreements import Recorded
from workflow.storage.facts import journal, projection
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.tables import AgreementRow


def sign_reading(
    engine: Engine, rulebook: Rulebook, *, silence: str, reading: str, name: str, office: str, ground: str,
    agreements: Sequence[str] = (), typed_by: str = "", today: date, at: datetime, dry_run: bool = False,
) -> list[Recorded]:  # fmt: skip
    """Sign one reading of a silence on every agreement whose dates it touches (of ``agreements``, if any are named), in
    one transaction. ``name`` and ``office`` say who answers for it, ``ground`` why; ``typed_by`` who typed it in, where
    that is somebody else. ``dry_run`` changes nothing.

    :class:`NotFound` for an unknown silence, reading or agreement, or where it touches no date; :class:`Invalid`
    without name, office or ground; :class:`Conflict` where every agreement holds the reading already.
    """
    asked = next((one for one in rulebook.law.silences if one.id == silence), None)
    if asked is None:
        known = ", ".join(one.id for one in rulebook.law.silences)
        raise NotFound(
            phrase(
                "spørgsmålet %(silence)s findes ikke; kendte: %(known)s", silence=repr(silence), known=known
            )
        )
    if asked.reading(reading) is None:
        known = ", ".join(one.id for one in asked.readings)
        raise NotFound(
            phrase(
                "%(silence)s har ingen læsning %(reading)s; kendte: %(known)s",
                silence=silence,
                reading=repr(reading),
                known=known,
            )
        )
    who, where, why = clean(name), clean(office), clean(ground)
    for option, text in (("--name", who), ("--office", where), ("--ground", why)):
        if not text:
            raise Invalid(
                phrase(
                    "%(option)s er tom; en læsning underskrives af en navngiven person fra et kontor, med "
                    "grundlaget",
                    option=option,
                )
            )
    if typed_by and typed_by != who:
        why = phrase("%(why)s (indtastet af %(typed_by)s)", why=why, typed_by=typed_by)
    fact = Fact(0, SIGNED, today, source=why, by=f"{who}, {where}", about=f"{silence}:{reading}")

    def touched(standing: Standing) -> bool:
        return any(one.silence.id == silence for d in dated(standing, standing.rules) for one in d.readings)

    def concerned(session: Session) -> list[AgreementRow]:
        rows = [journal.find(session, key) for key in agreements] or journal.all_agreements(session)
        workable, broken = projection.load_workable(session, rulebook, rows, today)
        if broken and agreements:
            raise broken[0]
        concerns = [one for one in workable if touched(one)]
        keys = [one.agreement.key for one in concerns]
        if not keys:
            raise NotFound(
                phrase(
                    "%(silence)s rører ingen dato i en åben aftale; der er intet at underskrive",
                    silence=silence,
                )
            )
        if all(holds(one) for one in concerns):
            by = "; ".join(sorted({signed(one.story, asked)[1] for one in concerns}))
            raise Conflict(
                phrase(
                    "læsningen %(reading)s er allerede underskrevet af %(by)s; intet er ændret",
                    reading=reading,
                    by=by,
                )
            )
        return [row for row in rows if row.key in keys]

    def holds(standing: Standing) -> bool:
        mine = [
            one for d in dated(standing, standing.rules) for one in d.readings if one.silence.id == silence
        ]
        return bool(mine) and all(one.signed == reading for one in mine)

    return act(engine, rulebook, fact, concerned, holds, today, at, None, dry_run)


def replaced(one: Recorded, silence: str) -> tuple[str, str] | None:
    """The reading of this silence that held before ``one`` was signed, and by whom it was; ``None`` for the first."""
    asked = next(each for each in one.before.rules.law.silences if each.id == silence)
    reading, by = signed(one.before.story, asked)
    return (reading, by) if reading else None
