"""Whole rounds: imported, shown as a demo, lived before they happen. No rule and no letter of its own."""
