"""Who may do what over HTTP: one table, asked by every route."""
