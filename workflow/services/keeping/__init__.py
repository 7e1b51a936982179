"""What was kept is proved whole, moved and brought back."""
