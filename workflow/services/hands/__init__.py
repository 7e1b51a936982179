"""A person's hand on single letters: what is to come, send now, wait, skip, send again, and what was said by
phone. No pass that runs by itself."""
