"""Danish words for dates, days and lists, and the washing of strings that people typed.

The filters of the letters. Dates come as ISO strings (Danish civil dates, never instants); a filter given anything
else raises ``ValueError`` or ``TypeError``, and the letter is quarantined rather than sent with a hole in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from workflow.language import MONTHS, SOURCE, in_words, ngettext, noted, spoken_now, worded
from workflow.language import gettext as _
from workflow.rules.endings import BREACHED_SAID

MARK = (
    "\ue000"  # around what is filled in later (shared.py); :func:`clean` takes it out of all that people type
)
_MONTH = "|".join(MONTHS)
_TIED = re.compile(
    rf"(§§?|\bstk\.|\bnr\.|\bkl\.|\bafsnit|\bden(?= \d)|,(?= stk\.)|\b\d+\.(?= (?:{_MONTH}))"
    rf"|\b(?:{_MONTH})(?= \d{{4}}\b)|\b(?:[A-ZÆØÅ]{{3,}}|[Ll]ov)(?= §| \d+/\d{{4}}))[ ](?=[\w§])"
)

# Who chairs a council; "formanden" where a country's councils are others.
HEADS = {"regionsråd": noted("regionsrådsformanden"), "kommunalbestyrelse": noted("borgmesteren")}

# What a council's answer is called; everything here is short of an approval (O-31).
ANSWERS = {
    "conditional": noted("har stillet betingelser (tæller ikke som godkendelse)"),
    "rejected": noted("har afvist"),
    "postponed": noted("har udsat sagen"),
    "reset": noted("skal godkende igen, fordi teksten er ændret"),
    "scheduled": noted("har sat sagen på dagsordenen"),
}
# The same, told the day it happened: "Thisted Kommune har afvist at godkende version 3 af ...".
DECLINED = {
    "council-rejected": noted("har afvist at godkende"),
    "council-conditional": noted("har stillet betingelser for at godkende"),
    "council-postponed": noted("har udsat sagen om"),
}
DECIDED = {
    "council-approved": noted("har godkendt"),
    "council-remarks": noted("har med bemærkninger godkendt"),
    "council-scheduled": noted("har sat på dagsordenen"),
} | DECLINED
TILSTANDE = {
    "overdue": noted("overskredet"),
    "upcoming": noted("kommer"),
    "met": noted("opfyldt"),
    "met_late": noted("opfyldt for sent"),
    "lapsed": noted("bortfaldet"),
    "breached": BREACHED_SAID,
    "undated": noted("uden dato"),
    "passed": noted("dagen er gået"),
}
HVILER_PAA = {
    "law": noted("lov"),
    "guidance": noted("vejledning"),
    "agreed": noted("aftalt"),
    "practice": noted("praksis"),
}
BEARERS = {
    "regional-council": noted("Regionsrådet"),
    "councils": noted("Alle råd"),
    "municipality": noted("Kommunalbestyrelsen"),
    "health-council": noted("Sundhedsrådet"),
    "clusters": noted("Klyngerne"),
    "piu": noted("Patientinddragelsesudvalget"),
    "secretariat": noted("Sekretariatet"),
}
FUNCTIONS = {
    "secretariat-region": noted("sekretariatet, regionen"),
    "secretariat-municipal": noted("sekretariatet, kommunerne"),
    "council": noted("rådets sekretariat"),
    "cluster": noted("klyngesekretariatet"),
    "piu": noted("patientinddragelsesudvalget"),
    "chair": noted("udvalgets formand"),
    "vice-chair": noted("udvalgets næstformand"),
    "director": noted("direktøren"),
}
DUTIES = {
    "shall": noted("bindende frist"),
    "shall-guidance": noted("frist efter vejledning"),
    "should": noted("anbefaling, ingen pligt"),
    "agreed": noted("aftalt dato, ikke en lovbestemt frist"),
    "fact": noted("dato efter loven, ingen skal gøre noget"),
    "none": noted("loven sætter ingen dato"),
}


def dato(on: str) -> str:
    """``"lørdag den 1. juli 2023"``."""
    return in_words(date.fromisoformat(on))


def kort(on: str) -> str:
    """``"1. juli 2023"``."""
    return in_words(date.fromisoformat(on), weekday=False)


def dagen_foer(on: str) -> str:
    """The day before, as an ISO string: the last day of a period whose end is exclusive."""
    return (date.fromisoformat(on) - timedelta(days=1)).isoformat()


def dage(days: int) -> str:
    """How far away: ``"i dag"``, ``"i morgen"``, ``"om 12 dage"``, ``"i går"``, ``"for 8 dage siden"``."""
    if days in (-1, 0, 1):
        return (_("i dag"), _("i morgen"), _("i går"))[days]
    if days > 0:
        return ngettext("om %(days)d dag", "om %(days)d dage", days) % {"days": days}
    return ngettext("for %(days)d dag siden", "for %(days)d dage siden", -days) % {"days": -days}


def om(subject: str) -> str:
    """What a date is about, where that is a year or a version: ``"2026"``, ``"version 1"``; empty for anything else."""
    if re.fullmatch(r"\d{4}", subject):
        return subject
    return _("version %(number)s") % {"number": subject[1:]} if re.fullmatch(r"v\d+", subject) else ""


def trin(rung: str) -> str:
    """A reminder's place before or after its date: ``"30 dage før"``; empty for what tells an event."""
    if not re.fullmatch(r"[+-]\d+d", rung):
        return ""
    days = int(rung[:-1])
    if days == 0:
        return _("på dagen")
    if days < 0:
        return ngettext("%(days)d dag før", "%(days)d dage før", -days) % {"days": -days}
    return ngettext("%(days)d dag efter", "%(days)d dage efter", days) % {"days": days}


