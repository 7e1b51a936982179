"""Aftalefrist: deadlines, reminders and proof for Danish public agreements and plans.

At this level lie what every floor may use (errors, languages) and what the faces alone read (settings, sources); a use
case, a rule or a table never does.
"""

__version__ = "1.0.0"
