"""What a reader answers from the mail: decisions reported and verified, reminders acknowledged."""
