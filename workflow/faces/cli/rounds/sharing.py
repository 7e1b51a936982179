"""``aftale forward`` and ``aftale share``: the reasons of one date, by mail or at a link, for who cannot sign in."""

from __future__ import annotations

from typing import Annotated

import typer

from workflow.faces import clock
from workflow.faces.cli import completing, show
from workflow.faces.cli.desk import Db, open_desk, who

Agreement = Annotated[str, typer.Argument(metavar="AGREEMENT", autocompletion=completing.agreements)]
Deadline = Annotated[
    str,
    typer.Argument(
        metavar="DEADLINE", help="E.g. submission, or annual-review:2025", autocompletion=completing.deadlines
    ),
]
By = Annotated[str | None, typer.Option("--by", help="Who does it; default: this account.")]


def forward(
    agreement: Agreement,
    deadline: Deadline,
    to: Annotated[str, typer.Argument(metavar="ADDRESS", help="The mail address it goes to.")],
    note: Annotated[str, typer.Option("--note", help="Your own words, before the reasons.")] = "",
    by: By = None,
    db: Db = None,
) -> None:
    """Send the reasons of a date to an address, as a letter of the outbox."""
    from workflow.services.desk.forwarding import forward as send
    from workflow.services.hands.promised import promised

    rule, _, subject = deadline.partition(":")
    with open_desk(db) as desk:
        link = desk.settings.base_url
        at = clock.now()
        number, address = send(
            desk.engine, desk.rulebook, agreement, rule, subject, to, note, by or who(), at, link
        )
        show.say(f"brev nr. {number} til {address} {promised(desk.engine, [number], at) or 'er sendt i dag'}")


def share(
    agreement: Agreement,
    deadline: Deadline,
    days: Annotated[int, typer.Option("--days", help="How long it holds: 7, 30 or 90.")] = 30,
    end: Annotated[int, typer.Option("--end", metavar="NR", help="End this link instead.", min=0)] = 0,
    by: By = None,
    db: Db = None,
) -> None:
    """Make a link that opens the reasons of one date and nothing else, and print it, once."""
    from workflow.services.desk.sharing import end_shared
    from workflow.services.desk.sharing import share as make
    from workflow.services.views.status import find_standing

    rule, _, subject = deadline.partition(":")
    with open_desk(db) as desk:
        if end:
            end_shared(desk.engine, agreement, end, by or who(), clock.now())
            show.say(f"linket nr. {end} er ophævet")
            return
        at = clock.now()
        standing = find_standing(desk.engine, desk.rulebook, agreement, clock.today())
        made, secret = make(desk.engine, standing, rule, subject, days, by or who(), at)
        address = f"{desk.settings.base_url.rstrip('/')}/delt/{secret}"
    print(address, flush=True)
    show.say(f"nr. {made.number}: gælder til og med {show.long_day(made.until)}; adressen vises kun nu")


COMMANDS = {"forward": forward, "share": share}
