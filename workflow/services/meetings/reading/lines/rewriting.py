"""A published text as this reader takes it: shapes that other programs, scanners and line breaks make of a day are
written as Danish ones before anything is read."""

from __future__ import annotations

import re

from workflow.rules.days import MONTHS
from workflow.services.meetings.reading.tokens import DAY_NAME, MONTH, month_of

_US = re.compile(r"(?<![\d/.-])(\d{1,2})/(\d{1,2})/(20\d\d)(?!\d)")
_BY_NAME = re.compile(rf"(?<![\d-])(\d{{1,2}})-({MONTH})-((?:20)?\d\d)(?!\d)", re.IGNORECASE)
_HALF_DAY = re.compile(r"\b(\d{1,2})[:.](\d{2})(?::\d{2})?\s*([ap])\.?m\b\.?", re.IGNORECASE)
_ISO_TIME = re.compile(r"\b(20\d\d-\d\d-\d\d)T(\d\d:\d\d)")
_SECONDS = re.compile(r"\b(\d{1,2}:\d{2}):\d{2}\b")
_SCANNED = re.compile(r"(?<![\w.])([\dOoIl]{1,2})\s?\.\s?([\dOoIl]{2})\s?\.\s?([\dOoIl]{4})(?!\w)")
_LETTERS = str.maketrans("OoIl", "0011")
_BROKEN = re.compile(r"([a-zæøå]{2,})[-\u00ad]\s*\n\s*([a-zæøå]{2,})")
_SOFT = re.compile("\u00ad(?!\\s*\\n)")  # says where a word may be parted, and parts none
_GLUED = re.compile(rf"\b({'|'.join((*MONTHS, *(name.title() for name in MONTHS)))})(?=[A-ZÆØÅ][a-zæøå])")
_PARTED_NAME = re.compile(r"(\w)\s+[–-]\s+og\s+(?=[A-ZÆØÅ]?\w*udvalg)")  # "Børne – og Skoleudvalget"
_COUNTED = r"(?:\w*resultat(?:er)?|\w*møder|hits?|poster|rækker|begivenheder|elementer|fundne)(?:\s+fundet)?"
_NO_DAY = (  # numbers of cases, documents and school years
    re.compile(r"(?<![\w.])\d{2}\.\d{2}\.\d{2}-[A-ZÆØÅ]\d+\S*"),
    re.compile(r"(?<![\w/])\d{2}/\d{3,}(?:-\d+)?(?![\w/])"),
    re.compile(r"(?<![\w-])(?:19|20)\d{2}-\d{4,}(?![\w-])"),
    re.compile(r"(?<!\w)(?:dok(?:ument)?|sags?|j|journal)\.?\s?nr\.?:?\s*\d\S*", re.IGNORECASE),
    re.compile(r"(?:\+45\s*)?(?<![\d.,/-])\d{2}(?: \d{2}){3}(?!\s*[\d.,/-])"),  # a telephone number
    re.compile(r"\bside\s+\d+(?:\s*(?:/|af)\s*\d+|\s*$)", re.IGNORECASE),
    re.compile(r"\bviser\s+\d+(?:\s*[-–]\s*\d+)?\s+af\s+\d+", re.IGNORECASE),
    re.compile(
        rf"^\W*(?:(?:viser|vi\s+fandt|der\s+er|i\s+alt|antal)\b:?\s*)?(?!20\d\d)\d+\s+{_COUNTED}\W*$",
        re.IGNORECASE,
    ),
    re.compile(rf"^\W*(?:antal\s+)?{_COUNTED}\s*[:(]?\s*(?!20\d\d)\d+\W*$", re.IGNORECASE),
)
_ALONE = re.compile(r"\s*[-–]?\s?(\d{1,2})\s?[-–]?\s*")
_A_DAY = re.compile(
    rf"(?<![\d.])\d{{1,2}}\s?[./-]\s?(?:0?[1-9]|1[0-2])(?!\d)|\d{{1,2}}\.?\s+(?:{MONTH})|"
    rf"\b(?:{DAY_NAME})\.?\s+(?:den\s+|d\.\s*)?\d{{1,2}}",
    re.IGNORECASE,
)
_MONTHS = re.compile(rf"\b(?:{MONTH})\b", re.IGNORECASE)
_SCHOOL_YEAR = re.compile(r"(?<![\d/.])(\d{2})/(\d{2})(?![\d/])")


_OF_YEAR = r"\d{1,2}(?:[./-]\d{1,2}[./-]|\.?\s+(?:" + MONTH + r")\.?\s+)(20\d\d)"
_PERIOD = re.compile(
    rf"(\b(?:\w*(?:periode|interval)|filter|fra\s+dato|vis(?:er)?\s+(?:alle\s+)?møder)\w*\b:?[^\d\n]{{0,20}}?)\b{_OF_YEAR}\s*(?:[-–—]|til(?:\s+dato)?:?)\s*(?:d(?:en|\.)\s*)?{_OF_YEAR}(?!\d)",
    re.IGNORECASE,
)


