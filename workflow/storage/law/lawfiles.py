"""The regimes of ``calendars/`` as strict models, and from them the frozen values of ``workflow.rules``.

Strict means: no unknown key, no conversion, no impossible date. ``read_toml`` says where something is wrong.
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import Field, model_validator

from workflow.rules.courserule import CourseRule
from workflow.rules.ladder import GROUPS
from workflow.rules.obligation import DUTIES, CheckedBy, DeadlineRule, QuotaRule, TaskRule, Text
from workflow.rules.regime import (
    HEALTH_AGREEMENT,
    OTHER_BODIES,
    PARTIES,
    UNITS,
    NamedGroup,
    ReachesBack,
    Regime,
    UnitRule,
)
from workflow.rules.words import NEUTRAL, Words
from workflow.storage.law.forms.duefile import DueEntry, Event
from workflow.storage.law.forms.endsfile import EndsEntry
from workflow.storage.law.forms.entry import Entry, Line
from workflow.storage.law.forms.wordsfile import WordsEntry
from workflow.values import replace

Id = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
Lines = Annotated[tuple[Line, ...], Field(strict=False)]  # TOML has lists; strict tuples would refuse them
Ids = Annotated[tuple[Id, ...], Field(strict=False)]
Events = Annotated[tuple[Event, ...], Field(strict=False)]
TERM = 1461  # days of an election term: no reminder lies farther from its date
Days = Annotated[tuple[Annotated[int, Field(ge=-TERM, le=TERM)], ...], Field(strict=False)]
Recipient = Literal[GROUPS]  # type: ignore[valid-type]


class SourceEntry(Entry):
    key: Line
    name: Line
    url: str
    read: Line
    trust: Line
    in_force_on: date | None = None  # where it is younger than the regime


class TextEntry(Entry):
    da: Line
    en: Line

    def value(self, words: Words | None = None) -> Text:
        """With the words in braces (``{document}``), where they are a regime's."""
        return Text(words.said(self.da) if words else self.da, self.en)


def said_of_any(*texts: str) -> None:
    """:class:`ValueError` for a word in braces that no regime has."""
    for text in texts:
        NEUTRAL.said(text)


_KEPT_AS = {
    "authority": "sst",
    "committee": "ssu",
}  # what rows, feeds and the API have called them from the start


class CheckedByEntry(Entry):
    name: Line
    office: Line
    on: date
    text: Line  # what was read, e.g. "Retsinformation, BEK nr. 1248 af 05/09/2022, læst 1. december 2026"

    def value(self) -> CheckedBy:
        return CheckedBy(self.name, self.office, self.on, self.text)


class DeadlineEntry(Entry):
    id: Id
    title: TextEntry
    obligations: Lines = ()
    duty: Literal[DUTIES]  # type: ignore[valid-type]
    who: Literal[
        "regional-council", "councils", "municipality", "health-council", "secretariat", "ssu", "sku", "sst",
        "committee", "authority",
    ]  # fmt: skip
    due: DueEntry
    met_by: Events
    moved_by: Literal["", "deviation", "nominal-end"] = ""
    cite: Annotated[Lines, Field(min_length=1)]
    certainty: Literal["certain", "inferred"] = "certain"
    note: str = ""
    applies_from: date | None = None
    also_closed: Ids = ()
    terms: Lines = ()  # where it holds for some of the regime's alone
    regions: Ids = ()
    letters: Ids | None = None  # the letters that follow it; none where the list is empty
    do: Annotated[str, Field(pattern=r"^$|^[^A-ZÆØÅ].*[^.]$")] = (
        ""  # "indgå rammeaftalen": letters add by when
    )
    checked_on: date

    @model_validator(mode="after")
    def _can_be_met(self) -> Self:
        said_of_any(self.title.da, self.do)
        if self.duty == "fact" and (self.met_by or self.due.anchor == "undated"):
            raise ValueError("a fact has a day and comes by itself: nothing meets it")
        if not self.met_by and self.due.anchor != "undated" and self.duty != "fact":
            raise ValueError("key met_by names no event, so nothing can meet it")
        return self

    checked_by: CheckedByEntry | None = None

    def value(self, words: Words) -> DeadlineRule:
        fields = self.model_dump(exclude={"title", "due"}) | {"do": words.said(self.do)}
        fields["who"] = _KEPT_AS.get(self.who, self.who)
        fields["checked_by"] = self.checked_by.value() if self.checked_by else None
        return DeadlineRule(title=self.title.value(words), due=self.due.value(), **fields)


class ReachesBackEntry(Entry):
    regime: Id
    starts_on: date
    cite: Line
    steps: Annotated[tuple[Id, ...], Field(strict=False)] = ()
    checked_on: date


class QuotaEntry(Entry):
    body: Literal["ssu", "piu", "political", "professional"]
    minimum: Annotated[int, Field(ge=1, le=52)]
    cite: Line
    first_year: Annotated[int, Field(ge=2000, le=2100)] | None = None
    last_year: Annotated[int, Field(ge=2000, le=2100)] | None = None
    stands_alone: bool = False  # rests on an act of its own: the end of the regime does not touch it
    advice: Line = ""
    checked_on: date
    checked_by: CheckedByEntry | None = None

    def value(self) -> QuotaRule:
        years = (self.first_year or 0, self.last_year or 0)
        by = self.checked_by.value() if self.checked_by else None
        return QuotaRule(self.body, self.minimum, self.cite, *years, self.stands_alone, self.advice, by)


