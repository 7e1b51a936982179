"""The settings that a question needs, remembered from the last time all of them were read and found right.

Reading and checking all settings takes as long as the answer. Where nothing that they come from has changed since
(variables, files, this program), the three that matter are read from the cache; a password is neither kept nor hashed.
"""

from __future__ import annotations

import json
import os
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from workflow import __version__, sources
from workflow.storage import ownfiles
from workflow.storage.ownsettings import own_file
from workflow.values import dataclass

if TYPE_CHECKING:
    from workflow.settings import Settings

_MOST = 8  # ways of calling the program that are remembered
_PACKAGE = Path(__file__).resolve().parents[2]
_CODE = (_PACKAGE / "settings.py", _PACKAGE / "sources.py", _PACKAGE / "storage" / "settingtypes.py")
_AROUND = ("HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME", "CREDENTIALS_DIRECTORY")


@dataclass(frozen=True, slots=True)
class Remembered:
    """What a question needs of the settings."""

    data_dir: Path
    db: str
    calendars: Path | None


def settings(db: str | None) -> Settings | Remembered:
    """The settings of this process with the flag ``--db``; raises as :func:`workflow.settings.load`."""
    path = _path(db)
    if path is not None and (found := ownfiles.own(path)) is not None:
        told = json.loads(found)
        calendars = Path(told["calendars"]) if told["calendars"] else None
        return Remembered(Path(told["data_dir"]), told["db"], calendars)
    from workflow.settings import load

    loaded = load(db=db)
    if path is not None and path.parent.parent == loaded.data_dir and loaded.db.startswith("sqlite:"):
        kept = {"data_dir": str(loaded.data_dir), "db": loaded.db,
                "calendars": str(loaded.calendars) if loaded.calendars else ""}  # fmt: skip
        ownfiles.put(path, json.dumps(kept).encode(), _MOST)
    return loaded


def _path(db: str | None) -> Path | None:
    """Where they are remembered; its name changes with anything the settings come from. ``None`` where the data folder
    cannot be told without reading them all."""
    try:
        data_dir = sources.data_folder()
    except (OSError, ValueError):  # said in full by whoever reads them all
        return None
    if data_dir is None:
        return None
    given = {name: value for name, value in os.environ.items() if name.upper().startswith(sources.PREFIX)}
    secret = {f"{sources.PREFIX}{name}".upper() for name in sources.SECRETS} - {f"{sources.PREFIX}DB"}
    said = [f"{name}={'' if name.upper() in secret else value}" for name, value in sorted(given.items())]
    said += [f"{name}={os.environ.get(name)}" for name in _AROUND]
    files = [*_CODE, *sources.config_places(), own_file(data_dir), *sources.secret_places()]
    code = sha256("\0".join([__version__, str(db), str(Path.cwd()), *said]).encode(errors="surrogateescape"))
    code.update(ownfiles.stamp(*files))
    return data_dir / "cache" / f"settings-{code.hexdigest()[:32]}"
