"""Aftalefrist: deadlines, reminders and proof for Danish health agreements."""
