"""Reading a contacts file: every mistake at once, each with its line, its column and what would work.

The columns are ``body,function,name,email,priority,valid_from,valid_to``; the last three, and ``name``, may be left
out. UTF-8 with or without a byte-order mark, separated by commas or, as a Danish Excel saves it, semicolons.
"""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from email_validator import EmailNotValidError, validate_email

from workflow.errors import Invalid
from workflow.mail.words import invisible
from workflow.rules.agreement import Council
from workflow.storage.rulebook import Rulebook

COLUMNS = ("body", "function", "name", "email", "priority", "valid_from", "valid_to")
NEEDED = ("body", "function", "email")
REGIONAL = (
    "secretariat-region",
    "secretariat-municipal",
    "piu",
    "chair",
    "vice-chair",
)  # body: a region's id
FUNCTIONS = (*REGIONAL, "council", "cluster")
AUTHORITY = "sst.dk"  # Sundhedsstyrelsen: its letters come from the region, never from here (O-50)
SHOWN = 20
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
LONGEST = {"name": 120, "email": 254}


@dataclass(frozen=True, slots=True)
class Line:
    """One mailbox as the file gives it; dates are Danish civil, both inclusive."""

    body: str
    function: str
    email: str
    name: str
    priority: int
    valid_from: date | None
    valid_to: date | None


def read_sheet(rulebook: Rulebook, source: Path | str) -> list[Line]:
    """The mailboxes in a file (``Path``) or in CSV text (``str``); :class:`Invalid` names every line that is wrong."""
    text = _text(source)
    head, rows = _table(text)
    reading = _Reading(
        councils(rulebook),
        [region.id for region in rulebook.regions],
        [cluster.id for cluster in rulebook.clusters],
    )
    found = []
    seen: dict[tuple[str, str, str], int] = {}
    for number, cells in rows:
        if len(cells) != len(head):
            reading.wrong(number, "", f"{len(cells)} fields where the heading has {len(head)}",
                          "one field a column; quote a field that holds the separator")  # fmt: skip
            continue
        line = reading.line(number, dict(zip(head, cells, strict=True)))
        if line is None:
            continue
        key = (line.body, line.function, line.email.casefold())
        if key in seen:
            reading.wrong(number, "email", f"{line.email} stands for {line.body}/{line.function} on line "
                          f"{seen[key]} too", "remove one of the lines")  # fmt: skip
        seen.setdefault(key, number)
        found.append(line)
    if reading.mistakes:
        shown = reading.mistakes[:SHOWN]
        more = f"\n... and {len(reading.mistakes) - SHOWN} more" if len(reading.mistakes) > SHOWN else ""
        raise Invalid("nothing was imported:\n" + "\n".join(shown) + more)
    if not found:
        raise Invalid("nothing was imported: there is no contact below the heading")
    return found


def councils(rulebook: Rulebook) -> dict[str, Council]:
    """Every council of every region, by code: those that must approve, past, present and to come."""
    return {
        party.code: party for region in rulebook.regions for party in rulebook.parties(region.id, date.max)
    }


def _text(source: Path | str) -> str:
    if isinstance(source, str):
        return source.removeprefix("\ufeff")
    try:
        return source.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise Invalid(f"{source}: {error.strerror or error}; give a CSV file that can be read") from error
    except UnicodeDecodeError as error:
        raise Invalid(f"{source}: not UTF-8 at byte {error.start}; save it again as 'CSV UTF-8'") from error


