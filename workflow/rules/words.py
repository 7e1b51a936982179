"""What a regime's document, its parties, its authority and its acts are called, in the forms Danish sentences need.

Letters, explanations and pages take their nouns and verbs from here, so that no file of the program names one kind of
agreement. Where a rule set was kept before it said any, :data:`NEUTRAL` is used: less is said, and nothing wrong.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from workflow.language import SOURCE, Phrase, enumerated, phrase, spoken_now, worded
from workflow.values import dataclass

_NAMED = re.compile(r"\{(\w+)(?:\.(\w+))?\}")
_VALUE = re.compile(r"%\((\w+(?:\.\w+)?)\)")


@dataclass(frozen=True, slots=True)
class Noun:
    """``da`` the bare form ("rammeaftale"), ``definite`` ("rammeaftalen"), ``genitive`` of the definite
    ("rammeaftalens"), ``plural`` ("rammeaftaler"), ``plurals`` the definite plural ("rammeaftalerne"),
    ``short`` what a sentence calls it the second time ("aftalen"). A name of one thing has the same in most."""

    da: str
    definite: str
    genitive: str
    plural: str
    plurals: str
    short: str
    en: str


def noun(da: str, definite: str = "", **forms: Any) -> Noun:
    """A noun from its bare form; what is not given is the definite form, its genitive with an s."""
    definite = definite or da
    genitive = f"{definite}{chr(39) if definite.isupper() else ''}s"  # KKR's, Boligstyrelsens
    usual = {"genitive": genitive, "plural": da, "plurals": definite, "short": definite, "en": definite}
    return Noun(da, definite, **(usual | {key: said for key, said in forms.items() if said}))


@dataclass(frozen=True, slots=True)
class Verb:
    """``da`` the infinitive ("indsende"), ``present`` ("indsender"), ``done`` ("indsendt"), ``told`` the imperative
    ("indsend"), ``passive`` ("indsendes"), ``act`` the act as a noun ("indsendelse")."""

    da: str
    present: str
    done: str
    told: str
    passive: str
    act: str
    en: str


_COUNCIL = noun(
    "kommunalbestyrelse", "kommunalbestyrelsen", plural="kommunalbestyrelser", en="municipal council"
)
_REGIONAL = noun("regionsråd", "regionsrådet", plural="regionsråd", en="regional council")


@dataclass(frozen=True, slots=True)
class Words:
    """The words of one regime. ``authority`` is whom the document is sent to, ``committee`` who follows it up,
    ``parties`` who must stand behind it ("regionsrådet og alle kommunalbestyrelser"), ``submit`` the act that ends
    the round, ``council`` the elected body of a municipality, ``regional`` that of the region around it."""

    document: Noun
    authority: Noun
    committee: Noun
    parties: Noun
    submit: Verb
    council: Noun = _COUNCIL
    regional: Noun = _REGIONAL

    @property
    def now(self) -> Words:
        """The same in the language of the moment."""
        if spoken_now() == SOURCE:
            return self
        told = in_language(asdict(self))
        nouns = {name: Noun(**word) for name, word in told.items() if name != "submit"}
        return Words(**nouns, submit=Verb(**told["submit"]))

    def said(self, text: str) -> str:
        """``text`` with its words: ``{document}`` is the definite form, ``{authority.genitive}`` another. A sentence
        that begins with one begins with a capital. :class:`ValueError` for a word there is none of."""
        said = _NAMED.sub(self._word, text)
        return capital(said) if text.startswith("{") else said

    def phrase(self, message: str, **values: Any) -> Phrase:
        """``message`` with the words it names, as ``%(document.short)s`` (``%(Authority)s`` begins with a capital), and
        its other ``values``: to be said in any language. :class:`ValueError` for a word there is none of."""
        named = {key: self._form(key.lower()) for key in _VALUE.findall(message) if key not in values}
        return phrase(message, **named, **values)

    def _word(self, named: re.Match[str]) -> str:
        return self._form(named[0][1:-1])

    def _form(self, named: str) -> str:
        name, _, wanted = named.partition(".")
        word = getattr(self, name, None)
        form = getattr(word, wanted or ("act" if isinstance(word, Verb) else "definite"), None)
        if not isinstance(form, str):
            raise ValueError(
                f"{{{named}}} is no word; the words are {', '.join(self.__slots__)}, each with a form"
            )
        return form


NAMED = 4


def few(names: Sequence[str]) -> str:
    """The first few names in one sentence, and how many more: "Fyn, Syd, Thy, Als og 3 til"."""
    if more := len(names[NAMED:]):
        return phrase("%(names)s og %(count)s til", names=", ".join(names[:NAMED]), count=more)
    return enumerated(names)


def capital(text: str) -> str:
    """With a capital first letter, as a sentence begins."""
    return text[:1].upper() + text[1:]


def in_language(words: dict[str, dict[str, str]]) -> dict[str, dict[str, str]]:
    """The words (as a dict of :class:`Words`) in the language of the moment. English has forms of its own; another
    language finds each Danish form in its catalogue."""
    if (language := spoken_now()) == SOURCE:
        return words
    if language == "en":
        return {key: _english(word) for key, word in words.items()}
    return {key: {form: worded(said) for form, said in word.items()} for key, word in words.items()}


def _english(word: dict[str, str]) -> dict[str, str]:
    en = word["en"]
    if "act" in word:
        done = en if en == "sent" else "sent" if en == "send" else f"{en}{en[-1] * en.endswith('t')}ed"
        act = "sending" if en == "send" else "submission" if en == "submit" else f"{en}ing"
        return {
            "da": en,
            "present": f"{en}s",
            "done": done,
            "told": en,
            "passive": f"be {done}",
            "act": act,
            "en": en,
        }
    bare, definite = en.removeprefix("the "), en if en.startswith(("the ", "every ", "all ")) else f"the {en}"
    head, of, rest = bare.partition(" of ")  # "terms of office", and "the Ministry" of a field
    many = f"{head[:-1]}ies" if head.endswith("y") else head if head.endswith("s") else f"{head}s"
    plural = f"{many}{of}{rest}"
    short = f"the {head.split()[-1]}" if word["short"] != word["definite"] else definite
    return {
        "da": bare, "definite": definite, "genitive": f"{definite}'s", "plural": plural, "plurals": f"the {plural}",
        "short": short, "en": en,
    }  # fmt: skip


NEUTRAL = Words(
    document=noun("aftale", "aftalen", plural="aftaler", plurals="aftalerne", en="agreement"),
    authority=noun(
        "myndighed", "myndigheden", plural="myndigheder", plurals="myndighederne", en="the authority"
    ),
    committee=noun("udvalg", "udvalget", plurals="udvalgene", en="the committee"),
    parties=noun("parterne", en="the parties"),
    submit=Verb("indsende", "indsender", "indsendt", "indsend", "indsendes", "indsendelse", "submit"),
)


def invisible(text: str) -> list[str]:
    """Control, direction-changing and invisible characters, each once: they make a name read as another one."""
    return [
        sign
        for sign in dict.fromkeys(text)
        if unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Zl", "Zp")
    ]
