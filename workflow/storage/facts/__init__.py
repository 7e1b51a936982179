"""What happened and what it comes to: the journal, the projection of it, papers, meetings. No letter, no mailbox."""
