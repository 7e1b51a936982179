"""What a reader answers from the mail: decisions reported and verified, reminders acknowledged. Nothing that
the secretariat does itself."""
