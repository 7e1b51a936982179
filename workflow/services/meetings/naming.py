"""Which council or committee is meant: by code, name or what people write instead ("Århus", "Aalborg Byråd", "851")."""

from __future__ import annotations

import difflib
import re
from datetime import date
from functools import lru_cache

from workflow.errors import Invalid
from workflow.language import phrase
from workflow.rules.agreement import Council
from workflow.rules.days import MONTHS
from workflow.storage.law.rulebook import Rulebook

_ABOUT = re.compile(
    r"\b(kommunes?|regionskommunes?|kommunalbestyrelsens?|byrådets?|byråds?|borgerrepræsentationen|regionsrådets?|"
    r"regionsråds?|region|i|by|council|k|kom)\b"  # Aalborg K., Aalborg Kom.
)
_OF_A_LIST = (  # "Plan, Miljø og" of "Plan, Miljø og Klimaudvalget"
    r"(?!(?i:Byråd|Kommunalbestyrelse|Regionsråd|Borgerrepr|Møde|\w*[Uu]dvalg|(?:Man|Tirs|Ons|Tors|Fre|Lør|Søn)dag"
    rf"|(?:{'|'.join(f'{name}|{name[:3]}' for name in map(str.title, MONTHS))})\b))[A-ZÆØÅ][\w-]*"
)
_MONTHS = "|".join(f"{name}|{name[:3]}" for name in MONTHS)
_ON_DAYS = (  # what is behind a name, and no part of it
    r"(?:man|tirs|ons|tors|fre)dag(?:e|ene|en)?|"
    rf"(?:man|tirs?|ons|tors?|fre|ma|ti|on|to|fr|{_MONTHS})(?=\.?\s*(?:d(?:en|\.)\s*)?\d)"
)
_COMMITTEE = re.compile(
    rf"(?-i:\b[Uu]dvalget\s+{_OF_A_LIST}(?:,\s+{_OF_A_LIST})*\s+(?:og|&)\s+{_OF_A_LIST})"  # "Udvalget Teknik og Miljø"
    rf"|(?-i:\b[Ss]undhedsråd(?:et)?(?:s\b)?(?:\s+(?:for\s+)?{_OF_A_LIST}(?:\s+(?:og\s+)?{_OF_A_LIST})?)?)"
    rf"|(?:(?-i:\b(?:{_OF_A_LIST},\s+)*{_OF_A_LIST}\s+(?:og|&)\s+))?"
    r"(?:(?-i:(?!Alle\b|Hele\b|Samtlige\b)[A-ZÆØÅ][a-zæøå]+(?:isk|ske|lt|le|nt|nte)\s+)(?=udvalg))?"
    r"(?:[\w-]+(?:-,|-)\s+(?:[\w-]+-\s+)?(?:og|&)\s+)?[\w-]*(?<!for)udvalg(?:et)?(?:s\b)?(?!s(?:værelse|lokale|formand|medlem|sekretær))"
    rf"(?:\s+for\s+(?:(?:det|den)\s+)?(?:(?-i:[a-zæøå]+(?:e|al|isk|el|ig|nt))\s+)?(?:(?!\d|(?:kl|lokale|mødelokale|sal|holder|mødes|har|møde|{_ON_DAYS})\b)(?:(?-i:[a-zæøå]+(?:e|al|isk|ig|nt|øn))\s+(?=(?!(?:holder|mødes|har|møde|kl|og|{_ON_DAYS})\b)[a-zæøå]))?[\w-]+(?:,\s|\s+(?:og|&)\s+)?)+?"
    rf"(?=\s+(?:holder|mødes|har|møde|kl)\b|,?\s+(?:{_ON_DAYS})\b|,\s+(?:kl|lokale|mødelokale|sal)\b|\s*[:.;(|\t]|\s*$|,?\s+\d|\s+[-–|/]))?"
    r"|(?-i:(?:[A-Z][\w-]*\s+(?:(?:and|&)\s+)?)+Committee)|\bmagistraten?\b|‹[^›]+›",
    re.IGNORECASE,
)
_ITSELF = re.compile(
    r"\b(byråd(?!ss|svalg)\w*|kommunalbestyrelse(?!svalg|n?s?sal)\w*|regionsråd(?!svalg|ssal)\w*|borgerrepræsentation\w*|rådet(?!\s+for\s+[^\W\d]))\b",
    re.IGNORECASE,
)
_ITS_COMMITTEE = re.compile(
    r"\b(?:byrådets|kommunalbestyrelsens|regionsrådets|borgerrepræsentationens)(?=(?:\s+[\w-]+,?){0,3}?\s+[\w-]*udvalg)",
    re.IGNORECASE,
)
_BARE = re.compile(r"([Uu])dvalg(?:s|ets)?(?=$| for )")  # the article is added
_TITLED = re.compile(r"((?:isk|ske|lt|le|nt|nte) [Uu]dvalg)(?:s|ets?)?$")  # and here taken off
_CUT = re.compile(r"(?:[\w-]+(?:-,|-)\s+(?:[\w-]+-\s+)?og\s+)?[\w-]*udvalg\w*(?: for [^&]*$)?", re.IGNORECASE)
_ANY = re.compile(r"(?:fag|stående |politiske )?udvalg(?:et)?", re.IGNORECASE)
SHORT_NAMES = {"KB": "Kommunalbestyrelsen", "RR": "Regionsrådet", "ØU": "Økonomiudvalget"}
"""What everybody writes short; any other short name must be explained by its text."""

