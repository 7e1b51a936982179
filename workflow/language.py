"""The language of the moment: Danish is the source, every other language a folder of catalogues (``locale/en/*.po``).

Whoever answers a reader says in which language (:func:`speaking`, :func:`speak`); :func:`gettext` and its like give the
words, Danish where a catalogue has none. What is kept, memoised or stored is Danish: a :func:`phrase` is a Danish
sentence that remembers what it was made of, and :func:`worded` says it again in the language of the moment. Danish
reads no file and loads no library.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any, TypedDict

from workflow.catalogues import Catalogue, read, retold
from workflow.errors import NotPossible
from workflow.values import dataclass

SOURCE = "da"
WEEKDAYS = ("mandag", "tirsdag", "onsdag", "torsdag", "fredag", "lørdag", "søndag")
MONTHS = tuple("januar februar marts april maj juni juli august september oktober november december".split())
_NAMES = {"da": "Dansk", "en": "English"}
OWN = Path(__file__).parent / "locale"
_WANTED = re.compile(r"\s*([a-z]{2,3})(?:-[A-Za-z0-9-]+)?\s*(?:;\s*q=([01](?:\.\d{0,3})?)\s*)?")


@dataclass(slots=True)
class _Voice:
    """Shared by everything that answers one request, in whichever thread."""

    catalogue: Catalogue | None = None


_DANISH = _Voice()  # where nobody has said otherwise; never changed
_VOICE: ContextVar[_Voice] = ContextVar("voice", default=_DANISH)
_folders: list[Path] = [OWN]


class FullDay(date):
    """A day that a phrase says with its weekday."""


class Phrase(str):
    """A Danish sentence that knows its message and values; what is stored of it is the sentence."""

    __slots__ = ("message", "values")
    message: str
    values: Mapping[str, Any]


class Kept(TypedDict):
    """A phrase as a letter's facts keep it, so that :func:`worded` can say it again; texts and numbers."""

    message: str
    values: dict[str, object]


def gettext(message: str) -> str:
    """``message`` in the language of the moment."""
    catalogue = _VOICE.get().catalogue
    return message if catalogue is None else catalogue.said.get(message, message)


def ngettext(one: str, many: str, count: int) -> str:
    """``one`` or ``many``, as the language of the moment counts."""
    catalogue = _VOICE.get().catalogue
    if catalogue and (forms := catalogue.counted.get((one, many))):
        return forms[catalogue.form(count)]
    return one if count == 1 else many


def noted(message: str) -> str:
    """``message`` as it is: marks a word of a table for the catalogues, to be said by :func:`worded`."""
    return message


def phrase(message: str, **values: Any) -> Phrase:
    """The Danish of ``message`` with its ``%(named)s`` values; a date is said without its weekday, a :func:`full` one
    with it, and a value whose name has a capital begins with one."""
    filled = {name: _danish(name, value) for name, value in values.items()}
    said = Phrase(message % filled if filled else message)
    said.message, said.values = message, values
    return said


def full(day: date) -> FullDay:
    """The day as a phrase's value, to be said with its weekday."""
    return FullDay(day.year, day.month, day.day)


def enumerated(names: Sequence[str]) -> str:
    """Names in one sentence: "Fyn, Lillebælt og Syd"."""
    return phrase(_AND, first=", ".join(names[:-1]), last=names[-1]) if names[1:] else "".join(names)


_AND, _OR = noted("%(first)s og %(last)s"), noted("%(one)s eller %(other)s")


def kept(text: str) -> str | Kept:
    """A phrase as a letter's facts keep it, any other text as it is."""
    if not isinstance(text, Phrase):
        return text
    values = {name: kept(one) if isinstance(one, str) else one for name, one in text.values.items()}
    return {"message": text.message, "values": values}


def worded(text: str | Kept) -> str:
    """A phrase, also a :func:`kept` one, or a Danish text, in the language of the moment: a message of its own (a title
    from the law's files), or what was made of one and stored since. What no catalogue knows stays as it is."""
    if isinstance(text, Mapping):
        text = _from_facts(text)
    catalogue = _VOICE.get().catalogue
    if catalogue is None or not text:
        return text
    if not isinstance(text, Phrase):
        return catalogue.said.get(text) or retold(catalogue, text, _again)
    message = catalogue.said.get(text.message, text.message)
    values = {name: _again(name, value) for name, value in text.values.items()}
    return message % values if values else message


def said_each(words: Mapping[str, str]) -> dict[str, str]:
    """A table of words, each by its key, in the language of the moment."""
    return {key: worded(text) for key, text in words.items()}


def _from_facts(told: Mapping[str, Any]) -> Phrase:
    values = {name: _from_facts(v) if isinstance(v, Mapping) else v for name, v in told["values"].items()}
    message = told["message"]  # apart: what stands in a call is taken for a text to be translated
    return phrase(message, **values)


def _danish(name: str, value: Any) -> Any:
    said = spoken(value, weekday=isinstance(value, FullDay)) if isinstance(value, date) else value
    return _begun(said) if name[0].isupper() else said


def _again(name: str, value: Any) -> Any:
    if isinstance(value, date):
        said = in_words(value, weekday=isinstance(value, FullDay))
    elif isinstance(value, str):
        said = _day_again(value) or worded(value)
        if said == value and (lower := value[:1].lower() + value[1:]) != value:  # it begins a sentence
            said = value if (small := worded(lower)) == lower else _begun(small)
        if said == value and not isinstance(value, Phrase):
            said = _each_again(value)
    else:
        return value
    return _begun(said) if name[0].isupper() else said


