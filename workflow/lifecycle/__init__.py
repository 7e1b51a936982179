"""The states of an agreement, over ``rules/``. Pure: a table, a state and an event give the next state or say why not.

An agreement can be in force before the authority has approved it, so there are several small machines over one
agreement: the version, each council's decision, the period, each status report, each annual review. Their states and
steps are data (``calendars/courses/``). Never a date of the law, a database or a clock.
"""
