"""What a list as a whole makes doubtful: a day in another year than the rest, a line that names another thing than a
meeting, a calendar that prints every day of the month. Pure; a mark is Danish."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from workflow.language import phrase
from workflow.rules.days import BusinessDays
from workflow.services.meetings.naming import any_committee, names_organ, organs_in
from workflow.services.meetings.reading.closing import only_sent, year_before
from workflow.services.meetings.reading.columns import CELLS
from workflow.services.meetings.reading.heading import (
    HEADING,
    below_several,
    not_adopted,
    of_deadlines,
    of_document,
    of_proposals,
)
from workflow.services.meetings.reading.lines.line import MONTH_ALONE
from workflow.services.meetings.reading.proposing import NOT_A_MEETING, WHOSE, Proposed
from workflow.services.meetings.reading.recurring import recurs
from workflow.services.meetings.reading.residue import is_no_meeting, residue, unexplained
from workflow.services.meetings.reading.tokens import DAY_NAME, dates_in, years_in
from workflow.services.meetings.reading.turning import WHICH_YEAR, turning_back
from workflow.services.meetings.reading.vocabulary import OF_AGENDAS
from workflow.values import replace

_OF_MANY = 15  # days of the list's own year, to each of an earlier one
_FEW, _ENOUGH = 2, 6  # days of a year beside those of the others, and of these
_PRINTED = 15  # days of one month without a word behind them: a calendar of days, not a list of meetings
_OFTEN = 30  # days a year: every other week, and some more
_HOLIDAY = re.compile(
    r"\W*(?:skolernes?\s+)?(?:\w*ferien?|påsken?|pinsen?|julen?)\b(?:\W*(?:i\s+)?uge\w*\W*\d[\d\s–-]*(?:og\s+\d+)?)?"
    r"(?:\W*(?:ingen|intet)\s+\w+)?\W*",
    re.IGNORECASE,
)
_OF_A_PERSON = re.compile(
    r"\w+:\s+(?:[A-ZÆØÅ][\w.-]*\s*){2,4}(?:,?\s*(?:tlf|telefon|mobil)\b.*)?"
)  # "Formand: Poul Hviid"
_OF_A_LEGEND = re.compile(r"\W*[A-ZÆØÅ]{1,5}\s*=\s*\w")
_BREAK, _LONGEST = timedelta(days=10), timedelta(days=100)
_DECISION = re.compile(r"\W*(?:beslutning|behandlet|protokol|mødetidspunkt)\b", re.IGNORECASE)
_ADOPTS = re.compile(
    r"(?:plan|planen|kalender|kalenderen|datoer|datoerne|dage|dagene|møder|møderne)\s+(?:er|blev|er blevet)\s+"
    r"(?:endeligt?\s+)?(?:godkendt|vedtaget|fastlagt|besluttet|tiltrådt)\b"
    r"|\b(?:planen|kalenderen|forslaget|udkastet) (?:behandles|forelægges)\b"
    r"|\bbeslutning\w* (?:træffes|tages)\b|\btager (?:endeligt? )?stilling\b",
    re.IGNORECASE,
)
_HEADING = re.compile(
    r"(?:beslutning|indstilling|sagsfremstilling|problemstilling|referat)\W*", re.IGNORECASE
)
_HEAD = re.compile(r"(?:mødedato|dato|referat)\b\W*", re.IGNORECASE)
_OF_A_WEEK = re.compile(r"uge(?:rne)?\s+\d", re.IGNORECASE)  # an entry without its day, and no heading
_AFTER = phrase("dagsordenen lukker efter mødet: er begge dage rigtige?")
_DECIDED = phrase("er det mødet, hvor listen blev besluttet?")
_OF_SEVERAL = phrase("listen har flere forslag: er det dette, der er vedtaget?")
_WEEKDAY = re.compile(rf"\b(?:{DAY_NAME})", re.IGNORECASE)
_MEETING = re.compile(r"møde|meeting|\bsal\b|beslutning|samling", re.IGNORECASE)


def doubted(found: Sequence[Proposed], lines: Mapping[int, str], days: BusinessDays) -> list[Proposed]:
    """The meetings, with what the whole of ``lines`` (by number) makes doubtful marked or left out."""
    kept = [
        _closed_before(one)
        for one in _without_printed_days(found, lines)
        if not is_no_meeting(one.said, closed=days.why_closed(one.on) is not None)
    ]
    years = Counter(one.on.year for one in kept)
    turned = _turned(kept, lines)
    told = Counter(one.line for one in kept)
    decided, strange = _of_minutes(lines), _below_unexplained(lines)
    proposals, rows, whose = of_proposals(lines), of_deadlines(lines), below_several(lines)
    proposed, letters = not_adopted(lines), of_document(lines)
    named = {organ for line in lines.values() for _, organ in organs_in(line)}
    return [
        replace(
            one,
            doubt=one.doubt
            or _another_year(one, years)
            or (WHICH_YEAR if (one.organ, one.line) in turned else "")
            or (_DECIDED if one.line in decided else "")
            or _not_understood(one, strange.get(one.line, ""))
            or _unsettled(one, proposed)
            or (_of_words(lines[one.line]) if one.line in letters else "")
            or (_OF_SEVERAL if one.line in proposals else "")
            or (NOT_A_MEETING if one.line in rows and told[one.line] > 1 and not one.agenda_closes else "")
            or (WHOSE if _nobodys(one, named) or one.organ not in whose.get(one.line, {one.organ}) else ""),
        )
        for one in kept
    ]


def _turned(found: Sequence[Proposed], lines: Mapping[int, str]) -> set[tuple[str, int]]:
    """The lines from which on a body's days may be of the next year: they go back from the end of the year to months
    before its first, and neither a year nor a weekday stands with them."""
    told: dict[tuple[str, int], list[Proposed]] = defaultdict(list)
    for one in sorted(found, key=lambda one: one.line):
        if not one.gone:
            told[one.organ, one.on.year].append(one)
    later = [
        several[at] for several in told.values() for at in turning_back([one.on.month for one in several])
    ]
    return {
        (one.organ, one.line)
        for one in later
        if not (years_in(lines.get(one.line, "")) or _WEEKDAY.search(one.said))
    }


def _closed_before(one: Proposed) -> Proposed:
    """An agenda closes before its meeting: a day without a year that would come after it is of the year before."""
    closes = one.agenda_closes
    if closes is None or closes <= one.on:
        return one
    if before := year_before(closes, one.on):
        return replace(one, agenda_closes=before)
    return replace(one, agenda_closes=None, doubt=one.doubt or _AFTER)


def _unsettled(one: Proposed, proposed: Mapping[int | None, str]) -> str:
    word = proposed.get(one.on.year) or proposed.get(None)
    return phrase("»%(word)s«: er dagen vedtaget?", word=word) if word else ""


def _nobodys(one: Proposed, named: set[str]) -> bool:
    """Whether it is not plain whose meeting it is: a committee without a name, or the council where the text ``named``
    committees alone."""
    if one.organ:
        return any_committee(one.organ)
    return bool(named) and "" not in named


def _of_minutes(lines: Mapping[int, str]) -> set[int]:
    """The lines that tell the day on which the list was decided: of a decision, and in minutes what heads them."""
    minutes = any(_HEADING.fullmatch(line) for line in lines.values())
    found, before = set(), ""
    for number, line in lines.items():
        if (
            _DECISION.match(line)
            or _ADOPTS.search(line)
            or (minutes and (_HEAD.match(line) or _HEAD.fullmatch(before)))
        ):
            found.add(number)
        before = line
    return found


def _below_unexplained(lines: Mapping[int, str]) -> dict[int, str]:
    """The words that are not understood of the heading a line stands below: of another body, or of other days."""
    found, above = dict[int, str](), ""
    in_month = False  # what is strange below a month is of that month alone
    breaks, below_each = _breaks(lines), _below_each(lines)
    for number, line in lines.items():
        if above:
            found[number] = above
        if CELLS.search(line) or dates_in(line, 2000) or _OF_A_WEEK.match(line):
            continue
        if number in breaks or _OF_A_PERSON.fullmatch(line) or _OF_A_LEGEND.match(line):
            continue
        if MONTH_ALONE.fullmatch(line):
            above, in_month = ("" if in_month else above), True
        elif len(line.split()) > HEADING or line.endswith("."):
            above = ""
        elif left := unexplained(line):
            above = " ".join(left[:4])
            in_month = in_month and not names_organ(line)
        elif names_organ(line) or (_MEETING.search(line) and line not in below_each):
            above = ""
    return found


def _below_each(lines: Mapping[int, str]) -> set[str]:
    """The lines that stand below the heading of every part of a list ("Møder i 2027") and say nothing of it."""
    above: dict[str, list[str]] = defaultdict(list)
    begins = ""  # the first line since the last day
    for line in lines.values():
        if CELLS.search(line) or dates_in(line, 2000):
            begins = ""
            continue
        above[line].append(begins)
        begins = begins or line
    return {line for line, heads in above.items() if len({*heads}) == len(heads) > 1 and all(heads)}


def _breaks(lines: Mapping[int, str]) -> set[int]:
    """The lines that name a holiday between two days that go on over it, weeks apart: no heading of what is below."""
    told = list(lines.items())
    found = set[int]()
    for (_, before), (number, line), (_, behind) in zip(told, told[1:], told[2:], strict=False):
        if not _HOLIDAY.fullmatch(line):
            continue
        last, first = dates_in(before, 2000), dates_in(behind, 2000)
        if last and first and last[-1].on and first[0].on and _BREAK <= first[0].on - last[-1].on <= _LONGEST:
            found.add(number)
    return found


def _not_understood(one: Proposed, above: str) -> str:
    left = residue(
        one.said, agenda=bool(one.agenda_closes) or only_sent(one.said), rule=recurs(one.said), gone=one.gone
    )
    if one.agenda_closes:  # "Møder og frister" heads both
        above = " ".join(word for word in above.split() if word.casefold() not in OF_AGENDAS)
    word = " ".join(left[:4]) or above
    return _of_words(word) if word else ""


def _of_words(word: str) -> str:
    return phrase("»%(word)s«: er det et møde, hvor der besluttes?", word=word)


def _without_printed_days(found: Sequence[Proposed], lines: Mapping[int, str]) -> list[Proposed]:
    """A calendar that prints every day tells of a meeting where something is written beside the day."""
    bare: dict[tuple[int, int], set[date]] = defaultdict(set)
    for one in found:
        if not _says_more(lines.get(one.line, "")):
            bare[one.on.year, one.on.month].add(one.on)
    printed = {month for month, days in bare.items() if len(days) >= _PRINTED}
    return [
        one
        for one in found
        if (one.on.year, one.on.month) not in printed or _says_more(lines.get(one.line, ""))
    ]


def too_many(found: Sequence[Proposed]) -> list[Proposed]:
    """With a mark on what no committee does: it meets on two days in a row, or more often than every other week."""
    days: dict[str, set[date]] = defaultdict(set)
    for one in found:
        if not one.gone and not one.doubt:
            days[one.organ].add(one.on)
    often = Counter((organ, on.year) for organ, all_days in days.items() for on in all_days)
    in_a_row = phrase("to dage i træk: er de begge møder?")
    many = phrase("så mange dage på et år: er de alle møder?")
    return [
        one
        if one.gone or one.doubt
        else replace(one, doubt=in_a_row)
        if {one.on - timedelta(1), one.on + timedelta(1)} & days[one.organ]
        else replace(one, doubt=many)
        if often[one.organ, one.on.year] > _OFTEN
        else one
        for one in found
    ]


def _says_more(line: str) -> bool:
    return bool(line and (names_organ(line) or residue(line) or _MEETING.search(line)))


def _another_year(one: Proposed, years: Counter[int]) -> str:
    few, (year, most) = years[one.on.year], years.most_common(1)[0]
    at_most = (
        max(_FEW, most // _OF_MANY) if one.on.year < year else _FEW
    )  # of a letter, and what was decided then
    return phrase("dagen ligger i et andet år end de andre") if few <= at_most and most >= _ENOUGH else ""
