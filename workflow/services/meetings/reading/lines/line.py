"""A line as it goes from one part of the reader to the next, and the month alone that heads others."""

from __future__ import annotations

import re

from workflow.services.meetings.reading.tokens import MONTH

Line = tuple[int, str]
"""A line with its number in the text, from 1."""
MONTH_ALONE = re.compile(rf"({MONTH})\.?(?:\s+20\d\d)?:?", re.IGNORECASE)
