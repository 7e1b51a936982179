"""``aftale``: each command parses, calls one service and prints. No rule and no SQL."""
