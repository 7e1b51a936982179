"""What is said of a contacts file, once in English for the terminal and once in Danish for the pages.

A sentence is its English pattern and what stands in it; :data:`DANISH` has the same pattern in Danish.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date

from workflow.errors import Invalid
from workflow.language import SOURCE, noted, spoken_now
from workflow.rules.days import spoken
from workflow.values import dataclass, field

_ISO_DAY = re.compile(r"\d{4}-(?:0\d|1[0-2])-(?:[0-2]\d|3[01])")  # as a cell was read


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence with what stands in it."""

    pattern: str
    values: dict[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.pattern.format(**self.values)

    @property
    def danish(self) -> str:
        """The same for those who read the pages; days in words."""
        return DANISH[self.pattern].format(**{name: _danish(value) for name, value in self.values.items()})

    @property
    def now(self) -> str:
        """The Danish for whoever reads Danish, the English for everybody else."""
        return self.danish if spoken_now() == SOURCE else str(self)


def say(pattern: str, **values: object) -> Said:
    """A sentence of :data:`DANISH`."""
    return Said(pattern, values)


def _danish(value: object) -> object:
    if isinstance(value, Said):
        return value.danish
    if isinstance(value, str) and _ISO_DAY.fullmatch(value):
        with suppress(ValueError):  # typed so, and no day
            value = date.fromisoformat(value)
    if isinstance(value, date):
        return spoken(value, False)
    return DANISH.get(value, value) if isinstance(value, str) else value


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong in one cell (or, without a column, in one row) of a file, and what would work."""

    line: int
    column: str
    cell: str  # its name in a workbook, e.g. F4
    what: Said
    cure: Said

    def __str__(self) -> str:
        where = f"line {self.line}, column {self.column}" if self.column else f"line {self.line}"
        return f"{where}{f', cell {self.cell}' if self.cell else ''}: {self.what}; {self.cure}"


class Unreadable(Invalid):
    """Nothing of a file was taken: ``why`` it is no table, or the ``mistakes`` of its cells, all of them."""

    def __init__(self, why: Said | None = None, mistakes: list[Mistake] | None = None) -> None:
        self.why, self.mistakes = why, mistakes or []
        super().__init__(str(why) if why else _listed(self.mistakes))


SHOWN = 20


def _listed(mistakes: list[Mistake]) -> str:
    more = f"\n... and {len(mistakes) - SHOWN} more" if len(mistakes) > SHOWN else ""
    return "nothing was imported:\n" + "\n".join(str(one) for one in mistakes[:SHOWN]) + more


NAMES = {
    "body": noted("organ"), "function": noted("funktion"), "name": noted("navn"),
    "email": noted("adresse"), "priority": noted("nummer"),
    "valid_from": noted("gælder fra"), "valid_to": noted("gælder til"), "language": noted("sprog"),
}  # fmt: skip
DANISH = NAMES | {
    "{count} fields where the heading has {wanted}": "{count} felter, hvor overskriften har {wanted}",
    "one field a column; quote a field that holds the separator":
        "et felt for hver kolonne; sæt anførselstegn om et felt, der indeholder skilletegnet",
    "{email} stands for {function} on line {line} too": "{email} står også i linje {line} for samme organ og funktion",
    "remove one of the lines": "slet den ene linje",
    "it holds an invisible character (U+{sign})": "den indeholder et usynligt tegn (U+{sign})",
    "type the text again without it": "skriv teksten igen uden det",
    "{count} characters": "{count} tegn",
    "at most {most}": "højst {most}",
    "{said!r} is unknown": "»{said}« er ingen funktion",
    "one of {names}": "skriv en af {names}",
    "one of {names}, or its Danish name":
        "skriv råd, direktør, formand, næstformand, klynge, regionens sekretariat, kommunernes sekretariat eller "
        "patientinddragelsesudvalg",
    "it is empty": "feltet er tomt",
    "write the council in each row, also below merged cells":
        "skriv rådet i hver række; en flettet celle har kun sin tekst i den øverste række",
    "the sheet {title!r}": "arket »{title}« er læst",
    "{said!r} begins as a formula": "»{said}« begynder som en formel",
    "write the name as plain text": "skriv navnet som almindelig tekst",
    "{email} is the authority's, which gets no letters from here":
        "{email} er myndighedens, og den får ingen breve herfra",
    "the body's own mailbox; the regional council submits to the Authority":
        "skriv organets egen postkasse; det er regionsrådet, der indsender til styrelsen",
    "{said!r} is no rank": "»{said}« er intet nummer",
    "a number from 1 (asked first) to 99": "skriv et tal fra 1 (bruges først) til 99",
    "{last} is before valid_from {first}": "{last} ligger før den første dag, {first}",
    "both days are inclusive": "begge dage regnes med",
    "{said!r} is no language here": "»{said}« er intet sprog her",
    "{said!r} is no health cluster": "»{said}« er ingen sundhedsklynge",
    "{said!r} is no region": "»{said}« er ingen region",
    "{said!r} is no council": "»{said}« er intet råd",
    "a council's code, e.g. 0851 (Aalborg), 1081 (Region Nordjylland) or oestdanmark{near}":
        "skriv rådets kode, fx 0851 (Aalborg), 1081 (Region Nordjylland) eller oestdanmark{near}",
    "{said!r}: {why}": "»{said}« er ikke én gyldig mailadresse",
    "one address in plain ASCII letters, e.g. sundhed@aalborg.example":
        "skriv én adresse uden æ, ø og å, fx sundhed@aalborg.example",
    "{said!r} is no date": "»{said}« er ingen dato",
    "write it as {forms}, or leave it empty":
        "skriv den som 31-12-2029 eller 31. december 2029, eller lad feltet stå tomt",
    "{said!r} is not of your region": "»{said}« hører ikke til din region",
    "leave the line out, or ask an administrator": "tag linjen ud, eller spørg en administrator",
    "{source}: {why}; give a CSV or Excel file that can be read": "filen kan ikke læses; vælg en CSV- eller Excel-fil",
    "{source}: an Excel 97 workbook; save it as .xlsx or as CSV":
        "filen er en Excel 97-projektmappe; gem den som .xlsx eller som CSV",
    "line {line}: {why}; quotes must be closed and doubled inside":
        "linje {line}: anførselstegn skal lukkes, og inde i teksten fordobles",
    "line {line}: the heading is {heading}; it must be {columns} (only {needed} are compulsory, each once)":
        "linje {line}: overskriften er {heading}. Kolonnerne skal hedde organ, funktion, navn, e-mail, prioritet, "
        "gælder fra, gælder til og sprog; kun organ, funktion og e-mail skal være der, hver én gang",
    "missing": "tom",
    "the row is crossed out": "rækken er streget over",
    "delete the row, or take the line through it away": "slet rækken, eller fjern stregen",
    "the sheets {titles} all hold contacts; leave one and hide or delete the others":
        "arkene {titles} har alle kontakter; lad ét stå, og skjul eller slet de andre",
    "not kept: the column {left}": "ikke gemt: kolonnen {left}",
    "{said!r} and the code {code} are two bodies": "»{said}« og koden {code} er to organer",
    "write the one that is meant in both columns": "skriv det, der menes, i begge kolonner",
    "its domain holds a letter that no .dk domain has and that may look like another (U+{sign}): {email}":
        "domænet har et tegn, som intet .dk-domæne har, og som kan ligne et andet (U+{sign}): {email}",
    "type the address again by hand": "skriv adressen igen i hånden",
    "it has ended, line {line}: {email} until {last}": "bruges ikke mere, linje {line}: {email} til {last}",
    "the address looks like another council's, line {line}: {email} ({whose}) stands for {body}":
        "adressen ligner et andet råds, linje {line}: {email} ({whose}) står ved {body}",
    "the address looks like another council's, line {line}: {email} ({whose}) stands for {body} ({count} mailboxes)":
        "adressen ligner et andet råds, linje {line}: {email} ({whose}) står ved {body} ({count} postkasser)",
    "they have ended, line {line}: {email} until {last} ({count} mailboxes)":
        "bruges ikke mere, linje {line}: {email} til {last} ({count} postkasser)",
    "nothing was imported: there is no contact below the heading": "der står ingen kontakter under overskriften",
    "the first visible sheet of the workbook": "projektmappens første synlige ark er læst",
    "{encoding}": "teksten er læst som {encoding}",
    "separated by {by}": "felterne er adskilt af {by}",
    "tabs": "tabulatorer", "commas": "kommaer", "semicolons": "semikoloner",
    "heading on line {line}": "overskriften står i linje {line}",
    "{what}, line {line}: {said!r} read as {meant!r}": "{what}, linje {line}: »{said}« er læst som »{meant}«",
    "{what}, line {line}: {said!r} read as {meant!r} ({count} cells)":
        "{what}, linje {line}: »{said}« er læst som »{meant}« ({count} felter)",
    "a line break in {column}": "linjeskift i {column}",
    "a body by its name": "et organ ved navn",
    "an address with more round it": "en adresse med mere omkring",
    "a day": "en dag",
}  # fmt: skip
