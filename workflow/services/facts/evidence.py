"""Which files may come in as evidence: of a type that is allowed, whose content is of that type, and that a scanner has
found clean where one is set. Asked at each door before anything is kept, outside any transaction."""

from __future__ import annotations

import logging
from pathlib import PurePath

from sqlalchemy import Engine

from workflow.errors import Invalid
from workflow.language import phrase
from workflow.services.facts.scanning import SECONDS, Away, scan
from workflow.storage.database import reading
from workflow.storage.facts.documents import Attached, kept_bytes
from workflow.values import dataclass, replace

_log = logging.getLogger("aftale.evidence")
_ZIP, _OLE = (b"PK\x03\x04", b"PK\x05\x06"), (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",)
_TEXT = ("txt", "csv", "eml", "ics")
_JPEG, _TIFF = (b"\xff\xd8\xff",), (b"II*\0", b"MM\0*")
BEGINS: dict[str, tuple[bytes, ...]] = {  # what the content of each type begins with
    "pdf": (b"%PDF",), "docx": _ZIP, "xlsx": _ZIP, "pptx": _ZIP, "odt": _ZIP, "ods": _ZIP, "odp": _ZIP, "doc": _OLE,
    "xls": _OLE, "ppt": _OLE, "msg": _OLE, "rtf": (b"{\\rtf",), "png": (b"\x89PNG\r\n\x1a\n",), "jpg": _JPEG,
    "jpeg": _JPEG, "tif": _TIFF, "tiff": _TIFF,
}  # fmt: skip
_PROGRAMS = (b"MZ", b"\x7fELF", b"#!", b"\xca\xfe\xba\xbe", b"\xcf\xfa\xed\xfe", b"PK", *_OLE)
NOT_SCANNED = phrase(" (ikke scannet)")


@dataclass(frozen=True, slots=True)
class Doors:
    """What the settings say: the types allowed (``pdf``), where the scanner is ("" for none), and whether a file is
    taken with a mark in its name while it is away."""

    types: tuple[str, ...] = (*BEGINS, *_TEXT)
    scanner: str = ""
    take_unscanned: bool = False
    seconds: float = SECONDS


def admitted(attached: Attached, doors: Doors) -> Attached:
    """The file, its name marked where the scanner was away and the settings take it all the same. :class:`Invalid` says
    in Danish what is wrong and what would work."""
    kind = PurePath(attached.name).suffix.lower().lstrip(".")
    if kind not in doors.types:
        raise Invalid(
            phrase(
                "Filer af typen »%(kind)s« tages ikke imod. Vælg en af: %(allowed)s.",
                kind=kind or "?",
                allowed=", ".join(doors.types),
            )
        )
    if attached.content and not _is_of(kind, attached.content):
        raise Invalid(
            phrase(
                "Filen hedder .%(kind)s, men indholdet er noget andet. Gem den som %(kind)s, og vælg den igen.",
                kind=kind,
            )
        )
    return _scanned(attached, doors) if doors.scanner else attached


def must_have_room(engine: Engine, attached: Attached, most: int) -> None:
    """:class:`Invalid` where the file would bring what is kept above ``most`` bytes."""
    with reading(engine) as session:
        if kept_bytes(session) + len(attached.content) > most:
            raise Invalid(phrase("Der er ikke plads til flere filer. Sig det til driften; intet er gemt."))


def _is_of(kind: str, content: bytes) -> bool:
    if kind in _TEXT:
        wide = content.startswith((b"\xff\xfe", b"\xfe\xff"))  # UTF-16 has zeros
        return not content.startswith(_PROGRAMS) and (wide or b"\0" not in content)
    found = BEGINS[kind]
    return any(one in content[:1024] for one in found) if kind == "pdf" else content.startswith(found)


def _scanned(attached: Attached, doors: Doors) -> Attached:
    try:
        found = scan(attached.content, doors.scanner, doors.seconds)
    except Away as error:
        _log.error("the scanner is away: %s", error, extra={"action": "evidence.unscanned"})
        if not doors.take_unscanned:
            raise Invalid(
                phrase(
                    "Filen kan ikke undersøges for virus lige nu og er ikke gemt. Prøv igen om lidt; bliver det ved, "
                    "så sig det til driften."
                )
            ) from error
        path = PurePath(attached.name)
        return replace(attached, name=f"{path.stem}{NOT_SCANNED}{path.suffix}")
    if found:
        _log.error("an infected file was refused: %s", found, extra={"action": "evidence.infected"})
        raise Invalid(
            phrase(
                "Filen er smittet (%(found)s) og er ikke gemt. Få en ren udgave af den, og vælg den.",
                found=found,
            )
        )
    return attached
