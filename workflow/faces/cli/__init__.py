"""``aftale``: each command parses, calls one service and prints."""
