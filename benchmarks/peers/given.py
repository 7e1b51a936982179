"""What every peer begins with: a table of reminders that are due, and the letter to fill in for each.

The letter is a real one of Aftalefrist (text, HTML, calendar file, about 11 kB), taken apart once before anything is
measured, with the reader's name and number left open. A peer fills it with the compiled Jinja templates it keeps.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from email.message import EmailMessage
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, Template

SENDER = "frist@nord.example"
PARTS = ("letter.txt", "letter.html", "frist.ics")


@dataclass(frozen=True, slots=True)
class Reminder:
    """One row that is due."""

    id: int
    address: str
    council: str

    @property
    def message_id(self) -> str:
        return f"<{self.id}.frist@nord.example>"

    @property
    def subject(self) -> str:
        return f"Indsend sundhedsaftalen senest 1. juli 2023 (sag nr. {self.id})"


@dataclass(frozen=True, slots=True)
class Written:
    """The three parts of one letter."""

    text: str
    html: str
    calendar: str


def lay_out(folder: Path, letters: int) -> None:
    """Write the letter's open parts and ``due.db`` with so many reminders into ``folder``."""
    from tests.mail.conftest import AT, FOLDER, INSTANCE, part
    from tests.mail.samples import sample
    from workflow.mail.writing.letters import Letters

    name, facts = sample("submission-countdown to the regional council")
    house = Letters(FOLDER, INSTANCE, SENDER, "sekretariat@nord.example")
    raw = house.render(name, facts, "Aalborg", "raad@kommune.example", "<1@x>", AT).raw
    for file, kind in zip(PARTS, ("plain", "html", "calendar"), strict=True):
        text = part(raw, f"text/{kind}").replace("egionsrådet i Region Nordjylland", "ådet i {{ council }}")
        (folder / file).write_text(text.replace("/submission/brev@", "/{{ id }}/brev@"), encoding="utf-8")
    with database(folder) as connection:
        connection.execute(
            "CREATE TABLE due (id INTEGER PRIMARY KEY, address TEXT, council TEXT, state TEXT DEFAULT 'due',"
            " fence INTEGER DEFAULT 0, answer TEXT, message_id TEXT)"
        )
        connection.execute("CREATE INDEX due_state ON due (state, id)")
        rows = [(n, f"raad{n}@kommune.example", f"Kommune {n:04d}") for n in range(1, letters + 1)]
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO due (id, address, council) VALUES (?, ?, ?)", rows)
        connection.execute("COMMIT")


def database(folder: Path) -> sqlite3.Connection:
    """``due.db``, each statement a transaction of its own unless one is begun, every commit down on the disk."""
    connection = sqlite3.connect(folder / "due.db", isolation_level=None, timeout=60)
    connection.execute("PRAGMA synchronous=FULL")
    return connection


def due(connection: sqlite3.Connection) -> list[Reminder]:
    """The reminders that were not sent."""
    rows = connection.execute("SELECT id, address, council FROM due WHERE state = 'due' ORDER BY id")
    return [Reminder(*row) for row in rows]


def sent(folder: Path) -> int:
    """How many reminders are down as sent."""
    with database(folder) as connection:
        return int(connection.execute("SELECT count(*) FROM due WHERE state = 'sent'").fetchone()[0])


@cache
def _templates(folder: Path) -> list[Template]:
    environment = Environment(loader=FileSystemLoader(folder), autoescape=lambda file: file == "letter.html")
    return [environment.get_template(file) for file in PARTS]


def write(folder: Path, one: Reminder) -> Written:
    """The parts of the letter for one reminder, from templates compiled once a process."""
    return Written(*(part.render(council=one.council, id=one.id) for part in _templates(folder)))


def message(folder: Path, one: Reminder) -> EmailMessage:
    """The letter as the standard library builds it."""
    written, made = write(folder, one), EmailMessage()
    made["From"], made["To"], made["Subject"] = SENDER, one.address, one.subject
    made["Message-ID"] = one.message_id
    made.set_content(written.text)
    made.add_alternative(written.html, subtype="html")
    made.add_attachment(written.calendar, subtype="calendar", filename="frist.ics")
    return made
