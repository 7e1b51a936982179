"""What people ask, as plain values: a status, a list, a reason. Nothing is written here but the addresses of feeds, and
no text is laid out: a page, a table or a letter is made of the values elsewhere."""
