"""What lies ahead of an agreement: the round planned backwards, and what would change it."""
