"""``aftale contacts test``: one mail to one mailbox, sent as the letters are, and whether it comes back."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

from workflow.errors import Invalid, NotFound
from workflow.faces.daemon.workplace import Workplace, mail_target
from workflow.mail.answers import Answer
from workflow.mail.returns.reports import Report, read
from workflow.mail.verp import opened
from workflow.rules.days import danish_day
from workflow.services.people.contacts.trials import send_trial
from workflow.storage.database import reading
from workflow.storage.people.contacts import live_contact

LOOK_SECONDS = 2.0


def mailbox(place: Workplace, said: str, at: datetime) -> str:
    """The address that is meant: ``said`` itself, or the mailbox of the council with that code."""
    if "@" in said:
        return said.strip()
    if not (said.isascii() and said.isdigit()):
        raise Invalid(f"{said!r} er hverken en adresse eller et råds kode, fx 0851")
    with reading(place.engine) as session:
        found = live_contact(session, said.zfill(4), "council", danish_day(at))
    if found is None:
        raise NotFound(f"rådet {said.zfill(4)} har ingen postkasse; aftale contacts list")
    return found[1]


def send(place: Workplace, to: str, by: str, at: datetime) -> tuple[Answer, str]:
    """Hand it over; what the mail server said, and the Message-ID."""
    answer, kept = send_trial(place.engine, place.road, to, by, at)
    return answer, kept.message_id


def wait_for_return(place: Workplace, message_id: str, seconds: int) -> Report | None:
    """What comes back within so many seconds; ``None`` when nothing does. The daemon may have put it to the seen ones,
    so both are looked through; nothing is moved."""
    folder, left = place.settings.bounce_maildir, seconds
    while folder is not None and left > 0:
        for path in (*_newest(folder / "new"), *_newest(folder / "cur")):
            report = read(path.read_bytes(), place.letters.envelope_from)
            if any(opened(one, place.secret) == message_id[1:17] for one in report.tokens):
                return report
        time.sleep(min(LOOK_SECONDS, left))
        left -= int(LOOK_SECONDS)
    return None


def said(place: Workplace, answer: Answer, to: str) -> str:
    """What the mail server said, in Danish."""
    words = f"{answer.code} {answer.text}".removeprefix("0 ")
    where = mail_target(place.settings)
    if answer.kind == "accepted":
        return f"prøvemailen til {to} er overgivet til {where}: {words}"
    about = answer.about or answer.kind
    return f"prøvemailen til {to} blev ikke taget imod af {where} ved {answer.verb}: {words} ({about})"


def _newest(folder: Path, most: int = 50) -> list[Path]:
    try:
        return sorted(folder.iterdir(), key=lambda path: path.stat().st_mtime, reverse=True)[:most]
    except OSError:
        return []  # not there, or a mail reader moved one just now: looked at again
