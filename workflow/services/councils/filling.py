"""The councils' table as it was sent: texts in cells, what a block and the ticks add to them, and what they ask for."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date

from workflow.errors import Invalid, NotPossible
from workflow.language import noted, phrase, worded
from workflow.mail.writing.words import clean
from workflow.rules.agreement import Agreement
from workflow.rules.days import spoken
from workflow.rules.facts import Fact
from workflow.services.councils.block import Block
from workflow.services.councils.cells import cell_day, day_fault
from workflow.services.councils.grid import EDITABLE, Line, Wish, lines, steps
from workflow.services.facts.intake import LONGEST
from workflow.services.facts.plausible import plausible
from workflow.storage.facts.projection import Standing
from workflow.values import dataclass, field, replace

FIELDS = ("meets_on", "event", "on", "source")
NAMES = {
    "meets_on": noted("Mødedag"),
    "event": noted("Beslutning"),
    "on": phrase("Besluttet den"),
    "source": noted("Kilde"),
}


@dataclass(frozen=True, slots=True)
class Cells:
    """One council's cells as text; ``document`` is the SHA-256 of a file just given, ``file`` its name."""

    meets_on: str = ""
    event: str = ""
    on: str = ""
    source: str = ""
    document: str = ""
    file: str = ""


@dataclass(slots=True)
class Typed:
    """The whole form: a row of cells for each council by code, which are ticked, what is to be put in those, and the
    pasted block."""

    rows: dict[str, Cells]
    ticked: set[str] = field(default_factory=set)
    shared: Cells = field(default_factory=Cells)
    told_on: str = ""
    block: str = ""


def shown(line: Line) -> Cells:
    """A row as it stands, days in words."""
    return Cells(_word(line.meets_on), line.event, _word(line.on), clean(line.source))


def _word(day: date | None) -> str:
    return spoken(day, False) if day else ""


def filled(typed: Typed, lines: Sequence[Line]) -> Typed:
    """The form with what is to stand in the ticked rows put in their cells. What a person typed in a row stands; a row
    that was changed takes the common source and file too."""
    rows = dict(typed.rows)
    for line in lines:
        own, before = rows[line.code], shown(line)
        changed = own != before
        for name in (*FIELDS, "document"):
            common = getattr(typed.shared, name)
            takes = line.code in typed.ticked or (changed and name in ("source", "document"))
            if common and takes and getattr(own, name) == getattr(before, name):
                own = replace(own, **{name: common})
                own = replace(own, file=typed.shared.file) if name == "document" else own
        rows[line.code] = own
    return replace_rows(typed, rows)


def replace_rows(typed: Typed, rows: dict[str, Cells]) -> Typed:
    """The form with other rows."""
    return Typed(rows, typed.ticked, typed.shared, typed.told_on, typed.block)


def pasted(typed: Typed, block: Block, lines: Sequence[Line]) -> Typed:
    """The form with what the block says in its rows; only what could not be read stays in the block."""
    rows, evidence = dict(typed.rows), {line.code: line.evidence for line in lines}
    for said in block.said:
        told = {
            name: text for name in FIELDS if (text := getattr(said, name))
        }  # an empty cell takes nothing back
        if told.get("source", "") == evidence[said.code]:  # the sheet shows the newest proof
            told.pop("source", None)
        rows[said.code] = replace(rows[said.code], **told)
    return replace_rows(typed, rows)


def asked(
    typed: Typed, lines: Sequence[Line], agreement: Agreement, version: int, today: date, by: str
) -> tuple[dict[str, list[Fact]], dict[str, str]]:
    """The facts the form asks for by council, and what is wrong: a Danish sentence for each cell (``on-0851``)."""
    facts: dict[str, list[Fact]] = {}
    wrong: dict[str, str] = {}
    told_on = _day(typed.told_on, "told_on", agreement, wrong) or today
    if told_on > today:
        wrong["told_on"] = phrase("Dagen er ikke kommet endnu.")
    if not typed.ticked and (typed.shared.event or typed.shared.on or typed.shared.meets_on):
        wrong["ticked"] = phrase("Sæt kryds ved de råd, det gælder.")
    for line in lines:
        cells, own = typed.rows[line.code], dict[str, str]()
        if cells == shown(line):
            continue
        wish = _wish(cells, line, agreement, own)
        found, more = steps(line, wish, version, told_on, today, by) if not own else ([], {})
        wrong |= {f"{name}-{line.code}": text for name, text in (own | more).items()}
        if found:
            facts[line.code] = found
    return facts, wrong


def _wish(cells: Cells, line: Line, agreement: Agreement, wrong: dict[str, str]) -> Wish:
    before = shown(line)
    if cells.event and cells.event not in EDITABLE:
        wrong["event"] = phrase("Vælg, hvad rådet besluttede.")
    if len(cells.source) > LONGEST:
        wrong["source"] = phrase("Skriv højst %(longest)s tegn.", longest=LONGEST)
    days = {
        name: stands if getattr(cells, name) == getattr(before, name)
        else _day(getattr(cells, name), name, agreement, wrong)
        for name, stands in (("meets_on", line.meets_on), ("on", line.on))
    }  # fmt: skip
    source = line.source if cells.source == before.source else cells.source
    return Wish(days["meets_on"], cells.event, days["on"], source, cells.document, cells.file)


def _day(text: str, name: str, agreement: Agreement, wrong: dict[str, str]) -> date | None:
    if not text.strip():
        return None
    if (found := cell_day(text)) is None:
        wrong[name] = day_fault(text)
        return None
    try:
        plausible(agreement, name, found)
    except Invalid:
        wrong[name] = phrase(
            "Datoen passer ikke til valgperioden %(label)s. Er årstallet rigtigt?", label=agreement.term.label
        )
    return found


def by_block(
    standing: Standing, found: Block, source: str, told_on: str, by: str
) -> tuple[dict[str, list[Fact]], dict[str, str]]:
    """:func:`asked` of a block alone, on the rows as they stand; ``source`` is that of every row it changes. Lines that
    could not be read are mistakes by their number (``line-4``)."""
    rows, current = lines(standing), standing.course.current
    begun = Typed(
        {line.code: shown(line) for line in rows}, shared=Cells(source=clean(source)), told_on=told_on
    )
    if current is None or not rows:
        raise NotPossible(phrase("teksten er endnu ikke sendt til rådene; registrér først sent-for-approval"))
    typed = filled(pasted(begun, found, rows), rows)
    facts, wrong = asked(typed, rows, standing.agreement, current.number, standing.as_of, by)
    return facts, {f"line-{no}": f"»{text}«: {why}" for no, text, why in found.unread} | wrong


def labels(lines: Sequence[Line], wrong: Collection[str]) -> Mapping[str, str]:
    """What a mistake's cell is called in the list of mistakes, in the language of the moment."""
    names = {line.code: line.name for line in lines}
    fixed = {
        "block": noted("Det indsatte"), "ticked": noted("Råd"), "told_on": phrase("Oplyst den"),
        "document": noted("Fil"),
    }  # fmt: skip
    found = {}
    for key in wrong:
        name, _, code = key.partition("-")
        cell = worded(NAMES.get(name, noted("Rækken"))).lower()
        found[key] = f"{names[code]}, {cell}" if code in names else worded(fixed.get(key, key))
    return found
