"""In a place of the list where certain names of bodies stand (:mod:`places`), or below a heading that says so, any
other name counts as a body too. Pure; a line keeps its number."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from workflow.services.meetings.naming import called_as, names_organ
from workflow.services.meetings.reading.columns import cells_in
from workflow.services.meetings.reading.lines.called import (
    SUBJECTS,
    is_organ,
    may_be_body,
    says_body,
    says_subjects,
)
from workflow.services.meetings.reading.lines.line import Line
from workflow.services.meetings.reading.lines.places import (
    SAID,
    Place,
    beside_days,
    headings,
    heads_of_columns,
    in_columns,
)
from workflow.services.meetings.reading.tokens import dates_in, months_in

_ENOUGH = 3  # days, in a list of meetings, of a body that is known by its place alone
_TWICE = 2
_OF_MEETINGS = r"(?=.*\b(?:møde\w*|byråd\w*|plan|kalender|oversigt)\b)"
_OF_SEVERAL = re.compile(rf"(?=.*\b(?:fag)?udvalg(?:ene|enes|s)?\b){_OF_MEETINGS}", re.IGNORECASE)
_OF_OTHERS = re.compile(rf"(?=.*\b(?:råd|rådene|nævn|nævnene)\b){_OF_MEETINGS}", re.IGNORECASE)
_OPEN = re.compile(r"(?:,|\s(?:og|&))$")
_GOES_ON = re.compile(r"(?:(?:og|&)\s+)?[A-ZÆØÅa-zæøå][\w-]*(?:,?\s+(?:og\s+|&\s+)?[\w-]+){0,4}")


def with_bodies(lines: list[Line]) -> list[Line]:
    """The lines, with each name of a body that its place alone tells marked for one, and such a name on one line."""
    lines = _whole_names(lines)
    marks: dict[int, dict[str, str]] = defaultdict(dict)
    for places in (headings(lines), beside_days(lines), in_columns(lines), heads_of_columns(lines)):
        for place, asked in _told(places, lines):
            marks[place.at][place.own] = called_as(place.name, asked=asked)
    return [(number, _marked(line, marks.get(at, {}))) for at, (number, line) in enumerate(lines)]


def _marked(line: str, names: dict[str, str]) -> str:
    for own in sorted(names, key=len, reverse=True):
        line = names[own].join(re.split(rf"(?<![\w‹-]){re.escape(own)}(?![\w›¿-])", line))
    return line


def _whole_names(lines: list[Line]) -> list[Line]:
    """With a name whole that a line behind a day breaks off: "Beskæftigelse, Erhverv og" above "Landdistrikter"."""
    found: list[Line] = []
    for number, line in lines:
        before = found[-1] if found else (0, "")
        goes_on = _OPEN.search(before[1]) or line.startswith(("og ", "& "))
        if (
            goes_on
            and number == before[0] + 1
            and _GOES_ON.fullmatch(line)
            and not (cells_in(line) or months_in(line) or dates_in(line, 2000))
            and dates_in(before[1], 2000, 1)
        ):
            found[-1] = (before[0], f"{before[1]} {line}")
        else:
            found.append((number, line))
    return found


def _told(places: Sequence[Place], lines: Sequence[Line]) -> list[tuple[Place, bool]]:
    """The places whose names are bodies' by where they stand, each with whether that must be asked."""
    text = [line for _, line in lines if not dates_in(line, 2000)]
    of_several = any(map(_OF_SEVERAL.search, text))
    organs = [place for place in places if is_organ(place.own)]
    peers = Counter(place.like for place in organs)
    days, often = Counter[str](), Counter[str]()
    alike: dict[object, set[str]] = defaultdict(set)
    for place in places:
        days[place.name] += place.days
        often[place.name] += 1
        if says_subjects(place.name):
            alike[place.like].add(place.name)
    others = {place.name for place in places if says_body(place.name) and days[place.name] >= _ENOUGH}
    of_others = any(map(_OF_OTHERS.search, text)) or not organs or len(others) > 1
    found = []
    for place in places:
        name, said_so = place.name, isinstance(place.like, tuple) and place.like[-1] == SAID
        if not name or names_organ(name):
            continue
        among = bool(peers[place.like]) or (of_several and len(alike[place.like]) > 1)
        enough, in_table = days[name] >= _ENOUGH, isinstance(place.like, tuple)
        if (says_body(name) and (said_so or (enough and (of_others or (among and in_table))))) or (
            says_subjects(name) and ((enough and among) or (said_so and often[name] >= _TWICE))
        ):
            found.append((place, False))
        elif (
            says_body(name)
            or (among and SUBJECTS.fullmatch(name))
            or (said_so and enough and may_be_body(name))
        ):
            found.append((place, True))
    return found
