"""What a mail says of itself: its head, whose day is no meeting, and the older mails that are quoted below it. Pure; a
line keeps its number."""

from __future__ import annotations

import re

from workflow.services.meetings.reading.lines.line import Line
from workflow.services.meetings.reading.tokens import dates_in, without_times

_OF_HEAD = re.compile(
    r"\W*(fra|til|cc|sendt|dato|emne|vedr|vedrørende|from|to|sent|date|subject)\s*:.*", re.IGNORECASE
)
_WHEN = ("sendt", "dato", "sent", "date")
_WHO, _ABOUT = {"fra", "til", "from", "to"}, {"emne", "subject", "vedr", "vedrørende"}
_QUOTED = re.compile(r"^\s*(?:>\s?)+")
_OLDER = re.compile(
    r"oprindelig (?:meddelelse|besked)|original message|videresendt meddelelse", re.IGNORECASE
)
_OWN_DAYS = 3  # lines with a day above a quoted mail, from which on the quoted one is taken to be older


def without_heads(lines: list[str]) -> list[str]:
    """Without the line of each mail's head that tells when it was sent, and the signs before what is quoted."""
    read = lines = [_QUOTED.sub("", line) for line in lines]
    heads = [_field(line) for line in lines]
    for at, head in enumerate(heads):
        block = _block(heads, at) if head in _WHEN else set()
        if block & _WHO and (block & _ABOUT or len(block & _WHO) > 1):
            read[at] = ""
    return read


def _field(line: str) -> str:
    """The field of a mail's head that a line is; "" of any other, as of one that tells from when to when."""
    found = _OF_HEAD.fullmatch(line)
    field = found[1].casefold() if found else ""
    return (
        ""
        if field in _WHO and not re.search(r"[^\W\d_]{2}", without_times(line.partition(":")[2]))
        else field
    )


def _block(heads: list[str], at: int) -> set[str]:
    """The fields of the head in which a place is."""
    first = last = at
    while first and heads[first - 1]:
        first -= 1
    while last + 1 < len(heads) and heads[last + 1]:
        last += 1
    return {*heads[first : last + 1]}


def newest(lines: list[Line]) -> list[Line]:
    """Without the older mails quoted below, where the newest tells days itself."""
    at = next((at for at, (_, line) in enumerate(lines) if _OLDER.search(line)), len(lines))
    own = sum(bool(dates_in(line, 2000)) for _, line in lines[:at])
    return lines[:at] if own >= _OWN_DAYS else lines
