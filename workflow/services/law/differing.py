"""What a new rule set would change for one agreement: dates, states, reasons, letters. Reads only.

Both standings are worked out by what the daemon itself plans by, so that the list is what would happen. A text that
changes nothing for the agreement (a quotation, the day a rule was checked, another regime) is no difference.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from sqlmodel import Session

from workflow.errors import Unworkable
from workflow.language import noted, phrase
from workflow.lifecycle.text import TACIT
from workflow.rules.agreement import rules_of
from workflow.rules.days import spoken
from workflow.rules.facts import Fact
from workflow.rules.ladder import LetterRule
from workflow.rules.obligation import DeadlineRule
from workflow.rules.regime import Regime
from workflow.rules.timeline import Deadline
from workflow.rules.words import NEUTRAL
from workflow.services.due.prompts import prompts
from workflow.services.due.quotas import quotas
from workflow.services.facts.foretelling import changes
from workflow.services.law.undersigning import as_unsigned
from workflow.services.planning.counting import to_come
from workflow.services.planning.owing import Owed, owed_now
from workflow.services.planning.recipients import expand
from workflow.services.planning.reminders import known_notices
from workflow.services.planning.superseding import untrue
from workflow.storage.facts import past, projection
from workflow.storage.facts.deadlinerows import as_row
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.law.rulesthen import lived_under
from workflow.storage.tables import AgreementRow
from workflow.values import dataclass, replace

COMPARED = {
    "title": phrase("reglernes titel"),
    "in_force_on": phrase("reglernes ikrafttræden"),
    "instrument": phrase("retsgrundlagets navn"),
    "committee": phrase("udvalgets navn"),
    "secretariat": phrase("sekretariatet"),
    "parties": phrase("parterne"),
    "shared_terms": phrase("de valgperioder, som ældre regler også gælder for"),
    "other_bodies": phrase("hvem runden angår ud over parterne"),
    "words": phrase("reglernes egne ord"),
    "unit": phrase("hvem runden hører til"),
    "standing_on": phrase("hjemlerne for aftalens skridt gennem tiden"),
    "times": phrase("lovens egne ord om, hvornår et skridt tages"),
    "provisions": phrase("hjemlerne for aftalens skridt"),
    "tacit_approval": phrase("tavs godkendelse"),
    "ends": phrase("reglernes ophør"),
    "reaches_back": phrase("overgangen fra ældre regler"),
    "quotas": phrase("mindstekravene til møder"),
    "tasks": phrase("de pligter, der ikke har en dato"),
    "magistrates": phrase("de kommuner, hvis råd selv bestemmer, hvem der sidder for dem"),
    "later_sources": phrase("kilder, der er kommet til"),
    "course": phrase("forløbet"),
    "terms": phrase("de valgperioder, reglerne gælder for"),
}
"""What of a regime is compared as a whole, field by field, and its name in Danish."""
_NONE = phrase("ingen")
_LETTER_CHANGED = noted("Brevet »%(title)s« er ændret")
_LETTER_NEW, _LETTER_GONE = noted("Brevet »%(title)s« kommer til"), noted("Brevet »%(title)s« udgår")
NOT_COMPARED = {
    "id": "the agreement names its regime by it, so both sides have the same",
    "kind": "it chooses the regime of an agreement to be opened; this one is open, and keeps its regime",
    "deadlines": "compared rule by rule, and date by date",
    "words_of_pair": "an agreement that has them has them as its words, and those are compared",
    "later_order": "it comes from the later order itself, whose rules are compared",
    "checked_by": "a signature says who has read a rule; it changes none",
}
"""The fields of a regime that are not compared as a whole, each with the reason."""


@dataclass(frozen=True, slots=True)
class MovedDate:
    """A date that differs; ``None`` where there is none. ``rule`` and ``subject`` name it, ``title`` in Danish."""

    rule: str
    subject: str
    title: str
    before: date | None
    after: date | None


@dataclass(frozen=True, slots=True)
class Difference:
    """What taking on the rule set ``after`` would change for an agreement that lives under ``before`` (digests).

    ``said`` are changes other than of dates, in Danish; ``letters`` would go out at once, ``withdrawn`` counts unsent
    ones that would be replaced; ``problem`` is why the agreement cannot be worked out under the new rules."""

    agreement: str
    region: str
    before: str
    after: str
    dates: tuple[MovedDate, ...] = ()
    said: tuple[str, ...] = ()
    letters: tuple[Owed, ...] = ()
    withdrawn: int = 0
    problem: str = ""

    @property
    def nothing(self) -> bool:
        """Whether the agreement is the same under both."""
        return not (self.dates or self.said or self.letters or self.withdrawn or self.problem)


def difference(session: Session, rulebook: Rulebook, row: AgreementRow, today: date) -> Difference:
    """What ``rulebook``, the rules in the calendars, would change for the agreement on a Danish day."""
    facts = past.facts(session, row)
    same = Difference(row.key, row.region, lived_under(row, facts, today), rulebook.digest)
    taken_on = Fact(row.fact_count + 1, "rules-accepted", today, known_on=today, about=rulebook.digest)
    try:
        after = projection.suppose(session, rulebook, row, today, (taken_on,))
    except projection.UNWORKABLE as error:
        return replace(same, problem=str(error))
    try:
        before = projection.load(session, rulebook, row, today)
    except Unworkable as error:
        return replace(
            same,
            said=(
                phrase(
                    "Aftalen kan regnes efter igen; før kunne den ikke: %(problem)s", problem=error.problem
                ),
            ),
        )
    known = known_notices(session, row)
    waiting = {owed.key for owed in owed_now(before.rules, before, today, today, known)} | known.keys()
    letters = [one for one in owed_now(after.rules, after, today, today, known) if one.key not in waiting]
    replaced = {n.id for n, _ in untrue(session, before.rules, row, before)}
    withdrawn = [n for n, _ in untrue(session, after.rules, row, after) if n.id not in replaced]
    dates = tuple(_dates(before, after))
    said = [f"{one.what}: {one.before} -> {one.after}" for one in changes(before, after)]
    said += [*_reasons(before, after, dates), *_rules(before, after, dates), *_parties(before, after)]
    said += [*_reminders(before, after, dates), *_meetings(before, after), *_letter_rules(before, after)]
    return replace(same, dates=dates, said=tuple(said), letters=tuple(letters), withdrawn=len(withdrawn))


def _all(standing: Standing) -> dict[tuple[str, str], Deadline]:
    found = [*standing.deadlines, *prompts(standing, standing.rules)]
    return {(one.id, one.subject): one for one in found}


def _dates(before: Standing, after: Standing) -> Iterator[MovedDate]:
    had, has = _all(before), _all(after)
    for key in sorted(had.keys() | has.keys()):
        old, new = had.get(key), has.get(key)
        dated = old.legal_on if old else None, new.legal_on if new else None
        one = new or old
        if one and dated[0] != dated[1]:
            yield MovedDate(*key, one.title, *dated)


def _named(title: str, subject: str) -> str:
    return f"»{title}«{f' ({subject})' if subject else ''}"


def _reasons(before: Standing, after: Standing, dates: tuple[MovedDate, ...]) -> Iterator[str]:
    """Deadlines that keep their date and differ all the same: in duty, aim, provision or explanation."""
    told, has = {(one.rule, one.subject) for one in dates}, _all(after)
    for key, old in _all(before).items():
        new = has.get(key)
        if key in told:
            continue
        if new is None:
            yield phrase("%(named)s gælder ikke længere", named=_named(old.title, old.subject))
        elif as_row(0, old) != as_row(0, new):
            yield phrase(
                "%(named)s: begrundelse, hjemmel eller status er ændret, datoen ikke",
                named=_named(new.title, new.subject),
            )
    for key in has.keys() - _all(before).keys() - told:
        yield phrase("%(named)s kommer til, uden dato", named=_named(has[key].title, has[key].subject))


def _plain(rule: DeadlineRule) -> DeadlineRule:
    """The rule without what is only about our own reading of it."""
    return replace(rule, checked_on=date.min, checked_by=None, note="", obligations=())


def in_the_regime(old: Regime, new: Regime) -> Iterator[str]:
    """What of :data:`COMPARED` differs, a sentence in Danish each. What is only about our own reading is left out."""
    before, after = (
        replace(
            as_unsigned(one),
            tasks=tuple(
                replace(task, checked_on=date.min, checked_by=None, obligations=()) for task in one.tasks
            ),
        )
        for one in (old, new)
    )
    for name, said in COMPARED.items():
        if getattr(before, name) != getattr(after, name):
            yield phrase("Ændret i regelfilen: %(one)s", one=said)


def _rules(before: Standing, after: Standing, dates: tuple[MovedDate, ...]) -> Iterator[str]:
    """Rules that differ though no date does yet, and the regime's other contents."""
    had, has = (
        {(of.id, rule.id): _plain(rule) for rule, of, _ in rules_of(one.agreement, one.rules.law)}
        for one in (before, after)
    )
    told = {one.rule for one in dates}
    for key in sorted(had.keys() | has.keys()):
        rule = has.get(key) or had[key]
        if had.get(key) != has.get(key) and rule.id not in told:
            yield phrase(
                "Reglen %(named)s er ændret; ingen dato flyttes af det nu", named=_named(rule.title.da, "")
            )
    yield from in_the_regime(before.agreement.regime, after.agreement.regime)


