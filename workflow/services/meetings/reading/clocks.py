"""When meetings begin, where a list says it once: "Alle møder kl. 17", "Byrådet kl. 17, Økonomiudvalget kl. 8.30"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from workflow.services.meetings.naming import organs_in
from workflow.services.meetings.reading.lines.line import Line
from workflow.services.meetings.reading.proposing import OTHER_MEETING, Proposed
from workflow.services.meetings.reading.tokens import clock_in, dates_in, without_times
from workflow.values import replace

_PART = re.compile(
    r"(?:(?<=[a-zæøå]{3})|(?<=\d\d)|(?<=[a-zæøå] \d)|(?<=\)))[.;]\s+(?=(?-i:[A-ZÆØÅ]))|,?\s+(?=dog\b)|\bmen\b"
    rf"|,\s+(?=(?:med|og|efter)\s+(?:\w+\s+)?{OTHER_MEETING}\b)",
    re.IGNORECASE,
)
_OTHER = re.compile(
    r"spørgetid|webcast|transmitter|streame|åbner|åbning|åbent|telefon|tlf|dagsordensfrist|"
    r"dagsorden\w*\s+(?:udsend|lukk|er\b)|frist\w*\b|i hænde|hævet|senest|kontortid|"
    r"lukke[td]e?\s+(?:del|punkt)|publicer|opdater|redigeret|udskrevet|sendt|borgermøde|spørgsmål|aflever|indlever|kontakt|hverdage|frokost|"
    r"forespørg|foretræde", re.IGNORECASE,
)  # fmt: skip
_NOT_OURS = re.compile(rf"\b{OTHER_MEETING}\b", re.IGNORECASE)
_ALL = re.compile(r"\b(?:møde\w*|alle|starter|begynder|tidspunkt|klokkeslæt|mødetid\w*)\b", re.IGNORECASE)
_COMMITTEES = re.compile(r"\budvalgene\b", re.IGNORECASE)
_HEADING = 8  # words at most
EVERY_COMMITTEE = "udvalgene"
_SPAN = re.compile(r"\d\s*[-–—]\s*(?:kl\.?\s*)?\d", re.IGNORECASE)
_TIME = re.compile(r"\bkl(?:okken|\.)?\s*\d{1,2}(?:[.:]\d{2})?|\b\d{1,2}:[0-5]\d\b", re.IGNORECASE)


def with_times(found: Sequence[Proposed], lines: Iterable[Line]) -> list[Proposed]:
    """The meetings that tell no time of their own, with the one the list says for all, or for their organ. Nothing is
    taken where two are said."""
    said: dict[str, set[str]] = {}
    under: dict[str, set[str]] = {}  # what is said of all below the heading of one organ
    section: list[str] = []
    days: dict[date, str] = {}
    known: dict[int, set[date]] = {}
    for one in found:
        known.setdefault(one.on.year, set()).add(one.on)
    above: list[str] = []  # the organs of the heading above
    for _, line in lines:
        if (
            above
            and len(times := _TIME.findall(line)) == len(above)
            and not _TIME.sub("", line).strip(" \t|;")
        ):
            for organ, clock in zip(above, times, strict=True):  # a row of nothing but times
                said.setdefault(organ, set()).add(clock_in(clock))
            continue
        above = [organ for _, organ in organs_in(line)]
        if above and len(line.split()) <= _HEADING and not line.endswith("."):
            section = above
        for part in _PART.split(line):
            if not _TIME.search(part) or _OTHER.search(part) or _NOT_OURS.search(part):
                continue
            but = part is not line and part.lstrip().casefold().startswith("dog")
            if but and (dated := _days(part, known)):
                days |= dict.fromkeys(dated, clock_in(part))
            elif not dates_in(part, 2000, None):
                for organ, clock in _told(part):
                    said.setdefault(organ, set()).add(clock)
                    if organ == "*" and len(section) == 1:
                        under.setdefault(section[0], set()).add(clock)
    if len(said.get("*", ())) > 1:  # each section says its own
        said = under | said
        del said["*"]
    return [replace(one, time=days.get(one.on) or one.time or _time_of(one.organ, said)) for one in found]


def _days(part: str, known: Mapping[int, set[date]]) -> set[date]:
    """The days of meetings that the part names, said without a year too: of the ``known`` days by year."""
    return {one.on for year, on in known.items() for one in dates_in(part, year) if one.on in on}


def _told(part: str) -> Iterable[tuple[str, str]]:
    """Organs with their times: each has the first time behind it; ``*`` is for all where the words name none."""
    organs = [(at, organ) for at, organ in organs_in(part)]
    if _COMMITTEES.search(part):
        return [(EVERY_COMMITTEE, clock_in(part))]
    times = [(found.end(), clock_in(found[0])) for found in _TIME.finditer(part)]
    if len(organs) < 2:
        whole = _ALL.search(part) or organs or len(without_times(part).split()) <= 8
        if len({clock for _, clock in times}) > 1 and not _SPAN.search(part):
            return []
        return [(organs[0][1] if organs else "*", times[0][1])] if whole and times[0][1] else []
    pairs = []
    for place, (at, organ) in enumerate(organs):
        until = organs[place + 1][0] if place + 1 < len(organs) else len(part) + 1
        behind = [clock for end, clock in times if at < end <= until]
        pairs += [(organ, behind[0])] if behind and behind[0] else []
    return pairs


def _time_of(organ: str, said: dict[str, set[str]]) -> str:
    keys = [organ, "*"] if not organ else [organ, EVERY_COMMITTEE, "*"]
    if organ and said.get(""):
        keys.remove("*")  # the council's time stands apart, so what is said of all may be the council's too
    for key in keys:
        if key in said:
            return next(iter(said[key])) if len(said[key]) == 1 else ""
    return ""
