"""What was kept is proved whole, moved, brought back, and removed when its time is over. Never a line of a journal."""
