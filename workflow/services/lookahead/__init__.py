"""What lies ahead of an agreement: the round planned backwards, and what would change it. Nothing here is law,
and nothing is recorded."""
