"""Over ``rules/``, pure: a round planned backwards from the date that holds, through the days on which councils
meet. Nothing here reads a database or the clock."""
