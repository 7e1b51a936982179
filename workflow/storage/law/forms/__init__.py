"""The strict forms of single parts of a file in ``calendars/``: what every entry is, a regime's words, its end."""
