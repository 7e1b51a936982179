"""The pages people read: server-rendered HTML that works without scripts; nothing from elsewhere, no rule, no SQL."""
