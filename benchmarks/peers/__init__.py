"""Other ways of sending the same letters, and Aftalefrist beside them: ``make bench-peers``.

A sender is one file with ``prepare`` (lay out what is due), ``send`` (what is measured) and ``recorded`` (how many are
down as sent). Each begins in a new folder and ends when every letter was answered with 250 and that is on the disk.
"""
