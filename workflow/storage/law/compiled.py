"""Rules kept ready between two starts: what was read from ``calendars/`` and checked, as the values it became.

Reading and checking the files loads pydantic and takes ten times what a command's answer does. What came of it is kept
in a folder of the data folder, under the digest of every file it was read from and of this program's own reading code:
where either differs, the kept value is not found and the files are read anew.

The file is a pickle, so it is believed only where nobody else can have written it: it and its folder belong to this
account and no other may write there. And it can hold nothing but the value classes of the rules: no other name is ever
looked up (:class:`_OnlyRules`).
"""

from __future__ import annotations

import pickle
import sys
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any

from workflow import __version__
from workflow.storage import ownfiles

_PACKAGE = Path(__file__).resolve().parents[2]
_READERS = (
    ".",
    "rules",
    "rules/anchors",
    "ahead",
    "storage",
    "storage/law",
    "storage/law/forms",
)  # what makes the values, and what they are
_MOST = 8  # rule sets kept: today's and the older ones that agreements live under
_RULEBOOK = f"{__package__}.rulebook"
_place: Path | None = None


def keep_in(folder: Path | None) -> None:
    """Where this process keeps rules ready; ``None``: nowhere, and every start reads the files."""
    global _place  # noqa: PLW0603  one place a process, as there is one data folder
    _place = folder


def find(kind: str, digest: str) -> Any:
    """What was kept as ``kind`` from files of this ``digest``; ``None`` where nothing was that can be believed."""
    content = ownfiles.own(_place / _name(kind, digest)) if _place else None
    if content is None:
        return None
    try:
        return _OnlyRules(BytesIO(content)).load()
    except (pickle.UnpicklingError, AttributeError, ImportError, IndexError, EOFError, TypeError, ValueError):
        return None  # not what this program writes: the files say the same


def keep(kind: str, digest: str, value: object) -> None:
    """Keep ``value`` for the next start, where there is a place for it."""
    if _place is not None:
        ownfiles.put(_place / _name(kind, digest), pickle.dumps(value, protocol=5), _MOST)


def _name(kind: str, digest: str) -> str:
    """One for each content of the files, this program's code and this Python."""
    code = sha256(f"{__version__} {sys.version} {kind} {digest}".encode())
    for folder in _READERS:
        code.update(ownfiles.stamp(*sorted((_PACKAGE / folder).glob("*.py"))))
    return f"rules-{code.hexdigest()[:32]}"


class _OnlyRules(pickle.Unpickler):
    """Reads days and the value classes of the rules, and refuses every other name."""

    def find_class(self, module: str, name: str) -> Any:
        own = module.startswith(("workflow.rules.", "workflow.ahead."))
        if own or module == _RULEBOOK or (module, name) == ("datetime", "date"):
            found = super().find_class(module, name)
            if isinstance(found, type) and found.__module__ == module and found.__qualname__ == name:
                return found
        raise pickle.UnpicklingError(f"{module}.{name} is no value of the rules")
