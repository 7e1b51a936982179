"""From a published text to its lines as they are read: what a page, a PDF or a table broke apart is whole again.
Nothing here says which day is a meeting."""
