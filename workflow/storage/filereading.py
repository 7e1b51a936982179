"""Files that people name: so much of them and no more, text in whatever an office program writes, and TOML that cannot
cost more than it holds."""

from __future__ import annotations

import re
import sys
import tomllib
from contextlib import suppress
from pathlib import Path
from typing import Any

from workflow.errors import Invalid

MOST = 5_000_000  # bytes; a device or a pipe without an end is noticed here too
DEEPEST = 50  # parts of a dotted key: what reads them takes time by the square
_KEY = re.compile(rf"^[^=#\n]*(?:\.[^=#.\n]*){{{DEEPEST},}}=", re.MULTILINE)


def read_file(path: Path, most: int = MOST) -> bytes:
    """The bytes of a file, ``-`` for what comes on stdin. ``OSError`` where it cannot be read; :class:`Invalid` where
    it holds more than ``most``, of which no more is read."""
    if str(path) == "-":
        content = sys.stdin.buffer.read(most + 1)
    else:
        with path.open("rb") as file:
            content = file.read(most + 1)
    if len(content) > most:
        raise Invalid(f"{path}: it holds more than {most:,} bytes; is it the right file? Divide it")
    return content


def text_of(content: bytes) -> tuple[str, str]:
    """The text an office program saved, and the name of its encoding: UTF-8, UTF-16, or else the code page of Windows,
    of DOS (Excel's *CSV (MS-DOS)*) or of the Mac, whichever leaves the fewest signs that no Danish text has.
    ``ValueError`` for what is no text."""
    text, encoding = _decoded(content)
    if "\0" in text:
        raise ValueError("not text")
    return text, encoding


def _decoded(content: bytes) -> tuple[str, str]:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return content.decode("utf-16", "replace"), "UTF-16"
    if content[1:200:2].count(0) > len(content[:200]) // 4:
        return content.decode("utf-16-le", "replace"), "UTF-16"
    with suppress(UnicodeDecodeError):
        return content.decode("utf-8-sig"), "UTF-8"
    read = [(content.decode(page, "replace"), name) for page, name in _PAGES]
    return min(read, key=lambda one: len(_FOREIGN.findall(one[0])))  # of those that do as well, the first


_PAGES = (("cp1252", "Windows-1252"), ("cp850", "DOS (850)"), ("mac_roman", "Mac Roman"))
_FOREIGN = re.compile(
    r"(?<=\w)‘|(?<!\w)’(?=\w)|"
    r"[^\x00-\x7fæøåÆØÅäöüÄÖÜßéèêëáàâãíîïóòôõúùûñçðþÉÈÁÀÓÒÚÍÇÐÞ\u00a0§°´·½€£–—‘’“”„«»…•]"
)


def read_toml_text(text: str) -> dict[str, Any]:
    """What TOML says; ``tomllib.TOMLDecodeError`` also for what is nested too deep or a number too long to be meant."""
    if found := _KEY.search(text):
        line = text.count("\n", 0, found.start()) + 1
        raise tomllib.TOMLDecodeError(f"a key of more than {DEEPEST} parts (at line {line}, column 1)")
    try:
        return tomllib.loads(text)
    except RecursionError as error:
        raise tomllib.TOMLDecodeError("brackets within brackets, too deep to be meant") from error
    except tomllib.TOMLDecodeError:
        raise
    except ValueError as error:  # a number of thousands of digits
        raise tomllib.TOMLDecodeError(f"a value that cannot be read: {error}") from error
