"""``calendars/quotations.toml``: the law's own words, each tied to a provision that a rule cites."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Self

from pydantic import Field, model_validator

from workflow.errors import Misconfigured
from workflow.rules.obligation import Consolidation, Obligations, Quotation
from workflow.rules.regime import Law
from workflow.storage.law.forms.entry import Entry, Line
from workflow.storage.law.lawfiles import Id, SourceEntry


class QuotationEntry(Entry):
    cite: Line
    text: Line
    checked_on: date
    consolidation: Id | None = None


class ConsolidationEntry(Entry):
    id: Id
    key: Annotated[Line, Field(alias="of")]
    act: Line
    name: Line
    starts_on: Annotated[date, Field(alias="from")]
    seen_to: date
    seen_in: Line

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.seen_to < self.starts_on:
            raise ValueError("seen_to lies before from")
        return self


class QuotationsFile(Entry):
    source: Annotated[tuple[SourceEntry, ...], Field(strict=False)]
    consolidation: Annotated[tuple[ConsolidationEntry, ...], Field(strict=False)] = ()
    quotation: Annotated[tuple[QuotationEntry, ...], Field(strict=False)]

    @model_validator(mode="after")
    def _each_names_the_text_it_was_read_in(self) -> Self:
        acts, known = {one.key for one in self.consolidation}, {one.id for one in self.consolidation}
        for entry in self.quotation:
            act = entry.cite.partition(" ")[0]
            if act in acts and entry.consolidation not in known:
                raise ValueError(
                    f"{entry.cite}: consolidation: {act} is cited without a year; name the text read"
                )
        return self

    def value(self) -> tuple[Quotation, ...]:
        """Each with the address of the text it stands in."""
        urls = {source.key: source.url for source in self.source}
        texts = {one.id: read for one, read in zip(self.consolidation, self.consolidations(), strict=True)}
        return tuple(
            Quotation(
                entry.cite,
                entry.text,
                entry.checked_on,
                next((url for key, url in urls.items() if entry.cite.startswith(key)), ""),
                texts.get(entry.consolidation or ""),
            )
            for entry in self.quotation
        )

    def consolidations(self) -> tuple[Consolidation, ...]:
        """Each act's numbered texts, in the order of the file."""
        return tuple(
            Consolidation(**entry.model_dump(exclude={"id", "seen_in"})) for entry in self.consolidation
        )


def check_quotations(where: str, file: QuotationsFile, law: Law, obligations: Obligations) -> None:
    """A quotation of what nothing cites is a slip of the pen: it would never be shown."""
    cited = {cite for duty in obligations.listed for cite in duty.cite}
    for regime in law.regimes:
        cited |= {cite for rule in regime.deadlines for cite in rule.cite} | set(regime.provisions.values())
        cited |= {reach.cite for reach in regime.reaches_back} | {quota.cite for quota in regime.quotas}
    for term in law.terms:
        cited |= {term.cite, *(period.cite for period in term.office)}
    for entry in file.quotation:
        if entry.cite not in cited:
            raise Misconfigured(
                where, f"{entry.cite}: cite: no rule cites this", "Spell it as the rule does, or remove it"
            )
