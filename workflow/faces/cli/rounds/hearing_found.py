"""What the commands of ``aftale hearing`` share: the register they are about, a party by its name, a new file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workflow.errors import Conflict, NotFound
from workflow.faces import clock
from workflow.faces.cli.desk import Desk

if TYPE_CHECKING:
    from workflow.services.hearing.register import Register
    from workflow.storage.facts.projection import Standing

Party = Annotated[str, typer.Argument(metavar="PARTY", help="A code, an id of the list, or the name.")]
Version = Annotated[
    int | None,
    typer.Option("--version", help="The text's version; default: the newest hearing.", min=1, max=99),
]
On = Annotated[str, typer.Option("--on", help="The Danish day, ISO.")]


def write_new(out: Path, content: bytes) -> None:
    """Write a file that is not there yet; :class:`Conflict` where it is."""
    try:
        with out.open("xb") as file:
            file.write(content)
    except FileExistsError as error:
        raise Conflict(f"{out} findes og overskrives ikke") from error


def register_of(desk: Desk, key: str, version: int | None) -> tuple[Standing, Register]:
    """The agreement as of today, and its newest hearing or that of ``version``."""
    from workflow.services.hearing.register import find_register
    from workflow.services.views.status import find_standing

    standing = find_standing(desk.engine, desk.rulebook, key, clock.today())
    return standing, find_register(desk.engine, standing, version)


def party_of(register: Register, said: str) -> str:
    """The id of the party that was named by its id or its name; :class:`NotFound` for another."""
    found = [
        one.id for one in register.parties if said.casefold() in (one.id.casefold(), one.name.casefold())
    ]
    if not found:
        raise NotFound(f"{said} er ikke i høringen; se aftale hearing list")
    return found[0]


def as_json(register: Register) -> dict[str, Any]:
    """The whole register; instants are ISO in UTC."""
    return {
        "agreement": register.key, "version": register.version, "opened": register.opened.on.isoformat(),
        "closes_at": register.closes_at.isoformat(),
        "parties": [
            {
                "id": one.id, "name": one.name, "asked_on": one.asked_on.isoformat() if one.asked_on else None,
                "letter_at": one.told_at.isoformat() if one.told_at else None, "private": one.private,
                "answers": [
                    {"line": a.number, "at": a.at.isoformat(), "late": a.late, "source": a.source, "sha256": a.document}
                    for a in register.answers_of(one.id)
                ],
            }
            for one in register.parties
        ],
        "remarks": [
            {"item": one.item, "line": one.number, "party": one.party, "where": one.where, "text": one.text,
             "taken": one.taken, "because": one.because}
            for one in register.remarks
        ],
        "published": register.published.to if register.published else None,
    }  # fmt: skip
