"""Owed notices become bytes, bytes are handed over, and what comes back is taken in."""
