"""What a mail server's answer means, whether it came while we spoke or as a return days later: one judgement.

:func:`judge` reads code *and* words and says what the answer speaks of. Only ``gone`` condemns a mailbox:

gone      that mailbox, or its domain, does not exist or takes no mail: struck off, the next contact is tried
full      it is full, or could not be reached for long: a bounded number of tries, then the next contact
rate      we, or everybody, wrote too much just now: later, bounded
content   the letter itself (virus, spam, size): a person decides; bounded
policy    the receiver's rules: a person decides; bounded
sender    who we are (SPF, DMARC, block list, sender): the channel's fault, nobody is struck off
relay     the way there: as sender
unknown   nothing of this: held against nobody, tried a bounded number of times, shown to a person

:func:`classify` says what follows for the notice that is being handed over:

accepted          2xx after the final dot: handed over. Never called *delivered*.
deferred          try the same bytes again later
uncertain         we or the line died after the intent was written: a copy may exist, so the next try is flagged
address_refused   ``gone``; the next contact of the body is tried
mailbox_full      ``full``; tried again, at most :data:`workflow.mail.sending.retry.TRIES` times
policy_refused    ``rate``, ``content``, ``policy`` or ``unknown``: tried again every few hours, bounded
channel_refused   ``sender`` or ``relay``, or whatever is said to MAIL: the channel rests, nobody is struck off
own_fault         our mistake, or an answer out of place: never terminal for a notice

What the other recipients were answered is the third witness; it lies in the attempts, and
:mod:`workflow.services.delivery.judging` asks it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection

from workflow.mail.returns.refusals import COMPILED, ELSE, NUMBERED, TRUSTED
from workflow.values import dataclass

KINDS = (
    "accepted", "deferred", "uncertain", "address_refused", "mailbox_full", "policy_refused",
    "channel_refused", "own_fault",
)  # fmt: skip
CLASSES = ("gone", "full", "rate", "content", "policy", "sender", "relay", "unknown")

CHANNEL_VERBS = ("CONNECT", "EHLO", "STARTTLS", "AUTH")
"""A failure here concerns the road to the mail server, not this letter."""

AFTER_DOT = "DOT"
"""The verb of the answer that follows the final dot; ``DATA`` is the answer that should have been 354."""

_ENHANCED = re.compile(r"(?<![\d.])([245]\.\d{1,3}\.\d{1,3})(?!\.?\d)")
_BASIC = re.compile(r"(?<![\d.])([45][0-5]\d)(?![\d.])")
_ADDRESS = re.compile(
    r"<?[^\s<>():;,]+@[^\s<>():;,.]+(?:\.[^\s<>():;,.]+)*>?"
)  # words may follow with three dots
_MORE_LINES = re.compile(r"(?<![\d.-])([245]\d\d)-(?=\S)")  # a number that one more line follows
_INSTEAD = re.compile(
    r"(?:\b(?:try|contact|write|kontakt|skriv|moved|now|forward\w*|instead|support|visit)\b(?: to| til)?[\s:<]*"
    r"|\b(?:postmaster|support|help\w*|abuse|admin\w*)(?=@))[^\s<>():;,]*@[^\s<>():;,]+",
    re.IGNORECASE,
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_OWN_FAULT = frozenset({500, 501, 502, 503, 504, 530, 534, 535, 538, 555})


@dataclass(frozen=True, slots=True)
class Answer:
    """One outcome. ``code`` is 0 when no answer came; ``text`` is the server's, or says what broke. ``about`` is the
    class of a refusal, ``""`` where nothing was refused."""

    kind: str
    code: int
    text: str
    verb: str = ""
    about: str = ""

    def __post_init__(self) -> None:
        # a server may say anything: what is kept is one line that every database takes
        said = self.text.encode("utf-8", "replace").decode("utf-8")
        object.__setattr__(self, "text", _CONTROL.sub(" ", said).strip()[:1000])


def judge(text: str, code: int = 0, status: str = "", to: Collection[str] = ()) -> str:
    """Which of :data:`CLASSES` a refusal is. ``text`` are the server's words, ``code`` its basic code where it was
    read apart, ``status`` the enhanced code of a report's field; what stands in the words is more exact than both.
    ``to`` are the addresses written to, where they are known: words that name other addresses alone (the sender's, or
    one behind the mailbox) condemn none of them."""
    text = _MORE_LINES.sub(r"\1 ", text)
    about = _judged(text, code, status)
    return "unknown" if about == "gone" and to and _of_another(text, to) else about


def _of_another(text: str, to: Collection[str]) -> bool:
    """Whether the words name addresses, and none of them has a mailbox's name that is written to. The address of whom
    to ask, or of where somebody has moved to, is not what is refused."""
    ours = {one.strip("<>").partition("@")[0].casefold() for one in to}
    named = [
        one.strip("<>'\"[]").partition("@")[0].casefold() for one in _ADDRESS.findall(_INSTEAD.sub(" ", text))
    ]
    return bool(named) and not ours & {*named, *(one.rpartition("=")[2] for one in named)}


def _judged(text: str, code: int, status: str) -> str:
    plain = " ".join(_ADDRESS.sub("<>", _CONTROL.sub(" ", text)).split())  # a domain may be called anything
    numbers = [*_ENHANCED.findall(plain), *_ENHANCED.findall(status)]
    exact = [one for one in numbers if not one.endswith(".0")] or numbers
    basic = code or next((int(one) for one in _BASIC.findall(plain)), 0)
    hundreds = basic // 100
    passing = hundreds == 4 or (hundreds != 5 and bool(exact) and exact[0].startswith("4"))
    if _NOBODY_LEFT.search(plain):
        return "unknown"
    about = _by_number(exact, TRUSTED) or _by_words(plain)
    if not about:
        about = _by_number(exact, NUMBERED)
        if about == "gone" and ELSE.search(plain):
            about = ""
    about = about or ("full" if passing or basic == 552 else "unknown")
    if about == "gone" and passing:
        return "full"  # the server itself does not call it final
    if about == "unknown" and basic == 551 and not ELSE.search(plain):
        return "gone"
    return about


def _by_words(text: str) -> str:
    for about, words in COMPILED:
        if words.search(text):
            if about == "policy" and _M365_UNKNOWN.search(text):
                return "gone"
            return "full" if about == "slow" else about
    return "gone" if _M365_UNKNOWN.search(text) else ""


def _by_number(numbers: list[str], known: tuple[tuple[str, re.Pattern[str]], ...]) -> str:
    for number in numbers:
        for about, pattern in known:
            if pattern.fullmatch(number):
                return "full" if about == "slow" else about
    return ""


_TOO_LARGE = re.compile(
    r"\b5\.(?:3\.4|2\.3)\b|too (?:large|big)|size limit|(?:message|mail) size|exceed\w* .{0,20}size|for stort?\b",
    re.IGNORECASE,
)
# What a server says after RCPT when it has no recipient left: it names no mailbox, and ours it had just taken
_NOBODY_LEFT = re.compile(r"\bno valid recipients\b(?! (?:named|called|found))", re.IGNORECASE)
# "Access denied" is what Microsoft 365 says of a mailbox that its directory does not know
_M365_UNKNOWN = re.compile(r"5\.4\.1\b.{0,40}access denied", re.IGNORECASE)


def too_large(answer: Answer) -> bool:
    """Whether the letter was refused for its size: its files may go as links instead."""
    if answer.about != "content":
        return False
    words = _TOO_LARGE.search(answer.text) is not None
    return words or (answer.code == 552 and not _ENHANCED.search(answer.text))


def fingerprint(text: str) -> str:
    """The same for two refusals whose words differ in addresses, hosts and numbers only: a cause's name."""
    plain = _ADDRESS.sub(" ", text.lower())
    words = [word for word in re.split(r"[\s,;:<>()\[\]\"'=]+", plain) if word.rstrip(".").isalpha()]
    return hashlib.sha256(" ".join(words).encode()).hexdigest()[:12]


