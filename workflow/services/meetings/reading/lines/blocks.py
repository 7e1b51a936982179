"""What belongs to one meeting but stands apart from it: the lines of a block on a web page, and notes below a list.
Pure."""

from __future__ import annotations

import re

from workflow.services.meetings.naming import names_organ
from workflow.services.meetings.reading.closing import meeting_and_closing, only_sent, says_which
from workflow.services.meetings.reading.lines.line import Line
from workflow.services.meetings.reading.proposing import AWAY, GONE, MOVED, SHIFTED
from workflow.services.meetings.reading.residue import residue
from workflow.services.meetings.reading.tokens import MONTH, dates_in, year_in

_LEAST = 3  # blocks that make a list of blocks
_MOST = 8  # lines in one
_FEW = 2  # links that make a page of links
_DAYS = 2  # on the line of a meeting: its own, and that of its agenda
_OF_ALL = re.compile(
    r"\bforbehold\w*\s+for\b|\bændringer\s+forbeholdes\b", re.IGNORECASE
)  # said of the whole list
_BESIDE = 2  # lines with a day in no block, as of when the page was changed
_NOTE = re.compile(r"\s*(\*{1,6}|[¹²³⁴⁵⁶⁷⁸⁹]|[1-9]\))\)?:?\s*([^\s*)].*)")
_TILE = re.compile(
    rf"(?:{MONTH})\.?|\d{{1,2}}\.?|(?:{MONTH})\.?\s+\d{{1,2}}\.?|\d{{1,2}}\.?\s+(?:{MONTH})\.?", re.IGNORECASE
)
_TARGET = (
    r"(?:dagsorden(?:en|er)?|(?:beslutnings)?referat(?:et|er)?|bilag|mødemateriale|protokol|video|lyd|webtv|web-tv|optagelse|pdf|"
    r"ics|kalenderfil|print|udskriv|del)\b(?:\s+(?:er\s+)?(?:endnu\s+)?(?:ikke\s+)?(?:offentliggjort|publiceret|tilgængelig\w*|klar|"
    r"godkendt)(?:\s+endnu)?\b)?"
)
_NONE_YET = r"(?:ingen|intet)\s+(?:dagsorden|referat|materiale|bilag)\w*(?:\s+endnu)?\b"
_VERB = r"(?:se|læs|hent|vis|åbn|åben|download|lyt|gå|tilføj|gem|følg|klik)\b"
_BEHIND_VERB = (
    rf"(?:\s+(?:{_TARGET}|(?:mere|op|her|alle|hele|om|til|for|på|som|fra|i|og|direkte|live|detaljer|møde|mødet|punkt|punkter|"
    r"min|din|kalender|kalenderen|outlook|nyt vindue|siden)\b))*"
)
_SIZE = r"\s*[(\[,]\s*(?:(?:pdf|docx?|html?|ics|åbner|i|nyt|vindue|\d[\d.,]*\s*[km]b|\d+\s+sider)\b[\s,;·-]*)+[)\]]?"
_LINK = re.compile(
    rf"\W*(?:(?:{_VERB}{_BEHIND_VERB}|{_TARGET}|{_NONE_YET})(?:{_SIZE})?[\s|/,;·–>»›)\]-]*)+", re.IGNORECASE
)
_LINK_AT_END = re.compile(
    rf"(?:(?<=\d)\.?|(?<=[)\]])|(?<=\W)|(?=\s+{_VERB}))[\s–—>»›•·/,(\[-]+"
    rf"(?:(?:{_VERB}{_BEHIND_VERB}|{_TARGET})(?:{_SIZE})?[\s/,·–>»›)\]-]*)+$",
    re.IGNORECASE,
)
_LINKED = re.compile(rf"\b{_VERB}|{_SIZE}", re.IGNORECASE)
_ONE_TARGET = re.compile(_TARGET, re.IGNORECASE)


def without_links(lines: list[str]) -> list[str]:
    """Without what a page offers behind each day ("Dagsorden", "Læs mere", "Referat (pdf, 1 MB)"). One word, as
    "Referat", is a link only where each day has one; behind a colon it is what the day is, and asked about."""
    dated = [bool(dates_in(line, 2000)) for line in lines]
    read = [_without_link(line) if has else (line, []) for line, has in zip(lines, dated, strict=True)]
    told = [bool(links) and other.rstrip().endswith(":") for other, links in read]
    each = not any(told) and sum(bool(links) for _, links in read) == sum(dated) >= _FEW
    return [
        other if links and (each or _is_link(links)) else f"{line} (?)" if is_told else line
        for line, (other, links), is_told in zip(lines, read, told, strict=True)
    ]


