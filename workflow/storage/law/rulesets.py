"""Rule sets kept whole in the database, as rows; which of them is lived under stands in
:mod:`workflow.storage.law.rulesthen`."""

from __future__ import annotations

import json
from datetime import datetime

from sqlalchemy import Column, Text
from sqlmodel import Field, Session, SQLModel

from workflow.storage.law.rulebook import Rulebook


class RuleSet(SQLModel, table=True):
    """The files of one rule set: ``files`` is a JSON object of their names and texts (UTF-8), ``digest`` their SHA-256
    as :func:`workflow.storage.law.rulebook.digest_of` has it (hex)."""

    __tablename__ = "rule_set"
    digest: str = Field(primary_key=True)
    files: str = Field(sa_column=Column(Text, nullable=False))
    kept_at: datetime


def keep(session: Session, rulebook: Rulebook, at: datetime) -> None:
    """Keep the rules whole, once."""
    if session.get(RuleSet, rulebook.digest) is None:
        files = {name: content.decode("utf-8") for name, content in rulebook.files.items()}
        text = json.dumps(files, ensure_ascii=False, sort_keys=True)
        session.add(RuleSet(digest=rulebook.digest, files=text, kept_at=at))
