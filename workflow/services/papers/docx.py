"""A document for Word, made of headings, paragraphs, lists and tables: the few parts of OOXML that these need."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from xml.sax.saxutils import escape

from workflow.language import SOURCE, gettext, speaking

KIND = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
Block = tuple[str, str] | tuple[str, Sequence[str], Sequence[Sequence[str]]]
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_R = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
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
_LISTED = (
    '<w:style w:type="paragraph" w:styleId="Cell"><w:name w:val="Table Text"/><w:basedOn w:val="Normal"/><w:pPr>'
    '<w:spacing w:after="0"/></w:pPr></w:style>'
    '<w:style w:type="paragraph" w:styleId="Bullet"><w:name w:val="List Bullet"/><w:basedOn w:val="Normal"/><w:pPr>'
    '<w:numPr><w:numId w:val="1"/></w:numPr><w:spacing w:after="60"/><w:ind w:left="425" w:hanging="425"/></w:pPr>'
    '</w:style><w:style w:type="paragraph" w:styleId="Quote"><w:name w:val="Quote"/><w:basedOn w:val="Normal"/>'
    '<w:pPr><w:spacing w:after="60"/><w:ind w:left="425" w:right="425"/></w:pPr></w:style>'
)
_PAGE = '<w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1134" w:right="1134" w:bottom="1134" w:left="1134"/>'  # A4
_TAGS = {"da": "da-DK", "en": "en-GB"}
_BOLD = "<w:rPr><w:b/></w:rPr>"
_FACE = '<w:rFonts w:ascii="Calibri" w:hAnsi="Calibri" w:cs="Calibri"/>'
_KINDS = ("styles", "numbering", "footer")
_FIXED = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{_MAIN}.document.main+xml"/>'
    + "".join(f'<Override PartName="/word/{one}.xml" ContentType="{_MAIN}.{one}+xml"/>' for one in _KINDS)
    + "</Types>",
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="word/document.xml"/></Relationships>',
    "word/_rels/document.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    + "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/{one}" Target="{one}.xml"/>'
        for number, one in enumerate(_KINDS, start=1)
    )
    + "</Relationships>",
    "word/numbering.xml": f'<w:numbering {_W}><w:abstractNum w:abstractNumId="0"><w:lvl w:ilvl="0">'
    '<w:numFmt w:val="bullet"/><w:lvlText w:val="•"/><w:pPr><w:ind w:left="425" w:hanging="425"/></w:pPr>'
    '</w:lvl></w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num></w:numbering>',
}


def docx(blocks: Iterable[Block], foot: str = "", language: str = SOURCE) -> bytes:
    """The document. A block is ``("title"|"heading"|"text"|"bullet"|"quote", words)`` or ``("table", headings, rows)``;
    words are plain text in ``language``, and what XML cannot hold is left out. ``foot`` stands on every page, before
    its number. The same blocks give the same bytes."""
    body = "".join(_table(*one[1:]) if len(one) == 3 else _paragraph(one[1], one[0]) for one in blocks)
    last = f'<w:sectPr><w:footerReference w:type="default" r:id="rId3"/>{_PAGE}</w:sectPr>'
    parts = _FIXED | {
        "word/document.xml": f"<w:document {_W} {_R}><w:body>{body}{last}</w:body></w:document>",
        "word/styles.xml": _styles(language),
        "word/footer.xml": f"<w:ftr {_W}>{_foot(foot, language)}</w:ftr>",
    }
    into = io.BytesIO()
    with zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(zipfile.ZipInfo(name), _HEAD + content, zipfile.ZIP_DEFLATED)
    return into.getvalue()


def _run(words: str, look: str = "") -> str:
    return f'<w:r>{look}<w:t xml:space="preserve">{escape(_ILLEGAL.sub("", words))}</w:t></w:r>'


def _foot(words: str, language: str) -> str:
    with speaking(language):
        number = gettext("side")
    small = '<w:rPr><w:sz w:val="16"/></w:rPr>'
    page = f'<w:fldSimple w:instr=" PAGE "><w:r>{small}<w:t>1</w:t></w:r></w:fldSimple>'
    said = f"{words} · {number} " if words else f"{number} "
    return f"<w:p>{_run(said, small)}{page}</w:p>"


def _paragraph(words: str, kind: str = "text", bold: bool = False) -> str:
    style = "" if kind == "text" else f'<w:pPr><w:pStyle w:val="{kind.capitalize()}"/></w:pPr>'
    return f"<w:p>{style}{_run(words, _BOLD * bold)}</w:p>"


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    edges = "".join(
        f'<w:{side} w:val="single" w:sz="4" w:color="999999"/>' for side in ("top", "bottom", "insideH")
    )
    room = "".join(f'<w:{side} w:w="85" w:type="dxa"/>' for side in ("top", "left", "bottom", "right"))
    look = (
        f'<w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>{edges}</w:tblBorders>'
        f"<w:tblCellMar>{room}</w:tblCellMar></w:tblPr>"
    )
    grid = f"<w:tblGrid>{'<w:gridCol/>' * len(headings)}</w:tblGrid>"
    first = f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{_cells(headings, True)}</w:tr>"
    rest = "".join(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{_cells(row)}</w:tr>" for row in rows)
    return f"<w:tbl>{look}{grid}{first}{rest}</w:tbl><w:p/>"


def _cells(words: Sequence[str], bold: bool = False) -> str:
    return "".join(f"<w:tc>{_paragraph(one, 'cell', bold)}</w:tc>" for one in words)


def _styles(language: str) -> str:
    face = f'{_FACE}<w:sz w:val="22"/><w:lang w:val="{_TAGS.get(language, language)}"/>'
    found = f"<w:docDefaults><w:rPrDefault><w:rPr>{face}</w:rPr></w:rPrDefault></w:docDefaults>"
    return f"<w:styles {_W}>{found}{''.join(_style(*one) for one in _STYLES)}{_LISTED}</w:styles>"


def _style(identity: str, name: str, size: int, bold: bool, level: int | None) -> str:
    """A paragraph's style; ``size`` in half points, ``level`` that of a heading, from 0."""
    above = '<w:keepNext/><w:spacing w:before="240" w:after="120"/>'
    shape = (
        '<w:pPr><w:spacing w:after="120"/></w:pPr>'
        if level is None
        else f'<w:pPr>{above}<w:outlineLvl w:val="{level}"/></w:pPr>'
    )
    default = ' w:default="1"' if level is None else ""
    look = f'<w:rPr>{_FACE}{"<w:b/>" * bold}<w:sz w:val="{size}"/></w:rPr>'
    head = f'<w:style w:type="paragraph"{default} w:styleId="{identity}"><w:name w:val="{name}"/>'
    return f"{head}{shape}{look}</w:style>"
