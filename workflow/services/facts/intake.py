"""Taking a fact in: fill in what the words leave open, and refuse what cannot be right before anything is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from workflow.errors import Invalid
from workflow.language import phrase
from workflow.lifecycle.course import BEGINS, COUNCIL_EVENTS, VERSION_EVENTS
from workflow.lifecycle.spoken import the_day
from workflow.rules.agreement import Agreement
from workflow.rules.days import spoken
from workflow.rules.facts import DONE, EVENTS, Fact, live
from workflow.rules.silence import SIGNED
from workflow.rules.words import invisible
from workflow.services.facts.grounds import END, OWN_DOORS, grounded, made
from workflow.services.facts.plausible import can_end, could_be_met, in_its_term, plausible
from workflow.services.facts.subjects import subjects
from workflow.storage.law.rulebook import Rulebook
from workflow.values import replace

RECORDABLE = tuple(event for event in EVENTS if event not in OWN_DOORS)
SETS_A_DATE = ("effective", "nominal-end", "regime-confirmed", "meeting-planned")
NEEDS_DUE = {
    "deviation": phrase("den nye dato"),
    "consultation-opened": phrase("den dag, høringen slutter"),
    "council-scheduled": phrase("dagen for rådets møde"),
    "revised-date-set": "den dato, {authority} giver for den reviderede aftale",
    "plan-hearing-opened": phrase("den dag, der bedes om svar"),
    "date-agreed": phrase("den aftalte dato"),
    "notice-given": phrase("den dag, opsigelsen får virkning"),
}
NEEDS_WORDS = ("date-agreed", "date-kept", "working-group-set-up", "piu-group-invited", "piu-heard")
MAY_SAY = ("annual-review-held",)  # what it is about may be left open
LATER_THAN_ON = (
    "sst-refused", "sent-for-approval", "consultation-opened", "council-scheduled", "plan-hearing-opened",
    "date-agreed", "revised-date-set", "notice-given",
)  # fmt: skip
OWN_WORDS = {
    "sst-refused": "de krav, {authority} fandt ikke var opfyldt, adskilt af ';'",
    "goals-set": phrase("numrene på de nationale mål, aftalens mål er knyttet til, fx 1;3"),
} | dict.fromkeys(NEEDS_WORDS, phrase("hvad det er, med få ord; de samme ord, når det er gjort"))
# --about in the person's own words
NATIONAL_GOALS = 8  # "de otte nationale mål for sundhedsvæsenet" (VEJ 9008/2024 afsnit 3.2)
BOUND_TO_THE_TERM = ("effective", "nominal-end")
LONGEST = 2000  # characters of --source, --by and --about
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


def complete(agreement: Agreement, facts: Sequence[Fact], fact: Fact) -> Fact:
    """The fact with its version, the day it became known and, for a correction, the fact it voids."""
    if fact.event == "correction":
        return replace(fact, corrects=_corrected(facts, fact), known_on=fact.on)
    known_on = None if fact.event in SETS_A_DATE and fact.due is None else fact.on
    if fact.version is None and (fact.event in COUNCIL_EVENTS | VERSION_EVENTS or fact.event in BEGINS):
        fact = replace(fact, version=_version(facts, fact.event))
    if fact.event == "published":
        fact = replace(fact, about=fact.about or "agreement")
        if fact.about == "agreement" and fact.version is None:
            fact = replace(fact, version=_version(facts, fact.event))
    return replace(fact, known_on=known_on)


def _version(facts: Sequence[Fact], event: str) -> int:
    """The version meant where none is named: a new one for what opens a text, else the newest."""
    holding = live(facts, date.max)
    begun = [f.version or 1 for f in holding if f.event in BEGINS]
    newest = max(begun, default=0)
    if event in ("drafting-opened", "revision-opened"):
        return newest + 1
    return max(newest, 1)


def _corrected(facts: Sequence[Fact], fact: Fact) -> int:
    """The number of the fact a correction voids: as given, or the newest that fits the words."""
    # an answer to new rules and an end are taken back by their number alone, never as the newest line
    named = ("rules-accepted", "rules-declined", END) if fact.corrects is not None else ()
    holding = [f for f in live(facts, date.max) if f.event not in OWN_DOORS or f.event in named]
    wanted = [
        f
        for f in holding
        if (fact.corrects is None or f.no == fact.corrects)
        and (fact.council is None or f.council == fact.council)
        and (fact.version is None or f.version == fact.version)
    ]
    if not wanted:
        known = "; ".join(
            f"{f.no} {f.event} {spoken(f.on, False)}{' ' + f.council if f.council else ''}"
            for f in holding[-8:]
        )
        raise Invalid(
            phrase(
                "ingen linje at rette passer; skriv dens nummer (--corrects). De nyeste er: %(newest)s",
                newest=known or "ingen",
            )
        )
    same_day = [f for f in wanted if f.on == fact.on]
    if not same_day and (fact.corrects, fact.council, fact.version) == (None, None, None):
        raise Invalid(
            phrase(
                "ingen linje fra %(on)s at rette; skriv, hvilken det er (--corrects, --council eller "
                "--version)",
                on=fact.on,
            )
        )
    return max(same_day or wanted, key=lambda f: f.no).no


def check(agreement: Agreement, rulebook: Rulebook, facts: Sequence[Fact], fact: Fact, today: date) -> None:
    """Refuse a fact that cannot be right beside ``facts`` on the Danish day ``today``, with what would work; the
    lifecycle decides the rest. :class:`Invalid`, :class:`Conflict` where a date was moved by the same fact before, or
    :class:`NotPossible` where a rule says why."""
    if fact.event not in (*RECORDABLE, SIGNED, END):
        raise Invalid(
            phrase(
                "hændelsen %(event)s findes ikke; en af %(names)s",
                event=repr(fact.event),
                names=", ".join(RECORDABLE),
            )
        )
    if fact.version is not None and not 1 <= fact.version <= 99:
        raise Invalid(
            phrase(
                "version %(number)s kan ikke være rigtig; versioner har numre fra 1 til 99",
                number=fact.version,
            )
        )
    if fact.event in NEEDS_DUE and fact.due is None:
        raise Invalid(f"{fact.event} mangler {agreement.regime.words.said(NEEDS_DUE[fact.event])} (--due)")
    grounded(facts, fact)
    made(fact, today)
    if fact.event == "consultation-opened" and not fact.time:
        raise Invalid(
            phrase(
                "consultation-opened mangler det klokkeslæt, høringen slutter, dansk tid, fx 12:00 (--time)"
            )
        )
    if fact.time and not _CLOCK.fullmatch(fact.time):
        raise Invalid(
            phrase(
                "%(time)s er intet klokkeslæt; skriv timer og minutter, fx 12:00, dansk tid (--time)",
                time=repr(fact.time),
            )
        )
    legible(fact)
    _council(agreement, fact)
    _about(agreement, rulebook, fact)
    plausible(agreement, fact.event, fact.on)
    if fact.due:
        plausible(agreement, fact.event, fact.due, "--due")
        if fact.event in LATER_THAN_ON and fact.due < fact.on:
            raise Invalid(
                phrase(
                    "%(due)s (--due) ligger før %(day)s (--on); den dato, der kommer, er den sidste",
                    due=the_day(fact.due),
                    day=the_day(fact.on),
                )
            )
        if fact.event == "annual-review-held" and fact.due.year > fact.on.year:
            raise Invalid(
                phrase(
                    "gennemgangen %(day)s kan ikke være for %(year)s, som ikke er begyndt (--due)",
                    day=the_day(fact.on),
                    year=fact.due.year,
                )
            )
    could_be_met(agreement, fact)
    if fact.event == "regime-confirmed":
        can_end(agreement, fact.value)
    if fact.event in BOUND_TO_THE_TERM:
        in_its_term(agreement, rulebook, fact.event, fact.value)


def legible(fact: Fact) -> None:
    """What a person wrote must be legible and no longer than a sentence or two."""
    for name, words in (("--source", fact.source), ("--by", fact.by), ("--about", fact.about)):
        if invisible(words):
            raise Invalid(
                phrase("teksten indeholder et usynligt tegn; skriv den igen uden (%(name)s)", name=name)
            )
        if len(words) > LONGEST:
            raise Invalid(
                phrase(
                    "teksten er på %(count)s tegn, højst %(longest)s (%(name)s); sig det kortere, og giv "
                    "selve teksten som fil (--document)",
                    count=len(words),
                    longest=LONGEST,
                    name=name,
                )
            )


def national_goals(about: str) -> list[int]:
    """The numbers of the national goals that a ``goals-set`` ties its goals to (BEK 1248/2022 § 19, stk. 2), each once,
    in order; :class:`Invalid` for anything else."""
    said = [part.strip() for part in re.split("[;,]", about) if part.strip()]
    if any(not re.fullmatch("[0-9]{1,2}", one) or not 1 <= int(one) <= NATIONAL_GOALS for one in said):
        raise Invalid(
            phrase(
                "goals-set %(about)s: skriv numrene på de nationale mål, 1 til %(national_goals)s (--about)",
                about=repr(about),
                national_goals=NATIONAL_GOALS,
            )
        )
    return sorted({int(one) for one in said})


def _council(agreement: Agreement, fact: Fact) -> None:
    wants = fact.event in COUNCIL_EVENTS or fact.event == "published"
    if wants and not fact.council:
        codes = ", ".join(f"{party.code} {party.name}" for party in agreement.parties)
        raise Invalid(
            phrase("%(event)s mangler rådet (--council), et af %(codes)s", event=fact.event, codes=codes)
        )
    if not wants and fact.council is not None and fact.event != "correction":
        raise Invalid(phrase("%(event)s angår ikke ét råd; udelad det (--council)", event=fact.event))


def _about(agreement: Agreement, rulebook: Rulebook, fact: Fact) -> None:
    """What the fact is about must be something this agreement has."""
    allowed = subjects(agreement, rulebook, fact.event)
    if fact.event == "goals-set" and fact.about:
        if not agreement.regime.cite("national-goals"):
            raise Invalid(
                phrase(
                    "goals-set angår intet nærmere: %(instrument)s nævner ingen nationale mål (--about)",
                    instrument=agreement.regime.instrument,
                )
            )
        national_goals(fact.about)
    if fact.event in NEEDS_WORDS and not fact.about.strip():
        raise Invalid(f"{fact.event} mangler {OWN_WORDS[fact.event]} (--about)")
    if fact.event in OWN_WORDS or (fact.event in MAY_SAY and not fact.about):
        return
    if not allowed:
        if fact.event == DONE:
            raise Invalid(
                phrase(
                    "%(instrument)s har ingen pligt, der opfyldes med %(done)s",
                    instrument=agreement.regime.instrument,
                    done=DONE,
                )
            )
        if fact.about:
            raise Invalid(phrase("%(event)s angår intet nærmere; udelad det (--about)", event=fact.event))
    elif fact.about not in allowed:
        said = (
            phrase("%(about)s findes ikke her", about=repr(fact.about))
            if fact.about
            else phrase("skriv, hvad det angår (--about)")
        )
        raise Invalid(
            phrase(
                "%(event)s: %(said)s; en af %(names)s", event=fact.event, said=said, names=", ".join(allowed)
            )
        )
