"""What a region has set about its letters: a kind on or off, its days, a paragraph of its own. Practice, never law.

A statutory letter goes always and on its days; only the paragraph may be added to it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import Column, Text, select
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel, col

from workflow.rules.ladder import LetterRule
from workflow.storage.law.rulebook import Rulebook

_READ = "letter-settings"  # read once a session
Set = Mapping[str, Mapping[str, Any]]
"""By letter: ``off`` (bool), ``at`` (days, as in ``letters.toml``), ``own`` (one paragraph); what is left out is as
the calendars have it."""


class LetterSettings(SQLModel, table=True):
    """One region's: ``said`` is :data:`Set` as a JSON object."""

    __tablename__ = "letter_settings"
    region: str = Field(primary_key=True)
    said: str = Field(sa_column=Column(Text, nullable=False))


def set_in(session: Session, region: str) -> Set:
    """What the region has set; empty where nothing is. One query a session for all regions."""
    if _READ not in session.info:
        rows = session.execute(select(col(LetterSettings.region), col(LetterSettings.said)))
        session.info[_READ] = {one: json.loads(said) for one, said in rows}
    found: Set = session.info[_READ].get(region, {})
    return found


def try_in(session: Session, region: str, said: Set) -> None:
    """Let ``session`` read ``said`` as what the region has set. Nothing is written."""
    set_in(session, region)
    session.info[_READ] = session.info[_READ] | {region: said}


def put_in(session: Session, region: str, said: Set) -> None:
    """Keep ``said`` as what the region has set, in the caller's transaction."""
    row = session.get(LetterSettings, region) or LetterSettings(region=region, said="{}")
    row.said = json.dumps(said, ensure_ascii=False, sort_keys=True)
    session.add(row)
    try_in(session, region, said)


def adjusted(rulebook: Rulebook, said: Set) -> Rulebook:
    """The rules with their letters as ``said``; the same object where nothing is."""
    if not said:
        return rulebook
    return replace(
        rulebook, letters=tuple(_adjusted(letter, said.get(letter.name, {})) for letter in rulebook.letters)
    )


def _adjusted(letter: LetterRule, said: Mapping[str, Any]) -> LetterRule:
    letter = replace(letter, own=said.get("own", "")) if said.get("own") else letter
    if letter.statutory or not said:
        return letter
    if said.get("off"):
        return replace(
            letter, at=(), event=(), state=""
        )  # it keeps its name: old letters are still called by it
    return replace(letter, at=tuple(said["at"]), every=0) if letter.at and said.get("at") else letter
