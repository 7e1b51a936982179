"""Whether sending to the mail server is paused, as the newest answers tell."""

from __future__ import annotations

from sqlalchemy.orm import Session

from workflow.mail.answers import CHANNEL_VERBS
from workflow.mail.sending.retry import Breaker
from workflow.storage.letters import attempts


def breaker_of(session: Session) -> Breaker:
    """The breaker as every worker and every restart sees it."""
    newest = attempts.last_attempts(session, Breaker.TRIP)
    return Breaker.of(
        (
            # a refusal that speaks of the road is sure at once, and so are letters that break off one after another
            Breaker.TRIP if outcome == "channel_refused" else _broke(outcome, verb),
            ended_at,
        )
        for outcome, verb, ended_at in newest
    )


def _broke(outcome: str, verb: str) -> bool:
    # a worker that died in doubt says nothing of the channel: its attempt has no verb
    return outcome == "own_fault" or (outcome == "uncertain" and verb != "") or verb in CHANNEL_VERBS
