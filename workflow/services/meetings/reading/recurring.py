"""Meetings that are told by a rule: "onsdage i ulige uger, ikke uge 28-32", "den sidste torsdag i måneden"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from datetime import date, timedelta

from workflow.language import phrase
from workflow.rules.days import WEEKDAYS
from workflow.services.meetings.reading.tokens import MONTH, dates_in, month_of, months_in

_NTH = {
    "første": 0, "1.": 0, "anden": 1, "andet": 1, "2.": 1, "tredje": 2, "3.": 2, "fjerde": 3, "4.": 3,
    "femte": 4, "5.": 4, "sidste": -1, "næstsidste": -2,
}  # fmt: skip
_WEEKDAY = "|".join(WEEKDAYS)
_ORDINALS = "|".join(re.escape(word) for word in _NTH)
_IN_WEEKS = re.compile(
    rf"\b({_WEEKDAY})(?:e|ene|en)?\s+(?:kl\.?\s*\d{{1,2}}(?:[.:]\d{{2}})?\s+)?i\s+(?:de\s+)?(lige|ulige)\s+uger",
    re.IGNORECASE,
)
_IN_MONTH = re.compile(
    rf"(?<!\w)((?:{_ORDINALS})(?:\s*(?:,|og)\s*(?:{_ORDINALS}))*)\s+({_WEEKDAY})(?:en|e)?\b(?=.*\bmåned)"
    rf"|\bmåneds\s+({_ORDINALS})\s+({_WEEKDAY})\b",
    re.IGNORECASE,
)
_LISTED = r"((?:\d{1,2}(?:\s*(?:-|–|til|,|og|samt)\s*)?)+)"
_IN_THESE = re.compile(rf"\b({_WEEKDAY})(?:e|ene|en)?\s+i\s+ugerne\s+{_LISTED}", re.IGNORECASE)
_WITHOUT = re.compile(
    r"\b(?:men\s+)?(?:dog\s+)?(?:ikke|ingen|undtagen|undtaget|bortset fra|pånær|på nær|med undtagelse af)\b",
    re.IGNORECASE,
)
_WEEKS = re.compile(rf"\buge(?:rne|r)?\s*{_LISTED}", re.IGNORECASE)
_SPAN = re.compile(r"(\d{1,2})\s*(?:-|–|til)\s*(\d{1,2})")
_OTHERWISE = re.compile(
    rf"(?:\bi\s+({MONTH})\s+(?:\w+\s+)?dog|\bdog\s+i\s+({MONTH}))\s+(?!ikke|ingen)([^;()]*?)(?=[;()]|\.\s+[A-ZÆØÅ]|\.?\s*$)",
    re.IGNORECASE,
)  # fmt: skip
_LAST = re.compile(r"[^.]*\bsidste\s+møde\b[^.]*?\buge\s+(\d{1,2})\b[^.]*\.?", re.IGNORECASE)
_FIRST = re.compile(
    r"\b(?:det\s+)?første\s+(?:møde|gang)\b(.*?)(?=(?:,?\s*\bog\s+)?(?:\bdet\s+)?\bsidste\s+(?:møde|gang)\b|$)",
    re.IGNORECASE,
)
_FINAL = re.compile(r"\b(?:og\s+)?(?:det\s+)?sidste\s+(?:møde|gang)\b(.*)$", re.IGNORECASE)
_OF_A_MONTH = re.compile(
    rf"\bI\s+((?:{MONTH})(?:(?:,|\s+og)\s+(?:{MONTH}))*)\b[^.]*?\b({_ORDINALS})\s+({_WEEKDAY})\b"
    rf"(?!\s+i\b(?!\s+måneden\b))(?:(?!\bi\s+(?:{MONTH})\b)[^.])*\.?",
    re.IGNORECASE,
)
_MOVED = re.compile(
    rf"[^.]*\bi\s+({MONTH})\b[^.]*?\b(en|én|to|1|2)\s+uger?\s+(tidligere|senere)\b[^.]*\.?", re.IGNORECASE
)
_ONLY = re.compile(
    r"\b(fra|indtil|frem til|halvår|kvartal|efter behov|normalt|som udgangspunkt|"
    r"som hovedregel|typisk|sædvanligvis|som regel|i reglen|oftest|plejer|almindeligvis)\b",
    re.IGNORECASE,
)


def recurs(text: str) -> bool:
    """Whether the line tells a rule rather than days."""
    return bool(_IN_WEEKS.search(text) or _IN_MONTH.search(text) or _IN_THESE.search(text))


def moves(text: str) -> bool:
    """Whether a line moves one month's meeting by weeks."""
    return bool(_MOVED.search(text))


def excepts(text: str) -> bool:
    """Whether a line of its own may take days out of a rule above it ("Der holdes ikke møde i uge 42")."""
    without = _WITHOUT.search(text) and re.search(rf"møde|dag|uge|{MONTH}|det sker", text, re.IGNORECASE)
    return bool(without or re.search(r"(?<!\befter )(?<!\bfør )(?<!\binden )\b\w*ferie", text, re.IGNORECASE))


