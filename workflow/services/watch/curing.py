"""An alarm in words a secretary understands: what happened, what it means for the letters, what to do, and where.

The alarm's own text is written for whoever runs the program, and names commands; it is shown beside these. Pure.
"""

from __future__ import annotations

from urllib.parse import quote, urlencode

from workflow.language import noted, phrase
from workflow.services.watch.minding import A_PERSONS
from workflow.values import dataclass

_OPERATOR = noted("Bed den, der driver Aftalefrist, om at se på det.")


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
        return Cure(
            what, means, todo, f"/breve/{number}", phrase("Se brev %(number)s", number=number), by_hand
        )
    if kind == "contact":
        body, _, function = rest.partition("/")
        path = "/kontakter/ny?" + urlencode({"organ": body, "funktion": function})
        return Cure(
            noted("En modtager har ingen postkasse."),
            noted("Brevene dertil bliver liggende og sendes, når der er en."),
            noted("Tilføj en kontakt."),
            path,
            noted("Tilføj en kontakt"),
        )
    if kind in ("address", "full"):
        return _mailbox(kind, rest)
    if kind == "plan":
        return Cure(
            noted("En aftale kan ikke regnes efter."),
            noted("Der skrives ingen nye breve om den. De andre aftaler går videre."),
            noted("Se journalen, og registrér det, der mangler, eller ret det, der er forkert."),
            f"/aftaler/{quote(rest)}/journal",
            noted("Se journalen"),
        )
    if kind == "outbox":
        return _OUTBOX.get(rest, _OUTBOX["stopped"])
    kind = "clock" if kind.startswith("clock") else kind
    what, means, todo, path, label = _OTHERS.get(kind, _OTHERS["?"])
    if kind == "refusal":
        what, todo = _REFUSED.get(rest.partition(":")[0], (what, todo))
    return Cure(what, means, todo, path, label, by_hand)


def _mailbox(kind: str, rest: str) -> Cure:
    where = ("/kontakter", noted("Se kontakterne"))
    if rest.endswith(":closed"):
        words = (
            noted("En postkasse svarer selv, at den er nedlagt."),
            noted("Adressen bruges fortsat, men ingen læser måske brevene."),
            noted("Spørg organet, og ret kontakten, hvis det passer."),
        )
    elif kind == "full":
        words = (
            noted("En postkasse er fuld eller svarer ikke."),
            noted("Brevene dertil prøves igen i tre døgn og går så til den næste kontakt samme sted."),
            noted("Ring til modtageren, eller tilføj en kontakt mere."),
        )
    elif rest.endswith(":given-up"):
        words = (
            noted("En postkasse har ikke villet tage imod i tre døgn."),
            noted("Brevet går til den næste kontakt samme sted; er der ingen, venter det på en ny adresse."),
            noted("Ret kontakten, eller tilføj en."),
        )
    else:
        words = (
            noted("En adresse er afvist: modtagerens mailserver kender den ikke."),
            noted(
                "Adressen bruges ikke mere. Brevet går til den næste kontakt samme sted; er der ingen, venter det."
            ),
            noted("Ret kontakten. Var afvisningen en fejl, så tag den i brug igen på kontaktens side."),
        )
    return Cure(*words, *where, by_hand=True)


