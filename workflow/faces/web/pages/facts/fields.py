"""The fields of the form for each event, and a fact read from what was typed in them. Every answer is Danish and stands
beside its field; what the law says comes later, from the lifecycle."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from workflow.errors import Invalid
from workflow.language import noted, phrase
from workflow.lifecycle.course import BEGINS, COUNCIL_EVENTS, VERSION_EVENTS
from workflow.mail.writing.words import clean
from workflow.rules.agreement import Agreement
from workflow.rules.days import said_day
from workflow.rules.facts import Fact
from workflow.services.facts.grounds import DECISIONS, NEEDS_SOURCE
from workflow.services.facts.intake import (
    LATER_THAN_ON,
    NATIONAL_GOALS,
    NEEDS_DUE,
    OWN_WORDS,
    SETS_A_DATE,
    national_goals,
)
from workflow.services.facts.plausible import plausible
from workflow.services.facts.subjects import subjects
from workflow.storage.facts.projection import Standing
from workflow.storage.law.rulebook import Rulebook
from workflow.values import dataclass

NAMES = ("council", "about", "version", "on", "due", "time", "source", "corrects")
MOST_WORDS = 2000
ON = {
    "meeting-planned": noted("Mødet holdes den"),
    "effective": noted("Besluttet den"),
    "nominal-end": noted("Besluttet den"),
    "council-scheduled": noted("Held på dagsordenen den"),
    "correction": noted("Rettet den"),
}
DUE = {
    "sent-for-approval": noted("Svar ønskes senest den"),
    "consultation-opened": noted("Høringen slutter den"),
    "council-scheduled": noted("Rådets møde er den"),
    "deviation": noted("Den nye frist er den"),
    "sst-refused": noted("Frist for en ændret aftale"),
    "effective": noted("Aftalen træder i kraft den"),
    "nominal-end": noted("Første dag efter udløbet"),
    "annual-review-held": noted("Er den for et andet år, så en dag i det år"),
}
MUST_DUE = {*NEEDS_DUE, *SETS_A_DATE} - {"meeting-planned"}
_CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")


@dataclass(frozen=True, slots=True)
class Form:
    """Which fields the form of ``event`` has, and what they are called; ``evidence``: a source or a document is due."""

    event: str
    council: bool
    about: bool
    own_words: bool
    version: bool
    time: bool
    on: str
    due: str
    due_needed: bool
    source: str
    source_needed: bool
    evidence: bool


def form_of(event: str, standing: Standing, rulebook: Rulebook) -> Form:
    """The form of one event in this agreement."""
    moved = event == "effective" and standing.course.effective_on is not None
    needed = event in NEEDS_SOURCE or moved
    why = event == "correction"
    council = event in COUNCIL_EVENTS or event == "published"
    on = noted("Besluttet på mødet den") if event in COUNCIL_EVENTS - {"evidence"} else noted("Skete den")
    return Form(
        event,
        council=council,
        about=bool(subjects(standing.agreement, rulebook, event)),
        own_words=event in OWN_WORDS
        and (event != "goals-set" or bool(standing.agreement.regime.cite("national-goals"))),
        version=not why and (council or event in VERSION_EVENTS or event in BEGINS),
        time=event == "consultation-opened",
        on=ON.get(event, on),
        due=DUE.get(event, ""),
        due_needed=event in MUST_DUE,
        source=noted("Hvorfor er linjen forkert?") if why else noted("Kilde"),
        source_needed=needed,
        evidence=event in DECISIONS,
    )


def _goals(about: str, wrong: dict[str, str]) -> None:
    try:
        national_goals(about)
    except Invalid:
        wrong["about"] = phrase(
            "Skriv numrene på de nationale mål, 1 til %(most)s, med komma imellem.", most=NATIONAL_GOALS
        )


def read(
    form: Form, typed: Mapping[str, str], standing: Standing, rulebook: Rulebook, by: str
) -> tuple[Fact, dict[str, str]]:
    """The fact that was typed, and what is wrong with it: a Danish sentence for each field that is."""
    agreement, wrong = standing.agreement, dict[str, str]()
    on, due = a_day(typed, "on", True, wrong), a_day(typed, "due", form.due_needed, wrong)
    _days(form, agreement, on, due, standing.as_of, wrong)
    council = typed.get("council", "")
    if form.council and agreement.council(council) is None:
        wrong["council"] = phrase("Vælg et råd.")
    about = typed.get("about", "")
    if form.about and about not in subjects(agreement, rulebook, form.event):
        wrong["about"] = phrase("Vælg, hvad det drejer sig om.")
    if form.own_words:
        about = clean("; ".join(line for line in about.splitlines() if line.strip()))
        if len(about) > MOST_WORDS:
            wrong["about"] = phrase("Skriv højst %(most)s tegn.", most=MOST_WORDS)
        elif form.event == "goals-set":
            _goals(about, wrong)
    time = typed.get("time", "")
    if form.time and not _CLOCK.fullmatch(time):
        wrong["time"] = phrase("Skriv klokkeslættet som 12:00.")
    version = _number(typed, "version", wrong) if form.version else None
    corrects = _number(typed, "corrects", wrong) if form.event == "correction" else None
    source = clean(typed.get("source", ""))
    if form.source_needed and not source:
        wrong["source"] = (
            phrase("Skriv, hvor det fremgår.")
            if corrects is None
            else phrase("Skriv, hvorfor linjen er forkert.")
        )
    if len(source) > MOST_WORDS:
        wrong["source"] = phrase("Skriv højst %(most)s tegn.", most=MOST_WORDS)
    fact = Fact(
        0, form.event, on or standing.as_of, version, council if form.council else None, due if form.due else None,
        source, by, corrects, about=about if form.about or form.own_words else "",
        time=time if form.time else "",
    )  # fmt: skip
    return fact, wrong


def _days(
    form: Form, agreement: Agreement, on: date | None, due: date | None, today: date, wrong: dict[str, str]
) -> None:
    """What is wrong with the two days, beside their fields."""
    if on and form.evidence and on > today:
        wrong["on"] = phrase("Dagen er ikke kommet endnu; en beslutning registreres, når den er truffet.")
    for name, day in (("on", on), ("due", due)):
        try:
            if day:
                plausible(agreement, name, day)
        except Invalid:
            wrong[name] = phrase(
                "Datoen passer ikke til en aftale for valgperioden %(term)s. Er årstallet rigtigt?",
                term=agreement.term.label,
            )
    if on and due and due < on and form.event in LATER_THAN_ON:
        wrong["due"] = phrase("Datoen skal ligge efter den første dato.")


def a_day(typed: Mapping[str, str], name: str, needed: bool, wrong: dict[str, str]) -> date | None:
    """The day typed in field ``name``; ``None`` for none, and where it is no day ``wrong`` says so."""
    text = typed.get(name, "").strip()
    try:
        if text:
            return said_day(text)
    except ValueError:
        pass
    if text or needed:
        wrong[name] = (
            phrase("Skriv en dato, som findes, fx 2027-03-01.") if text else phrase("Skriv en dato.")
        )
    return None


def _number(typed: Mapping[str, str], name: str, wrong: dict[str, str]) -> int | None:
    text = typed.get(name, "").strip()
    if re.fullmatch(r"\d{1,6}", text, re.ASCII) and (name != "version" or 1 <= int(text) <= 99):
        return int(text)
    if text or name == "corrects":
        wrong[name] = (
            phrase("Skriv versionens nummer, fx 2.")
            if name == "version"
            else phrase("Vælg linjen i journalen.")
        )
    return None