def _without_link(line: str) -> tuple[str, list[str]]:
    """A line without what may be links, and those."""
    links: list[str] = []

    def out(part: str) -> str:
        other = "" if _LINK.fullmatch(part) else _LINK_AT_END.sub("", part)
        links.extend([part[len(other) :]] if other != part else [])
        return other

    return "".join(out(part) for part in re.split(r"([\t|;])", line)), links


def _is_link(links: list[str]) -> bool:
    """Whether they are links by themselves: they say what to do or how long a file is, or are more than one."""
    return bool(_LINKED.search(" ".join(links))) or sum(len(_ONE_TARGET.findall(one)) for one in links) > 1


def without_link_lines(lines: list[Line]) -> list[Line]:
    """Without lines that are nothing but such links, where there are several."""
    links = {number for number, line in lines if _LINK.fullmatch(line)}
    return [(number, line) for number, line in lines if number not in links] if len(links) >= _FEW else lines


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


def with_deadlines(lines: list[Line]) -> list[Line]:
    """With each line that tells nothing but the last day for an agenda, or the day it is sent, on the line of its
    meeting, where all stand below their meetings, or all above."""
    alone = [at for at, (_, line) in enumerate(lines) if _only_closes(line)]
    held = [at for at, (_, line) in enumerate(lines) if at not in alone and dates_in(line, 2000)]
    if len(alone) < _FEW or not held or any(re.search(r"\t|\||;", line) for _, line in lines):
        return lines
    below = held[0] < alone[0]
    told: dict[int, list[int]] = {}
    for at in alone:
        of = (
            max((of for of in held if of < at), default=-1)
            if below
            else min((of for of in held if of > at), default=-1)
        )
        told.setdefault(of, []).append(at)
    behind: dict[int, str] = {}
    for of, closings in told.items():
        said = sorted((lines[at][1] for at in closings), key=only_sent)  # the last day for points first
        if (
            of >= 0
            and (only_sent(said[0]) or all(map(only_sent, said[1:])))
            and _is_before(said[0], lines[of][1])
        ):
            behind[of] = said[0]
    if 2 * len(behind) < len(told):  # then they stand in another order
        return lines
    taken = {at for of in behind for at in told[of]}
    return [
        (number, f"{line} ({behind[at]})" if at in behind else line)
        for at, (number, line) in enumerate(lines)
        if at not in taken
    ]


def _only_closes(line: str) -> bool:
    """Whether a line tells one day, that of an agenda, and names neither a body nor anything else."""
    about = len(dates_in(line, 2000)) == 1 and says_which(line) and not names_organ(line)
    return (
        bool(about)
        and not [word for word in residue(line, agenda=True) if not says_which(word)]
        and not re.search(r"\bmøde\w*\s*:", line, re.IGNORECASE)
    )


def _is_before(closing: str, meeting: str) -> bool:
    """Whether the day of one line may be that of the agenda of the other's one meeting."""
    year = year_in(meeting) or year_in(closing) or 2000
    days, closes = dates_in(meeting, year), dates_in(closing, year)
    told = meeting_and_closing(days[0], closes[0]) if len(days) == 1 else None
    return told is not None and told[0] is days[0]


def one_a_block(lines: list[Line]) -> list[Line]:
    """Blocks between empty lines that each tell one day, with the words around it, as one line each."""
    blocks: list[list[Line]] = []
    for number, line in lines:
        if not blocks or number != blocks[-1][-1][0] + 1:
            blocks.append([])
        blocks[-1].append((number, line))
    days = [[line for _, line in block if dates_in(line, 2000)] for block in blocks]
    whole = [
        2 <= len(block) <= _MOST
        and _one_day(said)
        and len(dates_in(said[0], 2000)) <= _DAYS
        and year_in(said[0]) is not None
        for said, block in zip(days, blocks, strict=True)
    ]
    apart = sum(len(said) for said, is_whole in zip(days, whole, strict=True) if not is_whole)
    in_table = any(re.search(r"\t|\||;", line) and re.search(r"\d", line) for _, line in lines)
    if sum(whole) < _LEAST or apart > _BESIDE or in_table:
        return lines
    found: list[Line] = []
    for block, is_whole in zip(blocks, whole, strict=True):
        if not is_whole:
            found += block
            continue
        words = [line for _, line in block if not _TILE.fullmatch(line)]
        words = [line for line in words if not (_LINK.fullmatch(line) or _OF_ALL.search(line))]
        first = next(at for at, line in enumerate(words) if dates_in(line, 2000))
        before = " ".join(words[:first])
        found.append(
            (
                block[0][0],
                " ".join([before, words[first], *(f"({line})" for line in words[first + 1 :])]).strip(),
            )
        )
    return found
