"""A trial mail to one mailbox, sent as the letters are: what the mail server said, and what came back.

It is no letter: it is owed to nobody, stands in no agreement, and strikes nobody off. It is sent while its asker waits.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from workflow.errors import Invalid
from workflow.mail.answers import Answer
from workflow.mail.sending.channels import Telling, written
from workflow.mail.sending.smtp import SmtpTarget, Wire
from workflow.mail.verp import opened, token, verp
from workflow.mail.writing.mime import address
from workflow.storage.database import reading, writing
from workflow.storage.letters import trials
from workflow.storage.letters.trials import TrialMail
from workflow.values import dataclass, replace

if TYPE_CHECKING:
    from workflow.mail.returns.reports import Report

KEPT = 1000  # characters of what came back
TEXT = (
    "Dette er en prøvemail fra Aftalefrist. Den viser, at breve om aftalens frister når frem til denne "
    "postkasse. Du skal ikke gøre noget og ikke svare.\n\nEr den havnet i uønsket post, så bed jeres it-afdeling om "
    "at tillade afsenderen."
)


@dataclass(frozen=True)
class Road:
    """The way the letters go: where mail is handed over, from whom (under ``name``, where a region has its own), and
    where it returns to (``secret`` signs it)."""

    mail: Callable[[Callable[[], datetime]], AbstractAsyncContextManager[SmtpTarget]]
    sender: str
    returns_to: str
    secret: str
    name: str = ""


def send_trial(engine: Engine, road: Road, to: str, by: str, at: datetime) -> tuple[Answer, TrialMail]:
    """Send one trial mail to ``to``, and keep what the mail server said. :class:`Invalid` where it is no address.

    A person asks for it and waits, so it goes at any hour, as a sign-in link does."""
    try:
        sender, receiver = address(road.sender, road.name), address(to)
    except ValueError as error:
        raise Invalid(f"{to!r} er ikke én adresse: {error}") from error
    told = Telling("trial", "warning", "Prøvemail fra Aftalefrist", TEXT, at, f"trial {to} {at.isoformat()}")
    raw = written(told, sender, receiver)
    message_id = next(
        line[12:].strip() for line in raw.decode().splitlines() if line.startswith("Message-ID: ")
    )
    with writing(engine) as session:
        trial = TrialMail(email=to, message_id=message_id, by=by, sent_at=at)
        session.add(trial)

    async def hand_over() -> Answer:
        async with road.mail(lambda: at) as target:
            patient = replace(target, connect_timeout=10, timeout=10, after_dot_timeout=20)
            wire = Wire(patient)
            try:
                return await wire.send(
                    verp(road.returns_to, message_id, road.secret),
                    receiver.addr_spec, raw, lambda: None, token(message_id, road.secret),
                )  # fmt: skip
            finally:
                await wire.close()

    answer = asyncio.run(hand_over())
    with writing(engine) as session:
        trial = session.get_one(TrialMail, trial.id)
        trial.kind, trial.code, trial.text = answer.kind, answer.code, answer.text
    return answer, trial


def newest_trial(engine: Engine, email: str) -> TrialMail | None:
    """The last trial mail to this address, with what came of it."""
    with reading(engine) as session:
        return trials.newest_to(session, email)


def take_return(engine: Engine, report: Report, secrets: Sequence[str], at: datetime) -> bool:
    """Whether a mail that came back, at ``at``, is about a trial mail; it is then kept there. A failure is not undone
    by what comes after it."""
    begins = [left for made in report.tokens if (left := opened(made, *secrets))]
    if not begins:
        return False
    with writing(engine) as session:
        trial = trials.by_message_id(session, begins)
        if trial is None:
            return False
        if trial.returned_kind != "failed":
            trial.returned_at, trial.returned_kind = at, report.kind
            trial.returned_text = " ".join(filter(None, (report.status, report.text)))[:KEPT]
        return True
