"""First floor: things at rest. Sync sessions; times come in as arguments; every write is one transaction. Never
a rule of law."""
