"""Letters: a name and facts become one finished message, in Danish, as bytes.

One file a letter, ``ROOM/NAME.html``: its subject, heading, lead and steps as blocks; it is called by its name alone.
``phrases.txt`` holds the sentences that all letters share, ``layout.html`` what stands around them; the text part is
made from the HTML. The facts are JSON-able values with ISO dates (Danish civil), every key of :data:`FACTS` present,
some null; :data:`OCCASIONS` are what single letters tell. Nothing is looked up here.

A letter that cannot be written whole is never sent: a missing or empty fact, a broken template or bytes that do
not read back raise :class:`DeliveryError` ``quarantined``.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from email.headerregistry import Address
from functools import lru_cache
from html import unescape
from pathlib import Path
from typing import Any

from jinja2 import DictLoader, StrictUndefined, Template, TemplateError, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from workflow.errors import DeliveryError, Misconfigured
from workflow.language import SOURCE, gettext, speaking, spoken_now
from workflow.mail.writing import sources
from workflow.mail.writing.compiled import OF_LETTERS, Compiled
from workflow.mail.writing.enclosing import ATTACHED, Enclosed
from workflow.mail.writing.facts import PlannedFacts
from workflow.mail.writing.grounds import GROUNDS
from workflow.mail.writing.invite import invite, tells_a_date
from workflow.mail.writing.mime import Letter, address, built, domain_of, message_id
from workflow.mail.writing.shared import Sheets
from workflow.mail.writing.styles import inlined, style_of
from workflow.mail.writing.translating import EXTENSION, Fast, teach_languages
from workflow.mail.writing.words import FILTERS, MARK, clean, shortened
from workflow.rules.words import NEUTRAL, in_language
from workflow.values import dataclass

__all__ = ["Letters", "Rendered", "message_id"]

FACTS = (
    "agreement", "recipient", "deadline", "also", "today", "due_on", "late", "rung", "version", "councils",
    "nominal_end", "moved", "ask", "link",
)  # fmt: skip
# Told by some letters only, and null where a notice planned before they were thought of does not have them.
OCCASIONS = (
    "event", "quota", "publication", "digest", "regime", "answer", "acknowledge", "reply", "since", "over", "done",
    "provisions", "acts", "adopted_on", "duty", "duties", "magistrates", "seats", "unchecked", "copy", "closing",
    "asked_for",
    "from_name", "reply_to", "confirm", "calendar_page",
    "week", "forwarded", "heard", "nth", "last", "own", "meeting", "meeting_year", "gone", "words", "papers",
    "changed",
)  # fmt: skip
LONGEST = 70  # characters of a subject: what Outlook and a telephone show
BLOCKS = ("subject", "heading", "lead", "steps")
_COMPILED = Compiled("letters", OF_LETTERS)
_NEUTRAL = asdict(NEUTRAL)
_NO_OCCASION: Any = dict.fromkeys(OCCASIONS)


class Sandbox(Fast, ImmutableSandboxedEnvironment):
    """Where letters are written."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A finished letter: ``raw`` goes on the wire as it is. ``digest`` is its sha256 in hex, ``template`` a short
    hash of the files it was written from, ``kept`` what is stored of it
    (:mod:`workflow.mail.writing.enclosing`)."""

    subject: str
    raw: bytes
    digest: str
    template: str
    kept: bytes


def _no_none(value: Any) -> Any:
    """Refuse None: a letter that says "None" where a date should stand is worse than no letter."""
    if value is None:
        raise TypeError("a fact the letter prints is empty (None)")
    return value


class Letters:
    """The letters of one folder, read once; a file changed afterwards changes nothing until restart.

    ``sender`` and ``reply_to`` are addresses with or without a display name, the region's own (``from_name``,
    ``reply_to`` of the facts) come before both; without ``reply_to`` an answer goes to
    whom the letter says to ask. ``envelope_from`` is where bounces go: ``bounce``, else the sender. ``attached`` is how
    many octets of files one letter may bring along; above it their links stand in their place.
    :class:`Misconfigured` for a bad address, folder or template.
    """

    def __init__(
        self, folder: Path, instance: str, sender: str, reply_to: str = "", bounce: str = "",
        attached: int = ATTACHED,
    ) -> None:  # fmt: skip
        self._folder, self._instance, self.attached = folder, instance, attached
        try:
            self._sender = address(sender)
            self._reply_to = address(reply_to) if reply_to else None
            self.domain = self._sender.domain.encode("idna").decode("ascii")
            self.envelope_from = address(bounce).addr_spec if bounce else self._sender.addr_spec
        except ValueError as error:
            raise Misconfigured("mail sender, reply-to or bounce", str(error), "Write one address") from error
        self._places = sources.found(folder)
        self._sources = sources.read(folder, self._places)
        self._versions: dict[str, str] = {}
        self._sheets = Sheets(self._write)
        files = tuple((file, self._places[file], source) for file, source in self._sources.items())
        self._environment = _environment(folder, files)

    def names(self) -> tuple[str, ...]:
        """The letters there are, by name."""
        return tuple(sorted(file.removesuffix(".html") for file in set(self._sources) - set(sources.SHARED)))

    def check(self, expected: Iterable[str] = ()) -> None:
        """Raise :class:`Misconfigured` naming the first file or block missing of the letters found and ``expected``."""
        for name in sorted({*self.names(), *expected}):
            where = self._places.get(f"{name}.html")
            if where is None:
                where = self._folder / f"{name}.html"
                raise Misconfigured(str(where), "the file is missing", "A letter is one file")
            blocks = self._environment.get_template(f"{name}.html").blocks
            if missing := [block for block in BLOCKS if block not in blocks]:
                raise Misconfigured(str(where), f"no block {missing[0]}", f"A letter is {', '.join(BLOCKS)}")

    def render(
        self,
        name: str,
        facts: PlannedFacts,
        to_name: str,
        to_address: str,
        message_id: str,
        date: datetime,
        language: str = SOURCE,
        files: Sequence[Enclosed] = (),
    ) -> Rendered:
        """Write letter ``name`` to one address in the ``language`` of its mailbox. ``date`` (aware) becomes the Date
        header and the calendar's stamp, ``files`` go with it.

        The same arguments give the same bytes. :class:`DeliveryError` ``quarantined`` says what was wrong.
        """
        with speaking(language):
            return self._render(name, facts, to_name, to_address, message_id, date, files)

    def _render(
        self,
        name: str,
        facts: PlannedFacts,
        to_name: str,
        to_address: str,
        message_id: str,
        date: datetime,
        files: Sequence[Enclosed],
    ) -> Rendered:
        try:
            if date.tzinfo is None:
                raise ValueError("the date has no time zone")
            if missing := [key for key in FACTS if key not in facts]:
                raise ValueError(f"facts without {', '.join(missing)}")
            words = self._sheets.words(name, spoken_now(), _NO_OCCASION | facts)
            told = words.told
            letter = Letter(
                sender=_called(self._sender, told),
                reply_to=_own_reply(told, to_address) or self._reply_to or _asked(told, to_address),
                to=_recipient(to_address, to_name),
                subject=words.subject,
                text=words.text,
                html=words.html,
                invite=invite(told, domain_of(self._instance), date),
                message_id=message_id,
                date=date,
                language=spoken_now(),
                files=tuple(files),
            )
            kept, raw = built(letter)
        except (TemplateError, TypeError, ValueError, LookupError) as error:
            raise DeliveryError("quarantined", 0, f"{name}: {type(error).__name__}: {error}") from error
        return Rendered(words.subject, raw, hashlib.sha256(raw).hexdigest(), self._version(name), kept)

    def _write(self, name: str, told: PlannedFacts, asked: Mapping[str, bool]) -> tuple[str, str]:
        """The subject and the HTML of letter ``name``."""
        known: dict[str, Any] = {**told, **asked, "ord": in_language(_NEUTRAL | (told["words"] or {}))}
        phrases = self._environment.get_template("phrases.txt").make_module(known)
        said = {
            key: " ".join(text.split()) if isinstance(text, str) else text
            for key, text in vars(phrases).items()
            if not key.startswith("_")
        }
        known |= said | {"calendar": tells_a_date(told)}
        template = self._environment.get_template(f"{name}.html")
        subject = _subject(template, known)
        return subject, template.render(known | {"subject": subject}).strip()

    def _version(self, name: str) -> str:
        if name not in self._versions:
            self._versions[name] = self._hashed(name)
        return self._versions[name]

    def _hashed(self, name: str) -> str:
        files = [*sources.SHARED, f"{name}.html"]
        told = "\0".join(f"{file}\0{self._sources[file]}" for file in files)
        return hashlib.sha256(told.encode()).hexdigest()[:12]


@lru_cache(maxsize=8)  # letters are made anew for each sender and set of rules, from the same files
def _environment(folder: Path, files: tuple[tuple[str, Path, str], ...]) -> Sandbox:
    """Where letters are written from these very ``files`` of ``folder`` (name, place, source), each of them compiled.
    Nothing of a sender or a database is in it. :class:`Misconfigured` for a bad template."""
    css = next(style_of(source) for file, _, source in files if file == "layout.html")
    ready = {}
    for file, place, source in files:
        try:
            ready[file] = inlined(source, css) if file.endswith(".html") else source
        except ValueError as error:
            raise Misconfigured(str(place), str(error)) from error
    environment = Sandbox(
        loader=DictLoader(ready),
        undefined=StrictUndefined,
        autoescape=_escapes,
        finalize=_no_none,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=False,
        bytecode_cache=_COMPILED,
        extensions=[EXTENSION],
    )
    teach_languages(environment)
    environment.filters.update(FILTERS | GROUNDS)
    _COMPILED.fetch(folder)
    for file, place, _ in files:
        try:
            environment.get_template(file)
        except TemplateSyntaxError as error:
            raise Misconfigured(str(place), f"line {error.lineno}: {error.message}") from error
    _COMPILED.keep(folder)
    return environment


def _subject(template: Template, known: Mapping[str, Any]) -> str:
    """The letter's subject on one line, cut at a word where it is longer than a telephone shows."""
    said = unescape("".join(template.blocks["subject"](template.new_context(dict(known)))))
    if MARK in said:
        raise ValueError("a subject that names its reader is cut by the length of the name")
    said = clean(said)
    if (known["nth"] or 0) > 1 and known["rung"].startswith("+"):  # before the date it is no news
        said = gettext("%(nth)s. påmindelse: %(subject)s") % {"nth": known["nth"], "subject": said}
    said = gettext("Kopi: %(subject)s") % {"subject": said} if known["copy"] else said
    for which in ("region", ""):  # what it is about and by when stand first; the agreement's name gives way
        if len(said) > LONGEST:
            said = said.replace(f" ({known['navn']})", f" ({known['navn_kort']})" if which else "")
            said = said if which else said.replace(f" ({known['navn_kort']})", "")
    return shortened(said, LONGEST)


def _asked(told: PlannedFacts, reader: str) -> Address | None:
    """Whom the letter says to ask; nobody where its reader would be asking themselves."""
    ask = told["ask"]
    return address(ask["email"], ask["name"]) if ask and ask["email"] != reader else None


def _called(sender: Address, told: PlannedFacts) -> Address:
    """The sender under the region's own name: the address stays the one that SPF, DKIM and DMARC vouch for."""
    name = told["from_name"]
    return Address(name, addr_spec=sender.addr_spec) if name else sender


def _own_reply(told: PlannedFacts, reader: str) -> Address | None:
    """Where the region wants its answers; not where its reader would be answering themselves."""
    own = told["reply_to"]
    return address(own, told["from_name"] or "") if own and own != reader else None


def _recipient(to_address: str, to_name: str) -> Address:
    """Exactly the address the envelope will carry, not one that hides behind a name in the same field."""
    one = address(to_address, to_name)
    if one.addr_spec != to_address:
        raise ValueError(f"{to_address!r} is not a bare mail address")
    return one


def _escapes(file: str | None) -> bool:
    """HTML is escaped, plain text is not; said for every file rather than guessed."""
    return file is not None and file.endswith(".html")
