"""Whose mailbox is whose: files and forms read, mailboxes changed, tried out, confirmed, taken into use again.
Never who may sign in."""
