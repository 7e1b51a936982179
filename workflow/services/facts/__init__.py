"""What happened comes in: taken in, judged by the machines, written down once. Never a letter's words or its way."""