_SPELT = (
    str.maketrans({"å": "aa", "æ": "ae", "ø": "oe", "ü": "u", "é": "e"}),
    str.maketrans({"å": "a", "æ": "a", "ø": "o", "ü": "u", "é": "e"}),
)


class Names:
    """Every council there is, by anything it may be called; each name means one council or none."""

    def __init__(self, rulebook: Rulebook) -> None:
        self._councils: dict[str, Council] = {}
        self._regions: dict[str, set[str]] = {}
        for region in rulebook.regions:
            for day in {region.valid_from, region.valid_to or date.max}:
                for party in rulebook.parties(region.id, day):
                    self._councils[party.code] = party
                    self._regions.setdefault(party.code, set()).add(region.id)
        self._known: dict[str, str] = {}
        unsure: set[str] = set()
        said = [(c.code, c.name) for c in self._councils.values()]
        said += [(m.code, m.name) for m in rulebook.memberships]
        said += [(r.code or r.id, name) for r in rulebook.regions for name in (r.id, r.short, r.name)]
        for code, name in said:
            for form in _forms(name):
                if self._known.setdefault(form, code) != code:
                    unsure.add(form)
        for form in unsure:
            del self._known[form]

    def find(self, said: str) -> Council:
        """The council that is meant; :class:`Invalid` says which it could have been."""
        text = said.strip()
        if code := self.code_of(text):
            return self._councils[code]
        names = sorted({council.name for council in self._councils.values()})
        near = difflib.get_close_matches(text, names, 3, 0.5)
        raise Invalid(
            phrase("%(said)s er ikke et råd; mente du %(near)s?", said=repr(said), near=" eller ".join(near))
            if near
            else phrase(
                "%(said)s er ikke et råd; skriv rådets kode (f.eks. 0851) eller navn", said=repr(said)
            )
        )

    def code_of(self, said: str) -> str:
        """The code of the council that is meant; ``""`` where it is none."""
        code = said.zfill(4) if said.isascii() and said.isdigit() else said.casefold()
        if code in self._councils:
            return code
        return next((self._known[form] for form in _forms(said) if form in self._known), "")

    def name(self, code: str) -> str:
        """What the council with this code is called."""
        return self._councils[code].name

    def regions(self, code: str) -> set[str]:
        """The regions the council belongs or has belonged to."""
        return self._regions.get(code, set())


