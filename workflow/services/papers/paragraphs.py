"""The paragraphs of a text that was handed in: a Word file (.docx) or plain text. Pure; nothing is trusted."""

from __future__ import annotations

import io
import zipfile
import zlib
from xml.etree import ElementTree

MOST_XML, MOST_PARAGRAPHS, LONGEST = 20_000_000, 3000, 4000
_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BODY = "word/document.xml"
_NO_WORD = (
    zipfile.BadZipFile, zlib.error, ElementTree.ParseError, KeyError, ValueError, RuntimeError, OSError, EOFError,
)  # fmt: skip


def paragraphs(content: bytes) -> list[str] | None:
    """The paragraphs that say something, each on one line; ``None`` for what is neither Word nor text, or larger than
    a text of an agreement can be."""
    found = _word(content) if content.startswith(b"PK\x03\x04") else _text(content)
    if found is None:
        return None
    said = [" ".join(one.split())[:LONGEST] for one in found]
    said = [one for one in said if one]
    return said if len(said) <= MOST_PARAGRAPHS else None


def _word(content: bytes) -> list[str] | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as packed, packed.open(_BODY) as file:
            xml = file.read(MOST_XML + 1)
        if len(xml) > MOST_XML or b"<!DOCTYPE" in xml or b"<!ENTITY" in xml:  # Word writes neither
            return None
        root = ElementTree.fromstring(xml)  # no document type, so no entities
    except _NO_WORD:
        return None
    return ["".join(_words(one)) for one in root.iter(f"{_W}p")]


def _words(paragraph: ElementTree.Element) -> list[str]:
    """What the paragraph says as it stands: text that was struck out in a tracked change is none of it."""
    spaces = {f"{_W}tab", f"{_W}br", f"{_W}cr"}
    return [
        one.text or "" if one.tag == f"{_W}t" else " " if one.tag in spaces else ""
        for one in paragraph.iter()
    ]


def _text(content: bytes) -> list[str] | None:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    if "\0" in text or text.startswith("%PDF"):
        return None
    return text.splitlines()
