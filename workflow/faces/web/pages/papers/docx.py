"""A document for Word, made of headings, paragraphs, lists and tables: the few parts of OOXML that these need."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Block = tuple[str, str] | tuple[str, Sequence[str], Sequence[Sequence[str]]]
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml"
_ILLEGAL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff￾￿]")
_STYLES = (
    ("Title", "heading 1", 36, True, 0),
    ("Heading", "heading 2", 28, True, 1),
    ("Normal", "Normal", 22, False, None),
)
_PAGE = (  # A4 with 2 cm around it
    '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/>'
    '<w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134"/></w:sectPr>'
)
_BOLD = "<w:rPr><w:b/></w:rPr>"
_FIXED = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_MAIN}.document.main+xml"/>'
    f'<Override PartName="/word/styles.xml" ContentType="{_MAIN}.styles+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
    "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/styles" Target="styles.xml"/></Relationships>',
}


def docx(blocks: Iterable[Block]) -> bytes:
    """The document. A block is ``("title"|"heading"|"text", words)`` or ``("table", headings, rows)``; words are plain
    text, and what XML cannot hold is left out. The same blocks give the same bytes."""
    body = "".join(_table(*one[1:]) if len(one) == 3 else _paragraph(one[1], one[0]) for one in blocks)
    parts = _FIXED | {
        "word/document.xml": f"<w:document {_W}><w:body>{body}{_PAGE}</w:body></w:document>",
        "word/styles.xml": _styles(),
    }
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(zipfile.ZipInfo(name), _HEAD + content, zipfile.ZIP_DEFLATED)
    return into.getvalue()


def _paragraph(words: str, kind: str = "text", bold: bool = False) -> str:
    style = "" if kind == "text" else f'<w:pPr><w:pStyle w:val="{kind.capitalize()}"/></w:pPr>'
    said = escape(_ILLEGAL.sub("", words))
    return f'<w:p>{style}<w:r>{_BOLD * bold}<w:t xml:space="preserve">{said}</w:t></w:r></w:p>'


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:color="999999"/>' for side in ("top", "bottom", "insideH")
    )
    look = f'<w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{edges}</w:tblBorders></w:tblPr>'
    grid = f"<w:tblGrid>{'<w:gridCol/>' * len(headings)}</w:tblGrid>"
    first = f"<w:tr><w:trPr><w:tblHeader/></w:trPr>{_cells(headings, True)}</w:tr>"
    rest = "".join(f"<w:tr>{_cells(row)}</w:tr>" for row in rows)
    return f"<w:tbl>{look}{grid}{first}{rest}</w:tbl><w:p/>"


def _cells(words: Sequence[str], bold: bool = False) -> str:
    return "".join(f"<w:tc>{_paragraph(one, bold=bold)}</w:tc>" for one in words)


def _styles() -> str:
    face = '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri"/><w:sz w:val="22"/><w:lang w:val="da-DK"/>'
    found = f"<w:docDefaults><w:rPrDefault><w:rPr>{face}</w:rPr></w:rPrDefault></w:docDefaults>"
    return f"<w:styles {_W}>{found}{''.join(_style(*one) for one in _STYLES)}</w:styles>"


def _style(identity: str, name: str, size: int, bold: bool, level: int | None) -> str:
    """A paragraph's style; ``size`` in half points, ``level`` that of a heading, from 0."""
    above = '<w:keepNext/><w:spacing w:before="240" w:after="120"/>'
    outline = "" if level is None else f'<w:pPr>{above}<w:outlineLvl w:val="{level}"/></w:pPr>'
    default = ' w:default="1"' if level is None else ""
    look = f'<w:rPr>{"<w:b/>" * bold}<w:sz w:val="{size}"/></w:rPr>'
    head = f'<w:style w:type="paragraph"{default} w:styleId="{identity}"><w:name w:val="{name}"/>'
    return f"{head}{outline}{look}</w:style>"
