"""A small file that unpacks to a large one is told by what it says of itself, before it takes the memory."""

from __future__ import annotations

import io
import zipfile

import pytest
from openpyxl import Workbook

from workflow.errors import Invalid
from workflow.services.meetings.sheets import MOST_UNPACKED, may_hold_days, xlsx_rows
from workflow.services.papers.paragraphs import MOST_XML, paragraphs


def packed(**files: int) -> bytes:
    """A zip with files of so many zeros."""
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, size in files.items():
            archive.writestr(name.replace("_", "/") + ".xml", bytes(size))
    return into.getvalue()


def test_a_workbook_that_unpacks_to_far_more_is_refused_before_it_is_unpacked() -> None:
    book = packed(xl_sheet1=MOST_UNPACKED // 2, xl_sheet2=MOST_UNPACKED // 2 + 1)
    assert len(book) < 100_000
    with pytest.raises(Invalid, match="50 MB, når det pakkes ud"):
        xlsx_rows(book, may_hold_days)
    small = io.BytesIO()
    plain = Workbook()
    plain.active.append(["Kommune", "Dato"])  # type: ignore[union-attr]
    plain.save(small)
    assert xlsx_rows(small.getvalue(), may_hold_days) == [(1, ["Kommune", "Dato"])]


def test_a_word_file_that_unpacks_to_far_more_is_read_no_further() -> None:
    assert paragraphs(packed(word_document=MOST_XML + 1)) is None
