"""What a contacts file says that can be meant, and is more often a slip: told, and not refused."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from workflow.rules.days import danish_day
from workflow.services.meetings.naming import Names
from workflow.services.people.contacts.contactrow import Line
from workflow.services.people.contacts.contactwords import Said, say
from workflow.storage.law.rulebook import Rulebook


def doubts(
    rulebook: Rulebook, lines: Sequence[Line], numbers: Sequence[int], at: datetime | None
) -> list[Said]:
    """That mailboxes were over before the day the file is read, ``at``, and that an address has another council's name
    in its domain, as when one column was sorted and the others not; of each kind one is named."""
    return [*_ended(lines, numbers, at), *_of_others(Names(rulebook), lines, numbers)]


def _ended(lines: Sequence[Line], numbers: Sequence[int], at: datetime | None) -> list[Said]:
    today = danish_day(at) if at else None
    over = [
        (line, number)
        for line, number in zip(lines, numbers, strict=True)
        if today and line.valid_to and line.valid_to < today
    ]
    if not over:
        return []
    (line, number), count = over[0], len(over)
    if count == 1:
        return [
            say(
                "it has ended, line {line}: {email} until {last}",
                line=number,
                email=line.email,
                last=line.valid_to,
            )
        ]
    told = "they have ended, line {line}: {email} until {last} ({count} mailboxes)"
    return [say(told, line=number, email=line.email, last=line.valid_to, count=count)]


def _of_others(names: Names, lines: Sequence[Line], numbers: Sequence[int]) -> list[Said]:
    other = [
        (line, number, whose)
        for line, number in zip(lines, numbers, strict=True)
        if line.function in ("council", "director")
        and (whose := _whose(names, line.email))
        and whose != line.body
    ]
    if not other:
        return []
    (line, number, whose), count = other[0], len(other)
    values = {"line": number, "email": line.email, "whose": names.name(whose), "body": names.name(line.body)}
    one = "the address looks like another council's, line {line}: {email} ({whose}) stands for {body}"
    return [say(one, **values) if count == 1 else say(f"{one} ({{count}} mailboxes)", count=count, **values)]


def _whose(names: Names, email: str) -> str:
    """The code of the council whose name is a part of the address's domain; ``""`` where there is none."""
    domain = email.rpartition("@")[2]
    try:
        domain = domain.encode("ascii").decode("idna")
    except UnicodeError:
        return ""
    parts = [part.replace("kommune", "").strip("-") for part in domain.split(".")[:-1]]
    return next((code for part in parts if len(part) > 2 and (code := names.code_of(part))), "")
