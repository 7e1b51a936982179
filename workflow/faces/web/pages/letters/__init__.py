"""Pages about letters: one, all, those to come, alarms, settings and the sender. Never what is answered by one."""
