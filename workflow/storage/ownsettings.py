"""Settings a person wrote on the set-up page: ``settings.toml`` in the data folder, beside the database.

They stand below every other source: what the operator wrote in flags, environment, secrets or ``aftale.toml`` wins.
The file may hold the mail server's password, so only its owner can read it.
"""

from __future__ import annotations

import json
import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

from workflow.errors import Misconfigured

OWN = ("smtp_host", "smtp_port", "smtp_starttls", "smtp_username", "smtp_password", "sender", "reply_to")
_HEAD = "# Written by the set-up page (/opsaetning). What stands in aftale.toml or the environment wins over it.\n"


def own_file(data_dir: Path) -> Path:
    """Where they lie."""
    return data_dir / "settings.toml"


def read_own(data_dir: Path) -> dict[str, object]:
    """What was written there; empty where nothing was. :class:`Misconfigured` names the file and what is wrong."""
    path = own_file(data_dir)
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise Misconfigured(str(path), f"it cannot be read: {error}", "Mend it or move it away") from error
    for key in found:
        if key not in OWN:
            raise Misconfigured(str(path), f"{key!r} cannot be set here", "Write it in aftale.toml instead")
    return found


def write_own(data_dir: Path, chosen: Mapping[str, str | int]) -> None:
    """Write them whole, or leave what was there; ``OSError`` where the folder cannot be written to."""
    path = own_file(data_dir)
    beside = path.with_suffix(".new")
    # A TOML basic string and a JSON string are written alike once DEL, which JSON leaves bare, is not in it.
    lines = [f"{key} = {json.dumps(value)}\n" for key, value in chosen.items()]
    with os.fdopen(
        os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8"
    ) as file:
        file.write(_HEAD + "".join(lines))
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
