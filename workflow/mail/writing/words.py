"""Danish words for dates, days and lists, and the washing of strings that people typed.

The filters of the letters. Dates come as ISO strings (Danish civil dates, never instants); a filter given anything
else raises ``ValueError`` or ``TypeError``, and the letter is quarantined rather than sent with a hole in it.
"""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from workflow.rules.days import MONTHS, spoken
from workflow.rules.endings import BREACHED_SAID

WIDTH = 76
_MONTH = "|".join(MONTHS)
_TIED = re.compile(
    rf"(§§?|\bstk\.|\bnr\.|\bkl\.|\bafsnit|\bden(?= \d)|,(?= stk\.)|\b\d+\.(?= (?:{_MONTH}))"
    rf"|\b(?:{_MONTH})(?= \d{{4}}\b)|\b(?:[A-ZÆØÅ]{{3,}}|[Ll]ov)(?= §| \d+/\d{{4}}))[ ](?=[\w§])"
)
_LEAD = re.compile(r"\s*(?:- )?")

# What a council's answer is called; everything here is short of an approval (law.md 3c).
ANSWERS = {
    "conditional": "har stillet betingelser (tæller ikke som godkendelse)",
    "rejected": "har afvist",
    "postponed": "har udsat sagen",
    "reset": "skal godkende igen, fordi teksten er ændret",
    "scheduled": "har sat sagen på dagsordenen",
}
# The same, told the day it happened: "Thisted Kommune har afvist at godkende version 3 af ...".
DECLINED = {
    "council-rejected": "har afvist at godkende",
    "council-conditional": "har stillet betingelser for at godkende",
    "council-postponed": "har udsat sagen om",
}
DECIDED = {
    "council-approved": "har godkendt",
    "council-remarks": "har med bemærkninger godkendt",
    "council-scheduled": "har sat på dagsordenen",
} | DECLINED
TILSTANDE = {
    "overdue": "overskredet",
    "upcoming": "kommer",
    "met": "opfyldt",
    "met_late": "opfyldt for sent",
    "lapsed": "bortfaldet",
    "breached": BREACHED_SAID,
    "undated": "uden dato",
    "passed": "dagen er gået",
}
HVILER_PAA = {"law": "lov", "guidance": "vejledning", "agreed": "aftalt", "practice": "praksis"}
BEARERS = {
    "regional-council": "Regionsrådet",
    "councils": "Alle råd",
    "municipality": "Kommunalbestyrelsen",
    "health-council": "Sundhedsrådet",
    "clusters": "Klyngerne",
    "piu": "Patientinddragelsesudvalget",
    "secretariat": "Sekretariatet",
}
FUNCTIONS = {
    "secretariat-region": "sekretariatet, regionen",
    "secretariat-municipal": "sekretariatet, kommunerne",
    "council": "rådets sekretariat",
    "cluster": "klyngesekretariatet",
    "piu": "patientinddragelsesudvalget",
    "chair": "udvalgets formand",
    "vice-chair": "udvalgets næstformand",
    "director": "direktøren",
}
DUTIES = {
    "shall": "bindende frist",
    "shall-guidance": "frist efter vejledning",
    "should": "anbefaling, ingen pligt",
    "agreed": "aftalt dato, ikke en lovbestemt frist",
    "none": "loven sætter ingen dato",
}


def dato(on: str) -> str:
    """``"lørdag den 1. juli 2023"``."""
    return spoken(date.fromisoformat(on))


def kort(on: str) -> str:
    """``"1. juli 2023"``."""
    return spoken(date.fromisoformat(on), weekday=False)


def dagen_foer(on: str) -> str:
    """The day before, as an ISO string: the last day of a period whose end is exclusive."""
    return (date.fromisoformat(on) - timedelta(days=1)).isoformat()


def dage(days: int) -> str:
    """How far away: ``"i dag"``, ``"i morgen"``, ``"om 12 dage"``, ``"i går"``, ``"for 8 dage siden"``."""
    if days in (-1, 0, 1):
        return ("i dag", "i morgen", "i går")[days]
    return f"om {days} dage" if days > 0 else f"for {-days} dage siden"


def om(subject: str) -> str:
    """What a date is about, where that is a year or a version: ``"2026"``, ``"version 1"``; empty for anything else."""
    if re.fullmatch(r"\d{4}", subject):
        return subject
    return f"version {subject[1:]}" if re.fullmatch(r"v\d+", subject) else ""


def trin(rung: str) -> str:
    """A reminder's place before or after its date: ``"30 dage før"``; empty for what tells an event."""
    if not re.fullmatch(r"[+-]\d+d", rung):
        return ""
    days = int(rung[:-1])
    if days == 0:
        return "på dagen"
    return f"{antal(abs(days), 'dag', 'dage')} {'før' if days < 0 else 'efter'}"


