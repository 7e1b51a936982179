"""A saved web page as the text a person sees on it: a line a paragraph or row, cells apart by tabs."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_TAGS = re.compile(
    r"<(?:!doctype html|html|body|table|tr|td|ul|ol|li|h[1-6]|p|div|details)\b[^>]*>", re.IGNORECASE
)
_LEAST = 3  # tags that make a text a page
_UNSEEN = frozenset(("script", "style", "nav", "noscript", "svg", "template", "select", "footer", "iframe"))
_APART = frozenset(("h1", "h2", "h3", "h4", "h5", "h6", "summary", "article", "table", "details", "ul", "ol"))
_LINE = _APART | {
    "p",
    "div",
    "li",
    "tr",
    "dt",
    "dd",
    "dl",
    "section",
    "title",
    "header",
    "main",
    "caption",
    "button",
    "body",
}
_GLUED = frozenset(
    ("span", "time", "a", "label", "strong", "b", "em", "i", "small")
)  # two of them are no one word
_CARDS = frozenset(("a", "li", "div", "article", "section", "p", "dl"))
_STRUCK = frozenset(("s", "del", "strike"))
_STRUCK_STYLE = re.compile(
    r"text-decoration[\w-]*\s*:[^;]*line-through|display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE
)
_ENDS_ITSELF = frozenset(
    ("li", "td", "th", "tr", "dt", "dd", "p")
)  # where the next begins, or what holds it ends
_HOLDS = frozenset(("ul", "ol", "dl", "table", "div", "section", "body"))
_EMPTY = frozenset(
    ("br", "hr", "img", "input", "link", "meta", "col", "wbr", "source", "area", "base", "embed", "track")
)
_WIDEST = 60  # columns a cell may reach over


def is_page(text: str) -> bool:
    """Whether a text is written in HTML."""
    return len(_TAGS.findall(text)) >= _LEAST


def page_text(text: str) -> str:
    """What a page in HTML shows, without its menus and scripts. A cell over several rows stands in each, and what is
    crossed out or hidden gets a question mark."""
    page = _Page()
    page.feed(text)
    page.close()
    page.end_line()
    return "\n".join(page.lines).strip("\n") + "\n"


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.lines: list[str] = []
        self._said: list[str] = []  # of the line or cell that is open
        self._unseen: list[str] = []  # the tags open from the one on that is not shown
        self._struck: list[str] = []  # the tags open from the one on that crosses out, or hides
        self._inside = 0  # tags of running text that are open
        self._rows: list[list[str]] = []  # of the tables that are open, the row that is
        self._spans: list[dict[int, tuple[int, str]]] = []  # and the cells that reach into their next rows
        self._open: list[
            tuple[str, int]
        ] = []  # the tags of blocks that are open, and how many lines stood above
        self._cell: tuple[int, int] | None = None  # columns and rows of the cell that is open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if self._unseen or tag in _UNSEEN:  # what only is folded up is read
            if tag not in _EMPTY:
                self._unseen.append(tag)
            return
        if tag == "br":
            self._said.append(" ") if self._cell else self.end_line()
        elif tag in ("td", "th"):
            self._end_cell()
            self._cell = (_number(said.get("colspan")), _number(said.get("rowspan")))
        elif tag == "tr":
            self._end_row()
            self.end_line()
        elif tag == "table":
            self._break(tag)
            self._rows.append([])
            self._spans.append({})
        elif tag in _LINE:
            self._break(tag)
        if tag in _CARDS and not self._cell:
            self._open.append((tag, len(self.lines)))
        self._said += [" "] if tag in _GLUED else []
        self._inside += tag == "p"
        if self._struck[:1] == [tag] and tag in _ENDS_ITSELF and not _HOLDS & {*self._struck}:
            self._struck = []
        if (
            self._struck
            or tag in _STRUCK
            or "hidden" in said
            or _STRUCK_STYLE.search(said.get("style") or "")
        ):
            self._struck += [] if tag in _EMPTY else [tag]

    def handle_endtag(self, tag: str) -> None:
        if self._unseen:
            if tag in self._unseen:
                while self._unseen.pop() != tag:
                    pass
            return
        self._end_struck(tag)
        if tag in ("td", "th"):
            self._end_cell()
        elif tag == "tr":
            self._end_row()
        elif tag == "table" and self._rows:
            self._end_row()
            self._rows.pop()
            self._spans.pop()
            self.lines.append("")
        elif tag in _LINE:
            self._break(tag)
        if self._struck and self._struck[0] in _ENDS_ITSELF and tag in _HOLDS and tag not in self._struck:
            self._struck = []
        self._close(tag)
        self._said += [" "] if tag in _GLUED else []
        self._inside -= tag == "p" and self._inside > 0

    def _end_struck(self, tag: str) -> None:
        """Ask about what stands in the line or cell that is open, where what crosses it out ends here."""
        while self._struck and tag in self._struck:
            if self._struck.pop() == tag:
                self._said += [] if self._struck or not "".join(self._said).strip() else [" (?) "]
                break

    def _close(self, tag: str) -> None:
        """Put a block of several lines apart from what is around it: they are of one meeting, or of one list."""
        while tag in _CARDS and any(open_ == tag for open_, _ in self._open):
            open_, above = self._open.pop()
            if open_ == tag:
                own_line = bool("".join(self._said).strip())
                if sum(map(bool, self.lines[above:])) + own_line > 1:
                    self.end_line()
                    self.lines.insert(above, "")
                    self.lines.append("")
                break

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        if "\n" in data and not data.strip() and not self._cell and not self._inside:
            self.end_line()  # where the page's own text has one between two tags, it mostly shows one too
        self._said.append(data)

    def end_line(self) -> None:
        """End the line that is open, where anything stands in it."""
        said = self._take()
        if said:
            self.lines.append(said)

    def _break(self, tag: str) -> None:
        if self._cell:
            self._said.append(" ")
            return
        self.end_line()
        if tag in _APART:
            self.lines.append("")

    def _take(self) -> str:
        said = " ".join("".join(self._said).split())
        said = f"{said} (?)" if said and self._struck else said
        self._said = []
        return said

    def _end_cell(self) -> None:
        if self._cell is None or not self._rows:
            self._cell = None
            return
        row, spans, (wide, deep) = self._rows[-1], self._spans[-1], self._cell
        self._fill(row, spans)
        said = self._take()
        if deep > 1:
            spans |= {len(row) + at: (deep - 1, said if at == 0 else "") for at in range(wide)}
        row += [said, *[""] * (wide - 1)]
        self._cell = None

    def _fill(self, row: list[str], spans: dict[int, tuple[int, str]]) -> None:
        """Put the cells that reach into this row where it has come to."""
        while (at := len(row)) in spans and spans[at][0]:
            left, said = spans[at]
            spans[at] = (left - 1, said)
            row.append(said)

    def _end_row(self) -> None:
        self._end_cell()
        if self._rows and self._rows[-1]:
            self._fill(self._rows[-1], self._spans[-1])
            self.lines.append("\t".join(self._rows[-1]).rstrip("\t"))
            self._rows[-1] = []


def _number(said: str | None) -> int:
    return max(1, min(int(said), _WIDEST)) if said and said.isdecimal() else 1
