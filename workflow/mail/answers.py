"""What a mail server's answer means for a notice.

accepted          2xx after the final dot: handed over. Never called *delivered*.
deferred          try the same bytes again later
uncertain         we or the line died after the intent was written: a copy may exist, so the next try is flagged
address_refused   this address is refused for good; the next contact of the body is tried
policy_refused    the server will not have it (size, content, policy); a person decides, retried meanwhile
own_fault         our mistake, or an answer nobody has seen before: never terminal for a notice

An enhanced status code (RFC 3463) is more exact than the basic code and is believed first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

KINDS = ("accepted", "deferred", "uncertain", "address_refused", "policy_refused", "own_fault")

CHANNEL_VERBS = ("CONNECT", "EHLO", "STARTTLS", "AUTH")
"""A failure here concerns the road to the mail server, not this letter."""

AFTER_DOT = "DOT"
"""The verb of the answer that follows the final dot; ``DATA`` is the answer that should have been 354."""

_ENHANCED = re.compile(r"^\s*([245])\.(\d{1,3})\.(\d{1,3})\b")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_OWN_FAULT = frozenset({500, 501, 502, 503, 504, 530, 534, 535, 538, 555})


@dataclass(frozen=True, slots=True)
class Answer:
    """One outcome. ``code`` is 0 when no answer came; ``text`` is the server's, or says what broke."""

    kind: str
    code: int
    text: str
    verb: str = ""

    def __post_init__(self) -> None:
        # a server may say anything: what is kept is one line that every database takes
        said = self.text.encode("utf-8", "replace").decode("utf-8")
        object.__setattr__(self, "text", _CONTROL.sub(" ", said).strip()[:1000])


def classify(code: int, text: str, after_intent: bool, verb: str) -> Answer:
    """The meaning of ``code`` and ``text`` said in answer to ``verb``; ``code`` 0 means that no answer came.

    ``after_intent`` is whether the intent to say DATA was already committed; without a readable answer that
    is the difference between *nothing happened* and *nobody knows*.
    """
    return Answer(_kind(code, text, after_intent, verb), code, text, verb)


def _kind(code: int, text: str, after_intent: bool, verb: str) -> str:
    if verb == AFTER_DOT and 200 <= code <= 299:
        return "accepted"
    if 400 <= code <= 499:
        return "deferred"
    if code == 0:
        return "uncertain" if after_intent else "deferred"
    if not 200 <= code <= 599:
        return "uncertain" if after_intent else "own_fault"
    if code < 500:
        # a 2xx or 3xx where it does not belong; after the dot a 3xx says nothing of what became of the letter
        return "uncertain" if verb == AFTER_DOT else "own_fault"
    if verb in CHANNEL_VERBS or code in _OWN_FAULT:
        return "own_fault"
    return _permanent(code, text, verb)


def _permanent(code: int, text: str, verb: str) -> str:
    enhanced = _ENHANCED.match(text)
    subject, detail = (enhanced.group(2), enhanced.group(3)) if enhanced else ("", "")
    if subject == "7":
        return "policy_refused"
    if (subject, detail) in {("1", "7"), ("1", "8")}:
        # these two speak of the sender's address: no recipient may be struck off for them
        return "policy_refused"
    if verb == "RCPT" and (subject == "3" or (subject, detail) in {("2", "2"), ("2", "3")}):
        return "policy_refused"  # a mailbox that is full, or a server that cannot, is no wrong address
    if verb == "RCPT" and (code in (550, 551, 553) or subject == "1" or (subject, detail) == ("2", "1")):
        return "address_refused"
    if code in (552, 554) or verb == AFTER_DOT:
        return "policy_refused"
    return "own_fault"
