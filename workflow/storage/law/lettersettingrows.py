"""What regions have set about their letters, as rows. What it means stands in
:mod:`workflow.storage.law.lettersettings`."""

from __future__ import annotations

import json

from sqlalchemy import Column, Text
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel

from workflow.storage.law.lettersettings import Set, try_in


class LetterSettings(SQLModel, table=True):
    """One region's: ``said`` is :data:`Set` as a JSON object."""

    __tablename__ = "letter_settings"
    region: str = Field(primary_key=True)
    said: str = Field(sa_column=Column(Text, nullable=False))


def put_in(session: Session, region: str, said: Set) -> None:
    """Keep ``said`` as what the region has set, in the caller's transaction."""
    row = session.get(LetterSettings, region) or LetterSettings(region=region, said="{}")
    row.said = json.dumps(said, ensure_ascii=False, sort_keys=True)
    session.add(row)
    try_in(session, region, said)
