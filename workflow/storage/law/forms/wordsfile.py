"""``[words]`` of a regime's file: how its document, parties, authority and acts are called, in Danish and English."""

from __future__ import annotations

from typing import Self

from pydantic import model_validator

from workflow.rules.words import Noun, Verb, Words, noun
from workflow.storage.law.forms.entry import Entry, Line


class NounEntry(Entry):
    da: Line  # rammeaftale
    definite: Line = ""  # rammeaftalen; da where it is a name
    genitive: Line = ""  # rammeaftalens; the definite form with an s
    plural: Line = ""  # rammeaftaler
    plurals: Line = ""  # rammeaftalerne
    short: Line = ""  # aftalen: what the second sentence calls it; the definite form
    en: Line

    def value(self) -> Noun:
        return noun(**self.model_dump())


class VerbEntry(Entry):
    da: Line  # indsende
    present: Line  # indsender
    done: Line  # indsendt
    told: Line  # indsend
    passive: Line  # indsendes
    act: Line  # indsendelse
    en: Line

    def value(self) -> Verb:
        return Verb(**self.model_dump())


class WordsEntry(Entry):
    document: NounEntry
    authority: NounEntry
    parties: NounEntry
    pair: NounEntry | None = None  # the parties of an agreement with one municipality, where it may have all
    submit: VerbEntry
    committee: NounEntry | None = (
        None  # with its forms where they are not the usual ones of the regime's committee
    )

    council: NounEntry | None = None  # the elected body of a municipality; kommunalbestyrelsen
    regional: NounEntry | None = None  # that of the region around it; regionsrådet

    @model_validator(mode="after")
    def _inflected(self) -> Self:
        if not (self.document.definite and self.document.plural):
            raise ValueError(
                'document has two more forms: definite ("rammeaftalen") and plural ("rammeaftaler")'
            )
        return self

    def value(self, committee: str) -> Words:
        """``committee``: what the regime calls it; its other forms are the usual ones where none are given."""
        called = self.committee.value() if self.committee else noun(committee)
        bodies = {
            name: said.value()
            for name in ("council", "regional")
            if (said := getattr(self, name)) is not None
        }
        return Words(
            self.document.value(),
            self.authority.value(),
            called,
            self.parties.value(),
            self.submit.value(),
            **bodies,
        )
