"""A look at a few names by the database's driver alone, or in a CSV file: a shell that completes a word cannot wait
for everything else to be imported."""

from __future__ import annotations

import csv
import sqlite3
from pathlib import Path
from typing import Any

from workflow.errors import Unreachable

_AGREEMENTS = "SELECT region || '/' || label FROM agreement ORDER BY 1 LIMIT 200"
_DEADLINES = (
    "SELECT rule || CASE subject WHEN '' THEN '' ELSE ':' || subject END, title FROM deadline JOIN agreement "
    "ON agreement.id = agreement_id WHERE region || '/' || label = {} ORDER BY legal_on LIMIT 200"
)


def agreement_keys(url: str) -> list[str]:
    """The agreements' keys. ``sqlite3.Error`` or :class:`Unreachable` where nobody answers."""
    return [str(key) for (key,) in _ask(url, _AGREEMENTS)]


def deadline_ids(url: str, key: str) -> list[tuple[str, str]]:
    """The agreement's deadlines as ``aftale why`` takes them, with their titles."""
    return [(str(name), str(title)) for name, title in _ask(url, _DEADLINES, key)]


def councils(folder: Path, region: str) -> list[tuple[str, str]]:
    """Code and name of the councils of a region ("": of all), the regional one first; ``folder`` is ``calendars``."""
    found: dict[str, str] = {}
    for name, own in (("regions", "id"), ("councils", "region")):
        with (folder / "bodies" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
            rows = [row for row in csv.DictReader(file) if region in ("", row[own]) and row["code"]]
        found |= {row["code"]: row.get("full_name") or row["name"] for row in rows}
    return list(found.items())


def _ask(url: str, query: str, *values: str) -> list[Any]:
    if url.startswith("sqlite:///"):
        path = Path(url.removeprefix("sqlite:///")).resolve()
        connection = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, timeout=0.5)
        try:
            return connection.execute(query.format("?"), values).fetchall()
        finally:
            connection.close()
    import psycopg

    try:
        with psycopg.connect(url.replace("+psycopg", ""), connect_timeout=1) as server:
            return server.execute(query.format("%s").encode(), values).fetchall()
    except psycopg.Error as error:
        raise Unreachable(str(error)) from error
