"""An alarm in words a secretary understands: what happened, what it means for the letters, what to do, and where.

The alarm's own text is written for whoever runs the program, and names commands; it is shown beside these. Pure.
"""

from __future__ import annotations

from dataclasses import dataclass
from urllib.parse import quote, urlencode

from workflow.services.watch.minding import A_PERSONS

_OPERATOR = "Bed den, der driver Aftalefrist, om at se på det."


@dataclass(frozen=True, slots=True)
class Cure:
    """``path`` and ``label`` lead to where it is cured, "" where nothing on the site cures it; ``by_hand``: a person
    ends the alarm when it has been seen to, since no later event does; ``releases``: letting all sending go ends it."""

    what: str
    means: str
    todo: str
    path: str = ""
    label: str = ""
    by_hand: bool = False
    releases: bool = False


def cure_of(key: str) -> Cure:
    """The words for the alarm with this key, of every kind there is; one nobody knows says so."""
    kind, _, rest = key.partition(":")
    by_hand = key.startswith(A_PERSONS)
    if kind == "notice":
        number, _, how = rest.partition(":")
        what, means, todo = _LETTER.get(how, _LETTER["warning"])
        return Cure(what, means, todo, f"/breve/{number}", f"Se brev {number}", by_hand)
    if kind == "contact":
        body, _, function = rest.partition("/")
        path = "/kontakter/ny?" + urlencode({"organ": body, "funktion": function})
        return Cure(
            "En modtager har ingen postkasse.", "Brevene dertil bliver liggende og sendes, når der er en.",
            "Tilføj en kontakt.", path, "Tilføj en kontakt",
        )  # fmt: skip
    if kind in ("address", "full"):
        return _mailbox(kind, rest)
    if kind == "plan":
        return Cure(
            "En aftale kan ikke regnes efter.", "Der skrives ingen nye breve om den. De andre aftaler går videre.",
            "Se journalen, og registrér det, der mangler, eller ret det, der er forkert.",
            f"/aftaler/{quote(rest)}/journal", "Se journalen",
        )  # fmt: skip
    if kind == "outbox":
        return _OUTBOX.get(rest, _OUTBOX["stopped"])
    kind = "clock" if kind.startswith("clock") else kind
    what, means, todo, path, label = _OTHERS.get(kind, _OTHERS["?"])
    return Cure(what, means, todo, path, label, by_hand)


def _mailbox(kind: str, rest: str) -> Cure:
    where = ("/kontakter", "Se kontakterne")
    if rest.endswith(":closed"):
        words = (
            "En postkasse svarer selv, at den er nedlagt.", "Adressen bruges fortsat, men ingen læser måske brevene.",
            "Spørg organet, og ret kontakten, hvis det passer.",
        )  # fmt: skip
    elif kind == "full":
        words = (
            "En postkasse er fuld eller svarer ikke.",
            "Brevene dertil prøves igen i tre døgn og går så til den næste kontakt samme sted.",
            "Ring til modtageren, eller tilføj en kontakt mere.",
        )
    elif rest.endswith(":given-up"):
        words = (
            "En postkasse har ikke villet tage imod i tre døgn.",
            "Brevet går til den næste kontakt samme sted; er der ingen, venter det på en ny adresse.",
            "Ret kontakten, eller tilføj en.",
        )
    else:
        words = (
            "En adresse er afvist: modtagerens mailserver kender den ikke.",
            "Adressen bruges ikke mere. Brevet går til den næste kontakt samme sted; er der ingen, venter det.",
            "Ret kontakten. Var afvisningen en fejl, så tag den i brug igen på kontaktens side.",
        )
    return Cure(*words, *where, by_hand=True)