def _parties(before: Standing, after: Standing) -> Iterator[str]:
    old, new = before.agreement, after.agreement
    if (old.parties, old.region_name, old.term) != (new.parties, new.region_name, new.term):
        gone = [one.name for one in old.parties if one not in new.parties]
        come = [one.name for one in new.parties if one not in old.parties]
        if not (gone or come):
            yield phrase("Region eller valgperiode er ændret")
            return
        yield phrase(
            "Parterne er ændret: ud %(gone)s; ind %(come)s",
            gone=", ".join(gone) or _NONE,
            come=", ".join(come) or _NONE,
        )


def _reminders(before: Standing, after: Standing, dates: tuple[MovedDate, ...]) -> Iterator[str]:
    """Reminders to come that fall on other days or go to others, though their date is the same."""
    told = {(one.rule, one.subject) for one in dates}
    had, has = _to_come(before), _to_come(after)
    for key in sorted(had.keys() | has.keys()):
        rule, subject, _ = key
        if (rule, subject) not in told and had.get(key) != has.get(key):
            days = [", ".join(spoken(on, False) for on, _ in one.get(key, ())) or _NONE for one in (had, has)]
            title = (_all(after).get((rule, subject)) or _all(before)[rule, subject]).title
            yield phrase(
                "Påmindelser om %(named)s: %(before)s -> %(after)s",
                named=_named(title, subject),
                before=days[0],
                after=days[1],
            )


