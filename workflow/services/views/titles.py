"""What people call a body, a recipient and a letter, where programs have keys."""

from __future__ import annotations

import re

from workflow.language import noted, phrase, worded
from workflow.mail.writing.words import BEARERS, FUNCTIONS, stort
from workflow.rules.words import NEUTRAL, Words
from workflow.services.due.handled import HEARD, SPOKEN, STEERING
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.people.contacts import PERSONAL

OWN = {
    "week": "Mandagsmail",
    "reasons": phrase("Begrundelse sendt videre"),
    "hearing-reply": phrase("Svar på høringssvar"),
}  # letters to one person, which no rule plans
_KEY = re.compile(rf"\b([0-9]{{4}}|[a-z][a-z-]+)/({'|'.join(FUNCTIONS)})\b")
PROMPTS = {
    "council-reply": noted("Svar fra rådene"),
    "council-agenda": noted("Rådets dagsorden lukker"),
    "council-met": noted("Rådets møde"),
    "council-calendar": noted("Rådenes mødedage"),
    "council-day-gone": noted("Et møde holdes ikke"),
    "consultation": noted("Høringen slutter"),
    "receipt": noted("Kvittering fra myndigheden"),
    "publication": noted("Offentliggørelse"),
    "piu-before-drafting": noted("Møde med patientinddragelsesudvalget"),
    "piu-yearly": noted("Årligt møde med patientinddragelsesudvalget"),
    "meetings": noted("Årets møder"),
    "watch": noted("Årets økonomiaftaler og nye love"),
    "rosters": noted("Udvalg og kontaktlister udløber"),
    "region-ends": noted("Regionen ophører"),
    "constitution": noted("Nye udvalg nedsættes"),
    "hold-over": noted("Aftalen gælder fortsat"),
    "regime-ended": noted("Reglerne er ophævet"),
    "regime-unsettled": noted("Slå op, hvornår reglerne ophører"),
    "nominal-end-missing": noted("Registrér aftalens udløb"),
}


def duty(rulebook: Rulebook, regime: str, letter: str, deadline: str) -> str:
    """What a letter of any duty is about: the title of its date in that regime. Empty for a letter of one duty."""
    if not any(one.name == letter and one.generic for one in rulebook.letters):
        return ""
    rules = [one.rule(deadline) for one in rulebook.law.regimes if one.id == regime]
    return next((rule.title.da for rule in rules if rule), "")


def bodies(rulebook: Rulebook) -> dict[str, str]:
    """The name of each council (by code), cluster and region (by id and by code)."""
    names = {member.code: member.full_name for member in rulebook.memberships}
    names |= {cluster.id: cluster.name for cluster in rulebook.clusters}
    for region in rulebook.regions:
        names |= {region.id: region.name, region.code or region.id: region.name}
    return names


def doer(names: dict[str, str], who: str, words: Words = NEUTRAL) -> str:
    """Who is to do something: a body of :func:`bodies`, or one of law's own, ``ssu`` or ``regional-council``, as
    the regime's ``words`` have it."""
    return names.get(who) or bearer(who, words)


def bearer(who: str, words: Words) -> str:
    """One of law's own bodies as the regime calls it: its authority, its committee, or a council."""
    named = {
        "sst": words.authority, "ssu": words.committee, "sku": words.committee, "regional-council": words.regional,
        "municipality": words.council,
    }.get(who)  # fmt: skip
    return stort(worded(named.definite)) if named else worded(BEARERS.get(who, who))


def recipient(names: dict[str, str], key: str) -> str:
    """Whom a notice is owed to: the body's name, and the function where it is not the council's own."""
    body, _, function = key.partition("/")
    if body in PERSONAL:
        return function
    name = names.get(body, body)
    return name if function in ("council", "") else f"{name}, {worded(FUNCTIONS.get(function, function))}"


def named(names: dict[str, str], text: str) -> str:
    """A sentence with recipients' names for their keys: ``0860/council`` becomes the municipality's name."""
    return _KEY.sub(lambda key: recipient(names, key[0]) if key[1] in names else key[0], text)


def agreement(names: dict[str, str], key: str) -> str:
    """``"Region Nordjylland 2024-2027"`` for the key ``nordjylland/2024-2027``."""
    region, _, label = key.partition("/")
    return f"{names.get(region, region)} {label}"


def dates(rulebook: Rulebook) -> dict[str, str]:
    """What readers call each date that a letter can be about, by the id of its rule or prompt."""
    rules = {rule.id: rule.title.da for regime in rulebook.law.regimes for rule in regime.deadlines}
    return PROMPTS | rules


def letters(rulebook: Rulebook) -> dict[str, str]:
    """What readers call each kind of letter, in the language of the moment."""
    words = NEUTRAL.now
    own = {name: worded(title) for name, title in OWN.items()}
    return own | {letter.name: words.said(worded(letter.title.da)) for letter in rulebook.letters}


def access(rulebook: Rulebook, role: str, region: str = "", body: str = "") -> str:
    """What a person of that role may be called in a sentence: ``"sekretariat i Region Nordjylland"``."""
    place = rulebook.region(region).name if region else ""
    match role:
        case "secretariat":
            return phrase("sekretariat i %(place)s", place=place)
        case "council":
            return phrase("råd: %(name)s", name=bodies(rulebook).get(body, body))
        case "coordinator":
            return phrase("koordinator i %(place)s", place=place or phrase("alle regioner"))
        case "administrator":
            return (
                phrase("administrator i %(place)s", place=place)
                if place
                else phrase("administrator af hele siden")
            )
        case _:
            return phrase("læser i myndigheden")


def handling(names: dict[str, str], called: dict[str, str], about: str) -> str:
    """What was done to which letter, from the ``about`` of a *letter-handled* fact: ``"sprunget over: Nedtælling til
    indsendelse til Aalborg Kommune"``, ``"annulleret: brev 12, 13"``."""
    act, _, what = about.partition("|")
    if act == HEARD:
        number, _, code = what.partition(":")
        return phrase(
            "%(recipient)s %(one)s om version %(version)s",
            recipient=recipient(names, code),
            one=SPOKEN[act],
            version=number[1:],
        )
    if act not in STEERING:
        return f"{SPOKEN.get(act, act)}: brev {', '.join(what.split())}"
    *_, letter, _rung, to = ("", "", *what.split("|"))
    return f"{SPOKEN[act]}: {called.get(letter, letter)} til {recipient(names, to)}"
