"""Each date that is asked for and no law sets says how it was found: over the random histories, on random days."""

from __future__ import annotations

import random
from collections import Counter
from datetime import timedelta

from tests.law.histories import history
from tests.story.living import rules
from workflow.language import full, phrase
from workflow.rules.timeline import Deadline
from workflow.services.due.prompts import prompts
from workflow.storage.facts import projection

HISTORIES, DAYS = 40, 5
TERM = 2200  # days


def names_its_day(prompt: Deadline) -> bool:
    """Whether a step says the day, with its weekday or without."""
    assert prompt.legal_on
    said = phrase("%(day)s", day=full(prompt.legal_on)), phrase("%(day)s", day=prompt.legal_on)
    return any(day in step.text for step in prompt.why for day in said)


def test_a_step_of_every_prompt_names_the_day_it_is_asked_by() -> None:
    seen: Counter[str] = Counter()
    for seed in range(HISTORIES):
        told, dice = history(seed), random.Random(seed)
        facts, row = told.numbered(), told.row()
        for _ in range(DAYS):
            on = told.opened_on + timedelta(days=dice.randint(0, TERM))
            standing = projection.stand(rules(), row, [fact for fact in facts if fact.on <= on], on)
            for prompt in prompts(standing, rules()):
                if prompt.legal_on:
                    where = f"history {seed} on {on}: {prompt.id} {prompt.subject} {prompt.why}"
                    assert names_its_day(prompt), where
                    seen[prompt.subject.partition(":")[0] if prompt.id == "task" else prompt.id] += 1
    assert len(seen) > 10 and seen["meetings"] and seen["cluster-dialogue"] and seen["piu-yearly"], seen
