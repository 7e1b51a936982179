"""Reading a document for Word back: its paragraphs, and the rows of its tables."""

from __future__ import annotations

import io
import zipfile
from xml.etree import ElementTree

from openpyxl import Workbook

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def part(content: bytes, name: str = "word/document.xml") -> ElementTree.Element:
    """One part of the document; every part must be sound XML."""
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        assert file.testzip() is None
        for each in file.namelist():
            ElementTree.fromstring(file.read(each))
        return ElementTree.fromstring(file.read(name))


def said(element: ElementTree.Element) -> str:
    """The words in it."""
    return "".join(t.text or "" for t in element.iter(f"{W}t"))


def paragraphs(content: bytes) -> list[str]:
    """The words of the document by paragraphs, those of tables too."""
    return [said(one) for one in part(content).iter(f"{W}p")]


def rows(content: bytes) -> list[list[str]]:
    """The rows of its tables, headings too."""
    return [[said(cell) for cell in row.iter(f"{W}tc")] for row in part(content).iter(f"{W}tr")]


def under(content: bytes, heading: str) -> list[str]:
    """The paragraphs below a heading, as far as the next."""
    found: list[str] = []
    inside = False
    for one in part(content).iter(f"{W}p"):
        style = one.find(f"{W}pPr/{W}pStyle")
        if style is not None and style.get(f"{W}val") in ("Heading", "Title"):
            inside = said(one) == heading
        elif inside:
            found.append(said(one))
    return found


def workbook(*sheets: list[list[object]]) -> bytes:
    """An .xlsx with these sheets, each given by its rows."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for number, rows in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"Ark{number}")
        for row in rows:
            sheet.append(row)
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()
