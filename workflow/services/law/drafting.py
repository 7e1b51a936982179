"""A regime's file from what a person answered: the least that the strict reader takes, tried before it is kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from workflow.errors import Conflict, Misconfigured
from workflow.storage.law.rulebook import load
from workflow.values import dataclass


@dataclass(frozen=True, slots=True)
class Draft:
    """What a new regime says: the law it rests on, what things are called, who is party, and one date of each term.
    ``document`` is its bare, definite and plural form, ``due`` the term's year, the month and the day; ``None`` where
    the law sets no date."""

    id: str
    kind: str
    instrument: str
    name: str
    url: str
    in_force_on: date
    terms: Sequence[str]
    document: tuple[str, str, str]
    document_en: str
    authority: str
    committee: str
    parties: str
    parties_said: str
    course: str
    unit: str
    title: str
    provision: str
    due: tuple[int, int, int] | None
    met_by: str
    checked_on: date


def write(draft: Draft, folder: Path) -> Path:
    """Write it to ``regimes/`` of the calendars ``folder`` and read the whole folder with it: what is refused is taken
    away again, and said. :class:`Conflict` where there is such a file, :class:`Misconfigured` where it is refused."""
    path = folder / "regimes" / f"{draft.id}.toml"
    if path.exists():
        raise Conflict(f"{path} is there already; choose another id, or edit the file")
    try:
        path.write_text(text_of(draft), encoding="utf-8")
    except OSError as error:
        raise Misconfigured(
            str(path), f"cannot be written: {error.strerror}", "Name a folder of your own"
        ) from error
    try:
        load(folder)
    except Misconfigured:
        path.unlink()
        raise
    return path


def text_of(draft: Draft) -> str:
    """The file, in TOML, with a comment where a person goes on."""
    da, definite, plural = draft.document
    due = '{ from = "undated" }'
    if draft.due:
        year, month, day = draft.due
        due = f"{{ term_year = {year}, month = {month}, day = {day} }}"
    title = f"{plural.capitalize()} efter {draft.instrument}", f"{draft.document_en} under {draft.instrument}"
    terms = ", ".join(map(_said, draft.terms))
    cite = _said(f"{draft.instrument} {draft.provision}")
    return f"""# {draft.name}. Written by aftale regime new; docs/new-regime.md says how to go on.

id = {_said(draft.id)}
kind = {_said(draft.kind)}
title = {{ da = {_said(title[0])}, en = {_said(title[1])} }}
instrument = {_said(draft.instrument)}
in_force_on = {draft.in_force_on}
terms = [{terms}]
committee = {_said(draft.committee)}
secretariat = "joint"
parties = {_said(draft.parties)}
course = {_said(draft.course)}
tacit_approval = false

[unit]
body = {_said(draft.unit)}

[words.document]
da = {_said(da)}
definite = {_said(definite)}
plural = {_said(plural)}
en = {_said(draft.document_en)}

[words.authority]
da = {_said(draft.authority)}
en = {_said(draft.authority)}

[words.parties]
da = {_said(draft.parties_said)}
en = {_said(draft.parties_said)}

[words.submit]
da = "sende"
present = "sender"
done = "sendt"
told = "send"
passive = "sendes"
act = "afsendelse"
en = "send"

[[source]]
key = {_said(draft.instrument)}
name = {_said(draft.name)}
url = {_said(draft.url)}
read = "say what was read, and where"
trust = "primary"

# The provision behind each step of the course: docs/courses.md.
[provisions]
unanimity = {cite}
adopt = {cite}
submit = {cite}

[[deadline]]
id = {_said(f"{draft.id}-1")}
title = {{ da = {_said(draft.title)}, en = {_said(draft.title)} }}
duty = "shall"
who = "regional-council"
due = {due}
met_by = [{_said(draft.met_by)}]
cite = [{cite}]
checked_on = {draft.checked_on}
"""


def _said(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
