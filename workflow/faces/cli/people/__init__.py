"""Commands about people, mailboxes and feeds, and the trail of what was done to them. No act on an agreement."""
