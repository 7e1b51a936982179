"""What was kept is proved whole, moved and brought back. Nothing that changes what was kept."""