def _meetings(before: Standing, after: Standing) -> Iterator[str]:
    """The table of the year's least number of meetings, which is shown for an agreement that asks for none too."""
    had, has = (
        [replace(quota, ends=None) for quota in quotas(one, one.rules, one.as_of.year)]
        for one in (before, after)
    )
    if had != has:
        yield phrase("Tabellen over årets møder er ændret")


def _to_come(standing: Standing) -> dict[tuple[str, str, str], list[tuple[date, list[str]]]]:
    found: dict[tuple[str, str, str], list[tuple[date, list[str]]]] = {}
    for rung in to_come(standing.rules, standing, standing.as_of):
        key = (rung.deadline.id, rung.deadline.subject, rung.letter.name)
        whom = expand(standing, standing.rules, rung.letter.to, rung.deadline)
        found.setdefault(key, []).append((rung.due_on, whom))
    return found


def _letter_rules(before: Standing, after: Standing) -> Iterator[str]:
    if after.course.period in ("ended", "rules_ended"):
        return
    had, has = (
        {one.name: one for one in each.rules.letters if _concerns(each, one)} for each in (before, after)
    )
    for name in sorted(had.keys() | has.keys()):
        old, new = had.get(name), has.get(name)
        if old != new:
            letter = new or old
            assert letter is not None
            said = _LETTER_CHANGED if old and new else _LETTER_NEW if new else _LETTER_GONE
            yield phrase(said, title=NEUTRAL.said(letter.title.da))


def _concerns(standing: Standing, letter: LetterRule) -> bool:
    from workflow.storage.law.lawchecks import INTERNAL_DEADLINES  # beside all that reads and checks a file

    ids = {rule.id for rule, _, _ in rules_of(standing.agreement, standing.rules.law)} | {*INTERNAL_DEADLINES}
    if letter.state == TACIT:
        return standing.agreement.regime.tacit_approval
    return bool(letter.event or letter.state or ids & {*letter.deadline})
