"""What a region has set about its letters: a kind on or off, its days, a paragraph of its own. Practice, never law.

A statutory letter goes always and on its days, and so does one whose answer somebody waits for; only the paragraph may
be added to it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, TypedDict

from workflow.rules.ladder import LetterRule
from workflow.storage.asking import ask
from workflow.storage.law.rulebook import Rulebook
from workflow.values import replace

if TYPE_CHECKING:
    from workflow.storage.asking import View

_READ = "letter-settings"  # read once a session


class Choice(TypedDict, total=False):
    """What a region has set about one letter: that it is ``off``, ``at`` which days (as in ``letters.toml``), its
    ``own`` paragraph; what is left out is as the calendars have it."""

    off: bool
    at: list[int]
    own: str


Set = Mapping[str, Choice]
"""What a region has set, by letter."""


def set_in(view: View, region: str) -> Set:
    """What the region has set; empty where nothing is. One query a view for all regions."""
    if _READ not in view.info:
        rows = ask(view, "SELECT region, said FROM letter_settings")
        view.info[_READ] = {one: json.loads(said) for one, said in rows}
    found: Set = view.info[_READ].get(region, {})
    return found


def try_in(view: View, region: str, said: Set) -> None:
    """Let ``view`` read ``said`` as what the region has set. Nothing is written."""
    set_in(view, region)
    view.info[_READ] = view.info[_READ] | {region: said}


def adjusted(rulebook: Rulebook, said: Set) -> Rulebook:
    """The rules with their letters as ``said``; the same object where nothing is."""
    if not said:
        return rulebook
    return replace(
        rulebook, letters=tuple(_adjusted(letter, said.get(letter.name, {})) for letter in rulebook.letters)
    )


def _adjusted(letter: LetterRule, said: Choice) -> LetterRule:
    letter = replace(letter, own=said.get("own", "")) if said.get("own") else letter
    if not letter.optional or not said:
        return letter
    if said.get("off"):
        return replace(
            letter, at=(), event=(), state=""
        )  # it keeps its name: old letters are still called by it
    return replace(letter, at=tuple(said["at"]), every=0) if letter.at and said.get("at") else letter
