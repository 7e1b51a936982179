"""The form for one fact, and what a preview of it proposes."""
