"""The day on which an agenda is sent or published, which is not the day by which points must be handed in. Pure."""

from __future__ import annotations

import re

_SENT = re.compile(
    r"\b(?:(?:ud|frem|om)?send\w*|omdel\w*|offentliggør\w*|publicer\w*|lægges|tilgængelig\w*)\b",
    re.IGNORECASE,
)
_CLOSES = re.compile(
    r"\b(?:\w*frist\w*(?!\s+for\s+(?:ud|frem)send)|deadline\w*|lukke\w*|(?:ind|af)lever\w*|punkter)\b",
    re.IGNORECASE,
)


def only_sent(text: str) -> bool:
    """Whether words tell the day an agenda is sent or published, and none that it closes."""
    return bool(_SENT.search(text)) and not _CLOSES.search(text)