def _table(text: str) -> tuple[list[str], list[tuple[int, list[str]]]]:
    """The heading and the numbered rows that are not empty."""
    first = text.partition("\n")[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        table = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise Invalid(f"line {reader.line_num}: {error}; quotes must be closed and doubled inside") from error
    heading = [cell.strip().lower() for cell in table[0][1]] if table else []
    missing = [name for name in NEEDED if name not in heading]
    strange = [name for name in heading if name not in COLUMNS]
    if missing or strange or len(set(heading)) != len(heading):
        raise Invalid(
            f"line 1: the heading is {', '.join(heading) or 'missing'}; it must be {','.join(COLUMNS)} "
            f"(only {', '.join(NEEDED)} are compulsory, each once)"
        )
    return heading, [(number, row) for number, row in table[1:] if any(cell.strip() for cell in row)]


@dataclass(slots=True)
class _Reading:
    """One pass over a file: what is known, and the mistakes found so far."""

    councils: dict[str, Council]
    regions: list[str]
    clusters: list[str]
    mistakes: list[str] = field(default_factory=list)

    def wrong(self, number: int, column: str, what: str, cure: str) -> None:
        where = f"line {number}, column {column}" if column else f"line {number}"
        self.mistakes.append(f"{where}: {what}; {cure}")

    def line(self, number: int, raw: dict[str, str]) -> Line | None:
        """The row as a :class:`Line`, or ``None`` after noting what is wrong with it."""
        before = len(self.mistakes)
        cells = {column: value.strip() for column, value in raw.items()}
        for column, value in cells.items():
            for sign in invisible(value):
                said = f"it holds an invisible character (U+{ord(sign):04X})"
                self.wrong(number, column, said, "type the text again without it")
            if len(value) > LONGEST.get(column, 60):
                self.wrong(number, column, f"{len(value)} characters", f"at most {LONGEST.get(column, 60)}")
        if len(self.mistakes) > before:
            return None
        function = cells["function"].lower()
        if function not in FUNCTIONS:
            self.wrong(
                number, "function", f"{cells['function']!r} is unknown", f"one of {', '.join(FUNCTIONS)}"
            )
        body = self._body(number, function, cells["body"])
        email = self._email(number, cells["email"])
        domain = email.rpartition("@")[2].lower()
        if domain == AUTHORITY or domain.endswith("." + AUTHORITY):
            self.wrong(number, "email", f"{email} is Sundhedsstyrelsen's, which gets no letters from here",
                       "the body's own mailbox; the regional council submits to the Authority")  # fmt: skip
        priority = cells.get("priority") or "1"
        if not (priority.isascii() and priority.isdigit() and 1 <= int(priority) <= 99):
            self.wrong(number, "priority", f"{priority!r} is no rank", "a number from 1 (asked first) to 99")
        first, last = self._day(number, "valid_from", cells), self._day(number, "valid_to", cells)
        if first and last and last < first:
            self.wrong(number, "valid_to", f"{last} is before valid_from {first}", "both days are inclusive")
        if len(self.mistakes) > before:
            return None
        return Line(body, function, email, cells.get("name", ""), int(priority), first, last)

    def _body(self, number: int, function: str, body: str) -> str:
        if function == "council":
            code = body.zfill(4) if body.isascii() and body.isdigit() else body  # Excel eats the zero of 0851
            if code in self.councils:
                return code
            cure = "a council's code, e.g. 0851 (Aalborg), 1081 (Region Nordjylland) or oestdanmark"
            self.wrong(number, "body", f"{body!r} is no council", cure)
        elif function == "cluster" and body not in self.clusters:
            self.wrong(number, "body", f"{body!r} is no health cluster", f"one of {', '.join(self.clusters)}")
        elif function in REGIONAL and body not in self.regions:
            self.wrong(number, "body", f"{body!r} is no region", f"one of {', '.join(self.regions)}")
        return body

    def _email(self, number: int, email: str) -> str:
        try:
            return (
                validate_email(email, check_deliverability=False, allow_smtputf8=False).ascii_email or email
            )
        except EmailNotValidError as error:
            self.wrong(
                number,
                "email",
                f"{email!r}: {error}".rstrip("."),
                "one address, e.g. sundhed@aalborg.example",
            )
            return email

    def _day(self, number: int, column: str, cells: dict[str, str]) -> date | None:
        value = cells.get(column, "")
        try:
            if value and not _ISO_DAY.fullmatch(value):
                raise ValueError("not in that form")
            return date.fromisoformat(value) if value else None
        except ValueError:
            self.wrong(number, column, f"{value!r} is no date", "write it as 2029-12-31, or leave it empty")
            return None
