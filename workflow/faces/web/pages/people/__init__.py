"""Pages about who may sign in: people, one's own access, the trail, the first hour of an installation. No
mailbox that letters go to."""
