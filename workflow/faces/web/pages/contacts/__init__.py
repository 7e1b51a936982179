"""Pages about mailboxes: the list, one, a file of them, what bodies confirm. Never a sign-in."""
