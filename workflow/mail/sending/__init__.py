"""From bytes to a mail server or another channel: how long a try may take and when it is repeated. Nothing here knows
what a letter says."""
