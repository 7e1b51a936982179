"""Who may sign in, and whose mailbox is whose. Nothing about an agreement."""
