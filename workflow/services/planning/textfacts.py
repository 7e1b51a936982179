"""What a letter tells of one version of the text and of the councils' answers to it."""

from __future__ import annotations

from datetime import date

from workflow.lifecycle.text import Version
from workflow.mail.writing.factparts import CouncilsFacts, VersionFacts
from workflow.storage.facts.projection import Standing


def _meant(standing: Standing, number: int | None) -> Version | None:
    """The text a letter is about: the one named, else the newest."""
    course = standing.course
    return (course.version(number) if number else None) or course.current


def iso(day: date | None) -> str | None:
    """A day as facts keep it."""
    return day.isoformat() if day else None


def version_facts(standing: Standing, number: int | None = None) -> VersionFacts | None:
    """The text ``number``, or the newest; ``None`` before there is one."""
    current = _meant(standing, number)
    if current is None:
        return None
    return {
        "number": current.number,
        "state": current.state_name,
        "sent_on": iso(current.sent_on),
        "reply_by": iso(current.reply_by),
        "submitted_on": iso(current.submitted_on),
        "received_on": iso(current.received_on),
        "document": current.document,
        "refused": current.state == "sst_refused",
        "withdrawn": current.state == "withdrawn",
    }


def councils_facts(standing: Standing, number: int | None = None) -> CouncilsFacts:
    """How the councils stand to that text: how many, how many said yes, and by name who has not."""
    current, total = _meant(standing, number), len(standing.agreement.parties)
    if current is None or not standing.course.tables.knows("sent-for-approval"):
        return {"total": total, "approved": 0, "pending": [], "against": []}
    return {
        "total": total,
        "approved": sum(current.approved_by(code) for code in current.decisions),
        "pending": [current.names[code] for code in current.pending],
        "against": [
            {"name": current.names[code], "state": current.decision_name(code)} for code in current.against
        ],
    }
