"""Header lines as we write them, and as we read our own back.

The folding is our own, since the standard library's loses spaces in Danish subjects, writes Message-IDs as encoded
words and turns a comma in a display name into a second recipient.
"""

from __future__ import annotations

import re
from binascii import a2b_base64, a2b_qp
from email.header import Header
from email.headerregistry import Address
from email.policy import EmailPolicy
from functools import lru_cache
from typing import Any

LONGEST = 998  # octets in a line without its CRLF (RFC 5322, 2.1.1)
_ATOMS = re.compile(r"[A-Za-z0-9!#$%&'*+/=^_`{|}~ -]+")
_WORD = re.compile(r"=\?utf-8\?(?:b\?([A-Za-z0-9+/=]*)|q\?([!-<>@-~]*(?:=[0-9A-F]{2}[!-<>@-~]*)*))\?=")
_MAILBOX = re.compile(r"(?:(.+) )?<([A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+)>")
_BARE = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")
_QUOTED = re.compile(r'"((?:[^"\\]|\\.)*)"')


class _Wire(EmailPolicy):
    """CRLF, ASCII headers, our own folding. Headers are kept as given: the library would parse each one, at every
    look, and decode what somebody typed."""

    def header_store_parse(self, name: str, value: Any) -> tuple[str, Any]:
        return name, value

    def header_fetch_parse(self, _name: str, value: Any) -> Any:
        return value

    def fold(self, name: str, value: Any) -> str:
        return line(name, value)

    def fold_binary(self, name: str, value: Any) -> bytes:
        return line(name, value).encode("ascii")


WIRE = _Wire(linesep="\r\n", cte_type="7bit", max_line_length=76)  # 76: bodies, RFC 2045 6.7


def line(name: str, value: str | Address) -> str:
    """The header with its CRLF: ASCII, folded, encoded where it must be."""
    if isinstance(value, Address):
        body = _mailbox(value, name)
    elif value.isascii() and len(value) <= LONGEST - 60 and not (name == "Subject" and _awkward(value)):
        body = str(value)
    else:
        body = _encoded(value, name)
    return f"{name}: {body}\r\n"


def _awkward(text: str) -> bool:
    return len(text) > 68 or "=?" in text


@lru_cache(4096)  # the same names and subjects go to many
def _encoded(text: str, name: str) -> str:
    return Header(text, "utf-8", maxlinelen=75, header_name=name).encode(linesep="\r\n")


def _mailbox(one: Address, header: str) -> str:
    name = one.display_name
    if not name:
        return one.addr_spec
    if not name.isascii() or _awkward(name):
        return f"{_encoded(name, header)}\r\n <{one.addr_spec}>"
    if not _ATOMS.fullmatch(name):
        name = '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
    return f"{name} <{one.addr_spec}>"


def said(body: str) -> str:
    """What an unfolded header of ours says. ``ValueError`` where it is not written as :func:`line` writes."""
    if "=?" not in body:
        return body
    words = [_WORD.fullmatch(word) for word in body.split(" ")]
    read = []
    for word in words:
        if word is None:
            raise ValueError("not only encoded words")
        in64, quoted = word.groups()
        read.append(
            (a2b_qp(quoted, header=True) if in64 is None else a2b_base64(in64, strict_mode=True)).decode()
        )
    return "".join(read)


def box(body: str) -> tuple[str, str]:
    """Name and address of an unfolded header of ours that holds one. ``ValueError`` where it is written otherwise."""
    if _BARE.fullmatch(body):
        return "", body
    found = _MAILBOX.fullmatch(body)
    if not found:
        raise ValueError("not one mailbox")
    name, spec = found.group(1) or "", found.group(2)
    if quoted := _QUOTED.fullmatch(name):
        return re.sub(r"\\(.)", r"\1", quoted.group(1)), spec
    if name and "=?" not in name and not _ATOMS.fullmatch(name):
        raise ValueError("a name that is neither quoted nor plain")
    return said(name), spec
