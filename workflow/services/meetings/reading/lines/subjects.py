"""Committees that a list names by their subjects alone ("Børn og Læring"), among headings that name a body. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from workflow.language import phrase
from workflow.services.meetings.naming import names_organ
from workflow.services.meetings.reading.lines.line import Line
from workflow.services.meetings.reading.proposing import Proposed
from workflow.services.meetings.reading.tokens import dates_in, months_in

_SUBJECTS = re.compile(r"[A-ZÆØÅ][a-zæøåé-]+(?:(?:,| &|,? og) [A-ZÆØÅa-zæøå][a-zæøåé-]+){1,4}:?")
BEFORE = re.compile(r"([^\d;|\t]+?) +(?:(?:man|tirs|ons|tors|fre)dag\b\D*?)?(?=\d)", re.IGNORECASE)
"""What stands before the first day of a line."""


def subjects(lines: Sequence[Line]) -> dict[int, str]:
    """The lines, by number, that head days, or stand before one, as the names of bodies do in the same list, and say
    subjects: each with these. None where no body is named so."""
    heads = [
        (number, line.strip())
        for (number, line), (_, below) in pairwise(lines)
        if dates_in(below, 2000) and not dates_in(line, 2000)
    ]
    before = [
        (number, said[1]) for number, line in lines if (said := BEFORE.match(line)) and dates_in(line, 2000)
    ]
    return _among_bodies(heads) | _among_bodies(before)


def asked_whose(found: Sequence[Proposed], named: Mapping[int, str]) -> list[Proposed]:
    """The meetings, with a mark on each that is only by its subjects of a committee: "Dato og tid" heads days too."""
    names = set(named.values())
    return [
        replace(one, doubt=one.doubt or phrase("»%(name)s«: er det et udvalg?", name=one.organ))
        if one.organ in names
        else one
        for one in found
    ]


def _among_bodies(named: Sequence[Line]) -> dict[int, str]:
    if not any(names_organ(name) for _, name in named):
        return {}
    return {
        number: name.rstrip(":")
        for number, name in named
        if _SUBJECTS.fullmatch(name) and not names_organ(name) and not months_in(name)
    }
