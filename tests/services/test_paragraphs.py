"""The paragraphs of a text that somebody handed in."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.services.papers.paragraphs import MOST_PARAGRAPHS, paragraphs

_NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word(*texts: str, xml: str = "", name: str = "word/document.xml") -> bytes:
    """A Word file as small as one can be."""
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in texts)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        member = zipfile.ZipInfo(name)  # dated 1980: packed again it is the same
        file.writestr(
            member, xml or f"<w:document {_NS}><w:body>{body}</w:body></w:document>", zipfile.ZIP_DEFLATED
        )
    return packed.getvalue()


def test_a_word_file_and_plain_text_are_read_a_paragraph_a_line() -> None:
    assert paragraphs(word("Mål &amp; midler", "  ", "Æble på ø")) == ["Mål & midler", "Æble på ø"]
    assert paragraphs("Mål\r\n\r\n  to   ord \n".encode()) == ["Mål", "to ord"]
    tracked = "<w:p><w:del><w:r><w:delText>ud</w:delText></w:r></w:del><w:ins><w:r><w:t>ind</w:t></w:r></w:ins></w:p>"
    assert paragraphs(word(xml=f"<w:document {_NS}>{tracked}</w:document>")) == ["ind"]


NO_TEXT = {
    "a PDF": b"%PDF-1.7 x",
    "UTF-16": b"\xff\xfe\x00",
    "with a zero": b"a\0b",
    "an archive that is none": b"PK\x03\x04 no archive",
    "an archive of something else": word("x", name="other.xml"),
    "XML that breaks off": word(xml="<w:document"),
    "XML with entities": word(xml=f'<!DOCTYPE a [<!ENTITY b "c">]><w:document {_NS}/>'),
    "too many paragraphs": word(*["x"] * (MOST_PARAGRAPHS + 1)),
    "too much to unpack": word(xml=f"<w:document {_NS}>" + " " * 20_000_001 + "</w:document>"),
}


@pytest.mark.parametrize("content", NO_TEXT.values(), ids=NO_TEXT)
def test_what_is_no_text_is_said_to_be_none(content: bytes) -> None:
    assert paragraphs(content) is None


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    for one in (content, b"PK\x03\x04" + content):
        found = paragraphs(one)
        assert found is None or all("\n" not in text for text in found)
