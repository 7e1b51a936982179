"""Commands about letters: those that wait, their settings, links, alarms and proofs. No words of a letter."""
