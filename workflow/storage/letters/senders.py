"""How each region signs its letters: the name beside the sender's address, the closing lines, where answers go."""

from __future__ import annotations

from sqlalchemy import Column, Text
from sqlalchemy.orm import Session
from sqlmodel import Field, SQLModel


class SenderLine(SQLModel, table=True):
    """One region's own. What is empty is as where there is no row: the settings' sender, the letters' own closing,
    and answers to whom the letter says to ask."""

    __tablename__ = "sender_line"
    region: str = Field(primary_key=True)
    name: str = ""
    signature: str = Field(default="", sa_column=Column(Text, nullable=False))  # lines
    reply_to: str = ""


def sender_of(session: Session, region: str) -> SenderLine:
    """The region's own, or an empty one."""
    return session.get(SenderLine, region) or SenderLine(region=region)
