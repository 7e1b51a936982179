"""What belongs to one meeting but stands apart from it: the lines of a block on a web page, and notes below a list.
Pure."""

from __future__ import annotations

import re

from workflow.services.meetings.reading.proposing import AWAY, GONE, MOVED, SHIFTED
from workflow.services.meetings.reading.tokens import MONTH, dates_in, year_in

Line = tuple[int, str]
_LEAST = 3  # blocks that make a list of blocks
_MOST = 8  # lines in one
_BESIDE = 2  # lines with a day in no block, as of when the page was changed
_NOTE = re.compile(r"\s*(\*{1,6}|[¹²³⁴⁵⁶⁷⁸⁹]|[1-9]\))\)?:?\s*([^\s*)].*)")
_TILE = re.compile(
    rf"(?:{MONTH})\.?|\d{{1,2}}\.?|(?:{MONTH})\.?\s+\d{{1,2}}\.?|\d{{1,2}}\.?\s+(?:{MONTH})\.?", re.IGNORECASE
)


_LINK = re.compile(
    r"(?:se|læs|hent|vis|tilføj|åbn|download|gå til|til)\b.{0,40}|(?:dagsorden|referat|bilag|pdf|ics)\w*",
    re.IGNORECASE,
)


def with_notes(lines: list[str]) -> list[str]:
    """With each note in brackets where its sign stands ("6. september ***"): what it says is said of that day. A note
    that tells days of its own stays, and its sign goes."""
    told = {
        at: found
        for at, line in enumerate(lines)
        if (found := _NOTE.fullmatch(line)) and not _begins(found[2])
    }
    notes = {found[1]: found[2].strip() for found in told.values()}
    if len(notes) != len(told):
        return lines  # bullets
    signs = {
        sign: re.compile(rf"(?<=[\w.)])\s?(?<!\*){re.escape(sign)}(?![*\w])(?=\s*(?:$|[\t|;,)]|\s{{2}}))")
        for sign in notes
    }
    used = {
        sign
        for sign, where in signs.items()
        for at, line in enumerate(lines)
        if at not in told and where.search(line)
    }
    read: list[str] = []
    for at, line in enumerate(lines):
        note = told.get(at)
        if note and note[1] in used:
            read.append(note[2] if dates_in(note[2], 2000) else "")
            continue
        said = line
        for sign in used:
            said = _in_brackets(notes[sign]).join(signs[sign].split(said))
        read.append(said)
    return read


def _begins(text: str) -> bool:
    """Whether a line begins with a day: then the sign before it is a bullet."""
    first = dates_in(text, 2000)
    return (
        bool(first)
        and not re.search(r"[^\W\d_]{3,}.*\d", text[: first[0].at])
        and first[0].at < len(text) / 2 + 20
    )


def _in_brackets(note: str) -> str:
    if dates_in(note, 2000):
        return " (?)" if any(word.search(note) for word in (AWAY, GONE, MOVED)) else ""
    return f" ({note.rstrip('.')})"


def _one_day(said: list[str]) -> bool:
    """Whether the lines of a block that have days tell of one meeting: its day, and the one it is moved to or from."""
    return len(said) == 1 or (
        len(said) == 2 and any(word.search(said[1]) for word in (MOVED, AWAY, SHIFTED, GONE))
    )


def one_a_block(lines: list[Line]) -> list[Line]:
    """Blocks between empty lines that each tell one day, with the words around it, as one line each."""
    blocks: list[list[Line]] = []
    for number, line in lines:
        if not blocks or number != blocks[-1][-1][0] + 1:
            blocks.append([])
        blocks[-1].append((number, line))
    days = [[line for _, line in block if dates_in(line, 2000)] for block in blocks]
    whole = [
        _one_day(said) and year_in(said[0]) is not None and 2 <= len(block) <= _MOST
        for said, block in zip(days, blocks, strict=True)
    ]
    apart = sum(len(said) for said, is_whole in zip(days, whole, strict=True) if not is_whole)
    if sum(whole) < _LEAST or apart > _BESIDE or any(re.search(r"\t|\||;", line) for _, line in lines):
        return lines
    found: list[Line] = []
    for block, is_whole in zip(blocks, whole, strict=True):
        if not is_whole:
            found += block
            continue
        words = [line for _, line in block if not _TILE.fullmatch(line)]
        words = [line for line in words if not _LINK.fullmatch(line)]
        first = next(at for at, line in enumerate(words) if dates_in(line, 2000))
        before = " ".join(words[:first])
        found.append(
            (
                block[0][0],
                " ".join([before, words[first], *(f"({line})" for line in words[first + 1 :])]).strip(),
            )
        )
    return found
