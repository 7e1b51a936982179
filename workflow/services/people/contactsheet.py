"""Reading a contacts file: every mistake at once, each with its line, its column and what would work.

The columns are ``body,function,name,email,priority,valid_from,valid_to``; the last three, and ``name``, may be left
out. What a Danish Excel makes of them is read as it is meant, and told: days with the day first, ``Navn <a@b.dk>``,
``mailto:``, a line break in a cell, a council by its name.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from email_validator import EmailNotValidError, validate_email

from workflow.errors import Invalid
from workflow.mail.addresses import folded
from workflow.mail.words import invisible
from workflow.rules.agreement import Council
from workflow.rules.saiddays import FORMS, said_day
from workflow.services.meetings.naming import Names
from workflow.services.people.contactfile import read_table
from workflow.storage.rulebook import Rulebook

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
CALLED = {"råd": "council", "byråd": "council", "kommunalbestyrelse": "council", "klynge": "cluster",
          "formand": "chair", "næstformand": "vice-chair"}  # fmt: skip
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_FORMULA = re.compile(r"[=+@]|-(?=[\w(=])")
_DISPLAYED = re.compile(r"(?P<name>[^<>]*)<\s*(?:mailto:)?(?P<email>[^<>\s]+)\s*>", re.IGNORECASE)
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


@dataclass(frozen=True, slots=True)
class Sheet:
    """The mailboxes, and how what was not plain was read."""

    lines: list[Line]
    read: tuple[str, ...]


def read_sheet(rulebook: Rulebook, source: Path | str) -> Sheet:
    """The mailboxes in a CSV or Excel file (``Path``) or in CSV text (``str``); :class:`Invalid` names every cell that
    is wrong."""
    table = read_table(source)
    head = table.heading
    reading = _Reading(
        councils(rulebook),
        {
            name.casefold(): region.id
            for region in rulebook.regions
            for name in (region.id, region.short, region.name)
        },
        {name.casefold(): cluster.id for cluster in rulebook.clusters for name in (cluster.id, cluster.name)},
        Names(rulebook),
        {name: chr(ord("A") + index) for index, name in enumerate(head)} if table.workbook else {},
    )
    found = []
    seen: dict[tuple[str, str, str], int] = {}
    for number, cells in table.rows:
        if len(cells) != len(head):
            reading.wrong(number, "", f"{len(cells)} fields where the heading has {len(head)}",
                          "one field a column; quote a field that holds the separator")  # fmt: skip
            continue
        line = reading.line(number, dict(zip(head, cells, strict=True)))
        if line is None:
            continue
        key = (line.body, line.function, folded(line.email))
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
    told = (f"{how}{f' ({count} cells)' if count > 1 else ''}" for how, count in reading.told())
    return Sheet(found, (*table.read, *told))


def councils(rulebook: Rulebook) -> dict[str, Council]:
    """Every council of every region, by code: those that must approve, past, present and to come."""
    return {
        party.code: party for region in rulebook.regions for party in rulebook.parties(region.id, date.max)
    }


@dataclass(slots=True)
class _Reading:
    """One pass over a file: what is known, and the mistakes found so far."""

    councils: dict[str, Council]
    regions: dict[str, str]  # id by whatever it is called
    clusters: dict[str, str]
    names: Names
    letters: dict[str, str]  # of a workbook's columns
    mistakes: list[str] = field(default_factory=list)
    read: dict[str, list[str]] = field(default_factory=dict)

    def wrong(self, number: int, column: str, what: str, cure: str) -> None:
        where = f"line {number}, column {column}" if column else f"line {number}"
        if column in self.letters:
            where += f", cell {self.letters[column]}{number}"
        self.mistakes.append(f"{where}: {what}; {cure}")

    def took(self, number: int, what: str, said: str, meant: str) -> None:
        """Note that a cell was not plain; one example of each kind is told."""
        self.read.setdefault(what, []).append(f"line {number}: {said!r} read as {meant!r}")

    def told(self) -> list[tuple[str, int]]:
        """How each kind of cell that was not plain was read, and how many there were."""
        return [(f"{what}, {examples[0]}", len(examples)) for what, examples in self.read.items()]

    def line(self, number: int, raw: dict[str, str]) -> Line | None:
        """The row as a :class:`Line`, or ``None`` after noting what is wrong with it."""
        before = len(self.mistakes)
        cells = {column: self._plain(number, column, value) for column, value in raw.items()}
        for column, value in cells.items():
            for sign in invisible(value):
                said = f"it holds an invisible character (U+{ord(sign):04X})"
                self.wrong(number, column, said, "type the text again without it")
            if len(value) > LONGEST.get(column, 60):
                self.wrong(number, column, f"{len(value)} characters", f"at most {LONGEST.get(column, 60)}")
        if len(self.mistakes) > before:
            return None
        function = CALLED.get(cells["function"].lower(), cells["function"].lower())
        if function not in FUNCTIONS:
            self.wrong(
                number, "function", f"{cells['function']!r} is unknown", f"one of {', '.join(FUNCTIONS)}"
            )
        body = self._body(number, function, cells["body"])
        if _FORMULA.match(cells.get("name", "")):
            self.wrong(
                number, "name", f"{cells['name']!r} begins as a formula", "write the name as plain text"
            )
        display, email = self._address(number, cells["email"])
        name = cells.get("name", "") or display
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
        return Line(body, function, email, name, int(priority), first, last)

    def _plain(self, number: int, column: str, value: str) -> str:
        """The cell without what Excel and the web leave round it: line breaks, hard spaces, letters in two parts."""
        text = unicodedata.normalize("NFC", value).replace("\u00a0", " ").strip().removeprefix("'")
        if "\n" in text or "\r" in text:
            one = " ".join(text.split())
            self.took(number, f"a line break in {column}", text, one)
            return one
        return text

    def _body(self, number: int, function: str, body: str) -> str:
        if function == "council":
            return self._council(number, body)
        known, what = (self.clusters, "health cluster") if function == "cluster" else (self.regions, "region")
        if function not in (*REGIONAL, "cluster"):
            return body
        found = known.get(body.casefold())
        if found is None:
            self.wrong(
                number, "body", f"{body!r} is no {what}", f"one of {', '.join(dict.fromkeys(known.values()))}"
            )
            return body
        if found != body:
            self.took(number, "a body by its name", body, found)
        return found

    def _council(self, number: int, body: str) -> str:
        code = body.zfill(4) if body.isascii() and body.isdigit() else body  # Excel eats the zero of 0851
        if code in self.councils:
            return code
        cure = "a council's code, e.g. 0851 (Aalborg), 1081 (Region Nordjylland) or oestdanmark"
        # a region's id alone may as well mean its secretariat
        if not body.isdigit() and body.casefold() not in self.regions.values():
            try:
                found = self.names.find(body).code
            except Invalid as error:
                cure = f"{cure} ({str(error).partition('; ')[2]})"
            else:
                self.took(number, "a body by its name", body, found)
                return found
        self.wrong(number, "body", f"{body!r} is no council", cure)
        return body

    def _address(self, number: int, said: str) -> tuple[str, str]:
        """The name beside an address, and the address itself."""
        displayed = _DISPLAYED.fullmatch(said)
        bare = (
            displayed["email"]
            if displayed
            else re.sub(r"^mailto:\s*", "", said, flags=re.I).partition("?")[0]
        )
        found = self._email(number, bare.strip())
        if bare != said:
            self.took(number, "an address with more round it", said, found)
        return (displayed["name"].strip(" \"'") if displayed else ""), found

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
                "one address in plain ASCII letters, e.g. sundhed@aalborg.example",
            )
            return email

    def _day(self, number: int, column: str, cells: dict[str, str]) -> date | None:
        value = cells.get(column, "")
        try:
            found = said_day(value) if value else None
        except ValueError:
            self.wrong(number, column, f"{value!r} is no date", f"write it as {FORMS}, or leave it empty")
            return None
        if found and not _ISO_DAY.fullmatch(value):
            self.took(number, "a day", value, found.isoformat())
        return found
