"""From bytes to a mail server or another channel, and what a try may cost. Nothing here knows what a letter says."""
