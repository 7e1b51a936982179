"""The desk: what happened, who owes what, and what people note beside it."""
