"""Kept bytes bear nobody's name, and a folder made for a database is its owner's alone."""

from __future__ import annotations

import stat
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert

from tests.post import AT
from workflow.errors import NotFound, NotPossible
from workflow.rules.facts import Fact
from workflow.storage.database import connect, create, writing
from workflow.storage.facts import documents, journal
from workflow.storage.facts.documents import Attached, keep
from workflow.storage.tables import AgreementRow

BYTES = b"%PDF the same in both hands"


def given(engine: Engine, name: str) -> str:
    with writing(engine) as session:
        return keep(session, Attached(name, BYTES), AT)


def recorded(engine: Engine, digest: str) -> None:
    """A fact of an agreement that names the file."""
    values = {
        "region": "nordjylland",
        "label": "2024-2027",
        "term": "2022-2025",
        "regime": "x",
        "wake_on": AT.date(),
        "projected_on": AT.date(),
    }
    with writing(engine) as session:
        session.execute(insert(AgreementRow).values(**values))
        row = journal.find(session, "nordjylland/2024-2027", lock=True)
        journal.append(
            session, row, Fact(1, "opened", date(2024, 1, 1), by="x", source="s", document=digest), AT
        )


def test_a_file_that_was_only_looked_at_gives_no_name_to_who_records_it(database_url: str) -> None:
    engine = connect(database_url)
    digest = given(engine, "UGYLDIG - trukket tilbage (midt).pdf")
    assert given(engine, "referat.pdf") == digest
    recorded(engine, digest)
    assert given(engine, "UGYLDIG.pdf") == digest, "who only looks at it later changes nothing"
    with writing(engine) as session:
        documents.forget_unused(session, AT + timedelta(days=2))
        kept = documents.read(session, digest)
        assert (kept.name, kept.kept_at.astimezone(AT.tzinfo)) == ("", AT)
        assert documents.called(kept, "referat.pdf") == "referat.pdf"
        assert documents.called(kept, "") == documents.UNNAMED, "nobody's name where none was given"
    engine.dispose()


def test_a_file_that_is_looked_at_again_stays_a_day_from_then(database_url: str) -> None:
    engine = connect(database_url)
    digest, later = given(engine, "referat.pdf"), AT + timedelta(hours=23)
    with writing(engine) as session:
        keep(session, Attached("referat.pdf", BYTES), later)
        documents.forget_unused(session, later)
        assert documents.read(session, digest).content == BYTES
        documents.forget_unused(session, later + timedelta(seconds=1))
        with pytest.raises(NotFound):
            documents.read(session, digest)
    engine.dispose()


def test_files_that_nothing_uses_are_kept_up_to_a_bound_and_used_ones_do_not_count(database_url: str) -> None:
    engine = connect(database_url)
    digest = given(engine, "referat.pdf")
    with pytest.raises(NotPossible, match="prøv igen i morgen"), writing(engine) as session:
        keep(session, Attached("mere.pdf", b"x" * 100), AT, most_waiting=100)
    recorded(engine, digest)
    with writing(engine) as session:
        assert keep(session, Attached("mere.pdf", b"x" * 100), AT, most_waiting=100)
        assert keep(session, Attached("mere.pdf", b"x" * 100), AT, most_waiting=100), (
            "the same again is no more"
        )
    engine.dispose()


def test_the_folder_made_for_a_database_is_its_owner_s_alone(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    create(f"sqlite:///{folder / 'aftale.db'}").dispose()
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
