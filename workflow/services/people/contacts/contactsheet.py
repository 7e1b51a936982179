"""Reading a contacts file: every mistake at once, each with its line, its column and what would work.

The columns are ``body,function,name,email,priority,valid_from,valid_to,language``; the last four, and ``name``, may be
left out. How a cell is read stands at :mod:`workflow.services.people.contacts.contactrow`.
"""

from __future__ import annotations

from pathlib import Path

from workflow.mail.addresses import folded
from workflow.services.people.contacts.contactheading import REMARK
from workflow.services.people.contacts.contactrow import Line, begin
from workflow.services.people.contacts.contactwords import Said, Unreadable, say
from workflow.storage.law.rulebook import Rulebook
from workflow.values import dataclass


@dataclass(frozen=True, slots=True)
class Sheet:
    """The mailboxes with the line each stands on, and how what was not plain was read."""

    lines: list[Line]
    numbers: list[int]
    read: tuple[Said, ...]


def read_sheet(rulebook: Rulebook, source: Path | str | bytes) -> Sheet:
    """The mailboxes in a CSV or Excel file (``Path``, or its ``bytes``) or in CSV text (``str``); :class:`Unreadable`
    names every cell that is wrong."""
    from workflow.services.people.contacts.contactfile import read_table

    table = read_table(source)
    head = table.heading
    letters = {name: chr(ord("A") + index) for index, name in enumerate(head)} if table.workbook else {}
    reading = begin(rulebook, letters)
    found, numbers = [], []
    seen: dict[tuple[str, str, str], int] = {}
    for number, cells in table.rows:
        if number in table.struck:
            reading.wrong(
                number,
                "",
                say("the row is crossed out"),
                say("delete the row, or take the line through it away"),
            )
            continue
        if len(cells) != len(head):
            reading.wrong(
                number, "", say("{count} fields where the heading has {wanted}", count=len(cells), wanted=len(head)),
                say("one field a column; quote a field that holds the separator"),
            )  # fmt: skip
            continue
        line = reading.line(
            number, {name: cell for name, cell in zip(head, cells, strict=True) if name != REMARK}
        )
        if line is None:
            continue
        key = (line.body, line.function, folded(line.email))
        if key in seen:
            what = say(
                "{email} stands for {function} on line {line} too", email=line.email, line=seen[key],
                function=f"{line.body}/{line.function}",
            )  # fmt: skip
            reading.wrong(number, "email", what, say("remove one of the lines"))
        seen.setdefault(key, number)
        found.append(line)
        numbers.append(number)
    if reading.mistakes:
        raise Unreadable(mistakes=reading.mistakes)
    if not found:
        raise Unreadable(say("nothing was imported: there is no contact below the heading"))
    return Sheet(found, numbers, (*table.read, *reading.told()))
