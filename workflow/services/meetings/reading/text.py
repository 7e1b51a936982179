"""What a council publishes about its meetings, read as a person reads it: headings, lists, tables and rules.

Nothing here is taken as certain: each day is a proposal with the line it was read in, and what is not plain carries a
mark that a person must clear.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from workflow.errors import Invalid
from workflow.language import phrase
from workflow.lifecycle.spoken import listed
from workflow.rules.days import BusinessDays
from workflow.services.meetings.naming import (
    names_organ,
    organ,
    organs_in,
    without_organs,
)
from workflow.services.meetings.reading.beside import OF_ANOTHER_YEAR, is_beside
from workflow.services.meetings.reading.clocks import with_times
from workflow.services.meetings.reading.closing import only_sent
from workflow.services.meetings.reading.columns import cells_in, heading, side_by_side, titled
from workflow.services.meetings.reading.doubting import doubted, too_many
from workflow.services.meetings.reading.heading import find_year, heads_days
from workflow.services.meetings.reading.lines.joining import lines_of
from workflow.services.meetings.reading.lines.years import with_years
from workflow.services.meetings.reading.page import Page
from workflow.services.meetings.reading.proposing import (
    AGENDA,
    AWAY,
    GONE,
    IN_BRACKETS,
    MOVED,
    UNSURE,
    WHOSE,
    Proposed,
    meetings,
    under_its_name,
)
from workflow.services.meetings.reading.recurring import excepts, recurs
from workflow.services.meetings.reading.ruled import (
    EXCEPTION,
    WHOLE_LIST,
    deviates,
    excepted,
    ruled,
    with_moves,
    without_replaced,
)
from workflow.services.meetings.reading.settling import settled
from workflow.services.meetings.reading.tabular import row
from workflow.services.meetings.reading.tokens import (
    DAY_NAME,
    MONTH,
    clock_in,
    dates_in,
    months_in,
    weeks_in,
    without_times,
    year_in,
    years_in,
)
from workflow.services.meetings.reading.tying import tied
from workflow.services.meetings.reading.withdrawing import with_withdrawn, withdrawn
from workflow.values import replace

_WEEKDAY = re.compile(r"\b(?:man|tirs|ons|tors|fre)dag\b", re.IGNORECASE)
_EVERY = re.compile(r"\bhver(?:t|s|anden)?\b", re.IGNORECASE)
_SENTENCE = re.compile(r"(?:(?<=[a-zæøå]{3})|(?<=20\d\d)|(?<=\)))\.\s+(?=[A-ZÆØÅ])")
_NAMED_DAY = re.compile(
    r"\b(?:man|tirs|ons|tors|fre)dag(?:en)?\s+(?:d(?:en|\.)\s*)?\d{1,2}\b(?!\s*[-–]\s*\d)|\bden\s+\d{1,2}\.(?=\s*(?:og\b|kl\b|,|$))",
    re.IGNORECASE,
)  # fmt: skip
_ONLY_ADVISED = re.compile(r"\b(?:anbefal|indstil|foreslå)\w*", re.IGNORECASE)
_THESE_MOVE = re.compile(
    r"\b(?:følgende|disse|nedenstående)\b.*\b(?:flyt|rykke|aflys|annuller|udgår|bortfald)"
    r"|\b(?:flyt|rykke|aflys|annuller)\w*\s+følgende",
    re.IGNORECASE,
)
_OF_THE_BUDGET = re.compile(r"\W*(?:års)?budget\w*\b(?!\w*seminar)", re.IGNORECASE)
_WHEN = re.compile(r"\b(?:man|tirs|ons|tors|fre)dag(?:e|en|ene)?\b|[,.:;()–-]", re.IGNORECASE)
_HEADING = 7  # words at most beside whose and when
_ITEM = re.compile(r"\W*(?:[a-zæøå]{2,8}\.?\s+)?(?:d(?:en|\.)\s*)?\d", re.IGNORECASE)
_MONTH_OF_YEAR = re.compile(rf"(?:{MONTH})\.?\s+20\d\d:?", re.IGNORECASE)
_COLON = re.compile(r"(:)(?!\d\d)")  # none of a time
_YEAR_ALONE = re.compile(r"(20\d\d)(?:\s*[:.–-]?\s*(\(.*\)))?:?")


def read_text(
    text: str, body: str, days: BusinessDays, year: int | None = None, *, named: int | None = None
) -> list[Proposed]:
    """The meetings the text tells of, in its order. ``year`` is that of days without one; else the text's own heading,
    else the one its file is ``named`` by, with a mark where not every day has a weekday of that year. :class:`Invalid`
    where a year is missing, with the line and what would work."""
    lines = with_moves(lines_of(text, year or named))
    page = Page(days, body, year)
    by_name = year is None and find_year(page, [line for _, line in lines], named)
    by_weekday = set[int]()
    if year is None and page.year is None:
        lines, by_weekday = with_years(lines, page.years)
    page.below_years = len({line for _, line in lines if _YEAR_ALONE.fullmatch(line.strip())}) > 1
    page.in_brackets = any(IN_BRACKETS.search(line) and not only_sent(line) for _, line in lines)
    found: list[Proposed] = []
    for number, line in lines:
        page.number = number
        found += [replace(one, line=number, said=one.said or line) for one in _line(page, line, year is None)]
    found = with_withdrawn(without_replaced(page, found), page.withdrawn)
    if page.rules & {one.line for one in found} or not (
        months_in(page.rule_excepting) or weeks_in(page.rule_excepting)
    ):  # where a list took the rule's place, what is excepted is of those months alone
        page.excepting = page.excepting or page.rule_excepting
    if page.impossible and found:
        doubt = phrase("%(what)s; er listen læst rigtigt?", what=page.impossible[0])
        found = [replace(one, doubt=one.doubt or doubt) for one in found]
    elif page.impossible:
        page.unread += page.impossible
    if page.unread:
        raise Invalid(phrase("intet er indlæst: %(why)s", why=listed(page.unread[:5])))
    if not found:
        raise Invalid(
            phrase(
                "intet er indlæst: teksten nævner ingen mødedage; skriv dem som »onsdag den 16. juni 2027«"
            )
        )
    found = [
        replace(one, doubt=one.doubt or phrase("året er fundet af ugedagen"))
        if one.line in by_weekday
        else one
        for one in found
    ]
    if by_name and page.unproven:
        doubt = phrase("året er taget fra filens navn")
        found = [replace(one, doubt=one.doubt or doubt) for one in found]
    if page.excepting:
        doubt = phrase("»%(line)s«: gælder det også denne dag?", line=page.excepting)
        found = [replace(one, doubt=one.doubt or doubt) for one in found]
    told = with_times(doubted(settled(found, dict(lines)), dict(lines), days), lines)
    return too_many(tied([under_its_name(one) for one in told]))


def _line(page: Page, line: str, own_year: bool) -> Iterator[Proposed]:
    if (own_year or page.below_years) and (headed := _YEAR_ALONE.fullmatch(line.strip())):
        _of_year(page, headed)
        return
    if page.by_rule and not recurs(line):
        without_day = GONE.search(line) and not dates_in(line, 2000)
        said = without_day and deviates(page, _own_organ(page, line)[0], line)  # "Julimødet udgår"
        if excepts(line) or (without_day and not said):
            page.rule_excepting = line[:60]
    cells = cells_in(line)
    if not (page.columns and len(cells) >= 2):
        line = line.strip()
    in_table = page.columns and len(cells) >= 2  # there a word beside the day is about the meeting
    off = withdrawn(line, page.organ, page.year) if not (in_table or recurs(line)) else None
    page.withdrawn += [off] if off else []
    if not in_table and is_beside(page, line):
        return
    # "Sekretariatet, november 2026"
    in_passing = months_in(line) and not _MONTH_OF_YEAR.fullmatch(line.strip())
    heads = own_year and not in_passing and not OF_ANOTHER_YEAR.search(line)
    if heads and (named := year_in(line)) and not dates_in(line, named) and heads_days(page, line):
        page.year, page.guessed = named, False
    months = months_in(line)
    if len(cells) >= 2 and heading(page, cells, months):
        if {"fra", "til"} <= {kind for kind, _ in page.columns}:
            page.excepting = page.rule_excepting = ""  # the table says which day is gone, and which holds
        return
    if page.columns and len(cells) >= 2:
        yield from row(page, cells, apart=bool(re.search(r"\t|\||;", line)))
        return
    if page.rules and (exception := EXCEPTION.fullmatch(line.strip())):
        yield from excepted(page, line, exception)
        return
    sentences = _SENTENCE.split(line)
    if recurs(line):
        yield from _by_rule(page, line, sentences, own_year)
        return
    if len(sentences) > 1 and any(word.search(line) for word in (MOVED, AWAY, GONE, UNSURE)):
        yield from _sentences(page, line, sentences, own_year)
        return
    yield from _plain(page, line, months, own_year)


def _of_year(page: Page, headed: re.Match[str]) -> None:
    """A year that stands alone, also as a row of a table, is of all below it: "2028 (foreløbig)"."""
    page.year, page.guessed, page.month = int(headed[1]), False, None
    unsure = UNSURE.search(headed[2] or "")
    page.tentative = unsure[0] if unsure else ""


def _sentences(page: Page, line: str, sentences: list[str], own_year: bool) -> Iterator[Proposed]:
    """One sentence after the other, since what one says of its days does not hold for the others' days; the line's
    year holds for all of them, and an organ for those behind it."""
    of_page = page.year, page.guessed
    if own_year and (named := year_in(line)):
        page.year, page.guessed = named, False
    above = page.organ
    for sentence in sentences:
        yield from _line(page, sentence, own_year)
        named_here = dict.fromkeys(who for _, who in organs_in(sentence))
        page.organ = next(iter(named_here)) if len(named_here) == 1 else page.organ
    page.organ = above
    if of_page[0] and all(dates_in(one, 2000) for one in sentences if years_in(one)):
        page.year, page.guessed = of_page  # "… som blev vedtaget den 9. december 2025." heads nothing


def _by_rule(page: Page, line: str, sentences: list[str], own_year: bool) -> Iterator[Proposed]:
    """The days of a rule or, where a sentence beside it tells them one by one, those."""
    whose = _own_organ(page, line)[0]
    others = [one for one in sentences if not recurs(one)]
    if not any(len(dates_in(one, 2000)) >= WHOLE_LIST for one in others):
        yield from ruled(page, line, whose)
        return
    above, page.organ = page.organ, whose
    yield from _sentences(page, line, others, own_year)
    page.organ = above


def _plain(page: Page, line: str, months: list[int], own_year: bool) -> Iterator[Proposed]:
    """A line that is neither a table's nor a rule."""
    name, rest = _own_organ(page, line)
    before = months_in(line[: len(line) - len(rest)])  # "I januar mødes Byrådet den 20."
    # in running text, also behind a time, a number is no day of the month above
    above = page.month if _ITEM.match(without_times(rest)) else None
    month = before[0] if len(before) == 1 else above
    dated = dates_in(rest, page.year, month)
    if own_year and (named := year_in(line)) and not years_in(rest):
        dated = tuple(replace(one, own_year=True) for one in dates_in(rest, named, month))
    if dated:
        if page.rules:
            deviates(page, name, line)
        more = (
            phrase("linjen siger også en regel, som programmet ikke forstår") if _EVERY.search(line) else ""
        )
        said = clock_in(line[: len(line) - len(rest)])
        if _OF_THE_BUDGET.match(line) and not organs_in(
            line
        ):  # its readings are the council's, whoever is above
            more = more or WHOSE
        if side_by_side(line) and not organs_in(line):  # in columns of which nobody says whose they are
            more = more or WHOSE
        if len({who for _, who in organs_in(line[: len(line) - len(rest)])}) > 1:  # of both, or of which?
            more = more or WHOSE
        for one in meetings(page, name, rest, dated, own=rest != line):
            clock = one.time or (said if one.organ == name else "")
            yield replace(one, time=clock, doubt=one.doubt or more, said=line)
        return
    if _NAMED_DAY.search(without_times(line)):
        page.unread.append(phrase("»%(line)s«: måneden mangler", line=line[:60]))
    elif _THESE_MOVE.search(line):
        page.excepting = line[:60]
        advised = _ONLY_ADVISED.search(line)
        page.tentative = advised[0] if advised else page.tentative
    if not (withdrawn(line, page.organ, page.year) and months):  # of one meeting, and no heading
        _below(page, line, months)