def classify(code: int, text: str, after_intent: bool, verb: str, to: str = "") -> Answer:
    """The meaning of ``code`` and ``text`` said in answer to ``verb``; ``code`` 0 means that no answer came.

    ``after_intent`` is whether the intent to say DATA was already committed; without a readable answer that
    is the difference between *nothing happened* and *nobody knows*. ``to`` is the address written to.
    """
    kind, about = _kind(code, text, after_intent, verb, to)
    return Answer(kind, code, text, verb, about)


def _kind(code: int, text: str, after_intent: bool, verb: str, to: str) -> tuple[str, str]:
    if verb == AFTER_DOT and 200 <= code <= 299:
        return "accepted", ""
    if 400 <= code <= 499:
        full = verb in ("RCPT", AFTER_DOT) and _FULL_FOR_NOW.search(text)
        return ("mailbox_full", "full") if full else ("deferred", "")
    if code == 0:
        return "uncertain" if after_intent else "deferred", ""
    if not 200 <= code <= 599:
        return "uncertain" if after_intent else "own_fault", ""
    if code < 500:
        # a 2xx or 3xx where it does not belong; after the dot a 3xx says nothing of what became of the letter
        return "uncertain" if verb == AFTER_DOT else "own_fault", ""
    if verb in CHANNEL_VERBS or code in _OWN_FAULT:
        return "own_fault", "relay"
    if verb == "MAIL":  # nothing has been said of any recipient yet
        if code // 10 != 55:
            return "own_fault", ""
        return "channel_refused", "relay" if judge(text, code) == "relay" else "sender"
    return _permanent(code, text, verb, to)


# 452 alone is also said of a server that is short of room, which is no mailbox's fault
_FULL_FOR_NOW = re.compile(
    r"4\.2\.2|over ?quota|(?:mail|post)(?:box|kasse\w*) (?:is )?(?:full|fuld)", re.IGNORECASE
)


def _permanent(code: int, text: str, verb: str, to: str) -> tuple[str, str]:
    about = judge(text, code, to=[to] if to else ())
    if verb == AFTER_DOT and code == 552 and about == "full" and not _by_words(text):
        about = "content"  # said of the letter, now that it has been read
    return _FOLLOWS.get(about, "policy_refused"), about


_FOLLOWS = {
    "gone": "address_refused", "full": "mailbox_full", "sender": "channel_refused", "relay": "channel_refused",
}  # fmt: skip
