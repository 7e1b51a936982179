"""The secretary's desk: what a secretariat does to contacts, people, letters and settings, in the browser."""
