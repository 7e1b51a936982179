"""One row of a contacts file, or one form on the site, read as it is meant: every mistake with its column and its cure.

What a Danish Excel makes of a cell is read as it is meant, and told: days with the day first, ``Navn <a@b.dk>``,
``mailto:``, a line break, a council by its name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date

from workflow.errors import Invalid
from workflow.language import SOURCE, languages
from workflow.mail.addresses import disguised, on_the_wire
from workflow.rules.agreement import Council
from workflow.rules.days import FORMS, said_day
from workflow.rules.words import invisible
from workflow.services.meetings.naming import Names
from workflow.services.people.contacts.contactfunctions import FUNCTIONS, REGIONAL, function_named
from workflow.services.people.contacts.contactheading import CODE
from workflow.services.people.contacts.contactwords import Mistake, Said, say
from workflow.storage.law.rulebook import Rulebook
from workflow.values import dataclass, field

AUTHORITY = "sst.dk"  # the Danish Health Authority: its letters come from the region, never from here (O-50)
SPOKEN = {"dansk": "da", "engelsk": "en", "english": "en", "danish": "da"}
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_WHOLE = re.compile(r"(?<=\d)[.,]0*$")  # of a number as a workbook or a list may have it: 1,0 or 1.
_FORMULA = re.compile(r"[=+@]|-(?=[\w(=])")
_DISPLAYED = re.compile(r"(?P<name>[^<>]*)<\s*(?:mailto:)?(?P<email>[^<>\s]+)\s*>", re.IGNORECASE)
LONGEST = {"name": 120, "email": 254}


@dataclass(frozen=True, slots=True)
class Line:
    """One mailbox as the file gives it; dates are Danish civil, both inclusive; ``language`` as ``lang`` says it."""

    body: str
    function: str
    email: str
    name: str
    priority: int
    valid_from: date | None
    valid_to: date | None
    language: str | None = None  # "" Danish; None: it was not said


def councils(rulebook: Rulebook) -> dict[str, Council]:
    """Every council of every region, by code: those that must approve, past, present and to come."""
    return {
        party.code: party for region in rulebook.regions for party in rulebook.parties(region.id, date.max)
    }


@dataclass(slots=True)
class Reading:
    """One pass over a file: what is known, and the mistakes found so far. :func:`begin` makes one."""

    councils: dict[str, Council]
    regions: dict[str, str]  # id by whatever it is called
    clusters: dict[str, str]
    names: Names
    letters: dict[str, str]  # of a workbook's columns
    mistakes: list[Mistake] = field(default_factory=list)
    read: dict[str, list[dict[str, object]]] = field(default_factory=dict)

    def wrong(self, number: int, column: str, what: Said, cure: Said) -> None:
        """Note that a cell, or without ``column`` a row, cannot be used."""
        cell = f"{self.letters[column]}{number}" if column in self.letters else ""
        self.mistakes.append(Mistake(number, column, cell, what, cure))

    def took(self, number: int, what: str, said: str, meant: object, column: str = "") -> None:
        """Note that a cell was not plain; one example of each kind is told."""
        kind = what.format(column=column) if column else what
        example = {"what": say(what, column=column) if column else say(what), "line": number}
        self.read.setdefault(kind, []).append(example | {"said": said, "meant": meant})

    def told(self) -> list[Said]:
        """How each kind of cell that was not plain was read, and how many there were."""
        one = "{what}, line {line}: {said!r} read as {meant!r}"
        return [
            say(one, **examples[0]) if len(examples) == 1
            else say(f"{one} ({{count}} cells)", count=len(examples), **examples[0])
            for examples in self.read.values()
        ]  # fmt: skip

    def line(self, number: int, raw: Mapping[str, str]) -> Line | None:
        """The row as a :class:`Line`, or ``None`` after noting what is wrong with it."""
        before = len(self.mistakes)
        cells = {column: self._plain(number, column, value) for column, value in raw.items()}
        for column, value in cells.items():
            for sign in invisible(value):
                said = say("it holds an invisible character (U+{sign})", sign=f"{ord(sign):04X}")
                self.wrong(number, column, said, say("type the text again without it"))
            if len(value) > LONGEST.get(column, 60):
                self.wrong(number, column, say("{count} characters", count=len(value)),
                           say("at most {most}", most=LONGEST.get(column, 60)))  # fmt: skip
        if len(self.mistakes) > before:
            return None
        function = function_named(cells["function"])
        if function not in FUNCTIONS:
            self.wrong(number, "function", say("{said!r} is unknown", said=cells["function"]),
                       say("one of {names}, or its Danish name", names=", ".join(FUNCTIONS)))  # fmt: skip
        body = self._body(number, function, cells["body"] or cells.get(CODE, ""))
        if cells["body"] and cells.get(CODE):
            self._same(number, function, (cells["body"], body), cells[CODE])
        if _FORMULA.match(cells.get("name", "")):
            self.wrong(number, "name", say("{said!r} begins as a formula", said=cells["name"]),
                       say("write the name as plain text"))  # fmt: skip
        display, email = self._address(number, cells["email"])
        name = cells.get("name", "") or display
        if sign := disguised(email):
            told = "its domain holds a letter that no .dk domain has and that may look like another (U+{sign}): {email}"
            said = say(told, sign=f"{ord(sign):04X}", email=on_the_wire(email))
            self.wrong(number, "email", said, say("type the address again by hand"))
        domain = email.rpartition("@")[2].lower()
        if domain == AUTHORITY or domain.endswith("." + AUTHORITY):
            said = say("{email} is the authority's, which gets no letters from here", email=email)
            self.wrong(number, "email", said,
                       say("the body's own mailbox; the regional council submits to the Authority"))  # fmt: skip
        priority = _WHOLE.sub("", cells.get("priority", "")) or "1"
        if not (priority.isascii() and priority.isdigit() and 1 <= int(priority) <= 99):
            self.wrong(number, "priority", say("{said!r} is no rank", said=priority),
                       say("a number from 1 (asked first) to 99"))  # fmt: skip
        first, last = self._day(number, "valid_from", cells), self._day(number, "valid_to", cells)
        if first and last and last < first:
            self.wrong(number, "valid_to", say("{last} is before valid_from {first}", last=last, first=first),
                       say("both days are inclusive"))  # fmt: skip
        language = self._language(number, cells["language"]) if "language" in cells else None
        if len(self.mistakes) > before:
            return None
        return Line(body, function, email, name, int(priority), first, last, language)

    def _language(self, number: int, said: str) -> str:
        """A language by its code, or by its name in Danish or its own; Danish is what nobody need say."""
        found = SPOKEN.get(said.casefold(), said.casefold())
        if found and found not in languages():
            self.wrong(number, "language", say("{said!r} is no language here", said=said),
                       say("one of {names}", names=", ".join(languages())))  # fmt: skip
        return "" if found == SOURCE else found

    def _plain(self, number: int, column: str, value: str) -> str:
        """The cell without what Excel and the web leave round it: line breaks, hard spaces, letters in two parts."""
        text = unicodedata.normalize("NFC", value).replace("\u00a0", " ").strip().removeprefix("'")
        if "\n" in text or "\r" in text:
            one = " ".join(text.split())
            self.took(number, "a line break in {column}", text, one, column)
            return one
        return text

    def _body(self, number: int, function: str, body: str) -> str:
        if function in ("council", "director"):
            return self._council(number, body)
        known, what = (
            (self.clusters, "{said!r} is no health cluster")
            if function == "cluster"
            else (self.regions, "{said!r} is no region")
        )
        if function not in (*REGIONAL, "cluster"):
            return body
        found = known.get(body.casefold())
        if found is None:
            names = ", ".join(dict.fromkeys(known.values()))
            self.wrong(number, "body", say(what, said=body), say("one of {names}", names=names))
            return body
        if found != body:
            self.took(number, "a body by its name", body, found)
        return found

    def _same(self, number: int, function: str, named: tuple[str, str], code: str) -> None:
        """Name and code stand beside each other: they must mean the same body. ``named``: as it is said, and read."""
        before, read = len(self.mistakes), {kind: list(examples) for kind, examples in self.read.items()}
        other = self._body(number, function, code)
        self.read = read
        if len(self.mistakes) == before and other != named[1]:
            self.wrong(number, "body", say("{said!r} and the code {code} are two bodies", said=named[0], code=code),
                       say("write the one that is meant in both columns"))  # fmt: skip

    def _council(self, number: int, body: str) -> str:
        if not body:
            merged = say("write the council in each row, also below merged cells")
            self.wrong(number, "body", say("it is empty"), merged)
            return body
        code = body.zfill(4) if body.isascii() and body.isdigit() else body  # Excel eats the zero of 0851
        if code in self.councils:
            return code
        near = ""
        # a region's id alone may as well mean its secretariat
        if not body.isdigit() and body.casefold() not in self.regions.values():
            try:
                found = self.names.find(body).code
            except Invalid as error:
                near = f" ({str(error).partition('; ')[2]})"
            else:
                self.took(number, "a body by its name", body, found)
                return found
        cure = "a council's code, e.g. 0851 (Aalborg), 1081 (Region Nordjylland) or oestdanmark{near}"
        self.wrong(number, "body", say("{said!r} is no council", said=body), say(cure, near=near))
        return body

    def _address(self, number: int, said: str) -> tuple[str, str]:
        """The name beside an address, and the address itself."""
        displayed = _DISPLAYED.fullmatch(said.rstrip(";, "))
        bare = (
            displayed["email"]
            if displayed
            else re.sub(r"^mailto:\s*", "", _pasted(said), flags=re.I).partition("?")[0]
        )
        found = self._email(number, bare.strip())
        if bare != said:
            self.took(number, "an address with more round it", said, found)
        return (displayed["name"].strip(" \"'") if displayed else ""), found

    def _email(self, number: int, email: str) -> str:
        from email_validator import EmailNotValidError, validate_email

        try:
            return (
                validate_email(email, check_deliverability=False, allow_smtputf8=False).ascii_email or email
            )
        except EmailNotValidError as error:
            self.wrong(
                number,
                "email",
                say("{said!r}: {why}", said=email, why=str(error).rstrip(".")),
                say("one address in plain ASCII letters, e.g. sundhed@aalborg.example"),
            )
            return email

    def _day(self, number: int, column: str, cells: dict[str, str]) -> date | None:
        value = cells.get(column, "")
        try:
            found = said_day(value) if value else None
        except ValueError:
            self.wrong(number, column, say("{said!r} is no date", said=value),
                       say("write it as {forms}, or leave it empty", forms=FORMS))  # fmt: skip
            return None
        if found and not _ISO_DAY.fullmatch(value):
            self.took(number, "a day", value, found.isoformat())
        return found


def _pasted(said: str) -> str:
    """An address without what a mail program or a chat puts round it: quotes, a semicolon behind it, a link to itself
    (``[a@b.dk](mailto:a@b.dk)``)."""
    link = re.fullmatch(r"\[(?P<said>[^\[\]]+)\]\(mailto:(?P<to>[^()]+)\)", said)
    if link and link["said"].casefold() == link["to"].casefold():
        return link["to"]
    return said.rstrip(";, ").strip("'\"‘’“”")


def begin(rulebook: Rulebook, letters: dict[str, str] | None = None) -> Reading:
    """A pass under these rules; ``letters`` are those of a workbook's columns."""
    return Reading(
        councils(rulebook),
        {
            name.casefold(): region.id
            for region in rulebook.regions
            for name in (region.id, region.short, region.name)
        },
        {name.casefold(): cluster.id for cluster in rulebook.clusters for name in (cluster.id, cluster.name)},
        Names(rulebook),
        letters or {},
    )
