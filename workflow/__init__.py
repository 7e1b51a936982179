"""Aftalefrist: deadlines, reminders and proof for Danish health agreements."""

__version__ = "0.1.0"
