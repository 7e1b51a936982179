"""The form that opens a round: its fields read into the same entry that a round's file holds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, timedelta

from workflow.errors import NotFound
from workflow.language import noted, phrase
from workflow.mail.writing.words import clean
from workflow.rules.agreement import Region
from workflow.rules.regime import Regime
from workflow.rules.terms import Term
from workflow.services.councils.cells import cell_day, day_fault
from workflow.services.facts.agreements import LABEL
from workflow.services.rounds.roundfile import AgreementEntry, FactEntry
from workflow.storage.law.rulebook import Rulebook
from workflow.storage.law.units import labelled

NAMES = (
    "region", "period", "label", "effective", "last", "last_source", "source", "municipality", "drafted", "sent",
    "reply", "sent_source",
)  # fmt: skip
LABELS = {
    "region": noted("Region"), "period": noted("Valgperiode og regler"), "label": noted("Navn"),
    "effective": noted("Træder i kraft den"), "last": noted("Sidste dag"),
    "last_source": noted("Hvor sidste dag er aftalt"), "source": noted("Kilde"),
    "municipality": noted("Kommune, sundhedsråd eller gruppe"), "drafted": noted("Udkastet påbegyndt den"),
    "sent": noted("Sendt til rådene den"), "reply": noted("Svar ønsket senest den"),
    "sent_source": noted("Kilde til, at teksten er sendt"), "fil": noted("Rundens fil"),
}  # fmt: skip
MOST_WORDS = 2000


def periods(rulebook: Rulebook) -> list[tuple[Term, Regime]]:
    """Every term with each regime that governs it, the newest first."""
    found = [(term, regime) for term in rulebook.law.terms for regime in rulebook.law.regimes_of(term)]
    return sorted(found, key=lambda one: one[0].starts_on, reverse=True)


def read_opening(
    typed: Mapping[str, str], rulebook: Rulebook, today: date
) -> tuple[AgreementEntry | None, dict[str, str]]:
    """The agreement that was typed, and what is wrong: a Danish sentence for each field that is."""
    wrong: dict[str, str] = {}
    word = ""
    term, _, regime = typed["period"].partition("/")
    chosen = next((one for one in periods(rulebook) if (one[0].label, one[1].id) == (term, regime)), None)
    region = next((one for one in rulebook.regions if one.id == typed["region"]), None)
    if region is None:
        wrong["region"] = phrase("Vælg en region.")
    if chosen is None:
        wrong["period"] = phrase("Vælg en valgperiode.")
    if region and chosen:
        _together(region, *chosen, typed["municipality"].strip(), wrong)
        word = _unit(rulebook, region, chosen[1], typed["municipality"].strip(), today, wrong)
    if not LABEL.fullmatch(typed["label"].strip()):
        wrong["label"] = phrase(
            "Skriv et navn, fx 2028-2031: højst 40 bogstaver, tal, punktummer og bindestreger, uden mellemrum."
        )
    for name in ("last_source", "source", "sent_source"):
        if len(typed[name]) > MOST_WORDS:
            wrong[name] = phrase("Skriv højst %(most)s tegn.", most=MOST_WORDS)
    effective, last = _day(typed, "effective", wrong), _day(typed, "last", wrong)
    if last and not typed["last_source"].strip():
        wrong["last_source"] = phrase("Skriv, hvor det er aftalt; ingen regel fastsætter det.")
    if last and effective and last < effective:
        wrong["last"] = phrase("Sidste dag ligger før den dag, aftalen træder i kraft.")
    if region and chosen and last and last < chosen[0].starts_on:
        wrong["last"] = phrase(
            "Dagen ligger, før valgperioden %(term)s begynder. Er årstallet rigtigt?", term=term
        )
    facts = _past(typed, today, wrong)
    if wrong:
        return None, wrong
    return AgreementEntry(
        region=typed["region"], term=term, label=labelled(word, typed["label"].strip()), effective=effective,
        nominal_end=last + timedelta(days=1) if last else None, nominal_end_source=clean(typed["last_source"]),
        municipality=typed["municipality"].strip() or None, regime=regime, source=clean(typed["source"]), fact=facts,
    ), {}  # fmt: skip


def _together(region: Region, term: Term, regime: Regime, municipality: str, wrong: dict[str, str]) -> None:
    """Whether the region was there in the term, and the regime has an agreement for each municipality."""
    if term.ends_on < region.valid_from or term.starts_on > (region.valid_to or date.max):
        wrong["region"] = phrase(
            "%(region)s findes ikke i valgperioden %(term)s.", region=region.name, term=term.label
        )
    if regime.unit.body != "region":
        return
    if municipality and regime.parties != "one-municipality":
        wrong["municipality"] = phrase(
            "%(instrument)s har én aftale for hele regionen. Lad feltet stå tomt.",
            instrument=regime.instrument,
        )
    elif municipality and not re.fullmatch(r"\d{4}", municipality, re.ASCII):
        wrong["municipality"] = phrase("Skriv kommunens kode med fire cifre, fx 0851.")


def _unit(
    rulebook: Rulebook, region: Region, regime: Regime, named: str, today: date, wrong: dict[str, str]
) -> str:
    """The word of the body below the region whose round it is under the regime; "" for the region itself."""
    if regime.unit.body == "region":
        return ""
    if not named:
        wrong["municipality"] = phrase(
            "Skriv, hvilken kommune, hvilket sundhedsråd eller hvilken gruppe det gælder, fx 0851 eller vendsyssel."
        )
        return ""
    try:
        unit = rulebook.unit(regime, named, today)
    except NotFound as error:
        wrong["municipality"] = f"{str(error)[:1].upper()}{str(error)[1:]}."
        return ""
    if unit.region != region.id:
        wrong["municipality"] = phrase(
            "%(unit)s hører ikke til %(region)s. Vælg den rette region.", unit=unit.name, region=region.name
        )
    return unit.word


def _past(typed: Mapping[str, str], today: date, wrong: dict[str, str]) -> list[FactEntry]:
    """What had happened before the round came here."""
    drafted, sent, reply = (_day(typed, name, wrong) for name in ("drafted", "sent", "reply"))
    for name, day in (("drafted", drafted), ("sent", sent)):
        if day and day > today:
            wrong[name] = phrase("Dagen er ikke kommet endnu. Registrér det, når det er sket.")
    if reply and sent and reply < sent:
        wrong["reply"] = phrase("Dagen ligger, før teksten blev sendt.")
    if reply and not sent:
        wrong.setdefault("sent", phrase("Skriv, hvornår teksten blev sendt."))
    facts = [FactEntry(event="drafting-opened", on=drafted)] if drafted else []
    if sent:
        source = clean(typed["sent_source"])
        facts.append(FactEntry(event="sent-for-approval", on=sent, due=reply, source=source))
    return facts


def _day(typed: Mapping[str, str], name: str, wrong: dict[str, str]) -> date | None:
    text = typed[name].strip()
    found = cell_day(text) if text else None
    if text and found is None:
        wrong[name] = day_fault(text)
    return found


def foreign(entries: Sequence[AgreementEntry], reached: Sequence[str]) -> list[str]:
    """The agreements of a file that lie in a region the visitor cannot record for."""
    return [entry.key for entry in entries if entry.region not in reached]
