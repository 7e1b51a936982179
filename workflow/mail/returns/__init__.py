"""What comes back by mail: its shape, its words, what it reports. Its meaning: ``workflow/mail/answers.py``."""
