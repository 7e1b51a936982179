"""Which acts a person is offered on a letter, by where it stands. The services refuse the others by themselves."""

from __future__ import annotations

from workflow.services.due.handled import WAITS_FOR
from workflow.services.hands.upcoming import Upcoming
from workflow.storage.tables import Notice

NEED_WHY = ("skip", "hold", "cancel", "resend", "confirm")
_WAITS = ("planned", "ready", "carried")


def offered(state: str, statutory: bool, waits: bool = False) -> tuple[str, ...]:
    """The acts for a letter in ``state``, the likeliest first; ``waits``: a person lets it wait for a day."""
    if state in _WAITS:
        more = () if statutory else ("wait", "skip")
        return ("now", *(("revive",) if waits else ()), *more, "hold", "cancel", "note")
    if state == "held":
        return ("release", "cancel", "note")
    if state in ("refused", "quarantined"):
        return ("retry", "cancel", "note")
    if state in ("accepted", "confirmed"):
        return ("resend", *(("confirm",) if state == "accepted" else ()), "note")
    if state == "bounced":
        return ("confirm", "note")
    return ("revive", "note") if state == "cancelled" else ("note",)


def offered_on(notice: Notice) -> tuple[str, ...]:
    """The same of a row of the outbox."""
    return offered(notice.state, notice.statutory, notice.why.startswith(WAITS_FOR))


def offered_ahead(one: Upcoming) -> tuple[str, ...]:
    """The same of a letter that is not planned yet."""
    if one.skipped:
        return ("revive",)
    if one.owed.letter.statutory:
        return ("now",)
    return ("now", *(("revive",) if one.act else ()), "wait", "skip")
