"""Aftalefrist with letters of law: each goes alone, and each commit is its own."""

from pathlib import Path

from benchmarks.peers import house

recorded = house.recorded


def prepare(folder: Path, letters: int) -> None:
    house.prepare(folder, letters, statutory=True)
