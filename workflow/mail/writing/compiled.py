"""Templates compiled once: whoever makes an environment anew from the same words finds the code it had.

Between two starts the code of letters and pages lies in ``__pycache__`` beside this file, where Python keeps its own,
and is believed only where it belongs to this account or to root and nobody else may write there. It is not found when
this Python, Jinja, MarkupSafe or the code that makes environments differs, in what it says and not in its time: files
of an image all have the same. Each template's words are compared besides.
"""

from __future__ import annotations

import marshal
import os
import stat
import sys
import tempfile
from functools import cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from types import CodeType

import jinja2
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket

_PLACE = Path(__file__).resolve().parent / "__pycache__"
_PACKAGE = Path(__file__).resolve().parents[2]
OF_LETTERS = ("mail/writing", "rules", ".")
"""The rooms of the environment, the extension, the filters, and what these ask."""
ALL = ("**",)
"""The filters of the pages ask many others."""
_DIGEST = 32
_MOST = 4  # folders of a kind whose code is kept


class Compiled(BytecodeCache):
    """The code of templates by name and source. One for each way of making environments: the code depends on it.
    ``kind`` names it among the files, and ``rooms`` of the package are those whose code it depends on."""

    def __init__(self, kind: str, rooms: tuple[str, ...], place: Path = _PLACE) -> None:
        self._kind, self._rooms, self._place = kind, rooms, place
        self._kept: dict[tuple[str, str], CodeType] = {}
        self._used: set[tuple[str, str]] = set()
        self._new = False

    def load_bytecode(self, bucket: Bucket) -> None:
        """The code of this very source, where there is some."""
        bucket.code = self._kept.get((bucket.key, bucket.checksum))
        self._used.add((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keep the code for the next environment."""
        if bucket.code is not None:
            self._kept[bucket.key, bucket.checksum] = bucket.code
            self._new = True

    def fetch(self, folder: Path) -> None:
        """Take what an earlier start kept of the templates in ``folder``."""
        content = _believed(self._file(folder))
        if content is not None:
            self._kept = marshal.loads(content) | self._kept

    def keep(self, folder: Path) -> None:
        """Keep what is in use for the next start, where something was compiled anew. What cannot be written is no
        error: it only saves time."""
        if not self._new or sys.dont_write_bytecode:
            return
        self._new = False
        content = marshal.dumps({key: code for key, code in self._kept.items() if key in self._used})
        file = self._file(folder)
        try:
            file.parent.mkdir(exist_ok=True)
            _put(file, f".{self._kind}-", sha256(content).digest() + content)
            spare = sorted(file.parent.glob(f"{self._kind}-*.code"), key=_age)[:-_MOST]
            for old in (*spare, *file.parent.glob(f".{self._kind}-*")):
                old.unlink(
                    missing_ok=True
                )  # a half may be another's that is being written now: it only saves time
        except OSError:  # a full disk, a folder that is only read
            return

    def _file(self, folder: Path) -> Path:
        told = sha256(f"{_made_by(_PACKAGE, self._rooms)} {folder.absolute()}".encode())
        return self._place / f"{self._kind}-{told.hexdigest()[:32]}.code"


def _put(file: Path, half: str, content: bytes) -> None:
    """Write the file whole or not at all. A kill may leave a half, which stops nobody: its name is never used again."""
    descriptor, name = tempfile.mkstemp(prefix=half, dir=file.parent)
    try:
        with os.fdopen(descriptor, "wb") as made:
            os.fchmod(descriptor, 0o644)
            made.write(content)
        Path(name).replace(file)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


@cache  # what is imported stays as it is until the next start
def _made_by(package: Path, rooms: tuple[str, ...]) -> str:
    """What changes when the code in these rooms of ``package`` does, or the programs that it rests on."""
    told = sha256(f"{sys.version} {jinja2.__version__} {version('markupsafe')}".encode())
    for path in sorted(path for room in rooms for path in package.glob(f"{room}/*.py")):
        told.update(f"{path.relative_to(package)} {sha256(path.read_bytes()).hexdigest()} ".encode())
    return told.hexdigest()


def _age(path: Path) -> int:
    try:
        return path.stat().st_mtime_ns
    except FileNotFoundError:  # another process took it away meanwhile
        return 0


def _believed(path: Path) -> bytes | None:
    try:
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW), "rb") as file:
            for about in (path.parent.stat(), os.fstat(file.fileno())):
                if about.st_uid not in (0, os.geteuid()) or about.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
                    return None
            content = file.read()
    except OSError:  # there is none, or it is not ours to read
        return None
    return content[_DIGEST:] if sha256(content[_DIGEST:]).digest() == content[:_DIGEST] else None
