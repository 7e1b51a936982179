"""What stands above the days of a list: headings of columns that stand below each other, and what makes the days
doubtful: proposals, deadlines, several bodies. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from workflow.services.meetings.naming import names_organ, organs_in
from workflow.services.meetings.reading.closing import LONGEST
from workflow.services.meetings.reading.proposing import AGENDA
from workflow.services.meetings.reading.tabular import CELLS, kinds_of
from workflow.services.meetings.reading.tokens import DAY_NAME, MONTH, dates_in, without_times

HEADING = 8  # words at most
_TITLE = 16  # words at most of the title of a case or of a row of headings
_ONE_OF_SEVERAL = re.compile(
    r"\b(forslag|alternativ|model|scenari[eo]|mulighed|variant|løsning)\s+(?:nr\.?\s*)?((?-i:[A-D]|I{1,3})|\d)\b(?![./-]?\d)",
    re.IGNORECASE,
)
_Line = tuple[int, str]
_OF_DAYS = ("date", "agenda", "sent")  # columns that hold days
_SIGNS_OF = {**dict.fromkeys(_OF_DAYS, "D"), "time": "T?", "organ": "N"}  # what stands in a column; see _sign
_OF_A_DAY = re.compile(rf"\b(?:{MONTH}|{DAY_NAME}|den|d|kl)\b", re.IGNORECASE)
_NO_HEADING = re.compile(r"[\d.,:;|\t]")
_WORDS, _OF_AGENDA = 4, 8  # at most, in the heading of a column
_COLUMNS = 8  # at most, of a table whose headings stand below each other
_PLANNED = r"(?:datoerne|dagene|møderne|mødedatoerne|mødedagene|(?:møde)?planen|(?:møde)?kalenderen|udkastet)"
_PROVISIONAL = (
    r"er (?:endnu |kun |alene )?(?:foreløbig|ikke (?:\w+ )?(?:vedtag|godkend|beslut)|et forslag|et udkast)\w*"
)
_PROPOSED = re.compile(
    r"\b(?:foreslåede|foreløbige) (?:datoer|mødedatoer|mødedage|møder|dage)\b|\bendnu ikke (?:vedtaget|godkendt)\b|"
    rf"\b{_PLANNED} {_PROVISIONAL}|"
    r"\b(?:planen|mødeplanen|mødekalenderen|udkastet|forslaget) (?:behandles|forelægges) \w+|"
    r"^\W*udkast\b|\bendelig (?:beslutning|stilling|godkendelse|vedtagelse)\b|"
    r"\b(?:forslag|udkast) til [^.:]*\bi (?:\w*høring|offentlig høring)\b",
    re.IGNORECASE,
)
_OF_ONE_YEAR = re.compile(rf"\b{_PLANNED} (?:for|i) (20\d\d) {_PROVISIONAL}", re.IGNORECASE)
_ADOPTED = re.compile(
    r"(?<!ikke )(?<!endelig )(?<!endeligt )\b(?:godkendt|vedtaget|tiltrådte?|godkendte|vedtog|besluttede|sagde ja)\b",
    re.IGNORECASE,
)
_PLAN = re.compile(r"\bmøde(?:plan|kalender|dato|dag|oversigt|række|r\b)\w*", re.IGNORECASE)
_DAY = re.compile(rf"\b(?:{MONTH}|{DAY_NAME}|den|d)\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?<=\w\w)[.:]\s+(?=[A-ZÆØÅ])")


def of_proposals(lines: Mapping[int, str]) -> set[int]:
    """The lines from the first proposal on, where a text puts several against each other: "Forslag A", "Forslag B"."""
    told = {
        number: {(kind.casefold(), which) for kind, which in _ONE_OF_SEVERAL.findall(line)}
        for number, line in lines.items()
    }
    kinds = Counter(kind for kind, _ in set().union(*told.values()))
    first = min(
        (number for number, said in told.items() if any(kinds[kind] > 1 for kind, _ in said)), default=None
    )
    return {number for number in lines if first is not None and number >= first}


def not_adopted(lines: Mapping[int, str]) -> dict[int | None, str]:
    """The words by which a text says that the days of a year are only proposed ("Datoerne for 2028 er foreløbige") or,
    where nothing in it says that any were adopted, all of its days (``None``)."""
    found: dict[int | None, str] = {
        int(said[1]): said[0] for line in lines.values() for said in _OF_ONE_YEAR.finditer(line)
    }
    if not any(_ADOPTED.search(line) for line in lines.values()):
        whole = [
            line for line in lines.values() if not re.match(r"20\d\d\b", line)
        ]  # that heads its own days
        if proposed := [said[0] for line in whole for said in _PROPOSED.finditer(line)]:
            found[None] = proposed[0]
    return found


def of_deadlines(lines: Mapping[int, str]) -> set[int]:
    """Rows of nothing but days below headings that name a deadline or the agenda: only one day of each is a meeting."""
    rows: dict[int, int] = {}
    headed = False
    for number, line in lines.items():
        days = len(dates_in(line, 2000))
        if not days and AGENDA.search(line) and len(line.split()) <= _TITLE and not line.endswith("."):
            headed = True
        elif headed and days > 1 and "," not in line and not re.search(r"[^\W\d_]", _DAY.sub(" ", line)):
            rows[number] = days
    return {number for number, days in rows.items() if list(rows.values()).count(days) > 1}


def below_several(lines: Mapping[int, str]) -> dict[int, set[str]]:
    """Below the title of a list for several bodies, the one body each line without a name of its own can be of: that
    which a sentence since has named alone. None where nobody was. A table tells it by its columns."""
    found: dict[int, set[str]] = {}
    headed, whose = False, set[str]()
    for number, line in lines.items():
        named = {organ for _, organ in organs_in(line)}
        if named and CELLS.search(line):
            headed = False
        elif named and not dates_in(line, 2000):
            for sentence in _SENTENCE.split(without_times(line)):
                here = {organ for _, organ in organs_in(sentence)}
                words = len(sentence.split())
                title = words <= _TITLE if _PLAN.search(sentence) else words <= HEADING and sentence == line
                if len(here) > 1 and title and not sentence.endswith("."):
                    headed, whose = True, set()
                elif len(here) == 1:
                    whose = here
        elif before := {organ for _, organ in organs_in(re.split(r"\d", line, maxsplit=1)[0])}:
            whose = before if len(before) == 1 else set()
        elif headed and not named:
            found[number] = whose
    return found


def stacked(lines: list[_Line]) -> list[_Line]:
    """With each record of a table side by side, whose headings and cells stand below each other: "Mødedato", "Frist for
    punkter", "Dagsorden udsendes", and then their days in turn. Days that are not as many as the headings get a
    question mark, since which is which is not plain."""
    read: list[_Line] = []
    at, heads = _stacked_heading(lines)
    while heads:
        rows, lines = _table(lines, at, heads)
        read += rows
        at, heads = _stacked_heading(lines)
    return [*read, *lines]


def _table(lines: list[_Line], at: int, heads: list[str]) -> tuple[list[_Line], list[_Line]]:
    """The lines to the end of the table whose headings begin at a place, side by side, and those below it."""
    kinds, rest = kinds_of(heads), lines[at + len(heads) :]
    end, again = _stacked_heading(rest)
    end = end if again else len(rest)
    if "organ" not in kinds:  # then one that stands alone heads another list
        end = next((place for place in range(end) if _sign(rest[place][1]) == "N"), end)
    rest, below = rest[:end], rest[end:]
    signs = [_sign(line) for _, line in rest]
    records: dict[int, int] = {}  # where one begins, and how many lines it has
    blocks: list[list[int]] = []  # the places between two empty lines
    for place, (number, _) in enumerate(rest):
        if not place or number != rest[place - 1][0] + 1:
            blocks.append([])
        blocks[-1].append(place)
    pattern = re.compile("".join(_SIGNS_OF.get(kind, "O?") for kind in kinds))
    unsure, several = set[int](), False
    for block in blocks:
        said = "".join(signs[place] for place in block)
        found = [(block[one.start()], one.end() - one.start()) for one in pattern.finditer(said)]
        fits = [_closes_before(_record(kinds, rest[at : at + many], signs[at:]), kinds) for at, many in found]
        if found and not any(fits):  # a plain list below such words
            continue
        if "D" in pattern.sub("", said) or not all(fits):
            unsure |= {place for place in block if signs[place] == "D"}
            several = several or "DD" in said
        else:
            records |= dict(found)
    if not records and not several:
        return [*lines[: at + len(heads)], *rest], below
    rows: list[_Line] = [*lines[:at], (lines[at][0], "\t".join(heads))]
    place = 0
    while place < len(rest):
        number, line = rest[place]
        if place in unsure:
            line = "\t".join(f"{line} (?)" if kind == "date" else "" for kind in kinds)
        elif place in records:
            line = _record(kinds, rest[place : place + records[place]], signs[place:])
        rows.append((number, line))
        place += records.get(place, 1)
    return rows, below


def _record(kinds: list[str], cells: list[_Line], signs: list[str]) -> str:
    """The row of a record's cells, empty where it has none for a column that need not say anything."""
    row, left = [], [line for _, line in cells]
    for kind in kinds:
        fits = left and re.fullmatch(_SIGNS_OF.get(kind, "O?"), signs[len(cells) - len(left)])
        row.append(left.pop(0) if fits else "")
    return "\t".join(row)


