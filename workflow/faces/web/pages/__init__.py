"""The pages people read: server-rendered Danish HTML, no scripts, nothing fetched from elsewhere."""
