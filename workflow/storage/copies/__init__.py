"""Whole databases: copied, put back, thrown away. Nothing that knows a single table."""
