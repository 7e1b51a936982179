"""A new rule set: what it changes for each agreement, and who takes it on. Never a rule itself: those are data."""