def days_of(
    text: str, year: int, why_closed: Callable[[date], tuple[str, str] | None]
) -> list[tuple[date, str]]:
    """The days the rule gives in ``year``, each with a mark where a person must look: one on a closed day, or all of
    a rule that says more than is understood here."""
    last = next((int(found[1]) for found in _LAST.finditer(text)), 53)
    moved = {
        month_of(month): timedelta(
            weeks=(2 if count in ("to", "2") else 1) * (-1 if way.casefold() == "tidligere" else 1)
        )
        for month, count, way in _MOVED.findall(text)
    }
    begins, text = _bound(_FIRST, text, year)
    ends, text = _bound(_FINAL, text, year)
    ordinal = {month: found for found in _OF_A_MONTH.finditer(text) for month in months_in(found[1])}
    of_several = any(len(months_in(found[1])) > 1 for found in ordinal.values())
    rest = _LAST.sub(" ", _MOVED.sub(" ", text))
    if ordinal and recurs(without := _OF_A_MONTH.sub(" ", rest)):
        rest = without
    else:
        ordinal = {}
    text = rest if recurs(rest) else text
    others = {month_of(found[1] or found[2]): found[3] for found in _OTHERWISE.finditer(text)}
    rule, *exceptions = _WITHOUT.split(_OTHERWISE.sub(" ", text))
    weeks, months, days = _excepted(" ".join(exceptions), year)
    instead = {month: dates_in(said, year, month) for month, said in others.items()}
    understood = (weeks or months or days or not exceptions) and all(instead.values())
    plain = understood and not of_several and not _ONLY.search(rule) and not months_in(rule)
    more = phrase("reglen siger mere, end programmet forstår")
    doubt = "" if plain else more
    chosen = [
        on
        for on in _all(rule, year)
        if (begins or on) <= on <= (ends or on)
        and not (on.isocalendar().week in weeks or on.month in {*months, *ordinal} or on in days)
    ]
    told = [
        (on + moved.get(on.month, timedelta()), doubt)
        for on in chosen
        if (on.month not in instead or not instead[on.month]) and on.isocalendar().week <= last
    ]
    told += [(on, doubt) for month, found in ordinal.items() for on in _nth(year, month, found[3], found[2])]
    told += [
        (on, more) for on in days - set(_all(rule, year))
    ]  # no day of the rule: it is rather held instead
    told += [(one.on, one.doubt or doubt) for dated in instead.values() for one in dated if one.on]
    return [
        (on, phrase("dagen er lukket: %(why)s", why=closed[0]) if (closed := why_closed(on)) else why)
        for on, why in sorted(told)
    ]


def _bound(said: re.Pattern[str], text: str, year: int) -> tuple[date | None, str]:
    """The day on which a rule begins or ends ("første gang tirsdag den 12. januar"), and the text without it."""
    found = said.search(text)
    days = [one.on for one in dates_in(found[1], year) if one.on] if found else []
    if found is None or len(days) != 1 or not recurs(rest := text[: found.start()] + text[found.end() :]):
        return None, text
    return days[0], rest


def _all(rule: str, year: int) -> list[date]:
    every = [
        date(year, 1, 1) + timedelta(days=n) for n in range((date(year + 1, 1, 1) - date(year, 1, 1)).days)
    ]
    if found := _IN_WEEKS.search(rule):
        weekday, odd = WEEKDAYS.index(found[1].casefold()), found[2].casefold() == "ulige"
        return [on for on in every if on.weekday() == weekday and on.isocalendar().week % 2 == odd]
    if found := _IN_THESE.search(rule):
        weekday, weeks = WEEKDAYS.index(found[1].casefold()), _numbers(found[2])
        return [on for on in every if on.weekday() == weekday and on.isocalendar().week in weeks]
    found = _IN_MONTH.search(rule)
    assert found is not None
    weekday = WEEKDAYS.index((found[2] or found[4]).casefold())
    wanted = [_NTH[word] for word in re.findall(_ORDINALS, (found[1] or found[3]).casefold())]
    chosen = []
    for month in range(1, 13):
        same = [on for on in every if on.month == month and on.weekday() == weekday]
        chosen += [same[nth] for nth in sorted(wanted, key=lambda n: n % 5) if -len(same) <= nth < len(same)]
    return sorted(set(chosen))


def _nth(year: int, month: int, weekday: str, ordinal: str) -> list[date]:
    """That weekday of one month alone."""
    rule = f"{ordinal} {weekday} i hver måned"
    return [on for on in _all(rule, year) if on.month == month]


def _excepted(text: str, year: int) -> tuple[set[int], set[int], set[date]]:
    weeks: set[int] = set()
    for found in _WEEKS.finditer(text):
        weeks |= _numbers(found[1])
    plain = _WEEKS.sub(" ", text)
    days = {one.on for one in dates_in(plain, year) if one.on}
    named = Counter(months_in(plain)) - Counter(
        on.month for on in days
    )  # "juli og december" beside "15. december"
    return weeks, set(named), days


def _numbers(text: str) -> set[int]:
    """The numbers of a list with spans in it: "7, 27-32 og 42"."""
    spans = {n for first, last in _SPAN.findall(text) for n in range(int(first), int(last) + 1)}
    return spans | {int(one) for one in re.findall(r"\d{1,2}", _SPAN.sub(" ", text))}