def _forms(name: str) -> list[str]:
    """The name as compared: without what surrounds it, its accents and its genitive."""
    plain = " ".join(_ABOUT.sub(" ", re.sub(r"[.,\-_/]", " ", name.casefold())).split())
    found = []
    for spelt in _SPELT:
        form = plain.translate(spelt)
        form = form.replace(" ", "")
        found += [
            form,
            form.removesuffix("s"),
            form.replace("aa", "a"),
            form.replace("aa", "a").removesuffix("s"),
        ]
    return [form for form in dict.fromkeys(found) if form]


def organ(said: str) -> str:
    """A committee's name as it is kept; empty where the council itself is meant."""
    plain = " ".join(said.split()).strip(" :.-–,")
    plain = SHORT_NAMES.get(plain, plain)
    if found := _COMMITTEE.search(plain):
        if found[0][0] == "‹":
            return found[0]
        whole = found[0].strip(" ,:-–")
        name = _TITLED.sub(r"\1", whole) if _TITLED.search(whole) else _BARE.sub(r"\1dvalget", whole)
        return in_small(name) if name.isupper() else name[:1].upper() + name[1:]
    return "" if _ITSELF.search(plain) or not plain else plain


def in_small(name: str) -> str:
    """A name in capitals as it is written elsewhere: "Børne- og Ungeudvalget"."""
    return re.sub(r"(?<![^\W_])(?!(?:og|for|i)\b)\w", lambda found: found[0].upper(), name.lower())


_CALLED = re.compile("‹[^›]+›")
_ASKED = "¿"
_SIGNS = str.maketrans({"‹": None, "›": None, _ASKED: None})


def called_as(said: str, *, asked: bool = False) -> str:
    """A name that a list itself says is a committee's ("Børn og Undervisning" below "Fagudvalg"), as every part of the
    reader knows it for one; :func:`bare_name` is how it is kept. ``asked``: whether it is one, a person must say."""
    return f"‹{said}{_ASKED * asked}›"


def is_asked(name: str) -> bool:
    """Whether a name as :func:`called_as` gives it is one about which a person must be asked."""
    return _ASKED in name


def bare_name(said: str) -> str:
    """A committee's name, or words that have one in them, without the signs of :func:`called_as`."""
    return said.translate(_SIGNS)


def called_now(stored: str) -> str:
    """Today's name of a committee that was stored under a name an earlier version read: "Økonomiudvalg"."""
    return organ(stored) or stored


def cut_off(name: str) -> str:
    """What earlier versions left of a committee's name ("Klimaudvalget" of "Plan, Miljø og Klimaudvalget", "Udvalg" of
    "Teknisk Udvalg"), by today's spelling; the name itself where they left it whole."""
    found = _CUT.search(name)
    return called_now(found[0]) if found else name


def any_committee(said: str) -> bool:
    """Whether a name as it is kept says of no committee which it is: "udvalgene", "fagudvalgene"."""
    return bool(_ANY.fullmatch(said))


@lru_cache(maxsize=4096)
def names_organ(said: str) -> bool:
    """Whether these words name a council or a committee."""
    return bool(_COMMITTEE.search(said) or _ITSELF.search(said))


def whole_council(said: str) -> bool:
    """Whether these words are the council itself and name no committee."""
    return bool(_ITSELF.search(said)) and not _COMMITTEE.search(said)


def without_organs(text: str) -> str:
    """The text without the names of councils and committees."""
    return _ITSELF.sub(" ", _COMMITTEE.sub(" ", re.sub(r"udvalgenes?\b", "udvalget", text)))


def whose_all(said: str) -> list[str]:
    """Each body that a name of a meeting's names, once; "Byrådets Økonomiudvalg" is one committee."""
    return list(dict.fromkeys(who for _, who in organs_in(_ITS_COMMITTEE.sub(" ", said))))


def organs_in(text: str) -> list[tuple[int, str]]:
    """Every council and committee the text names, by the place of its last sign; "" is the council itself."""
    committees = [(found.end(), organ(found[0])) for found in _COMMITTEE.finditer(text)]
    rest = _CALLED.sub(lambda found: " " * len(found[0]), text)
    return sorted([*committees, *((found.end(), "") for found in _ITSELF.finditer(rest))])
