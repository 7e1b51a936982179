"""The real letters of ``templates/emails``, and reading a message as its receiver would."""

from __future__ import annotations

import html
import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from functools import lru_cache
from pathlib import Path

import pytest

from workflow.mail.writing.facts import PlannedFacts
from workflow.mail.writing.letters import Letters, Rendered, message_id
from workflow.rules.days import MONTHS, WEEKDAYS

FOLDER = Path(__file__).parents[2] / "templates" / "emails"
INSTANCE = "nord.example"
AT = datetime(2023, 6, 19, 6, 0, tzinfo=UTC)  # 08:00 in Denmark
A_DATE = re.compile(rf"(?:(?:{'|'.join(WEEKDAYS)}) den )?\d+\. (?:{'|'.join(MONTHS)}) \d{{4}}", re.IGNORECASE)


@pytest.fixture(scope="session")
def letters() -> Letters:
    return Letters(FOLDER, INSTANCE, "Aftalefrist <frist@nord.example>", "sekretariat@nord.example")


def write(letters: Letters, name: str, facts: PlannedFacts, to_name: str = "Region Nordjylland") -> Rendered:
    return letters.render(name, facts, to_name, "post@region.example", message_id(INSTANCE, name), AT)


def read(raw: bytes) -> EmailMessage:
    message = message_from_bytes(raw, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


@lru_cache(maxsize=8)  # a letter is looked at several times before the next one
def _parts(raw: bytes) -> tuple[Message, ...]:
    return tuple(message_from_bytes(raw).walk())


def part(raw: bytes, kind: str) -> str:
    """The content of the one part of this type, with plain line endings; ``""`` where there is none.

    By the standard library's older parser, which reads parts as exactly and ten times as fast as its newer one."""
    found = [one for one in _parts(raw) if one.get_content_type() == kind]
    assert len(found) <= 1
    if not found:
        return ""
    content = found[0].get_payload(decode=True)
    assert isinstance(content, bytes) and not found[0].defects
    return content.decode(found[0].get_content_charset("ascii")).replace("\r\n", "\n")


def dates_in(text: str) -> list[str]:
    return sorted(A_DATE.findall(" ".join(text.split())))


def without_markup(source: str) -> str:
    body = source.partition("<body")[2].partition(">")[2]
    return html.unescape(re.sub(r"<[^>]+>", " ", body))
