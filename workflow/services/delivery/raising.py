"""An alarm of delivery is in the log when it is raised, not when the pass ends: one that hangs may last ten minutes."""

from __future__ import annotations

import logging
from datetime import datetime

from sqlalchemy.orm import Session

from workflow.storage.letters.alarms import raise_alarm

_log = logging.getLogger("aftale.delivery")


def tell(session: Session, alarm: tuple[str, str, str], at: datetime, told: list[str]) -> None:
    """Raise ``alarm`` (key, level, Danish text) ``at`` this aware instant unless it is open; its text is added to
    ``told`` when it is new."""
    key, level, text = alarm
    if raise_alarm(session, key, level, text, at):
        told.append(text)
        _log.error(text, extra={"action": "delivery.alarm"})
