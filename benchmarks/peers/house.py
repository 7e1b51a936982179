"""Aftalefrist itself: ``aftale tick`` as a whole process, on letters that are planned and nothing more."""

import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

from sqlalchemy import func, select, update
from sqlmodel import col

from tests.post import owe
from workflow.storage.database import connect, create, writing
from workflow.storage.tables import AgreementRow, Notice


def url(folder: Path, server: str = "") -> str:
    """The database on the server where there is one, else a file."""
    return server or f"sqlite:///{folder / 'aftale.db'}"


def environment(folder: Path, port: int, server: str) -> dict[str, str]:
    """The settings of the tick: a relay, and as fast as it may go."""
    told = {
        "DATA_DIR": folder, "DB": url(folder, server), "SMTP_HOST": "127.0.0.1", "SMTP_PORT": port,
        "SENDER": "Aftalefrist <frist@nord.example>", "PER_MINUTE": 600, "HOLD_ABOVE": 0,
    }  # fmt: skip
    return {f"AFTALE_{name}": str(value) for name, value in told.items()}


def prepare(folder: Path, letters: int, *, statutory: bool = False) -> None:
    """Letters that go one by one where they are ``statutory``, else reminders, in windows of 25. A tick was run before:
    one comes each minute, and only the very first finds no rules kept ready."""
    server = os.environ["BENCH_POSTGRES"]
    engine = create(url(folder, server))
    idle = os.environ | environment(folder, 9, server)
    subprocess.run(
        [sys.executable, "-m", "workflow", "tick"], check=True, env=idle, stdout=subprocess.DEVNULL
    )
    owe(engine, letters, due_at=datetime.now(UTC), statutory=statutory)
    with writing(engine) as session:  # nothing further falls due meanwhile
        session.execute(update(AgreementRow).values(wake_on=date(2099, 1, 1)))
    engine.dispose()


def recorded(folder: Path) -> int:
    engine = connect(url(folder, os.environ["BENCH_POSTGRES"]))
    with engine.connect() as connection:
        return int(connection.scalar(select(func.count()).where(col(Notice.state) == "accepted")) or 0)
