"""The command that hands out what an operator puts beside the program: units, timers, alert rules, a board."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from workflow.errors import Invalid, Refused
from workflow.faces.cli import show
from workflow.storage.places import find_folder


def units(
    out: Annotated[
        Path,
        typer.Option("--out", metavar="DIR", help="The folder to write into; made where it is not there."),
    ],
    replace: Annotated[bool, typer.Option("--replace", help="Write over files that differ.")] = False,
) -> None:
    """Write the systemd units and timers, the alert rules and the board that belong to this version.

    A file that is there already and says something else stops it, with nothing written, unless --replace is given."""
    files = {
        path.name: path.read_bytes() for path in sorted(find_folder("deploy").iterdir()) if path.is_file()
    }
    try:
        out.mkdir(parents=True, exist_ok=True)
        differing = [name for name, content in files.items() if _differs(out / name, content)]
        if differing and not replace:
            raise Refused(
                f"{out} holds other files of that name: {', '.join(differing)}. Nothing was written. "
                "Name another folder, or add --replace"
            )
        for name, content in files.items():
            (out / name).write_bytes(content)
    except OSError as error:
        raise Invalid(f"--out {out}: {error.strerror}; name a folder that can be written") from error
    for name in files:
        show.line(str(out / name))
    show.say("next: systemctl daemon-reload, and enable them as docs/operating.md says")


def _differs(path: Path, content: bytes) -> bool:
    return path.exists() and path.read_bytes() != content


COMMANDS = {"units": units}
