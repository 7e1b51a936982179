"""The second channel: a short plain message by another mail server, or a webhook. Neither knows of notices.

A channel that fails raises ``OSError``, ``ValueError`` or :class:`DeliveryError`; the caller tries again later.
"""

from __future__ import annotations

import hashlib
import io
import json
from datetime import datetime
from email.generator import BytesGenerator
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Protocol

from workflow.errors import DeliveryError
from workflow.mail.sending.smtp import SmtpTarget, Wire
from workflow.mail.writing.headers import WIRE
from workflow.mail.writing.mime import address
from workflow.mail.writing.plain import folded
from workflow.mail.writing.words import clean
from workflow.rules.days import COPENHAGEN
from workflow.values import dataclass, field


@dataclass(frozen=True, slots=True)
class Telling:
    """One message to the operator. ``key`` names it for a machine, ``level`` is warning, alarm, person or alive;
    ``at`` is aware; ``id`` is the same however often it is tried."""

    key: str
    level: str
    subject: str
    text: str
    at: datetime
    id: str


class Channel(Protocol):
    """A way to the operator."""

    async def tell(self, telling: Telling) -> None:
        """Hand it over, or raise."""


@dataclass(frozen=True)
class MailChannel:
    """By mail through ``target``, which ought to be another server than the one the letters go through."""

    target: SmtpTarget
    sender: str
    to: str

    async def tell(self, telling: Telling) -> None:
        """Hand it over, or raise."""
        wire = Wire(self.target)
        try:
            raw = written(telling, address(self.sender), address(self.to))
            answer = await wire.send(address(self.sender).addr_spec, self.to, raw, lambda: None)
        finally:
            await wire.close()
        if answer.kind != "accepted":
            raise DeliveryError(answer.kind, answer.code, answer.text)


@dataclass(frozen=True)
class Webhook:
    """By HTTP: POST of one JSON object."""

    url: str = field(repr=False)
    timeout: float = 20

    async def tell(self, telling: Telling) -> None:
        """Hand it over, or raise."""
        told = {
            "key": telling.key,
            "level": telling.level,
            "subject": telling.subject,
            "text": telling.text,
            "at": telling.at.isoformat(),
            "id": telling.id,
        }
        body = json.dumps(told, ensure_ascii=False).encode()
        from workflow.mail.sending.web import call_aside

        await call_aside(self.url, body, "application/json", self.timeout)


def written(telling: Telling, sender: Address, to: Address) -> bytes:
    """The message as it goes on the wire."""
    message = EmailMessage(policy=WIRE)
    message.set_content(folded(telling.text), charset="utf-8", cte="quoted-printable")
    message["From"], message["To"] = sender, to
    message["Subject"] = clean(telling.subject)
    message["Date"] = format_datetime(telling.at.astimezone(COPENHAGEN))
    local = hashlib.sha256(telling.id.encode()).hexdigest()[:32]
    message["Message-ID"] = f"<{local}@{sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    out = io.BytesIO()
    BytesGenerator(out, policy=WIRE).flatten(message)
    return out.getvalue()