def _each_again(value: str) -> str:
    """Days or names that stand beside each other in a stored sentence."""
    for between, message, names in ((" eller ", _OR, ("one", "other")), (" og ", _AND, ("first", "last"))):
        parts = value.rpartition(between)
        if parts[1]:
            both = zip(names, parts[::2], strict=True)
            return gettext(message) % {name: _again(name, part) for name, part in both}
    return value


def _begun(text: str) -> str:
    return text[:1].upper() + text[1:]


def _day_again(text: str) -> str:
    """A day that stands in words in a stored sentence; empty where it is no day."""
    if not (found := _SPOKEN.fullmatch(text)):
        return ""
    try:
        day = date(int(found[4]), MONTHS.index(found[3]) + 1, int(found[2]))
    except ValueError:
        return ""
    return in_words(day, weekday=bool(found[1]))


_SPOKEN = re.compile(rf"(?i:({'|'.join(WEEKDAYS)}) den )?(\d{{1,2}})\. ({'|'.join(MONTHS)}) (\d{{4}})")


def spoken(day: date, weekday: bool = True) -> str:
    """``"lørdag den 1. juli 2023"``, or ``"1. juli 2023"`` without its weekday."""
    plain = f"{day.day}. {MONTHS[day.month - 1]} {day.year}"
    return f"{WEEKDAYS[day.weekday()]} den {plain}" if weekday else plain


def in_words(day: date, weekday: bool = True) -> str:
    """The day as the language of the moment says it: ``"Saturday 1 July 2023"`` in English."""
    language = spoken_now()
    return spoken(day, weekday) if language == SOURCE else _foreign_day(day, weekday, language)


def in_figures(day: date) -> str:
    """``"31.5.2027"``; abroad with the month's name, since 5/6 is read in two ways."""
    return f"{day.day}.{day.month}.{day.year}" if spoken_now() == SOURCE else in_words(day, weekday=False)


def month_in_words(day: date) -> str:
    """``"november 2026"``, ``"November 2026"``."""
    if spoken_now() == SOURCE:
        return f"{MONTHS[day.month - 1]} {day.year}"
    from babel.dates import format_date

    return format_date(day, "LLLL y", locale=spoken_now())


@lru_cache(4096)
def _foreign_day(day: date, weekday: bool, language: str) -> str:
    from babel.dates import format_date

    if language == "en":  # British order, without commas: no line breaks in the middle of a date
        return format_date(day, "EEEE d MMMM y" if weekday else "d MMMM y", locale="en_GB")
    return format_date(day, "full" if weekday else "long", locale=language)


def spoken_now() -> str:
    """The language of the moment, as ``lang`` says it: ``"da"``, ``"en"``."""
    catalogue = _VOICE.get().catalogue
    return SOURCE if catalogue is None else catalogue.language


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Within, ``language`` is the language of the moment; Danish where there is none of that name. Inside a request
    :func:`speak` changes it for all that answers the request."""
    token = _VOICE.set(_Voice(catalogue_of(language)))
    try:
        yield
    finally:
        _VOICE.reset(token)


def speak(language: str) -> None:
    """From now on ``language``, to the end of the :func:`speaking` around it, in every thread that answers there;
    outside of one nothing changes."""
    if (voice := _VOICE.get()) is not _DANISH:
        voice.catalogue = catalogue_of(language)


def languages() -> list[str]:
    """The languages there are, Danish first."""
    found = {
        path.name for folder in _folders if folder.is_dir() for path in folder.iterdir() if path.is_dir()
    }
    return [SOURCE, *sorted(name for name in found if re.fullmatch("[a-z]{2,3}", name) and name != SOURCE)]


def name_of(language: str) -> str:
    """What a language calls itself: ``"Dansk"``, ``"English"``."""
    if language in _NAMES:
        return _NAMES[language]
    from babel import Locale

    own = Locale.parse(language).get_display_name() or language
    return own[:1].upper() + own[1:]


def wanted(header: str) -> str:
    """The language that an ``Accept-Language`` header asks for most and that there is; Danish where there is none."""
    known, best = languages(), (0.0, SOURCE)
    for part in header[:200].split(","):
        if (found := _WANTED.fullmatch(part)) and found[1] in known:
            best = max(best, (float(found[2] or 1), found[1]), key=lambda one: one[0])
    return best[1]


def also_from(*folders: Path) -> None:
    """Read languages of these folders beside our own; a message that stands in both is the later folder's."""
    _folders[:] = [OWN, *folders]
    _read.cache_clear()
    in_every_language.cache_clear()


def catalogue_of(language: str) -> Catalogue | None:
    """The translations of a language; ``None`` for Danish and for one there is none of. :class:`Misconfigured` where
    its files cannot be read."""
    return None if language == SOURCE or language not in languages() else _read(language)


@lru_cache(32)
def _read(language: str) -> Catalogue:
    return read(language, _folders)


@lru_cache(512)
def in_every_language(message: str) -> frozenset[str]:
    """A word of ours as each language says it, in small letters: a sheet fetched here may come back in any."""
    known = [catalogue for language in languages() if (catalogue := catalogue_of(language))]
    return frozenset(one.said.get(message, message).casefold() for one in known) | {message.casefold()}


def said_by(error: Exception) -> str:
    """What an error says, in the language of the moment: ``str(error)`` forgets what a :func:`phrase` was made of."""
    if isinstance(error, NotPossible) and error.cite:
        return f"{worded(error.why)} ({error.cite})"
    return worded(error.args[0]) if error.args and isinstance(error.args[0], str) else str(error)