_LETTER = {
    "quarantined": (
        "Et brev kan ikke skrives.",
        "Det bliver liggende; de andre går videre.",
        f"{_OPERATOR} Prøv det så igen på brevets side.",
    ),
    "cancelled": (
        "Et brev er annulleret.",
        "Modtageren får det ikke herfra.",
        "Er modtageren fortalt det på anden vis, så afslut alarmen. Var det en fejl, så vælg »Send alligevel«.",
    ),
    "uncertain": (
        "Et brev er måske modtaget to gange.",
        "Forbindelsen brød, mens det blev sendt, så samme brev sendes igen.",
        "Ring, hvis det er vigtigt, at modtageren kun har det én gang.",
    ),
    "doubt": (
        "Ingen ved, om et brev er modtaget.",
        "Det prøves ikke mere af sig selv.",
        "Ring og spørg. Bekræft det på brevets side, hvis det er modtaget; ellers slip det.",
    ),
    "delayed": (
        "Et brev er forsinket hos modtagerens mailserver.",
        "Det er overgivet, men endnu ikke lagt i postkassen.",
        "Vent, eller ring, hvis det haster.",
    ),
    "unread": (
        "Et brev kom retur med ord, som programmet ikke kan læse.",
        "Det står som overgivet, men er måske ikke modtaget.",
        "Læs returmeldingen på brevets side. Send brevet igen, eller bekræft det.",
    ),
    "answer": (
        "Nogen har svaret på et brev på en adresse, som ingen læser.",
        "Svaret er gemt ved brevet.",
        "Læs svaret på brevets side, og svar modtageren.",
    ),
    "bounced": (
        "Et brev kom retur, fordi postkassen sender videre til en, der ikke kan nås.",
        "Brevet holdes tilbage, til du har svaret.",
        "Spørg modtageren. Slip brevet på dets side, eller annullér det, hvis det er modtaget.",
    ),
    "warning": (
        "Et brev har ikke kunnet overgives.",
        "Det prøves igen af sig selv.",
        "Se mailserverens svar på brevets side. Ring til modtageren, hvis det haster.",
    ),
}
_RELAY = (
    "Mailserveren tager ikke imod.",
    "Brevene bliver liggende og sendes af sig selv, når den er rettet. Ingen adresse er slettet.",
    _OPERATOR,
    "",
    "",
)
_OTHERS = {
    "channel": _RELAY,
    "mail": _RELAY,
    "refusal": (
        "En modtagers mailserver afviser vores breve efter sine regler.",
        "De prøves igen hver fjerde time i tre døgn og går så til den næste kontakt samme sted.",
        "Bed modtagerens it-afdeling om at lukke brevene ind, eller tilføj en anden kontakt.",
        "/breve?tilstand=venter", "Se breve, der venter",
    ),
    "letter": (
        "Dagens samlede mail til en postkasse kunne ikke skrives.",
        "Den mest presserende påmindelse er sendt alene; de andre følger.",
        _OPERATOR, "/breve?tilstand=venter", "Se breve, der venter",
    ),
    "return": (
        "En mail i returpostkassen kan ikke læses.",
        "Den er lagt til side. Den kan handle om et brev, der ikke kom frem.",
        _OPERATOR, "", "",
    ),
    "journal": (
        "Postkassen med kopier af det sendte kan ikke læses.",
        "Et brev i tvivl sendes igen uden at blive slået op, så nogen kan få det to gange.",
        _OPERATOR, "", "",
    ),
    "pass": (
        "Programmets gennemløb fejler.",
        "Breve kan blive forsinket. Det prøves igen hvert minut.",
        _OPERATOR, "", "",
    ),
    "contacts": (
        "Kontakter udløber eller mangler.",
        "Breve dertil kan ikke sendes, når de er udløbet.",
        "Se kontakterne igennem, og tilføj dem, der mangler.",
        "/kontakter", "Se kontakterne",
    ),
    "rules": (
        "Nye regler venter på et svar.",
        "Indtil da regnes aftalerne efter de hidtidige regler.",
        "En administrator tager dem i brug eller afviser dem.",
        "/regler", "Se reglerne",
    ),
    "clock": (
        "Maskinens ur passer ikke.",
        "Intet sendes, før det er rigtigt igen.",
        _OPERATOR, "", "",
    ),
    "?": (
        "Programmet melder om noget, der skal ses på.",
        "Hvad det betyder for brevene, står i alarmens egne ord.",
        _OPERATOR, "", "",
    ),
}  # fmt: skip
_OUTBOX = {
    "stopped": Cure(
        "Al udsendelse er standset.", "Ingen breve sendes. Der planlægges fortsat, og intet går tabt.",
        "Den, der driver Aftalefrist, slipper udsendelsen igen.", "/breve?tilstand=venter", "Se breve, der venter",
        releases=True,
    ),
    "restored": Cure(
        "Databasen er en ældre kopi.", "Al udsendelse er standset, fordi nogle breve kan være sendt siden kopien.",
        "Svar for de breve, der venter på dit svar. Derefter slippes resten.", "/breve?tilstand=dit-svar",
        "Se brevene", releases=True,
    ),
    "held": Cure(
        "Usædvanligt mange påmindelser på én gang.", "De holdes tilbage. Lovpligtige breve sendes fortsat.",
        "Se dem igennem. Slip dem ét for ét på brevets side, eller alle på én gang.", "/breve?tilstand=standset",
        "Se de tilbageholdte", releases=True,
    ),
}  # fmt: skip
