"""What an automatic answer says of the mailbox: that it is given up, or that a filter keeps the letter until somebody
proves that a person wrote it. Most answers say neither: somebody is away, or the telephones are closed."""

from __future__ import annotations

import re

_GIVEN_UP = re.compile(
    r"nedlagt|ophørt|ikke (?:længere|laengere|mere)|"
    r"fratrådt|fratraadt|er stoppet|ny (?:mail|e-mail)?-?adresse|skiftet (?:mail)?adresse|no longer|discontinued|"
    r"(?:mailbox|account|address) (?:is|has been|was) closed|has left|new e-?mail address",
    re.IGNORECASE,
)
_UNREAD = re.compile(
    r"(?:bruges|benyttes|anvendes|læses|lest|l(?:ae|e)ses|overvåges) ikke|not monitored|not in use|unattended",
    re.IGNORECASE,
)
_SHUT = re.compile(r"\b(?:lukket|closed)\b", re.IGNORECASE)
_FOR_A_TIME = re.compile(
    r"åbning|hverdag|helligdag|weekend|ferie|\bjul(?!i)|\b(?:nytår|påske|sommer)|\bkl\.|mellem|\bi uge \d|"
    r"\b(?:ind)?til (?:og med )?(?:den )?\d|kontortid|office hours|holiday|vacation|christmas|opening|until \d",
    re.IGNORECASE,
)
_SOMETHING_ELSE = re.compile(r"telefon|kontor|rådhus|borgerservice|phone|office", re.IGNORECASE)
_MAILBOX = re.compile(
    r"postkasse|indbakke|mail-?(?:adresse|boks|box)|(?:denne|this) (?:e-?)?(?:mail|adresse|address)|mailbox|account",
    re.IGNORECASE,
)

_NEAR = r"(?:(?![.!?;]\s).){0,80}?"  # within the sentence; an address has dots, too
_MAIL = r"\b(?:e-?)?(?:mail(?:en|s)?|messages?|besked(?:en)?|brev(?:et)?|letter)\b"
_KEPT = (
    rf"(?:hold(?:es|t|er)?\b{_NEAR}\btilbage|tilbagehold\w*|(?:held|kept)\b(?! (?:until|till) (?:I|we|my|our)\b)|"
    r"quarantined?|karantæne|not (?:yet )?(?:been )?deliver\w*|ikke (?:endnu )?(?:blevet )?(?:afleveret|leveret))\b"
)
_CHALLENGE = re.compile(
    rf"(?:{_MAIL}{_NEAR}\b{_KEPT}|\b(?:tilbagehold\w*|holding|held|quarantined) (?:your|the|din|den) {_MAIL}|"
    r"\bwhitelist|\ballow list|\bapproved senders|\bgodkendte afsendere)"
    r".{0,250}?(?:\bklik|\bclick|\blink\b|\breply|\bbesvar|\bconfirm|\bverif|\bbekræft)|"
    r"\bspam[ -]?(?:filter|protection).{0,250}?"
    rf"(?:\b(?:confirm|verif|bekræft)|\b(?:klik|click){_NEAR}\b(?:deliver|receive|release|frigiv|aflever|lever))|"
    rf"\b(?:bekræft|verif|confirm|prove)\w*\b{_NEAR}"
    rf"(?:\b(?:you are|you're|du (?:ikke )?er)\b{_NEAR}(?:menneske|human|sender|robot|person\b)|"
    r"\b(?:yourself|your|dig|din)\b(?:\W+\w+){0,2}?\W+(?:afsender|sender))",
    re.IGNORECASE,
)


def closed(text: str) -> bool:
    """Whether an automatic answer says that the mailbox is given up; that it is not read for a time, or that the
    telephones or the town hall are closed, says nothing of it."""
    if _GIVEN_UP.search(text):
        return True
    for said in re.split(r"(?<=[.!?])\s+(?=[A-ZÆØÅ])", text):
        for_a_time = _FOR_A_TIME.search(said)
        if _UNREAD.search(said) and not for_a_time:
            return True
        if _SHUT.search(said) and (_MAILBOX.search(said) or not (for_a_time or _SOMETHING_ELSE.search(said))):
            return True
    return False


def challenged(text: str) -> bool:
    """Whether a filter keeps the letter until somebody proves to it that a person wrote."""
    return bool(_CHALLENGE.search(text))