def antal(count: int, one: str, many: str) -> str:
    """``"1 kommunalbestyrelse"``, ``"11 kommunalbestyrelser"``."""
    return f"{count} {one if count == 1 else many}"


def stort(text: str) -> str:
    """The first letter made a capital, the rest left alone (``str.capitalize`` would lower the names)."""
    return text[:1].upper() + text[1:]


def shortened(text: str, longest: int) -> str:
    """``text`` cut at a word, with a sign that more stood there, where it is longer than ``longest`` characters."""
    if len(text) <= longest:
        return text
    head = text[: longest - 1]
    return (head[: head.rfind(" ")] if " " in head[longest // 2 :] else head).rstrip(" ,;:(–-") + "…"


def hjemmel(cites: Sequence[str]) -> str:
    """Provisions in one line; semicolons, since commas stand inside them."""
    return "; ".join(cites)


def pligt(duty: str, whose: str = "") -> str:
    """What binds: a rule, guidance, advice or only what was agreed. ``ValueError`` for an unknown duty."""
    if duty not in DUTIES:
        raise ValueError(f"duty {duty!r} is unknown; one of {', '.join(DUTIES)}")
    return DUTIES[duty].replace("vejledning", f"{whose} vejledning") if whose else DUTIES[duty]


def svar(state: str) -> str:
    """What a council that has not approved did, from the state's id or its Danish words; never an approval."""
    return ANSWERS.get(state, f"{state} (tæller ikke som godkendelse)")


def beslutning(event: str) -> str:
    """What a council decided instead of approving, from the fact's event; ``ValueError`` for any other event."""
    if event not in DECLINED:
        raise ValueError(f"event {event!r} is no council's answer; one of {', '.join(DECLINED)}")
    return DECLINED[event]


def besluttet(event: str) -> str:
    """What a council decided, whatever it was; ``ValueError`` for what is no decision."""
    if event not in DECIDED:
        raise ValueError(f"event {event!r} is no council's decision; one of {', '.join(DECIDED)}")
    return DECIDED[event]


def klokken(time: str) -> str:
    """``"kl. 12.00"`` from ``"12:00"``, Danish civil time; ``ValueError`` for anything else."""
    return f"kl. {datetime.strptime(time, '%H:%M'):%H.%M}"  # noqa: DTZ007 - a time of day has no zone


def adresse(link: str) -> str:
    """A link that is a plain web address, or ``ValueError``: what lands in ``href`` must not be a script."""
    if not re.fullmatch(r"https?://[^\s\"'<>]+", link):
        raise ValueError(f"link {link!r} is no web address")
    return link


FILTERS = {
    f.__name__: f
    for f in (
        dato,
        kort,
        dagen_foer,
        dage,
        antal,
        stort,
        hjemmel,
        pligt,
        svar,
        beslutning,
        besluttet,
        klokken,
        adresse,
    )
}


def invisible(text: str) -> list[str]:
    """Control, direction-changing and invisible characters, each once: they make a name read as another one."""
    return [
        sign
        for sign in dict.fromkeys(text)
        if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
    ]


def clean(text: str) -> str:
    """``text`` in NFC on one line without control, bidi or zero-width characters (delivery.md F39-F45)."""
    spaced = re.sub(r"[\s\u2028\u2029]+", " ", unicodedata.normalize("NFC", text))
    if not spaced.isprintable():  # which is what nearly all is, and much sooner told
        spaced = "".join(c for c in spaced if not unicodedata.category(c).startswith("C"))
    return spaced.strip()


def washed(value: Any) -> Any:
    """A copy of JSON-able facts with every string cleaned; keys are ours and left alone."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {key: washed(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [washed(item) for item in value]
    return value


def tied(text: str) -> str:
    """``text`` with no-break spaces where no line may break: ``§ 21``, ``BEK 1248/2022``, ``den 1. juli 2023``."""
    return "\n".join(map(_tied, text.split("\n")))


@lru_cache(8192)  # a letter to many says the same in most lines
def _tied(line: str) -> str:
    return _TIED.sub("\\1\N{NO-BREAK SPACE}", line)


def folded(text: str) -> str:
    """Plain text wrapped at :data:`WIDTH` columns, list items hanging, at most one empty line in a row.

    Lines break nowhere that :func:`tied` holds together, so that a date can be found by searching.
    """
    lines: list[str] = []
    for line in text.splitlines():
        lines += [line.rstrip()] if len(line) <= WIDTH else _wrapped(line)
    whole = "\n".join(lines).replace("\N{NO-BREAK SPACE}", " ")
    return re.sub(r"\n{3,}", "\n\n", whole).strip() + "\n"


@lru_cache(8192)
def _wrapped(line: str) -> list[str]:
    lead = _LEAD.match(line)
    assert lead is not None
    hang = " " * lead.end()
    tight = tied(line.rstrip())
    return textwrap.wrap(tight, WIDTH, subsequent_indent=hang, break_long_words=False, break_on_hyphens=False)