_SAME_DAY = re.compile(
    r"[\s,(–-]*\bsamme\s+(?:møde)?dag(?:en)?\s+som\s[^,;.)\n\t|]{2,60}\)?", re.IGNORECASE
)  # of another body
_BESIDES = re.compile(
    r"\s\+\s*(?:tema\w*|dialogmøde|orienteringsmøde|spørgetid)\b", re.IGNORECASE
)  # what else is held then
_PART = re.compile(  # of a meeting: "lukket møde kl. 16"
    r"[\s,(–-]*\blukket\s+(?:del|møde|dagsorden|punkter)\b(?:\s+(?:starter|begynder|fra))?(?:\s+kl\.?\s*\d[\d.:]*)?\)?(?!\s*:)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(r"<?\b(?:https?://|www\.)[^\s>|;\t]+>?")
_FIELD = re.compile(  # of the page's own form: "Vælg udvalg: Alle", "Vælg år: 2027" says the year
    r"^[^\w\n]*(?:sort[eé]r\w*(?:\s+efter)?:[^\d\n]*$|(?:nulstil|ryd|fold|skjul|fritekst)\b[^:\d\n]{0,20}$|"
    r"vis\b[^:\d\n]{0,15}\d{1,3}\s+(?:\w+\s+)?(?:pr\.?|per)\s+side$|"
    r"(?:vælg|filtr[eé]r|sort[eé]r|søg)\b[^:\d\n\[]{0,30}(?:$|:[ \t]*(?:alle\b[^\n\d]*$)?))",
    re.IGNORECASE | re.MULTILINE,
)
_DECIDED_THEN = re.compile(
    r",?\s+som\s+[^,.;:\d]{3,50}\s(?:godkendte|vedtog|besluttede|tiltrådte|fastlagde)\b[^,.;:\d]{0,40}\bd(?:en|\.)\s*\d{1,2}\.?\s*"
    r"[\w/-]+(?:\s+20\d\d)?",
    re.IGNORECASE,
)
_STREET = r"\b\w*(?:vej|gade|torv|plads|all[eé]|boulevard|stræde|vænge)(?:e?n|e?t)?"
_HOUSES = re.compile(
    rf"({_STREET})\s+(\d{{1,3}})[A-Z]?(?:\s?[-–]\s?(\d{{1,3}})[A-Z]?\b(?![./]\d|\.?\s*(?:{MONTH}))|(?=[,:]\s+\d))",
    re.IGNORECASE,
)  # "Skolevej 5-7", and "Torvegade 5, 12. januar"
_MARKED_UP = re.compile(r"!?\[([^\]\n]+)\]\([^)\n]*\)")  # "[Referat](https://...)"


def _spanned(found: re.Match[str]) -> str:
    """What a period says of the days in it is their year, where that is one: its ends are no meetings."""
    return f"{found[1]}{found[2]}" if found[2] == found[3] else found[1]


def _without_house(found: re.Match[str]) -> str:
    """A street without the numbers of its house, where they are those of a house and not a day and its month."""
    return found[1] if not found[3] or int(found[2]) < int(found[3]) else found[0]


def rewritten(text: str) -> str:
    """The text with every line still in its place; a day that a scanner may have spoilt gets a question mark."""
    text = _without_page_numbers(text)
    text = _american(_BROKEN.sub(_joined, _SOFT.sub("", text).replace("\u00a0", " ").replace("\u2011", "-")))
    text = _FIELD.sub("", _PART.sub("", text))
    text = _BESIDES.sub("", _SAME_DAY.sub("", _DECIDED_THEN.sub("", text)))
    text = _ADDRESS.sub(" ", _MARKED_UP.sub(r"\1", text))
    text = _PARTED_NAME.sub(r"\1- og ", text)
    text = _GLUED.sub(r"\1 ", text)
    text = _BY_NAME.sub(lambda found: f"{found[1]}. {found[2]} {_century(found[3])}", text)
    text = _HOUSES.sub(_without_house, text)
    text = _PERIOD.sub(_spanned, text)
    text = _ISO_TIME.sub(r"\1 \2", text)
    text = _HALF_DAY.sub(_clock, text)
    text = _SECONDS.sub(r"\1", text)
    text = _SCANNED.sub(_read_again, text)
    text = "\n".join(line if _MONTHS.search(line) else _without_numbers(line) for line in text.split("\n"))
    return _SCHOOL_YEAR.sub(lambda found: " " if 12 < int(found[2]) == int(found[1]) + 1 else found[0], text)


def _without_page_numbers(text: str) -> str:
    """Numbers alone on their lines, in a list that says nearly all its days in more than a number: those that count 1,
    2, 3 are the pages', and any others get a question mark."""
    lines = text.split("\n")
    alone = {at: int(found[1]) for at, line in enumerate(lines) if (found := _ALONE.fullmatch(line))}
    if sum(bool(_A_DAY.search(line)) for line in lines) < 2 * len(alone):
        return text
    counted = list(alone.values()) == list(range(1, len(alone) + 1))
    told = {at: "" if counted else f"{number} (?)" for at, number in alone.items()}
    return "\n".join(told.get(at, line) for at, line in enumerate(lines))


def _without_numbers(line: str) -> str:
    for number in _NO_DAY:
        line = number.sub(" ", line)
    return line


def _american(text: str) -> str:
    """Month before day, where some day of the text can be read in no other way and none in the Danish one alone."""
    pairs = [(int(first), int(second)) for first, second, _ in _US.findall(text)]
    if not any(second > 12 for _, second in pairs) or any(first > 12 for first, _ in pairs):
        return text
    return _US.sub(lambda found: f"{found[3]}-{int(found[1]):02}-{int(found[2]):02}", text)


def _century(year: str) -> str:
    return year if len(year) == 4 else f"20{year}"


def _clock(found: re.Match[str]) -> str:
    hour = int(found[1]) % 12 + 12 * (found[3].casefold() == "p")
    return f"{hour:02}:{found[2]}"


def _read_again(found: re.Match[str]) -> str:
    said = found[0]
    if said.translate(_LETTERS) == said:
        return said
    day, month, year = (part.translate(_LETTERS) for part in found.groups())
    return f"{day}.{month}.{year} (?)"


def _joined(found: re.Match[str]) -> str:
    """A month that a line break parted; the break comes after it."""
    whole = found[1] + found[2]
    is_month = re.fullmatch(MONTH, whole, re.IGNORECASE) and month_of(whole)
    return f"{whole}\n" if is_month else found[0]
