"""The text of a letter, made from its HTML, so that the two cannot tell different things.

The HTML is ours: escaped by the templates, without scripts, tables or pictures. So tags are told from words by their
sign alone, and what people typed (where every such sign is escaped) stays words.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable
from functools import lru_cache
from html import unescape

from workflow.mail.writing.words import tied

WIDTH = 76
_LEAD = re.compile(r"\s*(?:- )?")
_TAG = re.compile(r"(<[^>]*>)")
_NAME = re.compile(r"</?([a-z0-9]+)")
_HREF = re.compile(r'\bhref="([^"]*)"')
_BREAKS = {"p", "h1", "h2", "h3", "div", "ol", "ul", "li", "hr", "details", "summary", "br"}
RULE = "----"


def plain(source: str) -> str:
    """The body of an HTML letter as text: a paragraph a line, ``- `` before an item, headings in capitals, a link as
    its words and its address, a line of dashes where the reasons begin. Not wrapped."""
    lines: list[str] = []
    words: list[str] = []
    links: list[tuple[str, int]] = []
    lead, capitals = "", False

    def flush() -> None:
        nonlocal lead
        line = " ".join("".join(words).split())
        words.clear()
        if line:
            lines.append(lead + (line.upper() if capitals else line))
            lead = ""

    for piece in _TAG.split(source.partition("<body")[2].partition(">")[2]):
        if not piece.startswith("<"):
            words.append(unescape(piece))
            continue
        found = _NAME.match(piece)
        name, ends = (found[1] if found else ""), piece.startswith("</")
        if name == "a":
            if ends and links:
                address, start = links.pop()
                words.append(_told(address, "".join(words[start:])))
            elif not ends and (href := _HREF.search(piece)):
                links.append((unescape(href[1]), len(words)))
        if name not in _BREAKS:
            continue
        flush()
        if name == "li":
            lead = "" if ends else "- "
        elif name == "hr":
            lines += ["", RULE, ""]
        elif name in ("h2", "summary"):
            capitals = not ends
            lines.append("")
        elif name != "br" and lead == "":
            lines.append("")
    flush()
    return "\n".join(lines)


def _told(address: str, words: str) -> str:
    """What follows a link's words in text: its address, unless the words are that."""
    said = words.strip()
    return "" if address in (said, f"mailto:{said}") else f": {address}"


def wrapped(line: str) -> list[str]:
    """A line of plain text wrapped at :data:`WIDTH` columns, an item of a list hanging.

    It breaks nowhere that :func:`tied` holds together, so that a date can be found by searching.
    """
    return [line.rstrip()] if len(line) <= WIDTH else _wrapped(line)


def folded(text: str) -> str:
    """``text`` with every line wrapped and at most one empty line in a row."""
    return joined(line for one in text.splitlines() for line in wrapped(one))


def joined(lines: Iterable[str]) -> str:
    """Lines wrapped already, as one text."""
    whole = "\n".join(lines).replace("\N{NO-BREAK SPACE}", " ")
    return re.sub(r"\n{3,}", "\n\n", whole).strip() + "\n"


@lru_cache(8192)
def _wrapped(line: str) -> list[str]:
    lead = _LEAD.match(line)
    assert lead is not None
    hang = " " * lead.end()
    tight = tied(line.rstrip())
    return textwrap.wrap(tight, WIDTH, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False)
