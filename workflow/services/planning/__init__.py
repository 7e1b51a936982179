"""What ought to be said to whom, from facts and rules; written down once each. Never the words or the sending."""
