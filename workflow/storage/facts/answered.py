"""Requests of programs that recorded something, kept a while so that the same one again records nothing."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Index, Text
from sqlmodel import Field, SQLModel


class AnsweredRequest(SQLModel, table=True):
    """A request that recorded something, kept a while; ``name`` and ``asked`` are SHA-256 (hex) of who and what."""

    __tablename__ = "answered_request"
    __table_args__ = (Index("ix_answered_request_ends_at", "ends_at"),)
    name: str = Field(primary_key=True)
    asked: str
    answer: str = Field(sa_column=Column(Text, nullable=False))
    ends_at: datetime
