"""Pages that councils and the authority use themselves, and the secretariat's answer to them. Nothing for the
secretariat alone but that answer."""
