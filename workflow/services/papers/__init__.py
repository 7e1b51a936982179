"""Documents that a region hands on: the case of each council, and what they are made of. Never a letter and
never a page."""
