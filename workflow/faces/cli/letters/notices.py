"""``aftale notices``: every letter in a list, or one of them in full. Changes nothing."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any

import typer

from workflow.faces import clock
from workflow.faces.cli import completing, show
from workflow.faces.cli.desk import Db, Json, noted, open_desk
from workflow.faces.cli.watching import Watch, watching
from workflow.rules.days import COPENHAGEN

Which = Annotated[
    str | None,
    typer.Argument(
        metavar="[AGREEMENT|NOTICE]",
        help="REGION/LABEL; or one letter in full by its number, key or Message-ID. Default: all.",
        autocompletion=completing.agreements,
    ),
]


def notices(which: Which = None, watch: Watch = None, db: Db = None, json: Json = False) -> None:
    """List every notice: to whom, when planned, its state, attempts, the mail server's answer. One alone in full:
    key, rung, Message-ID, every attempt and what came back."""
    from workflow.services.views import titles
    from workflow.services.views.letters import letter_json
    from workflow.services.views.notices import each_notice, list_notices

    one = which if which and (which.isdigit() or "|" in which or "@" in which) else None

    def tell(found: Any) -> None:
        if json and one:
            show.as_json(found)
        elif json:
            show.each_as_json(found)
        elif one:
            for text in _words(found, names, called):
                show.line(text)
        else:
            _table(found, names, called)

    with open_desk(db) as desk:
        names, called = titles.bodies(desk.rulebook), titles.letters(desk.rulebook)
        noted(desk.engine, "letter" if one else "export", f"aftale notices {which or ''}".strip())
        if one:
            watching(watch, json, lambda: letter_json(desk.engine, one), tell)
        else:
            asked = each_notice if json else list_notices
            watching(watch, json, lambda: asked(desk.engine, which, clock.today()), tell)


def _table(found: list[dict[str, Any]], names: dict[str, str], called: dict[str, str]) -> None:
    from workflow.services.views import titles

    rows = [
        (str(n["id"]), n["due_on"], n["agreement"], called.get(n["letter"], n["letter"]),
         titles.recipient(names, n["recipient"]), n["state_text"], str(n["attempts"]), n["answer"][:40])
        for n in found
    ]  # fmt: skip
    show.table(("nr.", "dag", "aftale", "brev", "modtager", "tilstand", "forsøg", "svar"), rows)


def _words(letter: dict[str, Any], names: dict[str, str], called: dict[str, str]) -> list[str]:
    """One letter, line by line; instants are told in Danish time."""
    from workflow.services.views import titles

    late = ", forsinket" if letter["late"] else ""
    unsure = "; der kan findes mere end ét eksemplar" if letter["uncertain"] else ""
    about = f"{letter['deadline']}, revision {letter['revision']}" if letter["deadline"] else "ingen"
    gone = (
        letter["removed_on"]
        and f"fjernet {show.long_day(letter['removed_on'])} efter frist, som brevets tekst"
    )
    facts = {
        "nøgle": letter["key"],
        "trin": letter["rung"],
        "frist": about,
        "modtager": titles.recipient(names, letter["recipient"]),
        "adresse": letter["address"] or gone or "ikke slået op endnu",
        "emne": letter["subject"] or "ikke skrevet endnu",
        "Message-ID": letter["message_id"] or "intet endnu",
        "forfaldt": show.long_day(letter["due_on"]) + late,
        "planlagt": _instant(letter["planned"]),
        "tilstand": letter["state_text"] + unsure,
        "båret af": letter["carried_by"],
        "bemærk": letter["why"],
    }
    title = called.get(letter["letter"], letter["letter"])
    lines = [f"brev nr. {letter['id']}: {title}, {letter['agreement']}"]
    lines += [f"  {name + ':':<12}{text}" for name, text in facts.items() if text]
    for tried in letter["tried"]:
        said = " ".join(str(word) for word in (tried["verb"], tried["code"], tried["text"]) if word)
        lines.append(
            f"  {'forsøg:':<12}{_instant(tried['started_at'])}, {tried['outcome_text']}{said and ': '}{said}"
        )
    for came in letter["returned"]:
        said = f"{came['kind']} {came['status']} {came['text']}".strip()
        lines.append(f"  {'retur:':<12}{_instant(came['arrived_at'])}, {said}")
    return lines


def _instant(at: str) -> str:
    local = datetime.fromisoformat(at).astimezone(COPENHAGEN)
    return f"{show.long_day(local.date())} kl. {local:%H.%M}"


COMMANDS = {"notices": notices}
