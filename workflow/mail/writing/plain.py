"""The text of a letter, made from its HTML, so that the two cannot tell different things.

The HTML is ours: escaped by the templates, without scripts, tables or pictures. So tags are told from words by their
sign alone, and what people typed (where every such sign is escaped) stays words.
"""

from __future__ import annotations

import re
from html import unescape

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
