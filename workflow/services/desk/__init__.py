"""The desk: what happened, who owes what, and what people note beside it. Nothing that changes a date."""
