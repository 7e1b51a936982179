"""Did the letter in doubt arrive? Looked up in the mailbox into which the relay copies everything it takes.

Only what proves it counts: the same Message-ID and the same bytes, stored after the intent. Where nothing is found,
or the mailbox cannot be read, the same bytes go again, flagged.
"""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from workflow.errors import Misconfigured
from workflow.language import phrase
from workflow.mail.answers import Answer
from workflow.mail.sending.maildir import kept
from workflow.services.delivery.raising import tell
from workflow.storage.database import reading, writing
from workflow.storage.letters import attempts
from workflow.storage.letters.alarms import clear_alarms
from workflow.storage.letters.outbox import Claim
from workflow.storage.tables import JOURNAL

UNREADABLE = "journal:unreadable"


def look_for_copy(
    engine: Engine, journal: Path, claimed: Claim, at: datetime, alarms: list[str]
) -> Answer | None:
    """That the mail server took an earlier try of ``claimed``, and what proves it; ``None`` when nothing does.

    ``journal`` is a maildir. One that cannot be read is an alarm ``at`` that aware instant (its text is added to
    ``alarms`` when it is new) and proves nothing. No transaction is open while it is read.
    """
    with reading(engine) as session:
        since = attempts.in_doubt_since(session, claimed.id)
    if since is None:
        return None
    try:
        found = kept(journal, claimed.message_id, claimed.body, since)
    except Misconfigured as error:
        text = phrase(
            "Journalpostkassen kan ikke læses: %(error)s. Breve i tvivl sendes igen uden at blive slået op.",
            error=error,
        )
        with writing(engine) as session:
            tell(session, (UNREADABLE, "alarm", text), at, alarms)
        return None
    with writing(engine) as session:
        clear_alarms(session, UNREADABLE, at)
    if found is None:
        return None
    path, stored_at = found
    said = f"fundet i journalpostkassen: {path.relative_to(journal)}, lagt dér {stored_at:%Y-%m-%d %H:%M:%S} UTC, "
    said += phrase(
        "samme Message-ID og samme bytes (sha256 %(digest)s)",
        digest=hashlib.sha256(claimed.body).hexdigest(),
    )
    return Answer("accepted", 0, said, JOURNAL)
