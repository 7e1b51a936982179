"""A letter to many is written once: what is each reader's own stands in it as a mark, and is filled in for each.

A reader's own are the name and the links, which a template prints; what letters ask of their reader (:func:`asked`)
decides with the other facts whether two are told the same. Wrapping, no-break spaces and the capitals of a heading come
after the filling, so a filled sheet is the very letter that would have been written alone; at the first filling the two
are compared. A letter that does more with a name than print it is written for each.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from itertools import groupby
from typing import Any

from jinja2 import TemplateError
from markupsafe import escape

from workflow.mail.writing.facts import PlannedFacts
from workflow.mail.writing.plain import folded, joined, plain, wrapped
from workflow.mail.writing.words import MARK, adresse, clean, tied, washed
from workflow.values import dataclass, field

MOST = 64  # letters kept of one folder
_LINKS = ("answer", "acknowledge", "confirm", "calendar_page")
_MARKED = re.compile(rf"(?:(?i:https)://)?{MARK}(\w+){MARK}")
_Pieces = tuple[tuple[str, bool], ...]


@dataclass(frozen=True, slots=True)
class Words:
    """What a letter says: its subject, the text and the HTML, with plain line endings. ``told``: the washed facts it
    says it from, in which what is the reader's own may be another's."""

    subject: str
    text: str
    html: str
    told: PlannedFacts = field(compare=False)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A letter in pieces: finished ones, and the lines in which something is to be filled in."""

    subject: str
    text: _Pieces
    html: _Pieces
    told: PlannedFacts

    def filled(self, own: Mapping[str, str]) -> Words:
        """The letter of the reader whose ``own`` words, by the name of their mark, are these."""
        text = joined(_filled(self.text, own, wrapped))
        html = "\n".join(_filled(self.html, _escaped(own), _tied)) + "\n"
        return Words(self.subject, text, html, self.told)


class _Name(str):
    """Stands for a reader's name. A template that asks something of it has no answer that would hold for all."""

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        if isinstance(other, str):
            raise ValueError("a template compares the name of its reader")
        return False

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __contains__(self, other: object) -> bool:
        raise ValueError("a template looks into the name of its reader")

    def __hash__(self) -> int:
        raise TypeError("a template looks something up by the name of its reader")


Write = Callable[[str, PlannedFacts, Mapping[str, bool]], tuple[str, str]]


class Sheets:
    """The letters written last. ``write`` writes one: its name, washed facts and what is asked of its reader become the
    subject and the HTML."""

    def __init__(self, write: Write) -> None:
        self._write = write
        self._kept: dict[str, _Sheet | None] = {}  # None: cannot be shared
        self._once: set[str] = set()

    def words(self, name: str, language: str, facts: PlannedFacts) -> Words:
        """What letter ``name`` says from ``facts`` in the ``language`` spoken now. Raises whatever writing raises."""
        questions = asked(facts)
        key = _key(name, language, facts, questions)
        if (sheet := self._kept.get(key)) is not None:
            return sheet.filled(_own(facts))
        told: PlannedFacts = washed(facts)
        words = _alone(told, *self._write(name, told, questions))
        if key in self._once:
            if key not in self._kept:
                self._room(self._kept)[key] = self._shared(name, facts, told, questions, words)
        else:
            self._room(self._once).add(key)
        return words

    def _shared(
        self, name: str, facts: PlannedFacts, told: PlannedFacts, questions: Mapping[str, bool], alone: Words
    ) -> _Sheet | None:
        try:
            subject, html = self._write(name, _marked(told), questions)
            text = plain(html).split("\n")
            sheet = _Sheet(subject, _pieces(text, wrapped), _pieces(html.split("\n"), _tied), told)
            return sheet if sheet.filled(_own(facts)) == alone else None
        except (TemplateError, TypeError, ValueError, LookupError):
            return None  # a template did more with a mark than print it

    @staticmethod
    def _room(kept: Any) -> Any:
        if len(kept) >= MOST:
            kept.clear()
        return kept


def asked(facts: PlannedFacts) -> dict[str, bool]:
    """What letters ask of their reader: is its answer awaited, does it take over from a region, has it published?"""
    recipient, councils = facts["recipient"], facts["councils"]
    party = recipient.get("party")
    return {
        "svar_ventes": bool(councils) and recipient["name"] in councils["pending"],
        "selv_arving": bool(recipient.get("heir")) and recipient["name"] == recipient.get("heir"),
        "selv_lagt_ud": party is not None and f"published:{party}" in (facts.get("done") or ()),
    }


def _alone(told: PlannedFacts, subject: str, html: str) -> Words:
    return Words(subject, folded(plain(html)), tied(html) + "\n", told)


def _key(name: str, language: str, facts: Any, questions: Mapping[str, bool]) -> str:
    same = facts | {link: bool(facts.get(link)) for link in _LINKS}
    same |= {"recipient": facts["recipient"] | {"name": "", "body": "", "party": ""}}
    if papers := facts.get("papers"):
        same |= {
            "papers": papers | {"files": [one | {"link": bool(one.get("link"))} for one in papers["files"]]}
        }
    return json.dumps([name, language, questions, same])


def _marked(told: Any) -> Any:
    """Washed facts with a mark wherever something is the reader's own."""
    marks = {link: f"https://{_mark(link)}" for link in _LINKS if told[link]}
    marks["recipient"] = told["recipient"] | {"name": _Name(_mark("name"))}
    if papers := told["papers"]:
        files = [
            one | {"link": f"https://{_mark(f'file{place}')}"} if one.get("link") else one
            for place, one in enumerate(papers["files"])
        ]
        marks["papers"] = papers | {"files": files}
    return told | marks


def _own(facts: Any) -> dict[str, str]:
    """What stands for each mark with this reader. ``ValueError`` for a link that is none."""
    links = {link: facts[link] for link in _LINKS if facts.get(link)}
    for place, one in enumerate((facts.get("papers") or {"files": ()})["files"]):
        links |= {f"file{place}": one["link"]} if one.get("link") else {}
    return {"name": clean(facts["recipient"]["name"])} | {
        name: adresse(clean(link)) for name, link in links.items()
    }


def _mark(name: str) -> str:
    return f"{MARK}{name}{MARK}"


def _escaped(own: Mapping[str, str]) -> dict[str, str]:
    return {name: str(escape(value)) for name, value in own.items()}


def _tied(line: str) -> list[str]:
    return [tied(line)]


def _pieces(lines: Iterable[str], finish: Callable[[str], list[str]]) -> _Pieces:
    found: list[tuple[str, bool]] = []
    for open_, run in groupby(lines, lambda line: MARK in line):
        if open_:
            found += [(line, True) for line in run]
        else:
            found.append(("\n".join(done for line in run for done in finish(line)), False))
    return tuple(found)


def _filled(pieces: _Pieces, own: Mapping[str, str], finish: Callable[[str], list[str]]) -> Iterable[str]:
    def said(mark: re.Match[str]) -> str:
        name = mark[1]
        return own[name] if name in own else own[name.lower()].upper()  # in a heading of the text

    for text, open_ in pieces:
        if open_:
            yield from finish(_MARKED.sub(said, text))
        else:
            yield text
