"""The form for one fact, and what a preview of it proposes. Never the list of them."""
