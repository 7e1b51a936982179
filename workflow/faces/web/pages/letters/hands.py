"""What a person does to one letter: the forms of the letter's page and of *Kommende breve*, read and carried out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from workflow.errors import AftaleError, Conflict, Invalid, NotFound, NotPossible
from workflow.faces.web.pages.site import Visit
from workflow.faces.web.pages.words import reason
from workflow.language import noted, phrase, said_by, worded
from workflow.mail.writing.words import stort
from workflow.rules.days import said_day
from workflow.services.delivery import handling
from workflow.services.hands import noting, steering
from workflow.services.hands.offered import NEED_WHY
from workflow.services.hands.promised import promised
from workflow.services.hands.resending import resend
from workflow.services.watch import receipts
from workflow.values import dataclass

MOST_WORDS = 2000
PROMISES = ("now", "revive", "release", "retry", "resend")
DONE = {
    "now": noted("Brevet er sat til at gå alene."),
    "wait": noted("Brevet venter til den dag, du valgte."),
    "skip": noted("Brevet er sprunget over og sendes ikke."),
    "revive": noted("Brevet skal sendes alligevel."),
    "hold": noted("Brevet er holdt tilbage, til nogen slipper det."),
    "release": noted("Brevet er sluppet."),
    "cancel": noted("Brevet er annulleret og sendes ikke."),
    "retry": noted("Brevet prøves igen."),
    "resend": noted("En kopi, der siger, at den er en kopi, er sat til at blive sendt."),
    "confirm": noted("Brevet står nu som bekræftet modtaget."),
    "note": noted("Notatet er gemt."),
}


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of a form: ``wrong`` by field, or ``refused``, or neither where it was done; ``status`` is HTTP's."""

    act: str
    wrong: Mapping[str, str]
    refused: str = ""
    status: int = 303

    @property
    def done(self) -> bool:
        """Whether it was carried out."""
        return not (self.wrong or self.refused)


def said_done(visit: Visit, act: str, letter: int) -> str:
    """What was done, and when letter number ``letter`` goes (the copy, where one was made; 0: not known)."""
    goes = promised(visit.place.engine, [letter], visit.at) if act in PROMISES else ""
    done = worded(DONE.get(act, ""))
    if not goes:
        return done
    then = phrase("Kopien %(goes)s.", goes=goes) if act == "resend" else phrase("Det %(goes)s.", goes=goes)
    return f"{done} {worded(then)}"


def carry_out(visit: Visit, reference: str, typed: Mapping[str, str]) -> Tried:
    """Do to the letter ``reference`` (its number or key) what the form asks: ``hvad`` is the act, ``why``, ``until``,
    ``text`` and ``nth`` its words. What is wrong is said beside its field; :class:`NotFound` passes."""
    act, wrong = typed["hvad"], dict[str, str]()
    if act in NEED_WHY and not typed["why"].strip():
        wrong["why"] = phrase("Skriv hvorfor; det står på brevet og i journalen.")
    if len(typed["why"]) > MOST_WORDS:
        wrong["why"] = phrase("Skriv det på højst %(most)s tegn.", most=MOST_WORDS)
    if act == "note" and not typed["text"].strip():
        wrong["text"] = phrase("Skriv notatet, fx »ringet 3/12, byrådet 16/12«.")
    if len(typed["text"]) > MOST_WORDS:
        wrong["text"] = phrase("Skriv notatet på højst %(most)s tegn.", most=MOST_WORDS)
    until = _day(typed["until"], wrong) if act == "wait" else None
    if wrong:
        return Tried(act, wrong, status=422)
    try:
        _do(visit, act, reference, typed, until)
    except NotFound:
        raise
    except Invalid as error:
        return Tried(act, {"until" if act == "wait" else "why": _said(error)}, status=422)
    except (Conflict, NotPossible) as error:
        return Tried(act, {}, _said(error), 409)
    return Tried(act, {})


def _do(visit: Visit, act: str, reference: str, typed: Mapping[str, str], until: date | None) -> None:
    engine, rulebook, at, by, why = (
        visit.place.engine,
        visit.rulebook,
        visit.at,
        visit.visitor.name,
        typed["why"],
    )
    settings = visit.place.settings
    match act:
        case "now":
            steering.send_now(engine, rulebook, reference, by, at, settings.base_url, settings.send_hour)
        case "revive":
            steering.revive(engine, rulebook, reference, by, at, settings.base_url, settings.send_hour)
        case "wait" if until:
            steering.wait(engine, rulebook, reference, until, by, at, why, settings.send_hour)
        case "skip":
            steering.skip(engine, rulebook, reference, why, by, at)
        case "hold":
            handling.hold(engine, [reference], why, by, at)
        case "release":
            handling.release(engine, [reference], at, by)
        case "retry":
            handling.retry(engine, [reference], at, by)
        case "cancel":
            handling.cancel(engine, [reference], why, by, at)
        case "confirm":
            receipts.confirm(engine, [reference], why, by, at)
        case "resend":
            resend(engine, rulebook, reference, why, by, at, int(typed["nth"]))
        case _:
            noting.note(engine, rulebook, reference, typed["text"], by, at)


def _day(text: str, wrong: dict[str, str]) -> date | None:
    if not text.strip():
        wrong["until"] = phrase("Vælg den dag, brevet skal vente til.")
        return None
    try:
        return said_day(text)
    except ValueError:
        wrong["until"] = phrase("Skriv en dag, fx 10.12.2026.")
        return None


def _said(error: AftaleError) -> str:
    return f"{stort(reason(said_by(error)).replace(': TEKST', ''))}."