class TaskEntry(Entry):
    id: Id
    title: TextEntry
    next: Line
    obligations: Lines = ()
    duty: Literal["shall", "shall-guidance", "should"]
    when: Literal["term", "year", "after"]
    per: Literal["region", "ssu", "piu", "cluster", "political", "professional"] = "region"
    to: Annotated[tuple[Recipient, ...], Field(strict=False)] = ("secretariat",)
    after: Event | None = None
    about: str = ""
    days: Annotated[int, Field(ge=0, le=TERM)] = 0
    time: Line | None = None  # the law's own words for when, where it has some but no day
    done_by: Annotated[Events, Field(min_length=1)]
    cite: Annotated[Lines, Field(min_length=1)]
    checked_on: date

    @model_validator(mode="after")
    def _after_something(self) -> Self:
        said_of_any(self.title.da, self.next)
        if (self.when == "after") != bool(self.after):
            raise ValueError('when = "after" and after, the event it follows, belong together')
        return self

    checked_by: CheckedByEntry | None = None

    def value(self, words: Words) -> TaskRule:
        fields = self.model_dump(exclude={"title"}) | {"after": self.after or "", "time": self.time or ""}
        fields["next"] = words.said(self.next)
        fields["checked_by"] = self.checked_by.value() if self.checked_by else None
        return TaskRule(title=self.title.value(words), **fields)


class GroupEntry(Entry):
    id: Id
    name: Line
    region: Id
    councils: Annotated[
        tuple[Annotated[str, Field(pattern=r"^\d{4}$")], ...], Field(strict=False, min_length=1)
    ]
    valid_from: date
    valid_to: date | None = None


class UnitEntry(Entry):
    body: Literal[UNITS] = "region"  # type: ignore[valid-type]
    group: Annotated[tuple[GroupEntry, ...], Field(strict=False)] = ()

    @model_validator(mode="after")
    def _groups_where_they_are_units(self) -> Self:
        if (self.body == "group") != bool(self.group):
            raise ValueError('body = "group" and [[unit.group]], its councils, belong together')
        return self

    def value(self) -> UnitRule:
        return UnitRule(self.body, tuple(NamedGroup(**one.model_dump()) for one in self.group))


class RegimeFile(Entry):
    id: Id
    words: WordsEntry | None = (
        None  # asked for when new rules are read; what was kept before there were any has none
    )
    kind: Id = HEALTH_AGREEMENT
    course: Id = HEALTH_AGREEMENT  # a file of courses/
    title: TextEntry
    instrument: Line
    in_force_on: date
    terms: Annotated[Lines, Field(min_length=1)]
    shared_terms: Lines = ()  # those of terms that an earlier order of the kind governs too, until this one
    committee: Line
    secretariat: Literal["region", "joint"]
    parties: Literal[PARTIES]  # type: ignore[valid-type]
    other_bodies: Annotated[tuple[Literal[OTHER_BODIES], ...] | None, Field(strict=False)] = None  # type: ignore[valid-type]
    unit: UnitEntry = UnitEntry()
    tacit_approval: bool
    source: Annotated[tuple[SourceEntry, ...], Field(strict=False)]
    ends: EndsEntry | None = None
    reaches_back: Annotated[tuple[ReachesBackEntry, ...], Field(strict=False)] = ()
    provisions: dict[Id, Line | Annotated[Lines, Field(min_length=1)]]  # several: the newest first
    times: dict[Id, Line] = Field(
        default={}
    )  # the law's own words for when a step is taken, where it has some but no day
    quota: Annotated[tuple[QuotaEntry, ...], Field(strict=False)] = ()
    task: Annotated[tuple[TaskEntry, ...], Field(strict=False)] = ()
    magistrates: Lines = ()
    checked_by: CheckedByEntry | None = None
    deadline: Annotated[tuple[DeadlineEntry, ...], Field(strict=False, min_length=1)]

    def value(self, course: CourseRule) -> Regime:
        standing_on = {
            step: (cites,) if isinstance(cites, str) else cites for step, cites in self.provisions.items()
        }
        words = self.words.value(self.committee) if self.words else NEUTRAL
        return Regime(
            id=self.id,
            kind=self.kind,
            title=self.title.value(),
            instrument=self.instrument,
            in_force_on=self.in_force_on,
            terms=self.terms,
            shared_terms=self.shared_terms,
            committee=self.committee,
            words=words,
            words_of_pair=replace(words, parties=self.words.pair.value())
            if self.words and self.words.pair
            else None,
            secretariat=self.secretariat,
            parties=self.parties,
            # rules kept before the key was there: health agreements alone had such bodies
            other_bodies=self.other_bodies
            if self.other_bodies is not None
            else OTHER_BODIES * (self.kind == HEALTH_AGREEMENT),
            unit=self.unit.value(),
            deadlines=tuple(entry.value(words) for entry in self.deadline),
            provisions={step: cites[0] for step, cites in standing_on.items()},
            standing_on=standing_on,
            times=self.times,
            course=course,
            tacit_approval=self.tacit_approval,
            ends=self.ends.value() if self.ends else None,
            reaches_back=tuple(
                ReachesBack(r.regime, r.starts_on, r.cite, r.steps) for r in self.reaches_back
            ),
            tasks=tuple(entry.value(words) for entry in self.task),
            magistrates=self.magistrates,
            checked_by=self.checked_by.value() if self.checked_by else None,
            quotas=tuple(entry.value() for entry in self.quota),
            later_sources=tuple((s.key, s.in_force_on) for s in self.source if s.in_force_on),
        )
