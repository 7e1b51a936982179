"""Pages about letters: one, all, those to come, alarms, settings and the sender."""