def _closes_before(row: str, kinds: list[str]) -> bool:
    """Whether every other day of the row may be one on which the agenda of its meeting closes or is sent."""
    said = [dates_in(cell, 2000) for cell in row.split("\t")]
    days = [
        (kind, one[0].on)
        for kind, one in zip(kinds, said, strict=True)
        if kind in _OF_DAYS and one and one[0].on
    ]
    meeting = next((on for kind, on in days if kind == "date"), None)
    return meeting is not None and all((meeting - on).days % 366 <= LONGEST.days for _, on in days if on)


def _sign(line: str) -> str:
    """D: a day and nothing else, T: a time and nothing else, N: an organ, O: anything else."""
    plain = without_times(line)
    if dates_in(line, 2000) and not re.search(r"[^\W\d_]", _OF_A_DAY.sub(" ", plain)):
        return "D"
    if line.strip() and not plain.strip(" .-–"):
        return "T"
    return "N" if names_organ(line) and not dates_in(line, 2000) else "O"


def _stacked_heading(lines: list[_Line]) -> tuple[int, list[str]]:
    """Where headings of columns stand below each other, two or more of days, and which they are; none where none do."""
    for at in range(len(lines)):
        heads: list[str] = []
        for number, line in lines[at : at + _COLUMNS]:
            most = _OF_AGENDA if AGENDA.search(line) else _WORDS
            if number != lines[at][0] + len(heads) or len(line.split()) > most or _NO_HEADING.search(line):
                break
            heads.append(line)
        while heads and kinds_of(heads)[-1] == "of-organ":  # that of the first record
            heads.pop()
        kinds = kinds_of(heads)
        if (
            kinds[:1] not in ([], [""], ["of-organ"])
            and "date" in kinds
            and sum(kind in _OF_DAYS for kind in kinds) > 1
        ):
            return at, heads
    return 0, []
