"""What is told of a mail that came back and does not say that a letter failed."""

from __future__ import annotations

from workflow.language import phrase
from workflow.mail.returns.reports import Report
from workflow.storage.letters.outbox import word
from workflow.storage.tables import Notice


def told_of(notice: Notice, report: Report) -> tuple[str, str, str] | None:
    """(key, level, Danish text) of the alarm about a return that changes nothing; ``None`` where none is
    called for."""
    key = f"notice:{notice.id}"
    letter = phrase(
        "Brev %(id)s til %(address)s (%(recipient)s)",
        id=notice.id,
        address=notice.address,
        recipient=notice.recipient,
    )
    read_it = phrase("Læs det under brevet på siden, eller: aftale proof %(id)s --out FIL.zip.", id=notice.id)
    match report.kind:
        case "delayed":
            said = " ".join(filter(None, (report.status, report.text)))
            return (
                f"{key}:delayed",
                "warning",
                phrase("%(letter)s er forsinket hos mailserveren: %(said)s.", letter=letter, said=said),
            )
        case "unread":
            text = phrase(
                "%(letter)s kom retur fra en mailserver med ord, som programmet ikke kan læse. %(read_it)s "
                "Brevet står fortsat som %(word)s.",
                letter=letter,
                read_it=read_it,
                word=word(notice.state),
            )
            return f"{key}:unread", "alarm", text
        case "answer":
            text = phrase(
                "Der er svaret på brev %(id)s til %(address)s (%(recipient)s) på returadressen, som ingen læser: "
                "»%(text)s«. %(read_it)s",
                id=notice.id,
                address=notice.address,
                recipient=notice.recipient,
                text=report.text[:300],
                read_it=read_it,
            )
            return f"{key}:answer", "alarm", text
        case "closed":
            text = phrase(
                "Postkassen %(address)s (%(recipient)s) svarer selv, at den er nedlagt: »%(text)s«. Adressen bruges "
                "fortsat: spørg organet, og ret den, hvis det passer. %(read_it)s",
                address=notice.address,
                recipient=notice.recipient,
                text=report.text[:300],
                read_it=read_it,
            )
            return f"full:{notice.address}:closed", "alarm", text
        case "challenge":
            text = phrase(
                "Brev %(id)s til %(address)s (%(recipient)s) holdes tilbage af et filter, til nogen bekræfter, hvem "
                "der skriver: »%(text)s«. Bed organet om at tillade afsenderen. %(read_it)s",
                id=notice.id,
                address=notice.address,
                recipient=notice.recipient,
                text=report.text[:300],
                read_it=read_it,
            )
            return f"{key}:challenge", "alarm", text
    return None
