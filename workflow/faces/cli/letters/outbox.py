"""``aftale outbox ...``: a person's hand on the letters that wait; and ``aftale bounce``, for a mail that came back."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from workflow.errors import Invalid
from workflow.faces import clock
from workflow.faces.cli import show
from workflow.faces.cli.desk import Db, Json, open_desk, who
from workflow.faces.cli.given import load_rules

outbox = typer.Typer(
    help="The letters that wait. NOTICE is a number, a key or a Message-ID.", no_args_is_help=True
)
Notices = Annotated[list[str] | None, typer.Argument(metavar="[NOTICE]...", show_default=False)]
Notice = Annotated[str, typer.Argument(metavar="NOTICE", show_default=False)]
All = Annotated[bool, typer.Option("--all", help="Every one it can be done to.")]
Why = Annotated[str, typer.Option("--why", help="The reason; it stays on the letter.")]
By = Annotated[str | None, typer.Option("--by", help="Who does it; default: this account.")]

TRY_LATER = 75  # EX_TEMPFAIL: the mail server keeps the mail and tries again


@outbox.command("list")
def list_(db: Db = None, json: Json = False) -> None:
    """List every letter that is not finished: its state, its next try, the last answer and why it waits."""
    from workflow.services.delivery.handling import list_open, why_stopped
    from workflow.services.planning.answering import count_unanswered
    from workflow.services.views import titles

    with open_desk(db) as desk:
        found, stopped = list_open(desk.engine), why_stopped(desk.engine)
        unanswered = sum(count_unanswered(desk.engine).values())
        names, called = titles.bodies(desk.rulebook), titles.letters(desk.rulebook)
    if json:
        show.as_json({"stopped": stopped, "unanswered": unanswered, "notices": found})
        return
    rows = [
        (
            str(n["id"]), n["due_on"], n["agreement"],
            f"{called.get(n['letter'], n['letter'])} {n['rung']}".strip(),
            titles.recipient(names, n["recipient"]), n["state_text"], str(n["attempts"]),
            ": ".join(filter(None, (n["cure"], n["why"] or n["answer"])))[:60],
        )
        for n in found
    ]  # fmt: skip
    if rows:
        show.table(("nr.", "dag", "aftale", "brev", "modtager", "tilstand", "forsøg", "hvorfor"), rows)
    else:
        show.say("ingen breve venter")
    show.asked(unanswered)
    if stopped:
        show.say(f"al afsendelse er standset: {stopped}")


@outbox.command("retry")
def retry(notices: Notices = None, every: All = False, by: By = None, db: Db = None) -> None:
    """Try letters again now; one that could not be written is written anew."""
    from workflow.services.delivery import handling

    chosen = _chosen(notices, every)
    with open_desk(db) as desk:
        show.say(
            f"prøves igen ved næste gennemløb: {handling.retry(desk.engine, chosen, clock.now(), by or who())}"
        )


@outbox.command("hold")
def hold(notices: Notices = None, every: All = False, why: Why = "", by: By = None, db: Db = None) -> None:
    """Hold letters back until they are released; --all stops all sending."""
    from workflow.services.delivery import handling

    chosen = _chosen(notices, every)
    with open_desk(db) as desk:
        if every:
            handling.hold_everything(desk.engine, why, by or who(), clock.now())
            show.say("al afsendelse er standset; der planlægges fortsat")
            return
        show.say(f"tilbageholdt: {handling.hold(desk.engine, chosen, why, by or who(), clock.now())}")


@outbox.command("release")
def release(notices: Notices = None, every: All = False, by: By = None, db: Db = None) -> None:
    """Let held letters go; --all also lets sending as a whole go, and vouches for the clock."""
    from workflow.services.delivery import handling

    chosen = _chosen(notices, every)
    with open_desk(db) as desk:
        if every:
            count = handling.release_everything(desk.engine, clock.now(), by or who())
            show.say(f"al afsendelse er sluppet; breve sluppet: {count}")
            return
        show.say(f"sluppet: {handling.release(desk.engine, chosen, clock.now(), by or who())}")


@outbox.command("cancel")
def cancel(notices: Notices = None, why: Why = "", by: By = None, db: Db = None) -> None:
    """Send these letters never. The reason is required, and an alarm tells of it."""
    from workflow.services.delivery import handling

    with open_desk(db) as desk:
        count = handling.cancel(desk.engine, notices or [], why, by or who(), clock.now())
    show.say(f"annulleret: {count}")


@outbox.command("confirm")
def confirm(notices: Notices = None, why: Why = "", by: By = None, db: Db = None) -> None:
    """Say that these letters arrived, and in --why how that is known; they are then *bekræftet modtaget*."""
    from workflow.services.watch import receipts

    with open_desk(db) as desk:
        count = receipts.confirm(desk.engine, notices or [], why, by or who(), clock.now())
    show.say(f"bekræftet modtaget: {count}")


@outbox.command("skip")
def skip(notice: Notice, why: Why = "", by: By = None, db: Db = None) -> None:
    """Let this letter not go, planned or still to come; it does not come back. Not one of law."""
    from workflow.services.hands import steering

    with open_desk(db) as desk:
        steering.skip(desk.engine, desk.rulebook, notice, why, by or who(), clock.now())
    show.say("sprunget over")


@outbox.command("wait")
def wait(
    notice: Notice, until: Annotated[str, typer.Option("--until", metavar="D", help="The day it goes.")],
    why: Why = "", by: By = None, db: Db = None,
) -> None:  # fmt: skip
    """Let this letter wait for a day, planned or still to come. Not one of law."""
    from workflow.rules.days import spoken
    from workflow.services.hands import steering

    day = clock.day(until, "--until")
    with open_desk(db) as desk:
        steering.wait(
            desk.engine, desk.rulebook, notice, day, by or who(), clock.now(), why, desk.settings.send_hour
        )
    show.say(f"venter til {spoken(day, False)}")


@outbox.command("send")
def send(notice: Notice, by: By = None, db: Db = None) -> None:
    """Send this letter at the next pass, planned or still to come, whatever its day."""
    from workflow.services.hands import steering

    show.say(_let_go(steering.send_now, notice, by, db))


@outbox.command("revive")
def revive(notice: Notice, by: By = None, db: Db = None) -> None:
    """Let a letter go after all that was skipped, cancelled or made to wait."""
    from workflow.services.hands import steering

    show.say(f"sendes alligevel: {_let_go(steering.revive, notice, by, db) or 'på sin dag'}")


def _let_go(act: Callable[..., str], notice: str, by: str | None, db: str | None) -> str:
    """Do what lets a letter go, and say when it goes."""
    from workflow.services.hands.promised import promised

    with open_desk(db) as desk:
        at, by = clock.now(), by or who()
        key = act(desk.engine, desk.rulebook, notice, by, at, desk.settings.base_url, desk.settings.send_hour)
        return promised(desk.engine, [key], at)


@outbox.command("resend")
def resend(notice: Notice, why: Why = "", by: By = None, db: Db = None) -> None:
    """Send a letter that went out once more, as a copy marked as one."""
    from workflow.services.hands.promised import promised
    from workflow.services.hands.resending import resend as again

    with open_desk(db) as desk:
        at = clock.now()
        number = again(desk.engine, desk.rulebook, notice, why, by or who(), at)
        show.say(f"kopien er brev {number} og {promised(desk.engine, [number], at) or 'er allerede sendt'}")


@outbox.command("note")
def note(notice: Notice, text: Annotated[str, typer.Argument()], by: By = None, db: Db = None) -> None:
    """Keep a note with a letter, for instance of a phone call."""
    from workflow.services.hands import noting

    with open_desk(db) as desk:
        noting.note(desk.engine, desk.rulebook, notice, text, by or who(), clock.now())
    show.say("notatet er gemt")


@outbox.command("coming")
def coming(
    days: Annotated[int, typer.Option("--days", min=1, max=60)] = 14, db: Db = None, json: Json = False
) -> None:
    """List the letters that will be planned in the days ahead as things stand, each with its key."""
    from workflow.rules.days import danish_day
    from workflow.services.hands.upcoming import upcoming
    from workflow.services.views import titles
    from workflow.storage.letters.outbox import NOWHERE

    with open_desk(db) as desk:
        found, left = upcoming(
            desk.engine, desk.rulebook, danish_day(clock.now()), days=days, send_hour=desk.settings.send_hour
        )
        names, called = titles.bodies(desk.rulebook), titles.letters(desk.rulebook)
    if json:
        show.as_json({"letters": [one.as_json() for one in found], "not_looked_at": left})
        return
    rows = [
        (
            one.on.isoformat(), called.get(one.owed.letter.name, one.owed.letter.name),
            titles.recipient(names, one.owed.recipient),
            "; ".join(filter(None, (NOWHERE * one.lost, one.act.spoken if one.act else ""))), one.owed.key,
        )
        for one in found
    ]  # fmt: skip
    if rows:
        show.table(("dag", "brev", "modtager", "sagt om det", "nøgle"), rows)
    else:
        show.say(f"intet kommer de næste {days} dage")
    for key in left:
        show.say(f"ikke set efter: {key}")


def _chosen(notices: list[str] | None, every: bool) -> list[str]:
    if bool(notices) == every:
        raise Invalid("nævn breve (nummer, nøgle eller Message-ID), eller skriv --all")
    return notices or []


def bounce(db: Db = None) -> None:
    """Read one returned mail from standard input and match it to its letter. Never answers; exit 75 asks the mail
    server to try again later."""
    from sqlalchemy.exc import DBAPIError

    from workflow.errors import Conflict, Misconfigured, Unreachable
    from workflow.faces.daemon.upkeep import take_or_keep
    from workflow.faces.daemon.workplace import open_workplace
    from workflow.mail.sending.maildir import LARGEST

    raw = sys.stdin.buffer.read(LARGEST)
    while sys.stdin.buffer.read(LARGEST):  # take the rest too: a closed pipe is an error to the mail server
        pass
    try:
        settings, rulebook = load_rules(db)
        with open_workplace(settings, rulebook) as place:
            taken = take_or_keep(place, raw, clock.now())
    except (Conflict, Misconfigured, Unreachable, DBAPIError) as error:
        show.complain(str(error))
        raise typer.Exit(TRY_LATER) from error
    if isinstance(taken, Path):
        show.say(f"kan ikke læses; lagt til side som {taken}")
        return
    about = f"brev {taken.notice_id}" if taken.notice_id else "ikke et af vores breve; intet gjort"
    show.say(f"{taken.kind}: {about}")


COMMANDS = {"bounce": bounce}
