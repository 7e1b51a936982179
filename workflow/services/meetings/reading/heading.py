"""What stands above the days of a list: their year, and what makes them doubtful, as proposals, deadlines, several
bodies."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping

from workflow.services.meetings.naming import organs_in
from workflow.services.meetings.reading.beside import BESIDE, OF_ANOTHER_YEAR
from workflow.services.meetings.reading.columns import CELLS
from workflow.services.meetings.reading.page import Page
from workflow.services.meetings.reading.proposing import AGENDA
from workflow.services.meetings.reading.recurring import recurs
from workflow.services.meetings.reading.residue import unexplained
from workflow.services.meetings.reading.tokens import (
    DAY_NAME,
    MONTH,
    dates_in,
    without_times,
    year_in,
    years_in,
)

HEADING = 8  # words at most
_TITLE = 16  # words at most of the title of a case or of a row of headings
_ONE_OF_SEVERAL = re.compile(
    r"\b(forslag|alternativ|model|scenari[eo]|mulighed|variant|løsning)\s+(?:nr\.?\s*)?((?-i:[A-D]|I{1,3})|\d)\b(?![./-]?\d)",
    re.IGNORECASE,
)
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
_PAGES = re.compile(r"\breferat", re.IGNORECASE)  # "Dagsordener og referater"
_LIST = re.compile(
    r"\bmøde(?:r|rne|s|plan\w*|kalender\w*|dato\w*|dage\w*)\b|\bhalvår\b|\bkvartal\b", re.IGNORECASE
)
_OF_A_PLAN = re.compile(
    r"\b(?:møde\w+|(?:års)?kalender\w*|møder)\s+(?:for\s+|i\s+)?(20\d\d)\b", re.IGNORECASE
)  # "Her er mødedatoerne for 2027, som Byrådet godkendte den 29. oktober"
_OF_A_DATE = re.compile(rf"\b(?:{MONTH}|{DAY_NAME}|den|d|dato|sendt)\b", re.IGNORECASE)
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
        if (
            not days
            and AGENDA.search(line)
            and not _PAGES.search(line)
            and len(line.split()) <= _TITLE
            and not line.endswith(".")
        ):
            headed = True
        elif headed and days > 1 and "," not in line and not re.search(r"[^\W\d_]", _DAY.sub(" ", line)):
            rows[number] = days
    return {number for number, days in rows.items() if list(rows.values()).count(days) > 1}


def of_document(lines: Mapping[int, str]) -> set[int]:
    """The line of a day above the list, alone or behind "Dato:": where what tells that there is a list stands below it,
    it is the day of the letter."""
    dated = [number for number, line in lines.items() if dates_in(line, 2000)]
    if not dated:
        return set()
    first, then = dated[0], dated[1] if len(dated) > 1 else max(lines) + 1
    above = " ".join(line for number, line in lines.items() if number < first)
    between = " ".join(line for number, line in lines.items() if first < number < then)
    alone = not re.search(r"[^\W\d_]", _OF_A_DATE.sub(" ", without_times(lines[first])))
    heads = _LIST.search(between) or re.search(r"\b(?:kære|hej|goddag)\b", between, re.IGNORECASE)
    return {first} if alone and heads and not (_LIST.search(above) or organs_in(above)) else set()


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


def find_year(page: Page, lines: list[str], named: int | None) -> bool:
    """The one year of the headings; else the one year named with a day, which is then only guessed for other lines
    where the text's file is not ``named`` by it too. Whether it is from the file's name alone."""
    own = [line for line in lines if not (BESIDE.search(line) or OF_ANOTHER_YEAR.search(line))]
    page.years = years_in("\n".join(own))
    heading = "\n".join(line for line in own if not dates_in(line, 2000) or recurs(line))
    page.year = year_in(heading) or year_in(
        "\n".join(line for line in own if _LIST.search(line) and not dates_in(line, 2000))
    )
    if (
        page.year is None
        and not years_in(heading)
        and len(plans := {year_in(line) for line in lines if _OF_A_PLAN.search(line)}) == 1
    ):
        page.year = plans.pop()
    if page.year is None and not years_in(heading):
        page.year = year_in("\n".join(own))
        page.guessed = page.year != named
    if page.year is None and named and page.years <= {named}:
        page.year, page.guessed = named, False
        return True
    return False


def heads_days(page: Page, line: str) -> bool:
    """Whether the year a line names is that of the days below it: where another is known, nothing in it may be about
    another thing ("Overførsler fra 2025")."""
    return page.year is None or not unexplained(line)


def year_named(file: str) -> int | None:
    """The one year in the name of a file ("moedeplan-2027.txt"); none of a day or a case in it, or of two years."""
    return (
        None if re.search(r"20\d\d[-_./]?\d\d(?!\d)|20\d\d[-/]\d\d|\d\d[-_.]?20\d\d", file) else year_in(file)
    )
