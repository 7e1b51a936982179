"""What happened comes in: taken in, checked against the state machines, written down once. Never a letter's words
or when it goes."""
