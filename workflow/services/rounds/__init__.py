"""Whole rounds: imported, shown as a demo, lived before they happen."""
