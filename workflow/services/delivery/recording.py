"""The outcome of one try, in one transaction: the letter, the address, the alarms, and who else it sets free; and what
one pass did."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import Engine
from sqlalchemy.orm import Session

from workflow.mail.answers import Answer, judge
from workflow.services.delivery.judging import Decision, decide
from workflow.services.delivery.misgivings import alarms_for, refusal_key
from workflow.services.delivery.raising import tell
from workflow.storage.database import writing
from workflow.storage.letters import attempts, outbox, waiting, windows
from workflow.storage.letters.alarms import any_open, clear_alarms
from workflow.storage.people.contacts import refuse_address
from workflow.storage.tables import GIVEN_UP, JOURNAL, TOO_LARGE
from workflow.values import dataclass

_log = logging.getLogger("aftale.delivery")


@dataclass(frozen=True)
class Report:
    """What one pass did: letters by outcome, and the Danish texts of the alarms that are new."""

    accepted: int = 0
    deferred: int = 0
    uncertain: int = 0
    refused: int = 0
    quarantined: int = 0
    alarms: tuple[str, ...] = ()

    @classmethod
    def of(cls, count: Mapping[str, int], quarantined: int, alarms: Sequence[str]) -> Report:
        """From how often each kind was recorded."""

        def of_these(*kinds: str) -> int:
            return sum(count.get(kind, 0) for kind in kinds)

        return cls(
            accepted=of_these("accepted"),
            deferred=of_these("deferred", "own_fault", "channel_refused", "mailbox_full"),
            uncertain=of_these("uncertain"),
            refused=of_these("address_refused", "policy_refused", GIVEN_UP, TOO_LARGE),
            quarantined=quarantined,
            alarms=tuple(alarms),
        )


@dataclass(frozen=True, slots=True)
class Recorded:
    """``kind`` is what was recorded; ``raised`` and ``withdrawn`` the Danish texts of alarms that are new, and of those
    that proved to be another's fault."""

    kind: str
    raised: list[str]
    withdrawn: list[str]


def record_outcome(
    engine: Engine, claimed: outbox.Claim, answer: Answer, at: datetime, spread: float, *, probe: bool = False
) -> Recorded:
    """Write down what became of ``claimed``, answered ``at`` this aware instant. ``probe`` says that the
    channel was at rest: if this one gets through, what waited for the channel goes at once. Database errors are passed
    on."""
    if answer.kind == "accepted" and answer.verb != JOURNAL and not probe:  # nothing to be judged
        record_accepted(engine, [windows.Taken(claimed, answer.code, answer.text, answer.verb, at)])
        return Recorded("accepted", [], [])
    raised: list[str] = []
    with writing(engine) as session:
        decided = decide(session, claimed, answer, at, spread)
        ours = outbox.outcome(
            session, claimed, decided.kind, answer.code, answer.text, answer.verb, at, at + decided.wait, decided.hold
        )  # fmt: skip
        if decided.kind == "address_refused" and refuse_address(session, claimed.address, at):
            clear_alarms(session, f"address:{claimed.address}", at)  # of the last time: it is told anew
        if decided.kind == "accepted":
            _got_through(session, claimed, answer, at, ours, probe)
        withdrawn = _take_back_alarms(session, decided, answer, at)
        for alarm in alarms_for(claimed, answer, decided):
            tell(session, alarm, at, raised)
    # without the server's words, which name the address
    _log.info("letter %d: %s %s at %s", claimed.id, decided.kind, answer.code or "-", answer.verb or "-",
              extra={"action": "letter.tried"})  # fmt: skip
    return Recorded(decided.kind, raised, withdrawn)


def _got_through(
    session: Session, claimed: outbox.Claim, answer: Answer, at: datetime, ours: bool, probe: bool
) -> None:
    if answer.verb != JOURNAL:
        clear_alarms(session, "mail:", at)
        if probe:
            waiting.waited_for_channel(session, at)
        if not waiting.waits_for_channel(session):
            clear_alarms(session, "channel:", at)
    if ours:
        _set_free(session, claimed, at)


def record_accepted(engine: Engine, answered: Sequence[windows.Taken]) -> None:
    """Write down in one transaction that these were accepted, each at its instant, by a server that was not at rest.
    Database errors are passed on."""
    at = max(one.at for one in answered)
    with writing(engine) as session:
        ours = windows.accepted(session, answered)
        if any_open(session):
            clear_alarms(session, "mail:", at)
            if not waiting.waits_for_channel(session):
                clear_alarms(session, "channel:", at)
            for one in answered:
                if one.claim.id in ours:
                    _set_free(session, one.claim, at)
    for one in answered:
        _log.info("letter %d: accepted %s at %s", one.claim.id, one.code or "-", one.verb or "-",
                  extra={"action": "letter.tried"})  # fmt: skip


def _set_free(session: Session, claimed: outbox.Claim, at: datetime) -> None:
    """Close the alarms that a letter of ours ends by getting through."""
    clear_alarms(session, f"notice:{claimed.id}:", at)
    clear_alarms(session, f"full:{claimed.address}", at)
    if claimed.attempts > 1:
        still = {_cause(*one) for one in waiting.refused_by_policy(session)}
        for key in {_cause(*one) for one in attempts.refusals_of(session, claimed.id)} - still:
            clear_alarms(session, key, at)


def _cause(text: str, address: str) -> str:
    return refusal_key(judge(text, to=[address]), text)


def _take_back_alarms(session: Session, decided: Decision, answer: Answer, at: datetime) -> list[str]:
    """One alarm a cause: those of single addresses and letters were the channel's. Their texts."""
    keys = [f"address:{address}" for address in decided.lifted]
    keys += [f"contact:{one.recipient}" for one in decided.run if one.address in decided.lifted]
    keys += [refusal_key(answer.about, answer.text)] if decided.run else []
    return [text for key in keys for text in clear_alarms(session, key, at)]
