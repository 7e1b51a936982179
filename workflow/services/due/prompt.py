"""The shape of a prompt: a deadline that no law sets, for the same ladder (see ``prompts.py``)."""

from __future__ import annotations

from datetime import date

from workflow.language import full, phrase
from workflow.rules.anchors import Step
from workflow.rules.days import BusinessDays
from workflow.rules.found import PRACTICE
from workflow.rules.timeline import Deadline
from workflow.storage.facts.projection import Standing

STALE_DAYS = (
    122  # a prompt is asked on the day, after 14 and after 30 days; then a person has been told enough
)


def asked(
    standing: Standing, days: BusinessDays, prompt: str, subject: str, title: str, on: date, *steps: Step,
    duty: str = "none", since: date | None = None, sure: bool = False, day: Step | None = None,
) -> Deadline:  # fmt: skip
    """A prompt as the secretariat's deadline, which rests on the last of ``steps``. ``sure``: on an act that the end of
    the rules does not touch. ``day``: how ``on`` was found where no step of the rules says it."""
    ends = None if sure else standing.ends
    return Deadline(
        prompt, subject, title, duty, "secretariat", "upcoming", on, days.on_or_before(on), None, None, 1,
        (steps[-1].cite,), (*steps, day) if day else steps, bool(ends and ends.doubtful(on)), since,
    )  # fmt: skip


def year_ends(year: int) -> Step:
    """The day of what is owed every year on a day that no rule names."""
    last = date(year, 12, 31)
    text = phrase("Ingen regel nævner en dag i året. Kalenderåret slutter %(day)s", day=full(last))
    return Step(text, last, PRACTICE)


def asked_from(on: date) -> Step:
    """The day of what is open already, and asked for from then on."""
    return Step(phrase("Der spørges fra %(day)s", day=full(on)), on, PRACTICE)


def begun_on(on: date) -> Step:
    """The day of what is owed at once."""
    return Step(phrase("Pligten begyndte %(day)s", day=full(on)), on, PRACTICE)