def antal(count: int, one: str, many: str) -> str:
    """``"1 kommunalbestyrelse"``, ``"11 kommunalbestyrelser"``; the catalogues know the pair."""
    return f"{count} {ngettext(one, many, count)}"


def stort(text: str) -> str:
    """The first letter made a capital, the rest left alone (``str.capitalize`` would lower the names). ``ValueError``
    where a :data:`MARK` stands first, of which nobody knows yet what it will be."""
    if text.startswith(MARK):
        raise ValueError("what is filled in later cannot be made a capital")
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
    if whose and duty == "shall-guidance":
        return _("frist efter %(whose)s vejledning") % {"whose": whose}
    return worded(DUTIES[duty])


def svar(state: str) -> str:
    """What a council that has not approved did, from the state's id or its Danish words; never an approval."""
    if state in ANSWERS:
        return worded(ANSWERS[state])
    return _("%(state)s (tæller ikke som godkendelse)") % {"state": worded(state)}


def beslutning(event: str) -> str:
    """What a council decided instead of approving, from the fact's event; ``ValueError`` for any other event."""
    if event not in DECLINED:
        raise ValueError(f"event {event!r} is no council's answer; one of {', '.join(DECLINED)}")
    return worded(DECLINED[event])


def besluttet(event: str) -> str:
    """What a council decided, whatever it was; ``ValueError`` for what is no decision."""
    if event not in DECIDED:
        raise ValueError(f"event {event!r} is no council's decision; one of {', '.join(DECIDED)}")
    return worded(DECIDED[event])


def klokken(time: str) -> str:
    """``"kl. 12.00"`` from ``"12:00"``, Danish civil time; ``ValueError`` for anything else."""
    at = datetime.strptime(time, "%H:%M")  # noqa: DTZ007 - a time of day has no zone
    return _("kl. %(time)s") % {"time": f"{at:%H.%M}"}


def fylder(octets: int) -> str:
    """The size of a file: ``"38 kB"``, from a thousand kB ``"1,4 MB"``."""
    if octets < 1_024_000:
        return f"{max(1, round(octets / 1024))} kB"
    said = f"{octets / 1024**2:.1f} MB"
    return said.replace(".", ",") if spoken_now() == SOURCE else said


def adresse(link: str) -> str:
    """A link that is a plain web address, or ``ValueError``: what lands in ``href`` must not be a script."""
    if not re.fullmatch(r"https?://[^\s\"'<>]+", link):
        raise ValueError(f"link {link!r} is no web address")
    return link


def formand(words: Mapping[str, Mapping[str, str]] | None, regional: bool) -> str:
    """Who chairs the recipient's council, by what ``words`` of the regime call it (none: an old letter's, Danish)."""
    usual = "regionsråd" if regional else "kommunalbestyrelse"
    body = (words or {}).get("regional" if regional else "council", {}).get("da", usual)
    return worded(HEADS.get(body, noted("formanden")))


FILTERS = {
    f.__name__: f
    for f in (
        formand,
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
        fylder,
    )
}


@lru_cache(16384)  # of a letter's 150 strings nearly all stand in the next one too
def clean(text: str) -> str:
    """``text`` in NFC on one line without control, bidi or zero-width characters (F39 to F45 of docs/faults.md)."""
    spaced = re.sub(r"[\s\u2028\u2029]+", " ", unicodedata.normalize("NFC", text))
    if not spaced.isprintable():  # which is what nearly all is, and much sooner told
        kept = "".join(c for c in spaced if not unicodedata.category(c).startswith("C"))
        spaced = re.sub(" +", " ", kept)  # what stood between two spaces is gone
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
