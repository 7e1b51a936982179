"""Names that a body may have though no word in them says that it is one: "Børn og Unge", "Ældrerådet". Whether a name
is one the place where it stands must tell (:mod:`bodies`). Pure."""

from __future__ import annotations

import re

from workflow.services.meetings.naming import in_small, names_organ, without_organs
from workflow.services.meetings.reading.proposing import AGENDA, GONE, OTHER_MEETING
from workflow.services.meetings.reading.tokens import DAY_NAME, MONTH, months_in, without_times
from workflow.services.meetings.reading.vocabulary import (
    OF_AGENDAS,
    OF_HEADINGS,
    OF_HOLIDAYS,
    OF_MEETINGS,
    OF_RULES,
    OF_SUBJECTS,
    OF_TOPICS,
)

_WORD = r"[A-ZÆØÅa-zæøåé][a-zæøåé-]+"
_PART = rf"{_WORD}(?: [a-zæøåé-]+){{0,3}}?"
SUBJECTS = re.compile(rf"[A-ZÆØÅ][a-zæøåé-]+(?: [a-zæøåé-]+){{0,2}}?(?:(?:,| &|,? og| ?/) ?{_PART}){{1,5}}:?")
_OWN = re.compile(  # "Ældrerådet", "Ældre- og Handicapråd", "Råd for socialt udsatte", "Det grønne råd"
    r"(?:(?:Det|Den)\s+[\w-]+\s+|(?:[A-ZÆØÅ][\w-]*(?:-,|-|,)?\s+(?:(?:og|&)\s+)?){0,3})"
    r"[\w-]*(?:råd(?:et)?|nævn(?:et)?|kommission(?:en)?|bestyrelsen?)(s?)"
    r"(?:\s+(?:for|mod|vedrørende|i)\s+[^\W\d][^\d.;:|\t]{2,50})?",
    re.IGNORECASE,
)
_KIND_ALONE = re.compile(r"(?:råd|nævn|kommission(?:er)?|bestyrelser?|udvalg)(?:et|ene|erne)?", re.IGNORECASE)
_CALENDAR = re.compile(
    rf"(?:{MONTH}|{DAY_NAME}|forår|sommer|efterår|vinter|jul|påske|pinse)\w*|\d.*", re.IGNORECASE
)
_ANOTHER = re.compile(  # what is held, and by no body, and where
    r"\w*(?:dag|møde|seminar|frokost|kursus|kurs|konference|ferie|frist|klub|forening|selskab|afslutning|reception|"
    r"rejse|besøg|træf|workshop|deadline|samling|høring|debat|orientering|gruppe|introduktion|åbning|arrangement)"
    r"(?:e?n|e?t|e|er|ne|ene|erne|s|ets|ens)?|(?:\w*(?:studie|sommer|efterårs|bus)|ud)?ture?n?|ud(?:flugt|valgstur)\w*|"
    rf"\w*(?:sal(?:en)?|hus(?:et)?|lokaler?|lokalet|værelse)|{OTHER_MEETING}",
    re.IGNORECASE,
)
_KNOWN = (OF_MEETINGS | OF_HEADINGS | OF_HOLIDAYS | OF_AGENDAS | OF_RULES | OF_TOPICS) - frozenset(
    "økonomi plan politik".split()  # subjects too
)
_JOINING = frozenset("og for det den de af i med samt".split())
_OF_A_LIST = (
    r"(?:politisk\w*|ordinære|møde(?:r|rne|t)?|møde(?:datoer|dage|plan|planen|kalender|kalenderen|oversigt|tider)|datoer|"
    r"kalender|plan|oversigt|dato)"
)
_BEFORE_NAME = re.compile(
    rf"\W*(?:(?:{_OF_A_LIST}(?:\s+(?:i|for))?|20\d\d|(?:udvalg|organ|råd|navn)(?=:))(?!\w)[\s:.–-]*)+(?=(?-i:[A-ZÆØÅ]))",
    re.IGNORECASE,
)
_BEHIND_NAME = re.compile(
    rf"(?:[\s:,.–()-]*\(\s*(?:kl|{DAY_NAME})[^)]*\)?)?[\s:,.–()-]*"  # "(kl. 17.00, Rådssalen)"
    rf"(?:(?<![\w-])(?:(?<!\bog )(?<!& )(?<!, ){_OF_A_LIST}|20\d\d|i|mødes|(?:man|tirs|ons|tors|fre)dage?|kl\.?)\b"
    r"[\s:,.–()-]*)*$",
    re.IGNORECASE,
)
_LONGEST = 9  # words of a name


def name_in(said: str) -> tuple[str, str]:
    """What may be a body's name in words that say no more than that, and when or what is listed ("Møder i Børn og Unge
    2027, kl. 15"), as it stands there and as it is kept; two empty strings where they say more."""
    plain = without_times(said)
    begin = found.end() if (found := _BEFORE_NAME.match(plain)) else 0
    end = found.start() if (found := _BEHIND_NAME.search(plain, begin)) else len(plain)
    own = plain[begin:end].strip(" *•·–:.,")
    if not own or len(own.split()) > _LONGEST or re.search(r"\d", own) or own not in said:
        return "", ""
    name = in_small(own) if own.isupper() and len(own) > 5 else own
    found = _OWN.fullmatch(name)
    if found and found[1] and re.search(r"(?:et|en)s$", name):
        name = name[:-1]
    return own, name


def says_body(name: str) -> bool:
    """Whether a name says itself that it is a body's, and not the council's: "Ældrerådet", "Bevillingsnævnet"."""
    return bool(
        _OWN.fullmatch(name)
        and not _KIND_ALONE.fullmatch(name)
        and not names_organ(name)
        and not any(_ANOTHER.fullmatch(word) for word in re.findall(r"[\w-]+", name))
    )


def says_subjects(name: str) -> bool:
    """Whether a name is one of subjects ("Teknik", "Børn, Unge og Læring") of which no word is about lists, days or
    what else is held."""
    return name[:1].isupper() and (
        name.casefold() in OF_SUBJECTS or (bool(SUBJECTS.fullmatch(name)) and _is_unknown(name))
    )


def may_be_body(name: str) -> bool:
    """Whether a name may be a body's where a list says that a body stands: none of its words is about another thing."""
    return len(name.split()) <= _LONGEST and name[:1].isupper() and _is_unknown(name)


def _is_unknown(name: str) -> bool:
    words = re.findall(r"[\w-]+", name)
    return (
        not names_organ(name)
        and not months_in(name)
        and not (AGENDA.search(name) or GONE.search(name))
        and all(
            word.casefold() in _JOINING
            or not (
                word.casefold() in _KNOWN
                or _CALENDAR.fullmatch(word)
                or _ANOTHER.fullmatch(word)
                or _KIND_ALONE.fullmatch(word)
            )
            for word in words
        )
    )


def is_organ(said: str) -> bool:
    """Whether words are the name of a council or committee and nothing else."""
    name = name_in(said)[1]
    return bool(name) and names_organ(name) and not re.search(r"\w{2,}", without_organs(name))
