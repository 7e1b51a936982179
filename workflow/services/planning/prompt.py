"""The shape of a prompt: a deadline that no law sets, for the same ladder (see ``prompts.py``)."""

from __future__ import annotations

from datetime import date

from workflow.rules.anchors import Step
from workflow.rules.days import BusinessDays
from workflow.rules.timeline import Deadline
from workflow.storage.facts.projection import Standing

STALE_DAYS = (
    122  # a prompt is asked on the day, after 14 and after 30 days; then a person has been told enough
)


def asked(
    standing: Standing, days: BusinessDays, prompt: str, subject: str, title: str, on: date, *steps: Step,
    duty: str = "none", since: date | None = None, sure: bool = False,
) -> Deadline:  # fmt: skip
    """A prompt as the secretariat's deadline. ``sure``: it rests on an act that the end of the rules does not touch."""
    ends = None if sure else standing.ends
    return Deadline(
        prompt, subject, title, duty, "secretariat", "upcoming", on, days.on_or_before(on), None, None, 1,
        (steps[-1].cite,), steps, bool(ends and ends.doubtful(on)), since,
    )  # fmt: skip
