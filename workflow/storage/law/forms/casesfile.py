"""A file of cases a jurist wrote beside the rules: what happened on which day, and which date follows by which rule.

    regime = "bek-1248-2022"

    [[case]]
    name = "Indsendt og modtaget 22. december 2023: svar inden otte uger"
    election = 2021-11-16
    given = { submitted = 2023-12-22, received = 2023-12-22 }
    then = { sst-decision = 2024-02-16 }
    provision = "§ 21, stk. 2"

A ``given`` that also sets a date is a table, ``{ on = 2023-05-08, due = 2024-01-01 }``. A rule with several dates is
asked for with its subject, ``"annual-review 2024"``; ``no date`` stands for one that has none yet.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from workflow.storage.law.forms.duefile import Event
from workflow.storage.law.forms.entry import Entry, Line
from workflow.storage.law.lawfiles import Id


class GivenEntry(Entry):
    on: date
    due: date | None = None
    about: str = ""
    version: Annotated[int, Field(ge=1, le=99)] | None = None


class CaseEntry(Entry):
    name: Line
    election: date
    region: Id = "nordjylland"
    label: str = ""  # the agreement's name, where its years say which round it is; else the term's
    given: dict[Event, date | GivenEntry] = Field(default_factory=dict)
    as_of: date | None = None  # the day it is asked on; the latest day named where left out
    then: Annotated[dict[Line, date | Literal["no date"]], Field(min_length=1)]
    latest: dict[Line, date] = Field(default_factory=dict)  # where the law is silent: the last day in time
    status: dict[Line, Line] = Field(default_factory=dict)
    provision: str = ""  # stands in the provision the date rests on, or in a step to it
    source: str = ""


class CasesFile(Entry):
    regime: Id
    case: Annotated[tuple[CaseEntry, ...], Field(strict=False, min_length=1)]
