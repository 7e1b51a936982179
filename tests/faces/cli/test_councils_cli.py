"""``aftale councils``: many councils from a file, all or nothing, and taken back in one act."""

from __future__ import annotations

from pathlib import Path

from tests.conftest import Aftale

KEY = "nordjylland/proeve"


def test_a_block_is_tried_recorded_once_and_taken_back(aftale: Aftale, tmp_path: Path) -> None:
    aftale("init", code=0)
    aftale("open", "nordjylland", "--term", "2026-2029", "--label", "proeve", code=0)
    days = tmp_path / "dage.txt"
    days.write_text(
        "Aalborg byråd\tgodkendt\t2. november 2026\nJammerbugt\tgodkendt\t3/11-26\n", encoding="utf-8"
    )
    fill = ("councils", "fill", KEY, str(days), "--source", "protokoller")
    assert "ikke sendt til rådene" in aftale(*fill, code=4).err
    aftale("record", KEY, "sent-for-approval", "--on", "2026-10-01", "--source", "brev", code=0)
    tried = aftale(*fill, "--dry-run", "--json", code=0).json()
    assert [(one["event"], one["council"]) for one in tried] == [
        ("council-approved", "0849"),
        ("council-approved", "0851"),
    ]
    assert len(aftale("journal", KEY, "--json", code=0).json()["facts"]) == 2
    assert "councils undo nordjylland/proeve 3" in aftale(*fill, code=0).err
    assert "0 linjer" in aftale(*fill, code=0).err  # the same again
    undo = ("councils", "undo", KEY, "3", "--why", "forkert ark")
    assert "fortrudt: 2 linjer" in aftale(*undo, code=0).err
    assert "fortrudt allerede" in aftale(*undo, code=0).err
    days.write_text("Vejle\t16/6-27\nAalborg\t16/6\n", encoding="utf-8")
    said = aftale(*fill, code=2).err
    assert "linje 1: »Vejle 16/6-27«: Vejle Kommune er ikke part" in said and "Skriv året med" in said
    assert aftale("councils", "undo", KEY, "1", "--why", "x", code=3).err
    assert len(aftale("journal", KEY, "--json", code=0).json()["facts"]) == 6
