"""Is everything as it should be, and who is told when it is not? Never a repair: it tells a person."""
