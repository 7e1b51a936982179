"""Which of the rule sets kept in the database an agreement lives under on a day, and what it says.

A rule set is everything ``calendars/`` says, under the digest of its bytes. An agreement begins under the set it was
opened under; its journal says from which day another one was taken on. So a question about an earlier day is answered
with the rules of that day, whatever files a later release brings.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from workflow.errors import Misconfigured, Unworkable
from workflow.language import phrase
from workflow.rules.facts import Fact, live
from workflow.rules.words import NEUTRAL
from workflow.storage.asking import ask
from workflow.storage.law.lettersettings import adjusted, set_in
from workflow.storage.law.rulebook import Rulebook, digest_of, ready
from workflow.values import replace

if TYPE_CHECKING:
    from workflow.rules.agreement import Opened
    from workflow.storage.asking import View

PRACTICE = (
    "letters.toml", "roundplan.toml", "rounds.toml", "whatif.toml", "obligations.toml", "quotations.toml",
)  # fmt: skip
COURSES = "courses/"
_PARSED: dict[
    str, Rulebook
] = {}  # once a digest and process; an installation has few, and a digest is one content


class RulesThen(Protocol):
    """The rules an agreement lived under on a Danish day, by all its facts or by those that are ``said``."""

    def __call__(self, day: date, said: Sequence[Fact] | None = None) -> Rulebook: ...


def kept(view: View, digest: str, rulebook: Rulebook) -> Rulebook:
    """The rules kept under ``digest``; :class:`Misconfigured` where they are not there or not what they were.
    ``rulebook`` are those in the calendars, see :func:`_read`."""
    if digest not in _PARSED:
        found = ask(view, "SELECT files FROM rule_set WHERE digest = :digest", digest=digest)
        where, cure = f"rule set {digest[:12]}", "Restore a backup that holds it whole"
        if not found:
            raise Misconfigured(where, "it is not kept in this database", cure)
        files = {name: content.encode() for name, content in json.loads(found[0][0]).items()}
        if digest_of(files) != digest:
            raise Misconfigured(where, "it was changed after it was kept", cure)
        _PARSED[digest] = _read(files, where, digest, rulebook)
    return _PARSED[digest]


def _read(files: dict[str, bytes], where: str, digest: str, rulebook: Rulebook) -> Rulebook:
    """The kept files as rules. What is practice and bears no date of law goes with the program that writes the letters:
    where the set has no such file yet, or one in words this program no longer knows, that of the calendars is taken. A
    file of law that cannot be read stops whoever asks."""
    today = {name: rulebook.files[name] for name in PRACTICE if name in rulebook.files}
    if not any(
        name.startswith(COURSES) for name in files
    ):  # kept when the program itself held the one course
        today |= {name: content for name, content in rulebook.files.items() if name.startswith(COURSES)}
    read = today | files
    for _ in PRACTICE:
        try:
            return _worded(ready(read, Path(where), checked=True), rulebook, digest, files)
        except Misconfigured as error:
            name = error.where.rpartition("/")[2]
            if name not in today or read[name] == today[name]:
                raise
            read[name] = today[name]
    return _worded(ready(read, Path(where), checked=True), rulebook, digest, files)


def _worded(then: Rulebook, now: Rulebook, digest: str, files: dict[str, bytes]) -> Rulebook:
    """The kept rules under their digest. A regime that was kept before it said any words has those of the calendars:
    what a document is called is no rule."""
    words = {regime.id: regime.words for regime in now.law.regimes}
    regimes = tuple(
        replace(regime, words=words.get(regime.id, NEUTRAL)) if regime.words == NEUTRAL else regime
        for regime in then.law.regimes
    )
    return replace(then, law=replace(then.law, regimes=regimes), digest=digest, files=files)


def lived_under(row: Opened, facts: Sequence[Fact], as_of: date) -> str:
    """The digest of the rules the agreement lived under on ``as_of``; "" before any was ever taken on."""
    digest = row.first_rules
    for fact in live(facts, as_of):
        if fact.event == "rules-accepted":
            digest = fact.about
    return digest


def declined(facts: Sequence[Fact], as_of: date) -> list[str]:
    """The digests of the rule sets that were left and not taken on since, in the order they were."""
    left: list[str] = []
    for fact in live(facts, as_of):
        if fact.event in ("rules-accepted", "rules-declined"):
            left = [digest for digest in left if digest != fact.about]
            left += [fact.about] if fact.event == "rules-declined" else []
    return left


def rules_of(view: View, rulebook: Rulebook, row: Opened, facts: Sequence[Fact], as_of: date) -> Rulebook:
    """The rules the agreement lived under on ``as_of``; raises as :func:`rules_by_day`."""
    return rules_by_day(view, rulebook, row, facts)(as_of)


def rules_by_day(view: View, rulebook: Rulebook, row: Opened, facts: Sequence[Fact]) -> RulesThen:
    """Which rules the agreement lived under on a day, where ``rulebook`` are those in the calendars now; and which it
    would have, had only some of ``facts`` been recorded. The letters are as its region has set them.

    :class:`Unworkable` where the calendars have lost its regime or the database its rules: the agreement stops, since
    nobody may take it for one under another law."""
    if all(regime.id != row.regime for regime in rulebook.law.regimes):
        raise Unworkable(
            row.key,
            f"regime {row.regime} is not in the calendars",
            phrase(
                "Læg dens fil tilbage i regimes/ i den mappe, reglerne læses fra (AFTALE_CALENDARS): "
                "%(regime)s.toml",
                regime=row.regime,
            ),
        )
    ever = {row.first_rules, *(fact.about for fact in facts if fact.event == "rules-accepted")}
    found = {"": rulebook, rulebook.digest: rulebook}
    for digest in ever - found.keys():
        try:
            found[digest] = kept(view, digest, rulebook)
        except Misconfigured as error:
            raise Unworkable(row.key, f"{error.where}: {error.problem}", error.cure) from error

    own = set_in(view, row.region)
    found = {digest: adjusted(rules, own) for digest, rules in found.items()}

    def then(day: date, said: Sequence[Fact] | None = None) -> Rulebook:
        return found[lived_under(row, facts if said is None else said, day)]

    return then
