"""What comes back by mail: its shape, its words, what it reports. Never what it means: ``workflow/mail/answers.py``."""
