"""Owed notices become bytes, bytes are handed over, and what comes back is taken in. Never a decision that a
letter is owed."""
