"""The round that is rehearsed, and where."""

from __future__ import annotations

from tests.story.living import ROOT, rules
from workflow.mail.writing.letters import Letters
from workflow.services.rounds.rehearsal import INSTANCE, Stage

ROUND = ROOT / "tests" / "story" / "rounds" / "all-regions-2022-2026.toml"


def stage() -> Stage:
    return Stage(
        rules(), Letters(ROOT / "templates" / "emails", INSTANCE, "Aftalefrist <frist@aftalefrist.example>")
    )