def _own_organ(page: Page, line: str) -> tuple[str, str]:
    """The organ a line begins with, and the rest; else that of the heading above."""
    before, colon, after = _COLON.split(line, maxsplit=1) if _COLON.search(line) else (line, "", "")
    named = re.sub(r"\b20\d\d\b", " ", before)
    if colon and names_organ(named) and not dates_in(before, 2000) and len(named) < 60:
        return organ(named), line if _says_what(before) else after
    first = re.match(
        rf"([^\d,]*?)(?=\s+(?:man|tirs|ons|tors|fre)dag|\s+(?:{DAY_NAME}|{MONTH})\.?\s+\d|\s+den\b|\s+d\.|\s+kl\b|\s+\d)",
        line,
        re.IGNORECASE,
    )
    if first and first[1].strip() and names_organ(first[1]) and len(first[1].split()) <= 10:
        return organ(first[1]), line if _says_what(first[1]) else line[first.end() :]
    return page.organ, line


def _says_what(before: str) -> bool:
    """Whether the words an organ stands among say that the day behind them may be no meeting."""
    return any(word.search(before) for word in (GONE, UNSURE, AGENDA))


def _beside_its_name(line: str) -> str:
    """What a heading says beside whose the meetings are, and when: "Udvalget for Børn, Kultur og Sundhed, mandage"
    says nothing."""
    plain = without_times(line)
    return plain if len(organs_in(line)) > 1 else _WHEN.sub(" ", without_organs(plain))


def _below(page: Page, line: str, months: list[int]) -> None:
    """A heading: what it says holds for the lines below."""
    if len(months) == 1 and len(without_times(line).split()) <= 3:
        page.month = months[0]
    elif names_organ(line) and (
        (len(beside := _beside_its_name(line).split()) <= _HEADING and not (line.endswith(".") and beside))
        or (line.endswith(":") and len({who for _, who in organs_in(line)}) == 1)
    ):
        page.organ, page.month, page.columns = organ(titled(line)), None, []
