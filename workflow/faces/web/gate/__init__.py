"""Who may do what over HTTP: one table, asked by every route. No page of its own but signing in; nothing here
knows an agreement's facts."""
