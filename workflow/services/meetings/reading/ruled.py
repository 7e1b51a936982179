"""Meetings by a rule in a text: the rule's days, the exceptions that stand in lines below it, and a list beside it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from workflow.language import phrase
from workflow.services.meetings.reading.lines.line import Line
from workflow.services.meetings.reading.page import Page
from workflow.services.meetings.reading.proposing import UNSURE, Proposed, meetings
from workflow.services.meetings.reading.recurring import days_of, excepts, moves, recurs
from workflow.services.meetings.reading.tokens import MONTH, clock_in, dates_in, month_of, months_in, years_in
from workflow.values import replace

EXCEPTION = re.compile(rf"({MONTH})\.?(?:\s+(20\d\d))?\s*:\s*(\S.*)", re.IGNORECASE)
_INSTEAD = re.compile(
    rf"(?:\bmødet|s\s+(?:ordinære\s+)?møde)\s+i\s+({MONTH})\b|\b({MONTH})mødet\b"
    rf"|\bi\s+({MONTH})\s+\w+\s+(?:[\wæøå]+\s+){{0,2}}møde(?:t)?\b",
    re.IGNORECASE,
)
WHOLE_LIST = 6  # days told one by one beside a rule: a list, not exceptions


def with_moves(lines: list[Line]) -> list[Line]:
    """With what moves a month's meeting ("Mødet i marts holdes en uge tidligere") on the line of the rule above."""
    found: list[Line] = []
    at = -1
    for number, line in lines:
        if at >= 0 and moves(line) and not dates_in(line, 2000):
            found[at] = (found[at][0], f"{found[at][1].rstrip('.')}. {line}")
            continue
        at = len(found) if recurs(line) else at
        found.append((number, line))
    return found


def ruled(page: Page, line: str, organ: str) -> Iterator[Proposed]:
    """The days of a rule, in the year of the page or in each the line itself names."""
    page.rules.add(page.number)
    years = [page.year] if page.year else sorted(years_in(line))
    if not years:
        page.unread.append(phrase("»%(line)s«: året mangler; sig det med --year", line=line[:60]))
        return
    page.by_rule = page.unproven = True
    for year in years:
        for on, doubt in days_of(line, year, page.days.why_closed):
            yield Proposed(page.body, organ, on, time=clock_in(line), doubt=doubt)


def excepted(page: Page, line: str, said: re.Match[str]) -> Iterator[Proposed]:
    """An exception below a rule: "Juli: ingen møde", "Marts 2027: onsdag den 17. marts"."""
    month, year = month_of(said[1]), int(said[2]) if said[2] else None
    page.replaced.add((year, month))
    dated = dates_in(said[3], year or page.year, month)
    if dated:
        yield from meetings(page, page.organ, said[3], dated)
    elif not excepts(said[3]):
        page.excepting = line[:60]


def deviates(page: Page, organ: str, line: str) -> bool:
    """Keep that a line tells of the month's own meeting, on another day than the rule's or not held: "Mødet i april
    holdes mandag den 19. april", "Julimødet udgår". False where it names no month's, or only perhaps."""
    months = {
        (organ, month)
        for found in ([] if UNSURE.search(line) else _INSTEAD.finditer(line))
        for month in months_in(found[0].replace("mødet", " "))
    }
    page.instead |= months
    return bool(months)


def without_replaced(page: Page, found: list[Proposed]) -> list[Proposed]:
    """Without the days of a rule in months that a list of exceptions below it takes out or tells; and without those of
    a rule that holds only as a rule, where the days themselves are told too; a rule's day is marked
    that a whole list of the same body lacks, or in whose month a line tells another one."""
    own = [one for one in found if one.line not in page.rules]
    if len(own) >= WHOLE_LIST and all(one.doubt for one in found if one.line in page.rules):
        return own
    kept = [
        one
        for one in found
        if one.line not in page.rules
        or not (
            {(one.on.year, one.on.month), (None, one.on.month)} & page.replaced
            or (one.organ, one.on.month) in page.instead
        )
    ]
    listed = Counter((one.organ, one.on.year) for one in own if not one.gone)
    told = {(one.organ, one.on) for one in own}
    months = {(one.organ, one.on.year, one.on.month) for one in own if not one.gone}
    by_rule = Counter((one.line, one.on.year, one.on.month) for one in kept if one.line in page.rules)
    doubt = phrase("reglen giver dagen, men listen nævner den ikke")
    return [
        replace(one, doubt=one.doubt or doubt)
        if one.line in page.rules
        and (
            listed[one.organ, one.on.year] >= WHOLE_LIST
            or (
                by_rule[one.line, one.on.year, one.on.month] == 1
                and (one.organ, one.on.year, one.on.month) in months
            )
        )
        and (one.organ, one.on) not in told
        else one
        for one in kept
    ]
