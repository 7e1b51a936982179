"""``aftale history ...``: letters about what had happened before it was entered; each waits for a person's answer."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from workflow.errors import Invalid
from workflow.faces import clock
from workflow.faces.cli import completing, show
from workflow.faces.cli.desk import Db, Json, open_desk, who

if TYPE_CHECKING:
    from workflow.services.planning.answering import Answer

history = typer.Typer(
    help="Letters about what was history when it was entered: each waits for your word.", no_args_is_help=True
)
Numbers = Annotated[list[int] | None, typer.Argument(metavar="[NOTICE]...", show_default=False)]
All = Annotated[bool, typer.Option("--all", help="Every letter that waits.")]
Of = Annotated[
    str,
    typer.Option(
        "--agreement", metavar="AGREEMENT", help="Every letter that waits about this agreement.",
        autocompletion=completing.agreements,
    ),
]  # fmt: skip
By = Annotated[str | None, typer.Option("--by", help="Who says so; default: this account.")]


@history.command("list")
def list_(agreement: Of = "", db: Db = None, json: Json = False) -> None:
    """List the letters that wait for an answer: told by hand, send, or leave out."""
    from workflow.services.planning.answering import unanswered
    from workflow.services.views import titles

    with open_desk(db) as desk:
        found = unanswered(desk.engine, agreement=agreement)
        names, called = titles.bodies(desk.rulebook), titles.letters(desk.rulebook)
    if json:
        show.as_json(
            [
                {
                    "id": one.id, "key": one.key, "agreement": key, "letter": one.letter, "rung": one.rung,
                    "recipient": one.recipient, "due_on": one.due_on.isoformat(), "statutory": one.statutory,
                }
                for key, one in found
            ]
        )  # fmt: skip
        return
    if not found:
        show.say("ingen breve venter på svar")
        return
    rows = [
        (str(one.id), one.due_on.isoformat(), key, called.get(one.letter, one.letter),
         titles.recipient(names, one.recipient))
        for key, one in found
    ]  # fmt: skip
    show.table(("nr.", "dag", "aftale", "brev", "modtager"), rows)
    show.say(
        f"{len(found)} breve om det, der var sket, venter på svar: aftale history told (sendt i hånden), "
        f"send (send dem) eller drop (undlad)"
    )


@history.command("told")
def told(
    numbers: Numbers = None, on: Annotated[str, typer.Option("--on", metavar="D", help="The day they were sent.")] = "",
    source: Annotated[str, typer.Option("--source", help="Where that can be seen.")] = "",
    every: All = False, agreement: Of = "", by: By = None, db: Db = None, json: Json = False,
) -> None:  # fmt: skip
    """Say that these letters were sent by hand, when, and where it can be seen. It stands in their proof."""
    from workflow.services.planning.answering import Answer

    day = clock.day(on, "--on") if on else None
    _answer(Answer("told", by or who(), source, day), numbers, every, agreement, db, json)


@history.command("send")
def send(
    numbers: Numbers = None, every: All = False, agreement: Of = "", by: By = None, db: Db = None, json: Json = False
) -> None:  # fmt: skip
    """Send these letters, each as soon as its kind may go. One that has become moot is left out, and says so."""
    from workflow.services.planning.answering import Answer

    _answer(Answer("send", by or who()), numbers, every, agreement, db, json)


@history.command("drop")
def drop(
    numbers: Numbers = None, why: Annotated[str, typer.Option("--why", help="Why; it stays on the letter.")] = "",
    every: All = False, agreement: Of = "", by: By = None, db: Db = None, json: Json = False,
) -> None:  # fmt: skip
    """Send these letters never. The reason is required."""
    from workflow.services.planning.answering import Answer

    _answer(Answer("drop", by or who(), why), numbers, every, agreement, db, json)


def _answer(
    said: Answer, numbers: list[int] | None, every: bool, agreement: str, db: str | None, json: bool
) -> None:
    from workflow.services.hands.promised import promised
    from workflow.services.planning.answering import SPOKEN, answer

    if [bool(numbers), every, bool(agreement)].count(True) != 1:
        raise Invalid("nævn breve ved nummer, eller skriv --agreement REGION/LABEL eller --all")
    with open_desk(db) as desk:
        at, settings = clock.now(), desk.settings
        done = answer(
            desk.engine, desk.rulebook, said, numbers=numbers or (), agreement=agreement, at=at,
            link=settings.base_url, send_hour=settings.send_hour,
        )  # fmt: skip
        goes = promised(desk.engine, done.numbers, at) if said.how == "send" else ""
    if json:
        show.as_json({"answer": said.how, "letters": done.letters, "moot": done.moot, "goes": goes})
        return
    show.say(f"{SPOKEN[said.how]}: {done.letters - done.moot}{f' ({goes})' if goes else ''}")
    if done.moot:
        show.say(f"ikke længere aktuelle, og sendes ikke: {done.moot}")
