"""The files that letters are written from: one folder, and rooms in it of what the letters are about.

A letter is called by its name in notices, rules and settings, so its file is found by name wherever it lies. Nothing
here knows what a letter says.
"""

from __future__ import annotations

from pathlib import Path

from workflow.errors import Misconfigured

SHARED = ("phrases.txt", "layout.html")


def found(folder: Path) -> dict[str, Path]:
    """The files of ``folder`` and of its rooms by their names. :class:`Misconfigured` where one stands twice."""
    files: dict[str, Path] = {}
    rooms = folder.glob("[!.]*/*")  # a mounted folder keeps its files once more in a hidden one
    for path in sorted((*folder.glob("*"), *rooms)):
        if path.suffix in (".txt", ".html") and files.setdefault(path.name, path) is not path:
            also = files[path.name].relative_to(folder)
            raise Misconfigured(
                str(path), f"{also} has the same name", "A letter is called by its name alone"
            )
    return files


def read(folder: Path, files: dict[str, Path]) -> dict[str, str]:
    """What stands in ``files`` of ``folder``, by name. :class:`Misconfigured` for one that cannot be read, or without
    what :data:`SHARED` names."""
    try:
        sources = {name: path.read_text(encoding="utf-8") for name, path in files.items()}
    except (OSError, UnicodeDecodeError) as error:
        raise Misconfigured(str(folder), f"a letter cannot be read: {error}") from error
    for name in SHARED:
        if name not in sources:
            raise Misconfigured(str(folder / name), "the file is missing", "Every letter needs it")
    return sources
