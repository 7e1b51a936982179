"""What is worth a second look though no rule forbids it, of a fact that is about to be recorded."""

from __future__ import annotations

from datetime import date

from workflow.language import phrase
from workflow.lifecycle.spoken import the_day
from workflow.rules.agreement import Agreement
from workflow.rules.facts import Fact, lacking
from workflow.services.facts.intake import SETS_A_DATE

FIRST_DAYS = 5  # of January: the first business day of a year is one of them


def ahead(fact: Fact, today: date) -> str:
    """What to know of a fact dated after ``today``, in Danish; "" for one that is not. A date that is *set* by its day
    alone (a planned meeting, an entry into force) holds at once, so there is nothing to know."""
    if fact.on <= today or fact.known_on is None:
        return ""
    if fact.event in SETS_A_DATE:
        return phrase(
            "%(day)s er ikke kommet endnu, så datoen gælder først fra den dag; er det besluttet, så skriv hvornår",
            day=fact.on,
        )
    if fact.event in ("meeting-held", "piu-meeting-held"):
        return phrase(
            "%(day)s er ikke kommet endnu. Linjen regnes med fra den dag, uden at nogen spørges igen; sker det ikke, "
            "så ret den; et møde, der skal holdes, er meeting-planned",
            day=fact.on,
        )
    return phrase(
        "%(day)s er ikke kommet endnu. Linjen regnes med fra den dag, uden at nogen spørges igen; sker det ikke, "
        "så ret den",
        day=fact.on,
    )


def remarks(agreement: Agreement, fact: Fact, today: date) -> list[str]:
    """What is worth a second look though no rule forbids it, in Danish; ``fact`` is complete, ``today`` Danish."""
    said = [soon] if (soon := ahead(fact, today)) else []
    if fact.event == "effective" and fact.value > agreement.term.ends_on:
        said.append(
            phrase(
                "%(day)s ligger efter valgperioden %(term)s; ingen regel sætter en seneste dag for ikrafttræden, så "
                "datoen står. Er årstallet rigtigt?",
                day=the_day(fact.value), term=agreement.term.label,
            )
        )  # fmt: skip
    if fact.event == "annual-review-held" and not fact.due and fact.on <= date(fact.on.year, 1, FIRST_DAYS):
        said.append(
            phrase(
                "gennemgangen er holdt i årets første dage og tæller for %(year)s, medmindre det er underskrevet, at "
                "en dato på en lukkedag flyttes. Er den for %(before)s, så ret linjen, og skriv en dag i det år "
                "(--due)",
                year=fact.on.year, before=fact.on.year - 1,
            )
        )  # fmt: skip
    if fact.event == "sst-refused" and not lacking(fact):
        cite = agreement.regime.cite("refuse")
        said.append(
            phrase(
                "hvilke krav der ikke er opfyldt, er ikke registreret, så brevene beder om dem; afslaget skal angive "
                "dem (%(cite)s). Tilføj dem (--about)",
                cite=cite,
            )
        )
    said += _sub_agreement(agreement, fact)
    return said


def _sub_agreement(agreement: Agreement, fact: Fact) -> list[str]:
    """What a co-operation agreement under the health agreement takes a stand on, where the guidance says so."""
    provision = agreement.regime.cite("sub-agreement")
    if fact.event != "annex-added" or not provision or not agreement.regime.citable((provision,), fact.on):
        return []
    return [
        phrase(
            "er bilaget en samarbejdsaftale, så tager den stilling til det, der er relevant, af disse otte punkter: "
            "opgaveløsning og opgavefordeling; mål for indsatsen; kapacitet, som drøftes løbende; ansvar for forløbet, "
            "herunder det lægelige behandlingsansvar; kompetencer og rådgivning; medicin, udstyr og digital "
            "understøttelse; en plan for implementering og opfølgning; vilkår for ændret arbejdsdeling, herunder "
            "økonomi (%(cite)s)",
            cite=provision,
        )
    ]
