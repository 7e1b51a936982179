"""Where settings come from, before any is read: the environment, the TOML file, secret files, the data folder.

See :mod:`workflow.settings`, which reads and checks them all.
"""

from __future__ import annotations

import os
import tomllib
from pathlib import Path

PREFIX = "AFTALE_"
SECRETS = (
    "smtp_password", "db", "smtp_oauth_client_secret", "alarm_smtp_password", "alarm_webhook", "watch_url",
    "oidc_client_secret", "link_secret",
)  # fmt: skip


def data_home() -> Path:
    """The data folder where none is chosen."""
    home = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(home) / "aftalefrist"


def config_places(etc: Path = Path("/etc")) -> tuple[Path, ...]:
    """Where the TOML file may lie; the first that is there is read."""
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return tuple(folder / "aftalefrist" / "aftale.toml" for folder in (home, etc))


def secret_places() -> list[Path]:
    """The files that may hold a secret, there or not."""
    folder = os.environ.get("CREDENTIALS_DIRECTORY") or os.devnull
    named = (os.environ.get(f"{PREFIX}{name}_FILE".upper()) for name in SECRETS)
    return [*(Path(path) for path in named if path), *(Path(folder, name) for name in SECRETS)]


def data_folder() -> Path | None:
    """The data folder as the sources above the set-up page's name it; ``None`` where it is given in another form than
    text. ``OSError`` or ``ValueError`` where the TOML file cannot be read."""
    named = [value for name, value in os.environ.items() if name.upper() == f"{PREFIX}DATA_DIR"]
    if not named and (found := next((place for place in config_places() if place.exists()), None)):
        given = tomllib.loads(found.read_text(encoding="utf-8")).get("data_dir")
        named = [given] if given is not None else []
    if not named:
        return data_home()
    return Path(named[0]).expanduser().absolute() if named[0] and isinstance(named[0], str) else None
