"""Who may sign in, and whose mailbox is whose. No letter and no fact of an agreement."""
