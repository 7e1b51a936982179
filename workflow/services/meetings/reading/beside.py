"""Lines of a published list that are about another thing than its meetings: when it was changed and by whom, whom to
call, the holidays. What was decided with a change is not beside."""

from __future__ import annotations

import re

from workflow.services.meetings.naming import names_organ
from workflow.services.meetings.reading.page import Page
from workflow.services.meetings.reading.proposing import AWAY, GONE, MOVED
from workflow.services.meetings.reading.tokens import MONTH, dates_in, months_in

BESIDE = re.compile(
    r"©|\b(opdateret|ændret den|senest ændret|telefon|tlf|cvr|vedtaget|godkendt|offentliggjort|udskrevet|publiceret|"
    r"redigeret|sendt(?=:)|(?<!\befter )(?<!\bfør )(?<!\binden )\b\w*ferie\w*|"
    r"helligdag\w*|copyright|sagsnr|dok\.?nr|journalnr|borgermøde\w*|side \d+ af)\b", re.IGNORECASE,
)  # fmt: skip


OF_ANOTHER_YEAR = re.compile(
    r"©|\bcopyright\b|\b(?:tidligere|forrige|gamle|afholdte)\b|\barkiv|\bkan\s+(?:du\s+)?(?:også\s+)?(?:ses?|findes?|læses?|hentes?)\b"
    r"|\b(?:vedtages|besluttes|offentliggøres)\b|\bperiode\w*\b.*20\d\d\s*[-–]",
    re.IGNORECASE,
)
"""What tells a year and not that of the days below it: "Mødekalenderen for 2026 kan ses her"."""
_BUT = re.compile(r"\bmed\s+(?:den|de|følgende)\s+ændring\w*|\bdog\b", re.IGNORECASE)
"""What was decided with a change: the line that tells the decision tells of meetings too."""
_IF_DECIDED = re.compile(
    r"\W*(?:man|tirs|ons|tors|fre)dag\s(?:d(?:en|\.)\s*)?\d.*\b(?:vedtaget|godkendt|offentliggjort|publiceret)\b"
    r"|\W*\d{1,2}\.?\s+\w+(?:\s+20\d\d)?\s*:.*\b(?:behandling|møde\w*)\b", re.IGNORECASE
)  # fmt: skip
_DAY_OF_A_MONTH = re.compile(rf"(?:\d{{1,2}}\.?(?:,|\s+og|\s*[-–])?\s+)+(?:{MONTH})\b", re.IGNORECASE)
_DECIDED = re.compile(  # "Vedtaget af Byrådet den 26. oktober 2026"
    r"\W*(?:vedtaget|godkendt|besluttet|tiltrådt|fastlagt)\s+(?:af|i|på)\s[^\d:.]{3,60}\d[\d./-]*\.?(?:\s*\w+\.?\s*20\d\d|20\d\d)?\W*",
    re.IGNORECASE,
)


def is_beside(page: Page, line: str) -> bool:
    """Whether a line with such a word is about another thing than a meeting. What was decided with a change is not, and
    then the change may be of any day."""
    if not BESIDE.search(line):
        return False
    if _BUT.search(line) and (months_in(line) or dates_in(line, 2000)):
        if not _tells_change(line):
            page.excepting = line[:60]
        return False
    if _DECIDED.fullmatch(line):
        return True
    named = names_organ(line.split(":", maxsplit=1)[0])
    return not (named or MOVED.search(line) or _IF_DECIDED.match(line))


def _tells_change(line: str) -> bool:
    """Whether a line calls off or moves meetings by their days alone: then it is of no other."""
    apart = months_in(_DAY_OF_A_MONTH.sub(" ", line))
    told = dates_in(line, 2000) and any(word.search(line) for word in (GONE, MOVED, AWAY))
    return bool(told) and not apart
