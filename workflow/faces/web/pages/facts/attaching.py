"""The file that comes with a form: read up to its bound, and let in or told what is wrong with it."""

from __future__ import annotations

from starlette.datastructures import UploadFile as Sent

from workflow.errors import Invalid
from workflow.faces.daemon.workplace import Workplace, doors
from workflow.language import phrase
from workflow.services.facts.evidence import admitted, must_have_room
from workflow.storage.facts.documents import MOST_BYTES, Attached


def attachment(
    place: Workplace, upload: Sent | None, wrong: dict[str, str], field: str = "document"
) -> Attached | None:
    """The file that came with a form in ``field``, if it may come in (:mod:`workflow.services.facts.evidence`); its
    name is only ever shown, never used as a path."""
    attached = uploaded(upload, wrong, field)
    if attached is None or field in wrong:
        return attached
    try:
        must_have_room(place.engine, attached, place.settings.evidence_gigabytes * 10**9)
        return admitted(attached, doors(place.settings))
    except Invalid as error:
        wrong[field] = error.args[0]
        return attached


def uploaded(upload: Sent | None, wrong: dict[str, str], field: str) -> Attached | None:
    """The file as it came, of whatever type, with what is wrong with its size."""
    if upload is None or not upload.filename:
        return None
    content = upload.file.read(MOST_BYTES + 1)
    if not content:
        wrong[field] = phrase("Filen er tom.")
    elif len(content) > MOST_BYTES:
        wrong[field] = phrase("Filen er for stor; højst %(most)s MB.", most=MOST_BYTES // 1024 // 1024)
    name = "".join(sign for sign in upload.filename if sign.isprintable()).replace("\\", "/").split("/")[-1]
    return Attached(name[-120:] or "fil", content)