_OURS = (
    noted("En modtagers mailserver siger, at vi ikke må sende."),
    noted("Bed den, der driver Aftalefrist, om at se på mailserveren og domænets SPF, DKIM og DMARC."),
)
_REFUSED = {
    "sender": _OURS,
    "relay": _OURS,
    "unknown": (
        noted("En modtagers mailserver afviser et brev, og programmet kan ikke se hvorfor."),
        noted("Læs svaret på brevets side, og spørg modtageren, eller tilføj en anden kontakt."),
    ),
}
_LETTER = {
    "quarantined": (
        noted("Et brev kan ikke skrives."),
        noted("Det bliver liggende; de andre går videre."),
        phrase("%(operator)s Prøv det så igen på brevets side.", operator=_OPERATOR),
    ),
    "cancelled": (
        noted("Et brev er annulleret."),
        noted("Modtageren får det ikke herfra."),
        noted(
            "Er modtageren fortalt det på anden vis, så afslut alarmen. Var det en fejl, så vælg »Send alligevel«."
        ),
    ),
    "uncertain": (
        noted("Et brev er måske modtaget to gange."),
        noted("Forbindelsen brød, mens det blev sendt, så samme brev sendes igen."),
        noted("Ring, hvis det er vigtigt, at modtageren kun har det én gang."),
    ),
    "doubt": (
        noted("Ingen ved, om et brev er modtaget."),
        noted("Det prøves ikke mere af sig selv."),
        noted("Ring og spørg. Bekræft det på brevets side, hvis det er modtaget; ellers slip det."),
    ),
    "delayed": (
        noted("Et brev er forsinket hos modtagerens mailserver."),
        noted("Det er overgivet, men endnu ikke lagt i postkassen."),
        noted("Vent, eller ring, hvis det haster."),
    ),
    "unread": (
        noted("Et brev kom retur med ord, som programmet ikke kan læse."),
        noted("Det står som overgivet, men er måske ikke modtaget."),
        noted("Læs returmeldingen på brevets side. Send brevet igen, eller bekræft det."),
    ),
    "answer": (
        noted("Nogen har svaret på et brev på en adresse, som ingen læser."),
        noted("Svaret er gemt ved brevet."),
        noted("Læs svaret på brevets side, og svar modtageren."),
    ),
    "challenge": (
        noted("Et filter holder et brev tilbage, til nogen bekræfter, hvem der skriver."),
        noted("Modtageren har måske ikke fået det."),
        noted(
            "Bed modtageren om at tillade afsenderen. Filterets mail står på brevets side; åbn kun links, du kender."
        ),
    ),
    "bounced": (
        noted("Et brev kom retur, fordi postkassen sender videre til en, der ikke kan nås."),
        noted("Brevet holdes tilbage, til du har svaret."),
        noted("Spørg modtageren. Slip brevet på dets side, eller annullér det, hvis det er modtaget."),
    ),
    "warning": (
        noted("Et brev har ikke kunnet overgives."),
        noted("Det prøves igen af sig selv."),
        noted("Se mailserverens svar på brevets side. Ring til modtageren, hvis det haster."),
    ),
}
_RELAY = (
    noted("Mailserveren tager ikke imod."),
    noted("Brevene bliver liggende og sendes af sig selv, når den er rettet. Ingen adresse er slettet."),
    _OPERATOR,
    "",
    "",
)
_OTHERS = {
    "channel": _RELAY,
    "mail": _RELAY,
    "refusal": (
        noted("En modtagers mailserver afviser vores breve efter sine regler."),
        noted("De prøves igen hver fjerde time i tre døgn og går så til den næste kontakt samme sted."),
        noted("Bed modtagerens it-afdeling om at lukke brevene ind, eller tilføj en anden kontakt."),
        "/breve?tilstand=venter",
        noted("Se breve, der venter"),
    ),
    "letter": (
        noted("Dagens samlede mail til en postkasse kunne ikke skrives."),
        noted("Den mest presserende påmindelse er sendt alene; de andre følger."),
        _OPERATOR,
        "/breve?tilstand=venter",
        noted("Se breve, der venter"),
    ),
    "return": (
        noted("En mail i returpostkassen kan ikke læses."),
        noted("Den er lagt til side. Den kan handle om et brev, der ikke kom frem."),
        _OPERATOR,
        "",
        "",
    ),
    "journal": (
        noted("Postkassen med kopier af det sendte kan ikke læses."),
        noted("Et brev i tvivl sendes igen uden at blive slået op, så nogen kan få det to gange."),
        _OPERATOR,
        "",
        "",
    ),
    "pass": (
        noted("Programmets gennemløb fejler."),
        noted("Breve kan blive forsinket. Det prøves igen hvert minut."),
        _OPERATOR,
        "",
        "",
    ),
    "contacts": (
        noted("Kontakter udløber eller mangler."),
        noted("Breve dertil kan ikke sendes, når de er udløbet."),
        noted("Se kontakterne igennem, og tilføj dem, der mangler."),
        "/kontakter",
        noted("Se kontakterne"),
    ),
    "tokens": (
        noted("En nøgle til et program udløber snart, eller er udløbet."),
        noted("Breve og sider går videre. Programmet kan ikke læse her, når den er udløbet."),
        _OPERATOR,
    ),
    "rules": (
        noted("Nye regler venter på et svar."),
        noted("Indtil da regnes aftalerne efter de hidtidige regler."),
        noted("En administrator tager dem i brug eller afviser dem."),
        "/regler",
        noted("Se reglerne"),
    ),
    "clock": (
        noted("Maskinens ur passer ikke."),
        noted("Intet sendes, før det er rigtigt igen."),
        _OPERATOR,
        "",
        "",
    ),
    "?": (
        noted("Programmet melder om noget, der skal ses på."),
        noted("Hvad det betyder for brevene, står i alarmens egne ord."),
        _OPERATOR,
        "",
        "",
    ),
}
_OUTBOX = {
    "stopped": Cure(
        noted("Al udsendelse er standset."),
        noted("Ingen breve sendes. Der planlægges fortsat, og intet går tabt."),
        noted("Den, der driver Aftalefrist, slipper udsendelsen igen."),
        "/breve?tilstand=venter",
        noted("Se breve, der venter"),
        releases=True,
    ),
    "restored": Cure(
        noted("Databasen er en ældre kopi."),
        noted("Al udsendelse er standset, fordi nogle breve kan være sendt siden kopien."),
        noted("Svar for de breve, der venter på dit svar. Derefter slippes resten."),
        "/breve?tilstand=dit-svar",
        noted("Se brevene"),
        releases=True,
    ),
    "held": Cure(
        noted("Usædvanligt mange påmindelser på én gang."),
        noted("De holdes tilbage. Lovpligtige breve sendes fortsat."),
        noted("Se dem igennem. Slip dem ét for ét på brevets side, eller alle på én gang."),
        "/breve?tilstand=standset",
        noted("Se de tilbageholdte"),
        releases=True,
    ),
}
