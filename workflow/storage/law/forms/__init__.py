"""The strict forms of parts of a file in ``calendars/``: what every entry is, a regime's words and end; a
course. Never a rule itself."""
