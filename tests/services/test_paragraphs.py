"""The paragraphs of a text that somebody handed in."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflow.services.councils.paragraphs import MOST_PARAGRAPHS, paragraphs

_NS = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'


def word(*texts: str, xml: str = "", name: str = "word/document.xml") -> bytes:
    """A Word file as small as one can be."""
    body = "".join(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>" for text in texts)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name, xml or f"<w:document {_NS}><w:body>{body}</w:body></w:document>")
    return packed.getvalue()


def test_a_word_file_and_plain_text_are_read_a_paragraph_a_line() -> None:
    assert paragraphs(word("Mål &amp; midler", "  ", "Æble på ø")) == ["Mål & midler", "Æble på ø"]
    assert paragraphs("Mål\r\n\r\n  to   ord \n".encode()) == ["Mål", "to ord"]
    tracked = "<w:p><w:del><w:r><w:delText>ud</w:delText></w:r></w:del><w:ins><w:r><w:t>ind</w:t></w:r></w:ins></w:p>"
    assert paragraphs(word(xml=f"<w:document {_NS}>{tracked}</w:document>")) == ["ind"]


@pytest.mark.parametrize(
    "content",
    [
        b"%PDF-1.7 x",
        b"\xff\xfe\x00",
        b"a\0b",
        b"PK\x03\x04 no archive",
        word("x", name="other.xml"),
        word(xml="<w:document"),
        word(xml=f'<!DOCTYPE a [<!ENTITY b "c">]><w:document {_NS}/>'),
        word(*["x"] * (MOST_PARAGRAPHS + 1)),
        word(xml=f"<w:document {_NS}>" + " " * 20_000_001 + "</w:document>"),
    ],
)
def test_what_is_no_text_is_said_to_be_none(content: bytes) -> None:
    assert paragraphs(content) is None


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(content: bytes) -> None:
    for one in (content, b"PK\x03\x04" + content):
        found = paragraphs(one)
        assert found is None or all("\n" not in text for text in found)
