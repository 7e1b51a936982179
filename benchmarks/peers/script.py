"""A straight script: one connection, ``smtplib`` and ``EmailMessage``, a commit for each letter after its answer."""

import smtplib
from pathlib import Path

from benchmarks.peers import given

prepare, recorded = given.lay_out, given.sent


def send(folder: Path, port: int, _letters: int) -> None:
    database = given.database(folder)
    with smtplib.SMTP("127.0.0.1", port) as server:
        for one in given.due(database):
            server.send_message(given.message(folder, one))
            database.execute("UPDATE due SET state = 'sent' WHERE id = ?", (one.id,))
