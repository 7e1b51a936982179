"""The daemon's log: one line a thing on stderr; readable on a terminal, JSON off it."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime


def set_up(log_format: str) -> None:
    """Log to stderr as ``text``, ``json``, or whichever fits (``auto``), unless the host has set up logging itself."""
    root = logging.getLogger()
    if root.handlers:
        return
    handler = logging.StreamHandler()
    plain = log_format == "text" or (log_format == "auto" and sys.stderr.isatty())
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s") if plain else _Json())
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    for chatty in ("apscheduler", "uvicorn", "mail.log"):  # aiosmtpd's name is mail.log
        logging.getLogger(chatty).setLevel(logging.WARNING)


class _Json(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)
