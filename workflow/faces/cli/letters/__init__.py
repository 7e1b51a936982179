"""Commands about letters: those that wait, their settings, links, alarms and proofs."""
