"""A maildir that another program delivers to: what is new is read, and marked as seen when it has been dealt with."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from workflow.errors import Misconfigured

LARGEST = 1_000_000  # bytes; a delivery report says what it has to say in fewer


def unseen(folder: Path) -> Iterator[tuple[Path, bytes]]:
    """Each message not yet seen, oldest name first, cut off at :data:`LARGEST`. :class:`Misconfigured` where there is
    no maildir or it cannot be read."""
    try:
        for path in sorted((folder / "new").iterdir()):
            if path.is_file():
                with path.open("rb") as file:
                    yield path, file.read(LARGEST)
    except OSError as error:
        cure = "Create the maildir (new, cur, tmp), readable and writable by the daemon"
        raise Misconfigured(str(folder), f"the maildir cannot be read: {error.strerror}", cure) from error


def seen(folder: Path, path: Path) -> None:
    """Mark it as seen, as a mail reader would; it is kept."""
    try:
        path.rename(folder / "cur" / f"{path.name.partition(':')[0]}:2,S")
    except OSError as error:
        raise Misconfigured(
            str(path), f"it cannot be moved to cur: {error.strerror}", "Let the daemon write"
        ) from error
