"""The file of a round: TOML read into strict values; every mistake named by file, entry and key.

[[agreement]]
region = "nordjylland"
term = "2022-2025"
label = "2024-2027"

[[agreement.fact]]
event = "council-approved"
on = 2023-10-30
councils = ["0851", "0860"]      # or council = "0851", or councils = "all"
source = "Byrådets protokol"
"""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from workflow.errors import Invalid
from workflow.language import phrase
from workflow.services.rounds.roundwords import MOST, Unreadable, mistakes, not_toml
from workflow.storage.filereading import read_file, read_toml_text
from workflow.storage.law.readtoml import in_words


class _Entry(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class FactEntry(_Entry):
    """One fact, or the same fact for several councils; the keys are those of ``aftale record``. ``document`` is
    the path of the file that proves it, from the folder of the round's file."""

    event: str
    on: date
    version: int | None = None
    council: str | None = None
    councils: Literal["all"] | list[str] | None = None
    due: date | None = None
    source: str = ""
    by: str = ""
    corrects: int | None = None
    about: str = ""
    time: str = ""
    document: str = ""

    @model_validator(mode="after")
    def _one_way_to_name_councils(self) -> Self:
        if self.council is not None and self.councils is not None:
            raise ValueError("give council or councils, not both")
        return self


class AgreementEntry(_Entry):
    """One agreement; the keys beside ``fact`` are those of ``aftale open``."""

    region: str
    term: str
    label: str
    effective: date | None = None
    nominal_end: date | None = None
    nominal_end_source: str = ""
    municipality: str | None = None
    regime: str = ""
    source: str = ""
    fact: list[FactEntry] = Field(default_factory=list)

    @property
    def key(self) -> str:
        return f"{self.region}/{self.label}"


class RoundFile(_Entry):
    agreement: list[AgreementEntry] = Field(min_length=1)


def read_round(path: Path) -> list[AgreementEntry]:
    """The agreements of a TOML file; :class:`Invalid` names the file and, for each mistake, the entry and the key."""
    try:
        return parse_round(str(path), read_file(path))
    except OSError as error:
        raise Invalid(f"{path}: {error.strerror or error}; give a TOML file that can be read") from error


def parse_round(path: str, written: bytes) -> list[AgreementEntry]:
    """The agreements of a file named ``path`` that holds ``written``; raises as :func:`read_round`."""
    try:
        content = read_toml_text(written.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Unreadable(
            f"{path}: this is not TOML in UTF-8: {error}", f"{path}: {not_toml(error)}"
        ) from error
    try:
        entries = RoundFile.model_validate(content).agreement
    except ValidationError as error:
        told = error.errors(include_url=False)
        found = [(_where(one["loc"]), *in_words(one)) for one in told]
        lines = [f"{where}: {said}; {cure[:1].lower()}{cure[1:]}" for where, said, cure in found]
        more = f"\n... and {len(lines) - MOST} more" if len(lines) > MOST else ""
        raise Unreadable(
            f"{path}: nothing was imported:\n" + "\n".join(lines[:MOST]) + more,
            phrase(
                "%(path)s: intet er registreret:\n%(mistakes)s",
                path=path,
                mistakes=mistakes([(one["loc"], one["type"]) for one in told]),
            ),
        ) from error
    keys = [
        (entry.key, entry.municipality) for entry in entries
    ]  # one label may name the rounds of many units
    if twice := next((key for key, unit in keys if keys.count((key, unit)) > 1), None):
        raise Unreadable(
            f"{path}: {twice} stands twice; put its facts under one [[agreement]]",
            phrase(
                "%(path)s: %(twice)s står to gange; saml dens hændelser under én [[agreement]]",
                path=path,
                twice=twice,
            ),
        )
    return entries


def _where(location: tuple[int | str, ...]) -> str:
    """``("agreement", 0, "fact", 2, "on")`` -> ``"agreement 1, fact 3, key on"``: people count from one."""
    words: list[str] = []
    for part in location:
        if isinstance(part, int):
            words[-1:] = [f"{words[-1].removeprefix('key ')} {part + 1}"] if words else [str(part + 1)]
        elif not part.startswith(("literal[", "list[")):  # pydantic's name for a branch of a union, not a key
            words.append(f"key {part}")
    return ", ".join(words) or "the file"
