"""Small files that only save time, read back where nobody but this account can have written them."""

from __future__ import annotations

import os
import stat
import tempfile
from hashlib import sha256
from pathlib import Path

_DIGEST = 32


def own(path: Path) -> bytes | None:
    """What :func:`put` wrote to ``path``; ``None`` where there is none, it is spoilt, or another account owns it or its
    folder, or may write there."""
    try:
        if not _private(path.parent.stat()):
            return None
        with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb") as file:
            about = os.fstat(file.fileno())
            content = file.read() if stat.S_ISREG(about.st_mode) and _private(about) else b""
    except OSError:  # there is none, or it is not ours to read: whoever asks does it the long way
        return None
    return content[_DIGEST:] if sha256(content[_DIGEST:]).digest() == content[:_DIGEST] else None


def put(path: Path, content: bytes, most: int) -> None:
    """Write ``content``, whole or not at all, and leave the ``most`` newest files of this kind: of names that are alike
    up to the first ``-``. The folder is made, that above it is not. What cannot be written is no error: it only saves
    time."""
    folder = path.parent
    try:
        if not folder.parent.is_dir():
            return
        folder.mkdir(mode=0o700, exist_ok=True)
        if not _private(folder.stat()):
            return
        kind = path.name.partition("-")[0]
        _put(path, sha256(content).digest() + content, f".{kind}-")
        for half in folder.glob(f".{kind}-*"):  # that a kill left; another's of this moment only saves time
            half.unlink(missing_ok=True)
        for old in sorted(folder.glob(f"{kind}-*"), key=lambda one: one.stat().st_mtime_ns)[:-most]:
            old.unlink(missing_ok=True)
    except OSError:  # a full disk, a folder that is only read
        return


def _put(path: Path, content: bytes, half: str) -> None:
    descriptor, name = tempfile.mkstemp(prefix=half, dir=path.parent)  # readable by this account alone
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise


def stamp(*paths: Path) -> bytes:
    """What changes when one of these files does: name, size, time and place of each, whether it is there or not."""
    told = []
    for path in paths:
        try:
            about = path.stat()
            told.append(f"{path} {about.st_size} {about.st_mtime_ns} {about.st_ino}")
        except OSError:
            told.append(f"{path} -")
    return "\n".join(told).encode()


def _private(about: os.stat_result) -> bool:
    return about.st_uid == os.geteuid() and not about.st_mode & (stat.S_IWGRP | stat.S_IWOTH)
