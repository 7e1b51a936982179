"""A line as it goes from one part of the reader to the next."""

from __future__ import annotations

Line = tuple[int, str]
"""A line with its number in the text, from 1."""
