"""Danish dates in running text: "onsdag den 16. juni 2027", "13., 20. og 27. januar", "16/6-27", "Januar: 20. og 27.".

A date that is not said whole, or that cannot be right, comes with a mark: it is shown to a person and never taken
silently.
"""

from __future__ import annotations

import re
from datetime import date
from functools import lru_cache

from workflow.language import MONTHS, WEEKDAYS, phrase
from workflow.services.meetings.reading.turning import WHICH_YEAR, turning_back, weekday_doubt
from workflow.values import dataclass

_CLOCK = re.compile(
    r"\bkl(?:okken|\.)? *\d{1,2}(?:[.:]\d{2})?(?:\s*[-–]\s*\d{1,2}(?:[.:]\d{2})?)?"
    r"|\b\d{1,2}:\d{2}(?:\s*[-–]\s*\d{1,2}:\d{2})?|(?<![\d./-])\d{1,2}\.(?:00|1[3-9]|[2-5]\d)"
    r"(?:[-–]\d{1,2}\.\d\d)?\b(?![./-]?\d{2})"
    r"|\b\d{1,2}\s+timer?\b|\b\d{1,2}(?:[.:]\d{2})?\s*[ap]\.?m\b\.?",
    re.IGNORECASE,
)
_ORDINAL = re.compile(  # no days: "(1. beh.)", "2. pinsedag", "1. halvår"
    r"(?<==)\s*\d\.\s*(?=(?:man|tirs|ons|tors|fre)dag)|"  # "I marts = 4. mandag"
    r"\b\d\.\s*(?=(?:års|budget)?beh(?:andl\w*)?\b|(?:påske|pinse|jule)dag|halvår|kvartal|udgave|version|møde)",
    re.IGNORECASE,
)
_READING = re.compile(
    r"\(?(?:\b(?:års)?budget\w*\W+)?(?:(?:\b\d|\bførste|\banden|\bandet)\.?[\s-]*)beh(?:andling\w*|andles)?\b\.?"
    r"(?:\s+(?:af\s+(?:\w+\s+)?)?(?:års)?budget\w*(?:\s+20\d\d)?)?|\bbudgetbehandling(?:en)?\b",
    re.IGNORECASE,
)
_WEEKS = re.compile(r"\(?\buge(?:rne)?\s*\d{1,2}(?:\s*(?:-|–|,|og|til)\s*\d{1,2})*\b\)?", re.IGNORECASE)
_ENGLISH_MONTHS = "january|february|march|may|june|july|october|oct"  # the others begin as ours do
_ENGLISH_DAYS = "monday|tuesday|wednesday|thursday|friday|saturday|sunday"
MONTH = f"{_ENGLISH_MONTHS}|" + "|".join(
    f"{name[:3]}(?:{name[3:]}|{name[3:4]})?" if len(name) > 3 else name for name in MONTHS
)
DAY_NAME = f"{_ENGLISH_DAYS}|" + "|".join(
    f"{name}|{name[:4]}|{name[:3]}|{name[:2]}(?=\\.?\\s*(?:d(?:en|\\.)\\s*)?\\d)" for name in WEEKDAYS
)
_ENGLISH = {"may": 5, "oct": 10, "mo": 0, "tu": 1, "we": 2, "th": 3, "sa": 5, "su": 6}
_TOKEN = re.compile(
    r"(?P<iso>\d{4}-\d{1,2}-\d{1,2}(?!\d))"
    r"|(?P<num>\d{1,2}\s?[./-]\s?\d{1,2}(?:\s?[./-]\s?(?:\d{4}|\d{2})|\s+(?:20\d{2}))?(?![\d/]))"
    r"(?!\.?\s*(?:" + MONTH + r")\b)"
    r"|(?P<year>\b20\d{2}\b)"
    r"|\b(?P<month>" + MONTH + r")\b\.?"
    r"|\b(?P<weekday>" + DAY_NAME + r")(?:en|e|s)?\b\.?"
    r"|(?P<day>(?<![\d.,])\d{1,2}(?![\d%]))\.?"
    r"|(?P<dash>[-–](?=\s*\d{1,2}\.))",
    re.IGNORECASE,
)  # fmt: skip
_PLACE_BEFORE = re.compile(
    r"(?:lokale|sal|værelse|vej|gade|torv|torvet|allé|alle|plads|parken|boulevarden|promenade|brygge|stræde|vænget|hus|etage|bygning)\s+$",
    re.IGNORECASE,
)
_WHOLE_NAME = re.compile(r"dag|day", re.IGNORECASE)
_OF_A_DAY = ("day", "num", "iso")
_CLOSES = re.compile(r"frist|senest|deadline|dagsorden|lukke|send|lever|punkter", re.IGNORECASE)
_BETWEEN = re.compile(r"\b(?:og|samt|den|d)\b|[\s,.&/+()–-]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Dated:
    """A date that was found, where in the text (offset of its last sign), and a Danish mark where a person must look.
    Without a year anywhere ``on`` is ``None``; ``proven``: a weekday is said, and the day has it in that year."""

    on: date | None
    at: int
    doubt: str = ""
    said: str = ""
    own_year: bool = True
    proven: bool = False


@dataclass(slots=True)
class _Part:
    day: int
    month: int | None
    year: int | None
    weekday: int | None
    at: int
    doubt: str = ""
    said: str = ""
    ordinal: bool = False
    behind: int | None = None  # the weekday that is said once more, or after it: "19. maj (tirsdag)"


def years_in(text: str) -> set[int]:
    """The years the text names."""
    return {int(year) for year in re.findall(r"(?<!\d)20\d{2}(?!\d)", text)}


def year_in(text: str) -> int | None:
    """The one year the text names, or ``None``."""
    return found.pop() if len(found := years_in(text)) == 1 else None


def clock_in(text: str) -> str:
    """The first clock time of the text ("17:00"), or an empty string."""
    found = re.search(
        r"\bkl(?:okken|\.)?\s*(\d{1,2})(?:[.:](\d{2}))?|\b(\d{1,2}):([0-5]\d)\b", text, re.IGNORECASE
    )
    if not found:
        return ""
    hour, minute = found[1] or found[3], found[2] or found[4] or "00"
    return f"{int(hour):02}:{minute}" if int(hour) < 24 else ""


@lru_cache(maxsize=4096)
def without_times(text: str) -> str:
    """The text with clock times, week numbers and what else is counted blanked, every other sign in its place."""
    for pattern in (_CLOCK, _WEEKS, _ORDINAL):
        text = pattern.sub(lambda found: " " * len(found[0]), text)
    return text


def without_readings(text: str) -> str:
    """The text without what it says of the readings of a budget ("1. behandling af budgettet"): those are meetings."""
    return _READING.sub(" ", text)


def month_of(name: str) -> int:
    """The month a name or its abbreviation begins."""
    short = name.casefold()[:3]
    return _ENGLISH.get(short) or next(n for n, month in enumerate(MONTHS, 1) if month.startswith(short))


def months_in(text: str) -> list[int]:
    """The months named, in order."""
    return [month_of(found[0].rstrip(".")) for found in re.finditer(rf"\b(?:{MONTH})\b", text, re.IGNORECASE)]


def weeks_in(text: str) -> frozenset[int]:
    """The ISO weeks named as such: "uge 10", "ugerne 7-8"."""
    return frozenset(
        week
        for found in _WEEKS.finditer(text)
        for first, last in re.findall(r"(\d{1,2})(?:\s*(?:-|–|til)\s*(\d{1,2}))?", found[0])
        for week in range(int(first), int(last or first) + 1)
    )


@lru_cache(maxsize=4096)  # each rule of the reader asks for the days of the same lines again
def dates_in(text: str, year: int | None, month: int | None = None) -> tuple[Dated, ...]:
    """Every date of one line. ``year`` and ``month`` are those of the heading above, where there is one."""
    parts = _parts(without_times(text), month)
    short = {part.year for part in parts if part.year}  # "16/6-27" names its year too
    said_year = year_in(text) or (short.pop() if len(short) == 1 else None)
    own = said_year is not None
    until = _CLOSES.search(text)
    if own and until and year and not year_in(text[: until.start()]):  # "11/1 - frist 22/12-2026"
        for part in parts:
            part.year = part.year or (year if part.at <= until.start() else None)
    year = said_year or year  # "20. januar, 24. februar og 24. marts 2027"
    days = [(part.month or 0, part.day) for part in parts]
    back = year and not _CLOSES.search(text) and turning_back([month for month, _ in days])
    if (own and days != sorted(days)) or back:  # "16. december 2026, 27. januar og 24. februar"
        for part in parts:
            part.doubt = part.doubt or ("" if part.year else WHICH_YEAR)
    unsaid = until.start() if until else len(text)  # there the meeting's own year is but the likeliest
    return tuple(
        _dated(part, part.year or year, part.year is not None or (own and part.at <= unsaid))
        for part in parts
    )


def _parts(text: str, month: int | None) -> list[_Part]:
    scan = _Scan(text, month)
    for token in scan.tokens:
        scan.take(token)
    scan.end_weekday()
    kept = [part for part in scan.parts if part.month is not None]
    if any(part.month is None and part.ordinal and part.day <= 31 for part in scan.parts):
        for part in kept:
            part.doubt = part.doubt or phrase("et tal på linjen er måske også en dag")
    return kept


class _Scan:
    """One line from left to right: which day belongs to which month. A line that begins with a month ("Januar: 20. og
    27.") gives it to the days behind it; else a month takes the days before it ("20. og 27. januar")."""

    def __init__(self, text: str, month: int | None) -> None:
        self.text, self.tokens = text, list(_TOKEN.finditer(text))
        kinds = [token.lastgroup for token in self.tokens]
        first = next((kind for kind in kinds if kind in ("month", "day")), None)
        above = month if "month" not in kinds else None
        self.month_first = first == "month" or above is not None
        self.month = above
        self.weekday: int | None = None
        self.told_behind: _Part | None = None  # the day before that weekday
        self.parts: list[_Part] = []
        self.waiting: list[_Part] = []
        self.dashed, self.before, self.place = False, 0, -1

    def take(self, token: re.Match[str]) -> None:
        """Take one token."""
        said, kind = token[0], token.lastgroup
        self.place += 1
        if not self.month_first and _BETWEEN.sub("", self.text[self.before : token.start()]):
            self.waiting = []  # "Boulevarden 13, onsdag den 27. januar": words between, so 13 is no day of January
        self.before = token.end()
        if kind in ("iso", "num"):
            self._whole(kind, said)
        elif kind == "weekday":
            short = said.casefold()[:2]
            ours = (i for i, name in enumerate(WEEKDAYS) if name.startswith(short))
            weekday = _ENGLISH[short] if short in _ENGLISH else next(ours)
            if self._is_behind():
                self.parts[-1].weekday = weekday
            else:
                self.end_weekday()
                self.weekday = weekday
                told = _WHOLE_NAME.search(said) or self.text[: token.start()].endswith("(")
                self.told_behind = self.parts[-1] if self.parts and told else None
        elif kind == "day":
            self._day(said)
        elif kind == "month":
            self._month(said.rstrip("."), token.end())
        elif kind == "year":
            self._year(int(said), token.end())
        else:
            self.dashed = bool(self.waiting)

    def end_weekday(self) -> None:
        """A weekday that no day came behind is said of the one before it: "10. februar (OBS torsdag)"."""
        if self.weekday is not None and self.told_behind:
            self.told_behind.behind = self.weekday

    def _is_behind(self) -> bool:
        """Whether a weekday is that of the day right before it: "5. tirsdag", with no other day behind."""
        if not self.place or not self.parts or self.parts[-1].weekday is not None:
            return False
        before, here, *more = self.tokens[self.place - 1 : self.place + 2]
        apart = self.text[before.end() : here.start()].strip()
        return before.lastgroup == "day" and not apart and not (more and more[0].lastgroup in _OF_A_DAY)

    def _whole(self, kind: str, said: str) -> None:
        numbers = [int(one) for one in re.findall(r"\d+", said)]
        if kind == "iso":
            numbers.reverse()
        elif len(numbers) == 2 and "-" in said and numbers[1] > 12:
            return  # "Mandag 10-15": hours
        year = numbers[2] + 2000 * (numbers[2] < 100) if len(numbers) == 3 else None
        self.parts.append(_Part(numbers[0], numbers[1], year, self.weekday, self.before, said=said))
        self.weekday = None

    def _day(self, said: str) -> None:
        if (
            said[-1] != "."
            and self.month_first
            and _PLACE_BEFORE.search(self.text[: self.before - len(said)])
        ):
            return  # "mødelokale 2", "Centerparken 1"
        of = self.month if self.month_first else None
        part = _Part(
            int(said.rstrip(".")), of, None, self.weekday, self.before, said=said, ordinal=said[-1] == "."
        )
        if self.dashed and self.parts:
            self.parts[-1].doubt = part.doubt = phrase("mødet strækker sig måske over flere dage")
        self.weekday, self.dashed = None, False
        self.parts.append(part)
        self.waiting.append(part)

    def _month(self, said: str, at: int) -> None:
        self.month = month_of(said)
        if not self.month_first:
            for part in self.waiting:
                part.month, part.at, part.said = self.month, at, f"{part.said} {said}"
            self.waiting = []

    def _year(self, year: int, at: int) -> None:
        for place in range(len(self.parts) - 1, -1, -1):
            part = self.parts[place]
            if part.year is not None or part.month is None:
                break
            between = self.text[self.parts[place - 1].at if place else part.at : part.at]
            part.year, part.at = year, at
            if _CLOSES.search(between):  # "14. januar (sagsfrist 22. december 2025)"
                break


def _dated(part: _Part, year: int | None, own_year: bool) -> Dated:
    if year is None:
        return Dated(None, part.at, part.doubt or phrase("året mangler"), part.said)
    try:
        on = date(year, part.month or 0, part.day)
    except ValueError:
        none = phrase("»%(said)s« er ingen dato i %(year)s", said=part.said.strip(), year=year)
        return Dated(None, part.at, none, part.said)
    doubt = part.doubt
    other = next((one for one in (part.weekday, part.behind) if one not in (None, on.weekday())), None)
    if other is not None:
        doubt = weekday_doubt(on, WEEKDAYS[other])
    elif on.weekday() >= 5 and part.weekday is None:
        doubt = doubt or phrase("%(day)s er en %(weekday)s", day=on, weekday=WEEKDAYS[on.weekday()])
    return Dated(on, part.at, doubt, part.said, own_year, part.weekday == on.weekday())
