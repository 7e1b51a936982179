"""Where the files lie that are not code: ``calendars``, ``templates`` and ``deploy``."""

from __future__ import annotations

from pathlib import Path

from workflow.errors import Misconfigured

_PACKAGE = Path(__file__).resolve().parents[1]


def find_folder(name: str, own: Path | None = None) -> Path:
    """The folder ``name``: the operator's ``own`` first, then in the package (a wheel), then beside it (a checkout).

    :class:`Misconfigured` where the operator's folder does not exist: falling back in silence would send letters
    under other rules than the ones that were meant.
    """
    if own is not None:
        if own.is_dir():
            return own
        raise Misconfigured(
            str(own), f"the {name} folder is missing", "Create it, or leave the setting empty"
        )
    for folder in (_PACKAGE / name, _PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise Misconfigured(str(_PACKAGE / name), f"the {name} folder is missing", "Install the package again")
