"""The daemon's log: one line a thing on stderr; readable on a terminal, JSON off it.

In JSON ``action`` names what happened by a key that stays when the words change; alert on it. What other libraries say
has their logger's name there.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from datetime import UTC, datetime

# Line ends, terminal codes and marks that turn the reading direction: strangers' words may hold them.
_UNPRINTABLE = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")


def set_up(log_format: str) -> None:
    """Log to stderr as ``text``, ``json``, or whichever fits (``auto``), unless the host has set up logging itself."""
    root = logging.getLogger()
    if root.handlers:
        return
    handler = logging.StreamHandler()
    plain = log_format == "text" or (log_format == "auto" and sys.stderr.isatty())
    handler.setFormatter(_Plain("%(asctime)s %(levelname)s %(message)s") if plain else _Json())
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for chatty in (
        "apscheduler",
        "uvicorn",
        "mail.log",
        "weasyprint",
        "fontTools",
    ):  # aiosmtpd's name is mail.log
        logging.getLogger(chatty).setLevel(logging.WARNING)
    # It warns of each tick left out while a pass is still at work, as is meant; the pulse sees one that is stuck.
    logging.getLogger("apscheduler.scheduler").setLevel(logging.ERROR)
    # The daemon says in one line which pass failed; and that the database is away once, not at every try to connect.
    for repeated in ("apscheduler.executors", "psycopg.pool"):
        logging.getLogger(repeated).setLevel(logging.CRITICAL)


def one_line(text: str) -> str:
    """``text`` as one line of plain text: what does not print is written as its code."""
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


class _Plain(logging.Formatter):
    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  logging's name; a trace follows after it
        record.message = one_line(record.message)
        return super().formatMessage(record)


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "action": getattr(record, "action", record.name),
            "message": one_line(record.getMessage()),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
